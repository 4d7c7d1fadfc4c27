"""What is written down of education that is not simply a full-time place, and of who does what next."""

from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.access.models import User
from virtual_school.design.forms import DateField, Radios, Textarea, TextInput

from .forms_suspension import hours_field
from .models_provision import EducationStep, Provision

YEARS_BACK = 1_500
YES, NO, UNKNOWN = "yes", "no", ""
UNREGISTERED_WARNING = (
    "A place that is not registered as a school may not give a child in care full-time education. Check it before it "
    "starts, or write down fewer hours."
)


class ProvisionForm(forms.Form):
    """Everything an agreement needs; what is not known yet can follow."""

    kind = forms.ChoiceField(label="What is it?", choices=Provision.Kind.choices, widget=Radios())
    provider = forms.CharField(
        label="Where, or by whom?", max_length=200, required=False, widget=TextInput(width=20),
        help_text="For a reduced timetable leave it empty: it is the child’s own school",
    )  # fmt: skip
    registered = forms.ChoiceField(
        label="Is the place registered as a school?",
        choices=[(YES, "Yes"), (NO, "No"), (UNKNOWN, "Not known, or it is tuition")],
        required=False,
        widget=Radios(inline=True),
    )
    hours = hours_field("How many hours a week?")
    hours_due = hours_field("How many hours a week would be full time?", help_text="The council’s yardstick; change it")
    starts = DateField(label="First day")
    end_planned = DateField(label="Last day agreed", required=False, help_text="A reduced timetable needs one")
    review_on = DateField(label="Next review", required=False, help_text="A reduced timetable needs one")
    reason = forms.CharField(label="Why?", max_length=2_000, widget=Textarea(rows=3))
    tried = forms.CharField(label="What was tried before?", max_length=2_000, required=False, widget=Textarea(rows=2))
    fills_the_gap = forms.CharField(
        label="What does the child do in the other hours, and who is with them?", max_length=2_000, required=False,
        widget=Textarea(rows=2),
    )  # fmt: skip
    agreed_by = forms.CharField(
        label="Who agreed for the child?", max_length=200, required=False, widget=TextInput(width=20),
        help_text="The social worker, and the parent where they keep the say; a carer alone is not enough",
    )  # fmt: skip
    agreed_on = DateField(label="On which day?", required=False)
    head_agreed_by = forms.CharField(
        label="Who agreed at the virtual school?", max_length=200, required=False, widget=TextInput(width=20)
    )
    head_agreed_on = DateField(label="On which day did the virtual school agree?", required=False)
    checked_on = DateField(
        label="When was the provider checked?", required=False,
        help_text="Registration, vetting, insurance, risk, safeguarding, attendance recording",
    )  # fmt: skip

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["starts"].earliest = today - timedelta(days=YEARS_BACK)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        starts, end = given.get("starts"), given.get("end_planned")
        if starts and end and end < starts:
            self.add_error("end_planned", "The last day must be on or after the first")
        if given.get("kind") == Provision.Kind.REDUCED:
            for name, words in (
                ("end_planned", "Enter the last day: a reduced timetable must be temporary"),
                ("review_on", "Enter the day of the next review"),
            ):
                if name not in self.errors and not given.get(name):
                    self.add_error(name, words)
            hours, due = given.get("hours"), given.get("hours_due")
            if hours is not None and due is not None and hours >= due:
                self.add_error("hours", "A reduced timetable has fewer hours than full time")
        if given.get("hours_due") == 0:
            self.add_error("hours_due", "Enter how many hours would be full time")
        return given

    def values(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        registered = given.pop("registered")
        return {**given, "is_registered": {YES: True, NO: False}.get(registered)}

    @property
    def is_unlawful(self) -> bool:
        """An unregistered place that would give one looked-after child full-time education."""
        given = self.cleaned_data
        return given["registered"] == NO and given["hours"] >= given["hours_due"]


def initial_of(provision: Provision) -> dict[str, Any]:
    names = [name for name in ProvisionForm.base_fields if name != "registered"]
    registered = {True: YES, False: NO, None: UNKNOWN}[provision.is_registered]
    return {**{name: getattr(provision, name) for name in names}, "registered": registered}


class ReviewForm(forms.Form):
    on = DateField(label="When was it reviewed?")
    hours = hours_field("How many hours a week from now on?")
    words = forms.CharField(
        label="What was decided, and what did the child say?", max_length=2_000, widget=Textarea(rows=4)
    )
    next_on = DateField(label="When is the next review?", required=False)

    def __init__(self, provision: Provision, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", initial={"on": today, "hours": provision.hours}, **kwargs)
        self.fields["on"].latest, self.fields["on"].earliest = today, provision.starts

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        on, following = given.get("on"), given.get("next_on")
        if on and following and following <= on:
            self.add_error("next_on", "The next review must be after this one")
        return given


class EndForm(forms.Form):
    last_day = DateField(label="Last day of it")
    outcome = forms.ChoiceField(label="What came of it?", choices=Provision.Outcome.choices, widget=Radios())
    words = forms.CharField(label="Anything to say of it?", required=False, max_length=2_000, widget=Textarea(rows=3))

    def __init__(self, provision: Provision, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", initial={"last_day": today}, **kwargs)
        self.fields["last_day"].earliest = provision.starts


class StepForm(forms.Form):
    """Who does what by when, for a child without full-time education."""

    blocker = forms.ChoiceField(label="What is in the way?", choices=[("", "Choose"), *EducationStep.Blocker.choices])
    blocker_words = forms.CharField(
        label="In a few words", required=False, max_length=200, widget=TextInput(),
        help_text="As others should read it, for example “School waits for its governors”",
    )  # fmt: skip
    owner = forms.ChoiceField(label="Who?")
    owner_name = forms.CharField(
        label="Somebody else’s name", required=False, max_length=200, widget=TextInput(width=20)
    )
    step = forms.CharField(label="Does what?", max_length=300, widget=TextInput())
    by_on = DateField(label="By when?")

    def __init__(self, people: dict[str, User], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.people = people
        named = [(pk, user.name) for pk, user in people.items()]
        self.fields["owner"].choices = [("", "Choose somebody"), *named, ("other", "Somebody else")]
        self.fields["by_on"].earliest = today

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("owner") == "other" and not given.get("owner_name"):
            self.add_error("owner_name", "Enter their name")
        return given

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])
