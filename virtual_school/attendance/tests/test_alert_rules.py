"""When an alert is raised, from marks alone: each rule by example, and what holds of all of them whatever the marks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.attendance.alert_rules import RULES, AlertFacts, DayMarks, Found, found, season_of, still_found
from virtual_school.attendance.alert_settings import NUMBERS, USUAL, Rule, Setting, as_kept, in_words, settings_of

MONDAY = date(2026, 11, 2)
"""After half term; the marks of the examples follow each other from here, weekends left out."""


def days(*codes: str, first: date = MONDAY) -> tuple[DayMarks, ...]:
    """ "/\\" is a day in school, "O" a day of that mark, "N/" a morning and an afternoon."""
    made, day = [], first
    for code in codes:
        while day.weekday() > 4:
            day += timedelta(days=1)
        am, pm = (code[0], code[1]) if len(code) == 2 else (code, code)
        made.append(DayMarks(day, am.strip(), pm.strip()))
        day += timedelta(days=1)
    return tuple(made)


def ask(rule: Rule, marks: Iterable[DayMarks], day: date, due: Iterable[date] = (), **numbers: int) -> list[Found]:
    setting = replace(USUAL[rule], numbers={**USUAL[rule].numbers, **numbers})
    return list(RULES[rule](AlertFacts(tuple(marks), tuple(due)), setting, day))


IN = "/\\"


def test_the_first_day_of_an_unexplained_absence_is_told_once_while_it_goes_on() -> None:
    first = ask(Rule.FIRST_DAY, days(IN, IN, "N"), date(2026, 11, 4))
    assert [one.occasion for one in first] == ["2026-11-04"]
    assert first[0].reasons == ("Absent on Wednesday 4 November: the reason is not known yet.",)
    on_the_next = ask(Rule.FIRST_DAY, days(IN, IN, "N", "O"), date(2026, 11, 5))
    assert [one.occasion for one in on_the_next] == ["2026-11-04"]
    assert on_the_next[0].reasons[1] == "Still so on Thursday 5 November."


@pytest.mark.parametrize("codes", [(IN, "I"), (IN, "N", IN), ("M",), ()])
def test_who_is_ill_on_leave_or_back_raises_no_first_day(codes: tuple[str, ...]) -> None:
    assert ask(Rule.FIRST_DAY, days(*codes), date(2026, 11, 4)) == []


def test_an_afternoon_without_reason_is_an_absence_and_says_so() -> None:
    told = ask(Rule.FIRST_DAY, days("/O"), MONDAY)
    assert told[0].reasons == ("Absent in the afternoon on Monday 2 November: no reason the school could accept.",)


def test_an_absence_before_a_holiday_and_one_after_are_two() -> None:
    marks = (*days("O", first=date(2026, 10, 23)), *days("O"))
    assert [one.occasion for one in ask(Rule.FIRST_DAY, marks, MONDAY)] == ["2026-11-02"]


def test_an_absence_long_past_is_no_first_day() -> None:
    assert ask(Rule.FIRST_DAY, days("N"), date(2026, 11, 9)) == []


def test_half_days_without_leave_are_counted_in_a_row() -> None:
    assert ask(Rule.RUN, days(IN, "/O", "O"), date(2026, 11, 4)) == []
    told = ask(Rule.RUN, days(IN, "/O", "O", "G/"), date(2026, 11, 5))
    assert [one.occasion for one in told] == ["2026-11-03-pm"]
    assert told[0].reasons == (
        "4 half days running without leave or with no reason known, from the afternoon of Tuesday 3 November to "
        "Thursday 5 November.",
    )


def test_half_days_that_were_not_possible_do_not_break_a_run_and_do_not_count() -> None:
    assert len(ask(Rule.RUN, days("O", "D", "O"), date(2026, 11, 4))) == 1
    assert ask(Rule.RUN, days("O", "D"), date(2026, 11, 4)) == []


def test_a_run_that_is_over_is_told_for_two_weeks() -> None:
    marks = days("O", "O", IN, IN)
    assert len(ask(Rule.RUN, marks, date(2026, 11, 17))) == 1
    assert ask(Rule.RUN, marks, date(2026, 11, 18)) == []


WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


def test_school_days_without_a_mark_are_told_the_day_after_so_many() -> None:
    assert ask(Rule.NO_MARKS, days(IN), date(2026, 11, 6), WEEK, days=4) == []
    told = ask(Rule.NO_MARKS, days(IN), date(2026, 11, 7), WEEK, days=4)
    assert [one.occasion for one in told] == ["2026-11-03"]
    assert told[0].reasons == (
        "No mark for 4 school days running, from Tuesday 3 November to Friday 6 November.",
        "The last mark held is of Monday 2 November.",
    )


def test_no_marks_are_missing_where_none_are_due_and_none_for_a_child_marked_today() -> None:
    assert ask(Rule.NO_MARKS, (), date(2026, 11, 7), (), days=1) == []
    assert ask(Rule.NO_MARKS, (), date(2026, 11, 7), WEEK, days=1) == [], "the school has never sent any"
    for n, told in ((4, 0), (5, 1)):
        of_others = AlertFacts((), tuple(WEEK), frozenset(WEEK[:n]))
        assert len(list(RULES[Rule.NO_MARKS](of_others, USUAL[Rule.NO_MARKS], date(2026, 11, 7)))) == told
    marked_today = days(IN, first=date(2026, 11, 9))
    due = [*WEEK, date(2026, 11, 9)]
    assert ask(Rule.NO_MARKS, marked_today, date(2026, 11, 9), due, days=2) == []


def a_year(missed: int, possible: int, first: date = date(2026, 9, 7)) -> tuple[DayMarks, ...]:
    """So many half days of which the first were attended and the last missed, ill."""
    n = (possible - missed) // 2
    rest = ["/I"] if (possible - missed) % 2 else []
    return days(*[IN] * n, *rest, *["I"] * ((missed - len(rest)) // 2), first=first)


def test_ten_per_cent_is_reached_at_ten_per_cent_and_not_before() -> None:
    below, at = a_year(5, 60), a_year(6, 60)
    assert ask(Rule.REACHED, below, below[-1].day) == []
    told = ask(Rule.REACHED, at, at[-1].day)
    assert told[0].reasons[0] == (
        "6 of 60 half days missed this school year (10.0%): 10% or more counts as persistent absence."
    )
    assert told[0].occasion == "2026-autumn"
    assert ask(Rule.NEARING, at, at[-1].day) == []
    assert len(ask(Rule.NEARING, below, below[-1].day)) == 1


def test_few_half_days_make_no_rate() -> None:
    marks = a_year(6, 30)
    assert ask(Rule.REACHED, marks, marks[-1].day) == []
    assert len(ask(Rule.REACHED, marks, marks[-1].day, least=30)) == 1


def test_nearing_says_how_many_more_make_ten_per_cent() -> None:
    marks = a_year(5, 60)
    assert ask(Rule.NEARING, marks, marks[-1].day)[0].reasons[1].startswith("2 more running make it 10%")


def test_a_line_crossed_long_ago_is_not_told_anew() -> None:
    marks = (*a_year(6, 60), *days(*["I"] * 24, first=a_year(6, 60)[-1].day + timedelta(days=1)))
    assert len(ask(Rule.REACHED, marks, marks[8].day + timedelta(days=50))) == 1
    assert ask(Rule.REACHED, marks, marks[-1].day) == []


def test_falling_is_measured_beside_the_twelve_weeks_before() -> None:
    before = days(*[IN] * 40, first=date(2026, 9, 7))
    lately = days(*[IN, "O", IN, IN, IN] * 4, first=before[-1].day + timedelta(days=1))
    told = ask(Rule.FALLING, (*before, *lately), lately[-1].day)
    assert told[0].reasons == (
        f"80.0% attended in the 4 weeks to Friday {lately[-1].day.day} {lately[-1].day:%B}, 100.0% in the 12 weeks before.",
    )
    assert ask(Rule.FALLING, (*before, *lately), lately[-1].day, points=21) == []


def test_a_weekday_missed_again_and_again_is_a_pattern_and_a_suspension_is_none() -> None:
    fridays = [IN, IN, IN, IN, "O"] * 3
    told = ask(Rule.WEEKDAY, days(*fridays), date(2026, 11, 20))
    assert told[0].reasons[0] == "3 of the 3 days missed in the last 6 weeks were Fridays."
    assert told[0].occasion == "4-2026-autumn"
    assert ask(Rule.WEEKDAY, days(*[IN, IN, IN, IN, "E"] * 3), date(2026, 11, 20)) == []
    assert ask(Rule.WEEKDAY, days(*["O", "O", IN, IN, "O"] * 3), date(2026, 11, 20)) == []


@pytest.mark.parametrize(
    ("day", "season"),
    [(date(2026, 9, 1), "2026-autumn"), (date(2027, 1, 4), "2026-spring"), (date(2027, 7, 1), "2026-summer")],
)
def test_occasions_of_a_year_are_told_once_a_term(day: date, season: str) -> None:
    assert season_of(day) == season


def test_what_a_council_sets_is_kept_as_what_differs_and_read_back() -> None:
    own = replace(USUAL[Rule.RUN], numbers={"running": 6}, first="social_worker", is_on=False)
    assert as_kept(own) == {"is_on": False, "first": "social_worker", "numbers": {"running": 6}}
    assert settings_of({"run": as_kept(own)})[Rule.RUN] == own
    assert settings_of({}) == USUAL
    assert [as_kept(one) for one in USUAL.values()] == [{}] * len(Rule)


def test_every_rule_says_what_it_looks_for() -> None:
    assert all(in_words(one) for one in USUAL.values())


A_DAY = {
    "p": IN,
    "i": "I",
    "n": "N",
    "o": "O",
    "a": "/O",
    "m": "O/",
    "e": "E",
    "d": "D",
    "g": "G",
    "l": "L\\",
    "b": "  ",
}
"""A day's marks by a letter: a text is drawn faster than a list."""

