"""Terms out of the term dates councils and schools publish.

There is no national shape. Some publish terms, some half terms as terms ("Term 1" to "Term 6", "Second half
of autumn term"), some only their holidays; all three are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from .ages import academic_year_start
from .counted_days import in_full
from .school_days import SATURDAY, SEASONS, SchoolCalendar, Season, Term, fallback_terms

__all__ = ["TermDates", "school_calendar"]

HALF_TERM = "half term"
OVER_A_WEEKEND = timedelta(days=3)
HOLIDAY_WORDS: dict[Season, tuple[str, ...]] = {
    "autumn": ("christmas", "winter"),
    "spring": ("easter", "spring holiday", "spring break"),
    "summer": ("summer",),
}


@dataclass(frozen=True, slots=True)
class TermDates:
    """One row of published dates, both ends included. A holiday may be a half term or a training day too."""

    academic_year: str
    kind: Literal["term", "holiday"]
    label: str
    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError(f"{self.label} ends on {in_full(self.ends)}, before it starts on {in_full(self.starts)}.")
        if self.kind not in ("term", "holiday"):
            raise ValueError(f"{self.label} is a term or a holiday, not {self.kind!r}.")

    @property
    def first_year(self) -> int:
        try:
            return int(self.academic_year[:4])
        except ValueError as error:
            raise ValueError(
                f"{self.label} is in the academic year {self.academic_year!r}, not one like 2026/27."
            ) from error


def school_calendar(
    name: str,
    rows: Iterable[TermDates],
    bank_holidays: Mapping[date, str],
    fallback_years: Iterable[int] = (),
) -> SchoolCalendar:
    """The calendar published dates make. Years of `fallback_years` without rows get conventional terms.

    Each year is told by its first year: 2026 is 2026/27.
    """
    rows = sorted(rows, key=lambda row: (row.starts, row.ends))
    years = {row.first_year for row in rows}
    terms = [term for year in sorted(years) for term in _terms_of_year(year, rows)]
    wanted = years | set(fallback_years)
    if not wanted:
        raise ValueError(f"There are no term dates to build the calendar of {name} from.")
    for year in range(min(wanted), max(wanted) + 1):
        if year not in years:
            terms += _clear_of(fallback_terms(year), terms)
    closed = {day: title for day, title in bank_holidays.items() if day.weekday() < SATURDAY}
    for day in _gaps_within_terms(rows):
        closed[day] = HALF_TERM
    for row in rows:
        if row.kind == "holiday":
            closed.update(dict.fromkeys(_weekdays(row.starts, row.ends), row.label))
    return SchoolCalendar(name, terms, closed)


def _terms_of_year(year: int, rows: Sequence[TermDates]) -> list[Term]:
    spans: dict[Season, tuple[date, date]] = {}
    for row in rows:
        if row.kind == "term" and row.first_year == year:
            season = _season(row)
            starts, ends = spans.get(season, (row.starts, row.ends))
            spans[season] = (min(starts, row.starts), max(ends, row.ends))
    return [
        replace(fallback, starts=spans[fallback.season][0], ends=spans[fallback.season][1], is_fallback=False)
        if fallback.season in spans
        else _term_between_holidays(fallback, year, rows)
        for fallback in fallback_terms(year)
    ]


def _season(row: TermDates) -> Season:
    label = row.label.lower()
    for season in SEASONS:
        if season in label:
            return season
    number = label.removeprefix("term").strip()
    if number.isdigit() and 1 <= int(number) <= 6:
        return SEASONS[(int(number) - 1) // 2]
    if row.starts.month >= 8:
        return "autumn"
    return "spring" if row.starts.month <= 3 else "summer"


def _term_between_holidays(fallback: Term, year: int, rows: Sequence[TermDates]) -> Term:
    """A term told only by the holidays around it; a side no holiday tells takes the convention's day."""
    before: dict[Season, tuple[Season, int]] = {
        "autumn": ("summer", year - 1),
        "spring": ("autumn", year),
        "summer": ("spring", year),
    }
    opening = _holiday(*before[fallback.season], rows)
    closing = _holiday(fallback.season, year, rows)
    starts = _weekday_from(opening[1] + timedelta(days=1)) if opening else fallback.starts
    ends = _weekday_to(closing[0] - timedelta(days=1)) if closing else fallback.ends
    return Term(fallback.academic_year, fallback.season, starts, ends, is_fallback=not (opening and closing))


def _holiday(after: Season, year: int, rows: Sequence[TermDates]) -> tuple[date, date] | None:
    """The holiday after a term of the academic year that starts in `year`: its longest row and any adjoining.

    A lone row further off, such as Easter Monday in term, is a closed day and not the holiday.
    """
    spans = [
        (row.starts, row.ends)
        for row in rows
        if row.kind == "holiday"
        and "half" not in row.label.lower()
        and any(words in row.label.lower() for words in HOLIDAY_WORDS[after])
        and academic_year_start(row.starts) == year
    ]
    if not spans:
        return None
    first, last = max(spans, key=lambda span: span[1] - span[0])
    for starts, ends in spans:
        if starts <= last + OVER_A_WEEKEND and ends >= first - OVER_A_WEEKEND:
            first, last = min(first, starts), max(last, ends)
    return first, last


def _gaps_within_terms(rows: Sequence[TermDates]) -> Iterable[date]:
    """The weekdays between two rows that are halves of one term."""
    halves: dict[tuple[int, Season], TermDates] = {}
    for row in rows:
        if row.kind != "term":
            continue
        earlier = halves.get((row.first_year, _season(row)))
        if earlier:
            yield from _weekdays(earlier.ends + timedelta(days=1), row.starts - timedelta(days=1))
        halves[row.first_year, _season(row)] = row


def _clear_of(fallbacks: Sequence[Term], real: Sequence[Term]) -> list[Term]:
    """Conventional terms, cut short where a real term already holds the days."""
    clear = []
    for term in fallbacks:
        starts = max([term.starts, *(t.ends + timedelta(days=1) for t in real if t.starts < term.starts <= t.ends)])
        ends = min([term.ends, *(t.starts - timedelta(days=1) for t in real if starts < t.starts <= term.ends)])
        clear.append(replace(term, starts=starts, ends=ends))
    return clear


def _weekdays(first: date, last: date) -> Iterable[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if day.weekday() < SATURDAY:
            yield day


def _weekday_from(day: date) -> date:
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())


def _weekday_to(day: date) -> date:
    return day if day.weekday() < SATURDAY else day - timedelta(days=day.weekday() - SATURDAY + 1)
