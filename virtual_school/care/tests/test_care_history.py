import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.care.history import (
    END_WORDS,
    LEGAL_WORDS,
    PLACEMENT_WORDS,
    EpisodeFact,
    PlacementFact,
    care_periods,
    current_episode,
    in_short_breaks,
    legal_statuses,
    placements,
    twelve_months_at_31_march,
)

CAME = date(2025, 2, 3)


def episode(starts: date, ends: date | None = None, **facts: object) -> EpisodeFact:
    usual: dict[str, object] = {
        "new_reason": "S",
        "legal_status": "C2",
        "place": "U6",
        "provider": "PR1",
        "end_reason": "X1" if ends else "",
        "place_postcode": "AB1 2CD",
        "home_urn": "SC000001",
    }
    return EpisodeFact(starts=starts, ends=ends, **{**usual, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "is_current"),
    [
        pytest.param(date(2025, 2, 2), False, id="the day before it starts"),
        pytest.param(date(2025, 2, 3), True, id="the day it starts"),
        pytest.param(date(2025, 3, 30), True, id="the day before it ends"),
        pytest.param(date(2025, 3, 31), False, id="the day it ends belongs to the next"),
    ],
)
def test_an_episode_is_open_from_its_start_to_the_day_before_its_end(day: date, is_current: bool) -> None:
    assert (current_episode([episode(CAME, date(2025, 3, 31))], day) is not None) is is_current


def test_only_the_end_date_decides_whether_an_episode_is_open() -> None:
    assert current_episode([episode(CAME, end_reason="E4A")], date(2026, 1, 1)) is not None


def test_of_two_episodes_open_at_once_the_later_start_is_current() -> None:
    first, second = episode(CAME), episode(date(2025, 5, 1), place="K2")
    assert current_episode([second, first], date(2025, 6, 1)) is second


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_a_short_break_is_never_the_current_episode(status: str) -> None:
    stay = [episode(CAME, legal_status=status)]
    assert current_episode(stay, CAME) is None
    assert in_short_breaks(stay, CAME)


@pytest.mark.parametrize(
    ("starts", "twelve_months"),
    [
        pytest.param(date(2025, 3, 31), True, id="the day before 1 April"),
        pytest.param(date(2025, 4, 1), True, id="on 1 April itself"),
        pytest.param(date(2025, 4, 2), False, id="the day after"),
    ],
)
def test_twelve_months_at_31_march_reach_back_to_1_april(starts: date, twelve_months: bool) -> None:
    assert twelve_months_at_31_march([episode(starts)], 2026) is twelve_months


def test_twelve_months_walk_back_over_episodes_in_any_order_whatever_the_codes_say() -> None:
    rows = [
        episode(date(2025, 9, 1)),
        episode(date(2024, 1, 1), date(2025, 6, 1), end_reason="E4A"),
        episode(date(2025, 6, 1), date(2025, 9, 1)),
    ]
    assert twelve_months_at_31_march(rows, 2026)


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(episode(date(2025, 6, 2), date(2025, 9, 1)), id="a gap of one day"),
        pytest.param(episode(date(2025, 5, 31), date(2025, 9, 1)), id="an overlap"),
        pytest.param(episode(date(2025, 6, 1), date(2025, 9, 1), legal_status="V4"), id="a short break"),
    ],
)
def test_the_walk_back_breaks_at_a_gap_an_overlap_or_a_short_break(between: EpisodeFact) -> None:
    rows = [episode(date(2024, 1, 1), date(2025, 6, 1)), between, episode(date(2025, 9, 1))]
    assert not twelve_months_at_31_march(rows, 2026)


@pytest.mark.parametrize("ends", [date(2026, 3, 31), date(2026, 4, 1)])
def test_a_child_who_left_by_31_march_was_not_in_care_on_it(ends: date) -> None:
    rows = [episode(date(2024, 1, 1), ends, end_reason="E4A")]
    assert twelve_months_at_31_march(rows, 2026) is (ends > date(2026, 3, 31))


def test_care_runs_from_its_start_to_its_end_over_any_number_of_episodes() -> None:
    (period,) = care_periods(
        [
            episode(date(2025, 6, 1), date(2025, 9, 1), new_reason="P", end_reason="E45"),
            episode(CAME, date(2025, 6, 1)),
        ]
    )
    assert (period.starts, period.ends, period.end_reason, period.starts_known) == (CAME, date(2025, 9, 1), "E45", True)


def test_care_without_an_end_has_no_reason_for_it() -> None:
    (period,) = care_periods([episode(CAME, end_reason="X1")])
    assert (period.ends, period.end_reason) == (None, "")


def test_a_gap_parts_two_times_in_care() -> None:
    first, second = care_periods([episode(CAME, date(2025, 4, 1), end_reason="E4A"), episode(date(2025, 4, 2))])
    assert (first.ends, second.starts) == (date(2025, 4, 1), date(2025, 4, 2))


def test_leaving_and_coming_back_the_same_day_is_two_times_in_care_when_both_rows_say_so() -> None:
    back = date(2025, 4, 1)
    assert len(care_periods([episode(CAME, back, end_reason="E4A"), episode(back)])) == 2
    assert len(care_periods([episode(CAME, back), episode(back)])) == 1
    assert len(care_periods([episode(CAME, back, end_reason="E4A"), episode(back, new_reason="P")])) == 1


