import csv
import json
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school import shipped
from virtual_school.attendance.codes import Counts, codes, doubt, in_force, read_code
from virtual_school.attendance.sharing import shared_row
from virtual_school.attendance.sums import (
    Cohort,
    Mark,
    Sums,
    cohort_of,
    count_once,
    days_without_provision,
    percentage,
    sums_of,
    sums_of_counts,
)

DAY = date(2026, 3, 2)
CODES = sorted(codes())
marks = st.lists(st.sampled_from(CODES), max_size=80)


def vectors() -> list[dict[str, str]]:
    with shipped.open_text("vectors/attendance.csv") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: row["pupil"])
def test_a_childs_sums_equal_the_published_example(row: dict[str, str]) -> None:
    given_marks = row["marks"].split()
    found = sums_of(given_marks)
    assert len(given_marks) == int(row["sessions_marked"])
    assert {
        "sessions_possible": str(found.possible),
        "present": str(found.present),
        "authorised": str(found.authorised),
        "unauthorised": str(found.unauthorised),
        "late_before_close": str(found.late_before_close),
        "late_after_close": str(found.late_after_close),
        "absence_pct": f"{found.absence_pct:.4f}",
        "persistent": "NY"[found.is_persistent],
        "severe": "NY"[found.is_severe],
    }.items() <= row.items()


def test_the_cohorts_sums_equal_the_published_totals() -> None:
    expected = json.loads(shipped.content("vectors/attendance_totals.json"))
    found = cohort_of(sums_of(row["marks"].split()) for row in vectors())
    assert expected == {
        "pupils": found.pupils,
        "sessions_possible": found.sums.possible,
        "authorised": found.sums.authorised,
        "unauthorised": found.sums.unauthorised,
        "overall_absence_pct": float(found.sums.absence_pct or -1),
        "persistent_absentees": found.persistent,
        "persistent_pct": float(found.persistent_pct or -1),
        "severe_absentees": found.severe,
        "severe_pct": float(found.severe_pct or -1),
    }


@given(marks)
def test_every_possible_session_is_attended_or_absent(given_marks: list[str]) -> None:
    found = sums_of(given_marks)
    assert found.possible == found.present + found.absent
    assert found.approved + found.late_before_close <= found.present
    assert found.late_after_close <= found.unauthorised
    assert found.possible <= len(given_marks)
    assert found.is_persistent or not found.is_severe


@given(marks, marks)
def test_sums_of_two_spells_add_up_to_the_sums_of_both(first: list[str], second: list[str]) -> None:
    assert sums_of(first) + sums_of(second) == sums_of(first + second)
    assert sums_of_counts(Counter(first + second)) == sums_of(first + second)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_percentage_is_the_exact_one_halves_up(part: int, whole: int) -> None:
    found = percentage(part, whole)
    if whole == 0:
        assert found is None
        return
    exact = Fraction(100 * part, whole)
    assert found is not None
    assert -Fraction(1, 20_000) < exact - Fraction(found) <= Fraction(1, 20_000) or Fraction(found) - exact == Fraction(
        1, 20_000
    )


@pytest.mark.parametrize(("absent", "possible", "is_persistent"), [(39, 390, True), (38, 389, False), (0, 0, False)])
def test_persistent_absence_is_ten_in_a_hundred_by_whole_numbers(
    absent: int, possible: int, is_persistent: bool
) -> None:
    assert Sums(possible=possible, present=possible - absent, authorised=absent).is_persistent is is_persistent


def test_without_a_possible_session_there_is_no_rate_and_no_pupil() -> None:
    nothing = sums_of(["Y4", "#", "X"])
    assert nothing == Sums()
    assert nothing.absence_pct is None
    assert cohort_of([nothing]).pupils == 0
    assert cohort_of([nothing]).persistent_pct is None


def at(code: str, urn: int, is_main: bool | None = None, session: str = "am") -> Mark:
    return Mark(DAY, session, code, urn, is_main)  # type: ignore[arg-type]


def test_at_two_schools_the_mark_of_the_one_attended_counts() -> None:
    found = count_once([at("D", 1, True), at("I", 2, False)])
    assert [mark.code for mark in found.marks] == ["I"]
    assert found.clashes == ()


def test_at_two_schools_that_both_give_a_mark_the_main_registration_counts_and_the_clash_is_shown() -> None:
    found = count_once([at("O", 2, False), at("/", 9, True)])
    assert [mark.code for mark in found.marks] == ["/"]
    assert [[mark.code for mark in clash] for clash in found.clashes] == [["/", "O"]]


def test_at_two_schools_that_both_say_it_is_the_other_the_session_was_not_possible() -> None:
    found = count_once([at("D", 1, True), at("D", 2, False)])
    assert sums_of(mark.code for mark in found.marks) == Sums()


schools = st.lists(
    st.builds(
        Mark,
        st.integers(0, 9).map(lambda n: DAY + timedelta(days=n)),
        st.sampled_from(["am", "pm"]),
        st.sampled_from(CODES),
        st.integers(1, 3),
        st.sampled_from([True, False, None]),
    ),
    max_size=40,
    unique_by=lambda mark: (mark.day, mark.session, mark.urn),
)


