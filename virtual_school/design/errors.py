"""Django's own error messages in GOV.UK's words: they name the field and have no full stop."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import (
    EmailValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinLengthValidator,
    MinValueValidator,
)

CHOSEN = (forms.widgets.ChoiceWidget, forms.FileInput)
REQUIRED = forms.Field.default_error_messages["required"]
LIMITS = (
    (MaxLengthValidator.message, "{label} must be {limit} characters or fewer; it has {shown}"),
    (MinLengthValidator.message, "{label} must be {limit} characters or more"),
    (MaxValueValidator.message, "{label} must be {limit} or less"),
    (MinValueValidator.message, "{label} must be {limit} or more"),
)


def in_our_words(error: ValidationError, said: str, label: str, field: forms.Field) -> str:
    """The error as we say it; `said` unchanged where a form or a field has words of its own."""
    if error.code == "required" and said == REQUIRED:
        return asked_for(label, field)
    if error.code == "invalid" and said == EmailValidator.message:
        return f"{label} must be like name@example.gov.uk"
    if said == forms.IntegerField.default_error_messages["invalid"]:
        return f"{label} must be a whole number, like 12"
    if said == forms.DecimalField.default_error_messages["invalid"]:
        return f"{label} must be a number, like 12 or 12.5"
    ours = next((words for message, words in LIMITS if error.message is message), None)
    if ours is None:
        return said
    return ours.format(label=label, limit=error.params["limit_value"], shown=error.params["show_value"])


def asked_for(label: str, field: forms.Field) -> str:
    """What an empty field is asked for: "Enter UPN", "Select key stage"."""
    if label.endswith("?"):
        return f"Answer “{label}”"
    if isinstance(field.widget, forms.CheckboxInput):
        return f"Tick “{label}”"
    verb = "Select" if isinstance(field.widget, CHOSEN) else "Enter"
    abbreviation = label[1:2].isupper()
    return f"{verb} {label if abbreviation else label[:1].lower() + label[1:]}"
