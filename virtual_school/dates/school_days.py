"""School days and terms, as one school or one authority keeps them."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from .ages import academic_year_label
from .counted_days import BeyondCalendar, CountedDays, in_full

__all__ = ["BeyondCalendar", "SchoolCalendar", "Season", "Term", "fallback_calendar", "fallback_terms"]

Season = Literal["autumn", "spring", "summer"]
SEASONS: tuple[Season, ...] = ("autumn", "spring", "summer")
BREAK_AFTER: dict[Season, str] = {
    "autumn": "Christmas holiday",
    "spring": "Easter holiday",
    "summer": "summer holiday",
}
SATURDAY = 5


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One of the three terms of an academic year, both ends included.

    `is_fallback` marks the convention used where no dates are held (duties 1.1): say so beside any count.
    """

    academic_year: str
    season: Season
    starts: date
    ends: date
    is_fallback: bool = False

    def __post_init__(self) -> None:
        if self.season not in SEASONS:
            raise ValueError(f"A term is autumn, spring or summer, not {self.season!r}.")
        if self.academic_year != academic_year_label(self.first_year):
            raise ValueError(f"An academic year is written 2026/27, not {self.academic_year!r}.")
        if self.ends < self.starts:
            raise ValueError(
                f"The {self.words} ends on {in_full(self.ends)}, before it starts on {in_full(self.starts)}."
            )

    @property
    def first_year(self) -> int:
        try:
            return int(self.academic_year[:4])
        except ValueError as error:
            raise ValueError(f"An academic year is written 2026/27, not {self.academic_year!r}.") from error

    @property
    def key(self) -> str:
        return f"{self.academic_year}-{self.season}"

    @property
    def words(self) -> str:
        return f"{self.season} term {self.first_year + (self.season != 'autumn')}"

    @property
    def place(self) -> int:
        """Terms in the order of time, numbered without gaps."""
        return self.first_year * len(SEASONS) + SEASONS.index(self.season)


