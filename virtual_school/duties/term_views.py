"""Term dates of the authority's schools, and the bank holidays held."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities import term_dates as dates
from virtual_school.authorities.forms import DatesFileForm, DatesForm
from virtual_school.authorities.models import Authority, BankHoliday, TermDates
from virtual_school.authorities.queries import school_calendars
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.authorities.term_dates import Calendar, FaultyFile
from virtual_school.dates.ages import academic_year_label, academic_year_start
from virtual_school.design.dates import in_full
from virtual_school.schools.undo import offer, offered, taken
from virtual_school.schools.views_changes import show_problem

from .models import StandingObligation
from .whose import authority_of, may

AGAIN = "All duties are worked out again now."
YEARS_AHEAD = 2


def _calendar(authority: Authority) -> Calendar:
    return Calendar(authority.name, la_code=authority.code)


def years_by_convention(authority: Authority, on: date) -> list[str]:
    """The academic years, from this one on, in which a term's usual dates stand in for dates not held."""
    calendar, _ = school_calendars(authority.code, authority.name)
    first = academic_year_start(on)
    terms = [term for term in calendar.terms if first <= term.first_year < first + YEARS_AHEAD and term.is_fallback]
    held = {term.first_year for term in calendar.terms}
    lacking = {year for year in range(first, first + YEARS_AHEAD) if year not in held}
    return [academic_year_label(year) for year in sorted(lacking | {term.first_year for term in terms})]


@require_GET
@requires(Permission.REGISTER_READ)
def term_dates(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.REGISTER_READ)
    on = timezone.localdate()
    this_year = academic_year_label(academic_year_start(on))
    years: dict[str, list[TermDates]] = {}
    for row in _calendar(authority).rows().order_by("academic_year", "starts"):
        years.setdefault(row.academic_year, []).append(row)
    earlier = {year: rows for year, rows in reversed(years.items()) if year < this_year}
    holidays = list(BankHoliday.objects.filter(on__gte=date(on.year, 1, 1)))
    last_holiday = BankHoliday.objects.aggregate(last=Max("on"))["last"]
    known_to = date(last_holiday.year, 12, 31) if last_holiday else None
    last_due = StandingObligation.objects.filter(authority=authority, state="open").aggregate(last=Max("due_on"))[
        "last"
    ]
    context = {
        "authority": authority,
        "years": {year: rows for year, rows in years.items() if year not in earlier},
        "earlier": earlier,
        "this_year": this_year,
        "by_convention": years_by_convention(authority, on),
        "holidays": holidays,
        "known_to": known_to,
        "due_beyond": last_due if known_to is None or (last_due and last_due > known_to) else None,
        "may_write": may(request, Permission.POLICY_WRITE, authority) or may(request, Permission.IMPORT_RUN, authority),
        "undo": offered(request),
    }
    return render(request, "duties/term_dates.html", context)


def _authority_to_change(request: HttpRequest) -> Authority:
    """Term dates decide deadlines, so they are for whoever sets policy or loads data."""
    person = request.person  # type: ignore[attr-defined]
    is_policy = person.authorities_where(Permission.POLICY_WRITE)
    return authority_of(request, Permission.POLICY_WRITE if is_policy else Permission.IMPORT_RUN)


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE, Permission.IMPORT_RUN)
def add_dates(request: HttpRequest) -> HttpResponse:
    authority = _authority_to_change(request)
    form = DatesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = f"entered by {request.user.name}"
            row = dates.add(_calendar(authority), form.dates, source=source, by_id=request.user.pk)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            work_out_again(authority.code)
            messages.success(request, f"{row.label} is added to the dates of {authority.name}. {AGAIN}")
            return redirect("duties:term_dates")
    return render(request, "duties/dates_form.html", {"form": form, "authority": authority, "row": None})


def _row(authority: Authority, pk: int) -> TermDates:
    return get_object_or_404(TermDates, la_code=authority.code, pk=pk)


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE, Permission.IMPORT_RUN)
def change_dates(request: HttpRequest, pk: int) -> HttpResponse:
    authority = _authority_to_change(request)
    row = _row(authority, pk)
    now = {"kind": row.kind, "label": row.label, "starts": row.starts, "ends": row.ends}
    form = DatesForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            source = f"changed by {request.user.name}"
            dates.change(_calendar(authority), row, form.dates, source=source, by_id=request.user.pk)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            work_out_again(authority.code)
            messages.success(request, f"{row.label} is changed in the dates of {authority.name}. {AGAIN}")
            return redirect("duties:term_dates")
    return render(request, "duties/dates_form.html", {"form": form, "authority": authority, "row": row})


@require_POST
@requires(Permission.POLICY_WRITE, Permission.IMPORT_RUN)
def remove_dates(request: HttpRequest, pk: int) -> HttpResponse:
    authority = _authority_to_change(request)
    row = _row(authority, pk)
    try:
        dates.remove(_calendar(authority), row, by_id=request.user.pk)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        work_out_again(authority.code)
        words = f"{row.label} ({in_full(row.starts)}) is removed from the dates of {authority.name}. {AGAIN}"
        held = {"kind": row.kind, "label": row.label, "starts": row.starts.isoformat(), "ends": row.ends.isoformat()}
        offer(request, words, "duties:put_back_dates", **held)
    return redirect("duties:term_dates")


@require_POST
@requires(Permission.POLICY_WRITE, Permission.IMPORT_RUN)
def put_back_dates(request: HttpRequest) -> HttpResponse:
    authority = _authority_to_change(request)
    held = taken(request)
    row = dates.Dates(held["kind"], held["label"], date.fromisoformat(held["starts"]), date.fromisoformat(held["ends"]))
    try:
        dates.add(_calendar(authority), row, source=f"put back by {request.user.name}", by_id=request.user.pk)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        work_out_again(authority.code)
        messages.success(request, f"{row.label} is back in the dates of {authority.name}. {AGAIN}")
    return redirect("duties:term_dates")


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE, Permission.IMPORT_RUN)
def load_dates(request: HttpRequest) -> HttpResponse:
    authority = _authority_to_change(request)
    form = DatesFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = dates.read_csv(file.read(dates.LARGEST_FILE + 1), authority.code)
            added, changed = dates.load(
                _calendar(authority), rows, source=f"file loaded by {request.user.name}", by_id=request.user.pk
            )
        except FaultyFile as faulty:
            form.add_error("file", [f"{file.name}: {fault}" for fault in faulty.faults])
        except ValidationError as problem:
            form.add_error("file", problem.messages)
        else:
            work_out_again(authority.code)
            messages.success(
                request,
                f"{file.name}: {added} added, {changed} changed, {len(rows) - added - changed} as they were. {AGAIN}",
            )
            return redirect("duties:term_dates")
    context = {"form": form, "authority": authority, "columns": ",".join(dates.COLUMNS), "example": _example(authority)}
    return render(request, "duties/load_dates.html", context)


def _example(authority: Authority) -> list[str]:
    year = academic_year_start(timezone.localdate())
    first = date(year, 9, 1)
    autumn = first + timedelta(days=(7 - first.weekday()) % 7)
    return [
        ",".join(dates.COLUMNS),
        f"{authority.code},{academic_year_label(year)},term,Autumn term,{autumn},{date(year, 12, 18)}",
        f"{authority.code},{academic_year_label(year)},holiday,Half term,{date(year, 10, 26)},{date(year, 10, 30)}",
    ]
