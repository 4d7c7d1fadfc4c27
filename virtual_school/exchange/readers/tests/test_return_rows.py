"""Rows of the SSDA903 return: what is refused, what is doubted, what is mapped."""

from datetime import date
from pathlib import Path

import pytest

from virtual_school.exchange.readers.return_checks import collection_year, overlapping, set_aside
from virtual_school.exchange.readers.return_rows import Mapped, Return, Row
from virtual_school.exchange.readers.return_tables import TABLES, Table, recognise
from virtual_school.exchange.readers.tests.samples import (
    HEADER,
    ONE_CHILD,
    REVIEWS,
    children,
    episode,
    read_these,
)

GOOD = "0012,15/02/2024,S,C2,N1,U4,PR1,,,,S1 1AA,S2 2BB,SC123456"


def refused(found: Return) -> list[tuple[str, int, str]]:
    return [(fault.file, fault.row, fault.column) for fault in found.rejected]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_table_is_recognised_by_its_columns(table: Table) -> None:
    assert recognise(column.name for column in reversed(table.columns)) is table


def test_leading_noughts_of_a_child_are_kept(tmp_path: Path) -> None:
    assert episode(tmp_path, GOOD).tables["Episodes"][0].values["CHILD"] == "0012"


def test_the_mark_with_which_a_spreadsheet_keeps_noughts_is_taken_off(tmp_path: Path) -> None:
    found = children(tmp_path, '"=""0012""",F,27/03/2016,WBRI,UN1,,', "'0013,F,27/03/2016,WBRI,UN1,,")
    assert [row.values["CHILD"] for row in found.tables["Header"]] == ["0012", "0013"]


@pytest.mark.parametrize("child", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "1.23457E+11"])
def test_a_formula_or_a_rounded_number_is_no_child(tmp_path: Path, child: str) -> None:
    found = children(tmp_path, f"{child},F,27/03/2016,WBRI,UN1,,")
    assert refused(found) == [("header.csv", 2, "CHILD")]


@pytest.mark.parametrize("child", ["12345678901", "10001.0"])
def test_an_odd_child_identifier_is_kept_with_a_caution(tmp_path: Path, child: str) -> None:
    found = children(tmp_path, f"{child},F,27/03/2016,WBRI,UN1,,")
    assert found.tables["Header"][0].values["CHILD"] == child
    assert found.warnings[0].column == "CHILD"


@pytest.mark.parametrize(
    "text",
    [
        "15/02/2024",
        "15-02-2024",
        "2024-02-15",
        "2024-Feb-15 00:00:00",
        "2024-02-15T00:00:00",
        "15/02/2024 00:00",
    ],
)
def test_a_date_is_read_in_each_form(tmp_path: Path, text: str) -> None:
    found = episode(tmp_path, GOOD.replace("15/02/2024", text))
    assert found.tables["Episodes"][0].values["DECOM"] == date(2024, 2, 15)
    assert found.warnings == []


