"""Changing term dates, of an authority's schools or of one school. Dates no calendar can be made of are refused."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from virtual_school.audit.actions import record
from virtual_school.dates.ages import academic_year_label, academic_year_start
from virtual_school.design.dates import in_full

from .models import TermDates
from .queries import school_calendars

COLUMNS = ("la_code", "academic_year", "kind", "label", "start", "end")
LONGEST_LABEL = 80
LARGEST_FILE = 1_000_000
MOST_ROWS = 2_000
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose dates they are: an authority's (`la_code`) or one school's (`urn`)."""

    name: str
    la_code: int | None = None
    urn: int | None = None

    def rows(self) -> QuerySet[TermDates]:
        return TermDates.objects.filter(la_code=self.la_code, urn=self.urn)


@dataclass(frozen=True, slots=True)
class Dates:
    kind: str
    label: str
    starts: date
    ends: date

    @property
    def academic_year(self) -> str:
        return academic_year_label(academic_year_start(self.starts))


class FaultyFile(ValueError):
    """A file of term dates that cannot be used as it is; one sentence a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@transaction.atomic
def add(calendar: Calendar, dates: Dates, *, source: str, by_id: int | None) -> TermDates:
    """Raises ValidationError when the dates are held already or fit no calendar."""
    row = TermDates(
        la_code=calendar.la_code,
        urn=calendar.urn,
        academic_year=dates.academic_year,
        kind=dates.kind,
        label=dates.label,
        starts=dates.starts,
        ends=dates.ends,
        source=source,
    )
    if calendar.rows().filter(kind=row.kind, starts=row.starts).exists():
        raise ValidationError(f"Dates of this kind that start on {in_full(row.starts)} are held already. Change those.")
    row.save()
    _check(calendar)
    _record("term dates added", calendar, by_id, kind=row.kind, starts=row.starts)
    return row


@transaction.atomic
def change(calendar: Calendar, row: TermDates, dates: Dates, *, source: str, by_id: int | None) -> None:
    if calendar.rows().filter(kind=dates.kind, starts=dates.starts).exclude(pk=row.pk).exists():
        raise ValidationError(f"Dates of this kind that start on {in_full(dates.starts)} are held already.")
    row.academic_year, row.kind, row.label, row.source = dates.academic_year, dates.kind, dates.label, source
    row.starts, row.ends = dates.starts, dates.ends
    row.save()
    _check(calendar)
    _record("term dates changed", calendar, by_id, kind=row.kind, starts=row.starts)


@transaction.atomic
def remove(calendar: Calendar, row: TermDates, *, by_id: int | None) -> None:
    calendar.rows().filter(pk=row.pk).delete()
    _check(calendar)
    _record("term dates removed", calendar, by_id, kind=row.kind, starts=row.starts)


@transaction.atomic
def remove_all(calendar: Calendar, *, by_id: int | None) -> int:
    removed, _ = calendar.rows().delete()
    _record("term dates removed", calendar, by_id, rows=removed)
    return removed


@transaction.atomic
def take_over(calendar: Calendar, from_la_code: int, *, source: str, by_id: int | None) -> int:
    """The area's dates as a school's own, since days are counted by a school's own dates alone once it has any."""
    taken = TermDates.objects.bulk_create(
        TermDates(
            urn=calendar.urn,
            academic_year=row.academic_year,
            kind=row.kind,
            label=row.label,
            starts=row.starts,
            ends=row.ends,
            source=source,
        )
        for row in TermDates.objects.filter(la_code=from_la_code)
    )
    if taken:
        _record("term dates taken over", calendar, by_id, rows=len(taken))
    return len(taken)


@transaction.atomic
def load(calendar: Calendar, rows: Iterable[Dates], *, source: str, by_id: int | None) -> tuple[int, int]:
    """How many were added and how many changed. Nothing is removed; held dates of one kind and first day change."""
    held = {(row.kind, row.starts): row for row in calendar.rows()}
    new, changed = [], []
    for dates in rows:
        row = held.get((dates.kind, dates.starts))
        if row is None:
            new.append(
                TermDates(
                    la_code=calendar.la_code,
                    urn=calendar.urn,
                    academic_year=dates.academic_year,
                    kind=dates.kind,
                    label=dates.label,
                    starts=dates.starts,
                    ends=dates.ends,
                    source=source,
                )
            )
        elif (row.label, row.ends) != (dates.label, dates.ends):
            row.label, row.ends, row.source = dates.label, dates.ends, source
            changed.append(row)
    TermDates.objects.bulk_create(new)
    TermDates.objects.bulk_update(changed, ["label", "ends", "source"])
    _check(calendar)
    _record("term dates loaded", calendar, by_id, added=len(new), changed=len(changed))
    return len(new), len(changed)