at_any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

MARKS = st.text("".join(A_DAY), max_size=70).map(lambda text: [A_DAY[letter] for letter in text])


@at_any_speed
@given(MARKS, st.integers(0, 20))
def test_whatever_the_marks_each_occasion_is_found_once_and_found_again(codes: list[str], after: int) -> None:
    marks = days(*codes, first=date(2026, 9, 7))
    day = (marks[-1].day if marks else date(2026, 9, 7)) + timedelta(days=after)
    facts = AlertFacts(marks, tuple(one.day for one in marks))
    told = list(found(facts, USUAL, day))
    assert len({(one.rule, one.occasion) for one in told}) == len(told)
    for one in told:
        assert len(one.occasion) <= 30
        assert one.reasons and all(words.endswith(".") for words in one.reasons)
        assert still_found(facts, USUAL[one.rule], day, one.occasion)


@at_any_speed
@given(MARKS)
def test_marks_after_the_day_change_nothing_that_was_found(codes: list[str]) -> None:
    marks = days(*codes, first=date(2026, 9, 7))
    if not marks:
        return
    half = marks[: len(marks) // 2 + 1]
    day, due = half[-1].day, tuple(one.day for one in marks)
    of_then, of_now = AlertFacts(half, due), AlertFacts(marks, due)
    assert list(found(of_then, USUAL, day)) == list(found(of_now, USUAL, day))


@at_any_speed
@given(MARKS, st.sampled_from(list(Rule)))
def test_a_child_who_attended_every_half_day_raises_nothing_but_missing_marks(codes: list[str], rule: Rule) -> None:
    marks = days(*[IN for _ in codes], first=date(2026, 9, 7))
    day = marks[-1].day if marks else date(2026, 9, 7)
    assert list(RULES[rule](AlertFacts(marks, tuple(one.day for one in marks)), USUAL[rule], day)) == []


@at_any_speed
@given(MARKS, st.integers(2, 12))
def test_a_run_is_at_least_as_long_as_asked_and_asking_for_more_finds_no_more(codes: list[str], least: int) -> None:
    marks = days(*codes, first=date(2026, 9, 7))
    day = marks[-1].day if marks else date(2026, 9, 7)
    for one in ask(Rule.RUN, marks, day, running=least):
        n = int(one.reasons[0].split()[0])
        assert n >= least
        assert ask(Rule.RUN, marks, day, running=n) == [one]


@at_any_speed
@given(st.integers(40, 300), st.integers(1, 29))
def test_the_half_days_left_are_the_fewest_that_make_ten_per_cent(possible: int, missed: int) -> None:
    marks = a_year(missed, possible)
    for one in ask(Rule.NEARING, marks, marks[-1].day, percent=1, least=10):
        n = int(one.reasons[1].split()[0])
        held, of = (int(part) for part in one.reasons[0].split()[:3:2])
        assert 10 * (held + n) >= of + n
        assert 10 * (held + n - 1) < of + n - 1


def test_every_number_of_a_rule_is_usual_within_its_bounds() -> None:
    for rule, numbers in NUMBERS.items():
        for one in numbers:
            assert one.least <= USUAL[rule][one.name] == one.usual <= one.most
    assert isinstance(USUAL[Rule.RUN], Setting)
