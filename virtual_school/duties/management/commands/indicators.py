from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from virtual_school.authorities.queries import school_calendars
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.duties.command import AuthorityCommand
from virtual_school.quality.comparators import comparator
from virtual_school.quality.groups import by_group
from virtual_school.quality.measure_facts import gather
from virtual_school.quality.measured import Measure
from virtual_school.quality.measures import DEFINITIONS, measured
from virtual_school.quality.models_measures import BY
from virtual_school.quality.snapshots import as_measure, latest_rows, revisions


class Command(AuthorityCommand):
    help = (
        "The measures of plans, of the term a day lies in: as frozen at its cut-off, or as the records have it now. "
        "A figure that is not known is null, and not_known says why."
    )
    columns = ("id", "name", "breakdown", "numerator", "denominator", "value")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--id", metavar="ID", help="one measure, such as I-PEP-01")
        parser.add_argument("--by", metavar="BREAKDOWN", help=f"one of {', '.join(by for by in BY if by)}")

    def answer(self, *, day: date, id: str | None, by: str | None, **options: Any) -> list[dict[str, Any]]:
        if id and id not in DEFINITIONS:
            raise CommandError(f"There is no measure {id}. There are {', '.join(DEFINITIONS)}.")
        if by and by not in BY:
            raise CommandError(f"There is no breakdown {by}. There are {', '.join(name for name in BY if name)}.")
        ids = [id] if id else list(DEFINITIONS)
        term = self._term(day)
        found, is_frozen = self._measures(term, day, by or "", ids)
        return [
            _row(one, term, f"{by}: {group}" if by else "", is_frozen=is_frozen)
            for group, of_group in found.items() for one in of_group
        ]  # fmt: skip

    def _term(self, day: date) -> str:
        calendar, _ = school_calendars(self.authority.code, self.authority.name)
        try:
            term = calendar.term_on(day) or calendar.previous_term(calendar.term_or_next(day))
        except BeyondCalendar:
            term = None
        if term is None:
            raise CommandError(f"No term dates of {self.authority.name} are held for {day}.")
        return term.key

    def _measures(self, term: str, day: date, by: str, ids: list[str]) -> tuple[dict[str, list[Measure]], bool]:
        if term in revisions(self.authority):
            rows = latest_rows(self.authority, term=term, by=by, measure__in=ids)
            frozen = [row for row in rows.values() if row.on <= day]
            if frozen:
                order = {id_: place for place, id_ in enumerate(ids)}
                found: dict[str, list[Measure]] = {}
                for row in sorted(frozen, key=lambda row: (row.group, order[row.measure])):
                    found.setdefault(row.group, []).append(as_measure(row))
                return found, True
        facts = gather(self.authority, term, day)
        if facts is None:
            raise CommandError(f"The term {term} had not begun on {day}.")
        return {group: list(measured(of_group, ids).values()) for group, of_group in by_group(facts, by).items()}, False


def _row(one: Measure, term: str, breakdown: str, *, is_frozen: bool) -> dict[str, Any]:
    fair = None if breakdown else comparator(one.id, one.on)
    return {
        "id": one.id,
        "name": one.title,
        "on": one.on,
        "term": term,
        "breakdown": breakdown,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "value": None if one.value is None else round(one.value, 1),
        "unit": one.unit,
        "left_out": {out.why: len(out.children) for out in one.left_out},
        "not_known": one.not_known,
        "is_frozen": is_frozen,
        "comparator": fair.value if fair else None,
        "comparator_source": fair.source if fair else None,
    }
