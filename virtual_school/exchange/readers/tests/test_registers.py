from datetime import date

import pytest

from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.files import Source
from virtual_school.exchange.readers.registers import MOST_FAULTS, Register, UnknownColumns, open_register

TODAY = date(2026, 11, 24)
WHO = "B801200005001,27/03/2012"


def opened(text: str | bytes, **more) -> Register:
    content = text if isinstance(text, bytes) else text.encode()
    return open_register(Source("marks.csv", content), TODAY, **more)


def marks(register: Register) -> list[tuple]:
    return [(f"{day:%d %b}", am, pm) for _, _, day, am, pm, _, _ in register.rows]


def faults(text: str) -> list[tuple]:
    register = opened(text)
    list(register.rows)
    return [(fault.row, fault.column, fault.value, fault.reason) for fault in register.faults]


def test_a_row_a_day() -> None:
    register = opened(f"UPN,DOB,Date,AM,PM,AM minutes late\n{WHO},02/11/2026,l,\\,7\n{WHO},2026-11-03,-,O,\n")
    rows = list(register.rows)
    assert [(row[0], *row[2:6]) for row in rows] == [
        (2, date(2026, 11, 2), "L", "\\", 7),
        (3, date(2026, 11, 3), "", "O", 0),
    ]
    assert rows[0][1].upn == "B801200005001"
    assert (register.shape, register.unit, register.read) == ("day", "days", 2)


def test_a_row_a_session_as_aggregators_give_it() -> None:
    register = opened(
        "upn,dob,session_date,session_name,attendance_mark,minutes_late\n"
        f"{WHO},2026-11-02T00:00:00,AM,/,\n{WHO},2026-11-02T00:00:00,PM,L,12\n"
    )
    rows = list(register.rows)
    assert [row[3:] for row in rows] == [("/", "", 0, 0), ("", "L", 0, 12)]


def test_a_register_sheet_has_a_column_a_session() -> None:
    register = opened(
        "Registers of autumn\nName,UPN,Date of birth,02/11/2026 AM,02/11/2026 PM,03-Nov-2026,03-Nov-2026\n"
        f"Doe,{WHO},/,\\,I,\n"
    )
    assert marks(register) == [("02 Nov", "/", ""), ("02 Nov", "", "\\"), ("03 Nov", "I", "")]
    assert (register.shape, register.unit, register.read) == ("sheet", "marks", 3)


def test_columns_matched_before_are_found_again() -> None:
    text = f"Pupil no,Birthday,When,Vormittag,Nachmittag\n{WHO},02/11/2026,/,\\\n"
    with pytest.raises(UnknownColumns) as unknown:
        opened(text)
    assert unknown.value.headings == ["Pupil no", "Birthday", "When", "Vormittag", "Nachmittag"]
    layout = {
        "UPN": "Pupil no", "Date of birth": "Birthday", "Date": "When", "AM": "Vormittag", "PM": "Nachmittag",
    }  # fmt: skip
    assert marks(opened(text, layouts=[{"AM": "Other"}, layout])) == [("02 Nov", "/", "\\")]
    assert marks(opened(text, given=layout)) == [("02 Nov", "/", "\\")]


HEAD = "UPN,DOB,Date,AM,PM\n"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"{WHO},25/11/2026,/,", (2, "Date", "25/11/2026", "it is in the future")),
        (f"{WHO},31/11/2026,/,", (2, "Date", "31/11/2026", None)),
        (f"{WHO},11/13/2026,/,", (2, "Date", "11/13/2026", None)),
        (f"{WHO},,/,", (2, "Date", "", "it is blank")),
        (f"{WHO},02/11/2026,/,Q9", (2, "PM", "Q9", "this is not an attendance code")),
        (f"{WHO},02/11/2026,present,", (2, "AM", "present", "this is not an attendance code")),
        (f"{WHO},02/11/2026,=1+1,", (2, "AM", "=1+1", "it begins with =, as a formula does")),
        (f"{WHO},02/11/2026,#REF!,", (2, "AM", "#REF!", "this is not an attendance code")),
    ],
)
def test_what_is_wrong_is_refused_by_row_and_column(row: str, fault: tuple) -> None:
    [found] = faults(HEAD + row)
    assert found[:3] == fault[:3]
    if fault[3]:
        assert found[3] == fault[3]


def test_a_formula_in_a_name_is_refused_and_a_number_marked_as_text_is_read() -> None:
    head = "Surname,UPN,DOB,Date,AM\n"
    assert faults(head + f'"=HYPERLINK(""http://x"")",{WHO},02/11/2026,/') == [
        (2, "column 1", '=HYPERLINK("http://x")', "it begins with =, as a formula does")
    ]
    register = opened(head + '"=""Doe""","=""B801200005001""",27/03/2012,02/11/2026,/\n')
    assert [row[1].upn for row in register.rows] == ["B801200005001"]


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(Unreadable, match=r"marks.csv row 1 has 1,000,000 columns"):
        opened(",".join(["x"] * 1_000_000))


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + b"x" * 100, b"%PDF-1.7 ...", b"", b"\xff\xfe\x00\xd8" * 9])
def test_a_file_that_is_no_register_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"marks\.csv"):
        opened(content)


def test_rubbish_has_no_headings() -> None:
    with pytest.raises(UnknownColumns):
        opened("zxcv qwer\n" * 50)


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    register = opened(HEAD + f"{WHO},02/11/2026,?,\n" * (MOST_FAULTS + 7))
    assert list(register.rows) == []
    assert (len(register.faults), register.refused) == (MOST_FAULTS, MOST_FAULTS + 7)
