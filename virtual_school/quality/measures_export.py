"""The measures as a file: CSV, or a workbook with a sheet that says how each is counted."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.dates.terms import term_words
from virtual_school.design.csv_download import csv_response
from virtual_school.design.dates import in_full

from .measured import Measure
from .measures import DEFINITIONS
from .measures_asked import names_of
from .measures_reading import BoardReading, Reading
from .models_measures import BY
from .views_measures import definition_of, names_for, reading

COLUMNS = ("Measure", "Id", "Group", "Term", "As at", "Number", "Of", "Figure", "Unit", "Note")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HIDDEN = "[c]"


@require_GET
@requires(Permission.FIGURES_READ)
def download(request: HttpRequest) -> HttpResponse:
    """Every measure as filtered, with its breakdowns; nothing that the page would hide."""
    read = reading(request)
    rows = _rows(read) if read.term else []
    _record(request, read, rows=len(rows))
    name = f"measures-{(read.term or 'none').replace('/', '-')}-{timezone.localdate().isoformat()}"
    if request.GET.get("form") == "xlsx":
        return _workbook(f"{name}.xlsx", rows, read)
    return csv_response(f"{name}.csv", COLUMNS, rows)


def _record(request: HttpRequest, read: Reading | BoardReading, **told: Any) -> None:
    person: Person = request.person  # type: ignore[attr-defined]
    record(
        "measures exported", by=person.user.pk, role=person.role, authority=read.authority.code, term=read.term,
        filters=dict(read.narrowed) if read.term else {}, **told,
    )  # fmt: skip


def _rows(read: Reading | BoardReading) -> list[list[Any]]:
    found = []
    groupings = [by for by in read.groupings if by not in dict(read.narrowed)] if read.is_exact else []
    groupings = [by for by in groupings if by in ("phase", "area")] if read.is_exact else list(read.groupings)
    for definition in DEFINITIONS.values():
        on = read.measures[definition.id].on if isinstance(read, Reading) else read.on
        found.append(_row(definition.id, read.form.for_whom(), read, read.figure(definition.id), on))
        if not read.is_exact and read.narrowed:
            continue
        for by in groupings:
            groups = read.breakdown(definition.id, by)
            for key, name in names_of(by, set(groups)).items():
                found.append(_row(definition.id, f"{BY[by]}: {name}", read, groups[key], on))
    return found


def _row(id_: str, group: str, read: Reading | BoardReading, figure: Any, on: date) -> list[Any]:
    hidden = figure.is_hidden
    note = figure.not_known or ("Too few to show" if hidden else "" if read.is_frozen else "So far")
    value = None if figure.value is None else round(figure.value, 1)
    return [
        DEFINITIONS[id_].title, id_, group, term_words(read.term), on, HIDDEN if hidden else figure.numerator,
        HIDDEN if hidden else figure.denominator, HIDDEN if hidden else value, figure.unit, note,
    ]  # fmt: skip


def _workbook(name: str, rows: Sequence[Sequence[Any]], read: Reading | BoardReading) -> HttpResponse:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day, wrap = book.add_format({"bold": True}), book.add_format({"num_format": "d mmmm yyyy"}), book.add_format({"text_wrap": True, "valign": "top"})  # fmt: skip
    sheet = book.add_worksheet("Measures")
    sheet.write_row(0, 0, COLUMNS, bold)
    for place, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(place, column, value, day)  # type: ignore[arg-type]
            elif value is not None:
                sheet.write(place, column, value)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(COLUMNS) - 1)
    for column, width in enumerate((42, 22, 34, 20, 18, 14, 10, 10, 8, 60)):
        sheet.set_column(column, column, width)
    how = book.add_worksheet("How it is counted")
    how.write_row(0, 0, ("Measure", "Id", "What it means"), bold)
    for place, definition in enumerate(DEFINITIONS.values(), start=1):
        how.write_row(place, 0, (definition.title, definition.id, definition.meaning), wrap)
    how.set_column(0, 0, 42)
    how.set_column(1, 1, 22)
    how.set_column(2, 2, 100)
    said = (
        f"{read.authority.name}, {term_words(read.term) if read.term else 'no term'}, as at {in_full(read.on)}.",
        "Figures are frozen at the cut-off." if read.is_frozen else "Figures of this term still move.",
        "" if read.is_exact else "[c]: counts of 1 to 5, and what would tell them, are hidden.",
    )
    for place, words in enumerate(filter(None, said), start=len(DEFINITIONS) + 2):
        how.write(place, 0, words)
    book.close()
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@requires(Permission.CHILD_READ)
def download_children(request: HttpRequest, id_: str) -> HttpResponse:
    """The children behind one measure, for those who may see them; that the list was taken is recorded."""
    definition = definition_of(id_)
    read = reading(request)
    rows: list[list[Any]] = []
    if isinstance(read, Reading) and read.measures:
        rows = _listed(request.person, read.measures[id_])  # type: ignore[attr-defined]
    _record(request, read, measure=id_, rows=len(rows))
    columns = ("Child", "Identifier", "How counted", "Why left out")
    return csv_response(f"{definition.id}-{timezone.localdate().isoformat()}.csv", columns, rows)


def _listed(person: Person, one: Measure) -> list[list[Any]]:
    counted = [
        *((child, "No", "") for child in one.misses),
        *((child, "Yes", "") for child in one.hits),
        *((child, "Left out", out.why) for out in one.left_out for child in out.children),
    ]
    names = names_for(person, {child for child, *_ in counted})
    return [[names[child].name, names[child].local_id, how, why] for child, how, why in counted if child in names]
