from datetime import date
from typing import Any

import pytest

from virtual_school.plans.advice import (
    Advice,
    CostDraft,
    TargetDraft,
    advise_attendance,
    advise_cost,
    advise_field,
    advise_last_target,
    advise_sdq,
    advise_target,
    advise_targets,
)
from virtual_school.plans.library import library_template
from virtual_school.plans.template import Field

NEXT_PLAN = date(2027, 3, 15)

GOOD = TargetDraft(
    number=1,
    category="academic",
    outcome="To read thirty of the first hundred words without help",
    need="Reads twelve of the first hundred words",
    childs_words="I want to read to my brother",
    why="Reading opens the other lessons",
    how="Phonics with Mrs Patel in the library every Tuesday before lunch",
    due_on=date(2027, 2, 26),
    baseline="12 of 100 words",
    measure="Words read without help, counted each Friday",
    success="30 of 100",
)


def about(advice: tuple[Advice, ...], key: str) -> list[Advice]:
    return [one for one in advice if one.field_key == key]


def target(**values: Any) -> TargetDraft:
    return TargetDraft(
        **{**{name: getattr(GOOD, name) for name in GOOD.__dataclass_fields__}, **values}  # type: ignore[arg-type]
    )


def test_a_good_target_is_praised_and_asked_nothing() -> None:
    advice = advise_target(GOOD, next_plan_on=NEXT_PLAN)
    assert advice and all(one.says_good and not one.says and one.why for one in advice)


def test_a_target_without_a_measure_is_asked_what_could_be_counted() -> None:
    (one,) = about(advise_target(target(baseline="", measure="", success="")), "targets.measure")
    assert "count" in one.says and not one.says_good


def test_words_without_a_number_are_asked_for_one() -> None:
    (one,) = about(advise_target(target(baseline="Weak", measure="Teacher", success="Better")), "targets.measure")
    assert one.says.startswith("Add a number")


def test_a_target_without_a_date_is_asked_for_one() -> None:
    (one,) = about(advise_target(target(due_on=None), next_plan_on=NEXT_PLAN), "targets.due_on")
    assert one.says == "Give a date."


@pytest.mark.parametrize(("on", "asks"), [(NEXT_PLAN, False), (date(2027, 3, 16), True)])
def test_a_date_after_the_next_plan_is_asked_for_a_step(on: date, asks: bool) -> None:
    (one,) = about(advise_target(target(due_on=on), next_plan_on=NEXT_PLAN), "targets.due_on")
    assert bool(one.says) is asks and one.says_good


def test_a_strategy_is_told_what_it_says_before_what_it_lacks() -> None:
    (one,) = about(advise_target(target(how="Phonics every Tuesday")), "targets.how")
    assert "what (“Phonics”)" in one.says_good and "how often (“every Tuesday”)" in one.says_good
    assert one.says == "Add where and by whom."
    assert "judge for yourself" in one.why


def test_who_may_stand_in_its_own_box() -> None:
    (one,) = about(advise_target(target(how="Phonics every Tuesday in class", who="Mrs Patel")), "targets.how")
    assert one.says == "" and "all five" in one.says_good


def test_a_target_without_a_strategy_is_asked_how() -> None:
    (one,) = about(advise_target(target(how=" ")), "targets.how")
    assert one.says.startswith("Say how")


def test_a_target_answers_a_need_or_the_childs_words() -> None:
    (one,) = about(advise_target(target(need="", childs_words="")), "targets.need")
    assert one.says
    (one,) = about(advise_target(target(need="")), "targets.need")
    assert one.says_good == "It answers the child's own words."


@pytest.mark.parametrize("status", ["partly_met", "not_met", "not_tried"])
def test_a_target_not_met_is_broken_smaller_and_not_repeated(status: str) -> None:
    advice = advise_target(target(number=2), last=[target(status=status)])
    (one,) = about(advice, "targets.outcome")
    assert "smaller step" in one.says and "not repeated" in one.why and one.target == 2
    assert any("last term's text" in words.says for words in about(advice, "targets.how"))


def test_a_target_that_was_met_is_asked_what_comes_after_it() -> None:
    (one,) = about(advise_target(GOOD, last=[target(status="met")]), "targets.outcome")
    assert "What comes after it" in one.says


def test_a_new_target_is_not_compared() -> None:
    advice = advise_target(GOOD, last=[target(outcome="To stay in every maths lesson", status="not_met")])
    assert about(advice, "targets.outcome") == []


def test_judging_a_target_that_was_not_met_asks_for_a_smaller_step() -> None:
    (one,) = advise_last_target(target(status="not_met", review_words=""))
    assert "what got in the way" in one.says and "smaller step" in one.says
    (one,) = advise_last_target(target(status="partly_met", review_words="Read twenty words"))
    assert one.says_good and "got in the way" not in one.says


def test_judging_a_target_that_was_met_begins_with_that() -> None:
    (one,) = advise_last_target(target(status="met", review_words=""))
    assert one.says_good == "This target was met." and "made the difference" in one.says


def test_a_target_not_judged_yet_is_asked_how_it_stands() -> None:
    (one,) = advise_last_target(target(status="agreed"))
    assert one.says == "Say how this target stands."


