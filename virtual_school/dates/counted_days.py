"""Counting the days that count: the part working days and school days share."""

from array import array
from collections.abc import Callable
from datetime import date, timedelta


def in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class BeyondCalendar(ValueError):
    """The calendar was asked about days it does not hold. It never guesses."""


class CountedDays:
    """Every day from `known_from` to `known_to`, each of which counts or does not.

    Day 0 is the day of the event and is never counted; day 1 is the next day that counts (duties 1.1).
    """

    name: str

    def __init__(self, known_from: date, known_to: date, counts: Callable[[date], bool]) -> None:
        if known_to < known_from:
            raise ValueError(f"A calendar cannot end on {known_to} before it starts on {known_from}.")
        self.known_from = known_from
        self.known_to = known_to
        self._first = known_from.toordinal()
        self._last = known_to.toordinal()
        self._days = array("l")
        self._counted = array("l")
        for ordinal in range(self._first, self._last + 1):
            if counts(date.fromordinal(ordinal)):
                self._days.append(ordinal)
            self._counted.append(len(self._days))

    def holds(self, day: date) -> bool:
        return self.known_from <= day <= self.known_to

    def counts(self, day: date) -> bool:
        return self._up_to(day) > (self._up_to(day - timedelta(days=1)) if day > self.known_from else 0)

    def after(self, day0: date, n: int) -> date:
        """The n-th day that counts after day 0, which itself is not counted; day 0 itself for n = 0."""
        if n < 0:
            raise ValueError(f"Cannot count {n} days after a day.")
        if n == 0:
            return day0
        place = self._up_to(day0) + n - 1
        if place >= len(self._days):
            raise BeyondCalendar(self._refusal(f"the day {n} {self._unit} after {in_full(day0)}"))
        return date.fromordinal(self._days[place])

    def before(self, day: date, n: int) -> date:
        """The n-th day that counts before a day, which itself is not counted; the day itself for n = 0."""
        if n < 0:
            raise ValueError(f"Cannot count {n} days before a day.")
        if n == 0:
            return day
        place = self._up_to(day) - (1 if self.counts(day) else 0) - n
        if place < 0:
            raise BeyondCalendar(self._refusal(f"the day {n} {self._unit} before {in_full(day)}"))
        return date.fromordinal(self._days[place])

    def between(self, a: date, b: date) -> int:
        """How many days that count lie after `a`, up to and including `b`; 0 when `b` is not after `a`."""
        counted_to_a, counted_to_b = self._up_to(a), self._up_to(b)
        return max(counted_to_b - counted_to_a, 0)

    def _up_to(self, day: date) -> int:
        ordinal = day.toordinal()
        if not self._first <= ordinal <= self._last:
            raise BeyondCalendar(self._refusal(f"{in_full(day)}"))
        return self._counted[ordinal - self._first]

    @property
    def _unit(self) -> str:
        return "days"

    def _refusal(self, wanted: str) -> str:
        return (
            f"The calendar of {self.name} holds {in_full(self.known_from)} to {in_full(self.known_to)} "
            f"and cannot answer for {wanted}."
        )
