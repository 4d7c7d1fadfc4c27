from datetime import date

import pytest

from virtual_school import shipped
from virtual_school.dates.school_days import fallback_calendar
from virtual_school.dates.working_days import working_calendar
from virtual_school.plans.policy import CLOCKS, FaultyPolicy, plan_policy

WORKING = working_calendar(shipped.bank_holidays().items())
SCHOOL_DAYS = fallback_calendar("Sheffield", range(2020, 2028), shipped.bank_holidays())


def counted(choices: dict, key: str, event: date) -> date | None:
    return plan_policy(choices).counted(key, event, WORKING, SCHOOL_DAYS)


def test_a_first_plan_is_started_within_ten_working_days_by_default():
    assert counted({}, "first_started", date(2026, 3, 27)) == date(2026, 4, 14)


def test_a_council_may_count_the_first_plan_in_school_days():
    chosen = {"clocks": {"first_complete": {"limit": 20, "unit": "school_days"}}}
    assert counted(chosen, "first_complete", date(2026, 11, 2)) == date(2026, 11, 30)


def test_a_clock_can_run_back_from_the_meeting():
    assert counted({}, "school_part", date(2026, 11, 30)) == date(2026, 11, 25)


def test_a_clock_in_plain_days_needs_no_calendar():
    assert counted({"clocks": {"mended": {"limit": 7, "unit": "days"}}}, "mended", date(2040, 1, 1)) == date(2040, 1, 8)


def test_beyond_the_calendar_there_is_no_day():
    assert counted({}, "first_started", date(2060, 1, 1)) is None


@pytest.mark.parametrize("rule", CLOCKS, ids=lambda rule: rule.key)
def test_every_clock_says_what_it_counts_from(rule):
    assert rule.starts in rule.words


@pytest.mark.parametrize(
    "choices",
    [
        {"clocks": {"no_such_clock": {"limit": 1, "unit": "days"}}},
        {"clocks": {"mended": {"limit": "five", "unit": "days"}}},
        {"clocks": {"mended": {"limit": 5, "unit": "moons"}}},
        {"rights": {"no_such_state": {}}},
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_in_words(choices):
    with pytest.raises(FaultyPolicy):
        plan_policy(choices)


def test_cut_offs_signers_and_single_rights_are_laid_over_the_defaults():
    policy = plan_policy(
        {
            "cutoffs": {"2026/27-autumn": "2026-11-27"},
            "signers": ["designated_teacher"],
            "rights": {"in_progress": {"social_worker": "read"}},
            "ladder": {"nudge": {"working_days": 4}},
        }
    )
    assert policy.cutoffs == {"2026/27-autumn": date(2026, 11, 27)}
    assert policy.signers == ("designated_teacher",)
    assert policy.rights["in_progress"]["social_worker"] == "read"
    assert policy.rights["in_progress"]["designated_teacher"] == "own"
    assert next(rung.working_days for rung in policy.ladder if rung.key == "nudge") == 4
