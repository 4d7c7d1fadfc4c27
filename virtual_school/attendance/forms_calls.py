"""What a caller writes down, and what is written down when a school is asked for missing marks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils import timezone

from virtual_school.design.forms import DateField, Radios, Textarea, TextInput
from virtual_school.design.selects import PlainSelect

from .calling import RING_AGAIN, Outcome, Said
from .codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, NOT_YET_KNOWN, codes, in_force
from .models_calls import MarksAsked
from .queries import Today
from .sums import Session
from .words import year_of

AGAIN = {
    "": "As usual",
    "15": "In 15 minutes",
    "30": "In 30 minutes",
    "60": "In an hour",
    "120": "In two hours",
    "no": "Not again today",
}
FIRST: dict[Session, tuple[str, ...]] = {
    "am": ("/", LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE, NOT_YET_KNOWN, "I"),
    "pm": ("\\", LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE, NOT_YET_KNOWN, "I"),
}
LABELS: dict[Session, str] = {"am": "Morning", "pm": "Afternoon"}
LONGEST = 300


class TimeInput(TextInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__({"class": "app-time"})


def code_choices(session: Session, day: date) -> list[tuple[str, str]]:
    """What is said most stands first; a letter typed jumps to its code."""
    first = FIRST[session]
    known = codes()
    rest = [one for one in in_force(day) if one.code not in {*first, "/", "\\"}]
    shown = [*(known[code] for code in first), *sorted(rest, key=lambda one: one.code)]
    words = {"/": "Present", "\\": "Present"}
    return [("", "Not said"), *((one.code, f"{one.code}  {words.get(one.code, one.words)}") for one in shown)]


class PupilFields:
    """One pupil's part of the form, as the page shows it."""

    def __init__(self, form: "CallForm", row: Today, day: date) -> None:
        self.row, self.year = row, year_of(row.born, day)
        key = str(row.public_id)
        self.am, self.pm, self.words = form[f"am.{key}"], form[f"pm.{key}"], form[f"words.{key}"]

    @property
    def said(self) -> Said:
        given = self.am.form.cleaned_data
        return Said(given[self.am.name], given[self.pm.name], given[self.words.name])


class CallForm(forms.Form):
    """The call, then of each pupil what was said of the morning and the afternoon."""

    marks_optional = False
    outcome = forms.ChoiceField(
        label="Did somebody answer?", choices=Outcome.choices, widget=Radios(inline=True),
        error_messages={"required": "Say whether somebody answered"},
    )  # fmt: skip
    spoke_to = forms.CharField(
        label="Who answered?", required=False, max_length=LONGEST, widget=TextInput(width=20),
        help_text="A name or a job, such as attendance office",
    )  # fmt: skip
    again = forms.ChoiceField(
        label="When to ring again", choices=list(AGAIN.items()), required=False,
        help_text="As usual: engaged in 15 minutes, no answer in 30, after a message in an hour",
    )  # fmt: skip
    at = forms.TimeField(label="Or at this time", required=False, widget=TimeInput())
    rung = forms.TimeField(label="When you rang, if not just now", required=False, widget=TimeInput())
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, pupils: Sequence[Today], now: datetime, data: QueryDict | None = None, last: int = 0) -> None:
        super().__init__(data, auto_id="f_%s", initial={"seen": last})
        self.now, self.last = now, last
        day = timezone.localdate(now)
        self.fields["again"].widget = PlainSelect(choices=list(AGAIN.items()))
        for row in pupils:
            key = str(row.public_id)
            for session in ("am", "pm"):
                choices = code_choices(session, day)
                self.fields[f"{session}.{key}"] = forms.ChoiceField(
                    label=LABELS[session], choices=choices, required=False, widget=PlainSelect(choices=choices)
                )
            self.fields[f"words.{key}"] = forms.CharField(
                label="Reason, in their words", required=False, max_length=LONGEST, widget=TextInput()
            )
        self.pupils = [PupilFields(self, row, day) for row in pupils]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if (given.get("seen") or 0) != self.last:
            self.add_error(
                None,
                "Somebody else wrote down a call to this school meanwhile. It is shown below: look at it, then save again",
            )
        outcome = given.get("outcome")
        if outcome and outcome != Outcome.ANSWERED:
            for pupil in self.pupils:
                if not self.errors and pupil.said.is_anything:
                    self.add_error(pupil.am.name, f"{pupil.row.name}: nobody answered, so nothing can have been said")
        for name, ok in (("rung", self.rung_at <= self.now), ("at", self.at_time is None or self.at_time > self.now)):
            if name not in self.errors and not ok:
                words = "before now" if name == "rung" else "later than now"
                self.add_error(name, f"Enter a time today {words}")
        return given

    def _today(self, name: str) -> datetime | None:
        time = self.cleaned_data.get(name)
        return None if time is None else timezone.make_aware(datetime.combine(timezone.localdate(self.now), time))

    @property
    def at_time(self) -> datetime | None:
        return self._today("at")

    @property
    def rung_at(self) -> datetime:
        return self._today("rung") or self.now

    @property
    def next_at(self) -> datetime | None:
        """The time asked for, else so many minutes from now, else what is usual; None: not again today."""
        again = self.cleaned_data["again"]
        if self.at_time is not None or again == "no":
            return self.at_time
        if again:
            return self.now + timedelta(minutes=int(again))
        usual = RING_AGAIN.get(Outcome(self.cleaned_data["outcome"]))
        return self.now + usual if usual else None


