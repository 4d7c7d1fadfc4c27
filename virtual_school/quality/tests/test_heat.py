"""The map of schools: averages, what is hidden, strengths and what comes up again."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.quality.heat import FEW, Marked, across, changes, heat, strengths, themes, weaknesses

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy; what is proven does not depend on how fast."""

marks = st.lists(
    st.builds(
        Marked,
        plan=st.integers(1, 500),
        place=st.integers(0, 5),
        key=st.sampled_from(["voice", "targets", "carer"]),
        share=st.floats(0, 1),
    ),
    max_size=80,
)


@CALM
@given(marks)
def test_hidden_are_exactly_the_cells_of_fewer_than_five_plans(rows: list[Marked]) -> None:
    every = {(place, key): cell for place, keys in heat(rows).items() for key, cell in keys.items()}
    shown = {(place, key): cell for place, keys in heat(rows, hide_few=True).items() for key, cell in keys.items()}
    assert shown == {where: cell for where, cell in every.items() if cell.plans >= FEW}
    assert sum(cell.plans for cell in every.values()) == len(rows)


@CALM
@given(marks)
def test_an_average_lies_between_the_least_and_the_best_mark(rows: list[Marked]) -> None:
    for key, cell in across(rows).items():
        shares = [one.share for one in rows if one.key == key]
        assert min(shares) - 1e-9 <= cell.mean <= max(shares) + 1e-9
        assert 0 <= cell.step <= 3


def test_strengths_and_weaknesses_are_the_ends() -> None:
    cells = across([Marked(1, 1, "voice", 1.0), Marked(1, 1, "targets", 1 / 3), Marked(1, 1, "carer", 2 / 3)])
    assert strengths(cells) == ["voice"]
    assert weaknesses(cells) == ["targets"]


def test_a_school_that_improves_is_told_where() -> None:
    before = across([Marked(1, 1, "targets", 1 / 3), Marked(1, 1, "voice", 2 / 3)])
    after = across([Marked(2, 1, "targets", 1.0), Marked(2, 1, "voice", 2 / 3)])
    assert [(one.key, round(one.by, 2)) for one in changes(before, after)] == [("targets", 0.67)]


def test_themes_are_counted_praise_apart() -> None:
    praise, rest = themes(
        [("Sharp targets", True), ("Targets too general", False), ("Targets too general", False), ("", False)]
    )
    assert praise == [("Sharp targets", 1)]
    assert rest == [("Targets too general", 2)]
