"""When a worry is read, by whom, and what follows if nobody does."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school import shipped
from virtual_school.authorities.tests.rule_facts import SCHOOL_DAYS
from virtual_school.dates.working_days import working_calendar
from virtual_school.voice.rules import (
    Hours,
    Reader,
    after_working_time,
    escalation,
    in_words,
    limit_of,
    reminder_due,
    route,
    standing_of,
)

HOURS = Hours(calendar=working_calendar(shipped.bank_holidays().items()), opens=time(9), closes=time(17))
SAM = Reader(person_id=1, known_as="Sam", rank=1)
JO = Reader(person_id=2, known_as="Jo", rank=2)
HEAD = Reader(person_id=3, known_as="Helen", rank=3)
TWO = timedelta(hours=2)


@pytest.mark.parametrize(
    ("pressed", "read_by"),
    [
        (datetime(2026, 11, 24, 10, 0), datetime(2026, 11, 24, 12, 0)),
        (datetime(2026, 11, 24, 10, 1), datetime(2026, 11, 24, 12, 15)),
        (datetime(2026, 11, 24, 16, 0), datetime(2026, 11, 25, 10, 0)),
        (datetime(2026, 11, 27, 22, 0), datetime(2026, 11, 30, 11, 0)),
        (datetime(2026, 12, 24, 16, 30), datetime(2026, 12, 29, 10, 30)),
        (datetime(2026, 11, 24, 3, 0), datetime(2026, 11, 24, 11, 0)),
    ],
)
def test_two_working_hours_pass_over_nights_weekends_and_bank_holidays(pressed: datetime, read_by: datetime) -> None:
    assert after_working_time(pressed, TWO, HOURS) == read_by


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)), st.integers(1, 16))
def test_a_time_by_which_it_is_read_is_in_working_hours_and_later(at: datetime, hours: int) -> None:
    by = after_working_time(at, timedelta(hours=hours), HOURS)
    assert by > at and HOURS.is_open(by.date())
    assert HOURS.opens <= by.time() <= HOURS.closes and by.minute % 15 == 0


def test_the_first_in_rank_reads() -> None:
    found = route([HEAD, JO, SAM], set(), datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.reader == SAM and not found.is_long


def test_whoever_the_child_does_not_want_told_first_is_left_out() -> None:
    found = route([SAM, JO], {1}, datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.reader == JO
    assert route([SAM, JO], {1, 2}, datetime(2026, 11, 24, 10), TWO, HOURS) is None


def test_the_deputy_reads_while_the_reader_is_away() -> None:
    away = Reader(person_id=1, known_as="Sam", rank=1, away_from=date(2026, 11, 23), away_to=date(2026, 11, 27))
    found = route([away, JO], set(), datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.reader == JO


def test_with_nobody_there_for_a_working_day_it_says_so() -> None:
    away = Reader(person_id=1, known_as="Sam", rank=1, away_from=date(2026, 11, 23), away_to=date(2026, 11, 27))
    found = route([away], set(), datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.is_long and found.read_by == datetime(2026, 11, 30, 11)
    for_ever = Reader(person_id=1, known_as="Sam", rank=1, away_from=date(2026, 11, 23))
    found = route([for_ever], set(), datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.is_long and found.read_by is None


def test_nobody_opens_it_and_it_goes_up_in_order_and_then_to_the_telephone() -> None:
    ten = datetime(2026, 11, 24, 10)
    given_to = [(1, ten + TWO)]
    assert escalation([SAM, JO, HEAD], given_to, set(), ten + TWO, TWO, HOURS) is None
    late = ten + TWO + timedelta(minutes=1)
    found = escalation([SAM, JO, HEAD], given_to, set(), late, TWO, HOURS)
    assert found is not None and found.reader == JO and found.open_by == datetime(2026, 11, 24, 14, 15)
    found = escalation([SAM, JO, HEAD], given_to, {2}, late, TWO, HOURS)
    assert found is not None and found.reader == HEAD
    all_told = [(1, ten), (2, ten), (3, ten)]
    found = escalation([SAM, JO, HEAD], all_told, set(), late, TWO, HOURS)
    assert found is not None and found.reader is None


def test_an_alert_given_to_nobody_goes_to_the_telephone_at_once() -> None:
    found = escalation([], [], set(), datetime(2026, 11, 24, 10), TWO, HOURS)
    assert found is not None and found.reader is None


def test_the_other_alerts_have_a_working_day() -> None:
    limit = limit_of(False, 2, HOURS)
    assert after_working_time(datetime(2026, 11, 24, 10), limit, HOURS) == datetime(2026, 11, 25, 10)
    assert after_working_time(datetime(2026, 11, 27, 18), limit, HOURS) == datetime(2026, 11, 30, 17)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 24, 12), "12 noon today"),
        (datetime(2026, 11, 30, 12), "12 noon on Monday"),
        (datetime(2026, 11, 25, 9, 30), "9:30am on Wednesday"),
        (datetime(2026, 12, 8, 15), "3pm on Tuesday 8 December"),
    ],
)
def test_a_time_is_said_as_one_says_it(moment: datetime, words: str) -> None:
    assert in_words(moment, datetime(2026, 11, 24, 10)) == words


def test_late_is_worked_out_and_never_kept() -> None:
    today = date(2026, 11, 24)
    assert standing_of("made", today, today) == "made"
    assert standing_of("under_way", date(2026, 11, 23), today) == "late"
    assert standing_of("done", date(2026, 11, 1), today) == "done"


def test_a_promise_is_reminded_of_before_on_the_day_and_each_week() -> None:
    due = date(2026, 11, 24)
    told = {day: reminder_due(due, date(2026, 11, day), SCHOOL_DAYS, 5) for day in (10, 17, 24, 25)}
    assert told == {10: "", 17: "before", 24: "due", 25: ""}
    assert reminder_due(due, date(2026, 12, 1), SCHOOL_DAYS, 5) == "weekly.1"
    assert reminder_due(due, date(2026, 12, 9), SCHOOL_DAYS, 5) == "weekly.2"
