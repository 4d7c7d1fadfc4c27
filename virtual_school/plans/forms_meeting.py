"""The forms of a meeting: when and where, who comes, what is caught, and the record of it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from virtual_school.design.forms import Checkboxes, DateField, NumberInput, Radios, Textarea, TextInput

from .around import Invited
from .meeting import Details
from .meeting_room import OUTCOMES, Promise
from .models import Attendee, Meeting

LONGEST = 5_000
MODES = [("in_person", "In person"), ("online", "Online"), ("both", "Some here, some online")]
OTHER = "other"


class TimeField(forms.TimeField):
    """A time of day as people write it: 14:00, 2pm, 2.30 pm."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", TextInput(width=5))
        super().__init__(input_formats=["%H:%M", "%H.%M", "%I%p", "%I:%M%p", "%I.%M%p"], **options)
        self.error_messages["invalid"] = "Enter a time such as 14:00 or 2pm"

    def to_python(self, value: Any) -> time | None:
        return super().to_python(value.replace(" ", "").lower() if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class DetailsForm(forms.Form):
    on = DateField(label="When is it?")
    at = TimeField(label="Time", help_text="For example, 14:00 or 2pm")
    minutes = forms.IntegerField(
        label="How long?", min_value=10, max_value=480, initial=60, widget=NumberInput(width=3, suffix="minutes")
    )
    mode = forms.ChoiceField(label="How do people meet?", choices=MODES, widget=Radios(small=True), initial="in_person")
    place = forms.CharField(
        label="Place",
        help_text="A room or building where people work, never a home. It is shown only in the service, not in mails.",
        required=False,
        max_length=300,
        widget=TextInput(),
    )
    chair_name = forms.CharField(label="Who chairs?", required=False, max_length=200, widget=TextInput())
    note_taker_name = forms.CharField(label="Who takes notes?", required=False, max_length=200, widget=TextInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in Details.__dataclass_fields__})


