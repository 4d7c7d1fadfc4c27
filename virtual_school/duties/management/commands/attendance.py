from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from virtual_school.attendance.queries import sums_between
from virtual_school.attendance.sums import Sums, sums_of_counts
from virtual_school.duties.command import AuthorityCommand, iso_date

COLUMNS = (
    "child", "possible", "present", "authorised", "unauthorised", "late", "absence_pct", "persistent", "severe",
)  # fmt: skip


class Command(AuthorityCommand):
    help = "Attendance of children between two days, both included, from the marks held."
    columns = COLUMNS

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", required=True, metavar="CODE", help="three-digit code of the authority")
        parser.add_argument("--from", required=True, dest="first", metavar="DATE", help="the first day")
        parser.add_argument("--to", required=True, dest="last", metavar="DATE", help="the last day")
        parser.add_argument("--child", metavar="ID", help="one child, by the authority's own identifier")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, first: str, last: str, **options: Any) -> None:
        days = iso_date(first), iso_date(last)
        if days[1] < days[0]:
            raise CommandError(f"{last} is before {first}.")
        super().handle(*args, on=last, days=days, **options)

    def answer(self, *, day: date, days: tuple[date, date], child: str | None, **options: Any) -> list[dict[str, Any]]:
        children = self.authority.children.order_by("local_id")
        if child:
            children = children.filter(local_id=child)
        names = dict(children.values_list("id", "local_id"))
        if child and not names:
            raise CommandError(f"{self.authority.name} has no child {child}.")
        counts = sums_between(self.authority.code, *days, list(names) if child else None)
        if child:
            counts = {pk: counts.get(pk, {}) for pk in names}  # type: ignore[misc]
        return [_row(name, sums_of_counts(counts[pk])) for pk, name in names.items() if pk in counts]


def _row(child: str, sums: Sums) -> dict[str, Any]:
    return {
        "child": child,
        "possible": sums.possible,
        "present": sums.present,
        "approved": sums.approved,
        "authorised": sums.authorised,
        "unauthorised": sums.unauthorised,
        "late": sums.late,
        "late_before_close": sums.late_before_close,
        "late_after_close": sums.late_after_close,
        "absence_pct": None if sums.absence_pct is None else float(sums.absence_pct),
        "persistent": sums.is_persistent,
        "severe": sums.is_severe,
    }
