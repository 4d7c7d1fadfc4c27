from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from virtual_school.attendance.told import sums_of_children
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
        if child and not self.authority.children.filter(local_id=child).exists():
            raise CommandError(f"{self.authority.name} has no child {child}.")
        return sums_of_children(self.authority, *days, child or "")
