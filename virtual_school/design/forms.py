"""Forms as GOV.UK draws them: a renderer, the bound field it makes, and fields of our own.

`FORM_RENDERER = "virtual_school.design.forms.Renderer"` is enough: plain Django forms and widgets, and those of
other packages, then come out as GOV.UK markup. `django.forms` must be among the installed apps.
"""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from virtual_school.design.dates import DateField
from virtual_school.design.errors import in_our_words
from virtual_school.design.money import MoneyField
from virtual_school.design.widgets import (
    CharacterCount,
    Checkboxes,
    DateInput,
    MoneyInput,
    NumberInput,
    PasswordInput,
    Radios,
    Textarea,
    TextInput,
)

__all__ = [
    "BoundField",
    "CharacterCount",
    "Checkboxes",
    "DateField",
    "DateInput",
    "MoneyField",
    "MoneyInput",
    "NumberInput",
    "PasswordInput",
    "Radios",
    "Renderer",
    "TextInput",
    "Textarea",
]

INPUT_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, ""),
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.PasswordInput, "govuk-input govuk-password-input__input govuk-js-password-input-input"),
    (forms.widgets.Input, "govuk-input"),
)


class BoundField(forms.BoundField):
    """A field of a form on a GOV.UK page.

    Ids follow GOV.UK Frontend: `-hint` and `-error` after the field's own. A browser's own checking is left off
    (no `required`), since the service says what is wrong in the error summary and beside the field.
    """

    def get_context(self, label_class: str = "", heading: bool = False) -> dict[str, Any]:
        return {"field": self, "label_class": label_class, "heading": heading}

    @property
    def base_id(self) -> str:
        return self.field.widget.attrs.get("id") or self.auto_id or self.html_name

    @property
    def hint_id(self) -> str:
        return f"{self.base_id}-item-hint" if self.is_one_checkbox else f"{self.base_id}-hint"

    @property
    def error_id(self) -> str:
        return f"{self.base_id}-error"

    @property
    def is_one_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def role(self) -> str:
        return "group" if isinstance(self.field.widget, DateInput) else ""

    @property
    def parts_in_error(self) -> tuple[str, ...]:
        """Which of day, month and year a date's error is about; all three where it does not say."""
        errors = self.form.errors.get(self.name)
        if not errors:
            return ()
        parts = [part for error in errors.as_data() for part in (error.params or {}).get("parts", ())]
        return tuple(parts) or DateInput.parts

    @property
    def first_input_id(self) -> str:
        """Where the error summary leads: the first radio or checkbox, the first part of a date that is wrong."""
        if isinstance(self.field.widget, DateInput):
            parts = self.parts_in_error
            return f"{self.base_id}-{next(part for part in DateInput.parts if not parts or part in parts)}"
        return self.base_id

    @property
    def messages(self) -> list[str]:
        """The field's errors, once each; an empty field is asked for by its label."""
        said = (
            in_our_words(error, str(words), str(self.label), self.field)
            for error, words in zip(self.errors.as_data(), self.errors, strict=True)
        )
        return list(dict.fromkeys(said))

    @property
    def shown_label(self) -> str:
        """The label, with "(optional)" unless the form says it marks nothing (a filter, a sign-in)."""
        optional = (
            not self.field.required
            and not self.is_one_checkbox
            and getattr(self.form, "marks_optional", True)
            and "optional" not in str(self.label).lower()
        )
        return f"{self.label} (optional)" if optional and self.label else str(self.label)

    @property
    def aria_describedby(self) -> str:
        ids = [self.field.widget.attrs.get("aria-describedby", "")]
        if isinstance(self.field.widget, CharacterCount):
            ids.append(f"{self.base_id}-info")
        ids += [self.hint_id if self.help_text else "", self.error_id if self.errors else ""]
        return " ".join(part for part in ids if part)

    @property
    def group_class(self) -> str:
        classes = ["govuk-form-group"]
        if self.errors:
            classes.append("govuk-form-group--error")
        if isinstance(self.field.widget, CharacterCount):
            classes.append("govuk-character-count")
        if isinstance(self.field.widget, forms.PasswordInput):
            classes.append("govuk-password-input")
        return " ".join(classes)

    @property
    def group_attrs(self) -> dict[str, str]:
        widget = self.field.widget
        if isinstance(widget, CharacterCount):
            return {"data-module": "govuk-character-count", "data-maxlength": str(widget.maxlength)}
        if isinstance(widget, forms.PasswordInput):
            return {"data-module": "govuk-password-input"}
        return {}

    @property
    def is_revealed(self) -> bool:
        """Whether another field's radio or checkbox shows this one, so that the form must not show it again."""
        return any(
            self.name in getattr(field.widget, "conditional", {}).values() for field in self.form.fields.values()
        )

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = dict(attrs)
        if self.field.disabled:
            attrs["disabled"] = True
        if widget.is_hidden:
            return attrs
        own = next((names for kind, names in INPUT_CLASSES if isinstance(widget, kind)), "")
        if isinstance(widget, CharacterCount):
            own += " govuk-js-character-count"
        given = [attrs.get("class", ""), widget.attrs.get("class", "")]
        error = f"{own.split()[0]}--error" if own and self.errors else ""
        if classes := " ".join(part for part in (own, error, *given) if part):
            attrs["class"] = classes
        if not self.use_fieldset and (describedby := self.aria_describedby):
            attrs["aria-describedby"] = describedby
        if isinstance(widget, DateInput):
            widget.wrong_parts = self.parts_in_error
        if isinstance(widget, forms.PasswordInput):
            attrs = {"spellcheck": "false", "autocapitalize": "none", **attrs}
            if "autocomplete" not in widget.attrs:
                attrs.setdefault("autocomplete", "current-password")
        return attrs

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        shown = widget or self.field.widget
        if conditional := getattr(shown, "conditional", None):
            shown.revealed = {value: self.form[name].as_field_group() for value, name in conditional.items()}
        return super().as_widget(widget, attrs, only_initial)


