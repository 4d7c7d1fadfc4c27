"""What holds of every measure, whatever the children and plans."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.quality.groups import APART, by_group
from virtual_school.quality.measured import MeasuredMeeting, MeasuredPlan, MeasuredTarget, TermFacts, sent_in_on
from virtual_school.quality.measures import DEFINITIONS, measured

from .term_facts import CUT_OFF, child, term

days = st.dates(date(2026, 8, 1), date(2026, 12, 20))
ratings = st.sampled_from([("", None), ("Good", True), ("Inadequate", False)])


@st.composite
def plans(draw: st.DrawFn) -> MeasuredPlan:
    steps = draw(
        st.lists(st.tuples(st.sampled_from(["submit", "recall", "return", "approve", "reopen"]), days), max_size=5)
    )
    rating, good = draw(ratings)
    maybe = st.none() | days
    return MeasuredPlan(
        kind=draw(st.sampled_from(["review", "first", "extra", "school_review"])),
        state=draw(st.sampled_from(["in_progress", "submitted", "returned", "approved", "closed_moved"])),
        is_recorded=draw(st.booleans()), opened_on=draw(maybe), meeting_on=draw(maybe), submitted_on=draw(maybe),
        approved_on=draw(maybe), published_on=draw(maybe), rating=rating, is_good=good,
        way=tuple(sorted(steps, key=lambda one: one[1])), views=draw(st.sampled_from([None, "said", "reason", ""])),
        meeting=draw(st.none() | st.builds(MeasuredMeeting, on=days, child=st.none() | st.booleans())),
        targets=tuple(draw(st.lists(st.builds(MeasuredTarget, judged=st.sampled_from(["met", "partly_met", "not_met", "open"]),
                                              terms=st.integers(0, 4)), max_size=3))),
        costs=tuple(draw(st.lists(st.tuples(st.just("tuition"), st.integers(1, 9999)), max_size=2))),
        waits_for=frozenset(draw(st.lists(st.sampled_from(["school", "social_worker", "virtual_school"]), max_size=2))),
    )  # fmt: skip


@st.composite
def terms(draw: st.DrawFn) -> TermFacts:
    children = []
    for pk in range(1, draw(st.integers(0, 6)) + 1):
        came = draw(st.dates(date(2023, 1, 1), date(2026, 12, 10)))
        left = draw(st.none() | st.just(came + timedelta(days=draw(st.integers(1, 900)))))
        children.append(
            child(
                pk, *draw(st.lists(plans(), max_size=2)), came=came, left=left,
                born=draw(st.none() | st.dates(date(2006, 1, 1), date(2025, 1, 1))),
                phase=draw(st.sampled_from(["primary", "secondary", ""])), school=draw(st.sampled_from([None, 1, 2])),
                advisers=tuple(draw(st.lists(st.sampled_from([7, 8]), unique=True, max_size=2))),
            )
        )  # fmt: skip
    return term(*children, sdq_year=2026, on=draw(st.sampled_from([CUT_OFF, date(2026, 10, 1)])))


@settings(max_examples=60, deadline=None)
@given(terms())
def test_a_number_is_never_more_than_what_it_is_out_of_and_a_share_is_of_them(of: TermFacts) -> None:
    for id_, one in measured(of).items():
        if one.not_known:
            assert (one.numerator, one.denominator, one.value) == (None, None, None)
            continue
        assert one.numerator is not None and one.denominator is not None
        assert 0 <= one.numerator <= one.denominator
        if DEFINITIONS[id_].unit == "%":
            assert (one.value is None) == (one.denominator == 0)
            assert one.value is None or 0 <= one.value <= 100
        assert DEFINITIONS[id_].says(one)


@settings(max_examples=60, deadline=None)
@given(terms())
def test_every_child_named_is_a_child_of_the_term(of: TermFacts) -> None:
    ids = {one.child for one in of.children}
    for one in measured(of).values():
        named = {*one.hits, *one.misses, *(pk for out in one.left_out for pk in out.children)}
        assert named <= ids


@settings(max_examples=60, deadline=None)
@given(terms())
def test_a_child_counted_as_having_had_to_have_a_plan_is_not_left_out_of_it(of: TermFacts) -> None:
    one = measured(of, ["I-PEP-01"])["I-PEP-01"]
    out = [pk for left in one.left_out for pk in left.children]
    assert len(set(one.hits) | set(one.misses)) == one.denominator
    assert not {*one.hits, *one.misses} & set(out)


@settings(max_examples=40, deadline=None)
@given(terms(), st.sampled_from(APART))
def test_groups_add_up_to_the_whole(of: TermFacts, by: str) -> None:
    whole, groups = measured(of), [measured(group) for group in by_group(of, by).values()]
    for id_, one in whole.items():
        if one.not_known:
            continue
        assert sum(group[id_].numerator or 0 for group in groups) == one.numerator
        assert sum(group[id_].denominator or 0 for group in groups) == one.denominator


@settings(max_examples=60, deadline=None)
@given(terms(), st.randoms())
def test_the_order_of_the_children_changes_nothing(of: TermFacts, random: object) -> None:
    shuffled = list(of.children)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = measured(term(*shuffled, sdq_year=of.sdq_year, on=of.on))
    for id_, one in measured(of).items():
        assert (one.value, sorted(one.hits), sorted(one.misses)) == (
            other[id_].value, sorted(other[id_].hits), sorted(other[id_].misses),
        )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(plans(), days, days)
def test_what_was_sent_in_and_checked_stays_so_as_days_go_by(plan: MeasuredPlan, one: date, other: date) -> None:
    early, late = min(one, other), max(one, other)
    on = sent_in_on(plan, early)
    if on is not None and not any(step == "recall" for step, _ in plan.way):
        assert sent_in_on(plan, late) == on
