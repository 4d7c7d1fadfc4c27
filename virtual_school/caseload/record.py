"""A child's record: the overview, and what every page of it has at its head."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.attendance.child_year import this_term
from virtual_school.care.history import PLACED_FOR_ADOPTION, REMAND
from virtual_school.children.models import Child, Evidence, Involvement, Sensitivity
from virtual_school.children.queries import child_for
from virtual_school.dates.ages import age_on, key_stage
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.design.components import Link
from virtual_school.duties.queries import obligations
from virtual_school.duties.rules import obligations_of_child
from virtual_school.law.obligation import State
from virtual_school.plans.blind import NOT_SHOWN, as_seen
from virtual_school.plans.gather import child_facts
from virtual_school.schools.rules import year_group_on

from . import words
from .asks import duty_of, open_on
from .next_up import MOST, Ask, agrees, ask_as_kept, ask_of, in_order
from .reader import Reader, reader_of
from .story import Story, finding, lasting, story_of
from .timeline import timeline_of

HIDDEN_AT_FIRST = {State.NOT_APPLICABLE, State.MET, State.MET_LATE}
"""What is done is behind a link: what comes next is not hidden by it."""


@dataclass(frozen=True, slots=True)
class Record:
    child: Child
    reader: Reader
    story: Story
    today: date


@dataclass(frozen=True, slots=True)
class Around:
    name: str
    initials: str
    role: str


def record_for(request: HttpRequest, public_id: object) -> Record:
    """The child with the facts, if this person may see them, else 404."""
    today = timezone.localdate()
    child = child_for(request, public_id)
    reader = reader_of(request.person, child)
    facts = as_seen(child_facts(child.authority, today, [child.pk])[child.pk], child.pk)
    return Record(child, reader, story_of(child, facts, reader, today), today)


def child_page(*permissions: Permission) -> Callable[[Callable], Callable]:
    """For pages about a child that need not the facts: fetches the child and the reader."""

    def decorate(view: Callable) -> Callable:
        @requires(*permissions)
        @wraps(view)
        def with_child(request: HttpRequest, public_id: object, **more: object) -> HttpResponse:
            child = child_for(request, public_id)
            return view(request, child, reader_of(request.person, child), **more)

        return with_child

    return decorate


@requires(Permission.CHILD_READ)
def child(request: HttpRequest, public_id: object) -> HttpResponse:
    found = record_for(request, public_id)
    wants_all = request.GET.get("all") == "1"
    year = request.GET.get("year", "")
    involved = _involved(found) if found.reader.is_staff or found.reader.sees_people else []
    asks, hidden = _asks(found, wants_all, involved)
    shown = timeline_of(found.story, found.today, int(year) if year.isdecimal() and len(year) == 4 else None)
    around = _people(involved) if found.reader.sees_people else []
    return render(
        request,
        "caseload/child.html",
        {
            **head(found, "child"),
            "timeline": shown,
            "finding": finding(found.story, found.reader, found.today),
            "asks": asks,
            "hidden": hidden,
            "wants_all": wants_all,
            "now": _now(found),
            "around": around,
            "evidence": _evidence(found) if found.reader.sees_care else [],
            "can_see_history": found.reader.can_see_history,
        },
    )


def head(found: Record, page: str) -> dict[str, object]:
    """What stands above the tabs."""
    return {
        "child": found.child,
        "sentence": _sentence(found),
        "flags": _flags(found),
        "tabs": tabs(found.child, found.reader, page),
        "reader": found.reader,
        "today": found.today,
    }


def tabs(child: Child, reader: Reader, page: str) -> list[Link]:
    """Only those the reader may open."""
    entries = [
        ("Overview", "caseload:child", True),
        ("Plans", "plans:of_child", True),
        ("Attendance", "attendance:of_child", reader.sees_attendance),
        ("What they say", "voice:of_child", True),
        ("School and care", "caseload:child_school_and_care", True),
        ("People", "caseload:child_people", reader.sees_people),
        ("History", "caseload:child_history", reader.can_see_history),
    ]
    return [
        Link(label, reverse(name, args=[child.public_id]), name == f"caseload:{page}")
        for label, name, is_there in entries
        if is_there
    ]


def _sentence(found: Record) -> str:
    """14, Year 10 · no school place since 23 October (was at Moorcroft High School) · lives in foster care."""
    story, today = found.story, found.today
    parts = []
    age = [str(age_on(found.child.born, today))] if found.child.born else []
    year = year_group_on(story.facts, today)
    if year is not None:
        age.append(words.year_words(year))
    if age:
        parts.append(", ".join(age))
    if at := story.enrolment_on(today):
        parts.append(at.school)
    elif gap := story.gap_on(today):
        last = max((e for e in story.enrolments if e.ends), key=lambda e: e.ends, default=None)
        was = f" (was at {last.school})" if last else ""
        parts.append(f"no school place since {words.date_words(gap.starts, today)}{was}")
    if found.reader.sees_care and (home := _home(found)):
        parts.append(home)
    period = story.period_on(today)
    if period and not found.reader.sees_care:
        parts.append(
            f"in care since {words.in_full(period.starts)}" if period.kind == "looked_after" else "has short breaks"
        )
    return " · ".join(parts)


IN_A = (
    "children's home",
    "secure children's home",
    "residential care home",
    "residential school",
    "family centre",
    "hospital",
    "young offender institution",
)


def _home(found: Record) -> str:
    """lives in foster care, long term (an emergency placement): in words, never where."""
    current = [h for h in found.story.homes if h.starts <= found.today and (h.ends is None or h.ends > found.today)]
    if not current:
        return ""
    said = current[-1].words[:1].lower() + current[-1].words[1:]
    emergency = " (an emergency placement)" if current[-1].is_emergency else ""
    if said.startswith("placed for adoption"):
        return said
    if said.startswith("with "):
        return f"lives {said}{emergency}"
    if said.startswith(IN_A):
        return f"lives in a {said}{emergency}"
    if said.startswith(("foster care", "supported accommodation", "semi-independent accommodation", "residential")):
        return f"lives in {said}{emergency}"
    return f"lives independently{emergency}" if said == "independent living" else f"home: {said}{emergency}"


def _flags(found: Record) -> list[str]:
    story, reader, today = found.story, found.reader, found.today
    flags = []
    if gap := story.gap_on(today):
        try:
            flags.append(f"No school place: day {story.facts.school_calendar.between(gap.starts, today)}")
        except BeyondCalendar:
            flags.append("No school place")
    year = year_group_on(story.facts, today)
    if year is not None and key_stage(year) == "KS4":
        flags.append("Key Stage 4")
    if reader.sees_care:
        flags += _care_flags(found)
    if reader.can_set_sensitive and (kind := _sensitive(found.child)):
        flags.append(f"Sensitive: {kind.lower()}, seen only by named people")
    return flags


def _care_flags(found: Record) -> list[str]:
    story, today = found.story, found.today
    homes = [h for h in story.homes if h.starts <= today and (h.ends is None or h.ends > today)]
    legal = [s for s in story.legal if s.starts <= today and (s.ends is None or s.ends > today)]
    flags = []
    if homes and homes[-1].is_emergency:
        flags.append("Emergency placement")
    if homes and homes[-1].in_area is False:
        flags.append(f"Lives outside {found.child.authority}")
    if homes and homes[-1].place in PLACED_FOR_ADOPTION:
        flags.append("Placed for adoption")
    if legal and legal[-1].code == REMAND:
        flags.append("Remanded")
    if story.facts.is_uasc and (story.facts.uasc_until is None or story.facts.uasc_until > today):
        flags.append("Unaccompanied")
    if any(starts <= today and ends is None for starts, ends, _ in story.missing):
        flags.append("Missing now")
    return flags


def _sensitive(child: Child) -> str:
    held = Sensitivity.objects.filter(authority=child.authority_id, child=child).first()
    return held.get_kind_display() if held else ""


def _asks(found: Record, wants_all: bool, involved: list[Involvement]) -> tuple[list[Ask], int]:
    """Worked out now for staff; for others as kept, since they do not see all the facts."""
    child, today = found.child, found.today
    facts = found.story.facts
    worked_out = [o for o in obligations_of_child(facts, today) if found.reader.sees_duty(o.duty)]
    if found.reader.is_staff:
        names = _by_role(involved)
        every = in_order(worked_out)
        shown = every if wants_all else [o for o in every if o.state not in HIDDEN_AT_FIRST][:MOST]
        asks = [
            ask_of(o, facts, names, today, child.public_id, found.reader.can_record, n) for n, o in enumerate(shown)
        ]
        return asks, len(every) - len(shown)
    rows = [
        row for row in obligations([child.authority_id], today).filter(child=child) if found.reader.sees_duty(row.duty)
    ]
    live = {(o.duty, o.occasion): o for o in worked_out}
    asks = []
    for n, row in enumerate(rows):
        own = live.get((row.duty, row.occasion))
        agreeing = own if own is not None and found.reader.sees_care and agrees(row, own) else None
        asks.append((row, ask_as_kept(row, agreeing, facts, today, n, found.reader.can_look_up)))
    order = {"overdue": 0, "due_soon": 1, "upcoming": 2, "not_known": 3, "met_late": 4, "met": 5, "not_applicable": 6}
    asks.sort(key=lambda pair: (order[pair[0].standing], pair[0].due_on or date.max, pair[0].duty))
    every_ask = [ask for _, ask in asks]
    shown_asks = every_ask if wants_all else [a for a in every_ask if a.state not in HIDDEN_AT_FIRST][:MOST]
    return shown_asks, len(every_ask) - len(shown_asks)


def _by_role(involved: list[Involvement]) -> dict[str, str]:
    names: dict[str, str] = {}
    for row in involved:
        names.setdefault(row.role, row.person.name)
    return names


def _involved(found: Record) -> list[Involvement]:
    return list(
        Involvement.objects.filter(open_on(found.today), authority=found.child.authority_id, child=found.child)
        .select_related("person")
        .order_by("starts", "id")
    )


def _people(involved: list[Involvement]) -> list[Around]:
    return [
        Around(
            row.person.name,
            row.person.initials,
            row.get_role_display() + (f", {row.why}" if row.why and row.role != Role.DESIGNATED_TEACHER else ""),
        )
        for row in involved
    ]


def _now(found: Record) -> list[tuple[str, str, str]]:
    """A few facts: label, value, and a line beneath."""
    story, today = found.story, found.today
    facts = []
    plans = [(plan.reviewed_on or plan.begun_on, plan) for plan in story.plans]
    held = [(on, plan) for on, plan in plans if on is not None and on <= today]
    if held:
        on, plan = max(held, key=lambda pair: pair[0])
        facts.append(
            ("Last plan", NOT_SHOWN if plan.is_rating_hidden else plan.rating or "Not rated", words.in_full(on))
        )
    else:
        facts.append(("Last plan", "None held", "No plan dates are loaded" if not story.facts.plans_known else ""))
    begun = [e for e in story.enrolments if e.starts <= today and e.kind == "main"]
    if begun:
        latest = max(begun, key=lambda e: e.starts)
        facts.append(
            (
                "Since last school move",
                words.plural((today - latest.starts).days, "day"),
                f"{latest.school}, from {words.in_full(latest.starts)}",
            )
        )
    if found.reader.sees_attendance and (term := this_term(found.child, story.facts.school_calendar, today)):
        said, sums = term
        rate = f"{sums.attendance_pct:.1f}%" if sums.attendance_pct is not None else "No marks held"
        small = f"{sums.present} of {sums.possible} half days, {said}" if sums.possible else said
        facts.append(("Attendance this term", rate, small))
    if found.reader.sees_care and story.homes:
        homes = lasting(story.homes)
        if homes:
            n = sum(1 for home in homes if home.starts > date(today.year - 1, today.month, min(today.day, 28)))
            facts.append(("Moves of home in a year", str(n), f"latest on {words.in_full(homes[-1].starts)}"))
    return facts


def _evidence(found: Record) -> list[Evidence]:
    rows = list(
        Evidence.objects.filter(authority=found.child.authority_id, child=found.child).order_by("-on", "-recorded_at")[
            :20
        ]
    )
    for row in rows:
        row.title = duty_of(row.duty).title
    return rows


def refuse_unless(allowed: bool) -> None:
    """A page this reader has no part in is not there."""
    if not allowed:
        raise Http404
