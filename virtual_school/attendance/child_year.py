"""A child's year, ready to be drawn and told: each day's look, the months, the sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString, mark_safe

from virtual_school.care.models import CarePeriod
from virtual_school.children.models import Child
from virtual_school.dates.ages import academic_year_label, academic_year_start, of_compulsory_school_age
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.school_days import Term as SchoolTerm

from . import pictures_year as look
from .codes import ATTENDED, EXCLUDED, Counts, codes
from .models import MonthSums
from .models_provision import Provision
from .pattern import ILL, Marked, Pattern, Term, pattern
from .pictures_year import KeyEntry, Square, key, month_name, month_picture
from .queries import YearOf, days_of, sums_between
from .recounting import main_on
from .sums import Mark, Session, Sums, between, days_without_provision, sums_of, sums_of_counts

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The months shown, each by its first day; `year` is None for the last twelve."""

    months: tuple[date, ...]
    year: int | None

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        return _next(self.months[-1]) - ONE_DAY


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def span_of(year: int | None, today: date) -> Span:
    month = date(today.year - 1, today.month, 1) if year is None else date(year, 8, 1)
    months = []
    for _ in range(12):
        month = _next(month)
        months.append(month)
    return Span(tuple(months), year)


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    drawing: str
    sums: Sums
    ill: int
    suspended: int
    days_without_place: int

    @property
    def picture(self) -> SafeString:
        return mark_safe(self.drawing)  # noqa: S308 -- made of our own words and numbers


@dataclass(frozen=True, slots=True)
class SumsRow:
    words: str
    sums: Sums
    days_without_provision: int


@dataclass
class ChildYear:
    child: Child
    span: Span
    held: YearOf
    months: list[Month]
    key: list[KeyEntry]
    pattern: Pattern
    rows: list[SumsRow]
    years: list[int]

    @property
    def drawn_key(self) -> list[tuple[SafeString, str]]:
        return [(mark_safe(one.drawing), one.words) for one in self.key]  # noqa: S308

    @property
    def sums(self) -> Sums:
        return self.held.sums(self.span.first, self.span.last)


def child_year(child: Child, span: Span, provisions: Sequence[Provision], today: date) -> ChildYear:
    this_year = academic_year_start(today)
    held = days_of(child, min(span.first, date(this_year - 1, 9, 1)), max(span.last, today))
    care = list(
        CarePeriod.objects.filter(authority=child.authority_id, child=child, kind="looked_after").values_list(
            "starts", "ends"
        )
    )
    marks = marks_of(held)
    by_session = {(one.day, one.session): one.code for one in marks}
    days = {day: _square(day, by_session, child, held, care, provisions, today) for day in _weekdays(span)}
    months = [_month(month, span, days, marks) for month in span.months]
    shown = [one for one in marks if span.first <= one.day <= span.last]
    this, last = _terms(held, child, today)
    is_now = span.year in (None, this_year)
    found = pattern(
        shown,
        days_without_place=sum(month.days_without_place for month in months),
        this_term=_term(this, held, today) if is_now and this else None,
        last_term=_term(last, held, today) if is_now and last else None,
        year_to_date=held.sums(date(this_year, 9, 1), today) if is_now else None,
    )
    looks = {half for square in days.values() if square for half in (square.am, square.pm)}
    rows = _rows(held, this, last, marks, today)
    return ChildYear(child, span, held, months, key(sorted(looks)), found, rows, _years(child, today))


def marks_of(held: YearOf) -> list[Marked]:
    """Each session once, in the order of time."""
    found = [
        Marked(day.day, session, code)
        for day in held.days
        for session, code, counts in (("am", day.am, day.am_counts), ("pm", day.pm, day.pm_counts))
        if code and counts
    ]
    once: dict[tuple[date, Session], Marked] = {}
    for one in found:
        before = once.get((one.day, one.session))  # type: ignore[arg-type]
        if before is None or (codes()[one.code].is_possible and not codes()[before.code].is_possible):
            once[one.day, one.session] = one  # type: ignore[index]
    return [once[key] for key in sorted(once)]


def _weekdays(span: Span) -> list[date]:
    days = ((span.first + n * ONE_DAY) for n in range((span.last - span.first).days + 1))
    return [day for day in days if day.weekday() < 5]


def _square(
    day: date, by_session: dict[tuple[date, Session], str], child: Child, held: YearOf,
    care: Sequence[tuple[date, date | None]], provisions: Sequence[Provision], today: date,
) -> Square | None:  # fmt: skip
    am, pm = by_session.get((day, "am")), by_session.get((day, "pm"))
    blank = look.CLOSED
    if not (am and pm):
        on_roll = main_on(held.school_spells, day)
        urn = next((urn for urn, is_main in on_roll.items() if is_main), None)
        kept = held.calendars.of(urn) if held.calendars else None
        is_open = kept.is_school_day(day) if kept else None
        if is_open:
            blank = _without_mark(day, bool(on_roll), child, care, provisions, today)
        elif is_open is None and not (am or pm):
            return None
    if not (am or pm) and not blank:
        return None
    return Square(_look(am) if am else blank, _look(pm) if pm else blank)