class Renderer(TemplatesSetting):
    """Draws any Django form as GOV.UK does."""

    form_template_name = "design/forms/form.html"
    formset_template_name = "design/forms/formset.html"
    field_template_name = "design/forms/field.html"
    bound_field_class = BoundField

    instead = {
        "django/forms/div.html": "design/forms/form.html",
        "django/forms/p.html": "design/forms/form.html",
        "django/forms/widgets/checkbox.html": "design/forms/widgets/checkbox.html",
        "django/forms/widgets/checkbox_select.html": "design/forms/widgets/checkboxes.html",
        "django/forms/widgets/clearable_file_input.html": "design/forms/widgets/clearable_file.html",
        "django/forms/widgets/number.html": "design/forms/widgets/number.html",
        "django/forms/widgets/password.html": "design/forms/widgets/password.html",
        "django/forms/widgets/radio.html": "design/forms/widgets/radios.html",
    }

    def get_template(self, template_name: str) -> Any:
        return super().get_template(self.instead.get(template_name, template_name))


def errors_of(form: forms.BaseForm | forms.BaseFormSet) -> list[tuple[str, str]]:
    """Every error of a form or a set of forms in the order of its fields: (id to go to or "", words)."""
    if isinstance(form, forms.BaseFormSet):
        found = [("", str(error)) for error in form.non_form_errors()]
        return found + [error for one in form.forms for error in errors_of(one)]
    if not form.is_bound:
        return []
    found = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        place = "" if field.is_hidden else _first_input_id(field)
        found += [(place, words) for words in messages_of(field)]
    return found


def messages_of(field: forms.BoundField) -> list[str]:
    return field.messages if isinstance(field, BoundField) else [str(error) for error in field.errors]


def _first_input_id(field: forms.BoundField) -> str:
    return field.first_input_id if isinstance(field, BoundField) else field.id_for_label