class SchoolCalendar(CountedDays):
    """The weekdays within term that are not closed.

    `closed` holds half terms, bank holidays and staff training days, each with its label. The holidays around
    the terms held are known too: from 1 August before an autumn term, to 31 August after a summer term.
    """

    def __init__(self, name: str, terms: Sequence[Term], closed: Mapping[date, str]) -> None:
        self.name = name
        self.terms = tuple(sorted(terms, key=lambda term: term.starts))
        self.closed = dict(closed)
        _refuse_faulty(name, self.terms)
        self._starts = [term.starts for term in self.terms]
        first, last = self.terms[0], self.terms[-1]
        known_from, known_to = first.starts, last.ends
        if first.season == "autumn" and not first.is_fallback:
            known_from = min(known_from, date(first.first_year, 8, 1))
        if last.season == "summer":
            known_to = max(known_to, date(last.first_year + 1, 8, 31))
        super().__init__(known_from, known_to, self._is_open)

    def is_school_day(self, day: date) -> bool:
        return self.counts(day)

    def skipped_between(self, a: date, b: date) -> tuple[tuple[date, date, str], ...]:
        """The weekdays after `a`, up to and including `b`, that are no school days: (first, last, label).

        Neighbours under one label stand together; a weekend does not part them.
        """
        self._up_to(a), self._up_to(b)
        spans: list[tuple[date, date, str]] = []
        for ordinal in range(a.toordinal() + 1, b.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day.weekday() >= SATURDAY or self.counts(day):
                continue
            label = self._label(day)
            if spans and spans[-1][2] == label and self._is_next_weekday(spans[-1][1], day):
                spans[-1] = (spans[-1][0], day, label)
            else:
                spans.append((day, day, label))
        return tuple(spans)

    def term_on(self, day: date) -> Term | None:
        """The term a day lies in, half terms and weekends included; None in the holidays between terms."""
        self._up_to(day)
        term = self._last_started(day)
        return term if term and day <= term.ends else None

    def term_or_next(self, day: date) -> Term:
        """The term a day lies in, else the one that starts next."""
        self._up_to(day)
        term = self._last_started(day)
        if term and day <= term.ends:
            return term
        place = bisect_right(self._starts, day)
        if place == len(self.terms):
            raise BeyondCalendar(self._refusal(f"the term after {in_full(day)}"))
        return self.terms[place]

    def previous_term(self, term: Term) -> Term | None:
        """The term before, or None when the calendar does not hold it."""
        place = term.place - self.terms[0].place - 1
        return self.terms[place] if 0 <= place < len(self.terms) else None

    def next_term(self, term: Term) -> Term | None:
        """The term after, or None when the calendar does not hold it."""
        place = term.place - self.terms[0].place + 1
        return self.terms[place] if 0 <= place < len(self.terms) else None

    def terms_between(self, a: date, b: date) -> tuple[Term, ...]:
        """The terms held with a day from `a` to `b`, both included. Days beyond the calendar hold none."""
        return tuple(term for term in self.terms if term.starts <= b and term.ends >= a)

    def school_days_left(self, day: date) -> int:
        """School days after a day to the end of its term; 0 in the holidays between terms."""
        term = self.term_on(day)
        return self.between(day, term.ends) if term else 0

    def week_of_term(self, day: date) -> int | None:
        """Which school week of its term a day lies in, counting weeks from Monday that hold a school day."""
        term = self.term_on(day)
        if term is None:
            return None
        monday = term.starts - timedelta(days=term.starts.weekday())
        weeks = 0
        while monday <= day:
            friday = min(monday + timedelta(days=4), term.ends)
            weeks += any(
                self.counts(date.fromordinal(ordinal))
                for ordinal in range(max(monday, term.starts).toordinal(), friday.toordinal() + 1)
            )
            monday += timedelta(days=7)
        return max(weeks, 1)

    def uses_fallback(self, a: date, b: date) -> bool:
        """Whether a count from `a` to `b` leans on terms by convention, since no real dates are held."""
        return any(term.is_fallback for term in self.terms_between(a, b))

    def _is_open(self, day: date) -> bool:
        if day.weekday() >= SATURDAY or day in self.closed:
            return False
        term = self._last_started(day)
        return term is not None and day <= term.ends

    def _last_started(self, day: date) -> Term | None:
        place = bisect_right(self._starts, day)
        return self.terms[place - 1] if place else None

    def _label(self, day: date) -> str:
        term = self._last_started(day)
        if term is None:
            return BREAK_AFTER["summer"]
        return self.closed[day] if day <= term.ends else BREAK_AFTER[term.season]

    @staticmethod
    def _is_next_weekday(before: date, day: date) -> bool:
        return (day - before).days == (3 if before.weekday() == SATURDAY - 1 else 1)

    @property
    def _unit(self) -> str:
        return "school days"


def _refuse_faulty(name: str, terms: Sequence[Term]) -> None:
    if not terms:
        raise ValueError(f"The calendar of {name} holds no terms.")
    for term, following in pairwise(terms):
        if following.starts <= term.ends:
            raise ValueError(
                f"In the calendar of {name} the {following.words} starts on {in_full(following.starts)}, "
                f"before the {term.words} ends on {in_full(term.ends)}."
            )
        if following.place != term.place + 1:
            raise ValueError(
                f"The calendar of {name} holds no term between the {term.words} and the {following.words}."
            )


def fallback_terms(year: int) -> tuple[Term, Term, Term]:
    """The terms of the academic year that starts in `year`, by the convention until real dates are held."""
    label = academic_year_label(year)
    return (
        Term(label, "autumn", date(year, 9, 1), date(year, 12, 31), is_fallback=True),
        Term(label, "spring", date(year + 1, 1, 1), date(year + 1, 3, 31), is_fallback=True),
        Term(label, "summer", date(year + 1, 4, 1), date(year + 1, 8, 31), is_fallback=True),
    )


def fallback_calendar(name: str, years: Iterable[int], bank_holidays: Mapping[date, str]) -> SchoolCalendar:
    """A calendar by convention alone, for the academic years that start in `years`."""
    return SchoolCalendar(name, [term for year in years for term in fallback_terms(year)], bank_holidays)
