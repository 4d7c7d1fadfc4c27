from datetime import date
from typing import Any

import pytest

from virtual_school.authorities.rules import Policy
from virtual_school.authorities.tests.rule_facts import a_child
from virtual_school.care.rules import EpisodeFact
from virtual_school.law.obligation import Obligation, State
from virtual_school.plans.rules import PlanFact, PlanFacts
from virtual_school.quality.rules import child_has_a_good_plan, plan_is_quality_assured

DAY = date(2026, 11, 24)
TERM = "2026/27-autumn"
SENT = date(2026, 11, 9)
CHECK_BY = date(2026, 11, 23)


def facts(*plans: PlanFact, came: date = date(2024, 1, 8), **more: Any) -> PlanFacts:
    usual: dict[str, Any] = {
        **a_child(more.pop("policy", None)),
        "born": date(2014, 3, 10),
        "episodes": (EpisodeFact(starts=came, new_reason="S", legal_status="C2", place="U6"),),
        "plans": plans,
    }
    return PlanFacts(**{**usual, **more})


def written(**more: Any) -> PlanFact:
    usual = {
        "term_key": TERM, "initiated_on": date(2026, 9, 14), "opened_on": date(2026, 9, 14), "signed_off_on": SENT,
        "submitted_on": SENT, "check_due_on": CHECK_BY,
    }  # fmt: skip
    return PlanFact(**{**usual, **more})


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


def checks(child: PlanFacts, day: date = DAY) -> list[Obligation]:
    return list(plan_is_quality_assured(child, day))


def good_plan(child: PlanFacts, day: date = DAY) -> Obligation:
    (found,) = child_has_a_good_plan(child, day)
    return found


# PEP-16: the head checks the quality of each plan once it is signed off


def test_there_is_nothing_to_check_before_a_plan_is_signed_off() -> None:
    assert checks(facts(written(submitted_on=None, signed_off_on=None))) == []


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (SENT, State.DUE_SOON),
        (CHECK_BY, State.DUE_SOON),
        (date(2026, 11, 24), State.OVERDUE),
    ],
)
def test_a_plan_is_checked_by_the_councils_own_day(day: date, state: State) -> None:
    (found,) = checks(facts(written()), day)
    assert (found.state, found.due_on, found.trigger_on, found.who) == (state, CHECK_BY, SENT, "virtual_school_head")
    assert found.is_local
    assert "the guidance names no day" in words(found)


def test_a_plan_is_checked_by_approving_it() -> None:
    (found,) = checks(facts(written(checked_on=CHECK_BY, approved_on=CHECK_BY, rating="Good", is_good=True)))
    assert (found.state, found.met_on, found.held) == (State.MET, CHECK_BY, ("rating",))
    assert "It was checked and approved on 23 November 2026. Its rating is “Good”." in words(found)


def test_sending_a_plan_back_to_be_mended_is_checking_it_too() -> None:
    back = date(2026, 11, 16)
    (found,) = checks(facts(written(checked_on=back, sent_back_on=back)))
    assert (found.state, found.met_on) == (State.MET, back)
    assert "sent back to be mended" in words(found)


def test_a_plan_checked_after_its_day_was_checked_late() -> None:
    (found,) = checks(facts(written(checked_on=date(2026, 11, 24), approved_on=date(2026, 11, 24))))
    assert found.state == State.MET_LATE


def test_of_a_plan_kept_elsewhere_only_a_rating_tells_that_it_was_checked() -> None:
    kept = PlanFact(term_key=TERM, signed_off_on=SENT, rating="Good", is_good=True)
    (found,) = checks(facts(kept))
    assert (found.state, found.due_on) == (State.MET, None)
    assert "The day it was checked is not held." in words(found)
    (unknown,) = checks(facts(PlanFact(term_key=TERM, signed_off_on=SENT)))
    assert (unknown.state, unknown.missing) == (State.NOT_KNOWN, ("rating",))


def test_an_older_plan_that_still_waits_is_asked_about_beside_the_latest() -> None:
    older = written(term_key="2025/26-summer", submitted_on=date(2026, 7, 1), signed_off_on=date(2026, 7, 1))
    old_and_done = written(term_key="2025/26-spring", submitted_on=date(2026, 3, 2), checked_on=date(2026, 3, 9))
    found = checks(facts(old_and_done, older, written(checked_on=CHECK_BY)))
    assert {one.occasion: one.state for one in found} == {"2025/26-summer": State.OVERDUE, TERM: State.MET}


# VS-12: each child, wherever placed, has a current, effective plan of high quality


def test_without_a_plan_of_this_term_there_is_none_that_is_current() -> None:
    last = written(term_key="2025/26-summer", approved_on=date(2026, 7, 10), rating="Good", is_good=True)
    found = good_plan(facts(last))
    assert (found.state, found.due_on, found.occasion) == (State.UPCOMING, date(2026, 12, 18), TERM)
    assert found.missing == ("plan",)
    assert good_plan(facts(last), date(2026, 12, 19)).state == State.OVERDUE


def test_a_plan_approved_with_a_good_rating_is_current_and_of_high_quality() -> None:
    found = good_plan(facts(written(approved_on=DAY, checked_on=DAY, rating="Good", is_good=True)))
    assert (found.state, found.met_on) == (State.MET, DAY)
    assert "which this council counts as good" in words(found)


def test_a_plan_rated_below_good_is_not_of_high_quality_though_it_was_approved() -> None:
    poor = written(approved_on=DAY, checked_on=DAY, rating="Requires improvement", is_good=False)
    found = good_plan(facts(poor), date(2026, 12, 19))
    assert (found.state, found.missing) == (State.OVERDUE, ("a good rating",))


def test_an_approval_without_a_rating_does_not_say_how_good_the_plan_is() -> None:
    found = good_plan(facts(written(approved_on=DAY, checked_on=DAY)))
    assert (found.state, found.missing) == (State.NOT_KNOWN, ("rating",))


def test_a_plan_sent_back_is_told_until_it_is_mended() -> None:
    found = good_plan(facts(written(sent_back_on=date(2026, 11, 16), checked_on=date(2026, 11, 16))))
    assert found.state == State.UPCOMING
    assert "It was sent back to be mended on 16 November 2026. It has not been approved." in words(found)


def test_a_plan_that_was_never_sent_in_has_no_quality_yet() -> None:
    found = good_plan(facts(written(submitted_on=None, signed_off_on=None)))
    assert found.missing == ("rating", "sign-off")


def test_a_child_who_came_at_the_end_of_the_term_is_carried_into_the_next() -> None:
    assert list(child_has_a_good_plan(facts(came=date(2026, 12, 1)), date(2026, 12, 10))) == []


def test_a_child_too_young_or_in_short_breaks_is_not_asked_about() -> None:
    assert list(child_has_a_good_plan(facts(born=date(2025, 1, 1)), DAY)) == []
    breaks = (EpisodeFact(starts=date(2024, 1, 8), new_reason="S", legal_status="V3", place="U6"),)
    assert list(child_has_a_good_plan(facts(episodes=breaks), DAY)) == []


def test_before_any_plan_is_known_here_a_missing_one_proves_nothing() -> None:
    assert good_plan(facts(plans_known=False)).state == State.NOT_KNOWN


def test_the_policy_of_late_entry_is_the_councils() -> None:
    child = facts(came=date(2026, 12, 1), policy=Policy(pep_late_entry_weeks=0))
    assert good_plan(child, date(2026, 12, 10)).due_on == date(2026, 12, 18)
