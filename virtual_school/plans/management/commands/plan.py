"""One plan: written to a file, or taken in from one."""

import json
import os
import sys
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.exporting import as_service, document_of, whole_json
from virtual_school.plans.importing import import_plan
from virtual_school.plans.models import Plan
from virtual_school.plans.publishing import pdf_of
from virtual_school.plans.reading_levels import Reader
from virtual_school.plans.refused import Refused


class Command(BaseCommand):
    help = (
        "Writes one plan to a file, whole: plan ID --out FILE (.pdf or .json). "
        "Takes one in: plan import FILE --authority CODE --child ID."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", metavar="ID", help="the plan's id, as `plans` lists it; or the word import")
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="with import: the plan's JSON")
        parser.add_argument("--out", type=Path, metavar="FILE", help="ends in .pdf or .json")
        parser.add_argument("--authority", metavar="CODE", help="with import: three-digit code of the authority")
        parser.add_argument("--child", metavar="ID", help="with import: the authority's own identifier of the child")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, what: str, file: Path | None, **options: Any) -> None:
        told = self._take_in(file, **options) if what == "import" else self._write(what, file, options["out"])
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, default=str))

    def _write(self, public_id: str, stray: Path | None, out: Path | None) -> dict[str, Any]:
        if out is None or stray is not None:
            raise CommandError("Say where to write the plan: --out FILE, ending in .pdf or .json.")
        if out.suffix.lower() not in {".pdf", ".json"}:
            raise CommandError(f"{out.name}: a plan is written as .pdf or .json.")
        try:
            given = uuid.UUID(public_id)
        except ValueError as error:
            raise CommandError(f"{public_id} is not the id of a plan. `virtual-school plans` lists them.") from error
        everyone = service(*Authority.objects.values_list("code", flat=True))
        with acting(everyone, action="plan written to a file"):
            plan = Plan.objects.filter(public_id=given).select_related("template", "school", "child__authority").first()
            if plan is None:
                raise CommandError(f"There is no plan {public_id}.")
            opened = as_service(plan)
            if out.suffix.lower() == ".json":
                content = whole_json(opened)
            else:
                shown = document_of(opened, Reader.VIRTUAL_SCHOOL)
                content = pdf_of(plan, shown, "full", "this service", plan.child.authority.colour)
        self._put(out, content)
        print(f"Written to {out}.", file=sys.stderr)  # noqa: T201
        return {"id": public_id, "file": str(out), "bytes": len(content), "on": timezone.localdate()}

    def _put(self, out: Path, content: bytes) -> None:
        """Whole or not at all, readable by its owner only."""
        part = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            part.replace(out)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from error

    def _take_in(self, file: Path | None, authority: str | None, child: str | None, **options: Any) -> dict[str, Any]:
        if file is None or not authority or not child:
            raise CommandError("Say which file, and whose: plan import FILE --authority CODE --child ID.")
        found = Authority.objects.filter(code=int(authority)).first() if authority.isdecimal() else None
        if found is None:
            raise CommandError(f"The authority {authority} is not open here. Importing its data opens it.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            with acting(service(found.code), action="plan taken in"):
                held = Child.objects.filter(authority=found, local_id=child).select_related("authority").first()
                if held is None:
                    raise CommandError(f"{found.name} has no child {child}.")
                plan = import_plan(content=content, child=held, by=None)
        except Refused as why:
            raise CommandError(f"{file.name}: {why}") from why
        print(f"Taken in as plan {plan.public_id}.", file=sys.stderr)  # noqa: T201
        return {"id": str(plan.public_id), "child": child, "term": plan.term, "state": plan.state}
