from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from virtual_school.plans.facts import PlanFact
from virtual_school.plans.policy import PlanPolicy
from virtual_school.quality.measured import Measure, MeasuredChild, MeasuredMeeting, MeasuredPlan
from virtual_school.quality.measures import measure

from .term_facts import AUTUMN, CUT_OFF, approved, care, child, plan, sent, term

DAY = date(2026, 11, 20)


def reasons(found: Measure) -> dict[str, tuple[int, ...]]:
    return {out.why: out.children for out in found.left_out}


def numbers(found: Measure) -> tuple[int | None, int | None]:
    return found.numerator, found.denominator


# Plans done


def test_a_plan_is_done_once_it_was_sent_in_by_the_cut_off() -> None:
    found = measure("I-PEP-01", term(child(1, sent(CUT_OFF)), child(2, sent(date(2026, 12, 5))), child(3)))
    assert (found.hits, found.misses, found.value) == ((1,), (2, 3), pytest.approx(100 / 3))


def test_a_council_may_count_a_plan_as_done_only_once_it_is_approved() -> None:
    policy = replace(PlanPolicy(), done_when="approved")
    found = measure("I-PEP-01", term(child(1, sent()), child(2, approved()), policy=policy))
    assert (found.hits, found.misses) == ((2,), (1,))


def test_a_plan_taken_back_before_it_was_checked_is_not_done() -> None:
    taken_back = plan(("submit", DAY), ("recall", date(2026, 11, 23)))
    again = plan(("submit", DAY), ("recall", date(2026, 11, 23)), ("submit", date(2026, 11, 30)))
    found = measure("I-PEP-01", term(child(1, taken_back), child(2, again)))
    assert (found.hits, found.misses) == ((2,), (1,))


def test_a_plan_sent_back_to_be_mended_was_sent_in_all_the_same() -> None:
    back = plan(("submit", DAY), ("return", date(2026, 11, 25)), state="returned")
    assert numbers(measure("I-PEP-01", term(child(1, back)))) == (1, 1)


def test_an_extra_plan_does_not_stand_in_for_the_one_of_the_term() -> None:
    assert numbers(measure("I-PEP-01", term(child(1, sent(kind="extra"))))) == (0, 1)


def test_a_plan_kept_elsewhere_is_done_on_the_day_it_was_signed_off() -> None:
    kept = MeasuredPlan(is_recorded=True, submitted_on=DAY)
    assert numbers(measure("I-PEP-01", term(child(1, kept), child(2, MeasuredPlan(is_recorded=True))))) == (1, 2)


def test_those_left_out_are_listed_by_the_reason() -> None:
    came = date(2026, 11, 9)  # 19 working days before the cut-off
    found = measure(
        "I-PEP-01",
        term(
            child(1, sent()),
            child(2, came=came),
            child(3, left=date(2026, 10, 1)),
            child(4, episodes=(care(legal_status="V3"),)),
            child(5, born=None),
            child(6, born=date(2025, 1, 1)),
        ),
    )  # fmt: skip
    assert numbers(found) == (1, 1)
    assert reasons(found) == {
        "in care fewer than 20 working days at the cut-off": (2,),
        "left care before the day": (3,),
        "in a series of short breaks on the day": (4,),
        "the date of birth is not held": (5,),
    }


def test_twenty_working_days_in_care_at_the_cut_off_are_enough() -> None:
    assert numbers(measure("I-PEP-01", term(child(1, came=date(2026, 11, 6))))) == (0, 1)


def test_a_council_may_leave_nobody_out_for_being_new() -> None:
    policy = replace(PlanPolicy(), measured_after_working_days=0)
    assert numbers(measure("I-PEP-01", term(child(1, came=date(2026, 12, 3)), policy=policy))) == (0, 1)


def test_without_any_plan_dates_nothing_is_counted_rather_than_nought() -> None:
    found = measure("I-PEP-01", term(child(1), plans_known=False))
    assert (found.numerator, found.denominator, found.value) == (None, None, None)
    assert found.not_known


def test_only_years_12_and_13_count_after_16() -> None:
    sixteen = date(2010, 1, 5)
    found = measure("I-PEP-14", term(child(1, sent(), born=sixteen), child(2, born=sixteen), child(3)))
    assert (found.hits, found.misses) == ((1,), (2,))


# First plans


def begun(on: date, signed: date | None = None) -> PlanFact:
    return PlanFact(initiated_on=on, signed_off_on=signed)


def test_a_first_plan_is_started_in_time_on_the_tenth_working_day() -> None:
    came, tenth = date(2026, 9, 7), date(2026, 9, 21)
    found = measure(
        "I-PEP-03",
        term(
            _came(1, came, begun(tenth)),
            _came(2, came, begun(date(2026, 9, 22))),
            _came(3, came),
        ),
    )  # fmt: skip
    assert (found.hits, found.misses) == ((1,), (2, 3))


