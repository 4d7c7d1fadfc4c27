"""Moderation: people look at a set of plans together, agree the marks, and write down what they decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.plans.refused import Refused

from .models import ModeratedPlan, Moderation, Rating, Side
from .rollup import roll_up
from .rubric import Rubric
from .versions import rubric_of


def _tell(moderation: Moderation, what: str, by: User, **told: int) -> None:
    record(
        f"moderation {what}", by=by.pk, authority=moderation.authority_id, moderation=str(moderation.public_id), **told
    )


@transaction.atomic
def call(
    *, authority: Authority, name: str, on: date, people: Sequence[str], plans: Sequence[int], by: User
) -> Moderation:
    """`plans` are rated plans of the authority."""
    rated = dict(
        Rating.objects.filter(
            authority=authority, plan__in=plans, kind=Rating.Kind.CHECK, is_last=True
        ).values_list("plan", "child")
    )  # fmt: skip
    if not rated:
        raise Refused("Choose plans to look at: those that are rated.")
    made = Moderation.objects.create(
        authority=authority, name=name.strip(), on=on, people=[one.strip() for one in people if one.strip()],
        by_name=by.name,
    )  # fmt: skip
    ModeratedPlan.objects.bulk_create(
        ModeratedPlan(authority=authority, child_id=child, moderation=made, plan_id=plan)
        for plan, child in sorted(rated.items())
    )
    _tell(made, "called", by, plans=len(rated))
    return made


@dataclass(frozen=True, slots=True)
class Seen:
    """One rating of a moderated plan beside the others."""

    who: str
    kind: str
    marks: Mapping[str, str]
    result: str


def rubric_for(row: ModeratedPlan) -> Rubric | None:
    """That of the plan's rating; None where this reader sees none yet."""
    rating = (
        Rating.objects.filter(plan=row.plan_id, kind=Rating.Kind.CHECK, is_last=True).select_related("rubric").first()
    )
    return rubric_of(rating.rubric) if rating else None


def ratings_seen(row: ModeratedPlan) -> list[Seen]:
    """The check and the second marks, side by side."""
    found = []
    rows = Rating.objects.filter(plan=row.plan_id, finished_at__isnull=False).order_by("kind", "round", "id")
    for one in rows.prefetch_related("marks", "results"):
        result = next((r.label for r in one.results.all() if r.side == Side.SCHOOL), "")
        marks = {m.key: m.level for m in one.marks.all() if m.side == Side.SCHOOL}
        kind = one.get_kind_display() if one.kind == Rating.Kind.SECOND else f"Check {one.round}"
        found.append(Seen(one.rater_name, kind, marks, result))
    return found


@transaction.atomic
def agree(*, row: ModeratedPlan, marks: Mapping[str, str], said: str, by: User) -> ModeratedPlan:
    """The marks the people agreed on. The rating the school was told stays as it is."""
    held = ModeratedPlan.objects.select_for_update().select_related("moderation").get(pk=row.pk)
    if held.moderation.closed_on is not None:
        raise Refused("This session is closed. What it decided stays as it was written.")
    rubric = rubric_for(held)
    if rubric is None:
        raise Refused("You are marking this plan a second time, so you see its rating later.")
    reached = roll_up(rubric, marks)
    held.agreed, held.said, held.discussed_at = dict(marks), said.strip(), timezone.now()
    held.level, held.label = (reached.level.key, reached.level.label) if reached else ("", "")
    held.save(update_fields=["agreed", "said", "discussed_at", "level", "label"])
    _tell(held.moderation, "plan discussed", by, plan=held.plan_id)
    return held


@transaction.atomic
def close(*, moderation: Moderation, decided: str, rubric_notes: str, by: User) -> Moderation:
    held = Moderation.objects.select_for_update().get(pk=moderation.pk)
    if held.closed_on is not None:
        raise Refused("This session is closed already.")
    if not held.plans.filter(discussed_at__isnull=False).exists():
        raise Refused("No plan was discussed yet.")
    held.decided, held.rubric_notes, held.closed_on = decided.strip(), rubric_notes.strip(), timezone.localdate()
    held.save(update_fields=["decided", "rubric_notes", "closed_on"])
    _tell(held, "closed", by)
    return held