def test_a_history_that_does_not_begin_with_a_start_says_that_care_began_earlier() -> None:
    (period,) = care_periods([episode(CAME, new_reason="P")])
    assert not period.starts_known


def test_short_breaks_stand_apart_from_being_looked_after() -> None:
    breaks, care = care_periods(
        [episode(CAME, date(2025, 4, 1), legal_status="V4"), episode(date(2025, 4, 1), new_reason="S")]
    )
    assert (breaks.kind, care.kind, care.starts) == ("short_breaks", "looked_after", date(2025, 4, 1))


def test_a_change_of_legal_status_keeps_the_placement() -> None:
    changed = date(2025, 6, 1)
    (home,) = placements([episode(CAME, changed), episode(changed, new_reason="L", legal_status="E1")])
    assert (home.starts, home.ends) == (CAME, None)


@pytest.mark.parametrize(
    "changed",
    [{"place": "K2"}, {"home_urn": "SC000002"}, {"provider": "PR4"}, {"place_postcode": "ZZ9 9ZZ"}],
    ids=["placement", "home", "provider", "postcode"],
)
def test_another_place_carer_or_postcode_is_another_placement(changed: dict[str, str]) -> None:
    moved = episode(date(2025, 6, 1), **{"new_reason": "P", **changed})
    assert len(placements([episode(CAME, date(2025, 6, 1)), moved])) == 2


def test_with_the_address_hidden_the_reason_for_the_new_episode_tells_a_move() -> None:
    hidden = {"place_postcode": "", "home_urn": ""}
    stayed = [episode(CAME, date(2025, 6, 1), **hidden), episode(date(2025, 6, 1), new_reason="L", **hidden)]
    moved = [episode(CAME, date(2025, 6, 1), **hidden), episode(date(2025, 6, 1), new_reason="P", **hidden)]
    assert (len(placements(stayed)), len(placements(moved))) == (1, 2)


def test_a_placement_remembers_how_it_began_and_learns_where_it_is() -> None:
    (home,) = placements(
        [
            episode(CAME, date(2025, 6, 1), is_emergency=True),
            episode(date(2025, 6, 1), new_reason="L", in_area=False, distance_miles=31.0),
        ]
    )
    assert (home.is_emergency, home.in_area, home.distance_miles) == (True, False, 31.0)


def test_legal_statuses_join_across_moves() -> None:
    order, status = legal_statuses(
        [
            episode(CAME, date(2025, 6, 1), legal_status="C1"),
            episode(date(2025, 6, 1), date(2025, 7, 1), new_reason="P", legal_status="C1", place="K2"),
            episode(date(2025, 7, 1), new_reason="L", legal_status="C2", place="K2"),
        ]
    )
    assert (order.words, order.ends, status.words) == ("Interim care order", date(2025, 7, 1), "Full care order")


def test_every_code_has_words_and_an_unknown_code_is_shown_as_received() -> None:
    assert PlacementFact(starts=CAME, place="Q9").words == "Q9"
    assert PlacementFact(starts=CAME).words == "Placement not recorded"
    assert all(words for table in (LEGAL_WORDS, PLACEMENT_WORDS, END_WORDS) for words in table.values())


days = st.integers(0, 900).map(lambda n: date(2024, 1, 1) + timedelta(days=n))


@st.composite
def histories(draw: st.DrawFn) -> list[EpisodeFact]:
    rows = []
    for starts in sorted(draw(st.sets(days, max_size=6))):
        length = draw(st.none() | st.integers(1, 300))
        rows.append(
            episode(
                starts,
                starts + timedelta(days=length) if length else None,
                new_reason=draw(st.sampled_from("SLPTBU")),
                legal_status=draw(st.sampled_from(["C2", "V2", "V3", "V4", "J1"])),
                place=draw(st.sampled_from(["U6", "K2", "T1"])),
                end_reason=draw(st.sampled_from(["", "X1", "E4A"])),
            )
        )
    return draw(st.permutations(rows))


@given(histories())
def test_what_is_worked_out_never_overlaps_and_starts_where_an_episode_starts(rows: list[EpisodeFact]) -> None:
    starts = {row.starts for row in rows}
    for worked_out in (care_periods(rows), placements(rows), legal_statuses(rows)):
        for before, after in itertools.pairwise(worked_out):
            assert before.ends is not None
            assert before.ends <= after.starts
        assert {part.starts for part in worked_out} <= starts
        assert bool(worked_out) is bool(rows)


@given(histories(), days)
def test_a_child_with_one_row_open_at_a_time_is_in_care_exactly_when_a_period_holds_the_day(
    rows: list[EpisodeFact], day: date
) -> None:
    ordered = sorted(rows, key=lambda row: row.starts)
    if any(a.ends is None or a.ends > b.starts for a, b in itertools.pairwise(ordered)):
        return
    held = [p for p in care_periods(rows) if p.starts <= day and (p.ends is None or p.ends > day)]
    assert (current_episode(rows, day) is not None) is any(p.kind == "looked_after" for p in held)
    assert in_short_breaks(rows, day) is any(p.kind == "short_breaks" for p in held)