def _came(pk: int, came: date, *plans: PlanFact, **more: object) -> MeasuredChild:
    one = child(pk, came=came, **more)
    return replace(one, facts=replace(one.facts, plans=plans))


def test_a_planned_entry_has_its_plan_started_by_that_day() -> None:
    came = date(2026, 9, 7)
    planned = (care(came, is_emergency=False),)
    late, early = date(2026, 9, 8), date(2026, 9, 4)
    found = measure(
        "I-PEP-03", term(_came(1, came, begun(early), episodes=planned), _came(2, came, begun(late), episodes=planned))
    )
    assert (found.hits, found.misses) == ((1,), (2,))


def test_a_first_plan_counts_in_the_term_in_which_it_was_due() -> None:
    before, after = date(2026, 7, 1), date(2026, 11, 27)  # due on 15 July, and on 11 December
    assert numbers(measure("I-PEP-03", term(_came(1, before), _came(2, after)))) == (0, 0)


def test_a_child_who_left_before_the_plan_was_due_is_left_out() -> None:
    came, left = date(2026, 9, 7), date(2026, 9, 14)
    found = measure("I-PEP-03", term(_came(1, came, episodes=(care(came, left),))))
    assert (numbers(found), reasons(found)) == ((0, 0), {"left care before it was due": (1,)})


def test_a_first_plan_is_ready_in_time_when_signed_off_by_the_twentieth_working_day() -> None:
    came = date(2026, 9, 7)
    ready, late = begun(came, date(2026, 10, 5)), begun(came, date(2026, 10, 6))
    found = measure("I-PEP-18", term(_came(1, came, ready), _came(2, came, late)))
    assert (found.hits, found.misses) == ((1,), (2,))


# In time


def test_a_plan_is_sent_in_soon_after_its_meeting_by_the_councils_clock() -> None:
    met = date(2026, 11, 6)
    on_time, late = sent(DAY, meeting_on=met), sent(date(2026, 11, 23), meeting_on=met)
    waiting = plan(meeting_on=date(2026, 11, 30))
    found = measure("I-PEP-19", term(child(1, on_time), child(2, late), child(3, waiting)))
    assert (found.hits, found.misses, reasons(found)) == ((1,), (2,), {"not due yet": (3,)})


def test_a_plan_is_checked_when_it_is_approved_or_first_sent_back() -> None:
    back = plan(("submit", DAY), ("return", date(2026, 11, 24)), ("submit", date(2026, 12, 2)), state="submitted")
    unchecked = plan(("submit", date(2026, 11, 2)), state="submitted")
    fresh = plan(("submit", CUT_OFF), state="submitted")
    found = measure("I-PEP-20", term(child(1, approved()), child(2, back), child(3, unchecked), child(4, fresh)))
    assert (found.hits, found.misses, reasons(found)) == ((1, 2), (3,), {"not due yet": (4,)})


def test_a_meeting_is_in_the_window_from_the_first_day_of_term_to_the_day_it_was_due() -> None:
    due = date(2026, 11, 20)
    inside, late = plan(meeting_on=due, meeting_due_on=due), plan(meeting_on=date(2026, 11, 21), meeting_due_on=due)
    before = plan(meeting_on=date(2026, 9, 1), meeting_due_on=due)
    by_school = plan(kind="school_review")
    found = measure("I-PEP-21", term(child(1, inside), child(2, late), child(3, before), child(4, by_school)))
    assert (found.hits, found.misses) == ((1,), (2, 3))
    assert reasons(found) == {"a review by the school, without a meeting": (4,)}


# Quality


def test_quality_is_of_the_ratings_that_stand_and_shows_every_band() -> None:
    poor = approved(rating="Requires improvement", is_good=False)
    unrated = approved(rating="", is_good=None)
    found = measure("I-PEP-05", term(child(1, approved()), child(2, poor), child(3, unrated), child(4, sent())))
    assert (found.hits, found.misses) == ((1,), (2,))
    assert dict(found.parts) == {"Good": 1, "Requires improvement": 1}
    assert reasons(found) == {"approved, but no rating is held": (3,), "sent in, not approved yet": (4,)}


def mended(**more: object) -> MeasuredPlan:
    steps = (("submit", date(2026, 11, 10)), ("return", date(2026, 11, 12)), ("submit", date(2026, 11, 17)),
             ("approve", DAY))  # fmt: skip
    return plan(*steps, **{"state": "approved", "approved_on": DAY, "rating": "Good", "is_good": True, **more})


def test_a_plan_that_was_mended_is_good_in_the_end_but_not_the_first_time() -> None:
    of = term(child(1, mended()), child(2, approved()))
    assert measure("I-PEP-05", of).hits == (1, 2)
    assert (measure("I-PEP-06-first", of).hits, measure("I-PEP-06-first", of).misses) == ((2,), (1,))
    assert (measure("I-PEP-06-returned", of).hits, measure("I-PEP-06-returned", of).misses) == ((1,), (2,))


