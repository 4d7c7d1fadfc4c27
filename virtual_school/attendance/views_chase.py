"""Schools that owe marks of past days: the list, asking for them, and days of which none are to come."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import policy_on
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.children.models import Child
from virtual_school.design.dates import in_full
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file
from virtual_school.schools.models import School

from .chasing import NobodyToMail, Owes, ask, expect_again, expect_nothing, owing
from .forms_calls import CLOSED, AskForm, NotExpectedForm
from .marking import monday_of
from .models_calls import DayNotExpected, MarksAsked, Site, at, ids_of
from .places import how_many, kept, site_or_404, site_url
from .school_contacts import contact_of
from .school_filters import SchoolFilters, Sought, area_of, caller
from .tasks import send_asking
from .whose import Whose
from .words import date_words, day_words, plural

PAGE, LISTED = 50, 30
BACK = (5, 10, 20, 30)


class ChaseFilters(SchoolFilters):
    back = forms.ChoiceField(label="School days back")

    def __init__(self, chosen: dict[str, str], names: dict[str, str], options: list[int]) -> None:
        super().__init__(chosen, names)
        self.fields["back"].choices = [(str(n), f"{n}") for n in options]  # type: ignore[attr-defined]


def _options(authority: Authority, today: date) -> tuple[list[int], int]:
    """How many school days back one may look, and how many the council's policy says."""
    usual = policy_on(authority, today).marks_chased_school_days
    return sorted({*BACK, usual}), usual


def _found(request: HttpRequest, of: Whose) -> tuple[Sought, list[int], int, list[Owes]]:
    today = timezone.localdate()
    options, usual = _options(of.held()[0], today)
    sought = Sought(request.GET, of, back=[str(n) for n in options])
    number = int(sought.more.get("back", usual))
    rows = owing(of, today, number, adviser=sought.adviser, every_age=sought.every_age)
    return sought, options, number, [one for one in rows if sought.fits(one.site)]


@require_GET
@requires(Permission.ATTENDANCE_WRITE)
def chase(request: HttpRequest) -> HttpResponse:
    """Broken promises first, then schools never asked."""
    _, of = caller(request)
    today = timezone.localdate()
    sought, options, number, rows = _found(request, of)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "attendance/chase.html",
        {
            "rows": [_shown(one, today) for one in page.object_list],
            "page": page,
            "number": number,
            "total": len(rows),
            "how_many": how_many([one.site for one in rows]),
            "sessions": sum(one.sessions for one in rows),
            "children": len({child for one in rows for child in one.children}),
            "broken": sum(one.is_broken(today) for one in rows),
            "filter_form": ChaseFilters({**sought.chosen, "back": str(number)}, sought.names, options),
            "chips": sought.chips(),
            "export_query": sought.query(),
        },
    )


def _shown(one: Owes, today: date) -> dict[str, Any]:
    return {
        "one": one,
        "missing": f"{plural(len(one.children), 'pupil')}, {plural(len(one.days), 'day')}",
        "half_days": plural(one.sessions, "half day"),
        "last": date_words(one.last_day, today) if one.last_day else "",
        "asked": _asked_words(one.last_asked, today) if one.last_asked else "",
        "promise": day_words(one.promise, today) if one.promise else "",
        "is_broken": one.is_broken(today),
    }


def _asked_words(asked: MarksAsked, today: date) -> str:
    return f"{asked.get_how_display()}, {day_words(timezone.localdate(asked.asked_at), today)}"


COLUMNS = ("School", "URN", "Area", "Telephone", "Ask for", "E-mail", "Pupils", "Days", "Half days",
           "Last mark of", "Last mark from", "Last asked", "How", "By", "Promised by")  # fmt: skip