def test_a_dropped_target_says_why() -> None:
    assert advise_last_target(target(status="dropped", review_words=""))[0].says == "Say why it was dropped."
    assert advise_last_target(target(status="dropped", review_words="She moved class")) == ()


COST = CostDraft(
    what="Reading tuition, ten sessions", amount_pence=30000, provider="A. Tutor", intended_impact="30 words"
)


def test_a_whole_cost_is_praised() -> None:
    (one,) = advise_cost(COST, GOOD)
    assert one.says_good and not one.says


def test_a_cost_without_a_target_is_asked_which() -> None:
    assert "which target" in advise_cost(COST, None)[0].says
    assert "which target" in advise_cost(COST, target(outcome=""))[0].says


def test_an_empty_cost_is_asked_for_each_part() -> None:
    says = advise_cost(CostDraft(), GOOD)[0].says
    assert all(words in says for words in ("what exactly", "amount", "who provides", "what should change"))


def test_a_cost_that_ends_before_it_starts_is_noticed() -> None:
    cost = CostDraft(
        what="x", amount_pence=1, provider="x", intended_impact="x", starts=date(2027, 2, 1), ends=date(2027, 1, 1)
    )
    assert "1 January 2027, before it starts" in advise_cost(cost, GOOD)[0].says


def test_what_every_pupil_gets_is_often_refused() -> None:
    cost = CostDraft(what="New uniform", amount_pence=1, provider="x", intended_impact="x")
    assert any("often refused" in one.says for one in advise_cost(cost, GOOD))


def test_the_targets_are_looked_at_as_a_set() -> None:
    both = advise_targets([GOOD, target(number=2, category="wellbeing", outcome="To join a club")])
    assert any(one.says_good.startswith("The targets are about learning and") for one in both)
    assert any(one.says_good.endswith("stand behind targets 1 and 2.") for one in both)
    only = advise_targets([GOOD, target(number=2, childs_words="")])
    assert any(one.says.startswith("All the targets are about learning") for one in only)
    none = advise_targets([target(category="wellbeing", childs_words="")])
    assert any(one.says.startswith("None of the targets") for one in none)
    assert any(one.says.startswith("No target takes up the child's own words") for one in none)


def test_no_targets_no_advice() -> None:
    assert advise_targets([]) == ()


def test_persistent_absence_without_a_plan_wants_one() -> None:
    (one,) = advise_attendance(90.0)
    assert "missed 10.0 per cent" in one.says
    (one,) = advise_attendance(89.9, 85.0, plan="Breakfast club with Mr Khan")
    assert one.says == "" and one.says_good.startswith("Attendance has risen from 85.0 to 89.9")


def test_good_attendance_needs_no_advice() -> None:
    assert advise_attendance(96.0) == ()
    assert advise_attendance(96.0, 98.0)[0].says.startswith("Attendance has fallen")
    assert advise_attendance(None)[0].says.startswith("No attendance figure")


def test_a_score_over_the_cut_off_wants_strategies() -> None:
    day = date(2026, 11, 24)
    scored = date(2026, 9, 1)
    assert advise_sdq(16, scored, day) == ()
    assert "Say what adults at school should do" in advise_sdq(17, scored, day)[0].says
    assert advise_sdq(17, scored, day, strategies="A quiet corner")[0].says_good
    assert advise_sdq(17, scored, day, cut_off=18) == ()


def test_a_score_a_year_old_is_asked_for_again() -> None:
    assert advise_sdq(3, date(2025, 11, 24), date(2026, 11, 24)) == ()
    assert "24 November 2025" in advise_sdq(3, date(2025, 11, 24), date(2026, 11, 25))[0].says
    assert "No score is held" in advise_sdq(None, None, date(2026, 11, 24))[0].says


def held(phase: str, key: str) -> Field:
    found = library_template(phase).field(key)
    assert found is not None
    return found


def test_a_text_as_last_term_is_asked_what_is_different() -> None:
    strengths = held("primary", "progress.strengths")
    text = "She explains her thinking in science and helps others"
    assert "last term's text" in advise_field(strengths, text, text)[0].says
    assert advise_field(strengths, "She led the science fair this term", text) == ()
    assert advise_field(strengths, text, None) == ()


def test_a_short_text_may_stay_the_same() -> None:
    assert advise_field(held("primary", "changes.planned"), "None planned", "None planned") == ()


def test_a_field_that_wants_a_person_is_asked_for_a_name() -> None:
    adult = held("primary", "education.key_adult")
    assert advise_field(adult, "Mr Khan in the hub")[0].says_good == "It names “Mr Khan”."
    assert advise_field(adult, "somebody kind")[0].says == "Name the person."


def test_an_empty_field_is_given_no_advice() -> None:
    assert advise_field(held("primary", "attendance.plan"), " ", "words") == ()
    assert advise_field(held("primary", "attendance.plan"), None) == ()


def test_a_plan_for_attendance_is_read_as_a_strategy() -> None:
    (one,) = advise_field(held("primary", "attendance.plan"), "Meet at home with the carer")
    assert "by whom (“carer”)" in one.says_good and "when" in one.says


def test_a_date_field_is_compared_with_the_next_plan() -> None:
    looked_at = held("not_on_roll", "no_school.looked_at_on")
    assert "after the next plan" in advise_field(looked_at, date(2027, 4, 1), None, NEXT_PLAN)[0].says
