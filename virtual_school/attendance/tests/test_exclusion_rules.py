from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.attendance.exclusion_rules import (
    cancelled_is_told_and_the_child_is_back,
    education_while_out,
    governors_meet,
    may_cancel,
    no_more_than_forty_five_days,
    parents_and_governors_are_told,
    review_panel_hears_them,
    risk_is_met_about_early,
    sixth_day,
    social_worker_is_told,
    virtual_school_checks_it,
    virtual_school_head_is_told,
    work_is_set,
)
from virtual_school.attendance.facts import in_days, sessions_in_term, sessions_in_year
from virtual_school.attendance.rules import RULES_FOR_CHILD
from virtual_school.authorities.rules import Policy
from virtual_school.authorities.tests.rule_facts import SCHOOL_DAYS
from virtual_school.care.rules import EpisodeFact
from virtual_school.law.obligation import State

from .exclusion_facts import DAY, FIRST_OUT, asked, facts, only, suspended, words

BACK = date(2026, 12, 2)


def test_nothing_is_asked_of_a_child_who_was_never_suspended() -> None:
    assert [one for rule in RULES_FOR_CHILD for one in rule(facts(), DAY)] == []


@pytest.mark.parametrize(
    "of",
    [
        facts(suspended(back_on=BACK), episodes=()),
        facts(suspended(back_on=BACK), born=date(2008, 1, 1)),
        facts(suspended(date(2025, 11, 17), date(2025, 11, 24))),
        facts(
            suspended(back_on=BACK),
            episodes=(EpisodeFact(starts=date(2024, 3, 4), ends=date(2026, 11, 1), new_reason="S", legal_status="C2"),),
        ),
    ],
    ids=["not in care", "grown up", "of an earlier school year", "left care before"],
)
def test_nothing_is_asked_where_the_virtual_school_head_is_not_the_pupils(of: Any) -> None:
    assert [one for rule in RULES_FOR_CHILD for one in rule(of, DAY)] == []


# Told without delay


def test_the_social_worker_and_the_head_are_told_by_the_councils_target_of_the_next_school_day() -> None:
    of = facts(suspended(back_on=BACK, head_told_on=FIRST_OUT))
    worker, head = only(social_worker_is_told, of), only(virtual_school_head_is_told, of)
    assert (worker.state, worker.due_on) == (State.OVERDUE, date(2026, 11, 17))
    assert (head.state, head.met_on) == (State.MET, FIRST_OUT)
    assert worker.is_local and head.is_local, "the law sets no number of days"
    assert "without delay" in words(worker)


def test_a_decision_before_the_holiday_is_told_on_the_first_day_after() -> None:
    of = facts(suspended(date(2026, 10, 23), date(2026, 11, 4)))
    assert only(virtual_school_head_is_told, of).due_on == date(2026, 11, 2)


def test_a_council_may_ask_for_the_same_day() -> None:
    of = facts(suspended(back_on=BACK), policy=Policy(exclusion_told_school_days=0))
    assert only(virtual_school_head_is_told, of).due_on == FIRST_OUT


def test_where_no_social_worker_is_named_it_is_not_known_whether_one_was_told() -> None:
    found = only(social_worker_is_told, facts(suspended(back_on=BACK, has_social_worker=False)))
    assert (found.state, found.missing) == (State.NOT_KNOWN, ("social worker",))


def test_parents_alone_are_told_of_up_to_five_days_and_the_governors_of_more() -> None:
    five = facts(suspended(back_on=date(2026, 11, 23), sessions=10, parents_told_on=FIRST_OUT))
    assert only(parents_and_governors_are_told, five).state is State.MET
    more = facts(suspended(back_on=BACK, sessions=11, parents_told_on=FIRST_OUT))
    assert only(parents_and_governors_are_told, more).state is State.OVERDUE
    both = suspended(back_on=BACK, sessions=11, parents_told_on=FIRST_OUT, governors_told_on=date(2026, 11, 18))
    assert only(parents_and_governors_are_told, facts(both)).state is State.MET_LATE


def test_that_nobody_noted_the_letter_does_not_say_that_it_was_not_sent() -> None:
    assert only(parents_and_governors_are_told, facts(suspended(back_on=BACK))).state is State.NOT_KNOWN


# Education while out


def test_education_is_law_from_the_sixth_school_day_and_a_local_target_from_the_first() -> None:
    target, law = asked(education_while_out, facts(suspended(back_on=BACK)), FIRST_OUT)
    assert (target.due_on, target.is_local) == (FIRST_OUT, True)
    assert (law.due_on, law.is_local, law.who) == (date(2026, 11, 23), False, "headteacher")


