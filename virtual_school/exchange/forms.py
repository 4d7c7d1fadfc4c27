from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from virtual_school.authorities.models import Authority
from virtual_school.design.forms import Radios

from . import uploads, words
from .models import Import
from .readers.registers import COLUMNS as REGISTER_COLUMNS

KINDS = {
    Import.Kind.SSDA903: "All tables of the return at once: CSV files, a zip of them, or the XML",
    Import.Kind.ENROLMENTS: "A CSV file or Excel workbook: child, school, first and last day; names too",
    Import.Kind.PLANS: "A CSV file or Excel workbook: child, term, and the dates of the plan",
    Import.Kind.ATTENDANCE: "A school system's export of marks, the session tables of the census, or a transfer file",
}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class NewImportForm(forms.Form):
    authority = forms.ModelChoiceField(Authority.objects.none(), label="Authority", empty_label=None)
    kind = forms.ChoiceField(
        label="What are you sending?",
        choices=[(kind.value, kind.label) for kind in KINDS],
        widget=Radios(hints={kind.value: hint for kind, hint in KINDS.items()}),
    )
    files = FilesField(
        label="Files",
        help_text="You can choose several at once. At most 20 MB each and 100 MB together.",
    )

    for_all = forms.BooleanField(
        label="It tells of pupils of several of my authorities",
        required=False,
        help_text="For attendance registers. It is read for each of them, and you check and apply each on its own.",
    )
    field_order = ("authority", "kind", "for_all", "files")

    def __init__(self, *args: Any, authorities: list[int], **more: Any) -> None:
        super().__init__(*args, **more)
        if len(authorities) < 2:
            del self.fields["for_all"]
        allowed = Authority.objects.filter(code__in=authorities)
        self.fields["authority"].queryset = allowed  # type: ignore[attr-defined]
        if len(authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.initial["authority"] = authorities[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("for_all") and given.get("kind") not in (None, Import.Kind.ATTENDANCE):
            self.add_error("for_all", "Only attendance registers tell of several authorities’ pupils")
        if given.get("kind") and given.get("files"):
            try:
                uploads.check(given["kind"], given["files"])
            except forms.ValidationError as problem:
                self.add_error("files", problem)
        return given


class ImportsFilter(forms.Form):
    marks_optional = False
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "Every kind"), *Import.Kind.choices])
    state = forms.ChoiceField(label="State", required=False, choices=[("", "Every state"), *Import.State.choices])


class RowsFilter(forms.Form):
    marks_optional = False
    kind = forms.ChoiceField(label="What would happen", required=False)
    table = forms.ChoiceField(label="Table", required=False)

    def __init__(self, *args: Any, found: dict[str, dict[str, int]], **more: Any) -> None:
        super().__init__(*args, **more)
        tables = sorted({name for of_kind in found.values() for name in of_kind}, key=words.table)
        self.fields["kind"].choices = [("", "Everything"), *((k, w) for k, w in words.KINDS.items() if k in found)]  # type: ignore[attr-defined]
        self.fields["table"].choices = [("", "Every table"), *((name, words.table(name)) for name in tables)]  # type: ignore[attr-defined]


class ColumnsForm(forms.Form):
    """Which of a file's columns holds what: a choice of its headings for each of ours."""

    sender = forms.CharField(
        label="Who sends these files?",
        max_length=80,
        help_text="For example the school, or its system. The columns are remembered under this name.",
    )

    def __init__(self, *args: Any, headings: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", "Not in the file"), *((heading, heading) for heading in headings)]
        for number, column in enumerate(REGISTER_COLUMNS):
            self.fields[f"column{number}"] = forms.ChoiceField(label=column.name, required=False, choices=choices)

    @property
    def columns(self) -> dict[str, str]:
        given = {column.name: self.cleaned_data.get(f"column{n}") for n, column in enumerate(REGISTER_COLUMNS)}
        return {name: heading for name, heading in given.items() if heading}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = self.columns
        if "CHILD" not in chosen and not {"UPN", "Date of birth"} <= set(chosen):
            raise forms.ValidationError("Say which column holds the UPN and which the date of birth.")
        if "Date" in chosen and not (chosen.keys() & {"AM", "PM"} or {"Session", "Mark"} <= set(chosen)):
            raise forms.ValidationError("Say which columns hold AM and PM, or Session and Mark.")
        if len(set(chosen.values())) < len(chosen):
            raise forms.ValidationError("One column of the file cannot hold two things.")
        return given
