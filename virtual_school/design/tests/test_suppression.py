from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.design.suppression import Cell, differs_little, is_small, of_one_whole, suppressed


def of(numerator: int, denominator: int) -> Cell:
    return Cell(numerator, denominator, 100 * numerator / denominator if denominator else None)


def test_counts_of_one_to_five_are_hidden_and_nought_is_shown() -> None:
    assert [n for n in range(8) if is_small(n)] == [1, 2, 3, 4, 5]
    total, parts = suppressed(of(30, 60), {"a": of(0, 30), "b": of(30, 30)})
    assert not total.is_hidden
    assert not any(cell.is_hidden for cell in parts.values())


def test_a_share_is_hidden_when_few_were_not_counted() -> None:
    total, _ = suppressed(of(98, 100), {})
    assert (total.is_hidden, total.numerator, total.denominator, total.value) == (True, None, None, None)


def test_a_total_never_stands_beside_all_but_one_of_its_parts() -> None:
    total, parts = suppressed(of(60, 123), {"a": of(20, 40), "b": of(38, 80), "c": of(2, 3)})
    assert not total.is_hidden
    assert [name for name, cell in parts.items() if cell.is_hidden] == ["a", "c"]


def test_parts_hidden_together_are_not_themselves_a_few() -> None:
    parts = {"a": of(1, 2), "b": of(1, 2), "c": of(20, 40), "d": of(38, 79)}
    _, found = suppressed(of(60, 123), parts)
    assert [name for name, cell in found.items() if cell.is_hidden] == ["a", "b", "c"]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.integers(0, 40).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), min_size=1, max_size=6))
def test_no_small_number_can_be_worked_out_from_what_is_shown(pairs: list[tuple[int, int]]) -> None:
    cells = {str(n): of(*pair) for n, pair in enumerate(pairs)}
    whole = of(sum(n for n, _ in pairs), sum(d for _, d in pairs))
    total, parts = suppressed(whole, cells)
    for cell in parts.values():
        assert cell.is_hidden or not cell.must_hide
    hidden = [name for name, cell in parts.items() if cell.is_hidden]
    if total.is_hidden:
        assert all(cell.is_hidden or not cell.denominator for cell in parts.values())
        return
    assert not total.must_hide
    assert len(hidden) != 1 or all(not cells[name].denominator for name in parts if name not in hidden)
    shown = [cell for cell in parts.values() if not cell.is_hidden and cell.denominator]
    if hidden and shown:
        left_numerator = (whole.numerator or 0) - sum(cell.numerator or 0 for cell in shown)
        left_whole = (whole.denominator or 0) - sum(cell.denominator or 0 for cell in shown)
        assert not is_small(left_numerator)
        assert not is_small(left_whole)
        assert not is_small(left_whole - left_numerator)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=4), st.integers(0, 30))
def test_parts_of_one_whole_hide_what_the_others_would_tell(counts: list[int], rest: int) -> None:
    whole = sum(counts) + rest
    found = of_one_whole(counts, whole)
    assert all(not is_small(count) for count in found)
    shown = [count for count in found if count is not None]
    if not is_small(whole) and shown and len(shown) < len(counts):
        assert not is_small(whole - sum(shown))


def test_a_correction_that_would_show_a_few_is_noticed() -> None:
    assert differs_little(of(40, 80), of(42, 80))
    assert not differs_little(of(40, 80), of(40, 80))
    assert not differs_little(of(40, 80), of(50, 100))