def test_the_first_rating_counts_where_it_was_kept() -> None:
    of = term(child(1, mended(first_good=True)), child(2, approved(first_good=False)))
    assert (measure("I-PEP-06-first", of).hits, measure("I-PEP-06-first", of).misses) == ((1,), (2,))


def test_a_rating_given_after_the_cut_off_does_not_count() -> None:
    found = measure("I-PEP-05", term(child(1, approved(date(2026, 12, 7)))))
    assert (numbers(found), reasons(found)) == ((0, 0), {"sent in, not approved yet": (1,)})


# Voice, and who came


def test_the_childs_view_counts_and_a_reason_without_one_is_shown_apart() -> None:
    found = measure(
        "I-PEP-07",
        term(child(1, sent(views="said")), child(2, sent(views="reason")), child(3, sent(views="")), child(4, sent())),
    )
    assert (found.hits, found.misses) == ((1,), (2, 3))
    assert dict(found.parts) == {"none, and it says why": 1, "none, and nobody says why": 1}
    assert reasons(found) == {"what the plan held is not known": (4,)}


def heard(on: date, why: str = "") -> dict[str, Any]:
    return {"plans": (PlanFact(term_key=AUTUMN.key, heard_on=on, not_heard_why=why),)}


def test_what_a_child_shared_in_their_own_pages_by_the_day_is_their_view() -> None:
    later = CUT_OFF + timedelta(days=1)
    of = term(
        child(1, sent(views=""), **heard(DAY)), child(2, sent(views=""), **heard(later)),
        child(3, sent(views=""), **heard(DAY, "refused")), child(4, sent(views="reason"), **heard(DAY)),
    )  # fmt: skip
    found = measure("I-PEP-07", of)
    assert (found.hits, found.misses) == ((1, 4), (2, 3))
    assert dict(found.parts) == {"none, and it says why": 1, "none, and nobody says why": 1}


def test_a_view_changed_a_plan_where_a_target_or_an_action_comes_from_it() -> None:
    of = term(
        child(1, sent(views="said", from_views=frozenset({"target", "action"}))), child(2, sent(views="said")),
        child(3, sent(views="", from_views=frozenset({"action"})), **heard(DAY)), child(4, sent(views="reason")),
        child(5, sent()),
    )  # fmt: skip
    found = measure("I-PEP-08", of)
    assert (found.hits, found.misses) == ((1, 3), (2,))
    assert dict(found.parts) == {
        "an action was promised for what the child asked": 2, "a target quotes the child": 1,
    }  # fmt: skip
    assert reasons(found) == {
        "no view of the child’s own is held": (4,), "what the plan held is not known": (5,),
    }  # fmt: skip


def test_who_came_is_counted_of_meetings_held() -> None:
    both = MeasuredMeeting(on=DAY, child=True, came=frozenset({"social_worker", "carer"}))
    unknown = MeasuredMeeting(on=DAY, child=None, is_written=False)
    later = MeasuredMeeting(on=date(2026, 12, 9), child=True)
    of = term(child(1, plan(meeting=both)), child(2, plan(meeting=unknown)), child(3, plan(meeting=later)))
    assert numbers(measure("I-PEP-09-child", of)) == (1, 1)
    assert reasons(measure("I-PEP-09-child", of)) == {"nobody wrote down whether the child came": (2,)}
    assert numbers(measure("I-PEP-09-social-worker", of)) == (1, 1)
    assert numbers(measure("I-PEP-09-teacher", of)) == (0, 1)


# Pace


def test_pace_is_the_middle_of_the_days_and_names_the_longest() -> None:
    met = date(2026, 11, 2)
    plans = [sent(date(2026, 11, day), meeting_on=met) for day in (3, 6, 20)]
    found = measure("I-PEP-10-meeting", term(*(child(n, one) for n, one in enumerate(plans))))
    assert (found.value, found.denominator, found.parts) == (4, 3, (("the longest", 18),))


def test_being_mended_lasts_from_the_first_return_to_being_sent_in_again() -> None:
    assert measure("I-PEP-10-mend", term(child(1, mended()))).value == 5


def test_a_plan_sent_back_and_sent_in_again_on_one_day_took_no_day() -> None:
    one_day = plan(("submit", DAY), ("return", DAY), ("submit", DAY))
    assert measure("I-PEP-10-mend", term(child(1, one_day))).value == 0


def test_an_overdue_plan_counts_with_everyone_it_waits_for() -> None:
    of = term(child(1, plan(waits_for=frozenset({"school", "social_worker"}))), child(2, plan()))
    assert numbers(measure("I-PEP-11-school", of)) == (1, 1)
    assert numbers(measure("I-PEP-11-virtual-school", of)) == (0, 1)


def test_where_plans_waited_is_not_known_of_a_day_past() -> None:
    assert measure("I-PEP-11-school", term(child(1), is_today=False)).numerator is None
