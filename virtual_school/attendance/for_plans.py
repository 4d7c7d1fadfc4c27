"""What attendance tells a plan, by the names its fields use (`plans.sources`)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.dates.ages import academic_year_start
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar, Term

from .facts import SuspensionFact
from .models_alerts import AttendanceAction
from .models_exclusion import Suspension
from .queries import sums_between
from .sums import sums_of_counts

Known = dict[str, Any]


def attendance_known(
    authority: Authority,
    suspensions: Mapping[int, Sequence[SuspensionFact]],
    since: Mapping[int, date],
    calendar: SchoolCalendar,
    day: date,
) -> dict[int, Known]:
    """By child: this year's attendance, each of the last two terms', and whether suspended since the last plan.

    `since` is the day of the last plan, where there was one. That a child was not suspended is only said where
    suspensions are kept here at all; a child without marks has no figures.
    """
    found: dict[int, Known] = {child: {} for child in suspensions}
    _figures(found, authority, calendar, day)
    is_kept = Suspension.objects.filter(authority=authority).exists()
    first = date(academic_year_start(day), 9, 1)
    for child, held in suspensions.items():
        was = any(one.cancelled_on is None and since.get(child, first) <= one.starts <= day for one in held)
        if was or is_kept:
            found[child]["attendance.suspended"] = was
    return found


def _figures(found: dict[int, Known], authority: Authority, calendar: SchoolCalendar, day: date) -> None:
    children = list(found)
    for term in _terms(calendar, day):
        for child, counts in sums_between(authority.code, term.starts, min(term.ends, day), children).items():
            sums = sums_of_counts(counts)
            if child in found and sums.possible:
                row = {
                    "term": term.words.capitalize(),
                    "possible": sums.possible,
                    "present": sums.present,
                    "authorised": sums.authorised,
                    "unauthorised": sums.unauthorised,
                }
                found[child].setdefault("attendance.terms", []).append(row)
    year = date(academic_year_start(day), 9, 1)
    for child, counts in sums_between(authority.code, year, day, children).items():
        percentage = sums_of_counts(counts).attendance_pct
        if child in found and percentage is not None:
            found[child]["attendance.this_year"] = float(round(percentage, 1))


def _terms(calendar: SchoolCalendar, day: date) -> list[Term]:
    """The term before and the one a day lies in, or that ended last."""
    try:
        term = calendar.term_on(day) or calendar.previous_term(calendar.term_or_next(day))
    except BeyondCalendar:
        return []
    if term is None:
        return []
    before = calendar.previous_term(term)
    return [before, term] if before is not None else [term]


def open_actions(child: Child) -> list[AttendanceAction]:
    """What is still to be done about the child's attendance. Those at home are shown none of it by the database."""
    rows = AttendanceAction.objects.filter(authority=child.authority_id, child=child, done_on__isnull=True)
    return list(rows.select_related("alert"))
