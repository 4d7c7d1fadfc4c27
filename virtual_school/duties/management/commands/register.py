"""Prints the register of duties. Needs no database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from virtual_school.duties.command import as_json
from virtual_school.law.register import register

COLUMNS = ("id", "strength", "coverage", "title")


class Command(BaseCommand):
    help = "Prints every duty of the register: its id, strength, how it is covered, and its title."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
        parser.add_argument("--area", help="only the duties of this area")

    def handle(self, *args: Any, area: str | None, **options: Any) -> None:
        held = register()
        rows = [row for row in held.as_json() if area is None or row["area"].casefold() == area.casefold()]
        if options["json"]:
            self.stdout.write(as_json(rows))
            return
        last = ""
        for row in rows:
            if row["area"] != last:
                last = row["area"]
                self.stdout.write(f"\n{last}")
            mark = " (not yet in force)" if row["not_yet_in_force"] else " (not verified)" if row["uncertain"] else ""
            self.stdout.write(f"  {row['id']:<7} {row['strength']:<7} {row['coverage']:<12} {row['title']}{mark}")
        self.stdout.write(f"\n{len(rows)} duties. Position as at {held.position_on.isoformat()}. Not legal advice.")
