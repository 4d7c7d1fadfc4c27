import csv

import pytest

from virtual_school import shipped
from virtual_school.attendance.sums import percentage
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.files import Source
from virtual_school.exchange.readers.session_totals import read_census, read_transfer_file

TRANSFER = """<?xml version="1.0"?><CTfile><Header><SourceSchool><LEA>373</LEA><Estab>4000</Estab></SourceSchool></Header>
<CTFpupilData><Pupil><UPN>Z373248013782</UPN><DOB>2010-11-12</DOB><Attendance><YearData><Year>2025</Year>
<SessionsPossible>268</SessionsPossible><SessionsAuthorised>34</SessionsAuthorised>
<SessionsUnauthorised>7</SessionsUnauthorised></YearData></Attendance></Pupil>
<Pupil><UPN>X373221017401</UPN><DOB>2012-07-02</DOB></Pupil></CTFpupilData></CTfile>"""


def test_a_transfer_file_gives_sums_of_a_year_and_says_nothing_where_it_says_nothing() -> None:
    found = read_transfer_file(Source("x.xml", TRANSFER.encode()))
    [row] = found.rows
    assert (row.upn, row.born, row.laestab, row.period) == ("Z373248013782", "2010-11-12", "3734000", "year 2025")
    assert (row.possible, row.authorised, row.unauthorised) == (268, 34, 7)
    assert found.faults == []


def test_the_shipped_transfer_file_reads_as_its_expected_values_say() -> None:
    name = "3734000_CTF_3734001_001.xml"
    found = {row.upn: row for row in read_transfer_file(Source(name, shipped.content(f"ctf/{name}"))).rows}
    with shipped.open_text("ctf/expected.csv") as file:
        expected = list(csv.DictReader(file))
    assert len(expected) == len(found) == 6
    for row in expected:
        one = found[row["upn"]]
        assert [one.born, str(one.possible), str(one.authorised), str(one.unauthorised)] == [
            row[column] for column in ("dob", "possible", "authorised", "unauthorised")
        ]
        assert one.authorised is not None
        assert one.unauthorised is not None
        assert one.possible is not None
        assert str(percentage(one.authorised + one.unauthorised, one.possible)) == row["absence_pct"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TRANSFER.replace("<CTfile>", "<Other>").replace("</CTfile>", "</Other>"), "not a common transfer file"),
        (TRANSFER.replace("</CTfile>", ""), "not well-formed"),
        ('<!DOCTYPE CTfile [<!ENTITY a "b">]>' + TRANSFER[21:], "document type"),
        ("<CTfile></CTfile>", "nothing of attendance"),
    ],
)
def test_what_is_no_transfer_file_is_refused(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_transfer_file(Source("x.xml", text.encode()))


PUPILS = (
    "pupilonrolltableid,NativeId,dob,upn,termlysessionspossible\n"
    "a1,SCH7,2020-Apr-25 00:00:00,B801200005001,126.0\nb2,SCH5,2013-Jul-19 00:00:00,A1,\n"
)
SESSIONS = "pupilonrolltableid,sessions,attendancereason\na1,10.0,I\na1,4.0,O\na1,3.0,ZZ\nb2,x,I\nc3,1.0,I\n"


def test_census_sessions_are_joined_to_their_pupils_and_counted_by_code() -> None:
    found = read_census([
        Source("2025_summer_pupilonroll.csv", PUPILS.encode()),
        Source("2025_summer_termlysessiondetailsonroll.csv", SESSIONS.encode()),
    ])  # fmt: skip
    [row] = found.rows
    assert (row.period, row.possible, row.authorised, row.unauthorised) == ("2025 summer census", 126, 10, 4)
    assert row.counts == {"I": 10, "O": 4}
    assert [(fault.row, fault.column, fault.value) for fault in found.faults] == [
        (4, "attendancereason", "ZZ"), (5, "sessions", "x"),
    ]  # fmt: skip
    assert any("1 rows are of pupils who are in no table" in note for note in found.notes)


def test_more_absence_than_was_possible_is_told_and_kept() -> None:
    found = read_census([
        Source("pupils.csv", PUPILS.encode()), Source("s.csv", SESSIONS.replace("10.0", "130.0").encode()),
    ])  # fmt: skip
    assert found.rows[0].doubt == "the sessions of absence add up to more than were possible"
    assert [fault.value for fault in found.faults if fault.row == 2] == ["134 of 126"]


def test_sessions_without_their_pupils_are_refused() -> None:
    with pytest.raises(Unreadable, match="no table of pupils"):
        read_census([Source("s.csv", SESSIONS.encode())])
