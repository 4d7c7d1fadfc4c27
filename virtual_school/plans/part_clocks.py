"""By when each part of a plan is to be done, and whose it is: social worker, school or virtual school. Pure.

The clocks are the council's policy. They run from the meeting; where none is arranged yet nothing is counted, and
the plan's own day holds.
"""

from dataclasses import dataclass
from datetime import date

from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

from .policy import PlanPolicy
from .workflow import State

GROUPS = {"social_worker": "Social worker", "school": "School", "virtual_school": "Virtual school"}
GROUP_OF_OWNER = {
    "social_worker": "social_worker",
    "personal_adviser": "social_worker",
    "designated_teacher": "school",
    "young_person": "school",
    "virtual_school": "virtual_school",
}
"""Those at home are asked, and are late with nothing."""

BEFORE_MEETING = frozenset({State.OPEN, State.IN_PROGRESS, State.READY_FOR_MEETING})
AFTER_MEETING = frozenset({State.MEETING_HELD, State.AWAITING_SIGNOFF})
BEING_CHECKED = frozenset({State.SUBMITTED, State.IN_QA})
CLOCKS_BEFORE = {"social_worker": "social_worker_part", "school": "school_part", "virtual_school": "school_part"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDays:
    """`meeting_on`: the meeting held, else the one arranged."""

    state: str
    opened_on: date | None = None
    due_on: date | None = None
    meeting_on: date | None = None
    submitted_on: date | None = None
    returned_due_on: date | None = None
    started_by: date | None = None
    """Of a first plan: the day by which somebody has begun to write."""

    has_school: bool = True


@dataclass(frozen=True, slots=True)
class Calendars:
    working: WorkingCalendar
    school_days: SchoolCalendar


def group_of(owner: str, *, has_school: bool) -> str:
    """Whose a section is in the end; without a school the virtual school writes what a school would. Empty for home."""
    group = GROUP_OF_OWNER.get(owner, "")
    return "virtual_school" if group == "school" and not has_school else group


def part_due(group: str, days: PlanDays, policy: PlanPolicy, calendars: Calendars) -> date | None:
    """The day by which a part is to be done as the plan stands now. Never later than the plan itself is due."""
    if days.state == State.RETURNED:
        return days.returned_due_on or days.due_on
    if days.state in BEING_CHECKED:
        return _counted("checked", days.submitted_on, policy, calendars) if group == "virtual_school" else None
    if days.state in BEFORE_MEETING:
        started_by = days.started_by if days.state == State.OPEN else None
        return _earliest(_before_meeting(group, days, policy, calendars), started_by, days.due_on)
    if days.state in AFTER_MEETING and (group == "school" or not days.has_school):
        return _earliest(_counted("school_completes", days.meeting_on, policy, calendars), days.due_on)
    return days.due_on


def _before_meeting(group: str, days: PlanDays, policy: PlanPolicy, calendars: Calendars) -> date | None:
    """A clock that had run out before the plan was opened asks nobody for the impossible: the meeting's own day does."""
    if days.meeting_on is None or group not in CLOCKS_BEFORE:
        return days.meeting_on
    due = _counted(CLOCKS_BEFORE[group], days.meeting_on, policy, calendars)
    if due is None or (days.opened_on is not None and due <= days.opened_on):
        return days.meeting_on
    return due


def _counted(key: str, event: date | None, policy: PlanPolicy, calendars: Calendars) -> date | None:
    return policy.counted(key, event, calendars.working, calendars.school_days) if event else None


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)
