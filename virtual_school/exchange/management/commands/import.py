"""Takes files in: what they would change, or with --apply the change itself."""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from virtual_school.access.demo_mode import try_out
from virtual_school.authorities.actions import NoSuchAuthority, open_authority
from virtual_school.authorities.models import Authority
from virtual_school.exchange import actions, kinds
from virtual_school.exchange.changes import Changes, Entry
from virtual_school.exchange.models import Import
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.registers import COLUMNS as REGISTER_COLUMNS_TAKEN
from virtual_school.exchange.readers.sheets import template
from virtual_school.exchange.undo import BuiltOn, undo_context
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

SHOWN = 20
COUNTS = ("rows_read", "created", "changed", "ended", "unchanged", "rejected")
REGISTER_COLUMNS = "The register is taken as Get Information about Schools gives it (edubasealldata): no template."
RETURN_COLUMNS = "The return's tables are taken as the statutory guide names their columns: no template."


class Command(BaseCommand):
    help = "Takes files in: what they would change, or with --apply the change itself."
    requires_system_checks: list[str] = []  # they load every page, which takes longer than most files

    def add_arguments(self, parser: CommandParser) -> None:
        kind = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        for name, words in Import.Kind.choices:
            one = kind.add_parser(name, help=words)
            one.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, a folder or a zip")
            one.add_argument("--apply", action="store_true", help="change what is held, not only say what would")
            one.add_argument("--json", action="store_true", help="one JSON document on standard output")
            one.add_argument("--template", action="store_true", help="the columns it takes, with an example row")
            if name == Import.Kind.ATTENDANCE:
                one.add_argument("--sender", default="", metavar="NAME", help="who sends: its columns are remembered")
                one.add_argument(
                    "--columns", default="", metavar="OURS=THEIRS;…", help="what its columns are called, if not known"
                )
            if name == Import.Kind.SCHOOLS:
                one.add_argument("--links", type=Path, metavar="FILE", help="predecessors and successors")
            else:
                one.add_argument("--authority", metavar="CODE", help="three-digit code of the authority")
                one.add_argument(
                    "--invented",
                    action="store_true",
                    help="no real child is in it: in the demo, people to play are made for it",
                )
        undo = kind.add_parser("undo", help="Takes an import back, as a whole")
        undo.add_argument("public_id", metavar="ID", help="the id that the import was given when it was applied")
        undo.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, kind: str, **options: Any) -> None:
        if kind == "undo":
            return self._undo(options["public_id"], options["json"])
        if options["template"]:
            return self._template(kind)
        paths: list[Path] = [path.absolute() for path in options["paths"]]
        if not paths:
            raise CommandError("Name the file to take in.")
        if options.get("links"):
            options["links"] = options["links"].absolute()
        for path in [*paths, *([options["links"]] if options.get("links") else [])]:
            if not path.exists():
                raise CommandError(f"{path} is not there.")
        try:
            changes, imported = self._take_in(kind, paths, options)
        except (Unreadable, NoSuchAuthority) as problem:
            raise CommandError(str(problem)) from problem
        document = changes.as_document(
            authority=options.get("authority"),
            applied=options["apply"],
            **{"import": str(imported.public_id) if imported else None},
        )
        if options["json"]:
            self.stdout.write(json.dumps(document, ensure_ascii=False, default=str))
        else:
            self._tell(changes, options["apply"], imported)

    def _template(self, kind: str) -> None:
        if kind in kinds.SHEETS:
            self.stdout.write(template(kinds.SHEETS[kind]), ending="")
        else:
            raise CommandError(REGISTER_COLUMNS if kind == "schools" else RETURN_COLUMNS)

    def _take_in(self, kind: str, paths: list[Path], options: dict[str, Any]) -> tuple[Changes, Import | None]:
        today = timezone.localdate()
        if kind == Import.Kind.SCHOOLS:
            with acting(service(), action="import schools"):
                kinds.only_one_at_a_time(None)
                changes = kinds.look(kind, None, paths, today, self.say, options["links"])
                if options["apply"]:
                    kinds.write(None, changes, today, self.say)
            return changes, None
        code = _code(options["authority"])
        context = uuid.uuid4()
        imported = None
        with acting(service(code), context=context, action=f"import {kind}"):
            authority = open_authority(code, is_invented=options["invented"])
            if options["invented"] and not try_out(authority):
                raise CommandError(
                    f"{authority.name} holds children that were not said to be invented, so this cannot be said now."
                )
            kinds.only_one_at_a_time(authority)
            changes = kinds.look(kind, authority, paths, today, self.say, options=_given(options))
            if options["apply"]:
                names = [path.name for path in paths]
                imported = actions.apply_now(authority, changes, names, context, today, self.say)
        return changes, imported

    def _undo(self, public_id: str, as_json: bool) -> None:
        try:
            given = uuid.UUID(public_id)
        except ValueError as error:
            raise CommandError(f"{public_id} is not the id of an import.") from error
        everyone = service(*Authority.objects.values_list("code", flat=True))
        with acting(everyone, action="import look up"):
            code = Import.objects.filter(public_id=given).values_list("authority_id", flat=True).first()
        if code is None:
            raise CommandError(f"There is no import {public_id}.")
        try:
            with acting(service(code), context=undo_context(given), action="import undo"):
                pk = Import.objects.values_list("pk", flat=True).get(public_id=given)
                imported = actions.locked(pk, Import.State.APPLIED)
                if imported is None:
                    raise CommandError("This import is not applied, so there is nothing to take back.")
                imported.by_id = None
                touched = actions.undo(imported, self.say)
        except BuiltOn as why:
            raise CommandError(str(why)) from why
        if as_json:
            self.stdout.write(json.dumps({"import": public_id, "undone": True, "authority": str(code)}))
        else:
            self.stdout.write(f"Taken back: {imported.get_kind_display()}, {len(touched):,} children.")

    def say(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)  # noqa: T201

    def _tell(self, changes: Changes, is_applied: bool, imported: Import | None) -> None:
        rows = [(kinds.TABLE_WORDS[name], counts) for name, counts in changes.counts.items()]
        wide = max([len(name) for name, _ in rows] + [5])
        self.stdout.write(" " * wide + "".join(f"{name.replace('_', ' '):>11}" for name in COUNTS))
        for name, counts in [*rows, ("All", changes.total)]:
            self.stdout.write(name.ljust(wide) + "".join(f"{getattr(counts, column):>11,}" for column in COUNTS))
        self._list("Left out", [_faulty(entry) for entry in changes.of("rejected")])
        self._list("To look at", [_faulty(entry) for entry in changes.of("warning")])
        self._list("Not in the file", [f"child {entry.local_id}: {entry.reason}" for entry in changes.of("missing")])
        for note in changes.notes:
            self.stdout.write(note)
        if not is_applied:
            self.stdout.write("\nNothing was changed. Add --apply to change it.")
        elif imported:
            self.stdout.write(f"\nApplied. To take it back: virtual-school import undo {imported.public_id}")
        else:
            self.stdout.write("\nApplied.")

    def _list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(f"\n{title}: {len(lines):,}")
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  and {len(lines) - SHOWN:,} more (all of them with --json)")


def _code(text: str | None) -> int:
    if not text:
        raise CommandError("Say for which authority: --authority CODE")
    if not (text.isascii() and text.isdigit()):
        raise CommandError(f"{text} is not the code of an authority. Use three digits, such as 330 for Birmingham.")
    return int(text)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The sender of a register, and its columns as they are typed: "Mark=Reg code;Date=Att date"."""
    columns = {}
    for pair in filter(None, (options.get("columns") or "").split(";")):
        ours, is_pair, theirs = pair.partition("=")
        known = [column.name for column in REGISTER_COLUMNS_TAKEN]
        if not is_pair or ours.strip() not in known:
            raise CommandError(f"{pair} does not name a column. Ours are: {', '.join(known)}.")
        columns[ours.strip()] = theirs.strip()
    return {"sender": options.get("sender") or "", "columns": columns}


def _faulty(entry: Entry) -> str:
    where = f"{entry.file} row {entry.row}" if entry.row else entry.file
    what = f"{entry.column} {entry.value!r}: " if entry.column else ""
    return f"{where}: {what}{entry.reason}"
