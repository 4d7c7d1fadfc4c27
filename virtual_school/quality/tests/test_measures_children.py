from datetime import date

import pytest

from virtual_school.care.facts import CareLeaverFact, SdqFact
from virtual_school.quality.measured import MeasuredChild, MeasuredTarget
from virtual_school.quality.measures import measure
from virtual_school.schools.rules import EnrolmentFact

from .term_facts import BORN, CUT_OFF, care, child, plan, sent, term

MARCH = date(2026, 3, 31)
SIXTEEN = date(2010, 1, 5)


def at(urn: int, starts: date, ends: date | None = None) -> EnrolmentFact:
    return EnrolmentFact(school=f"School {urn}", urn=urn, kind="main", starts=starts, ends=ends)


# Targets


def test_targets_are_counted_as_they_were_judged_and_together_make_the_whole() -> None:
    judged = [MeasuredTarget(judged=how) for how in ("met", "met", "partly_met", "not_met", "open")]
    of = term(child(1, plan(targets=tuple(judged))))
    found = {id_: measure(f"I-PEP-12-{id_}", of) for id_ in ("met", "partly", "not")}
    assert {id_: (one.numerator, one.denominator) for id_, one in found.items()} == {
        "met": (2, 5), "partly": (1, 5), "not": (1, 5),
    }  # fmt: skip
    assert dict(found["met"].parts) == {"met": 2, "partly met": 1, "not met": 1, "carried on": 1}


def test_a_target_is_repeated_from_the_second_term_after_it_was_set() -> None:
    targets = tuple(MeasuredTarget(judged="open", terms=terms) for terms in (1, 2, 3))
    found = measure("I-PEP-12-repeated", term(child(1, plan(targets=targets))))
    assert (found.numerator, found.denominator) == (2, 3)


def test_targets_are_not_known_where_no_plan_was_ever_written_here() -> None:
    assert measure("I-PEP-12-met", term(child(1), plans_written=False)).not_known


# Money


def test_what_plans_ask_for_is_counted_and_summed_by_kind() -> None:
    of = term(child(1, sent(costs=(("tuition", 30000), ("tuition", 5000), ("trip", 1200)))), child(2, sent()))
    found = measure("I-PPP-09", of)
    assert (found.numerator, found.denominator) == (1, 2)
    assert (dict(found.parts), found.parts_unit) == ({"tuition": 35000, "trip": 1200}, "pence")


@pytest.mark.parametrize("id_", ["I-PPP-02", "I-PPP-05", "I-PPP-06", "I-PPP-07"])
def test_money_that_is_not_recorded_is_not_known_and_never_nought(id_: str) -> None:
    found = measure(id_, term(child(1, sent()), child(2, sent(costs=(("tuition", 30000),)))))
    assert (found.numerator, found.denominator, found.value) == (None, None, None)
    assert "not recorded here" in found.not_known
    assert [out.children for out in found.left_out] == [(2,)]


# Wellbeing


def test_scores_are_of_children_of_5_to_16_in_care_for_the_whole_year() -> None:
    scored = (SdqFact(year=2026, score=12),)
    refused = (SdqFact(year=2026, score=None, reason="SDQ1"),)
    of = term(
        child(1, sdq=scored),
        child(2, sdq=refused),
        child(3, sdq=(SdqFact(year=2025, score=12),)),
        child(4, sdq=scored, came=date(2025, 4, 2)),
        child(5, sdq=scored, born=date(2021, 4, 1)),
        child(6, sdq=scored, born=date(2009, 3, 31)),
        sdq_year=2026,
    )
    found = measure("I-SDQ-01", of)
    assert (found.hits, found.misses, found.on) == ((1,), (2, 3), MARCH)


def test_scores_are_not_known_before_a_return_is_loaded() -> None:
    assert measure("I-SDQ-01", term(child(1))).not_known


# Moving on


def test_a_move_is_planned_when_it_was_written_about_by_easter() -> None:
    in_year_6, in_year_11 = date(2015, 10, 1), date(2010, 10, 1)
    of = term(
        child(1, sent(), born=in_year_6, transition_on=date(2026, 11, 2)),
        child(2, sent(), born=in_year_11),
        child(3, sent(), born=in_year_6, transition_on=date(2026, 12, 9)),
        child(4, sent(), born=BORN, transition_on=date(2026, 11, 2)),
    )
    found = measure("I-PEP-13", of)
    assert (found.hits, found.misses) == ((1,), (2, 3))