def test_a_permanent_exclusion_is_counted_from_the_day_after_and_is_the_councils_to_provide() -> None:
    target, law = asked(education_while_out, facts(suspended(category="PERM")), FIRST_OUT)
    assert target.due_on == date(2026, 11, 17)
    assert (law.due_on, law.who) == (date(2026, 11, 24), "virtual_school_head")


def test_a_suspension_of_five_days_has_no_sixth() -> None:
    (target,) = asked(education_while_out, facts(suspended(back_on=date(2026, 11, 23))), FIRST_OUT)
    assert target.is_local


def test_part_time_education_does_not_meet_it_and_full_time_does() -> None:
    part = facts(suspended(back_on=BACK, part_time_from=FIRST_OUT))
    assert [one.state for one in asked(education_while_out, part)] == [State.OVERDUE, State.OVERDUE]
    assert "less than full time" in words(asked(education_while_out, part)[0])
    full = facts(suspended(back_on=BACK, full_time_from=date(2026, 11, 23)))
    assert [one.state for one in asked(education_while_out, full)] == [State.MET_LATE, State.MET]


def test_once_the_child_is_back_education_elsewhere_is_no_longer_asked() -> None:
    assert asked(education_while_out, facts(suspended(back_on=date(2026, 11, 24)))) == []
    assert asked(work_is_set, facts(suspended(back_on=date(2026, 11, 24)))) == []


def test_lunchtimes_and_children_under_school_age_are_left_out() -> None:
    assert asked(education_while_out, facts(suspended(category="LNCH", sessions=3))) == []
    assert asked(education_while_out, facts(suspended(back_on=BACK), born=date(2022, 5, 1))) == []


@given(st.integers(0, 60), st.integers(1, 40))
def test_the_sixth_day_is_the_sixth_school_day_out_or_there_is_none(late: int, out: int) -> None:
    starts = SCHOOL_DAYS.after(date(2026, 9, 1), late + 1)
    one = suspended(starts, SCHOOL_DAYS.after(starts, out))
    day = sixth_day(facts(one), one)
    assert (day is None) == (out <= 5)
    if day is not None:
        assert SCHOOL_DAYS.is_school_day(day)
        assert SCHOOL_DAYS.between(starts - timedelta(days=1), day) == 6


# The governors, the total, the review


@pytest.mark.parametrize(
    ("one", "due_on"),
    [
        (suspended(category="PERM"), date(2026, 12, 7)),
        (suspended(back_on=BACK, exam_lost=True), date(2026, 12, 7)),
        (suspended(date(2026, 9, 7), sessions=31), date(2026, 9, 28)),
        (suspended(back_on=BACK, sessions=24, representations_on=date(2026, 11, 18)), date(2027, 2, 8)),
    ],
    ids=["permanent", "an exam is lost", "over 15 days", "over 5 and the parent asks"],
)
def test_governors_meet_within_fifteen_or_fifty_school_days_of_the_notice(one: Any, due_on: date) -> None:
    found = only(governors_meet, facts(one))
    assert (found.due_on, found.is_local) == (due_on, False)


def test_over_five_days_the_governors_need_not_meet_unless_the_parent_asks() -> None:
    found = only(governors_meet, facts(suspended(back_on=BACK, sessions=24)))
    assert found.state is State.NOT_APPLICABLE
    assert "if the parent asks" in words(found)
    assert asked(governors_meet, facts(suspended(back_on=date(2026, 11, 23), sessions=10))) == []


def test_a_meeting_that_was_held_late_is_met_late_and_a_missed_limit_does_not_end_the_duty() -> None:
    one = suspended(date(2026, 9, 7), category="PERM")
    found = only(governors_meet, facts(one))
    assert found.state is State.OVERDUE
    assert "does not end the duty" in words(found)
    held = suspended(date(2026, 9, 7), category="PERM", governors_on=date(2026, 10, 12), invited_on=date(2026, 9, 20))
    assert only(governors_meet, facts(held)).state is State.MET_LATE


def test_days_of_the_term_add_up_over_suspensions_until_the_one_asked_about() -> None:
    early, late = suspended(date(2026, 9, 14), date(2026, 9, 18), sessions=8), suspended(back_on=BACK, sessions=6)
    found = asked(governors_meet, facts(early, late))
    assert [one.occasion for one in found] == [late.key], "only with the second are they over five days"


