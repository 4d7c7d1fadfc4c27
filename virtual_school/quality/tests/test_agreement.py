"""Drawing plans to be marked again, and how far two raters agree."""

from math import ceil, isclose

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.quality.agreement import Pair, agreement, by_key, by_rater, cohens_kappa, drift
from virtual_school.quality.sampling import Drawable, draw, shared_out

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; what is proven does not depend on how fast."""


def pair(
    first: int, second: int, *, key: str = "voice", rater: int = 1, term: str = "2025/26-summer", plan: int = 1
) -> Pair:
    return Pair(plan, key, rater, term, str(first), str(second), second - first)


def by_hand(levels: list[tuple[str, str]]) -> float:
    """Cohen (1960): (observed − expected) ÷ (1 − expected)."""
    n = len(levels)
    observed = sum(a == b for a, b in levels) / n
    steps = {level for both in levels for level in both}
    expected = sum(sum(a == s for a, _ in levels) * sum(b == s for _, b in levels) for s in steps) / n**2
    return (observed - expected) / (1 - expected)


def test_the_worked_example_of_cohens_kappa() -> None:
    """Fifty cases, 20 yes by both, 15 no by both, 5 and 10 apart: agreement 0.7, kappa 0.4."""
    levels = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert isclose(cohens_kappa(levels) or 0, 0.4, abs_tol=1e-9)


@CALM
@given(st.lists(st.tuples(st.sampled_from("0123"), st.sampled_from("0123")), min_size=5, max_size=40))
def test_kappa_is_what_the_formula_gives(levels: list[tuple[str, str]]) -> None:
    kappa = cohens_kappa(levels)
    if kappa is None:
        assert len({level for both in levels for level in both}) == 1
    else:
        assert isclose(kappa, by_hand(levels), abs_tol=1e-9)
        assert kappa <= 1 + 1e-9


def test_too_few_or_all_alike_have_no_kappa() -> None:
    assert cohens_kappa([("2", "2")] * 4) is None
    assert cohens_kappa([("2", "2")] * 40) is None


def test_a_stricter_first_rater_leans_below_the_second() -> None:
    told = agreement([pair(1, 2), pair(2, 2), pair(1, 2), pair(0, 2)])
    assert told is not None
    assert (told.pairs, told.same, told.near, told.percent) == (4, 1, 3, 25)
    assert told.lean == 1.0
    assert agreement([]) is None


def test_agreement_is_told_by_criterion_by_rater_and_by_term() -> None:
    pairs = [pair(1, 1), pair(1, 2, key="targets"), pair(3, 3, rater=2, term="2026/27-autumn")]
    assert {key: told.percent for key, told in by_key(pairs).items()} == {"voice": 100, "targets": 0}
    assert {rater: told.pairs for rater, told in by_rater(pairs).items()} == {1: 2, 2: 1}
    assert set(drift(pairs)) == {(1, "2025/26-summer"), (2, "2026/27-autumn")}


rated_plans = st.lists(
    st.builds(
        Drawable,
        plan=st.integers(1, 10_000),
        rater=st.integers(1, 4),
        school=st.integers(0, 6),
        not_by=st.frozensets(st.integers(1, 6), max_size=3),
    ),
    min_size=1,
    max_size=60,
    unique_by=lambda one: one.plan,
)


@CALM
@given(rated_plans, st.integers(1, 100), st.sampled_from(["rater", "school"]), st.text(max_size=8))
def test_every_stratum_gives_its_share_and_the_same_seed_the_same_plans(
    rated: list[Drawable], percent: int, strata: str, seed: str
) -> None:
    drawn = draw(rated, percent=percent, strata=strata, seed=seed)
    assert drawn == draw(rated[::-1], percent=percent, strata=strata, seed=seed)
    for stratum in {getattr(one, strata) for one in rated}:
        here = [one for one in rated if getattr(one, strata) == stratum]
        assert sum(getattr(one, strata) == stratum for one in drawn) == ceil(len(here) * percent / 100)


@CALM
@given(rated_plans, st.lists(st.integers(1, 6), min_size=1, unique=True), st.text(max_size=8))
def test_nobody_marks_what_they_rated_or_wrote(rated: list[Drawable], markers: list[int], seed: str) -> None:
    given_out = shared_out(rated, markers, seed=seed)
    for one in rated:
        marker = given_out[one.plan]
        assert marker not in one.not_by
        assert (marker is None) == (set(markers) <= one.not_by)


def test_markers_get_as_many_as_each_other() -> None:
    rated = [Drawable(n, 1, 0, frozenset({1})) for n in range(10)]
    given_out = shared_out(rated, [1, 2, 3], seed="x")
    assert sorted(list(given_out.values()).count(marker) for marker in (1, 2, 3)) == [0, 5, 5]


def test_a_sample_of_nothing_is_no_sample() -> None:
    with pytest.raises(ValueError, match="between 1% and 100%"):
        draw([], percent=0, strata="rater", seed="x")
