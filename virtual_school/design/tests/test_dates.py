from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.design.dates import MONTHS, DateField, in_full


def form_with(field: DateField, day: str = "", month: str = "", year: str = "") -> forms.Form:
    kind = type("OneDate", (forms.Form,), {"born": field})
    return kind({"born-day": day, "born-month": month, "born-year": year})


def said(form: forms.Form) -> tuple[list[str], tuple[str, ...]]:
    return form["born"].messages, form["born"].parts_in_error


@given(st.dates(min_value=date(1000, 1, 1)))
def test_any_real_date_comes_back_as_it_was_typed(day: date) -> None:
    for month in (str(day.month), f"{day.month:02d}", MONTHS[day.month - 1], MONTHS[day.month - 1][:3].lower()):
        form = form_with(DateField(label="Date of birth"), str(day.day), month, str(day.year))
        assert form.is_valid()
        assert form.cleaned_data["born"] == day


@pytest.mark.parametrize(
    ("typed", "words", "parts"),
    [
        (("", "", ""), "Enter date of birth", ("day", "month", "year")),
        (("27", "", "2011"), "Date of birth must include a month", ("month",)),
        (("27", "", ""), "Date of birth must include a month and a year", ("month", "year")),
        (("31", "11", "2026"), "Date of birth must be a real date: November has 30 days", ("day",)),
        (("29", "2", "2026"), "Date of birth must be a real date: February 2026 has 28 days", ("day",)),
        (("x", "11", "2026"), "Date of birth: the day must be a number, like 27", ("day",)),
        (("32", "1", "2026"), "Date of birth: the day must be a number from 1 to 31", ("day",)),
        (("0", "1", "2026"), "Date of birth: the day must be a number from 1 to 31", ("day",)),
        (("1", "13", "2026"), "Date of birth: the month must be a number from 1 to 12, or its name", ("month",)),
        (("1", "ju", "2026"), "Date of birth: the month must be a number from 1 to 12, or its name", ("month",)),
        (("1", "1", "26"), "Date of birth: the year must include 4 numbers", ("year",)),
        (("1", "1", "0000"), "Date of birth: the year must include 4 numbers", ("year",)),
        (("1", "1", "٢٠٢٦"), "Date of birth: the year must include 4 numbers", ("year",)),
    ],
)
def test_a_wrong_date_says_which_part_is_wrong_and_why(
    typed: tuple[str, str, str], words: str, parts: tuple[str, ...]
) -> None:
    form = form_with(DateField(label="Date of birth"), *typed)
    assert not form.is_valid()
    assert said(form) == ([words], parts)


def test_a_date_outside_the_days_allowed_says_the_first_or_last_of_them() -> None:
    field = DateField(label="Start of the plan", earliest=date(2026, 9, 1), latest=date(2027, 8, 31))
    early, late = form_with(field, "31", "8", "2026"), form_with(field, "1", "9", "2027")
    assert said(early)[0] == ["Start of the plan must be on or after 1 September 2026"]
    assert said(late)[0] == ["Start of the plan must be on or before 31 August 2027"]
    assert form_with(field, "1", "9", "2026").is_valid()
    assert form_with(field, "31", "8", "2027").is_valid()


def test_only_the_wrong_box_is_marked_and_the_summary_leads_to_it() -> None:
    form = form_with(DateField(label="Date of birth"), "27", "", "2011")
    html = str(form)
    assert html.count("govuk-input--error") == 1
    assert 'govuk-input--error" id="id_born-month"' in html
    assert form["born"].first_input_id == "id_born-month"


def test_what_was_typed_is_shown_again() -> None:
    html = str(form_with(DateField(label="Date of birth"), "31", "<11>", "2026"))
    assert 'value="31"' in html
    assert 'value="&lt;11&gt;"' in html


def test_an_optional_date_may_be_left_empty() -> None:
    form = form_with(DateField(label="End", required=False))
    assert form.is_valid()
    assert form.cleaned_data["born"] is None


def test_a_date_has_changed_only_when_the_day_has() -> None:
    field = DateField()
    assert not field.has_changed(date(2026, 6, 29), ("29", "June", "2026"))
    assert field.has_changed(date(2026, 6, 29), ("30", "6", "2026"))
    assert field.has_changed(None, ("30", "", "2026"))
    assert not field.has_changed(None, None)


def test_a_date_is_written_in_full() -> None:
    assert in_full(date(2026, 6, 29)) == "29 June 2026"