def test_the_total_of_the_year_counts_a_lunchtime_as_half_a_day_and_leaves_out_the_cancelled() -> None:
    of = facts(
        suspended(date(2026, 9, 7), sessions=3, category="LNCH"),
        suspended(date(2026, 9, 21), sessions=4),
        suspended(date(2026, 10, 5), sessions=20, cancelled_on=date(2026, 10, 6)),
        suspended(date(2025, 11, 3), sessions=20),
        suspended(category="PERM"),
    )
    assert sessions_in_year(of, DAY) == 7
    assert in_days(7) == "3.5"
    found = only(no_more_than_forty_five_days, of)
    assert found.state is State.MET
    assert "3.5 school days in 2026/27, of at most 45" in words(found)


def test_more_than_forty_five_days_is_a_breach_on_the_day_the_one_too_many_began() -> None:
    of = facts(suspended(date(2026, 9, 7), sessions=80), suspended(back_on=BACK, sessions=11))
    found = only(no_more_than_forty_five_days, of)
    assert (found.state, found.due_on) == (State.OVERDUE, FIRST_OUT)
    assert only(no_more_than_forty_five_days, facts(suspended(date(2026, 9, 7), sessions=90))).state is State.MET


@given(st.lists(st.integers(0, 30), max_size=12))
def test_a_term_never_holds_more_than_its_year(sessions: list[int]) -> None:
    days = [SCHOOL_DAYS.after(date(2026, 9, 1), 1 + 15 * place) for place in range(len(sessions))]
    of = facts(*(suspended(day, sessions=n) for day, n in zip(days, sessions, strict=True)))
    assert sessions_in_term(of, DAY) <= sessions_in_year(of, DAY) == sum(sessions)


def test_a_review_is_met_when_they_were_invited_and_sent_the_decision() -> None:
    asked_for = suspended(category="PERM", review_asked_on=date(2026, 11, 18))
    assert only(review_panel_hears_them, facts(asked_for)).missing == ("invitation", "decision")
    done = suspended(
        category="PERM", review_asked_on=date(2026, 11, 18), review_invited_on=date(2026, 11, 19),
        review_on=date(2026, 11, 20), review_told_on=date(2026, 11, 23),
    )  # fmt: skip
    assert only(review_panel_hears_them, facts(done)).state is State.MET
    assert asked(review_panel_hears_them, facts(suspended(category="PERM"))) == []


# Cancelled, and before it comes to that


def test_a_cancelled_one_is_told_in_writing_and_the_child_is_back() -> None:
    of = facts(suspended(back_on=BACK, cancelled_on=date(2026, 11, 18), returned_on=date(2026, 11, 19)))
    found = only(cancelled_is_told_and_the_child_is_back, of)
    assert (found.state, found.missing) == (State.OVERDUE, ("notice",))
    assert asked(education_while_out, of) == []


def test_it_cannot_be_cancelled_once_the_governors_meet_or_over_forty_five_days() -> None:
    met = suspended(category="PERM", governors_on=date(2026, 11, 23))
    assert may_cancel(facts(met), met, DAY) == "the governors’ meeting has begun"
    to_meet = suspended(category="PERM", governors_on=date(2026, 12, 1))
    assert may_cancel(facts(to_meet), to_meet, DAY) == ""
    much = suspended(back_on=BACK, sessions=91)
    assert "more than 45 days" in may_cancel(facts(much), much, DAY)


def test_the_meeting_about_the_risk_comes_before_the_decision() -> None:
    of = facts(suspended(back_on=BACK))
    assert only(risk_is_met_about_early, of).state is State.OVERDUE
    before = facts(suspended(back_on=BACK), risk_meetings=(date(2026, 11, 9),))
    assert only(risk_is_met_about_early, before).state is State.MET
    after = facts(suspended(back_on=BACK), risk_meetings=(date(2026, 11, 20),))
    assert only(risk_is_met_about_early, after).state is State.MET_LATE


def test_a_meeting_before_an_earlier_suspension_is_not_one_before_this() -> None:
    of = facts(suspended(date(2026, 9, 14)), suspended(back_on=BACK), risk_meetings=(date(2026, 9, 10),))
    assert only(risk_is_met_about_early, of).state is State.OVERDUE


def test_the_virtual_school_checks_it_within_its_own_target() -> None:
    of = facts(suspended(back_on=BACK, head_told_on=FIRST_OUT))
    found = only(virtual_school_checks_it, of)
    assert (found.state, found.due_on, found.is_local) == (State.OVERDUE, date(2026, 11, 23), True)
    assert asked(virtual_school_checks_it, facts(suspended(back_on=BACK))) == [], "it was not told yet"


def test_a_later_day_is_not_known_today() -> None:
    one = suspended(date(2026, 11, 30), BACK, decided_on=date(2026, 11, 30))
    assert [found for rule in RULES_FOR_CHILD for found in rule(facts(one), DAY)] == []
