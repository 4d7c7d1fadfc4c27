"""For whoever decides what the authority's children are asked: reword, switch off, add, put in order; look, then keep."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission

from .own_sets import in_force, keep_version, latest
from .set_edits import OWN, BadEdit, Edits, add, cautions, lay_over, put_in_order
from .sets import Question, QuestionSet, library, sitting
from .wording import NEVER_ASK

SECTIONS = (
    ("7.3", "How school is for the child"), ("7.12", "What the child asks for"), ("11", "Targets"),
    ("12", "Help and support"), ("14", "What gets in the way"),
)  # fmt: skip
"""Where in the plan the answer is used: a question that nobody reads is not asked."""
KINDS = (
    ("type", "In their own words", {}),
    ("faces", "Three faces: good, in the middle, bad", {"scale": "HOW3.1"}),
    ("pick", "Cards of what helps", {"cards": "HELPS"}),
    ("ask", "In their own words: something the meeting must answer", {"is_ask": True}),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question as the page edits it. `ours` is the wording it had first."""

    question: Question
    text: str
    place: int
    is_on: bool

    @property
    def ours(self) -> str:
        return self.question.text


@requires(Permission.POLICY_WRITE)
def sets(request: HttpRequest) -> HttpResponse:
    code, today = _code(request), timezone.localdate()
    rows = [(held, in_force(code, key, today), latest(code, key).version) for key, held in library().sets.items()]
    return render(request, "voice/sets/sets.html", {"rows": rows, "today": today})


@requires(Permission.POLICY_WRITE)
def one_set(request: HttpRequest, key: str) -> HttpResponse:
    base = library().sets.get(key)
    if base is None:
        raise Http404
    code, today = _code(request), timezone.localdate()
    held = latest(code, key)
    edits, error, laid = held.edits, "", None
    if request.method == "POST":
        try:
            edits = _edits(request.POST, base, held.edits)
            starts = _day(request.POST.get("starts", ""), today)
            laid = lay_over(base, edits, held.version.version + 1 if held.version else 1)
            if request.POST.get("do") == "keep":
                made = keep_version(authority=code, key=key, edits=edits, starts=starts, by=_person(request).user)
                messages.success(
                    request, f"Version {made.version} is kept. An entry already begun keeps its own words."
                )
                return redirect("voice:sets")
        except BadEdit as bad:
            error = str(bad)
    return render(
        request, "voice/sets/one_set.html",
        {
            "set": base, "rows": _rows(base, replace(edits, added=held.edits.added)), "error": error, "preview": sitting(laid.questions) if laid else None,
            "cautions": cautions(base, edits), "never": NEVER_ASK, "in_force": in_force(code, key, today),
            "latest": held.version, "starts": request.POST.get("starts") or today.isoformat(), "today": today,
            "sections": SECTIONS, "kinds": KINDS, "posted": request.POST,
        },
    )  # fmt: skip


def _person(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined,no-any-return]


def _code(request: HttpRequest) -> int:
    return _person(request).authority_code or 0


def _day(given: str, today: date) -> date:
    try:
        day = date.fromisoformat(given)
    except ValueError as error:
        raise BadEdit("Write the day from which it counts.") from error
    if day < today:
        raise BadEdit("It counts from today or a later day: what children were shown before is not changed.")
    return day


def _rows(base: QuestionSet, edits: Edits) -> list[Row]:
    known = {question.key: question for question in (*base.questions, *edits.added)}
    keys = dict.fromkeys([*[key for key in edits.order if key in known], *known])
    return [
        Row(known[key], edits.reworded.get(key, known[key].text), place, key not in edits.off)
        for place, key in enumerate(keys, 1)
    ]


def _edits(posted: QueryDict, base: QuestionSet, before: Edits) -> Edits:
    """What the page says of every question, and the one added at its end."""
    reworded: dict[str, str] = {}
    off: set[str] = set()
    places: list[tuple[int, int, str]] = []
    for row in _rows(base, before):
        key = row.question.key
        text = posted.get(f"text_{key}", "").strip()
        if text and text != row.ours:
            reworded[key] = text
        if posted.get(f"on_{key}") != "yes":
            off.add(key)
        place = posted.get(f"place_{key}", "")
        places.append((int(place) if place.isdecimal() and len(place) < 4 else row.place, row.place, key))
    edits = Edits(reworded, frozenset(off), before.added)
    order = [key for *_, key in sorted(places)]
    plain = [row.question.key for row in _rows(base, Edits(added=before.added))]
    if order != plain:
        edits = put_in_order(edits, order)
    return _with_new(edits, posted, base)


def _with_new(edits: Edits, posted: QueryDict, base: QuestionSet) -> Edits:
    text = posted.get("new_text", "").strip()
    if not text:
        return edits
    kinds: dict[str, dict[str, Any]] = {key: more for key, _, more in KINDS}
    kind = posted.get("new_kind", "")
    if kind not in kinds or posted.get("new_section", "") not in dict(SECTIONS):
        raise BadEdit("Choose how the new question is answered, and where in the plan its answer is used.")
    row = {
        "key": f"{OWN}{base.key}.{len(edits.added) + 1}", "text": text, "kind": "type" if kind == "ask" else kind,
        "sections": [posted["new_section"]], "also": ["say", "draw"], **kinds[kind],
    }  # fmt: skip
    return add(edits, row, library())