def filled(data: QueryDict, pupils: Sequence[Today], is_morning: bool) -> QueryDict:
    """As if present had been chosen for everybody of whom nothing is said yet: of the morning only, until noon."""
    data = data.copy()
    data.setdefault("outcome", Outcome.ANSWERED)
    for row in pupils:
        for session, code in (("am", "/"), ("pm", "\\")):
            name = f"{session}.{row.public_id}"
            if not data.get(name) and not getattr(row, session) and (session == "am" or not is_morning):
                data[name] = code
    return data


class StrikeForm(forms.Form):
    why = forms.CharField(
        label="What was wrong with it?", max_length=LONGEST, widget=TextInput(),
        help_text="Name no child: this line is read without one",
    )  # fmt: skip


class AskForm(forms.Form):
    """How a school was asked, and what it promised. To a place off the register no mail goes from here."""

    how = forms.ChoiceField(
        label="How was it asked?", choices=MarksAsked.How.choices,
        widget=Radios(hints={MarksAsked.How.MAIL: "To the designated teacher: it says only that marks are missing, and where to enter them"}),
    )  # fmt: skip
    spoke_to = forms.CharField(
        label="Whom did you ask?", required=False, max_length=LONGEST, widget=TextInput(width=20)
    )
    promised_on = DateField(label="Promised by", required=False)
    words = forms.CharField(
        label="Anything to remember", required=False, max_length=LONGEST, widget=TextInput(),
        help_text="Name no child",
    )  # fmt: skip

    def __init__(self, today: date, is_school: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["promised_on"].earliest = today
        if not is_school:
            without = [one for one in MarksAsked.How.choices if one[0] != MarksAsked.How.MAIL]
            self.fields["how"].choices = without  # type: ignore[attr-defined]


CLOSED, EXCUSED = "closed", "excused"


class NotExpectedForm(forms.Form):
    """Why no marks are to come of a day, and whether the school was closed to everybody; a place off the register has
    no calendar of its own."""

    day = DateField(label="Which day?")
    why = forms.CharField(
        label="Why are no marks to come?", max_length=80, widget=Textarea(rows=2),
        help_text="For example: staff training, heating failure. Name no child",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Was the school closed to all its pupils?",
        choices=[(CLOSED, "Yes: put the day into the school’s calendar"), (EXCUSED, "No, or not known")],
        widget=Radios(
            hints={
                CLOSED: "Days and deadlines of all its pupils are then counted without it, in every authority",
                EXCUSED: "The day is left out for your authority’s children alone",
            }
        ),
    )

    def __init__(self, today: date, is_school: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["day"].latest = today
        if not is_school:
            del self.fields["kind"]


class PlaceContactForm(forms.Form):
    """The number of a place off the register, and whom one asks for there."""

    telephone = forms.CharField(
        label="Telephone number", required=False, max_length=40, widget=TextInput(width=20),
        validators=[RegexValidator(r"^[0-9+() -]{5,}( *(ext|x)\.? *[0-9]+)?$", "Enter a telephone number, like 01632 960 001")],
    )  # fmt: skip
    contact = forms.CharField(
        label="Whom to ask for", required=False, max_length=120, widget=TextInput(width=20),
        help_text="A name and what they do there, such as Jo Field, manager",
    )  # fmt: skip
