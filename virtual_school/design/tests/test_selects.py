from django import forms
from django.urls import reverse

from virtual_school.design.addresses import address
from virtual_school.design.selects import NarrowSelect, Options, PlainSelect


class Choosing(forms.Form):
    school = forms.ChoiceField(widget=PlainSelect)
    year = forms.ChoiceField(widget=NarrowSelect)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["school"].choices = Options([("", "All")], {"1": "St Mary’s & St John’s", "2": "Elm"}.items())
        self.fields["year"].choices = Options((str(n), f"Year {n}") for n in (1, 2))


def test_a_select_written_in_one_go_escapes_and_marks_what_is_chosen() -> None:
    html = str(Choosing({"school": "2", "year": "9"}))
    assert '<option value="1">St Mary’s &amp; St John’s</option><option value="2" selected>Elm</option>' in html
    assert html.count("govuk-!-width-full") == 1


def test_options_are_the_only_values_a_form_takes() -> None:
    assert Choosing({"school": "2", "year": "1"}).is_valid()
    assert list(Choosing({"school": "3", "year": "1"}).errors) == ["school"]


def test_an_address_is_found_once_and_is_the_one_of_the_page() -> None:
    assert address("design:gallery") == reverse("design:gallery") == address("design:gallery")
