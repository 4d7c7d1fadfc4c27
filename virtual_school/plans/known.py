"""What the service already knows of children, by the names templates use (`sources.SOURCES`).

A fixed number of queries for any number of children.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from virtual_school.attendance.for_plans import attendance_known
from virtual_school.authorities.models import Appointment, Authority
from virtual_school.care.facts import legal_status_on, looked_after_on, placement_on
from virtual_school.children.ethnicity import NOT_OBTAINED, with_words
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.schools.models import DesignatedTeacher, Enrolment
from virtual_school.schools.rules import enrolment_on, is_of_school_age, year_group_on

from .facts import PlanFacts
from .models import Plan
from .premium import premium_words
from .workflow import DONE, State

ROLES = {
    "people.social_worker": "social_worker",
    "people.virtual_school_adviser": "adviser",
    "people.reviewing_officer": "reviewing_officer",
    "people.carer": "carer",
    "people.personal_adviser": "personal_adviser",
}
Known = dict[str, Any]


def known(authority: Authority, facts: dict[int, PlanFacts], day: date) -> dict[int, Known]:
    """By child: fact name to value. Days are ISO text, as answers hold them. Absent facts are left out."""
    children = list(facts)
    found: dict[int, Known] = {child: _care(fact, day) for child, fact in facts.items()}
    _children(found, children)
    _people(found, children, day)
    _schools(found, children, day)
    head = (
        Appointment.objects.filter(authority=authority, kind="virtual_school_head", starts__lte=day)
        .filter(Q(ends__isnull=True) | Q(ends__gt=day))
        .first()
    )
    _last_plans(found, children)
    _attendance(found, authority, facts, day)
    for entry in found.values():
        if head:
            entry["virtual_school_head.contact"] = ", ".join(filter(None, [head.name, head.email, head.telephone]))
    return {
        child: {name: value for name, value in entry.items() if value not in (None, "")}
        for child, entry in found.items()
    }


def _last_plans(found: dict[int, Known], children: Sequence[int]) -> None:
    """What the virtual school said of the last plan that is done."""
    done = [str(state) for state in (*DONE, State.SUPERSEDED)]
    rows = Plan.objects.filter(child__in=children, state__in=done).order_by("term", "opened_on", "id")
    for child, why, rating in rows.values_list("child_id", "returned_why", "rating"):
        judged = f"Judged: {rating}" if rating else ""
        found[child]["plan.feedback"] = "\n".join(filter(None, [why, judged]))


def _attendance(found: dict[int, Known], authority: Authority, facts: dict[int, PlanFacts], day: date) -> None:
    since: dict[int, date] = {}
    for child, fact in facts.items():
        done = [
            plan.signed_off_on for plan in fact.plans if plan.signed_off_on is not None and plan.signed_off_on < day
        ]
        if done:
            since[child] = max(done)
    suspensions = {child: fact.suspensions for child, fact in facts.items()}
    calendar = next((fact.authority.school_days for fact in facts.values()), None)
    if calendar is None:
        return
    for child, entry in attendance_known(authority, suspensions, since, calendar, day).items():
        found[child] |= entry


def _care(facts: PlanFacts, day: date) -> Known:
    period, placement, legal = looked_after_on(facts, day), placement_on(facts, day), legal_status_on(facts, day)
    latest = max((s for s in facts.sdq if s.score is not None), key=lambda s: s.year, default=None)
    booked = min((review.on for review in facts.reviews if review.on > day), default=None)
    year = year_group_on(facts, day)
    entry: Known = {
        "care.started_on": period.starts.isoformat() if period else None,
        "care.legal_status": legal.words if legal else None,
        "care.placement": placement.words if placement else None,
        "care.placement_since": placement.starts.isoformat() if placement else None,
        "care.in_area": placement.in_area if placement else None,
        "care.next_review_on": booked.isoformat() if booked else None,
        "child.year_group": year,
        "sdq.latest": latest.score if latest else None,
        "funding.eligibility": premium_words(facts, day),
        "school.days_without": _days_without(facts, day),
    }
    if period:
        entry["care.placements_count"] = sum(p.starts >= period.starts for p in facts.placements)
    return entry


def _days_without(facts: PlanFacts, day: date) -> int | None:
    """School days, in care and of school age, since the last enrolment ended or coming into care, this day included."""
    period = looked_after_on(facts, day)
    if period is None or not facts.enrolments_known or enrolment_on(facts, day) or not is_of_school_age(facts, day):
        return None
    ended = [one.ends for one in facts.enrolments if one.kind == "main" and one.ends is not None and one.ends <= day]
    try:
        return facts.school_calendar.between(max([*ended, period.starts]) - timedelta(days=1), day)
    except BeyondCalendar:
        return None


def _children(found: dict[int, Known], children: Sequence[int]) -> None:
    for child in Child.objects.filter(id__in=children):
        found[child.pk] |= {
            "child.legal_name": f"{child.forename} {child.surname}".strip(),
            "child.preferred_name": child.preferred_name or child.forename,
            "child.born": child.born.isoformat() if child.born else None,
            "child.sex": child.get_sex_display(),
            "child.ethnicity": "" if child.ethnicity == NOT_OBTAINED else with_words(child.ethnicity),
            "child.upn": child.upn,
            "child.local_id": child.local_id,
        }


def _people(found: dict[int, Known], children: Sequence[int], day: date) -> None:
    rows = (
        Involvement.objects.filter(child__in=children, starts__lte=day, role__in=ROLES.values())
        .filter(Q(ends__isnull=True) | Q(ends__gt=day))
        .order_by("starts")
        .values_list("child_id", "role", "person__name")
    )
    names = {role: name for name, role in ROLES.items()}
    for child, role, person in rows:
        found[child][names[role]] = person


def _schools(found: dict[int, Known], children: Sequence[int], day: date) -> None:
    rows = Enrolment.objects.filter(child__in=children, starts__lte=day).select_related("school").order_by("starts")
    history: dict[int, list[dict[str, str]]] = defaultdict(list)
    current: dict[int, Enrolment] = {}
    for enrolment in rows:
        name = enrolment.school.name if enrolment.school else enrolment.provision
        history[enrolment.child_id].append(
            {
                "school": name,
                "from": enrolment.starts.isoformat(),
                "to": enrolment.ends.isoformat() if enrolment.ends else "",
            }
        )
        if enrolment.kind == "main" and (enrolment.ends is None or enrolment.ends > day):
            current[enrolment.child_id] = enrolment
    teachers = dict(
        DesignatedTeacher.objects.filter(
            school__in={e.school_id for e in current.values() if e.school_id}, starts__lte=day
        )
        .filter(Q(ends__isnull=True) | Q(ends__gt=day))
        .values_list("school_id", "person__name")
    )
    for child, enrolment in current.items():
        school = enrolment.school
        found[child] |= {
            "school.name": school.name if school else enrolment.provision,
            "school.enrolled_on": enrolment.starts.isoformat(),
            "people.designated_teacher": teachers.get(enrolment.school_id),
        }
    for child, places in history.items():
        found[child]["school.history"] = places