def _without_mark(
    day: date, is_on_roll: bool, child: Child, care: Sequence[tuple[date, date | None]],
    provisions: Sequence[Provision], today: date,
) -> str:  # fmt: skip
    if day > today:
        return look.TO_COME
    is_in_care = any(starts <= day and (ends is None or ends > day) for starts, ends in care)
    if not is_in_care:
        return ""
    if is_on_roll:
        return look.NO_MARK
    if not child.born or not of_compulsory_school_age(child.born, day):
        return ""
    taught = any(one.starts <= day and (one.ends is None or one.ends > day) for one in provisions)
    return look.TUITION if taught else look.NO_PLACE


def _look(code: str) -> str:
    found = codes()[code]
    if found.counts in ATTENDED:
        return look.IN
    if code == EXCLUDED:
        return look.SUSPENDED
    if code == ILL:
        return look.ILL
    return {Counts.AUTHORISED: look.LEAVE, Counts.UNAUTHORISED: look.TRUANT}.get(found.counts, look.NOT_DUE)


def _month(month: date, span: Span, days: dict[date, Square | None], marks: Sequence[Marked]) -> Month:
    own = [one for one in marks if one.day.year == month.year and one.day.month == month.month]
    squares = {day: square for day, square in days.items() if square and day.month == month.month}
    sums = sums_of(one.code for one in own)
    without = sum(look.NO_PLACE in (one.am, one.pm) or look.TUITION in (one.am, one.pm) for one in squares.values())
    ill, suspended = sum(one.code == ILL for one in own), sum(one.code == EXCLUDED for one in own)
    if sums.possible:
        said = f"{sums.present} of {sums.possible} half days attended, {ill} ill, {sums.unauthorised} without leave or not known, {suspended} suspended"
    else:
        said = "no marks" if any(look.CLOSED not in (one.am, one.pm) for one in squares.values()) else "school holiday"
    if without:
        said += f"; no school place on {without} days"
    with_year = month == span.first or month.month == 1
    name = month_name(month, year=with_year)
    drawing = month_picture(month, squares, name, said, f"m{month:%y%m}")
    return Month(month_name(month, year=True), drawing, sums, ill, suspended, without)


def _terms(held: YearOf, child: Child, today: date) -> tuple[SchoolTerm | None, SchoolTerm | None]:
    """The term a day lies in or the one that went before it, and the one before that."""
    if held.calendars is None:
        return None, None
    urn = next((urn for urn, is_main in main_on(held.school_spells, today).items() if is_main), None)
    calendar = held.calendars.of(urn).calendar
    try:
        this = calendar.term_on(today) or calendar.previous_term(calendar.term_or_next(today))
        return this, calendar.previous_term(this) if this else None
    except BeyondCalendar:
        return None, None


def _term(term: SchoolTerm, held: YearOf, today: date) -> Term:
    return Term(term.words, held.sums(term.starts, min(term.ends, today)))


def _rows(
    held: YearOf, this: SchoolTerm | None, last: SchoolTerm | None, marks: Sequence[Marked], today: date
) -> list[SumsRow]:
    year = academic_year_start(today)
    spans = [(f"Last 4 weeks, to {today.day} {today:%B}", today - timedelta(days=27), today)]
    if this:
        spans.append((this.words[:1].upper() + this.words[1:], this.starts, min(this.ends, today)))
    if last:
        spans.append((last.words[:1].upper() + last.words[1:], last.starts, last.ends))
    a_year_ago = (
        today.replace(year=today.year - 1, day=min(today.day, 28))
        if today.month == 2
        else today.replace(year=today.year - 1)
    )
    spans += [
        (f"School year {academic_year_label(year)}, to date", date(year, 9, 1), today),
        (f"The same days of {academic_year_label(year - 1)}", date(year - 1, 9, 1), a_year_ago),
        (f"The whole of {academic_year_label(year - 1)}", date(year - 1, 9, 1), date(year, 8, 31)),
    ]  # fmt: skip
    every = [Mark(*one) for one in marks]
    return [
        SumsRow(words, held.sums(first, end), days_without_provision(between(every, first, end)))
        for words, first, end in spans
    ]


def _years(child: Child, today: date) -> list[int]:
    """School years with marks, the latest first."""
    months = MonthSums.objects.filter(authority=child.authority_id, child=child, possible__gt=0).values_list(
        "month", flat=True
    )
    return sorted({academic_year_start(month) for month in months}, reverse=True)


def this_term(child: Child, calendar: SchoolCalendar, today: date) -> tuple[str, Sums] | None:
    """The term a day lies in, in words, and its sums; None in the holidays."""
    try:
        term = calendar.term_on(today)
    except BeyondCalendar:
        return None
    if term is None:
        return None
    counts = sums_between(child.authority_id, term.starts, today, [child.pk]).get(child.pk, {})
    return term.words, sums_of_counts(counts)