@given(schools)
def test_a_session_counts_once_however_many_schools_marked_it(given_marks: list[Mark]) -> None:
    found = count_once(given_marks)
    assert len({(mark.day, mark.session) for mark in found.marks}) == len(found.marks)
    assert set(found.marks) <= set(given_marks)
    sessions = {(mark.day, mark.session) for mark in given_marks if codes()[mark.code].is_possible}
    assert sums_of(mark.code for mark in found.marks).possible == len(sessions)
    assert count_once(reversed(given_marks)) == found


def test_a_day_of_absence_or_a_part_timetable_without_a_session_is_without_provision() -> None:
    whole = [at("C2", 1), at("C2", 1, session="pm")]
    half = [Mark(DAY + timedelta(days=1), "am", "/"), Mark(DAY + timedelta(days=1), "pm", "C2")]
    closed = [Mark(DAY + timedelta(days=2), "am", "Y4"), Mark(DAY + timedelta(days=2), "pm", "Y4")]
    assert days_without_provision([*whole, *half, *closed]) == 1


def test_withdrawn_codes_count_as_they_did_and_a_later_day_is_told() -> None:
    assert sums_of(["H", "J", "Y"]) == Sums(possible=2, present=1, approved=1, authorised=1)
    assert doubt("H", date(2024, 8, 18), None) == ""
    assert doubt("J", date(2024, 9, 3), None) == "the code J was withdrawn after 18/08/2024, now J1"
    assert {"H", "J", "Y"}.isdisjoint(code.code for code in in_force(date(2026, 9, 1)))


def test_codes_of_compulsory_school_age_are_told_where_they_do_not_fit() -> None:
    assert doubt("X", DAY, date(2015, 1, 1)) == "X is for a child not of compulsory school age"
    assert doubt("X", DAY, date(2023, 1, 1)) == ""
    assert doubt("C2", DAY, date(2023, 1, 1)) == "C2 is for a child of compulsory school age"
    assert doubt("C2", DAY, None) == ""


@pytest.mark.parametrize(
    ("text", "code"), [(" l ", "L"), ("y7", "Y7"), ("-", ""), ("", ""), ("\\", "\\"), ("Y8", None), ("present", None)]
)
def test_a_code_is_read_in_either_case_and_what_is_none_is_none(text: str, code: str | None) -> None:
    assert read_code(text) == code


def test_the_codes_are_those_of_the_shipped_list() -> None:
    groups = {
        "code: present or attending elsewhere": {Counts.PRESENT, Counts.APPROVED},
        "code: not a possible session": {Counts.NOT_POSSIBLE},
        "code: authorised absence": {Counts.AUTHORISED},
        "code: unauthorised absence": {Counts.UNAUTHORISED},
    }
    with shipped.open_text("codes/codes.csv") as file:
        rows = [row for row in csv.DictReader(file) if row["standard"] == "Attendance"]
    assert {row["code"] for row in rows} == set(codes())
    for row in rows:
        if row["field"] in groups:
            assert codes()[row["code"]].counts in groups[row["field"]], row


def test_an_authoritys_rate_is_not_the_mean_of_its_childrens() -> None:
    found = cohort_of([sums_of(["/"] * 90 + ["I"] * 10), sums_of(["O"] * 2)])
    assert found.sums.absence_pct == Decimal("11.7647")


def some(pupils: int, persistent: int = 0, severe: int = 0, unauthorised: int = 40) -> Cohort:
    sums = Sums(1000, 1000 - 60 - unauthorised, 10, 60, unauthorised, 20, 10)
    return Cohort(pupils, sums, persistent, severe)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (some(5, 2), ["c"] * 12),
        (some(40, 12, 6), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", 12, "30.0", 6, "15.0"]),
        (some(40, 0), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", 0, "0.0", 0, "0.0"]),
        (some(40, 3), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", "c", "c", 0, "0.0"]),
        (some(40, 38), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", "c", "c", 0, "0.0"]),
        (some(40, 10, 2), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", 10, "25.0", "c", "c"]),
        (some(40, 10, 7), [40, 1000, 900, 60, 40, 30, "90.0", "10.0", 10, "25.0", "c", "c"]),
        (some(40, 0, unauthorised=3), [40, 1000, 937, "c", "c", 30, "93.7", "6.3", 0, "0.0", 0, "0.0"]),
    ],
)
def test_what_leaves_the_council_hides_small_counts_and_what_would_tell_them(of: Cohort, expected: list) -> None:
    assert shared_row(of) == expected


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_no_small_count_of_children_can_be_worked_out_from_what_is_shared(a: int, b: int, c: int) -> None:
    """Severely absent, persistently but not severely, and the others."""
    row = shared_row(some(a + b + c, a + b, a))
    pupils, persistent, severe = row[0], row[8], row[10]
    numbers = [one for one in (pupils, persistent, severe) if one != "c"]
    told = [*numbers, *(abs(one - other) for one in numbers for other in numbers)]
    assert not any(0 < one < 6 for one in told)
