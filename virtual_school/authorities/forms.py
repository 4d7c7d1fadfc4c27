"""Forms of an authority's own records: officers appointed, term dates, policy."""

from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.design.dates import DateField
from virtual_school.design.widgets import NumberInput, Radios, Textarea, TextInput

from .models import Appointment, TermDates
from .policy_words import FIELDS, PolicyWords
from .rules import Policy
from .term_dates import LONGEST_LABEL, Dates, faults_of_span

KIND_HINTS = {
    "term": "First and last day of a term or half term. Its label says which: “Autumn term”, “Term 3”.",
    "holiday": "Half term, or a holiday between terms.",
    "closure": "Staff training (INSET), or a day on which the school is closed.",
}


class DatesForm(forms.Form):
    kind = forms.ChoiceField(label="What are these days?")
    label = forms.CharField(
        label="Label",
        max_length=LONGEST_LABEL,
        help_text="As people know it, like “Autumn term” or “Staff training day”.",
        widget=TextInput(width=30),
    )
    starts = DateField(label="First day")
    ends = DateField(label="Last day", required=False, help_text="Leave empty for a single day.")
    kinds: tuple[str, ...] = ("term", "holiday", "closure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, TermDates.Kind(kind).label) for kind in self.kinds]
        self.fields["kind"].widget = Radios(choices=self.fields["kind"].choices, hints=KIND_HINTS)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends") or given.get("starts")
        if starts and ends and "ends" not in self.errors:
            for fault in faults_of_span(starts, ends):
                self.add_error("ends", f"{fault[:1].upper()}{fault[1:]}")
        return given

    @property
    def dates(self) -> Dates:
        given = self.cleaned_data
        return Dates(given["kind"], given["label"], given["starts"], given["ends"] or given["starts"])


class DatesFileForm(forms.Form):
    file = forms.FileField(
        label="File of term dates",
        help_text="A CSV file whose first line is la_code,academic_year,kind,label,start,end. "
        "Kinds are term, holiday and closure; both days are included.",
    )


class AppointmentForm(forms.Form):
    kind = forms.ChoiceField(label="Office", choices=Appointment.Kind.choices)
    name = forms.CharField(label="Name", max_length=60, widget=TextInput({"autocomplete": "off"}, width=30))
    employer = forms.CharField(
        label="Employed by",
        max_length=200,
        help_text="The local authority that employs this officer: this one or another (Children Act 1989, s22(3C)).",
        widget=TextInput(width=30),
    )
    email = forms.EmailField(
        label="Work e-mail address",
        required=False,
        widget=TextInput({"type": "email", "spellcheck": "false", "autocomplete": "off"}, width=30),
    )
    telephone = forms.CharField(
        label="Telephone", max_length=30, required=False, widget=TextInput({"autocomplete": "off"}, width=20)
    )
    starts = DateField(label="First day in the office")
    last_day = DateField(label="Last day", required=False, help_text="Leave empty while no end is planned.")
    post = forms.IntegerField(
        label="Post",
        min_value=1,
        max_value=9,
        initial=1,
        help_text="1, unless several people share the office: then each holds a post of their own, 1, 2 and so on.",
        widget=NumberInput(width=2),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = Radios(choices=Appointment.Kind.choices)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, last = given.get("starts"), given.get("last_day")
        if starts and last and last < starts:
            self.add_error("last_day", "Last day must not be before the first day in the office")
        return given

    @property
    def ends(self) -> date | None:
        """The first day on which they are no longer appointed."""
        last: date | None = self.cleaned_data["last_day"]
        return last + timedelta(days=1) if last else None


class EndAppointmentForm(forms.Form):
    last_day = DateField(label="Last day in the office")

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].earliest = appointment.starts

    @property
    def ends(self) -> date:
        return self.cleaned_data["last_day"] + timedelta(days=1)


class PolicyForm(forms.Form):
    """Every choice a council has, filled with what is in force."""

    def __init__(self, *args: Any, now: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for words in FIELDS:
            self.fields[words.name] = _policy_field(words, getattr(now, words.name))
        self.fields["starts"] = DateField(label="From which day", help_text="The choices count from this day on.")
        self.fields["why"] = forms.CharField(
            label="Why, and who decided",
            max_length=1_000,
            widget=Textarea(rows=3),
            help_text="Kept with the choices, for whoever asks later.",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("sdq_from_age"), given.get("sdq_to_age")
        if first is not None and last is not None and first > last:
            self.add_error("sdq_to_age", "The last age must not be below the first")
        return given

    @property
    def choices(self) -> dict[str, Any]:
        return {words.name: self.cleaned_data[words.name] for words in FIELDS}

    def sections(self) -> list[tuple[str, list[tuple[PolicyWords, Any]]]]:
        """The fields under the headings they are shown by."""
        found: dict[str, list[tuple[PolicyWords, Any]]] = {}
        for words in FIELDS:
            found.setdefault(words.section, []).append((words, self[words.name]))
        return list(found.items())


def _policy_field(words: PolicyWords, now: Any) -> forms.Field:
    if words.options:
        chosen = forms.TypedChoiceField(
            label=words.label,
            help_text=words.hint,
            choices=[(str(value), text) for value, text in words.options],
            coerce=words.value_of,
            initial=str(now),
        )
        chosen.widget = Radios(choices=chosen.choices)
        return chosen
    if words.unit:
        return forms.IntegerField(
            label=words.label,
            help_text=words.hint,
            min_value=words.least,
            max_value=words.most,
            initial=now,
            widget=NumberInput(width=3, suffix=words.unit),
        )
    return DateField(label=words.label, help_text=words.hint, required=False, initial=now)
