import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.design import examples
from virtual_school.design.pictures.bars import WeekRow, bars
from virtual_school.design.pictures.count import count, weeks
from virtual_school.design.pictures.svg import BOLD, REGULAR, Picture
from virtual_school.design.pictures.timeline import Attendance, Bar, Dot, DotLane, Lane, timeline
from virtual_school.design.pictures.trend import NARROW, Point, spark, trend

FIRST, LAST = date(2015, 1, 1), date(2030, 12, 31)
days = st.dates(FIRST, LAST)
words = st.text("abc <&>\"'é", min_size=1, max_size=40)
kinds = st.sampled_from(["care", "mid", "soft", "temporary", "none", "planned"])


def drawings(picture: Picture) -> Iterator[ET.Element]:
    for one in (picture.wide, picture.narrow):
        if one:
            yield ET.fromstring(one)


def boxes(svg: ET.Element) -> list[tuple[float, float, float, float, str]]:
    """Where each label's words are, by the average width of a letter: left, top, right, bottom, words."""
    found = []
    for text in svg.iter("text"):
        said = "".join(text.itertext())
        if not said:
            continue
        size = float(text.get("font-size"))
        letter = BOLD if text.get("font-weight") == "700" else REGULAR
        width = letter * size * len(said)
        x, y = float(text.get("x")), float(text.get("y"))
        left = {None: x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor")]
        found.append((left, y - size * 0.75, left + width, y + 1, said))
    return found


def assert_sound(picture: Picture) -> None:
    """No negative size, no label over another or outside, no style, a name for all of it."""
    for svg in drawings(picture):
        _, _, width, height = (float(n) for n in svg.get("viewBox").split())
        assert svg.get("role") == "img"
        assert svg.get("aria-label") == picture.description or svg.get("aria-label").startswith("Timeline")
        for element in svg.iter():
            assert element.get("style") is None
            for name in ("width", "height"):
                assert float(element.get(name, "0")) >= 0
        for shape in svg.findall("rect"):
            assert float(shape.get("x")) >= -0.6
            assert float(shape.get("x")) + float(shape.get("width")) <= width + 0.6
            assert float(shape.get("y")) + float(shape.get("height")) <= height
        labels = boxes(svg)
        for left, top, right, bottom, said in labels:
            assert left >= -0.6, said
            assert right <= width + 0.6, said
            assert top >= -1, said
            assert bottom <= height + 1, said
        for n, one in enumerate(labels):
            for other in labels[n + 1 :]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (one, other)


def ids(picture: Picture) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', picture.wide + picture.narrow)


@pytest.mark.parametrize("name", ["timeline", "timeline_year", "bars", "count", "long_count"])
def test_the_examples_are_sound(name: str) -> None:
    assert_sound(examples.pictures()[name])


def test_no_two_pictures_on_a_page_share_a_pattern() -> None:
    shown = [one for one in examples.pictures().values() if isinstance(one, Picture)]
    every = [one for picture in shown for one in ids(picture)]
    assert every
    assert len(every) == len(set(every))


def test_the_timeline_in_words_and_as_a_table() -> None:
    picture = examples.pictures()["timeline"]
    assert picture.description.startswith("Timeline from February 2023 to December 2026. One long foster home")
    assert ("Lives with", "23 October 2026", "now", "Emergency foster home, Eastmarch") in picture.rows
    assert ("Plans", "2 December 2026", "", "Plan review (planned)") in picture.rows
    assert ("Attendance", "2 September 2026", "23 October 2026", "74%") in picture.rows


def one_lane(*bars_: Bar, end: date = date(2026, 12, 22)) -> Picture:
    return timeline(
        [Lane("School", bars_)],
        [],
        prefix="t",
        today=date(2026, 11, 24),
        start=date(2026, 1, 1),
        end=end,
        school_years=[],
    )


def test_a_short_hatched_bar_at_the_end_is_named_to_its_left_on_a_plate() -> None:
    before = Bar(date(2026, 1, 1), date(2026, 11, 10), ("Moorcroft High School",))
    picture = one_lane(before, Bar(date(2026, 11, 10), None, ("No school place", "None"), "none"))
    label = next(t for t in ET.fromstring(picture.wide).iter("text") if t.text == "No school place")
    assert (label.get("text-anchor"), label.get("font-weight")) == ("end", "700")
    assert_sound(picture)


def test_the_plate_shortens_the_label_of_the_bar_before_it() -> None:
    texts = (
        "Moorcroft High School and Sixth Form College, Calderwick Road, Calderwick, a very long name indeed",
        "Short",
    )
    before = Bar(date(2026, 1, 1), date(2026, 11, 10), texts)
    alone = one_lane(before)
    beside = one_lane(before, Bar(date(2026, 11, 10), None, ("No school place",), "none"))
    assert texts[0] in alone.wide
    assert texts[0] not in beside.wide
    assert ">Short<" in beside.wide


def test_two_schools_at_once_stand_in_rows_of_their_own() -> None:
    picture = one_lane(
        Bar(date(2026, 1, 1), None, ("Moorcroft High School",)), Bar(date(2026, 3, 1), None, ("Hospital school",))
    )
    tops = {shape.get("y") for shape in ET.fromstring(picture.wide).findall("rect")}
    assert len(tops) == 2


def test_a_spell_still_going_on_ends_today_and_a_planned_one_at_the_edge() -> None:
    picture = one_lane(Bar(date(2026, 1, 1), None, ("Now",)), Bar(date(2026, 12, 1), None, ("Then",), "planned"))
    now, then = ET.fromstring(picture.wide).findall("rect")
    assert float(now.get("x")) + float(now.get("width")) < float(then.get("x"))
    assert float(then.get("x")) + float(then.get("width")) == pytest.approx(1096 - 1.5, abs=0.2)


def test_a_timeline_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        one_lane(end=date(2025, 1, 1))


spells = st.builds(
    lambda start, length, texts, kind: Bar(
        start, None if length is None else start + timedelta(days=length), tuple(texts), kind
    ),
    days,
    st.none() | st.integers(0, 2000),
    st.lists(words, min_size=1, max_size=3),
    kinds,
)
dots = st.builds(
    Dot,
    days,
    st.sampled_from(["G", "N", "12"]),
    st.sampled_from(["good", "needs", "review", "suspended"]),
    st.booleans(),
)
half_terms = st.builds(
    lambda n, percent: Attendance(FIRST + timedelta(days=60 * n), FIRST + timedelta(days=60 * n + 50), percent),
    st.integers(0, 90),
    st.none() | st.floats(0, 100),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(spells, max_size=6),
    st.lists(dots, max_size=20),
    st.lists(half_terms, max_size=6, unique_by=lambda one: one.start),
    days,
    st.integers(30, 3000),
    st.integers(-200, 3000),
)
def test_no_timeline_has_a_negative_bar_or_a_label_over_another(
    bars_: list[Bar], marks: list[Dot], attendance: list[Attendance], start: date, length: int, today: int
) -> None:
    assert_sound(
        timeline(
            [Lane("School", bars_)],
            [DotLane("Plans", marks)],
            prefix="t",
            today=start + timedelta(days=today),
            start=start,
            end=start + timedelta(days=length),
            school_years=[
                (f"{y}/{(y + 1) % 100} · Year {y - 2014}", date(y, 9, 1), date(y + 1, 8, 31)) for y in range(2014, 2040)
            ],
            attendance=attendance,
        )
    )


counts = st.integers(0, 400)


def test_parts_too_small_for_their_count_leave_the_picture_nowhere():
    assert_sound(bars([WeekRow("2 Nov", False, 1, 1, 1, 129, 131)], prefix="p", what="plans"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(WeekRow, st.sampled_from(["2 Nov", "This week"]), st.booleans(), *[counts] * 5), max_size=8))
def test_no_bars_leave_the_picture_and_every_number_can_be_read(rows: list[WeekRow]) -> None:
    picture = bars(rows, prefix="b", what="plans")
    assert_sound(picture)
    for svg in drawings(picture):
        said = " ".join("".join(text.itertext()) for text in svg.iter("text"))
        for row in rows:
            for number in (row.met, row.met_late, row.due_soon, row.upcoming, row.overdue):
                assert not number or re.search(rf"\b{number}\b", said)


def test_bars_are_to_scale_from_nought() -> None:
    rows = [WeekRow("a", False, met=40), WeekRow("b", False, met=20)]
    forty, twenty = ET.fromstring(bars(rows, prefix="b", what="plans").wide).findall("rect")
    assert float(forty.get("width")) + 2 == pytest.approx(2 * (float(twenty.get("width")) + 2), abs=0.2)


def test_the_first_bar_of_a_state_with_room_says_its_name_once() -> None:
    picture = examples.pictures()["bars"]
    said = ["".join(text.itertext()) for text in ET.fromstring(picture.wide).iter("text")]
    assert "31 met" in said
    assert "34" in said
    assert "1 met late, 11 overdue" in said
    assert picture.rows[2] == ("16 November 2026", "24", "1", "0", "0", "11", "36")


def test_the_count_numbers_the_days_and_says_what_was_skipped() -> None:
    picture = examples.pictures()["count"]
    assert picture.description == (
        "Days counted. Day 0 is Fri 23 October. Skipped: half term (5 days), staff training (1 day). "
        "16 school days counted to today. Day 20, the day due, is Mon 30 November."
    )
    assert picture.rows[-1] == ("Mon 30 November", "20")
    assert "half term: skipped" in picture.wide


def test_a_long_count_leaves_out_whole_weeks_with_nothing_skipped() -> None:
    picture = examples.pictures()["long_count"]
    assert "… 3 whole weeks" in picture.wide
    assert "Christmas holiday: skipped" in picture.wide


@settings(max_examples=100, deadline=None)
@given(days, st.integers(0, 150), st.sets(st.integers(0, 150)), st.integers(-10, 200))
def test_no_count_is_cut_off_and_its_numbers_run_from_one(
    start: date, length: int, skipped: set[int], now: int
) -> None:
    due = start + timedelta(days=length)

    def reason(day: date) -> str | None:
        return "half <term>" if (day - start).days in skipped else None

    assert_sound(count(start, due, start + timedelta(days=now), reason, prefix="c", unit="school days"))
    numbers = [n for week in weeks(start, due, reason) for _, n, _ in week.days if n is not None]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_count_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        count(date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 1), lambda day: None, prefix="c", unit="days")


