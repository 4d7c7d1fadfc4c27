"""The list of plans, its download, and opening a term's plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.access.models import Role
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.audit.models import Event
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Link
from virtual_school.design.csv_download import csv_response
from virtual_school.design.list_links import choice_links, list_address

from .blind import NOT_SHOWN, unseen_plans
from .list import GROUPS, PlanFilters, Whose, authorities_of, counts, filtered, in_order, in_state, mine, whose
from .models import Plan
from .opening import open_term, would_open
from .part_clocks import Calendars
from .policy import PlanPolicy
from .presenting import date_words, left_words
from .tasks import open_term_plans
from .terms import term_of_key
from .whose_turn import Turn, calendars_by_authority, turns_of
from .workflow import NOT_DONE, State

PAGE = 50
AT_ONCE = 100
"""More plans than this are opened in the queue."""

OPENERS = frozenset({Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER})
NAMES_SHOWN = 30
KINDS, STATES = dict(Plan.Kind.choices), dict(Plan.State.choices)
SHOWN = (
    "authority_id", "public_id", "term", "kind", "phase", "template_id", "state", "school_id", "opened_on", "due_on",
    "meeting_on", "submitted_on", "approved_on", "returned_due_on", "closed_on", "clocks", "child__forename",
    "child__surname", "child__preferred_name", "child__local_id",
)  # fmt: skip
"""Of each plan on a page: all that is held of it and of a child would take as long to read as to find."""

NO_PLAN = UUID(int=0)

COLOURS = {
    State.OPEN: "grey",
    State.IN_PROGRESS: "blue",
    State.READY_FOR_MEETING: "blue",
    State.MEETING_HELD: "blue",
    State.AWAITING_SIGNOFF: "turquoise",
    State.SUBMITTED: "purple",
    State.IN_QA: "purple",
    State.RETURNED: "orange",
    State.APPROVED: "green",
    State.PUBLISHED: "green",
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    name: str
    url: str
    about: str
    what: str
    due: str
    days: str
    state: str
    colour: str
    late: bool
    turns: str
    """Whose turn it is, and by when."""


def opener(person: Person) -> bool:
    """Whether the role now chosen may open a term's plans."""
    return person.role in OPENERS and bool(person.authority_code) and person.authority_code in person.writes_for


def the_term(of: Whose, today: date) -> tuple[str, dict[int, Calendars]]:
    """The key of the present term, and the calendars by authority."""
    calendars = calendars_by_authority(authorities_of(of))
    if not calendars:
        return "", {}
    first = next(iter(calendars.values())).school_days
    try:
        return first.term_or_next(today).key, calendars
    except BeyondCalendar:
        return first.terms[-1].key, calendars


