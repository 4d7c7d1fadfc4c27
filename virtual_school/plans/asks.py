"""What plans ask of one person today, across authorities: one line a plan, the most urgent first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q
from django.urls import reverse

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child, Involvement
from virtual_school.children.queries import involved
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar

from .models import Answer, Delegation, Plan, PlanSection
from .opened import OpenedPlan, policies_for
from .part_clocks import Calendars, PlanDays, group_of, part_due
from .policy import PlanPolicy
from .presenting import is_for_now, minutes_left, needs_work
from .template import Template
from .template_versions import template_of
from .whose_turn import as_opened, calendars_by_authority, days_of, meeting_days
from .workflow import BEING_WRITTEN, State

WRITERS = frozenset(
    {Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.CARER, Role.YOUNG_PERSON}
)
CHECKERS = frozenset({Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER})


@dataclass(frozen=True, slots=True)
class Ask:
    """`days_left` in school days, negative when late; None where no day is set or the calendar does not reach.
    `minutes`: about how long it takes; 0 where that is not known. `button` names where `url` lands."""

    child: Child
    authority_name: str
    plan: Plan
    what: str
    due_on: date | None
    days_left: int | None
    minutes: int
    url: str
    button: str


def asks_of(person: Person, on: date) -> list[Ask]:
    """By every role this person has around a child; of the virtual school, the plans it has to check."""
    around: dict[int, list[str]] = defaultdict(list)
    for child, role in involved(person.user.pk, on).values_list("child_id", "role"):
        around[child].append(role)
    checking = {m.authority_id: m.role for m in person.memberships if m.role in CHECKERS and m.authority_id}
    writing = [child for child, roles in around.items() if WRITERS & set(roles)]
    plans = _plans(writing, checking)
    if not plans:
        return []
    authorities = Authority.objects.filter(code__in={plan.authority_id for plan in plans})
    names = {one.code: str(one) for one in authorities}
    calendars = calendars_by_authority(authorities)
    meetings = meeting_days(plans)
    policies = policies_for(set(names), on)
    given = dict(
        Delegation.objects.filter(to=person.user, ends__isnull=True, starts__lte=on).values_list("child_id", "sections")
    )
    advised = _advised(person, plans, checking, on)
    templates: dict[int, Template] = {}
    found = []
    for plan in plans:
        name, calendar = names[plan.authority_id], calendars[plan.authority_id]
        days = days_of(plan, meetings.get(plan.pk))
        if plan.state in {State.SUBMITTED, State.IN_QA}:
            role = checking.get(plan.authority_id)
            if role is None or not _is_to_check(plan, role, person, advised):
                continue
            due = part_due("virtual_school", days, as_opened(plan), calendar)
            found.append(_ask(plan, name, calendar, on, due, "Check the plan", 10, _url(plan), "Check the plan"))
            continue
        roles = tuple(r for r in around.get(plan.child_id, ()) if r != Role.DELEGATE or plan.child_id in given)
        if plan.template_id not in templates:
            templates[plan.template_id] = template_of(plan)
        opened = _opened(plan, person, roles, templates[plan.template_id], policies[plan.authority_id], given)
        asked = _to_write(opened, name, calendar, on, days)
        if asked is not None:
            found.append(asked)
    return sorted(found, key=lambda ask: (ask.due_on or date.max, ask.child.surname, ask.child.forename))


def _plans(writing: list[int], checking: dict[int, str]) -> list[Plan]:
    wanted = Q(child__in=writing, state__in=[str(state) for state in BEING_WRITTEN])
    if checking:
        wanted |= Q(authority__in=list(checking), state__in=[str(State.SUBMITTED), str(State.IN_QA)])
    rows = (
        Plan.objects.filter(wanted)
        .select_related("child__authority", "template", "school")
        .defer("template__content", "template__edits")
    )
    return list(
        rows.prefetch_related(
            Prefetch("answers", Answer.objects.filter(plan__state__in=[str(state) for state in BEING_WRITTEN])),
            Prefetch("plansections", PlanSection.objects.all()),
            "first_targets",
            "actions",
            "targetreviews__target",
        )
    )


def _advised(person: Person, plans: list[Plan], checking: dict[int, str], on: date) -> dict[int, set[int]]:
    """By child with a plan to check, who is their adviser."""
    children = [plan.child_id for plan in plans if plan.state in {State.SUBMITTED, State.IN_QA}]
    advised: dict[int, set[int]] = defaultdict(set)
    if not children:
        return advised
    rows = Involvement.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=on), child__in=children, role=Role.ADVISER, starts__lte=on
    )
    for child, adviser in rows.values_list("child_id", "person_id"):
        advised[child].add(adviser)
    return advised


def _is_to_check(plan: Plan, role: str, person: Person, advised: dict[int, set[int]]) -> bool:
    """Whoever took it; else the child's adviser; the head, where the child has none."""
    if plan.reviewer_id is not None:
        return plan.reviewer_id == person.user.pk
    of_child = advised.get(plan.child_id, set())
    return person.user.pk in of_child or (role == Role.VIRTUAL_SCHOOL_HEAD and not of_child)


