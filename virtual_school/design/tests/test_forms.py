from django import forms
from django.core.validators import MinLengthValidator
from django.template import Context, Template

from virtual_school.design.forms import BoundField, Checkboxes, DateField, Radios, errors_of


class PlainForm(forms.Form):
    """As another package writes one: Django's own fields and widgets."""

    login = forms.EmailField(label="E-mail")
    password = forms.CharField(widget=forms.PasswordInput)
    hours = forms.IntegerField(min_value=1, max_value=40)
    stage = forms.ChoiceField(choices=[("3", "Three"), ("4", "Four")])
    way = forms.ChoiceField(choices=[("a", "On foot"), ("b", "By bus")], widget=forms.RadioSelect)
    support = forms.MultipleChoiceField(choices=[("t", "Tutor"), ("m", "Mentor")], widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(widget=forms.Textarea, required=False)
    file = forms.FileField(required=False)
    remember = forms.BooleanField(label="Remember me", required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)


def test_plain_fields_of_any_form_come_out_as_govuk_markup() -> None:
    html = str(PlainForm())
    for markup in (
        'class="govuk-input" ',
        'class="govuk-input govuk-password-input__input govuk-js-password-input-input"',
        'inputmode="numeric"',
        'class="govuk-select"',
        'class="govuk-radios__input" id="id_way" name="way" type="radio" value="a"',
        'class="govuk-checkboxes__input" id="id_support-2" name="support" type="checkbox" value="m"',
        'class="govuk-textarea"',
        'class="govuk-file-upload"',
        '<label class="govuk-label govuk-checkboxes__label" for="id_remember">Remember me</label>',
    ):
        assert markup in html
    assert 'type="number"' not in html
    assert " required" not in html
    assert html.count('type="hidden"') == 1


def test_the_ways_other_templates_draw_a_form_give_the_same() -> None:
    form = PlainForm()
    assert form.as_p() == form.as_div() == str(form)


def test_a_field_alone_is_its_group() -> None:
    form = PlainForm()
    assert isinstance(form["login"], BoundField)
    assert form["login"].as_field_group().startswith('<div class="govuk-form-group"')


def test_optional_fields_say_so_unless_the_form_marks_none() -> None:
    class Filter(PlainForm):
        marks_optional = False

    assert "Note (optional)" in str(PlainForm())
    assert "Remember me (optional)" not in str(PlainForm())
    assert "(optional)" not in str(Filter())


def test_empty_fields_are_asked_for_by_name_in_the_summary_and_beside_the_field() -> None:
    form = PlainForm({})
    assert errors_of(form) == [
        ("id_login", "Enter e-mail"),
        ("id_password", "Enter password"),
        ("id_hours", "Enter hours"),
        ("id_stage", "Select stage"),
        ("id_way", "Select way"),
        ("id_support", "Select support"),
    ]
    html = str(form)
    for place, words in errors_of(form):
        assert f'id="{place}"' in html
        assert words in html
    assert 'aria-describedby="id_way-error"' in html
    assert 'class="govuk-input govuk-input--error"' in html


def test_djangos_own_errors_name_the_field() -> None:
    form = PlainForm({"login": "x", "hours": "99"})
    said = dict(errors_of(form))
    assert said["id_login"] == "E-mail must be like name@example.gov.uk"
    assert said["id_hours"] == "Hours must be 40 or less"
    assert PlainForm({"hours": "x"})["hours"].messages == ["Hours must be a whole number, like 12"]


def test_a_fields_own_words_for_an_error_are_kept() -> None:
    class Own(forms.Form):
        upn = forms.CharField(
            error_messages={"required": "The UPN is on the school's roll"},
            validators=[MinLengthValidator(13, "A UPN has 13 characters")],
        )

    assert errors_of(Own({})) == [("id_upn", "The UPN is on the school's roll")]
    assert errors_of(Own({"upn": "A1"})) == [("id_upn", "A UPN has 13 characters")]


def test_an_error_of_the_whole_form_has_no_place_to_go() -> None:
    form = PlainForm({})
    form.add_error(None, "These two do not go together")
    assert errors_of(form)[0] == ("", "These two do not go together")


def test_errors_of_a_set_of_forms_lead_to_each_form() -> None:
    class Row(forms.Form):
        day = DateField(label="Day")

    rows = forms.formset_factory(Row, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-day-day": "1", "form-0-day-month": "1"}
    )
    assert errors_of(rows) == [
        ("id_form-0-day-year", "Day must include a year"),
        ("id_form-1-day-day", "Enter day"),
    ]


def test_what_a_choice_reveals_is_drawn_once_beneath_it() -> None:
    class Moved(forms.Form):
        way = forms.ChoiceField(
            choices=[("bus", "By bus"), ("other", "Another way")], widget=Radios(conditional={"other": "which"})
        )
        which = forms.CharField(label="Which way", required=False)

    html = str(Moved())
    assert html.count('name="which"') == 1
    assert '<div class="govuk-radios__conditional" id="conditional-id_way-2"><div class="govuk-form-group">' in html


def test_an_exclusive_checkbox_follows_its_divider() -> None:
    class Support(forms.Form):
        support = forms.MultipleChoiceField(
            choices=[("t", "Tutor"), ("none", "None of these")],
            widget=Checkboxes(divider_before="none", exclusive="none"),
        )

    html = str(Support({"support": ["none"]}))
    assert html.index("govuk-checkboxes__divider") < html.index('data-behaviour="exclusive"')
    assert 'value="none" checked' in html


def test_labels_hints_choices_and_errors_are_escaped() -> None:
    class Bad(forms.Form):
        a = forms.CharField(label="<b>a", help_text="<i>hint")
        b = forms.ChoiceField(label="<b>b", choices=[("<x>", "<u>c")], widget=Radios(hints={"<x>": "<s>h"}))

    form = Bad({})
    form.add_error("a", "<em>no")
    html = str(form) + Template("{% load design_tags %}{% error_summary form %}").render(Context({"form": form}))
    for tag in ("<b>", "<i>", "<u>", "<s>", "<em>", "<x>"):
        assert tag not in html


def test_the_summary_appears_once_on_a_page() -> None:
    template = Template('{% load design_tags %}{% error_summary form %}{% include "design/error_summary.html" %}')
    assert template.render(Context({"form": PlainForm({})})).count("There is a problem") == 1
    assert "There is a problem" not in template.render(Context({"form": PlainForm()}))
