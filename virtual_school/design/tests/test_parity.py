"""What our forms and components draw is what GOV.UK Frontend's own macros draw."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from virtual_school.design.components import Action, SummaryRow
from virtual_school.design.forms import (
    CharacterCount,
    Checkboxes,
    DateField,
    DateInput,
    PasswordInput,
    Radios,
    Textarea,
    TextInput,
)
from virtual_school.design.templatetags.design_tags import PageLinks, notification_banner, summary_list, tag
from virtual_school.design.templatetags.design_tags import field as field_tag

FIXTURES = Path(__file__).parent / "fixtures"


def examples(component: str) -> list[Any]:
    return [pytest.param(one, id=one["name"]) for one in json.loads((FIXTURES / f"{component}.json").read_text())]


def same(ours: str, theirs: str) -> None:
    assert str(parse_html(ours)) == str(parse_html(theirs))


def attrs(options: dict[str, Any], name: str, *passed: str) -> dict[str, Any]:
    given = {key: options[key] for key in passed if key in options} | options.get("attributes", {})
    if "classes" in options:
        given["class"] = options["classes"]
    if "describedBy" in options:
        given["aria-describedby"] = options["describedBy"]
    return {"id": options.get("id") or options.get("idPrefix") or name, **given}


def drawn(field: forms.Field, options: dict[str, Any], name: str, value: Any = None) -> str:
    """The field drawn in a form of its own, with the example's label, hint, error and value."""
    titled = options.get("label") or options["fieldset"]["legend"]
    field.label = titled["text"]
    field.help_text = (options.get("hint") or {}).get("text", "")
    field.disabled = bool(options.get("disabled"))
    form = type("ExampleForm", (forms.Form,), {"base_fields": {}, "declared_fields": {}})(
        {}, auto_id="%s", initial={name: value}
    )
    form.fields = {name: field}
    form.is_bound = False
    form._errors = forms.utils.ErrorDict()
    if error := options.get("errorMessage"):
        form.cleaned_data = {}
        right = {part for part in DateInput.parts if options.get(part, {}).get("error") is False}
        wrong = tuple(part for part in DateInput.parts if options.get(part, {}).get("error"))
        parts = wrong or tuple(part for part in DateInput.parts if part not in right)
        form.add_error(name, forms.ValidationError(error["text"], params={"parts": parts}))
    size = titled.get("classes", "").rpartition("--")[2]
    return field_tag(form[name], label_class=size, heading=titled.get("isPageHeading", False))


@pytest.mark.parametrize("example", examples("input"))
def test_one_line_of_text(example: dict[str, Any]) -> None:
    options = example["options"]
    affixes = {key: options[key]["text"] for key in ("prefix", "suffix") if key in options}
    widget = TextInput(attrs(options, options["name"], "autocomplete", "inputmode", "pattern"), **affixes)
    same(drawn(forms.CharField(widget=widget), options, options["name"], options.get("value")), example["html"])


@pytest.mark.parametrize("example", examples("textarea"))
def test_text_of_several_lines(example: dict[str, Any]) -> None:
    options = example["options"]
    widget = Textarea(rows=options.get("rows", 5), attrs=attrs(options, options["name"], "autocomplete"))
    same(drawn(forms.CharField(widget=widget), options, options["name"], options.get("value")), example["html"])


@pytest.mark.parametrize("example", examples("character-count"))
def test_text_with_a_count_of_characters(example: dict[str, Any]) -> None:
    options = example["options"]
    widget = CharacterCount(options["maxlength"], rows=options.get("rows", 5), attrs=attrs(options, options["name"]))
    same(drawn(forms.CharField(widget=widget), options, options["name"], options.get("value")), example["html"])


@pytest.mark.parametrize("example", examples("password-input"))
def test_a_password(example: dict[str, Any]) -> None:
    options = example["options"]
    widget = PasswordInput(attrs(options, options["name"], "autocomplete"))
    widget.render_value = True
    same(drawn(forms.CharField(widget=widget), options, options["name"], options.get("value")), example["html"])


@pytest.mark.parametrize("example", examples("file-upload"))
def test_a_file(example: dict[str, Any]) -> None:
    options = example["options"]
    widget = forms.FileInput(attrs(options, options["name"]))
    same(drawn(forms.FileField(widget=widget), options, options["name"]), example["html"])


@pytest.mark.parametrize("example", examples("select"))
def test_a_list_to_select_from(example: dict[str, Any]) -> None:
    options = example["options"]
    choices = [(item["value"], item["text"]) for item in options["items"]]
    chosen = next((item["value"] for item in options["items"] if item.get("selected")), options.get("value"))
    field = forms.ChoiceField(choices=choices, widget=forms.Select(attrs(options, options["name"])))
    same(drawn(field, options, options["name"], chosen), example["html"])


