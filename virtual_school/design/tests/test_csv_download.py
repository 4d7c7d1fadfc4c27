"""A list that is downloaded is read by a spreadsheet as words and numbers, never as something to run."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.design.csv_download import BEGINS_A_FORMULA, csv_response, safe


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_cell_that_begins_a_formula_is_made_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_numbers_days_and_nothing_stay_what_they_are() -> None:
    assert [safe(-3), safe(1.5), safe(date(2026, 11, 24)), safe(None)] == ["-3", "1.5", "2026-11-24", ""]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), max_size=5))
def test_every_cell_is_read_back_as_it_was_written_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    sent = csv_response("list.csv", ["A", "B"], rows).content.decode("utf-8-sig")
    _, *read = csv.reader(io.StringIO(sent, newline=""))
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(BEGINS_A_FORMULA) for row in read for cell in row)
