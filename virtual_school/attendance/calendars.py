"""Which school days count for a child: those of their own school where it keeps its own, else the authority's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import calendars_of, calendars_of_schools, school_calendars
from virtual_school.dates.school_days import BeyondCalendar, SchoolCalendar


@dataclass(frozen=True, slots=True)
class Kept:
    """A calendar and, in words, whose it is."""

    calendar: SchoolCalendar
    is_schools_own: bool
    authority: str

    def words(self, first: date, last: date) -> str:
        if self.is_schools_own:
            return "the school's own term dates"
        if self.calendar.uses_fallback(first, last):
            return f"usual terms, because no term dates of {self.authority} are held"
        return f"the term dates of {self.authority}"

    def is_school_day(self, day: date) -> bool | None:
        """None when no calendar reaches so far."""
        try:
            return self.calendar.is_school_day(day)
        except BeyondCalendar:
            return None


class Calendars:
    """Of the schools of one authority's children. `read` are the area's and the schools' own, where they are read
    already."""

    def __init__(
        self,
        authority: Authority,
        urns: Iterable[int] = (),
        read: tuple[SchoolCalendar, dict[int, SchoolCalendar]] | None = None,
    ) -> None:
        area, own = read or school_calendars(authority.code, authority.name, {urn for urn in urns if urn})
        self.area = Kept(area, False, authority.name)
        self.own = {urn: Kept(calendar, True, authority.name) for urn, calendar in own.items()}

    def of(self, urn: int | None) -> Kept:
        return self.own.get(urn or 0, self.area)


def of_several(authorities: Iterable[Authority], urns: Iterable[int]) -> dict[int, Calendars]:
    """By the authority's code, in a fixed number of queries."""
    held = list(authorities)
    areas, own = calendars_of(held), calendars_of_schools({urn for urn in urns if urn})
    return {authority.code: Calendars(authority, read=(areas[authority.code], own)) for authority in held}