# Term by term

SEASONS = ("Aut", "Spr", "Sum")
figures = st.none() | st.integers(0, 1000).map(lambda n: n / 10)


def over_terms(values: list[float | None], top: float = 100.0) -> Picture:
    points = [
        Point(
            f"{SEASONS[n % 3]} {25 + n // 3}", f"Term {n}", value, "" if value is None else f"{value:.0f}%",
            "[c]" if value is None else f"{value:.0f}%", is_open=n == len(values) - 1,
        )
        for n, value in enumerate(values)
    ]  # fmt: skip
    return trend(points, prefix="t", what="Plans done", top=top)


@settings(max_examples=100, deadline=None)
@given(st.lists(figures, min_size=1, max_size=14))
def test_a_trend_is_sound_with_a_gap_where_there_is_no_figure(values: list[float | None]) -> None:
    picture = over_terms(values)
    assert_sound(picture)
    assert [row[1] for row in picture.rows] == ["[c]" if value is None else f"{value:.0f}%" for value in values]
    for svg, most in zip(drawings(picture), (9, 5), strict=True):
        shown = values[-most:]
        assert len(list(svg.iter("circle"))) == sum(value is not None for value in shown)
        drawn = sum(len(line.get("points").split()) for line in svg.iter("polyline"))
        alone = sum(
            value is not None and (n == 0 or shown[n - 1] is None) and (n == len(shown) - 1 or shown[n + 1] is None)
            for n, value in enumerate(shown)
        )
        assert drawn + alone == sum(value is not None for value in shown)


def test_a_higher_figure_stands_higher() -> None:
    wide = next(drawings(over_terms([20.0, 80.0])))
    low, high = (float(dot.get("cy")) for dot in wide.iter("circle"))
    assert high < low


def test_on_a_phone_a_trend_is_as_wide_as_the_phone() -> None:
    assert float(list(drawings(over_terms([1.0, 2.0])))[1].get("viewBox").split()[2]) == NARROW


def test_a_small_line_needs_two_figures() -> None:
    assert spark([None, 4.0]) == ""
    assert ET.fromstring(spark([2.0, None, 4.0, 5.0])).get("aria-hidden") == "true"
