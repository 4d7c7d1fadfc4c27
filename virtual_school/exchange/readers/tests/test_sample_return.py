"""The invented return shipped with the product reads as worked out beforehand."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from virtual_school import shipped
from virtual_school.exchange.readers.return_rows import Return
from virtual_school.exchange.readers.ssda903 import read, set_aside
from virtual_school.exchange.readers.tests.samples import TODAY


@pytest.fixture(scope="module")
def sample() -> Return:
    return read([shipped.path("ssda903/2025_26.zip")], TODAY)


def test_every_table_of_the_sample_is_read(sample: Return) -> None:
    assert {table: len(rows) for table, rows in sample.tables.items()} == {
        "Header": 2675,
        "Episodes": 5050,
        "Reviews": 12568,
        "UASC": 132,
        "OC2": 2675,
        "OC3": 53,
        "AD1": 29,
        "PlacedAdoption": 29,
        "PrevPerm": 2675,
        "Missing": 43,
        "SWEpisodes": 0,
    }
    assert sample.missing_tables == ["DoLo"]
    assert sample.collection_year == "2025-26"
    assert sample.unrecognised_files == []
    assert sample.mapped == []


def test_only_repeated_reviews_and_a_child_not_listed_are_refused(sample: Return) -> None:
    assert Counter(fault.file for fault in sample.rejected) == {"reviews.csv": 14, "sw_episodes.csv": 1}


def test_faults_that_do_not_stop_a_row_are_cautions(sample: Return) -> None:
    assert Counter(caution.column for caution in sample.warnings) == {
        "UPN": 2568,
        "REC": 1413,
        "REASON_PLACED_CEASED": 29,
        "ACCOM": 2,
    } | {"SW_REASON": 1}


def test_the_62_children_whose_episodes_overlap_are_set_aside(sample: Return) -> None:
    expected = json.loads(shipped.content("vectors/ssda903_2025_26_cohorts_set_aside.json"))
    keep, aside, overlaps = set_aside(sample.tables["Episodes"])
    assert len(keep) == expected["episodes"] == 4847
    assert sorted({row.values["CHILD"] for row in aside}) == expected["children_set_aside"]
    assert {overlap.child for overlap in overlaps} == set(expected["children_set_aside"])
    assert all(overlap.row_a.line != overlap.row_b.line for overlap in overlaps)


def test_values_are_dates_numbers_and_text(sample: Return) -> None:
    header, episode, oc2 = (sample.tables[name][0] for name in ("Header", "Episodes", "OC2"))
    assert header.values == {
        "CHILD": "566910",
        "SEX": "F",
        "DOB": date(2016, 3, 27),
        "ETHNIC": "WROM",
        "UPN": "D051910639385",
        "MOTHER": None,
        "MC_DOB": None,
    }
    assert (episode.file, episode.line) == ("episodes.csv", 2)
    assert episode.values["DEC"] == date(2025, 8, 14)
    assert episode.values["URN"] == "4244474"
    assert (oc2.values["SDQ_SCORE"], oc2.values["CONVICTED"], oc2.values["TEETH_CHECK"]) == (39, 1, 0)


def test_a_folder_and_loose_files_read_the_same_as_the_zip(sample: Return, tmp_path: Path) -> None:
    with ZipFile(shipped.path("ssda903/2025_26.zip")) as archive:
        archive.extractall(tmp_path)
    folder = read([tmp_path], TODAY)
    loose = read(sorted(tmp_path.glob("*.csv")), TODAY)
    for other in (folder, loose):
        assert other.tables == sample.tables
        assert other.rejected == sample.rejected


def test_reading_twice_gives_the_same(sample: Return) -> None:
    assert read([shipped.path("ssda903/2025_26.zip")], TODAY) == sample
