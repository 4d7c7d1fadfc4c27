"""A child's enrolments, homes, legal statuses, reviews, plans and times missing, each as a table."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.care.history import END_WORDS
from virtual_school.children.models import FormerName, SupportPeriod
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Table
from virtual_school.plans.blind import NOT_SHOWN

from . import words
from .record import Record, head, record_for
from .story import home_words, legal_words

IN_AREA = {True: "In the area", False: "Outside the area", None: "Not known"}


@requires(Permission.CHILD_READ)
def school_and_care(request: HttpRequest, public_id: object) -> HttpResponse:
    found = record_for(request, public_id)
    tables = [
        _schools(found),
        _plans(found),
        _care(found),
        *((_homes(found), _legal(found), _reviews(found), _missing(found)) if found.reader.sees_care else ()),
        _support(found),
        _former_names(found),
    ]
    shown = [table for table in tables if table.rows]
    return render(
        request,
        "caseload/school_and_care.html",
        {**head(found, "child_school_and_care"), "tables": shown, "identifiers": _identifiers(found)},
    )


def _until(day: date | None) -> str:
    return words.in_full(day) if day else "now"


def _schools(found: Record) -> Table:
    rows = [
        [
            e.school,
            words.in_full(e.starts),
            _until(e.ends),
            "Main" if e.kind == "main" else "Subsidiary",
            words.year_words(e.year_group) if e.year_group is not None else "By age",
        ]
        for e in reversed(found.story.enrolments)
    ]
    return Table("Schools", ["School", "From", "To", "Registration", "Taught in"], rows)


def _plans(found: Record) -> Table:
    def said(day: date | None) -> str:
        return words.in_full(day) if day else "Not held"

    rows = [
        [
            words.capital(term_words(plan.term_key)) or "Term not held",
            said(plan.initiated_on),
            said(plan.meeting_on),
            said(plan.signed_off_on),
            NOT_SHOWN if plan.is_rating_hidden else plan.rating or "Not rated",
        ]
        for plan in reversed(found.story.plans)
    ]
    return Table("Personal education plans", ["Term", "Begun", "Meeting", "Signed off", "Rating"], rows)


def _care(found: Record) -> Table:
    rows = [
        [
            "Looked after" if p.kind == "looked_after" else "Short breaks",
            words.in_full(p.starts) if p.starts_known else f"before {words.in_full(p.starts)}",
            _until(p.ends),
            END_WORDS.get(p.end_reason, "") if found.reader.sees_care else "",
        ]
        for p in reversed(found.story.periods)
    ]
    if not found.reader.sees_care:
        return Table("Time in care", ["Care", "From", "To"], [row[:3] for row in rows])
    return Table("Time in care", ["Care", "From", "To", "How it ended"], rows)


def _homes(found: Record) -> Table:
    columns = ["Lives with", "From", "To", "Where"]
    rows = [[home_words(h), words.in_full(h.starts), _until(h.ends), IN_AREA[h.in_area]] for h in found.story.homes]
    if found.reader.sees_addresses:
        columns.append("Postcode")
        for row, home in zip(rows, found.story.homes, strict=True):
            row.append(home.postcode or "Not held")
    return Table("Homes", columns, rows[::-1])


def _legal(found: Record) -> Table:
    rows = [[legal_words(s), words.in_full(s.starts), _until(s.ends)] for s in reversed(found.story.legal)]
    return Table("Legal status", ["Status", "From", "To"], rows)


def _reviews(found: Record) -> Table:
    rows = [[words.in_full(on), "Booked" if on > found.today else "Held"] for on in reversed(found.story.reviews)]
    return Table("Reviews of the care plan", ["Day", "How it stands"], rows)


def _missing(found: Record) -> Table:
    rows = [
        ["Missing" if kind == "M" else "Away without authorisation", words.in_full(starts), _until(ends)]
        for starts, ends, kind in reversed(found.story.missing)
    ]
    return Table("Times missing", ["What", "From", "To"], rows)


def _support(found: Record) -> Table:
    kinds = dict(SupportPeriod.Kind.choices)
    rows = [[kinds[s.kind], words.in_full(s.starts), _until(s.ends)] for s in reversed(found.story.facts.support)]
    return Table("With a social worker, or in kinship care", ["Support", "From", "To"], rows)


def _former_names(found: Record) -> Table:
    if not found.reader.sees_care:
        return Table("Former names", ["Name"], [])
    rows = [
        [f"{row.forename} {row.surname}".strip(), words.in_full(row.until) if row.until else "Not held"]
        for row in FormerName.objects.filter(authority=found.child.authority_id, child=found.child).order_by("-until")
    ]
    return Table("Former names", ["Name", "Until"], rows)


def _identifiers(found: Record) -> list[tuple[str, str]]:
    """Whole numbers are here, for those who work with them, and nowhere in a list."""
    child = found.child
    said = [("Date of birth", words.in_full(child.born) if child.born else "Not held")]
    if found.reader.sees_numbers:
        said.append(("UPN", child.upn or "Not held"))
    if found.reader.is_staff:
        said.append(("ULN", child.uln or "Not held"))
        said.append(("The authority’s identifier", child.local_id))
    return said
