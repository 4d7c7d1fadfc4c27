"""Samples for second marking, and how far first and second marks agree."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.plans.models import Answer, Signature
from virtual_school.plans.refused import Refused

from .agreement import Pair
from .models import Mark, Rating, Sample, SecondMark, Side
from .rubric import Rubric
from .sampling import Drawable, draw, shared_out
from .versions import rubric_of


def to_do() -> QuerySet[SecondMark]:
    """Of the person who acts: while these wait, no page tells them how the plans were rated."""
    return SecondMark.objects.filter(finished_at__isnull=True, marker=RawSQL("(select identity.person())", []))


def drawable(authority_id: int, term: str) -> list[Drawable]:
    """Plans of a term approved with a rating, and not in a sample yet."""
    rows = Rating.objects.filter(
        authority=authority_id, term=term, kind=Rating.Kind.CHECK, is_last=True, outcome=Rating.Outcome.APPROVED
    ).exclude(plan__in=SecondMark.objects.filter(authority=authority_id).values("plan"))
    told = list(rows.values_list("plan", "rater", "school"))
    wrote = writers(authority_id, [plan for plan, _, _ in told])
    return [Drawable(plan, rater, school or 0, wrote.get(plan, frozenset()) | {rater}) for plan, rater, school in told]


def writers(authority_id: int, plans: Sequence[int]) -> dict[int, frozenset[int]]:
    """By plan, who wrote an answer in it or signed it."""
    found: dict[int, set[int]] = defaultdict(set)
    answers = Answer.objects.filter(
        authority=authority_id, plan__in=plans, source=Answer.Source.TYPED, by_id__isnull=False
    )
    for plan, by in answers.values_list("plan", "by_id").distinct():
        found[plan].add(by)
    signed = Signature.objects.filter(
        authority=authority_id, plan__in=plans, withdrawn_at__isnull=True, person__isnull=False
    )
    for plan, by in signed.values_list("plan", "person"):
        found[plan].add(by)
    return {plan: frozenset(people) for plan, people in found.items()}


@transaction.atomic
def draw_sample(
    *,
    authority: Authority,
    term: str,
    percent: int,
    strata: str,
    markers: dict[int, str],
    by: User,
    seed: str = "",
) -> Sample:
    """`markers`: who marks, by id. Without a seed one is made and kept, so that the draw can be repeated."""
    rated = drawable(authority.code, term)
    if not rated:
        raise Refused("No plan of this term is rated and approved and not drawn yet.")
    if len(markers) < 1:
        raise Refused("Choose who marks.")
    seed = seed or secrets.token_hex(4)
    drawn = draw(rated, percent=percent, strata=strata, seed=seed)
    given = shared_out(drawn, sorted(markers), seed=seed)
    if not any(given.values()):
        raise Refused("Everybody chosen has rated or written in the plans that were drawn. Choose somebody else too.")
    sample = Sample.objects.create(
        authority=authority, term=term, percent=percent, strata=strata, seed=seed, drawn_from=len(rated),
        drawn_on=timezone.localdate(), by_name=by.name,
    )  # fmt: skip
    firsts = {
        one.plan_id: one
        for one in Rating.objects.filter(
            authority=authority, plan__in=list(given), kind=Rating.Kind.CHECK, is_last=True
        )
    }
    SecondMark.objects.bulk_create(
        SecondMark(
            authority=authority, child_id=firsts[plan].child_id, sample=sample, plan_id=plan, first=firsts[plan],
            marker_id=marker, marker_name=markers[marker], rubric_id=firsts[plan].rubric_id,
        )
        for plan, marker in given.items()
        if marker is not None
    )  # fmt: skip
    record(
        "plans.sampled", by=by.pk, authority=authority.code, term=term, percent=percent, drawn=len(drawn),
        seed=seed, strata=strata,
    )  # fmt: skip
    return sample


def pairs_of(seconds: Iterable[SecondMark]) -> list[Pair]:
    """Of those that are finished; a criterion one of the two left out makes no pair. Two queries."""
    done = [one for one in seconds if one.finished_at is not None and one.second_id is not None]
    ids = [pk for one in done for pk in (one.first_id, one.second_id)]
    marks: dict[int, dict[str, str]] = defaultdict(dict)
    for rating, key, level in Mark.objects.filter(rating__in=ids, side=Side.SCHOOL).values_list(
        "rating", "key", "level"
    ):
        marks[rating][key] = level
    firsts = {
        pk: (rater, term) for pk, rater, term in Rating.objects.filter(pk__in=ids).values_list("pk", "rater", "term")
    }
    rubrics: dict[int, Rubric] = {}
    found = []
    for one in done:
        if one.first_id not in firsts:
            continue  # not for this reader to see yet
        if one.rubric_id not in rubrics:
            rubrics[one.rubric_id] = rubric_of(one.rubric)
        rubric, (rater, term) = rubrics[one.rubric_id], firsts[one.first_id]
        again = marks[one.second_id or 0]
        for key, level in marks[one.first_id].items():
            other = again.get(key)
            if other is None or rubric.level(level) is None or rubric.level(other) is None:
                continue
            step = rubric.points(other) - rubric.points(level)
            found.append(Pair(one.plan_id, key, rater, term, level, other, step))
    return found
