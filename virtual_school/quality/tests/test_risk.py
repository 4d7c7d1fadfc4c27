"""Which plans come first, and why in words."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.quality.risk import USUAL, RiskFacts, risk_of, risk_policy

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; what is proven does not depend on how fast."""


def test_a_plan_with_nothing_that_stands_out_is_low_risk() -> None:
    assert risk_of(RiskFacts(last_was_good=True)).level == "low"
    assert risk_of(RiskFacts(last_was_good=True)).reasons == ()


def test_a_weak_plan_of_a_suspended_child_is_looked_at_first() -> None:
    risk = risk_of(RiskFacts(suspended=True, last_was_good=False, last_label="Inadequate"))
    assert risk.level == "high"
    assert [one.words for one in risk.reasons] == [
        "suspended or excluded since the last plan",
        "last plan rated inadequate",
    ]


def test_what_is_not_known_is_no_risk() -> None:
    assert risk_of(RiskFacts(last_was_good=None, child_said=None)).weight == 0
    assert risk_of(RiskFacts(child_said="")).weight == 2
    assert risk_of(RiskFacts(child_said="reason")).weight == 0


def test_days_and_contents_are_said_as_one_or_many() -> None:
    words = [one.words for one in risk_of(RiskFacts(days_sent_in_late=1, contents_missing=2)).reasons]
    assert words == ["2 parts that law or guidance asks for are missing", "sent in 1 day late"]


def test_a_council_says_what_counts_and_from_where() -> None:
    own = risk_policy({"risk": {"first": 0, "moved_home": 9}, "high": 9})
    assert risk_of(RiskFacts(is_first=True), own).reasons == ()
    assert risk_of(RiskFacts(moved_home=True), own).level == "high"
    assert risk_of(RiskFacts(suspended=True, has_school=False), own).level == "some"
    assert risk_policy({"risk": {"of_old": 4}}) == USUAL


FLAGS = ["is_first", "moved_school", "moved_home", "suspended", "is_sent_in_again", "is_transition_year"]


@CALM
@given(st.sets(st.sampled_from(FLAGS)), st.sampled_from(FLAGS))
def test_one_more_reason_never_lowers_the_risk(flags: set[str], more: str) -> None:
    before = risk_of(RiskFacts(**dict.fromkeys(flags, True)))
    after = risk_of(RiskFacts(**dict.fromkeys({*flags, more}, True)))
    assert after.weight >= before.weight
    assert all(one.words for one in after.reasons)
