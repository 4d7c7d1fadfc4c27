"""What the commands that answer for an authority and a day have in common."""

import json
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service


def iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a date. Write it like 2026-11-24.") from error


def as_json(rows: Any) -> str:
    return json.dumps(rows, indent=1, ensure_ascii=False, default=str)


class AuthorityCommand(BaseCommand):
    """`answer` gives the rows; they are printed as a table, or with --json as one document."""

    columns: tuple[str, ...] = ()
    authority: Authority

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", required=True, metavar="CODE", help="three-digit code of the authority")
        parser.add_argument("--on", metavar="DATE", help="as on this day (today, if not said)")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def answer(self, *, day: date, **options: Any) -> list[dict[str, Any]]:
        raise TypeError("say what the command answers")

    def handle(self, *args: Any, authority: str, on: str | None, **options: Any) -> None:
        day = iso_date(on) if on else timezone.localdate()
        found = Authority.objects.filter(code=int(authority)).first() if authority.isdecimal() else None
        if found is None:
            raise CommandError(f"The authority {authority} is not open here. Importing its data opens it.")
        self.authority = found
        with acting(service(found.code), action=self.__module__.rsplit(".", 1)[-1]):
            rows = self.answer(day=day, **options)
        if options["json"]:
            self.stdout.write(as_json(rows))
            return
        self._table(rows)
        print(f"{len(rows)} rows, {found.name}, {day.day} {day:%B %Y}", file=sys.stderr)  # noqa: T201

    def _table(self, rows: list[dict[str, Any]]) -> None:
        cells = [[str("" if row[column] is None else row[column]) for column in self.columns] for row in rows]
        widths = [max(map(len, column)) for column in zip(self.columns, *cells, strict=True)]
        for line in [self.columns, *cells]:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
