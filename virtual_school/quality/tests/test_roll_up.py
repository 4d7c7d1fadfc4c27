"""How marks come to a result: the rules as councils write them, and what holds for every rule."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.quality.rollup import Rated, roll_up, try_on
from virtual_school.quality.rubric import (
    CAPS,
    Band,
    Cap,
    Criterion,
    FaultyRubric,
    Level,
    RollUp,
    Rubric,
    Share,
    from_document,
    library,
    rule_words,
    to_document,
    with_changes,
)

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; what is proven does not depend on how fast."""

GOLD = library()["gold"]
AREAS = [one.key for one in GOLD.of_side("school") if one.counts and not one.when]


def areas(*levels: str) -> dict[str, str]:
    return dict(zip(AREAS, levels, strict=True))


def result(rubric: Rubric, marks: dict[str, str]) -> str:
    reached = roll_up(rubric, marks)
    assert reached is not None
    return reached.level.key


def held_down(when: str) -> Rubric:
    return replace(GOLD, rule=replace(GOLD.rule, caps=(Cap(to="red", at="red", when=when),)))


def test_there_are_seven_areas_that_always_count() -> None:
    assert len(AREAS) == 7


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["gold"] * 7, "gold"),
        (["gold"] * 6 + ["green"], "gold"),
        (["gold"] * 6 + ["amber"], "green"),
        (["gold"] * 5 + ["green"] * 2, "green"),
        (["green"] * 6 + ["amber"], "green"),
        (["green"] * 5 + ["amber"] * 2, "amber"),
        (["green"] * 6 + ["red"], "amber"),
        (["green"] * 5 + ["red"] * 2, "red"),
    ],
)
def test_a_plan_is_what_all_but_one_of_its_areas_are(levels: list[str], expected: str) -> None:
    assert result(GOLD, areas(*levels)) == expected


@pytest.mark.parametrize(
    ("when", "reds", "expected"),
    [
        ("any", 1, "red"), ("more_than_one", 1, "amber"), ("more_than_one", 2, "red"), ("majority", 3, "amber"),
        ("majority", 4, "red"),
    ],
)  # fmt: skip
def test_each_of_the_three_rules_about_red_can_be_had(when: str, reds: int, expected: str) -> None:
    assert result(held_down(when), areas(*["red"] * reds, *["green"] * (7 - reds))) == expected


def test_attainment_is_rated_and_does_not_count() -> None:
    assert result(GOLD, {**areas(*["gold"] * 7), "area_attainment": "red"}) == "gold"


def test_a_move_that_is_not_near_is_left_out_and_one_that_is_counts() -> None:
    assert result(GOLD, {**areas(*["gold"] * 6, "green"), "area_transition": "green"}) == "green"


def test_without_the_childs_voice_no_plan_is_good() -> None:
    rubric = library()["four_grades"]
    marks = {one.key: "3" for one in rubric.of_side("school")}
    assert result(rubric, marks) == "outstanding"
    reached = roll_up(rubric, {**marks, "voice": "0"})
    assert reached is not None
    assert reached.level.key == "requires_improvement"
    assert reached.why[-1] == "Held at requires improvement: “The child’s voice, and what it changed” is missing."


def test_the_social_workers_part_is_apart() -> None:
    rubric = library()["four_grades"]
    marks = {one.key: "3" for one in rubric.of_side("school")} | {one.key: "0" for one in rubric.of_side("social_work")}
    school, social_work = roll_up(rubric, marks, "school"), roll_up(rubric, marks, "social_work")
    assert school is not None and school.level.label == "Outstanding"
    assert social_work is not None and social_work.level.label == "Inadequate"


def test_nothing_rated_comes_to_nothing() -> None:
    assert roll_up(GOLD, {}) is None
    assert roll_up(GOLD, {"area_attainment": "gold"}) is None


