import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.design.money import MoneyField, pounds


@given(st.integers(min_value=-10_000_000_00, max_value=10_000_000_00))
def test_pence_come_back_from_the_pounds_they_are_shown_as(pence: int) -> None:
    assert MoneyField(least=-10_000_000_00).to_python(pounds(pence)) == pence


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("1,140.50", 114050), ("£1140.5", 114050), (" 250 ", 25000), ("0", 0), ("£ 3", 300), ("12.05", 1205)],
)
def test_money_is_read_as_people_write_it(typed: str, pence: int) -> None:
    assert MoneyField().to_python(typed) == pence


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("lots", "Amount must be an amount of money, like 250 or 1,140.50"),
        ("1,14.50", "Amount must be an amount of money, like 250 or 1,140.50"),
        ("--5", "Amount must be an amount of money, like 250 or 1,140.50"),
        ("12.345", "Amount must have no more than 2 places after the point"),
        ("-1", "Amount must be £0 or more"),
        ("51", "Amount must be £50 or less"),
    ],
)
def test_what_is_not_money_says_why(typed: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField(label="Amount", most=5000).to_python(typed)
    assert refused.value.messages == [words]


def test_an_amount_has_changed_only_when_the_pence_have() -> None:
    field = MoneyField()
    assert not field.has_changed(114050, "1,140.50")
    assert not field.has_changed(None, "")
    assert field.has_changed(114050, "1,140.51")
    assert field.has_changed(114050, "nothing")