def read_csv(content: bytes, la_code: int) -> list[Dates]:
    """The rows of one authority out of la_code,academic_year,kind,label,start,end. Raises FaultyFile."""
    if len(content) > LARGEST_FILE:
        raise FaultyFile(["The file is larger than 1 MB, which no year's term dates need."])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise FaultyFile(["The file is not CSV. Save the sheet as CSV and try again."])
    lines = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="")
    missing = [name for name in COLUMNS if name not in (lines.fieldnames or [])]
    if missing:
        first = ",".join(COLUMNS)
        raise FaultyFile([f"Line 1: the columns {', '.join(missing)} are missing. It must be {first}."])
    faults: list[str] = []
    rows: list[Dates] = []
    seen: set[tuple[str, date]] = set()
    for line in lines:
        number = lines.line_num
        if not any(str(line[name]).strip() for name in COLUMNS):
            continue
        if len(rows) + len(faults) >= MOST_ROWS:
            faults.append(f"Line {number}: a file may hold {MOST_ROWS:,} rows at most.")
            break
        found, wrong = _read_line({name: str(line[name]).strip() for name in COLUMNS}, la_code)
        if found and (found.kind, found.starts) in seen:
            wrong = [f"start: {found.kind} dates that start on {in_full(found.starts)} are in the file twice"]
            found = None
        faults += [f"Line {number}, column {fault}." for fault in wrong]
        if found:
            seen.add((found.kind, found.starts))
            rows.append(found)
    if len(faults) > MOST_FAULTS:
        faults = [*faults[:MOST_FAULTS], f"And {len(faults) - MOST_FAULTS} more."]
    if not faults and not rows:
        faults = ["The file holds no dates."]
    if faults:
        raise FaultyFile(faults)
    return rows


def _read_line(cells: dict[str, str], la_code: int) -> tuple[Dates | None, list[str]]:
    wrong = []
    if cells["la_code"] != str(la_code):
        wrong.append(f"la_code: “{cells['la_code']}” is not {la_code}, this authority's code")
    if cells["kind"].lower() not in TermDates.Kind.values:
        wrong.append(f"kind: “{cells['kind']}” is not term, holiday or closure")
    if not cells["label"] or len(cells["label"]) > LONGEST_LABEL:
        wrong.append(f"label: it must have 1 to {LONGEST_LABEL} characters")
    starts, ends = _day(cells["start"]), _day(cells["end"])
    for column, day in (("start", starts), ("end", ends)):
        if day is None:
            wrong.append(f"{column}: “{cells[column]}” is not a date like 2026-09-01 or 01/09/2026")
    if starts and ends:
        wrong += [f"end: {fault}" for fault in faults_of_span(starts, ends)]
        year = academic_year_label(academic_year_start(starts))
        if cells["academic_year"].replace("-", "/") != year:
            wrong.append(f"academic_year: “{cells['academic_year']}” is not {year}, in which {in_full(starts)} lies")
    if wrong or starts is None or ends is None:
        return None, wrong
    return Dates(cells["kind"].lower(), cells["label"], starts, ends), []


def faults_of_span(starts: date, ends: date) -> list[str]:
    if ends < starts:
        return [f"the last day, {in_full(ends)}, is before the first, {in_full(starts)}"]
    if (ends - starts).days > 200:
        return [f"{in_full(starts)} to {in_full(ends)} is longer than any term or holiday"]
    return []


def _day(text: str) -> date | None:
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    return None


def _check(calendar: Calendar) -> None:
    try:
        school_calendars(calendar.la_code or 0, calendar.name, [calendar.urn] if calendar.urn else [])
    except ValueError as fault:
        raise ValidationError(
            f"No calendar can be made of these dates. {fault} Usual dates stand in for a term that is not held, so "
            "add the later term first, or load the whole year as a file."
        ) from fault


def _record(action: str, calendar: Calendar, by_id: int | None, **details: object) -> None:
    told = {name: str(value) if isinstance(value, date) else value for name, value in details.items()}
    record(action, by=by_id, authority=calendar.la_code, urn=calendar.urn, **told)
