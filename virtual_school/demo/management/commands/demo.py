"""`virtual-school demo`: an invented, lifelike authority, or the whole of England."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from virtual_school.demo.actions import InTheWay, make
from virtual_school.exchange.readers.faults import Unreadable


class Command(BaseCommand):
    help = (
        "Invents an authority with children in care, their schools, plans and people. Made once: the same call "
        "later only says what is there. --authorities 152 --children 82000 is England."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--children",
            type=int,
            default=486,
            help="children in care, of all authorities together; of the invented one alone",
        )
        parser.add_argument(
            "--authorities",
            type=int,
            default=1,
            help="1 is invented, with two small ones beside it; more have real names",
        )
        parser.add_argument("--seed", default="2026", help="the same seed gives the same children")
        parser.add_argument("--today", type=date.fromisoformat, help="the day the dates lead up to (default: today)")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, **options: Any) -> None:
        try:
            there = make(
                options["authorities"], options["children"], options["seed"],
                options["today"] or timezone.localdate(), say=self.stderr.write,
            )  # fmt: skip
        except (InTheWay, ValueError, Unreadable) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps({"authorities": there}, ensure_ascii=False))
            return
        for one in there:
            self.stdout.write(f"{one['name']} ({one['code']}): {one['children']} children in care, all invented.")
