import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_school import shipped
from virtual_school.children.identifiers import (
    LETTERS,
    check_letter,
    clean_upn,
    uln_fault,
    upn_fault,
    upn_kind,
)

ULN_WORDS = {
    "check digit": "wrong check digit",
    "remainder 0: no valid check digit": "wrong check digit",
}

permanent_bodies = st.text("0123456789", min_size=12, max_size=12)
temporary_bodies = st.tuples(st.text("0123456789", min_size=11, max_size=11), st.sampled_from(LETTERS)).map("".join)
bodies = permanent_bodies | temporary_bodies


def vectors(name: str) -> list[dict[str, str]]:
    with shipped.open_text(f"vectors/{name}") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors("upn.csv"), ids=lambda row: row["upn"])
def test_each_worked_upn_is_valid_or_not_as_stated(row: dict[str, str]) -> None:
    fault = upn_fault(row["upn"])
    assert (fault is None) == (row["valid"] == "Y")
    assert upn_kind(row["upn"]) == (row["kind"] or None)
    if row["note"] in ("length", "letter not used"):
        assert fault is not None and fault.kind == row["note"]


@pytest.mark.parametrize("row", vectors("uln.csv"), ids=lambda row: row["uln"])
def test_each_worked_uln_is_valid_or_not_as_stated(row: dict[str, str]) -> None:
    fault = uln_fault(row["uln"])
    if row["valid"] == "Y":
        assert fault is None
    elif row["valid"] == "N":
        assert fault is not None and fault.kind == ULN_WORDS[row["note"]]
    elif row["valid"] == "placeholder":
        assert fault is not None and fault.kind == "placeholder"
    else:
        assert fault is not None and fault.kind == "outside the issued range"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "length"),
        ("P20700001604", "length"),
        ("1207000016049", "shape"),
        ("P20700001604-", "shape"),
        ("P2O7000016049", "shape"),
        ("P20700001604²", "shape"),
        ("S207000016049", "letter not used"),
        ("P20700001604O", "letter not used"),
        ("Q207000016049", "wrong check letter"),
    ],
)
def test_the_first_thing_wrong_with_a_upn_is_said(text: str, kind: str) -> None:
    fault = upn_fault(text)
    assert fault is not None and fault.kind == kind and fault.words.endswith(".")


def test_a_upn_is_trimmed_and_upper_cased_first() -> None:
    assert clean_upn("  p207000016049 ") == "P207000016049"
    assert upn_fault(" p207000016049\n") is None


@pytest.mark.parametrize("reason", ["UN1", "un2", "UN3", "UN4", "UN5"])
def test_a_reason_for_having_no_upn_is_not_checked(reason: str) -> None:
    assert upn_fault(reason) is None
    assert upn_kind(reason) is None


@given(bodies)
def test_exactly_one_letter_makes_a_body_valid(body: str) -> None:
    valid = [letter for letter in LETTERS if upn_fault(letter + body) is None]
    assert valid == [check_letter(body)]


@given(bodies, st.integers(0, 10), st.integers(1, 9))
def test_a_wrong_digit_is_always_found(body: str, place: int, added: int) -> None:
    """Each weight is 2 to 13 and each difference 1 to 9, so no product is a multiple of 23."""
    wrong = body[:place] + str((int(body[place]) + added) % 10) + body[place + 1 :]
    fault = upn_fault(check_letter(body) + wrong)
    assert fault is not None and fault.kind == "wrong check letter"


@given(permanent_bodies)
def test_a_digit_last_is_permanent(body: str) -> None:
    assert upn_kind(check_letter(body) + body) == "permanent"


@given(temporary_bodies)
def test_a_letter_last_is_temporary(body: str) -> None:
    assert upn_kind(check_letter(body) + body) == "temporary"


@given(st.text("123456789", min_size=1, max_size=1), st.text("0123456789", min_size=8, max_size=8))
def test_at_most_one_check_digit_makes_a_uln_valid(first: str, rest: str) -> None:
    valid = [digit for digit in "0123456789" if uln_fault(first + rest + digit) is None]
    assert len(valid) <= 1


@pytest.mark.parametrize(
    ("text", "kind"), [("123", "length"), ("12345678AB", "shape"), ("１２３４５６７８９９", "shape")]
)
def test_a_uln_is_ten_plain_digits(text: str, kind: str) -> None:
    fault = uln_fault(text)
    assert fault is not None and fault.kind == kind
