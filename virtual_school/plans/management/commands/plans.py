"""Lists an authority's plans."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.importing import TERM
from virtual_school.plans.models import Plan

FIELDS = ("term", "phase", "state", "due_on", "meeting_on", "submitted_on", "approved_on", "rating")
SHOWN = ("id", "child", "term", "phase", "state", "due_on", "meeting_on", "submitted_on")


class Command(BaseCommand):
    help = "The plans of an authority's children, of all terms or of one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", required=True, metavar="CODE", help="three-digit code of the authority")
        parser.add_argument("--term", metavar="TERM", help="one term, such as 2026/27-autumn")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, authority: str, term: str | None, **options: Any) -> None:
        found = Authority.objects.filter(code=int(authority)).first() if authority.isdecimal() else None
        if found is None:
            raise CommandError(f"The authority {authority} is not open here. Importing its data opens it.")
        if term and not TERM.fullmatch(term):
            raise CommandError(f"{term} is not a term. Write it like 2026/27-autumn.")
        with acting(service(found.code), action="plans listed"):
            plans = Plan.objects.filter(authority=found)
            if term:
                plans = plans.filter(term=term)
            rows = [
                {"id": str(public_id), "child": child, **dict(zip(FIELDS, values, strict=True))}
                for public_id, child, *values in plans.order_by("term", "child__local_id", "pk").values_list(
                    "public_id", "child__local_id", *FIELDS
                )
            ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=1, ensure_ascii=False, default=str))
            return
        cells = [[str("" if row[name] is None else row[name]) for name in SHOWN] for row in rows]
        widths = [max(map(len, column)) for column in zip(SHOWN, *cells, strict=True)]
        for line in [SHOWN, *cells]:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        print(f"{len(rows)} plans, {found.name}{f', {term}' if term else ''}", file=sys.stderr)  # noqa: T201
