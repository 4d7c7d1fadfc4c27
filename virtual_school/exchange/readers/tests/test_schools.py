from datetime import date
from pathlib import Path

import pytest

from virtual_school import shipped
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.schools import read_links, read_schools
from virtual_school.exchange.readers.tests.samples import write

SHORT = "URN,EstablishmentName,EstablishmentStatus (name),PhaseOfEducation (name),OpenDate,NumberOfPupils,L\n"


def test_the_shipped_register_of_30_columns_reads_whole() -> None:
    found = read_schools(shipped.path("schools/schools.csv"))
    assert (len(found.rows), found.rejected, found.warnings) == (27001, [], [])
    first = found.rows[0]
    assert (first.urn, first.la_code, first.name) == (100000, "201", "The Aldgate School")
    assert first.postcode == "EC3A 5DE"
    assert (first.status_code, first.phase_code, first.type_code, first.group_code) == ("1", "2", "2", "4")
    assert (first.low_age, first.high_age, first.easting) == (3, 11, 533498)
    assert (first.last_inspection, first.last_rating) == (date(2013, 4, 18), "Outstanding")
    assert first.source_as_at == "2022-04-25"
    assert "NumberOfPupils" in found.missing_columns


def test_a_full_download_of_111_columns_reads() -> None:
    found = read_schools(shipped.path("schools/hampshire_40_windows1252.csv"))
    assert (len(found.rows), found.rejected, found.warnings) == (40, [], [])
    closed = [row for row in found.rows if row.status_code == "2"]
    assert closed and all(row.close_date for row in closed)
    assert any(len(row.sen_types) > 1 for row in found.rows)
    assert any(row.capacity and row.number_of_pupils and row.ukprn for row in found.rows)


def test_a_full_file_of_all_columns_reads() -> None:
    found = read_schools(shipped.path("schools/fictional_60.csv"))
    assert (len(found.rows), found.rejected) == (60, [])
    assert found.missing_columns == ["SourceAsAt"]
    assert found.rows[0].open_date == date(1993, 5, 29)
    assert found.rows[0].trust == "trust name 1"


def test_nothing_about_a_head_teacher_is_kept() -> None:
    assert "Jane" not in repr(read_schools(shipped.path("schools/fictional_60.csv")).rows)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_windows_1252_and_utf_8_read_alike(tmp_path: Path, encoding: str) -> None:
    text = SHORT + "100001,St Zoë’s School,Open,Primary,01-09-1895,210,\n"
    row = read_schools(write(tmp_path, "schools.csv", text.encode(encoding))).rows[0]
    assert (row.name, row.open_date, row.number_of_pupils) == ("St Zoë’s School", date(1895, 9, 1), 210)


def test_a_row_longer_than_the_header_is_kept_with_a_caution(tmp_path: Path) -> None:
    found = read_schools(write(tmp_path, "s.csv", SHORT + "100001,A,Open,Primary,,,one,two,three\n100002,B\n"))
    assert [row.urn for row in found.rows] == [100001, 100002]
    assert [(caution.row, caution.value) for caution in found.warnings] == [(2, "one,two,three")]


def test_bad_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = "x1,A,,,,,\n100001,A,,,31-02-2000,many,\n100002,,,,,,\n100001,B,,,,,\n"
    found = read_schools(write(tmp_path, "s.csv", SHORT + rows))
    assert [row.urn for row in found.rows] == [100001]
    assert [(fault.row, fault.column) for fault in found.rejected] == [
        (2, "URN"),
        (4, "EstablishmentName"),
        (5, "URN"),
    ]
    assert "row 5 is for the same URN as row 3" in found.rejected[-1].reason
    assert [caution.column for caution in found.warnings] == ["NumberOfPupils", "OpenDate"]


def test_a_file_that_is_not_the_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"s\.csv is not the register of schools"):
        read_schools(write(tmp_path, "s.csv", "SHOE,SIZE\n1,2\n"))


def test_the_shipped_links_read() -> None:
    found = read_links(shipped.path("schools/links.csv"))
    assert (len(found.rows), found.rejected, found.warnings) == (33801, [], [])
    link = found.rows[0]
    assert (link.urn, link.link_urn, link.link_type) == (100006, 134643, "Predecessor - merged")
    assert link.established == date(2022, 1, 1)


def test_a_bad_link_is_named(tmp_path: Path) -> None:
    head = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n"
    text = head + "100006,none,A,Successor,\n100006,100007,A,Successor,\n"
    found = read_links(write(tmp_path, "links.csv", text))
    assert [(fault.row, fault.column) for fault in found.rejected] == [(2, "LinkURN")]
    assert found.rows[0].established is None
