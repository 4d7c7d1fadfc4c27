"""Lists as a workbook; nothing in a cell is a formula or a link."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from .csv_download import csv_response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    said: Sequence[str] = ()
    """Beneath the rows: what the figures are, and whence."""


def workbook_response(name: str, sheets: Sequence[Sheet]) -> HttpResponse:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d mmmm yyyy"})
    for one in sheets:
        sheet = book.add_worksheet(one.title[:31])
        sheet.write_row(0, 0, one.columns, bold)
        for place, row in enumerate(one.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, value, day)  # type: ignore[arg-type]
                elif isinstance(value, int | float | Decimal):
                    sheet.write_number(place, column, float(value))
                elif value is not None:
                    sheet.write_string(place, column, str(value))
        for place, words in enumerate(one.said, start=len(one.rows) + 2):
            sheet.write_string(place, 0, words)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(one.rows), 1), len(one.columns) - 1)
        for column, heading in enumerate(one.columns):
            longest = max((len(str(row[column])) for row in one.rows if row[column] is not None), default=0)
            sheet.set_column(column, column, min(max(longest, len(heading)) + 3, WIDEST))
    book.close()
    response = HttpResponse(content.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def download(form: str, name: str, sheet: Sheet) -> HttpResponse:
    """A workbook where `form` is "xlsx", else CSV with the same rows."""
    if form == "xlsx":
        return workbook_response(name, [sheet])
    return csv_response(f"{name}.csv", sheet.columns, [*sheet.rows, *([words] for words in sheet.said)])
