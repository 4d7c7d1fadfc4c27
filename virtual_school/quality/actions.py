"""Rating a plan: marks and words are kept as a draft, then the plan is approved or sent back with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.audit.actions import record
from virtual_school.plans import checking
from virtual_school.plans.opened import OpenedPlan
from virtual_school.plans.refused import Refused, held
from virtual_school.plans.workflow import VIRTUAL_SCHOOL, State

from .criteria import asked
from .middles import refresh_middles
from .models import Comment, Mark, Rating, Result, SecondMark, Side
from .rollup import roll_up
from .rubric import SIDES, Rubric
from .second_marks import to_do
from .tasks import middles_of_term
from .versions import kept_in_force, rubric_of

TO_RATE = (State.SUBMITTED, State.IN_QA)
WROTE_IT = "You wrote in this plan, so somebody else has to rate it."


@dataclass(frozen=True, slots=True)
class Said:
    side: str
    words: str
    key: str = ""
    theme: str = ""
    is_praise: bool = False


def refusal(opened: OpenedPlan) -> str:
    """Why this person cannot rate the plan now, in words; empty when they can."""
    if not set(opened.roles) & set(VIRTUAL_SCHOOL):
        return "It is not for you to rate this plan."
    standing = opened.standing()
    if standing.wrote_it:
        return WROTE_IT
    if opened.plan.state not in TO_RATE:
        return "A plan is rated once it is sent in, and until it is approved or sent back."
    other = open_check(opened)
    if other is not None and other.rater_id != opened.person.user.pk and Role.VIRTUAL_SCHOOL_HEAD not in opened.roles:
        return f"{other.rater_name} is rating this plan. The head of the virtual school can take it over."
    return ""


def open_check(opened: OpenedPlan) -> Rating | None:
    return Rating.objects.filter(plan=opened.plan, kind=Rating.Kind.CHECK, finished_at__isnull=True).first()


def finished_checks(opened: OpenedPlan) -> list[Rating]:
    rows = Rating.objects.filter(plan=opened.plan, kind=Rating.Kind.CHECK, finished_at__isnull=False)
    return list(rows.order_by("round"))


@transaction.atomic
def save_check(*, opened: OpenedPlan, marks: Mapping[str, str], said: Sequence[Said], by: User) -> Rating:
    """The draft as it stands. Whoever begins takes the plan: the school can no longer take it back."""
    if words := refusal(opened):
        raise Refused(words)
    held(opened)
    if opened.plan.state == State.SUBMITTED:
        checking.take(opened=opened, by=by)
    rating = open_check(opened)
    if rating is None:
        rating = Rating.objects.create(
            **_of(opened),
            kind=Rating.Kind.CHECK,
            round=len(finished_checks(opened)) + 1,
            rubric=kept_in_force(opened.plan.authority_id),
            rater=by,
            rater_name=by.name,
        )
    elif rating.rater_id != by.pk:
        rating.rater, rating.rater_name = by, by.name
        rating.save(update_fields=["rater", "rater_name"])
    write_marks(rating, rubric_of(rating.rubric), marks, said)
    return rating


def _of(opened: OpenedPlan) -> dict[str, object]:
    plan = opened.plan
    return {
        "authority_id": plan.authority_id, "child_id": plan.child_id, "plan": plan, "term": plan.term,
        "school_id": plan.school_id,
    }  # fmt: skip


def write_marks(rating: Rating, rubric: Rubric, marks: Mapping[str, str], said: Sequence[Said]) -> None:
    """In the place of what stood in the draft."""
    of = {"authority_id": rating.authority_id, "child_id": rating.child_id, "rating": rating}
    rating.marks.all().delete()
    rating.comments.all().delete()
    found = []
    for one in rubric.criteria:
        level = marks.get(one.key)
        if level is None:
            continue
        if rubric.level(level) is None:
            raise Refused(f"“{one.label}” cannot be rated {level!r}.")
        found.append(Mark(**of, side=one.side, key=one.key, level=level, points=rubric.points(level), most=rubric.most))
    Mark.objects.bulk_create(found)
    Comment.objects.bulk_create(
        Comment(
            **of,
            side=one.side,
            key=one.key,
            words=one.words.strip(),
            theme=one.theme,
            is_praise=one.is_praise,
        )
        for one in said
        if one.words.strip()
    )


def missing(rubric: Rubric, opened: OpenedPlan, marks: Mapping[str, str]) -> list[str]:
    return [one.label for one in asked(rubric, opened) if one.key not in marks]


def marks_of(rating: Rating) -> dict[str, str]:
    return dict(rating.marks.values_list("key", "level"))


@transaction.atomic
def finish_check(
    *,
    opened: OpenedPlan,
    rating: Rating,
    outcome: str,
    by: User,
    reason: str = "",
    sections: Mapping[str, str] | None = None,
    due_on: date | None = None,
) -> Rating:
    """The plan is approved or sent back, with the rating the marks come to. `reason`, `sections` and `due_on` as
    `plans.checking.return_plan` takes them."""
    if words := refusal(opened):
        raise Refused(words)
    if rating.finished_at is not None or rating.rater_id != by.pk:
        raise Refused("This rating is not yours to finish. Look at it again.")
    results = _results(opened, rating)
    if "school" not in results:
        raise Refused("Nothing that counts for the school is rated.")
    if words := _contradicts(rubric_of(rating.rubric), results["school"], outcome):
        raise Refused(words)
    if outcome == Rating.Outcome.APPROVED:
        checking.approve(opened=opened, by=by, rating=results["school"].label, is_good=results["school"].is_good)
    elif outcome == Rating.Outcome.RETURNED:
        checking.return_plan(opened=opened, reason=reason, sections=sections or {}, by=by, due_on=due_on)
    else:
        raise Refused("Choose whether the plan is approved or sent back.")
    Rating.objects.filter(plan=opened.plan, is_last=True).update(is_last=False)
    rating.outcome, rating.is_last = outcome, True
    _finish(rating)
    record(
        "plan.rated", by=by.pk, authority=rating.authority_id, child=rating.child_id, role=opened.role,
        plan=str(opened.plan.public_id), round=rating.round, outcome=outcome,
    )  # fmt: skip
    if to_do().filter(authority=rating.authority_id, plan__term=rating.term).exists():
        middles_of_term.defer(code=rating.authority_id, term=rating.term)  # its rater does not see every rating now
    else:
        refresh_middles(rating.authority_id, rating.term)
    return rating


def _contradicts(rubric: Rubric, result: Result, outcome: str) -> str:
    """Where the rating is itself whether the plan is approved, it is not approved against it, nor sent back."""
    if rubric.rated_by != "plan" or result.is_good == (outcome == Rating.Outcome.APPROVED):
        return ""
    return f"You rated it “{result.label.lower()}”. Change the rating, or {'approve it' if result.is_good else 'send it back'}."


def _results(opened: OpenedPlan, rating: Rating) -> dict[str, Result]:
    rubric, marks = rubric_of(rating.rubric), marks_of(rating)
    if left := missing(rubric, opened, marks):
        shown = ", ".join(left[:4]) + (f" and {len(left) - 4} more" if len(left) > 4 else "")
        raise Refused(f"Not rated yet: {shown}.")
    rating.results.all().delete()
    found = {}
    for side in SIDES:
        reached = roll_up(rubric, marks, side)
        if reached is not None:
            found[side] = Result.objects.create(
                authority_id=rating.authority_id, child_id=rating.child_id, rating=rating, side=side,
                level=reached.level.key, label=reached.level.label, is_good=reached.level.is_good,
            )  # fmt: skip
    return found


def _finish(rating: Rating) -> None:
    rating.finished_at, rating.finished_on = timezone.now(), timezone.localdate()
    rating.save(update_fields=["outcome", "is_last", "finished_at", "finished_on"])


@transaction.atomic
def save_second(
    *, opened: OpenedPlan, row: SecondMark, marks: Mapping[str, str], said: Sequence[Said], by: User
) -> Rating:
    """The marks of somebody who does not see the first ones. By the rubric of the first, so that both compare."""
    if row.marker_id != by.pk or row.finished_at is not None:
        raise Refused("This second mark is not yours to give, or it is given already.")
    if opened.standing().wrote_it:
        raise Refused(WROTE_IT)
    rating = row.second
    if rating is None:
        rating = Rating.objects.create(
            **_of(opened),
            kind=Rating.Kind.SECOND,
            round=1,
            rubric=row.rubric,
            rater=by,
            rater_name=by.name,
        )
        row.second = rating
        row.save(update_fields=["second"])
    write_marks(rating, rubric_of(rating.rubric), marks, [one for one in said if one.side == Side.INTERNAL])
    return rating


@transaction.atomic
def finish_second(*, opened: OpenedPlan, row: SecondMark, rating: Rating, by: User) -> Rating:
    _results(opened, rating)
    _finish(rating)
    row.finished_at = timezone.now()
    row.save(update_fields=["finished_at"])
    record(
        "plan.marked again", by=by.pk, authority=rating.authority_id, child=rating.child_id, role=opened.role,
        plan=str(opened.plan.public_id),
    )  # fmt: skip
    return rating