@require_GET
@requires(Permission.ATTENDANCE_WRITE)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, one row a school; it names no child."""
    person, of = caller(request)
    today = timezone.localdate()
    _, _, number, found = _found(request, of)
    rows = []
    for one in found:
        asked = one.last_asked
        rows.append(
            [one.site.name, one.site.urn or "", area_of(one.site), one.contact.telephone, one.contact.name,
             one.contact.email, len(one.children), len(one.days), one.sessions, one.last_day or "",
             one.came.words if one.came else "", timezone.localdate(asked.asked_at) if asked else "",
             asked.get_how_display() if asked else "", asked.by_name if asked else "", one.promise or ""]
        )  # fmt: skip
    record(
        "attendance.exported", by=person.user.pk, role=person.role, authority=person.authority_code, rows=len(rows),
        days=number,
    )  # fmt: skip
    return as_file(request.GET.get("form", ""), f"missing-marks-{today.isoformat()}", Sheet("Missing", COLUMNS, rows))


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def chase_school(request: HttpRequest, urn: int | None = None, public_id: UUID | None = None) -> HttpResponse:
    """What one school, or place off the register, owes, what it was asked, and asking it again."""
    person, of = caller(request)
    today = timezone.localdate()
    site = site_or_404(of, urn, public_id)
    is_school = isinstance(site, School)
    form = AskForm(today, is_school, request.POST or None, initial={"how": MarksAsked.How.TELEPHONE})
    if request.method == "POST" and form.is_valid() and _ask(person, of, site, form):
        messages.success(request, f"It is written down that the {'school' if is_school else 'place'} was asked.")
        return redirect(site_url("chase_school", site))
    options = _options(of.held()[0], today)
    back = request.GET.get("back", "")
    number = int(back) if back in map(str, options[0]) else options[1]
    owes = next(iter(owing(of, today, number, site=site, every_age=True)), None)
    names = Child.objects.in_bulk(owes.children if owes else [])
    days = [
        (
            one,
            sorted((names[child] for child in one.children if child in names), key=lambda child: child.surname),
            monday_of(one.day),
        )
        for one in reversed(owes.days if owes else [])
    ]
    return render(
        request,
        "attendance/chase_school.html",
        {
            "site": site,
            "what": "school" if is_school else "place",
            "contact": contact_of(site, today),
            "owes": owes,
            "shown": _shown(owes, today) if owes else None,
            "back": number,
            "furthest": max(options[0]),
            "days": days,
            "form": form,
            "log": list(MarksAsked.objects.filter(authority__in=of.authorities, **at(site))[:LISTED]),
            "excused": list(DayNotExpected.objects.filter(authority__in=of.authorities, **at(site))[:LISTED]),
            "today": today,
        },
    )  # fmt: skip


def _ask(person: Person, of: Whose, site: Site, form: AskForm) -> bool:
    asked = MarksAsked(authority_id=of.authorities[0], **ids_of(kept(site)), **form.cleaned_data)
    try:
        ask(asked, by=person.user, role=person.role)
    except NobodyToMail as problem:
        form.add_error("how", str(problem))
        return False
    if asked.how == MarksAsked.How.MAIL:
        send_asking(asked)
    return True


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def not_expected(request: HttpRequest, urn: int | None = None, public_id: UUID | None = None) -> HttpResponse:
    """No marks are to come of a day; `again` takes that back."""
    person, of = caller(request)
    today = timezone.localdate()
    site = site_or_404(of, urn, public_id)
    onwards = site_url("chase_school", site)
    if request.method == "POST" and (again := _day(request.POST.get("again", ""))):
        excused = get_object_or_404(DayNotExpected, authority=of.authorities[0], day=again, **at(site))
        expect_again(excused, by=person.user, role=person.role)
        messages.success(request, f"Marks of {in_full(again)} are expected again.")
        return redirect(onwards)
    initial = {"day": _day(request.GET.get("day", ""))}
    form = NotExpectedForm(today, isinstance(site, School), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _expect_nothing(person, of, site, form):
        messages.success(request, f"No marks of {in_full(form.cleaned_data['day'])} are expected from {site.name}.")
        return redirect(onwards)
    return render(request, "attendance/chase_not_expected.html", {"site": site, "back": onwards, "form": form})


def _expect_nothing(person: Person, of: Whose, site: Site, form: NotExpectedForm) -> bool:
    given = form.cleaned_data
    closed = given.get("kind") == CLOSED
    try:
        expect_nothing(
            of.authorities[0], site, given["day"], given["why"], closed=closed, by=person.user, role=person.role
        )
    except ValidationError as problem:
        form.add_error(None, problem.messages[0])
        return False
    if closed:
        for code in person.writes_for:
            work_out_again(code)
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