@pytest.mark.parametrize("text", ["45123", "45123.0"])
def test_a_spreadsheet_day_number_is_read_with_a_caution(tmp_path: Path, text: str) -> None:
    found = episode(tmp_path, GOOD.replace("15/02/2024", text))
    assert found.tables["Episodes"][0].values["DECOM"] == date(2023, 7, 16)
    assert "16 July 2023" in found.warnings[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("04/13/2025", "month 13"),
        ("31/02/2024", "February 2024 has 29 days"),
        ("00/02/2024", "not day 0"),
        ("15/02/24", "century"),
        ("15/02/0224", "the year 0224"),
        ("2024", "not a date"),
        ("99999", "not a date"),
        ("yesterday", "not a date"),
        ("2024-Fub-15", "Fub is not a month"),
    ],
)
def test_a_date_that_is_not_a_real_day_refuses_the_episode(tmp_path: Path, text: str, words: str) -> None:
    found = episode(tmp_path, GOOD.replace("15/02/2024", text), GOOD)
    assert refused(found) == [("episodes.csv", 2, "DECOM")]
    assert words in found.rejected[0].reason
    assert found.rejected[0].value == text
    assert found.rejected[0].fix
    assert len(found.tables["Episodes"]) == 1


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (",S,", ",Q,", "RNE"),
        ("C2", "Q9", "LS"),
        ("U4", "Q1", "PLACE"),
        (",,,,S1", ",14/08/2025,E99,,S1", "REC"),
    ],
)
def test_an_unknown_code_that_decides_something_refuses_the_row(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    found = episode(tmp_path, GOOD.replace(old, new, 1))
    assert refused(found) == [("episodes.csv", 2, column)]
    assert "Use one of" in found.rejected[0].fix


def test_every_fault_of_a_row_is_said_in_one_refusal(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD.replace("C2", "Q9").replace("U4", "Q1"))
    assert len(found.rejected) == 1
    assert "LS code Q9" in found.rejected[0].reason and "PLACE code Q1" in found.rejected[0].reason


def test_an_unknown_descriptive_code_is_kept_as_received_with_a_caution(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD.replace("N1", "N99").replace("PR1", "XXX"))
    assert found.tables["Episodes"][0].values["CIN"] == "N99"
    assert [caution.column for caution in found.warnings] == ["CIN", "PLACE_PROVIDER"]


def test_an_unknown_sex_or_review_code_refuses_the_row(tmp_path: Path) -> None:
    found = read_these(
        tmp_path,
        header=f"{ONE_CHILD}0013,X,01/01/2015,WBRI,UN1,,\n",
        reviews=f"{REVIEWS}\n0012,27/03/2016,01/05/2025,PN9\n0012,27/03/2016,01/06/2025,PN1\n",
    )
    assert refused(found) == [("header.csv", 3, "SEX"), ("reviews.csv", 2, "REVIEW_CODE")]


@pytest.mark.parametrize(("old", "new"), [("H5", "K3"), ("P2", "K3"), ("Z1", "Z11"), ("h5", "K3")])
def test_a_retired_placement_is_mapped_and_kept_as_received(tmp_path: Path, old: str, new: str) -> None:
    found = episode(tmp_path, GOOD.replace("U4", old))
    row = found.tables["Episodes"][0]
    assert (row.values["PLACE"], row.received) == (new, {"PLACE": old.upper()})
    assert found.mapped == [Mapped("Episodes", "PLACE", old.upper(), new, 1)]


def test_a_retired_sex_is_mapped(tmp_path: Path) -> None:
    found = children(tmp_path, "1,1,27/03/2016,WBRI,UN1,,", "2,2.0,27/03/2016,WBRI,UN1,,")
    assert [row.values["SEX"] for row in found.tables["Header"]] == ["M", "F"]


def test_e4_is_kept_because_it_does_not_say_which_of_two_it_became(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD.replace(",,,,S1", ",14/08/2025,E4,,S1"))
    assert found.tables["Episodes"][0].values["REC"] == "E4"
    assert "split" in found.warnings[0].reason


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("0012", ""), "CHILD"),
        (GOOD.replace("15/02/2024", " "), "DECOM"),
        (GOOD.replace("C2", "NULL"), "LS"),
        ("0012", "DECOM"),
    ],
)
def test_a_row_without_what_it_needs_is_refused(tmp_path: Path, row: str, column: str) -> None:
    assert refused(episode(tmp_path, row)) == [("episodes.csv", 2, column)]


def test_a_child_without_a_date_of_birth_is_refused_and_so_are_the_child_s_rows(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD, header=f"{HEADER}\n0012,F,,WBRI,UN1,,\n")
    assert refused(found) == [("header.csv", 2, "DOB"), ("episodes.csv", 2, "CHILD")]


def test_a_child_not_in_header_is_refused(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD, GOOD.replace("0012", "12"))
    assert refused(found) == [("episodes.csv", 3, "CHILD")]
    assert "not in the Header table" in found.rejected[0].reason


def test_a_repeated_key_keeps_the_first_and_names_both_lines(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD, GOOD.replace("C2", "C1"), GOOD)
    assert [row.line for row in found.tables["Episodes"]] == [2]
    assert [fault.reason for fault in found.rejected] == [
        "row 3 is for the same CHILD and DECOM as row 2",
        "row 4 is the same as row 2",
    ]


def test_tables_that_disagree_are_both_named(tmp_path: Path) -> None:
    found = read_these(
        tmp_path,
        header=ONE_CHILD,
        uasc="CHILD,SEX,DOB,DUC\n0012,M,28/03/2016,27/03/2034\n",
    )
    assert len(found.tables["UASC"]) == 1
    dob, sex = found.warnings
    assert (dob.file, dob.row, dob.column) == ("uasc.csv", 2, "DOB")
    assert "28/03/2016 here and 27/03/2016 in Header (header.csv row 2)" in dob.reason
    assert "SEX is M here and F in Header" in sex.reason


def test_an_end_before_its_start_is_refused(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD.replace(",,,,S1", ",14/02/2024,X1,,S1"))
    assert refused(found) == [("episodes.csv", 2, "DEC")]
    assert "14 February 2024" in found.rejected[0].reason


def test_a_missing_spell_that_ends_before_it_starts_is_refused(tmp_path: Path) -> None:
    found = read_these(
        tmp_path,
        header=ONE_CHILD,
        missing="CHILD,DOB,MISSING,MIS_START,MIS_END\n0012,27/03/2016,M,02/05/2025,01/05/2025\n",
    )
    assert refused(found) == [("missing.csv", 2, "MIS_END")]