def test_in_the_summer_a_move_counts_as_planned_only_if_it_was_by_easter() -> None:
    summer = date(2027, 7, 2)
    of = term(
        child(1, sent(), born=date(2015, 10, 1), transition_on=date(2027, 3, 25)),
        child(2, sent(), born=date(2015, 10, 1), transition_on=date(2027, 3, 26)),
        on=summer,
        cut_off=summer,
    )
    found = measure("I-PEP-13", of)
    assert (found.hits, found.misses, found.on) == ((1,), (2,), date(2027, 3, 25))


# After 16


def test_a_young_person_of_whom_nothing_is_known_counts_as_not_in_anything() -> None:
    of = term(
        child(1, born=SIXTEEN, enrolments=(at(1, date(2026, 9, 2)),)),
        child(2, born=SIXTEEN, care_leaver=(CareLeaverFact(year=2026, in_touch="YES", activity="F4"),)),
        child(3, born=SIXTEEN, care_leaver=(CareLeaverFact(year=2026, in_touch="YES", activity="G5"),)),
        child(4, born=SIXTEEN),
        child(5, born=BORN),
    )
    found = measure("I-P16-01", of)
    assert (found.hits, found.misses) == ((1, 2), (3, 4))
    assert dict(found.parts) == {"on a roll": 1, "as the return says": 1, "not in any": 1, "not known": 1}


# Moves


def test_three_placements_in_the_year_count_and_temporary_ones_do_not() -> None:
    def lived(pk: int, *places: tuple[date, str]) -> MeasuredChild:
        starts = [on for on, _ in places]
        episodes = tuple(
            care(
                on,
                end,
                place=place,
                end_reason="X1" if end else "",
                new_reason="S" if n == 0 else "P",
                home_urn=f"H{n}",
            )
            for n, ((on, place), end) in enumerate(zip(places, [*starts[1:], None], strict=True))
        )
        return child(pk, episodes=episodes)

    three = lived(1, (date(2024, 1, 8), "U6"), (date(2025, 6, 2), "K2"), (date(2026, 1, 5), "U6"))
    with_hospital = lived(2, (date(2024, 1, 8), "U6"), (date(2025, 6, 2), "T1"), (date(2025, 6, 9), "K2"))
    one_long_before = lived(3, (date(2024, 1, 8), "U6"), (date(2025, 3, 1), "K2"), (date(2026, 1, 5), "U6"))
    after = lived(4, (date(2024, 1, 8), "U6"), (date(2026, 4, 2), "K2"), (date(2026, 5, 5), "U6"))
    found = measure("I-STA-01", term(three, with_hospital, one_long_before, after))
    assert (found.hits, found.misses, found.on) == ((1,), (2, 3, 4), MARCH)


def test_moving_on_with_everyone_else_is_no_move_of_school() -> None:
    secondary = date(2025, 9, 3)  # into Year 7
    in_step = child(1, enrolments=(at(1, date(2023, 9, 4), secondary), at(2, secondary, date(2026, 2, 2)),
                                   at(3, date(2026, 2, 2))))  # fmt: skip
    moved = child(2, enrolments=(at(1, date(2023, 9, 4), date(2024, 6, 3)), at(2, date(2024, 6, 3), date(2026, 2, 2)),
                                 at(3, date(2026, 2, 2))))  # fmt: skip
    before_care = child(3, came=date(2026, 1, 5), enrolments=moved.facts.enrolments)
    found = measure("I-STA-06", term(in_step, moved, before_care, child(4)))
    assert (found.hits, found.misses) == ((2,), (1, 3))
    assert [out.children for out in found.left_out] == [(4,)]


def test_a_child_is_new_to_care_until_a_year_has_gone() -> None:
    found = measure("I-COH-04", term(child(1, came=date(2025, 12, 5)), child(2, came=date(2025, 12, 4))))
    assert (found.hits, found.misses, found.on) == ((1,), (2,), CUT_OFF)
