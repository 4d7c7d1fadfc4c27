import csv
from datetime import date

import pytest

from virtual_school import shipped
from virtual_school.exchange.readers.codes import BECAME, ssda903_codes


def test_every_authority_is_there_and_old_ones_name_their_successors() -> None:
    authorities = {authority.code: authority for authority in shipped.authorities()}
    assert len(authorities) == 158
    assert sum(authority.current for authority in authorities.values()) == 153
    assert authorities["909"].successors == ("942", "943")
    assert authorities["373"].name == "Sheffield"


def test_each_authority_has_ten_neighbours_nearest_first() -> None:
    neighbours = shipped.statistical_neighbours()
    assert [neighbour.rank for neighbour in neighbours["301"]] == list(range(1, 11))
    assert neighbours["301"][0].code == "308"


def test_bank_holidays_are_those_of_england_and_wales() -> None:
    holidays = shipped.bank_holidays()
    assert holidays[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 1, 2) not in holidays  # Scotland only
    assert len(holidays) == 140


def test_term_dates_have_both_ends() -> None:
    dates = shipped.term_dates()
    assert len(dates) == 57
    assert all(row.start <= row.end and row.kind in ("term", "holiday") for row in dates)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("stats/cla_absence_la.csv", 3960),
        ("stats/cla_ks2_la.csv", 990),
        ("stats/cla_ks4_la.csv", 990),
        ("stats/care_leavers_activity_la.csv", 8016),
        ("stats/care_leavers_accommodation_suitability_la.csv", 2672),
        ("stats/cla_placement_stability_la.csv", 2004),
        ("stats/cla_numbers_rates_la.csv", 1002),
        ("stats/cla_school_moves_la.csv", 2672),
        ("stats/cla_health_sdq_convictions_la.csv", 3006),
        ("stats/cla_sen_la.csv", 492),
        ("stats/cla_exclusions_suspensions_la.csv", 485),
        ("stats/lait_cla_measures_2023_2025.csv", 31110),
        ("ssda903/rules_2025_26.csv", 316),
        ("ssda903/rules_2026_27.csv", 327),
        ("codes/codes.csv", 411),
        ("la/statistical_neighbours.csv", 1580),
        ("schools/establishment_types.csv", 50),
    ],
)
def test_each_shipped_table_has_the_rows_that_its_readme_says(name: str, rows: int) -> None:
    with shipped.open_text(name) as file:
        assert sum(1 for _ in csv.DictReader(file)) == rows


def test_a_shipped_file_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"stats/nothing\.csv"):
        shipped.open_text("stats/nothing.csv")


def test_no_shipped_file_is_over_a_mebibyte() -> None:
    assert all(path.stat().st_size < 1024 * 1024 for path in shipped.DATA.rglob("*") if path.is_file())


def test_retired_codes_become_codes_of_today() -> None:
    codes = ssda903_codes()
    for (field, old), new in BECAME.items():
        assert codes[field][old].last_year or codes[field][old].note
        assert not codes[field][new].last_year


def test_accommodation_codes_are_a_letter_and_a_digit_or_nought() -> None:
    accom = ssda903_codes()["ACCOM"]
    assert {"B1", "Z2", "0"} <= set(accom)
    assert "01" not in accom
    assert accom["Y2"].description == "Other accommodation: not suitable"