@pytest.mark.parametrize("rubric", library().values(), ids=list(library()))
def test_a_starting_set_reads_back_as_written_and_says_its_rule(rubric: Rubric) -> None:
    assert from_document(to_document(rubric)) == rubric
    assert len(rule_words(rubric)) >= 2
    best = roll_up(rubric, {one.key: rubric.scale[-1].key for one in rubric.criteria})
    worst = roll_up(rubric, {one.key: rubric.scale[0].key for one in rubric.criteria})
    assert best is not None and best.level == rubric.results[-1]
    assert worst is not None and worst.level == rubric.results[0]


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """Any rule over three to six criteria: both kinds, bands in any order, caps of every sort."""
    steps, grades = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    scale = tuple(Level(key=str(n), label=f"step {n}") for n in range(steps))
    results = tuple(Level(key=f"r{n}", label=f"result {n}") for n in range(grades))
    criteria = tuple(
        Criterion(key=f"c{n}", label=f"criterion {n}", weight=draw(st.integers(1, 4)))
        for n in range(draw(st.integers(3, 6)))
    )
    level, grade = st.sampled_from([one.key for one in scale]), st.sampled_from([one.key for one in results])
    band = st.builds(Band, to=grade, at_least=level, all_but=st.integers(0, 3), others=st.one_of(st.just(""), level))
    share = st.builds(Share, to=grade, percent=st.integers(0, 100))
    of = st.sampled_from(["", *[one.key for one in criteria]])
    cap = st.builds(Cap, to=grade, at=level, when=st.sampled_from(sorted(CAPS)), criterion=of)
    rule = RollUp(
        kind=draw(st.sampled_from(["best_fit", "weighted"])),
        otherwise=draw(grade),
        bands=tuple(draw(st.lists(band, min_size=1, max_size=4))),
        shares=tuple(draw(st.lists(share, min_size=1, max_size=4))),
        caps=tuple(draw(st.lists(cap, max_size=3))),
    )
    return Rubric(
        key="any",
        name="Any",
        rated_by="criterion",
        about="",
        scale=scale,
        results=results,
        criteria=criteria,
        rule=rule,
    )


@st.composite
def rated(draw: st.DrawFn) -> tuple[Rubric, dict[str, str], str, str]:
    """A rubric, marks under it, and one mark that is raised."""
    rubric = draw(rubrics())
    steps = [one.key for one in rubric.scale]
    marks = {one.key: draw(st.sampled_from(steps)) for one in rubric.criteria}
    key = draw(st.sampled_from(sorted(marks)))
    better = draw(st.sampled_from(steps[steps.index(marks[key]) :]))
    return rubric, marks, key, better


@CALM
@given(rated())
def test_a_better_mark_never_makes_a_result_worse(told: tuple[Rubric, dict[str, str], str, str]) -> None:
    rubric, marks, key, better = told
    assert rubric.rank(result(rubric, {**marks, key: better})) >= rubric.rank(result(rubric, marks))


@CALM
@given(rated())
def test_a_result_does_not_depend_on_the_order_of_marks_and_bands(
    told: tuple[Rubric, dict[str, str], str, str],
) -> None:
    rubric, marks, _, _ = told
    turned = replace(rubric, rule=replace(rubric.rule, bands=rubric.rule.bands[::-1], shares=rubric.rule.shares[::-1]))
    assert result(turned, dict(reversed(marks.items()))) == result(rubric, marks)


@CALM
@given(rated())
def test_trying_the_rule_in_force_changes_nothing(told: tuple[Rubric, dict[str, str], str, str]) -> None:
    rubric, marks, _, _ = told
    reached = roll_up(rubric, marks)
    assert reached is not None
    trial = try_on(rubric, [Rated(7, marks, reached.level.label)])
    assert (trial.tried, trial.moved, trial.cannot) == (1, (), ())


def test_trying_another_rule_says_how_many_change_and_which() -> None:
    one_red, sound = areas("red", *["green"] * 6), areas(*["green"] * 7)
    told = [Rated(1, one_red, "Amber"), Rated(2, sound, "Green"), Rated(3, {"voice": "3"}, "Good")]
    trial = try_on(held_down("any"), told)
    assert [(one.id, one.was, one.now) for one in trial.moved] == [(1, "Amber", "Red")]
    assert trial.cannot == (3,)
    assert ("Red", 0, 1) in trial.counts and ("Amber", 1, 0) in trial.counts


def test_what_cannot_be_is_said_in_words() -> None:
    with pytest.raises(FaultyRubric, match="counts between 0 and 10 times"):
        with_changes(GOLD, {"area_voice": {"weight": 11}})
    with pytest.raises(FaultyRubric, match="Nothing counts for the school"):
        with_changes(GOLD, {one.key: {"is_on": False} for one in GOLD.criteria})
    broken = to_document(GOLD)
    broken["rule"]["caps"] = [{"to": "purple", "at": "red", "when": "any", "criterion": ""}]
    with pytest.raises(FaultyRubric, match="no result 'purple'"):
        from_document(broken)
    with pytest.raises(FaultyRubric, match="cannot be read"):
        from_document({"key": "x"})
