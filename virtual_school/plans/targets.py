"""Targets within a plan: writing them, what they cost, judging those of before, and breaking one smaller."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from virtual_school.access.models import User

from .advice import Advice, CostDraft, TargetDraft, advise_last_target, advise_targets
from .models import CostLine, Meeting, Plan, PlanSection, Target, TargetReview
from .opened import OpenedPlan
from .readers import Sight
from .refused import Refused, tell
from .sight import READER_OF
from .template import Field, Section
from .workflow import NEVER_WAS
from .writing import withdraw_signatures

SECTION = "targets"
FIELD = "targets.targets"
WRITTEN = (
    "category", "outcome", "need", "childs_words", "why", "how", "who", "due_on", "baseline", "measure", "success",
    "evidence",
)  # fmt: skip
"""A target's columns while it is written. How it stands is for the plan that judges it."""

JUDGED = {
    Target.State.MET: "Met",
    Target.State.PARTLY_MET: "Partly met",
    Target.State.NOT_MET: "Not met",
    Target.State.OPEN: "Still working on it: it goes on into this plan",
    Target.State.DROPPED: "Dropped: it is not right any more",
}
IMPACT = {"significant": "A great deal", "moderate": "Some", "minimal": "Little or nothing"}
SMALLER_FROM = (Target.State.PARTLY_MET, Target.State.NOT_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Either an amount, or sessions at a rate. Money in whole pence."""

    what: str
    fund: str = "pupil_premium_plus"
    category: str = ""
    sessions: int | None = None
    rate_pence: int | None = None
    amount_pence: int | None = None
    provider: str = ""
    starts: date | None = None
    ends: date | None = None
    intended_impact: str = ""
    why_not_ordinary: str = ""

    @property
    def total_pence(self) -> int | None:
        if self.sessions is not None and self.rate_pence is not None:
            return self.sessions * self.rate_pence
        return self.amount_pence


def section_of_targets(opened: OpenedPlan) -> Section | None:
    return opened.template.section(SECTION)


def columns(opened: OpenedPlan) -> dict[str, Field]:
    """The target's fields as this plan's form asks them, relabelled where the council did so."""
    field = opened.template.field(FIELD)
    return {column.key: column for column in field.columns} if field else {}


def may_write(opened: OpenedPlan) -> bool:
    section = section_of_targets(opened)
    return section is not None and opened.may_write(section)


@dataclass(frozen=True, slots=True)
class Seen:
    """What of targets this person reads, as in printed copies."""

    money: bool
    need: bool
    voice: bool


def seen_by(opened: OpenedPlan) -> Seen:
    sights = [Sight(READER_OF[role]) for role in opened.roles if role in READER_OF]

    def sees(level: str) -> bool:
        return any(sight.sees(level) for sight in sights)

    return Seen(money=sees("money"), need=sees("health"), voice=sees("voice"))


def targets_of(plan: Plan) -> list[Target]:
    """First written here, then those carried on into it."""
    own = list(plan.first_targets.prefetch_related("cost_lines", "smaller").order_by("number", "id"))
    carried = Target.objects.filter(reviews__plan=plan, reviews__judged=Target.State.OPEN)
    return [*own, *carried.prefetch_related("cost_lines").order_by("number", "id")]


def last_targets(plan: Plan) -> list[tuple[Target, TargetReview | None]]:
    """Targets of earlier plans that this plan judges: open ones, and those it has judged."""
    reviews = {review.target_id: review for review in TargetReview.objects.filter(plan=plan)}
    rows = Target.objects.filter(child_id=plan.child_id, first_plan_id__lt=plan.pk).prefetch_related("smaller")
    rows = rows.exclude(first_plan__state__in=NEVER_WAS)
    found = list(rows.order_by("first_plan_id", "number", "id"))
    return [(one, reviews.get(one.pk)) for one in found if one.state == Target.State.OPEN or one.pk in reviews]


def next_plan_on(plan: Plan) -> date | None:
    return (
        Meeting.objects.filter(plan=plan, next_on__isnull=False)
        .exclude(state=Meeting.State.CANCELLED)
        .order_by("-on")
        .values_list("next_on", flat=True)
        .first()
    )


def _locked(opened: OpenedPlan) -> Plan:
    if not may_write(opened):
        raise Refused("It is not for you to write targets in this plan.")
    plan = Plan.objects.select_for_update().get(pk=opened.plan.pk)
    if plan.state != opened.plan.state:
        raise Refused("Somebody else has just taken this plan a step further. Look at it again.")
    return plan


def _after_writing(plan: Plan, by: User, section: str = SECTION) -> None:
    PlanSection.objects.filter(plan=plan, key=section, state=PlanSection.State.NOT_STARTED).update(
        state=PlanSection.State.IN_PROGRESS
    )
    if plan.state == Plan.State.OPEN:
        plan.state = Plan.State.IN_PROGRESS
        plan.save(update_fields=["state"])
    withdraw_signatures(plan, f"The targets were changed by {by.name}")


def add_target(*, opened: OpenedPlan, values: Mapping[str, Any], by: User, broken_from: Target | None = None) -> Target:
    """`values` by column; only the outcome must be there. What else would make it better, advice says.

    The same outcome sent again is the same target: a double press adds nothing.
    """
    plan = _locked(opened)
    told = {name: value for name, value in values.items() if name in WRITTEN}
    outcome = str(told.get("outcome", "")).strip()
    if not outcome:
        raise Refused("Say what will be different for the child.")
    found = Target.objects.filter(first_plan=plan, outcome=outcome).first()
    if found is not None:
        return found
    most = opened.template.field(FIELD)
    count = Target.objects.filter(first_plan=plan).count()
    if most is not None and most.limit and count >= most.limit:
        raise Refused(f"A plan holds {most.limit} targets at most. Few and small ones are met more often.")
    last = Target.objects.filter(first_plan=plan).aggregate(last=Max("number"))["last"] or 0
    made = Target.objects.create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        first_plan=plan,
        number=last + 1,
        broken_from=broken_from,
        **{**told, "outcome": outcome},
    )
    _after_writing(plan, by)
    tell(plan, "target_added", by, target=str(made.public_id), role=opened.role)
    opened.plan.state = plan.state
    return made


def change_target(*, opened: OpenedPlan, target: Target, values: Mapping[str, Any], by: User) -> bool:
    """Whether anything changed. Only in the plan where it was first written: later ones judge it."""
    plan = _locked(opened)
    if target.first_plan_id != plan.pk:
        raise Refused("This target was written in an earlier plan. Judge it here, and write a new one if need be.")
    told = {name: value for name, value in values.items() if name in WRITTEN and getattr(target, name) != value}
    if "outcome" in told and not str(told["outcome"]).strip():
        raise Refused("Say what will be different for the child.")
    if not told:
        return False
    for name, value in told.items():
        setattr(target, name, value)
    target.save(update_fields=list(told))
    _after_writing(plan, by)
    tell(plan, "target_changed", by, target=str(target.public_id), fields=sorted(told), role=opened.role)
    opened.plan.state = plan.state
    return True


def remove_target(*, opened: OpenedPlan, target: Target, by: User) -> None:
    """While the plan is being written. The record of what it said is kept with all changes."""
    plan = _locked(opened)
    if target.first_plan_id != plan.pk:
        raise Refused("This target was written in an earlier plan: say that it is dropped, and why.")
    if TargetReview.objects.filter(target=target).exists():
        raise Refused("This target was judged already: it stays.")
    target.delete()
    for number, pk in enumerate(Target.objects.filter(first_plan=plan).values_list("pk", flat=True), 1):
        Target.objects.filter(pk=pk).exclude(number=number).update(number=number)
    _after_writing(plan, by)
    tell(plan, "target_removed", by, role=opened.role)


def judge(
    *, opened: OpenedPlan, target: Target, judged: str, evidence: str, impact: str = "", by: User
) -> TargetReview:
    """How a target of an earlier plan stands now. One judgement a plan, which may be changed in it."""
    plan = _locked(opened)
    if target.first_plan_id >= plan.pk:
        raise Refused("This target was written in this plan: the next one judges it.")
    if judged not in JUDGED:
        raise Refused("Choose how this target stands.")
    review, _ = TargetReview.objects.update_or_create(
        plan=plan,
        target=target,
        defaults={
            "authority_id": plan.authority_id,
            "child_id": plan.child_id,
            "judged": judged,
            "evidence": evidence.strip(),
            "impact": impact if impact in IMPACT else "",
            "by_name": by.name,
        },
    )
    Target.objects.filter(pk=target.pk).update(state=judged)
    target.state = judged
    _after_writing(plan, by, "last_targets")
    tell(plan, "target_judged", by, target=str(target.public_id), judged=judged, role=opened.role)
    opened.plan.state = plan.state
    return review


def break_smaller(
    *, opened: OpenedPlan, target: Target, outcomes: Sequence[Mapping[str, Any]], by: User
) -> list[Target]:
    """A target that was not met is not repeated: smaller ones take its place, and say from which they come."""
    if target.state not in SMALLER_FROM:
        raise Refused("Only a target that was not met, or only in part, is broken smaller.")
    given = [one for one in outcomes if str(one.get("outcome", "")).strip()]
    if not given:
        raise Refused("Write at least one smaller step.")
    if any(str(one["outcome"]).strip().casefold() == target.outcome.strip().casefold() for one in given):
        raise Refused("That is the same target again. What smaller step could be met this term?")
    shared = {"category": target.category, "need": target.need, "childs_words": target.childs_words}
    return [add_target(opened=opened, values={**shared, **one}, by=by, broken_from=target) for one in given]


def save_cost(*, opened: OpenedPlan, target: Target, cost: Cost, by: User, line: CostLine | None = None) -> CostLine:
    plan = _locked(opened)
    total = cost.total_pence
    if not cost.what.strip():
        raise Refused("Say what exactly is bought.")
    if total is None:
        raise Refused("Give an amount, or how many sessions at what rate.")
    if line is None:
        same = CostLine.objects.filter(plan=plan, target=target, what=cost.what.strip(), amount_pence=total)
        line = same.filter(starts=cost.starts, ends=cost.ends, provider=cost.provider.strip()).first() or CostLine(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, target=target
        )
    line.fund, line.category, line.what = cost.fund, cost.category, cost.what.strip()
    line.sessions, line.rate_pence, line.amount_pence = cost.sessions, cost.rate_pence, total
    line.provider, line.starts, line.ends = cost.provider.strip(), cost.starts, cost.ends
    line.intended_impact, line.why_not_ordinary = cost.intended_impact.strip(), cost.why_not_ordinary.strip()
    line.save()
    _after_writing(plan, by)
    tell(plan, "cost_saved", by, target=str(target.public_id), role=opened.role)
    return line


def remove_cost(*, opened: OpenedPlan, line: CostLine, by: User) -> None:
    plan = _locked(opened)
    line.delete()
    _after_writing(plan, by)
    tell(plan, "cost_removed", by, role=opened.role)


def draft_of(target: Target, costs: Iterable[CostLine] = (), review: TargetReview | None = None) -> TargetDraft:
    return TargetDraft(
        number=target.number,
        **{name: getattr(target, name) for name in WRITTEN if name != "evidence"},
        status="" if target.state == Target.State.OPEN else target.state,
        review_words=review.evidence if review else "",
        cost_lines=tuple(
            CostDraft(
                what=line.what,
                amount_pence=line.amount_pence,
                provider=line.provider,
                starts=line.starts,
                ends=line.ends,
                intended_impact=line.intended_impact,
            )
            for line in costs
        ),
    )


def advice_on(
    opened: OpenedPlan, targets: Sequence[Target], last: Sequence[tuple[Target, TargetReview | None]], *, money: bool
) -> list[Advice]:
    """On the targets as a set and on each; what is good stands first in every piece."""
    drafts = [draft_of(one, one.cost_lines.all() if money else ()) for one in targets]
    before = [draft_of(one, (), review) for one, review in last]
    return list(advise_targets(drafts, next_plan_on=next_plan_on(opened.plan), last=before))


def advice_on_last(target: Target, review: TargetReview | None) -> list[Advice]:
    if review is None or review.judged == Target.State.OPEN:
        return []
    return list(advise_last_target(draft_of(target, (), review)))
