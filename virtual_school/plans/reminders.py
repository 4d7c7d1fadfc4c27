"""Who is reminded of what in which plan: the council's ladder, once a rung, quiet in the school's holidays."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

from .models import Delegation, Meeting, Plan, PlanSection, Reminder, Signature
from .opened import policy_for
from .part_clocks import BEFORE_MEETING, Calendars, part_due
from .policy import PlanPolicy, Rung
from .rights import OWNED_BY
from .whose_turn import Left, as_opened, days_of, left_of
from .workflow import BEING_WRITTEN, NOT_DONE, State

WORKING_DAYS_IN_TIME = 10
"""A rung that passed longer ago, while nobody could be told, is left out: later rungs say the same."""

GROUP_OF_ROLE = {
    Role.DESIGNATED_TEACHER: "school",
    Role.DELEGATE: "school",
    Role.SOCIAL_WORKER: "social_worker",
    Role.PERSONAL_ADVISER: "social_worker",
}
AT_SCHOOL = frozenset({Role.DESIGNATED_TEACHER, Role.DELEGATE})
SUBJECT = "You have something to read in Virtual School"
BODY = """You have something to read in Virtual School.

Sign in to see it: {url}

This message says nothing of what it is about. You get at most one a day.
"""
URGENT = "returned"


@dataclass(frozen=True, slots=True)
class Around:
    """Who is around one child today, by role."""

    people: dict[str, tuple[int, ...]]

    def in_role(self, role: str) -> tuple[int, ...]:
        return self.people.get(role, ())


def write_reminders(authority: Authority, on: date) -> set[int]:
    """Writes down whom to remind today of plans of one authority, and gives those people. Again: nobody."""
    policy = policy_for(authority.code, on)
    states = [str(state) for state in NOT_DONE if state != State.DUE]
    plans = list(Plan.objects.filter(authority=authority, state__in=states))
    if not plans:
        return set()
    calendar, own = school_calendars(
        authority.code, authority.name, {plan.school_id for plan in plans if plan.school_id}
    )
    working = working_calendar()
    around = _around(plans, on)
    left = left_of(plans)
    meetings = dict(
        Meeting.objects.filter(plan__in=plans).exclude(state="cancelled").order_by("on").values_list("plan_id", "on")
    )
    signed: dict[int, set[str]] = defaultdict(set)
    for plan_id, role in Signature.objects.filter(plan__in=plans, withdrawn_at__isnull=True).values_list(
        "plan_id", "role"
    ):
        signed[plan_id].add(role)
    told = set(Reminder.objects.filter(plan__in=plans).values_list("plan_id", "person_id", "rung"))
    new = []
    for plan in plans:
        school = own.get(plan.school_id, calendar) if plan.school_id else None
        days = Days(plan, meetings.get(plan.pk), Calendars(working, school or calendar))
        for rung, role in _due_rungs(days, policy, on):
            if _is_quiet(role, school, working, on):
                continue
            if not _concerns(plan, rung, role, policy, left[plan.pk], signed[plan.pk], plan.pk in meetings):
                continue
            for person in _people(plan, role, around[plan.child_id]):
                key = (plan.pk, person, _rung_key(plan, rung))
                if key not in told:
                    told.add(key)
                    new.append(_reminder(plan, person, key[2], on))
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    return {reminder.person_id for reminder in new}


def _reminder(plan: Plan, person: int, rung: str, on: date) -> Reminder:
    return Reminder(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, person_id=person, rung=rung, sent_on=on
    )


def _rung_key(plan: Plan, rung: Rung) -> str:
    """A plan sent back or opened again is a new occasion for the rungs that follow."""
    if rung.from_event == "part" and plan.state in BEFORE_MEETING:
        return f"{rung.key}.before"
    rounds = sum(line["step"] in {"return", "reopen"} for line in plan.clocks.get("way", []))
    return f"{rung.key}.{rounds}" if rounds and rung.from_event != "meeting" else rung.key


@dataclass(frozen=True, slots=True)
class Days:
    """The days the rungs of one plan count from."""

    plan: Plan
    meeting_on: date | None
    calendars: Calendars

    def of(self, event: str, role: str) -> date | None:
        plan = self.plan
        if event == "meeting":
            return plan.meeting_on or self.meeting_on
        if event == "submitted":
            return plan.submitted_on
        if event == "due":
            return plan.returned_due_on if plan.state == State.RETURNED and plan.returned_due_on else plan.due_on
        group = "virtual_school" if event == "check" else GROUP_OF_ROLE.get(role, "")
        days = days_of(plan, self.meeting_on)
        if event == "part" and (not group or days.meeting_on is None):
            return None  # nothing counted: the plan's own day has rungs of its own
        return part_due(group, days, as_opened(plan), self.calendars)


def _due_rungs(days: Days, policy: PlanPolicy, on: date) -> Iterable[tuple[Rung, str]]:
    """With the role each is for."""
    working = days.calendars.working
    for rung in policy.ladder:
        for role in rung.to:
            event = days.of(rung.from_event, role)
            if event is None:
                continue
            try:
                n = rung.working_days
                day = working.after(event, n) if n >= 0 else working.before(event, -n)
                late = working.between(day, on)
            except BeyondCalendar:
                continue
            if day <= on and late <= WORKING_DAYS_IN_TIME:
                yield rung, role


def _is_quiet(role: str, school: SchoolCalendar | None, working: WorkingCalendar, on: date) -> bool:
    try:
        if role in AT_SCHOOL and school is not None:
            return not school.is_school_day(on)
        return not working.is_working_day(on)
    except BeyondCalendar:
        return False


def _concerns(
    plan: Plan,
    rung: Rung,
    role: str,
    policy: PlanPolicy,
    sections: Left,
    signed: set[str],
    has_meeting: bool,
) -> bool:
    """Nobody is reminded of what they have done."""
    if rung.from_event in {"submitted", "check"}:
        return plan.state in {State.SUBMITTED, State.IN_QA}
    if plan.state not in BEING_WRITTEN:
        return False
    if rung.key == "book_meeting":
        return not has_meeting and plan.kind != Plan.Kind.SCHOOL_REVIEW
    if rung.key == "pack":
        return True
    if role == Role.ADVISER:
        return True
    asked = sections.now if rung.from_event == "part" else sections.whole
    left = any(asked.get(owner) for owner in OWNED_BY.get("designated_teacher" if role == Role.DELEGATE else role, ()))
    to_sign = plan.state == State.AWAITING_SIGNOFF and role in policy.signers and role not in signed
    return left or to_sign or (role == Role.DESIGNATED_TEACHER and plan.state == State.AWAITING_SIGNOFF)


def _people(plan: Plan, role: str, around: Around) -> tuple[int, ...]:
    if role == Role.ADVISER and plan.reviewer_id is not None:
        return (plan.reviewer_id,)
    return around.in_role(role)


def _around(plans: list[Plan], on: date) -> dict[int, Around]:
    children = {plan.child_id for plan in plans}
    found: dict[int, dict[str, tuple[int, ...]]] = {child: {} for child in children}
    helping = set(
        Delegation.objects.filter(child__in=children, ends__isnull=True, starts__lte=on).values_list(
            "child_id", "to_id"
        )
    )
    rows = Involvement.objects.filter(child__in=children, starts__lte=on, person__is_active=True).exclude(ends__lte=on)
    for child, role, person in rows.values_list("child_id", "role", "person_id"):
        if role == Role.DELEGATE and (child, person) not in helping:
            continue
        found[child][role] = (*found[child].get(role, ()), person)
    return {child: Around(people) for child, people in found.items()}


def write_urgent(plan: Plan, on: date) -> set[int]:
    """A plan that was sent back: those whose sections are to be mended, at once."""
    if plan.state != State.RETURNED:
        return set()
    owners = set(PlanSection.objects.filter(plan=plan, is_named_in_return=True).values_list("owner", flat=True))
    around = _around([plan], on)[plan.child_id]
    roles = {role for role, owned in OWNED_BY.items() if owners & set(owned)} | {Role.DESIGNATED_TEACHER}
    if roles & AT_SCHOOL:
        roles |= AT_SCHOOL
    rounds = sum(line["step"] == "return" for line in plan.clocks.get("way", []))
    rung = f"{URGENT}.{rounds}"
    told = set(Reminder.objects.filter(plan=plan, rung=rung).values_list("person_id", flat=True))
    people = {person for role in roles for person in around.in_role(role)} - told
    Reminder.objects.bulk_create([_reminder(plan, person, rung, on) for person in people], ignore_conflicts=True)
    return people


def mail(person_id: int, *, once_key: str = "") -> bool:
    """One message that says nothing of any child. With a key, nobody gets a second one for the same key."""
    user = User.objects.filter(pk=person_id, is_active=True).exclude(email="").first()
    if user is None:
        return False
    if once_key and not cache.add(f"plans.mail.{once_key}.{person_id}", 1, 3 * 24 * 3600):
        return False
    send_mail(SUBJECT, BODY.format(url=settings.BASE_URL), None, [user.email])
    return True


def digest(person_id: int, on: date | None = None) -> bool:
    """The day's one message, however many plans of however many authorities it stands for."""
    return mail(person_id, once_key=f"digest.{(on or timezone.localdate()).isoformat()}")
