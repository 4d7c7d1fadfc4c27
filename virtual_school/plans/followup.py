"""Actions after the meeting: whose they are, which are late, and what came of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.access.person import Person
from virtual_school.audit.actions import record
from virtual_school.children.models import Child
from virtual_school.children.queries import visible_to

from .models import Action, Plan
from .opened import roles_for
from .readable import plans_read
from .refused import Refused
from .workflow import NEVER_WAS

STATES = {"open": "To do", "overdue": "Overdue", "done": "Done", "not_done": "Will not be done", "all": "All"}
MAY_MARK = frozenset(
    {
        Role.VIRTUAL_SCHOOL_HEAD,
        Role.ADVISER,
        Role.DESIGNATED_TEACHER,
        Role.DELEGATE,
        Role.SOCIAL_WORKER,
        Role.PERSONAL_ADVISER,
    }
)
MAY_MARK_OWN = MAY_MARK | {Role.CARER, Role.REVIEWING_OFFICER, Role.SOCIAL_WORK_MANAGER}


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an action."""

    state: str
    outcome: str = ""
    done_on: date | None = None


def actions_for(person: Person, *, mine: bool) -> QuerySet[Action]:
    """Of children this person may see, in plans they may read; `mine`: those they promised themselves."""
    rows = Action.objects.filter(plans_read(person, timezone.localdate()), child__in=visible_to(person))
    return rows.filter(owner=person.user) if mine else rows


def in_state(rows: QuerySet[Action], state: str, today: date) -> QuerySet[Action]:
    if state == "open":
        return rows.filter(state=Action.State.OPEN)
    if state == "overdue":
        return rows.filter(state=Action.State.OPEN, due_on__lt=today)
    if state in {Action.State.DONE, Action.State.NOT_DONE}:
        return rows.filter(state=state)
    return rows


def counted(rows: QuerySet[Action], today: date) -> dict[str, int]:
    """By state, in one query."""
    late = Q(state=Action.State.OPEN, due_on__lt=today)
    asked = {state: late if state == "overdue" else Q() if state == "all" else Q(state=state) for state in STATES}
    return rows.order_by().aggregate(**{state: Count("id", filter=when) for state, when in asked.items()})


def open_before(plan: Plan) -> list[Action]:
    """What was promised at earlier meetings and is still open, and what of it was settled since the last one."""
    rows = Action.objects.filter(child_id=plan.child_id).filter(Q(plan__isnull=True) | Q(plan_id__lt=plan.pk))
    rows = rows.exclude(plan__state__in=NEVER_WAS)
    rows = rows.filter(Q(state=Action.State.OPEN) | Q(plan_id=plan.previous_id, plan__isnull=False))
    return list(rows.select_related("owner").order_by("state", "due_on", "id"))


def may_mark(person: Person, child: Child, action: Action) -> bool:
    roles = set(roles_for(person, child))
    return bool(roles & MAY_MARK) or (action.owner_id == person.user.pk and bool(roles & MAY_MARK_OWN))


def finish(*, action: Action, child: Child, person: Person, told: Told, by: User) -> None:
    """Done, or not to be done: then it says why."""
    if not may_mark(person, child, action):
        raise Refused("It is not for you to say what came of this.")
    today = timezone.localdate()
    if told.state not in {Action.State.DONE, Action.State.NOT_DONE}:
        raise Refused("Choose what came of it.")
    if told.state == Action.State.NOT_DONE and not told.outcome.strip():
        raise Refused("Say why it will not be done, and what happens instead.")
    if told.done_on and told.done_on > today:
        raise Refused("The day it was done cannot be in the future.")
    Action.objects.filter(pk=action.pk).update(
        state=told.state,
        outcome=told.outcome.strip(),
        done_on=(told.done_on or today) if told.state == Action.State.DONE else None,
    )
    _tell("action.done" if told.state == Action.State.DONE else "action.not_done", action, by)


def reopen_action(*, action: Action, child: Child, person: Person, by: User) -> None:
    if not may_mark(person, child, action):
        raise Refused("It is not for you to say what came of this.")
    Action.objects.filter(pk=action.pk).update(state=Action.State.OPEN, done_on=None)
    _tell("action.reopened", action, by)


def _tell(what: str, action: Action, by: User) -> None:
    record(what, by=by.pk, authority=action.authority_id, child=action.child_id, action_id=str(action.public_id))