def _opened(
    plan: Plan,
    person: Person,
    roles: tuple[str, ...],
    template: Template,
    policy: PlanPolicy,
    given: dict[int, list[str]],
) -> OpenedPlan:
    return OpenedPlan(
        plan=plan,
        child=plan.child,
        person=person,
        roles=roles,
        template=template,
        policy=policy,
        answers={answer.field_key: answer for answer in plan.answers.all()},
        parts={part.key: part for part in plan.plansections.all()},
        delegated=frozenset(given[plan.child_id]) if plan.child_id in given else None,
    )


def _to_write(opened: OpenedPlan, name: str, calendars: Calendars, on: date, days: PlanDays) -> Ask | None:
    plan = opened.plan
    mine = [one for one in opened.mine if needs_work(opened, one) and is_for_now(opened, one)]
    policy = as_opened(plan)
    if not mine:
        if plan.state == State.AWAITING_SIGNOFF and set(opened.roles) & set(opened.signers):
            group = "school" if Role.DESIGNATED_TEACHER in opened.roles else "social_worker"
            due = part_due(group, days, policy, calendars)
            return _ask(plan, name, calendars, on, due, "Read and sign the plan", 3, _url(plan), "Read and sign")
        return None
    groups = {group_of(section.owner, has_school=days.has_school) for section in mine}
    due = min(filter(None, (part_due(group, days, policy, calendars) for group in groups)), default=None)
    minutes = sum(minutes_left(opened, section) for section in mine)
    first, *rest = mine
    verb = "Mend" if plan.state == State.RETURNED else "Finish" if opened.parts.get(first.key) else "Write"
    more = f" and {len(rest)} more section{'s' if len(rest) > 1 else ''}" if rest else ""
    url = reverse("plans:section", args=[plan.public_id, first.key])
    what = f"{verb} “{first.title}”{more}"
    return _ask(plan, name, calendars, on, due, what, minutes, url, f"Go to {first.title}")


def _url(plan: Plan) -> str:
    return reverse("plans:plan", args=[plan.public_id])


def _ask(
    plan: Plan, name: str, calendars: Calendars, on: date, due: date | None, what: str, minutes: int, url: str,
    button: str,
) -> Ask:  # fmt: skip
    """`due`: the day this part of the plan is to be done, by the council's clocks."""
    return Ask(plan.child, name, plan, what, due, _days(due, on, calendars.school_days), minutes, url, button)


def _days(due: date | None, on: date, calendar: SchoolCalendar) -> int | None:
    if due is None:
        return None
    try:
        return calendar.between(on, due) if due >= on else -calendar.between(due, on)
    except BeyondCalendar:
        return None
