"""What every page of a child's own has: the entry its code opened, the words of its language, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from .models import Entry, Sitting
from .packs_kept import packs_of_entry
from .people import SCOPE_OF, club_key, person_key
from .policy import VoicePolicy
from .saying import asked_first, questions_of
from .sets import Card, Question
from .settings_of import policy_for
from .widgets import Packs
from .words import Phrases
from .worries import Told, who_reads

YOUNG = frozenset({"mat", "ey", "ks1"})
OLDER = frozenset({"ks3", "ks4", "post16", "seeking"})
ROLE_CARDS = frozenset({"PEOPLE"})


@dataclass
class My:
    """One sitting with its entry."""

    entry: Entry
    sitting: Sitting

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.entry.language)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return questions_of(self.entry)

    @cached_property
    def first(self) -> int:
        return asked_first(self.entry)

    @cached_property
    def policy(self) -> VoicePolicy:
        return policy_for(self.entry.authority_id, timezone.localdate())

    @cached_property
    def reads(self) -> Told:
        """Who would read it if the child pressed now, and by when."""
        return who_reads(self.entry, True, (), timezone.localtime())[1]

    @property
    def is_young(self) -> bool:
        return self.entry.set_used in YOUNG

    @property
    def people(self) -> list[dict[str, Any]]:
        return list(self.entry.shown.get("people", []))

    @property
    def needs_practice(self) -> bool:
        """Cards are not put on the mat before the row of three was understood."""
        return (
            self.entry.set_used == "mat"
            and self.entry.practised != Entry.Practised.UNDERSTOOD
            and any(question.kind == "sort" for question in self.questions)
        )

    @cached_property
    def packs(self) -> Packs:
        return packs_of_entry(self.entry)

    def cards(self, question: Question) -> tuple[Card, ...]:
        """What is this child's own: people around them, by photograph where there is one, and clubs of their school."""
        if question.cards == "CLUBS":
            return tuple(Card(club_key(name), name) for name in self.entry.shown.get("clubs", []))
        if question.cards not in ROLE_CARDS:
            return ()
        symbols = {scope: role for role, scope in SCOPE_OF.items()}
        found: dict[str, Card] = {}
        for number, person in enumerate(self.people, 1):
            key = person_key(person["person"]) if person.get("person") else f"person_n{number}"
            role = _symbol(str(symbols.get(person["scope"], "")))
            has_photo = self.packs.child is not None and bool(self.packs.child.url(key))
            before = found.get(key)
            found[key] = Card(key, person["name"], key if has_photo else role or (before.symbol if before else ""))
        return tuple(found.values())

    def context(self, **more: Any) -> dict[str, Any]:
        return {
            "my": self,
            "entry": self.entry,
            "phrases": self.phrases,
            "packs": self.packs,
            "reads": self.reads,
            "numbers": self.policy,
            "is_young": self.is_young,
            "is_older": self.entry.set_used in OLDER,
            **more,
        }


def _symbol(role: str) -> str:
    return {"designated_teacher": "teacher", "social_worker": "social_worker", "carer": "home"}.get(role, "")


View = Callable[..., HttpResponse]


def closed_to_others(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def my_page(view: View) -> View:
    """For whoever holds an open sitting; others are sent to where a code is typed."""

    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, **arguments: Any) -> HttpResponse:
        sitting: Sitting | None = request.sitting  # type: ignore[attr-defined]
        if sitting is None:
            return closed_to_others(redirect("voice:code"))
        if not sitting.is_open:
            return closed_to_others(redirect("voice:pictures"))
        entry = Entry.objects.get(pk=sitting.entry_id)
        return closed_to_others(view(request, My(entry, sitting), **arguments))

    return opened


def show(request: HttpRequest, template: str, my: My, **more: Any) -> HttpResponse:
    return render(request, f"voice/my/{template}.html", my.context(**more))