class ArrangeForm(DetailsForm):
    people = forms.MultipleChoiceField(
        label="Who is invited?",
        help_text="Those around the child today. Others are added on the next page.",
        required=False,
        widget=Checkboxes(small=True),
    )

    def __init__(self, around: Sequence[Invited], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around = {one.key: one for one in around}
        self.fields["people"].choices = choices_of(around)
        self.fields["people"].initial = list(self.around)

    @property
    def people_chosen(self) -> list[Invited]:
        return [self.around[key] for key in self.cleaned_data["people"]]


def choices_of(people: Sequence[Invited]) -> list[tuple[str, str]]:
    return [
        (one.key, f"{one.name}, {one.role.lower()}" + (f", {one.organisation}" if one.organisation else ""))
        for one in people
    ]


class ChangeForm(DetailsForm):
    reason = forms.CharField(
        label="Why is it changed?",
        help_text="Asked when day, time, length, place or way changes: everybody invited is told of the new time.",
        required=False,
        max_length=LONGEST,
        widget=TextInput(),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Why is it cancelled?", max_length=LONGEST, widget=Textarea(rows=3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)


class InviteForm(forms.Form):
    people = forms.MultipleChoiceField(label="People around the child", required=False, widget=Checkboxes(small=True))
    name = forms.CharField(label="Somebody else: name", required=False, max_length=200, widget=TextInput())
    role = forms.CharField(
        label="Who they are to the child", required=False, max_length=200, widget=TextInput(),
        help_text="For example, special needs coordinator, careers adviser, father",
    )  # fmt: skip
    organisation = forms.CharField(label="Organisation", required=False, max_length=200, widget=TextInput())
    email = forms.EmailField(
        label="E-mail address", required=False, widget=TextInput({"type": "email", "autocomplete": "off"}),
        help_text="They get the day and a calendar file. It says nothing of the child.",
    )  # fmt: skip

    def __init__(self, around: Sequence[Invited], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.around = {one.key: one for one in around}
        if around:
            self.fields["people"].choices = choices_of(around)
        else:
            del self.fields["people"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("name") and (given.get("role") or given.get("email") or given.get("organisation")):
            self.add_error("name", ValidationError("Enter their name"))
        if not given.get("people") and not given.get("name") and not self.errors:
            self.add_error(None, ValidationError("Choose somebody, or enter a name"))
        return given

    @property
    def invited(self) -> list[Invited]:
        given = self.cleaned_data
        found = [self.around[key] for key in given.get("people", ())]
        if given["name"]:
            found.append(Invited(given["name"], given["role"], given["organisation"], given["email"]))
        return found


class ApologiesForm(forms.Form):
    contribution = forms.CharField(
        label="What would they have said?",
        help_text="Their part, so that the meeting hears it: progress, worries, what they can do.",
        required=False,
        max_length=LONGEST,
        widget=Textarea(rows=5),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)


class PromiseForm(forms.Form):
    """Who and by when, with what. `once` marks one press: the same one sent twice adds nothing."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    owner = forms.ChoiceField(label="Who?", required=False)
    owner_name = forms.CharField(
        label="If somebody else, who?", required=False, max_length=200, widget=TextInput(width=20)
    )
    due_on = DateField(label="By when?", required=False)

    def __init__(self, owners: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("once", uuid.uuid4())
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.marks_optional = False
        self.fields["owner"].choices = [("", "Choose"), *owners.items(), (OTHER, "Somebody else")]
        self.owners = owners

    def promise(self, what: str) -> Promise:
        owner = self.cleaned_data["owner"]
        name = self.cleaned_data["owner_name"]
        owner_id = int(owner[1:]) if owner.startswith("p") else None
        if owner and owner != OTHER and owner_id is None:
            name = self.owners[owner]
        return Promise(
            what=what, owner_id=None if name and owner in {"", OTHER} else owner_id, owner_name=name,
            due_on=self.cleaned_data["due_on"],
        )  # fmt: skip


class CatchForm(PromiseForm):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[("action", "An action: somebody does something"), ("decision", "A decision")],
        widget=Radios(small=True),
        initial="action",
    )
    what = forms.CharField(label="What?", max_length=LONGEST, widget=Textarea(rows=2))
    dissent = forms.CharField(
        label="Does anybody see it differently?", required=False, max_length=LONGEST, widget=TextInput(),
        help_text="Their name and their view, for a decision",
    )  # fmt: skip
    field_order = ["kind", "what", "owner", "owner_name", "due_on", "dissent"]

    def __init__(self, owners: Mapping[str, str], *args: Any, with_dissent: bool, **kwargs: Any) -> None:
        super().__init__(owners, *args, **kwargs)
        if not with_dissent:
            del self.fields["dissent"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == "action":
            if not given.get("owner") and not given.get("owner_name"):
                self.add_error("owner", ValidationError("Say who does it"))
            if not given.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", ValidationError("Say by when it is done"))
        if given.get("owner") == OTHER and not given.get("owner_name"):
            self.add_error("owner_name", ValidationError("Say who does it"))
        return given


class AskForm(PromiseForm):
    words = forms.CharField(
        label="What does the child ask?", required=False, max_length=LONGEST, widget=Textarea(rows=2)
    )
    outcome = forms.ChoiceField(
        label="What do we say?", choices=[(key, words) for key, (words, _) in OUTCOMES.items()], widget=Radios()
    )
    what = forms.CharField(label="What will happen?", max_length=LONGEST, widget=Textarea(rows=2))
    field_order = ["words", "outcome", "what", "owner", "owner_name", "due_on"]


class AttendeeCheckForm(forms.Form):
    """Who came, and what else the record of a meeting holds."""

    on = DateField(label="When was it held?")
    here = forms.MultipleChoiceField(label="Who came?", required=False, widget=Checkboxes(small=True))
    child = forms.ChoiceField(
        label="Was the child there?", choices=[("yes", "Yes"), ("no", "No")], widget=Radios(small=True, inline=True)
    )
    child_absent_why = forms.CharField(
        label="If not: why, and who spoke for them?", required=False, max_length=LONGEST, widget=Textarea(rows=2)
    )
    views = forms.ChoiceField(label="How did their views come to the meeting?", required=False)
    social_worker_away = forms.CharField(
        label="If the social worker was not there: why, and how their part was brought in", required=False,
        max_length=LONGEST, widget=TextInput(),
    )  # fmt: skip
    carer_away = forms.CharField(
        label="If the carer was not there: why, and how their part was brought in", required=False,
        max_length=LONGEST, widget=TextInput(),
    )  # fmt: skip
    dissent = forms.CharField(
        label="What did people see differently, and what happens about it?", required=False, max_length=LONGEST,
        widget=Textarea(rows=2),
    )  # fmt: skip
    next_on = DateField(label="When is the next meeting?", required=False)

    def __init__(
        self,
        meeting: Meeting,
        attendees: Sequence[Attendee],
        first_name: str,
        views: Sequence[tuple[str, str]],
        *args: Any,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.marks_optional = False
        self.fields["on"].latest = today
        self.fields["next_on"].earliest = meeting.on
        self.fields["child"].label = f"Was {first_name} there?"
        self.fields["here"].choices = [
            (str(one.pk), f"{one.name}, {one.role.lower()}" if one.role else one.name) for one in attendees
        ]
        if views:
            self.fields["views"].choices = [("", "Not said yet"), *views]
        else:
            del self.fields["views"]
        self.first_name = first_name

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("child") == "no" and not given.get("child_absent_why", "").strip():
            self.add_error(
                "child_absent_why", ValidationError(f"Say why {self.first_name} was not there, and who spoke for them")
            )
        return given
