"""Forms of the adults' pages."""

from typing import Any

from django import forms

from virtual_school.access.models import User
from virtual_school.design.forms import Checkboxes, DateField, Radios, Textarea, TextInput

from .models import AdultReading, AlertStep, Entry, Promise
from .worries import OUTCOMES


class HandOverForm(forms.Form):
    mode = forms.ChoiceField(
        label="How is it done?", choices=[(m.value, m.label) for m in Entry.Mode if m != Entry.Mode.OBSERVED],
        help_text="A child who cannot be asked is watched: adults write what they saw on a sheet of its own.",
        widget=Radios(),
    )  # fmt: skip
    helper = forms.ChoiceField(label="Who helps?", required=False, widget=Radios())
    helper_name = forms.CharField(label="Name of somebody else who helps", required=False, max_length=100)
    helper_role = forms.CharField(label="What they do", required=False, max_length=100)
    is_helper_chosen = forms.MultipleChoiceField(
        label="", required=False, choices=[("yes", "The child asked for this person")], widget=Checkboxes()
    )
    question_set = forms.ChoiceField(label="Which questions?")
    language = forms.ChoiceField(label="In which language?")
    interpreter = forms.CharField(
        label="Interpreter",
        required=False,
        max_length=200,
        help_text="Agency’s reference, dialect, in person or by phone.",
    )
    place = forms.CharField(label="Where?", required=False, max_length=100)

    def __init__(
        self, *args: Any, helpers: list[tuple[str, str]], sets: list[tuple[str, str]],
        languages: list[tuple[str, str]], barred: frozenset[str], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.barred = barred
        self.fields["helper"].choices = [("", "Nobody"), *helpers, ("other", "Somebody else")]
        self.fields["question_set"].choices = sets
        self.fields["language"].choices = languages

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        helper, mode = given.get("helper", ""), given.get("mode", "")
        if mode and mode != Entry.Mode.ALONE and not helper:
            self.add_error("helper", "Say who is with them.")
        if helper == "other" and not given.get("helper_name", "").strip():
            self.add_error("helper_name", "Write the name of whoever helps.")
        if helper in self.barred and not given.get("is_helper_chosen"):
            self.add_error(
                "helper",
                "The questions may be about where they live. This person helps only if the child asks for them.",
            )
        if mode == Entry.Mode.INTERPRETER and not given.get("interpreter", "").strip():
            self.add_error(
                "interpreter", "Write who interprets: a professional, never a friend, brother, sister or carer."
            )
        return given


class InvitationForm(forms.Form):
    told_on = DateField(label="When was the child told of the meeting?", required=False)
    told_how = forms.CharField(label="How were they told?", required=False, max_length=300)
    when_suits = forms.CharField(
        label="When suits them?", required=False, max_length=300, help_text="Not in a lesson they like."
    )
    who_to_have = forms.CharField(label="Whom do they want there?", required=False, max_length=300)
    wants_to_come = forms.ChoiceField(
        label="Do they want to come?", required=False, widget=Radios(),
        choices=[("all", "Yes"), ("part", "To a part of it"), ("no", "No"), ("not_sure", "They do not know yet")],
    )  # fmt: skip
    who_speaks = forms.CharField(label="Who should speak for them?", required=False, max_length=300)


class NoViewsForm(forms.Form):
    why = forms.ChoiceField(label="Why are there no views?", choices=Entry.NoViews.choices, widget=Radios())
    words = forms.CharField(
        label="What happened, and what is tried next?", required=False, max_length=2_000, widget=Textarea(rows=4)
    )


class ReadingForm(forms.Form):
    answer = forms.CharField(required=False, widget=forms.HiddenInput())
    kind = forms.ChoiceField(label="What is it?", choices=AdultReading.Kind.choices)
    words = forms.CharField(label="Write it", max_length=5_000, widget=Textarea(rows=4))
    how_sure = forms.ChoiceField(
        label="How sure are you?", required=False, choices=[("", "Does not apply"), ("guess", "A guess"),
                                                            ("likely", "Likely"), ("sure", "Sure")],
    )  # fmt: skip
    told_child = forms.CharField(label="How was the child told or shown this?", required=False, max_length=500)


class ReadForm(forms.Form):
    result = forms.ChoiceField(
        label="You have read all of it. What do you say?", widget=Radios(),
        choices=[("nothing", "Nothing worrying"), ("passed_on", "Something worries me: pass it on"),
                 ("ask_child", "Ask the child")],
    )  # fmt: skip
    note = forms.CharField(label="What, in their words", required=False, max_length=2_000, widget=Textarea(rows=3))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("result") in {"passed_on", "ask_child"} and not given.get("note", "").strip():
            self.add_error("note", "Write what it is, in the child’s own words.")
        return given


class PromiseForm(forms.Form):
    state = forms.ChoiceField(
        label="How does it stand?", widget=Radios(),
        choices=[(s.value, s.label) for s in Promise.State if s not in {Promise.State.MADE, Promise.State.WITHDRAWN}],
    )  # fmt: skip
    words = forms.CharField(
        label="What is the child told?", required=False, max_length=600, widget=Textarea(rows=3),
        help_text="Short and plain. The child reads these words.",
    )  # fmt: skip
    due_on = DateField(label="If it changed: by which day now?", required=False)


class AlertForm(forms.Form):
    kind = forms.ChoiceField(
        label="What did you do?", widget=Radios(),
        choices=[(k.value, k.label) for k in (*OUTCOMES, AlertStep.Kind.TOLD_CHILD)],
    )  # fmt: skip
    words = forms.CharField(label="Write what was said", required=False, max_length=5_000, widget=Textarea(rows=4))
    reference = forms.CharField(label="Reference", required=False, max_length=100)
    when = forms.CharField(
        label="At what time?", required=False, max_length=16, help_text="For example, 24 November, 2:15pm",
        widget=TextInput(),
    )  # fmt: skip


class CloseForm(forms.Form):
    close_words = forms.CharField(label="What did you check?", max_length=2_000, widget=Textarea(rows=3))


class ReaderForm(forms.Form):
    person = forms.ChoiceField(label="Who?")
    known_as = forms.CharField(label="First name that children are told", max_length=40)
    rank = forms.ChoiceField(
        label="When do they read?", widget=Radios(),
        choices=[("1", "First"), ("2", "As the deputy"), ("3", "After both: the head of the virtual school")],
    )  # fmt: skip
    away_from = DateField(label="Away from", required=False)
    away_to = DateField(label="Last day away", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Choose somebody"), *((str(one.pk), one.name) for one in people)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("away_from"), given.get("away_to")
        if first and last and last < first:
            self.add_error("away_to", "The last day away is before the first.")
        return given