def choices_widget(kind: type[Radios] | type[Checkboxes], options: dict[str, Any], name: str) -> Radios | Checkboxes:
    items = options["items"]
    shown = [item for item in items if "value" in item]
    after_divider = [after["value"] for before, after in pairwise(items) if "divider" in before]
    widget = kind(
        {"id": options.get("idPrefix") or name},
        hints={item["value"]: item["hint"]["text"] for item in shown if item.get("hint")},
        divider_before=after_divider[0] if after_divider else None,
        exclusive=next((item["value"] for item in shown if item.get("behaviour") == "exclusive"), None),
        inline="--inline" in options.get("classes", ""),
        small="--small" in options.get("classes", ""),
    )
    if "describedBy" in options["fieldset"]:
        widget.attrs["aria-describedby"] = options["fieldset"]["describedBy"]
    widget.revealed = {
        str(item["value"]): mark_safe(item["conditional"]["html"]) for item in shown if item.get("conditional")
    }
    return widget


@pytest.mark.parametrize("example", examples("radios"))
def test_radios(example: dict[str, Any]) -> None:
    options = example["options"]
    field = forms.ChoiceField(
        choices=[(item["value"], item["text"]) for item in options["items"] if "value" in item],
        widget=choices_widget(Radios, options, options["name"]),
    )
    chosen = next((item["value"] for item in options["items"] if item.get("checked")), options.get("value"))
    # Our stylesheet, not a script, shows what a radio reveals: ARIA allows no aria-expanded on a radio.
    theirs = example["html"].replace(" govuk-radios__conditional--hidden", "")
    for n in range(1, 10):
        place = f"{options.get('idPrefix') or options['name']}{f'-{n}' if n > 1 else ''}"
        theirs = theirs.replace(f' data-aria-controls="conditional-{place}"', "")
    same(drawn(field, options, options["name"], chosen), theirs)


@pytest.mark.parametrize("example", examples("checkboxes"))
def test_checkboxes(example: dict[str, Any]) -> None:
    options = example["options"]
    field = forms.MultipleChoiceField(
        choices=[(item["value"], item["text"]) for item in options["items"] if "value" in item],
        widget=choices_widget(Checkboxes, options, options["name"]),
    )
    ticked = [item["value"] for item in options["items"] if item.get("checked")] or options.get("values")
    same(drawn(field, options, options["name"], ticked), example["html"])


@pytest.mark.parametrize("example", examples("date-input"))
def test_a_date(example: dict[str, Any]) -> None:
    options = example["options"]
    name = options.get("namePrefix") or options["id"]
    field = DateField()
    field.widget.attrs["id"] = options["id"]
    if described_by := options["fieldset"].get("describedBy"):
        field.widget.attrs["aria-describedby"] = described_by
    values = options.get("values") or {}
    part = f"{options['namePrefix']}-" if "namePrefix" in options else ""
    value = tuple(str(values.get(f"{part}{key}", "")) for key in ("day", "month", "year"))
    ours = drawn(field, options, name, value)
    same(ours if part else ours.replace(f'name="{name}-', 'name="'), example["html"])


@pytest.mark.parametrize("example", examples("error-summary"))
def test_the_error_summary(example: dict[str, Any]) -> None:
    errors = [(one.get("href", "").removeprefix("#"), one["text"]) for one in example["options"]["errorList"]]
    same(render_to_string("design/components/error_summary.html", {"errors": errors}), example["html"])


@pytest.mark.parametrize("example", examples("tag"))
def test_a_tag(example: dict[str, Any]) -> None:
    options = example["options"]
    same(tag(options["text"], options.get("classes", "").removeprefix("govuk-tag--")), example["html"])


@pytest.mark.parametrize("example", examples("notification-banner"))
def test_the_notification_banner(example: dict[str, Any]) -> None:
    options = example["options"]
    context = notification_banner(options["text"], success=options.get("type") == "success")
    same(render_to_string("design/components/notification_banner.html", context), example["html"])


@pytest.mark.parametrize("example", examples("pagination"))
def test_the_links_to_pages(example: dict[str, Any]) -> None:
    options = example["options"]
    items = [{**item, "url": item.get("href")} for item in options["items"]]
    links = PageLinks(
        (options.get("previous") or {}).get("href", ""), (options.get("next") or {}).get("href", ""), items
    )
    same(render_to_string("design/components/pagination.html", {"pages": links}), example["html"])


@pytest.mark.parametrize("example", examples("summary-list"))
def test_the_summary_list(example: dict[str, Any]) -> None:
    rows = [
        SummaryRow(
            row["key"]["text"],
            mark_safe(row["value"]["html"]) if "html" in row["value"] else row["value"]["text"],
            [
                Action(item["text"], item["href"], item.get("visuallyHiddenText", ""))
                for item in (row.get("actions") or {}).get("items", [])
            ],
        )
        for row in example["options"]["rows"]
    ]
    same(render_to_string("design/components/summary_list.html", summary_list(rows)), example["html"])