def test_a_birth_in_the_future_is_refused_and_today_is_not(tmp_path: Path) -> None:
    found = children(tmp_path, "1,F,25/11/2026,WBRI,UN1,,", "2,F,24/11/2026,WBRI,UN1,,")
    assert refused(found) == [("header.csv", 2, "DOB")]


def test_an_episode_before_birth_is_refused_and_one_from_birth_is_not(tmp_path: Path) -> None:
    found = episode(tmp_path, GOOD.replace("15/02/2024", "26/03/2016"), GOOD.replace("15/02/2024", "27/03/2016"))
    assert refused(found) == [("episodes.csv", 2, "DECOM")]
    assert "27 March 2016, header.csv row 2" in found.rejected[0].reason


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace(",,,,S1", ",,X1,,S1"), "REC"),
        (GOOD.replace(",,,,S1", ",14/08/2025,,,S1"), "DEC"),
        (GOOD.replace(",,,,S1", ",15/02/2024,X1,,S1"), "DEC"),
        (GOOD.replace("15/02/2024", "01/01/2027"), "DECOM"),
        (GOOD.replace("U4", ""), "PLACE"),
    ],
)
def test_an_odd_episode_is_kept_with_a_caution(tmp_path: Path, row: str, column: str) -> None:
    found = episode(tmp_path, row)
    assert len(found.tables["Episodes"]) == 1
    assert [caution.column for caution in found.warnings] == [column]


def test_a_upn_with_a_wrong_check_letter_is_kept_with_a_caution(tmp_path: Path) -> None:
    found = children(tmp_path, "1,F,27/03/2016,WBRI,q207000016049,,")
    assert found.tables["Header"][0].values["UPN"] == "Q207000016049"
    assert [caution.column for caution in found.warnings] == ["UPN"]


def test_two_children_with_one_upn_are_doubted(tmp_path: Path) -> None:
    rows = [f"{child},F,27/03/2016,WBRI,P207000016049,," for child in (1, 2)]
    assert "row 2 for another child" in children(tmp_path, *rows).warnings[0].reason


def test_a_value_that_is_not_needed_and_cannot_be_read_is_left_out_with_a_caution(tmp_path: Path) -> None:
    found = read_these(
        tmp_path,
        header=ONE_CHILD,
        prev="CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM\n0012,27/03/2016,P1,E06000001,zz/03/2019\n",
        oc2="CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
        "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n0012,27/03/2016,41,,1.0,0,2,,,,,\n",
    )
    prev, oc2 = found.tables["PrevPerm"][0], found.tables["OC2"][0]
    assert (prev.values["DATE_PERM"], prev.received) == (None, {"DATE_PERM": "zz/03/2019"})
    assert (oc2.values["SDQ_SCORE"], oc2.values["CONVICTED"], oc2.values["IMMUNISATIONS"]) == (None, 1, None)
    assert {caution.column for caution in found.warnings} == {"DATE_PERM", "SDQ_SCORE", "IMMUNISATIONS"}
    assert found.mapped == []


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 3, 31), "2024-25"), (date(2025, 4, 1), "2025-26"), (date(1999, 5, 1), "1999-00")],
)
def test_the_collection_year_turns_on_1_april(day: date, year: str) -> None:
    assert collection_year(day) == year


def spell(child: str, start: int, end: int | None, line: int) -> Row:
    return Row("e.csv", line, {"CHILD": child, "DECOM": date(2025, 1, start), "DEC": end and date(2025, 1, end)})


def test_episodes_that_meet_on_a_day_do_not_overlap() -> None:
    assert overlapping([spell("a", 5, None, 3), spell("a", 1, 5, 2), spell("b", 2, None, 4)]) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((1, 6), (5, None)),
        ((1, None), (5, 6)),
        ((1, None), (5, None)),
        ((1, 20), (5, 6)),
        ((5, 9), (5, None)),
    ],
)
def test_episodes_that_share_a_day_overlap_and_both_are_named(
    first: tuple[int, int | None], second: tuple[int, int | None]
) -> None:
    rows = [spell("a", *first, 2), spell("a", *second, 3), spell("a", 28, 29, 4), spell("b", 1, None, 5)]
    keep, aside, overlaps = set_aside(rows)
    assert (overlaps[0].child, overlaps[0].row_a.line, overlaps[0].row_b.line) == ("a", 2, 3)
    assert [row.line for row in keep] == [5]
    assert [row.line for row in aside] == [2, 3, 4]


def test_an_episode_that_ends_on_the_day_it_begins_overlaps_nothing() -> None:
    assert overlapping([spell("a", 1, 10, 2), spell("a", 5, 5, 3)]) == []
