"""Whose turn each of many plans is, by when, and how late they are: for lists and reminders, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import bank_holidays, calendars_of, working_calendar

from .conditions import Circumstances, fields_asked, is_shown
from .models import Meeting, Plan, PlanSection, Signature
from .opened import circumstances_in, policies_for, signers_of
from .part_clocks import BEFORE_MEETING, BEING_CHECKED, GROUPS, Calendars, PlanDays, group_of, part_due
from .policy import PlanPolicy
from .template import Section, Template
from .template_versions import templates_of
from .workflow import BEING_WRITTEN, NOT_DONE, State


@dataclass(frozen=True, slots=True)
class Turn:
    """One of GROUPS, how many sections are left to them now, and by when."""

    group: str
    left: int
    due_on: date | None

    @property
    def who(self) -> str:
        return GROUPS[self.group]


@dataclass(frozen=True, slots=True)
class Left:
    """Sections not completed, by owner: those asked now, and all."""

    now: Mapping[str, int]
    whole: Mapping[str, int]


def turns_of(
    plans: Sequence[Plan],
    today: date,
    calendars: Mapping[int, Calendars],
    policies: Mapping[int, PlanPolicy] | None = None,
    meetings: Mapping[int, date] | None = None,
) -> dict[int, tuple[Turn, ...]]:
    """By plan, whoever has something left, the most urgent first. `calendars`: by authority, as are `policies`, the
    choices in force today; `meetings`: by plan, the days of those arranged. Both where they are read already."""
    waiting = [plan for plan in plans if plan.state in NOT_DONE and plan.state != State.DUE]
    left, meetings = left_of(waiting), meeting_days(waiting) if meetings is None else meetings
    to_sign = _to_sign(waiting, today, policies)
    found = {}
    for plan in waiting:
        policy, days = as_opened(plan), days_of(plan, meetings.get(plan.pk))
        counts: dict[str, int] = defaultdict(int)
        if plan.state in BEING_CHECKED:
            counts["virtual_school"] = 1
        for owner, n in left[plan.pk].now.items() if plan.state in BEING_WRITTEN else ():
            if group := group_of(owner, has_school=plan.school_id is not None):
                counts[group] += n
        for role in to_sign.get(plan.pk, ()):
            if group := group_of(role, has_school=plan.school_id is not None):
                counts[group] += 0
        turns = [
            Turn(group, n, part_due(group, days, policy, calendars[plan.authority_id])) for group, n in counts.items()
        ]
        found[plan.pk] = tuple(
            sorted(turns, key=lambda turn: (turn.due_on or date.max, list(GROUPS).index(turn.group)))
        )
    return found


def late_with(plans: Iterable[Plan], group: str, today: date, calendars: Mapping[int, Calendars]) -> list[int]:
    """Plans in which a part of this group is overdue."""
    turns = turns_of(list(plans), today, calendars)
    return [pk for pk, found in turns.items() if any(t.group == group and t.due_on and t.due_on < today for t in found)]


def calendars_by_authority(authorities: Iterable[Authority]) -> dict[int, Calendars]:
    holidays = bank_holidays()
    working = working_calendar(holidays)
    return {code: Calendars(working, school_days) for code, school_days in calendars_of(authorities, holidays).items()}


def as_opened(plan: Plan) -> PlanPolicy:
    rules = plan.clocks.get("rules", {})
    return _as_opened(tuple((key, rules[key]["limit"], rules[key]["unit"]) for key in sorted(rules)))


@lru_cache(maxsize=256)
def _as_opened(rules: tuple[tuple[str, int, str], ...]) -> PlanPolicy:
    """A term's plans are opened with the same clocks."""
    return PlanPolicy().as_opened({key: {"limit": limit, "unit": unit} for key, limit, unit in rules})


def days_of(plan: Plan, planned_on: date | None) -> PlanDays:
    started_by = plan.clocks.get("started_by")
    return PlanDays(
        state=plan.state, opened_on=plan.opened_on, due_on=plan.due_on, meeting_on=plan.meeting_on or planned_on,
        submitted_on=plan.submitted_on, returned_due_on=plan.returned_due_on,
        started_by=date.fromisoformat(started_by) if started_by else None, has_school=plan.school_id is not None,
    )  # fmt: skip


def meeting_days(plans: Sequence[Plan]) -> dict[int, date]:
    """Of those with a meeting arranged."""
    rows = Meeting.objects.filter(plan__in=[plan.pk for plan in plans], state=Meeting.State.PLANNED).order_by("-on")
    return dict(rows.values_list("plan_id", "on"))


def left_of(plans: Sequence[Plan]) -> dict[int, Left]:
    templates = templates_of(plans)
    rows: dict[int, dict[str, tuple[str, bool]]] = defaultdict(dict)
    held = PlanSection.objects.filter(plan__in=[plan.pk for plan in plans])
    for plan_id, key, state, is_named in held.values_list("plan_id", "key", "state", "is_named_in_return"):
        rows[plan_id][key] = (state, is_named)
    return {plan.pk: _left(plan, templates[plan.template_id], rows[plan.pk]) for plan in plans}


def _left(plan: Plan, template: Template, rows: Mapping[str, tuple[str, bool]]) -> Left:
    now: dict[str, int] = defaultdict(int)
    whole: dict[str, int] = defaultdict(int)
    circumstances = circumstances_in(plan, None)
    before = plan.state in BEFORE_MEETING and plan.kind != Plan.Kind.SCHOOL_REVIEW
    for section in template.sections:
        state, is_named = rows.get(section.key, ("", False))
        if state == PlanSection.State.COMPLETE or not _is_asked(section, circumstances, begun=bool(state)):
            continue
        if plan.state == State.RETURNED and not is_named:
            continue
        whole[section.owner] += 1
        if section.stage == "before_meeting" or not before:
            now[section.owner] += 1
    return Left(now, whole)


def _is_asked(section: Section, circumstances: Circumstances, *, begun: bool) -> bool:
    """One shown or not by what is answered elsewhere counts once somebody has begun it."""
    if fields_asked(section.shown_when):
        return begun
    return section.is_on and is_shown(section.shown_when, circumstances, {})


def _to_sign(
    plans: Sequence[Plan], today: date, policies: Mapping[int, PlanPolicy] | None
) -> dict[int, tuple[str, ...]]:
    """Whose signature is missing; once all are there, the school's, who sends it in. Read of every plan given, so that
    a list costs the same whether one of its plans waits to be signed or none."""
    if policies is None:
        policies = policies_for({plan.authority_id for plan in plans}, today)
    signed: dict[int, set[str]] = defaultdict(set)
    rows = Signature.objects.filter(plan__in=[plan.pk for plan in plans], withdrawn_at__isnull=True)
    for plan_id, role in rows.values_list("plan_id", "role"):
        signed[plan_id].add(role)
    missing = {
        plan.pk: tuple(role for role in signers_of(plan, policies[plan.authority_id]) if role not in signed[plan.pk])
        for plan in plans
        if plan.state == State.AWAITING_SIGNOFF
    }
    return {pk: roles or ("designated_teacher",) for pk, roles in missing.items()}