@requires(Permission.CHILD_READ)
def plans(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    of = whose(person, today)
    current, calendars = the_term(of, today)
    form = PlanFilters(request.GET, current, of, today)
    rows = filtered(of.plans(), form.chosen, today)
    is_mine = of.is_staff and request.GET.get("mine") == "1"
    if is_mine:
        rows = mine(rows, person, today)
    counted = counts(rows, today)
    group = form.cleaned_data["state"]
    shown = in_order(in_state(rows, group, today)).select_related("child").only(*SHOWN)
    paginator = Paginator(shown, PAGE)
    paginator.count = counted[group or "all"]
    page = paginator.get_page(request.GET.get("page"))
    term = form.cleaned_data["term"] or current
    return render(
        request,
        "plans/writing/list.html",
        {
            "filter_form": form,
            "chips": form.chips(request.GET),
            "states": _states(request, group, counted),
            "rows": _rows(list(page.object_list), today, calendars, of.policies, form.every["school"]),
            "page": page,
            "total": counted[group or "all"],
            "all": counted["all"],
            "counted": counted,
            "term": term_words(term) if term else "",
            "term_key": term,
            "is_staff": of.is_staff,
            "mine_url": _mine_url(request, not is_mine) if of.is_staff else "",
            "is_mine": is_mine,
            "may_open": opener(person),
            "opened": _opened_last(person.authority_code, term) if of.is_staff else None,
            "is_opening": bool(person.authority_code and _is_opening(person.authority_code)) if of.is_staff else False,
            "export_url": f"{reverse('plans:download')}?{request.GET.urlencode()}",
            "is_at_school": person.role in {Role.DESIGNATED_TEACHER, Role.DELEGATE},
        },
    )


def _rows(
    plans: list[Plan],
    today: date,
    calendars: dict[int, Calendars],
    policies: Mapping[int, PlanPolicy],
    schools: Mapping[str, str],
) -> list[PlanRow]:
    turns = turns_of(plans, today, calendars, policies)
    url = reverse("plans:plan", args=[NO_PLAN])
    return [
        _row(
            plan,
            today,
            calendars[plan.authority_id].school_days,
            turns.get(plan.pk, ()),
            schools.get(str(plan.school_id or "none"), f"School {plan.school_id}"),
            url.replace(str(NO_PLAN), str(plan.public_id)),
        )
        for plan in plans
    ]


def turn_words(turn: Turn, today: date, calendar: SchoolCalendar) -> str:
    """School: 3 school days late. Without a day, only whose turn it is."""
    left = left_words(turn.due_on, today, calendar)
    return f"{turn.who}: {left}" if left else turn.who


def _row(
    plan: Plan, today: date, calendar: SchoolCalendar, turns: Sequence[Turn], at: str, url: str
) -> PlanRow:  # fmt: skip
    year = plan.clocks.get("circumstances", {}).get("year_group")
    about = f"Year {year} · {at}" if isinstance(year, int) and year > 0 else f"Reception · {at}" if year == 0 else at
    is_open = plan.state in NOT_DONE
    due = plan.returned_due_on if plan.state == State.RETURNED and plan.returned_due_on else plan.due_on
    late = bool(is_open and due and due < today)
    if plan.state in {State.APPROVED, State.PUBLISHED} and plan.approved_on:
        told = f"approved {date_words(plan.approved_on, today)}"
    elif plan.closed_on:
        told = f"closed {date_words(plan.closed_on, today)}"
    else:
        told = f"due {date_words(due, today)}" if due else "no day set"
    return PlanRow(
        name=plan.child.name,
        url=url,
        about=about,
        what=f"{KINDS[plan.kind]}, {term_words(plan.term)}",
        due=told,
        days=left_words(due, today, calendar) if is_open and due else "",
        state="Overdue" if late else STATES[plan.state],
        colour="red" if late else COLOURS.get(State(plan.state), ""),
        late=late,
        turns=" · ".join(turn_words(turn, today, calendar) for turn in turns),
    )


def _states(request: HttpRequest, current: str, counted: dict[str, int]) -> list[Link]:
    options = {"": "All", **{key: words for key, (words, _) in GROUPS.items()}}
    return choice_links(request.GET, "state", options, current, {**counted, "": counted["all"]}, {""})


def _mine_url(request: HttpRequest, on: bool) -> str:
    return list_address(request.GET, mine="1" if on else "")


def _opened_last(authority: int | None, term: str) -> Event | None:
    # Of no child: the index leads past the many events of children.
    rows = Event.objects.filter(authority_id=authority, child_id=None, action="plans.opened", details__made__gt=0)
    return rows.filter(details__term=term).order_by("-at").first()


def _is_opening(authority: int) -> bool:
    rows = ProcrastinateJob.objects.filter(task_name="plans.open_term", status__in=["todo", "doing"])
    return rows.filter(args__authority=authority).exists()


@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """The whole list as filtered, for those who see the whole authority; that it was taken is recorded."""
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    of = whose(person, today)
    if not of.is_staff:
        return redirect("plans:list")
    current, calendars = the_term(of, today)
    form = PlanFilters(request.GET, current, of, today)
    rows: QuerySet[Plan] = in_state(filtered(of.plans(), form.chosen, today), form.cleaned_data["state"], today)
    if request.GET.get("mine") == "1":
        rows = mine(rows, person, today)
    plans = list(in_order(rows).select_related("child", "school"))
    turns = turns_of(plans, today, calendars, of.policies)
    unseen = unseen_plans()
    table: list[list[Any]] = [
        [
            plan.child.name,
            plan.child.local_id,
            term_words(plan.term),
            plan.get_kind_display(),
            plan.school.name if plan.school else "",
            plan.school_id or "",
            plan.get_state_display(),
            "yes" if plan.state in NOT_DONE and plan.due_on and plan.due_on < today else "no",
            plan.due_on,
            plan.meeting_on,
            plan.submitted_on,
            plan.approved_on,
            NOT_SHOWN if plan.pk in unseen else plan.rating,
            ", ".join(turn.who for turn in turns.get(plan.pk, ())),
            ", ".join(turn.who for turn in turns.get(plan.pk, ()) if turn.due_on and turn.due_on < today),
        ]
        for plan in plans
    ]
    record(
        "plans.exported",
        by=person.user.pk,
        role=person.role,
        authority=person.authority_code,
        rows=len(table),
        filters=form.chosen,
    )
    columns = ["Child", "Identifier", "Term", "Kind", "School", "URN", "State", "Overdue", "Due", "Meeting",
               "Submitted", "Approved", "Judged", "Waiting for", "Late with"]  # fmt: skip
    return csv_response(f"plans-{today.isoformat()}.csv", columns, table)


@dataclass(frozen=True, slots=True)
class Without:
    why: str
    n: int
    names: list[str]
    more: int


@requires(Permission.CHILD_WRITE)
def open_plans(request: HttpRequest) -> HttpResponse:
    """Who would have a plan opened and who not, before anything is done."""
    person: Person = request.person  # type: ignore[attr-defined]
    if not opener(person):
        raise PermissionDenied
    today = timezone.localdate()
    authority = Authority.objects.get(code=person.authority_code)
    calendar, _ = school_calendars(authority.code, authority.name)
    term = _term_asked(request, calendar, today)
    children, opening = would_open(authority=authority, term=term, on=today)
    if request.method == "POST":
        if len(children) > AT_ONCE:
            open_term_plans.configure(lock=f"authority.{authority.code}").defer(
                authority=authority.code, term_key=term.key, by_id=person.user.pk
            )
            messages.success(request, f"{len(children):,} plans are being opened. This page shows when it is done.")
        else:
            done = open_term(authority=authority, term=term, by=person.user, on=today, children=children)
            messages.success(request, f"Opened {plural(len(done.made))} for the {term.words}.")
        return redirect(f"{reverse('plans:list')}?term={term.key}")
    every = sorted({pk for ids in opening.without.values() for pk in ids[:NAMES_SHOWN]})
    names = {child.pk: child.name for child in Child.objects.filter(pk__in=every)}
    without = [
        Without(why, len(ids), [names[pk] for pk in ids[:NAMES_SHOWN] if pk in names], max(len(ids) - NAMES_SHOWN, 0))
        for why, ids in sorted(opening.without.items(), key=lambda pair: -len(pair[1]))
    ]
    following = calendar.next_term(calendar.term_or_next(today))
    return render(
        request,
        "plans/writing/open.html",
        {
            "authority": authority,
            "term": term,
            "n": len(children),
            "had_one": opening.had_one,
            "without": without,
            "not_for": sum(one.n for one in without),
            "in_queue": len(children) > AT_ONCE,
            "first_time": not Plan.objects.filter(authority=authority).exists(),
            "other": following if following and following.key != term.key else calendar.term_or_next(today),
        },
    )


def plural(n: int) -> str:
    return "1 plan" if n == 1 else f"{n:,} plans"


def _term_asked(request: HttpRequest, calendar: SchoolCalendar, today: date) -> Term:
    """The present term, or the one after it, whichever was asked for."""
    current = calendar.term_or_next(today)
    asked = term_of_key(calendar, request.POST.get("term") or request.GET.get("term") or "")
    following = calendar.next_term(current)
    return asked if asked is not None and asked in (current, following) else current
