"""What people write of an alert, and how a council sets the rules that raise them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.access.models import Role, User
from virtual_school.design.forms import DateField, NumberInput, Radios, Textarea, TextInput

from .alert_settings import NUMBERS, Rule, Setting
from .models_alerts import AttendanceAlert

FIRST = {
    Role.ADVISER.value: "The child’s education adviser",
    Role.DESIGNATED_TEACHER.value: "The designated teacher",
    Role.SOCIAL_WORKER.value: "The social worker",
    Role.SOCIAL_WORK_MANAGER.value: "The social work manager",
    Role.DATA_OFFICER.value: "Data officers",
    Role.VIRTUAL_SCHOOL_HEAD.value: "The virtual school head",
}
NOBODY = "nobody"
THEN = {**FIRST, NOBODY: "Nobody else"}
YES, NO = "yes", "no"
MOST_DAYS = 30


class ActionForm(forms.Form):
    """Who does what by when."""

    what = forms.CharField(label="What will be done?", max_length=300, widget=TextInput())
    owner = forms.ChoiceField(label="Who?")
    owner_name = forms.CharField(
        label="Somebody else’s name", required=False, max_length=200, widget=TextInput(width=20)
    )
    by_on = DateField(label="By when?")

    def __init__(self, people: Mapping[str, User], me: User, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.people = people
        named = [(pk, f"{user.name} (you)" if user.pk == me.pk else user.name) for pk, user in people.items()]
        self.fields["owner"].choices = [("", "Choose somebody"), *named, ("other", "Somebody else")]  # type: ignore[attr-defined]
        self.fields["by_on"].earliest = today  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("owner") == "other" and not given.get("owner_name"):
            self.add_error("owner_name", "Enter their name")
        return given

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(label="What came of it?", choices=AttendanceAlert.Outcome.choices, widget=Radios())
    words = forms.CharField(
        label="In a sentence, for whoever looks at it later", required=False, max_length=2_000, widget=Textarea(rows=3)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("outcome") in {"explained", "referred", "nothing"} and not given.get("words", "").strip():
            self.add_error("words", NEEDS_WORDS[given["outcome"]])
        return given


NEEDS_WORDS = {
    "explained": "Write what the reason is",
    "referred": "Write to whom it was given",
    "nothing": "Write why nothing more is to be done",
}


class DoneForm(forms.Form):
    done_on = DateField(label="On which day was it done?")
    outcome = forms.CharField(label="What came of it?", max_length=2_000, widget=Textarea(rows=3))

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", initial={"done_on": today}, **kwargs)
        self.fields["done_on"].latest = today  # type: ignore[attr-defined]


class MailForm(forms.Form):
    wanted = forms.ChoiceField(
        label="Do you want a message on days on which an alert is waiting for you?",
        choices=[(YES, "Yes, one a day at most"), (NO, "No, I look here myself")],
        widget=Radios(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)


class RuleForm(forms.Form):
    """One rule, filled with what is in force."""

    marks_optional = False

    def __init__(self, now: Setting, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.now, self.numbers = now, NUMBERS[now.rule]
        self.fields["is_on"] = forms.ChoiceField(
            label="Is it on?", choices=[(YES, "Yes"), (NO, "No, it raises no alerts")], widget=Radios(inline=True),
            initial=YES if now.is_on else NO,
        )  # fmt: skip
        for one in self.numbers:
            self.fields[one.name] = forms.IntegerField(
                label=one.label, min_value=one.least, max_value=one.most, initial=now[one.name],
                widget=NumberInput(width=3, suffix=one.unit), help_text=f"Usually {one.usual}; {one.least} to {one.most}",
            )  # fmt: skip
        self.fields["first"] = forms.ChoiceField(
            label="Whose is it to see to?", choices=list(FIRST.items()), initial=now.first
        )
        self.fields["then"] = forms.ChoiceField(
            label="Left unseen, to whom does it go?", choices=list(THEN.items()), initial=now.then or NOBODY,
            help_text="It goes there at once where the child has nobody in the first role",
        )  # fmt: skip
        self.fields["after"] = forms.IntegerField(
            label="After how many school days?", min_value=1, max_value=MOST_DAYS, initial=now.after,
            widget=NumberInput(width=3, suffix="school days"), help_text="In the calendar of the child’s school",
        )  # fmt: skip
        self.fields["starts"] = DateField(
            label="From which day?", initial=today, earliest=today - timedelta(days=366), help_text="Alerts that stand are not changed"
        )  # fmt: skip
        self.fields["why"] = forms.CharField(
            label="Why, and who decided", max_length=1_000, widget=Textarea(rows=2), required=False,
            help_text="Kept with the choice, for whoever asks later; needed to save",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("then") == given.get("first"):
            self.add_error("then", "Choose somebody other than whose it is first")
        if "save" in self.data and not given.get("why", "").strip():
            self.add_error("why", "Enter why, and who decided")
        return given

    @property
    def setting(self) -> Setting:
        given = self.cleaned_data
        return Setting(
            rule=Rule(self.now.rule),
            is_on=given["is_on"] == YES,
            numbers={one.name: given[one.name] for one in self.numbers},
            first=given["first"],
            then="" if given["then"] == NOBODY else given["then"],
            after=given["after"],
        )
