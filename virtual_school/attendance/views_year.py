"""A child's attendance: the year as a picture, its sums, and beneath it suspensions and provision."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.models import Child
from virtual_school.dates.ages import academic_year_label
from virtual_school.design.components import Cell, Column, Link, Table
from virtual_school.design.dates import in_full
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file
from virtual_school.schools.models import School

from .alert_settings import TITLES, Rule
from .alerting import STANDS
from .child_year import ChildYear, child_year, span_of
from .codes import codes
from .exclusion_codes import words_of
from .models import CallAnswer, SessionTotals
from .models_alerts import AttendanceAction, AttendanceAlert
from .models_exclusion import RiskMeeting, Suspension
from .models_provision import EducationStep, Provision
from .queries import school_name
from .seeing import child_seen
from .sums import percentage
from .views_provision import provision_rows
from .words import date_words, days_out, state_words, what_words, where_words, year_of

SESSIONS = {"am": "morning", "pm": "afternoon"}
MOST = 30


@require_GET
@requires(Permission.CHILD_READ)
def of_child(request: HttpRequest, public_id: object) -> HttpResponse:
    child, sight = child_seen(request, public_id)
    today = timezone.localdate()
    provisions = list(Provision.objects.filter(authority=child.authority_id, child=child).select_related("school"))
    found = child_year(child, span_of(_year(request), today), provisions, today)
    rows = list(Suspension.objects.filter(authority=child.authority_id, child=child).select_related("school"))
    rows.sort(key=lambda one: (one.starts, one.pk), reverse=True)
    this_year = [one for one in rows if _same_year(one.starts, today) and not one.cancelled_on]
    step = EducationStep.objects.filter(authority=child.authority_id, child=child, done_on__isnull=True).first()
    return render(
        request,
        "attendance/of_child.html",
        {
            "child": child,
            "sight": sight,
            "about": year_of(child.born, today),
            "year": found,
            "months": _months_words(found, today),
            "attended": _attended(found),
            "zoom": _zoom(found),
            "by_month": _by_month(found),
            "sums": _sums(found),
            "differing": _differing(found),
            "clashes": _clashes(found),
            "corrected": sum(not one.is_other_source for one in found.held.earlier),
            "as_sent": _as_sent(found),
            "told": _told(found),
            "suspensions": _of_child(rows, today),
            "lost": days_out(sum(one.sessions for one in this_year)),
            "n": len([one for one in this_year if one.category != Suspension.Category.PERMANENT]),
            "meetings": list(RiskMeeting.objects.filter(authority=child.authority_id, child=child)),
            "provisions": provision_rows(provisions, today),
            "alerts": _alerts(child, today),
            "actions": [
                (one, one.done_on is None and one.by_on < today)
                for one in AttendanceAction.objects.filter(
                    authority=child.authority_id, child=child, done_on__isnull=True
                ).select_related("alert")
            ],
            "step": step,
            "step_is_late": step is not None and step.by_on < today,
            "export_query": f"year={found.span.year}&" if found.span.year else "",
        },
    )


def _alerts(child: Child, today: date) -> Table:
    """The latest first; those that stand are words in bold."""
    found = AttendanceAlert.objects.filter(authority=child.authority_id, child=child).order_by("-raised_at", "-id")
    rows = [
        [
            Cell(
                TITLES[Rule(one.rule)],
                reverse("attendance:alert", args=[one.public_id]),
                one.reasons[0] if one.reasons else "",
            ),
            date_words(timezone.localdate(one.raised_at), today),
            Cell(
                one.get_state_display(),
                small=one.get_outcome_display() or one.outcome_words,
                strong=one.state in STANDS,
            ),
            one.owner_name or "Nobody yet",
        ]
        for one in found[:MOST]
    ]
    return Table("Attendance alerts", ["What was seen", "Raised", "State", "Whose"], rows)


def _year(request: HttpRequest) -> int | None:
    year = request.GET.get("year", "")
    return int(year) if year.isdecimal() and len(year) == 4 and 2000 <= int(year) <= 2100 else None


def _months_words(found: ChildYear, today: date) -> str:
    if found.span.year is not None:
        return f"School year {academic_year_label(found.span.year)}"
    return f"{found.span.first:%B} {found.span.first.year} to today"


def _attended(found: ChildYear) -> str:
    sums = found.sums
    if not sums.possible:
        return "No half day that counts is held"
    week = percentage(10, sums.possible, 1)
    return (
        f"{sums.present:,} of {sums.possible:,} half days attended ({sums.attendance_pct:.1f}%): one week is worth "
        f"{week} points"
    )


def _zoom(found: ChildYear) -> list[Link]:
    here = reverse("attendance:of_child", args=[found.child.public_id])
    return [
        Link("The last 12 months", here, found.span.year is None),
        *(Link(academic_year_label(year), f"{here}?year={year}", year == found.span.year) for year in found.years),
    ]


MONTH_COLUMNS = ("Possible", "Attended", "Ill", "Other authorised", "Without leave, or not known", "Suspended",
                 "Late before close", "Days with no place")  # fmt: skip


def _by_month(found: ChildYear) -> Table:
    return Table(
        "Attendance by month, in half days",
        ["Month", *(Column(name, number=True) for name in MONTH_COLUMNS)],
        _month_rows(found),
    )


def _month_rows(found: ChildYear) -> list[list[Any]]:
    return [
        [
            month.name, month.sums.possible, month.sums.present, month.ill,
            month.sums.authorised - month.ill - month.suspended, month.sums.unauthorised, month.suspended,
            month.sums.late_before_close, month.days_without_place,
        ]
        for month in found.months
    ]  # fmt: skip


def _sums(found: ChildYear) -> Table:
    names = ("Possible", "Attended", "Of it, approved elsewhere", "Authorised", "Unauthorised", "Late", "Days without any provision",
             "Attended %", "Absent %")  # fmt: skip
    rows = []
    for row in found.rows:
        one = row.sums
        rates = [f"{rate:.1f}" if rate is not None else "–" for rate in (one.attendance_pct, one.absence_pct)]
        rows.append(
            [
                Cell(row.words, small="severe" if one.is_severe else "persistent" if one.is_persistent else ""),
                one.possible, one.present, one.approved, one.authorised, one.unauthorised, one.late, row.days_without_provision,
                *rates,
            ]
        )  # fmt: skip
    return Table("Totals, in half days", ["When", *(Column(name, number=True) for name in names)], rows)


def _differing(found: ChildYear) -> Table:
    """Where a second source says otherwise than the mark that stands; the latest first."""
    held = found.held
    stands = {
        (day.day, day.urn, s): (getattr(day, s), getattr(day, f"{s}_came"), day.school)
        for day in held.days
        for s in SESSIONS
    }
    rows = []
    for one in sorted(held.disagreements, key=lambda one: one.day, reverse=True)[:MOST]:
        code, came, school = stands[one.day, one.urn, one.session]
        rows.append(
            [
                f"{in_full(one.day)}, {SESSIONS[one.session]}",
                Cell(_said(code), small=f"{school}: {_came(came)}"),
                Cell(_said(one.code), small=_came(one.came)),
            ]
        )
    return Table("Two sources differ", ["Half day", "Counts", "Also said"], rows)


def _said(code: str) -> str:
    return f"{code}: {codes()[code].words}" if code in codes() else "No mark"


def _came(came: Any) -> str:
    if came is None:
        return "source not held"
    return f"{came.words}, {in_full(timezone.localdate(came.at))}"


def _clashes(found: ChildYear) -> list[str]:
    return [f"{in_full(day)}, {SESSIONS[session]}" for day, session in found.held.clashes][-MOST:]


def _told(found: ChildYear) -> Table:
    """What schools said of the child on the telephone, the latest first; struck out where the call was."""
    child, span = found.child, found.span
    said = CallAnswer.objects.filter(authority=child.authority_id, child=child, day__range=(span.first, span.last))
    names = dict(School.objects.filter(urn__in={one.urn for one in said}).values_list("urn", "name"))
    rows = []
    for one in said[:MOST]:
        marks = ", ".join(f"{_said(code)} ({SESSIONS[s]})" for s, code in (("am", one.am), ("pm", one.pm)) if code)
        at = timezone.localtime(one.rung_at)
        rows.append(
            [
                Cell(
                    f"{in_full(at.date())}, {at:%H:%M}", small="struck out: it was a mistake" if one.is_struck else ""
                ),
                Cell(school_name(one.urn, names), small=f"told to {one.by_name}"),
                marks or "No mark",
                one.words or "–",
            ]
        )
    return Table("Told on the telephone", ["When", "School", "Mark", "In the school’s words"], rows)


def _as_sent(found: ChildYear) -> Table:
    child = found.child
    rows = [
        [
            one.period, one.get_source_display(), "–" if one.possible is None else one.possible,
            "–" if one.authorised is None else one.authorised, "–" if one.unauthorised is None else one.unauthorised,
            one.doubt,
        ]
        for one in SessionTotals.objects.filter(authority=child.authority_id, child=child).order_by("-received_at")[:MOST]
    ]  # fmt: skip
    return Table(
        "Totals as schools sent them",
        [
            "Period",
            "From",
            Column("Possible", number=True),
            Column("Authorised", number=True),
            Column("Unauthorised", number=True),
            "To look at",
        ],
        rows,
    )


@require_GET
@requires(Permission.CHILD_READ)
def download(request: HttpRequest, public_id: object) -> HttpResponse:
    """The table by month; that it was taken is recorded."""
    child, _ = child_seen(request, public_id)
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    provisions = list(Provision.objects.filter(authority=child.authority_id, child=child))
    found = child_year(child, span_of(_year(request), today), provisions, today)
    record(
        "attendance.exported", by=person.user.pk, role=person.role, authority=child.authority_id, child=child.pk,
        rows=len(found.months),
    )  # fmt: skip
    said = [f"{child.name}. {_attended(found)}. School days by {found.held.calendar_words}."]
    sheet = Sheet("Attendance by month", ("Month", *MONTH_COLUMNS), _month_rows(found), said)
    return as_file(request.GET.get("form", ""), f"attendance-of-a-child-{today.isoformat()}", sheet)


def _same_year(one: date, other: date) -> bool:
    return (one.year - (one.month < 9)) == (other.year - (other.month < 9))


def _of_child(rows: list[Suspension], today: date) -> Table:
    return Table(
        "Suspensions and exclusions",
        ["What", "School", "Why", "Now"],
        [
            [
                Cell(what_words(one, today), reverse("attendance:suspension", args=[one.public_id])),
                where_words(one) or "Not held",
                ", ".join(words_of(code) for code in one.reasons) or "Not held",
                Cell(
                    state_words(one, today)[0], small=f"told {date_words(timezone.localdate(one.notified_at), today)}"
                ),
            ]
            for one in rows
        ],
    )
