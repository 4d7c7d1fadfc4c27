"""What a school or the virtual school writes down of a suspension or exclusion."""

from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.children.file_checks import ALLOWED
from virtual_school.design.forms import CharacterCount, Checkboxes, DateField, NumberInput, Radios, Textarea, TextInput
from virtual_school.schools.models import Enrolment

from .exclusion_codes import MOST, reasons
from .gather import GOVERNORS, PARENT
from .models_exclusion import Suspension
from .models_provision import Provision
from .suspending import LUNCHTIME, PERMANENT, SUSPENDED, Notice

LONGEST = 1_000
YEARS_BACK = 730
WORK, FULL, NONE = "work", "full", "none"
KINDS_WHILE_OUT = (
    Provision.Kind.ALTERNATIVE,
    Provision.Kind.TUITION_HOME,
    Provision.Kind.TUITION_AWAY,
    Provision.Kind.ONLINE_LIVE,
    Provision.Kind.ONLINE_OWN_PACE,
)


def hours_field(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=4, decimal_places=1, min_value=0, max_value=60,
        widget=NumberInput(width=3, suffix="hours"), **options,
    )  # fmt: skip


class NoticeForm(forms.Form):
    """One page, made for a phone: what, when, why, and who is told already."""

    school = forms.ChoiceField(label="Which school?", widget=Radios())
    category = forms.ChoiceField(
        label="What was decided?",
        choices=Suspension.Category.choices,
        widget=Radios(conditional={SUSPENDED: "back_on", LUNCHTIME: "lunchtimes"}),
    )
    starts = DateField(label="First day out", help_text="For a permanent exclusion, the day it took place")
    back_on = DateField(label="First day back at school", required=False)
    lunchtimes = forms.IntegerField(
        label="How many lunchtimes?", required=False, min_value=1, max_value=90, widget=NumberInput(width=2)
    )
    reasons = forms.MultipleChoiceField(
        label="Why?", help_text=f"Up to {MOST}, by the school census", widget=Checkboxes(small=True)
    )
    words = forms.CharField(
        label="What happened, in a sentence or two?", required=False, max_length=LONGEST,
        widget=CharacterCount(LONGEST, rows=3),
    )  # fmt: skip
    education = forms.ChoiceField(
        label="What education is there from the first day?",
        choices=[(WORK, "Work from school, set and marked"), (FULL, "Full-time education elsewhere"),
                 (NONE, "Nothing is arranged yet")],
        widget=Radios(
            conditional={FULL: "provider"}, hints={FULL: "Guidance asks for this from day one for a child in care"}
        ),
    )  # fmt: skip
    provider = forms.CharField(label="Where?", required=False, max_length=200, widget=TextInput())
    told = forms.MultipleChoiceField(
        label="Who has been told in writing by now?",
        help_text="We tell the virtual school, the social worker and the adviser as soon as you send this",
        choices=[(PARENT, "The parents, with the letter"), (GOVERNORS, "The governors")],
        required=False,
        widget=Checkboxes(small=True),
    )
    exam_lost = forms.BooleanField(label="A public examination or national test will be missed", required=False)
    letter = forms.FileField(
        label="The letter", help_text=f"{ALLOWED}, up to 20 MB", required=False, allow_empty_file=True
    )
    half_days = forms.IntegerField(
        label="How many half days in all?", help_text="Only if it is not whole school days", required=False,
        min_value=1, max_value=90, widget=NumberInput(width=2),
    )  # fmt: skip
    told_on = DateField(label="When did the school tell the virtual school?")

    def __init__(self, at: list[Enrolment], today: date, *args: Any, is_from_school: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.today, self.at = today, {str(one.pk): one for one in at}
        self.fields["school"].choices = [
            (pk, one.school.name if one.school else one.provision) for pk, one in self.at.items()
        ]
        if len(at) < 2:
            del self.fields["school"]
        self.fields["reasons"].choices = list(reasons().items())
        self.fields["starts"].initial = today
        self.fields["starts"].earliest = today - timedelta(days=YEARS_BACK)
        self.fields["starts"].latest = today + timedelta(days=60)
        self.fields["told_on"].initial = today
        self.fields["told_on"].latest = today
        if is_from_school:
            del self.fields["told_on"]

    def clean_reasons(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["reasons"]
        if len(chosen) > MOST:
            raise forms.ValidationError(f"Choose no more than {MOST} reasons")
        return chosen

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        category, starts = given.get("category"), given.get("starts")
        if category == SUSPENDED and "back_on" not in self.errors:
            if not given.get("back_on"):
                self.add_error("back_on", "Enter the first day back at school")
            elif starts and given["back_on"] <= starts:
                self.add_error("back_on", "The first day back must be after the first day out")
        if category == LUNCHTIME and "lunchtimes" not in self.errors and not given.get("lunchtimes"):
            self.add_error("lunchtimes", "Enter how many lunchtimes")
        if given.get("education") == FULL and not given.get("provider"):
            self.add_error("provider", "Enter where the child is taught")
        return given

    @property
    def enrolment(self) -> Enrolment | None:
        if "school" in self.fields:
            return self.at[self.cleaned_data["school"]]
        return next(iter(self.at.values()), None)

    def notice(self) -> Notice:
        given = self.cleaned_data
        category = given["category"]
        half_days = given["lunchtimes"] if category == LUNCHTIME else given["half_days"]
        return Notice(
            category=category,
            decided_on=min(given["starts"], self.today),
            starts=given["starts"],
            back_on=given["back_on"] if category == SUSPENDED else None,
            half_days=None if category == PERMANENT else half_days,
            reasons=given["reasons"],
            words=given["words"],
            exam_lost=given["exam_lost"],
            parents_told=PARENT in given["told"],
            governors_told=GOVERNORS in given["told"],
            work_set=given["education"] == WORK,
        )


class StepForm(forms.Form):
    """A step of what follows. `fields_of` names those that are kept as they are."""

    title = ""
    button = "Save"

    def __init__(self, suspension: Suspension, today: date, *args: Any, **kwargs: Any) -> None:
        names = [field.name for field in Suspension._meta.concrete_fields if field.name in self.base_fields]
        kwargs.setdefault("initial", {name: getattr(suspension, name) for name in names})
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.suspension, self.today = suspension, today

    def refuse_before(self, name: str, first: date | None, words: str) -> None:
        given = self.cleaned_data.get(name)
        if given and first and given < first:
            self.add_error(name, words)


class GovernorsForm(StepForm):
    title = "The governors’ meeting"
    representations_on = DateField(label="When did the parent ask the governors to think again?", required=False)
    invited_on = DateField(label="When were the social worker and the virtual school head invited?", required=False)
    governors_on = DateField(label="When is or was the meeting?", required=False)
    governors_decision = forms.ChoiceField(
        label="What was decided?",
        required=False,
        choices=[*Suspension.Decision.choices, ("", "Nothing yet")],
        widget=Radios(),
    )
    returned_on = DateField(label="If the child comes back, on which day?", required=False)
    decision_told_on = DateField(
        label="When were the decision and its reasons sent to the social worker and the virtual school?", required=False
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        decided = self.suspension.decided_on
        for name in ("representations_on", "invited_on", "governors_on"):
            self.refuse_before(name, decided, "This must be on or after the day of the decision")
        meeting = given.get("governors_on")
        if given.get("governors_decision") and (meeting is None or meeting > self.today):
            self.add_error("governors_on", "Enter the day of the meeting that decided this")
        return given


class ReviewForm(StepForm):
    title = "The independent review"
    review_asked_on = DateField(label="When did the parent ask for a review?")
    review_invited_on = DateField(
        label="When were the social worker and the virtual school head invited?", required=False
    )
    review_on = DateField(label="When is or was the hearing?", required=False)
    review_decision = forms.ChoiceField(
        label="What did the panel decide?",
        required=False,
        choices=[*Suspension.Review.choices, ("", "Nothing yet")],
        widget=Radios(),
    )
    review_told_on = DateField(label="When was its decision sent to them?", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.refuse_before("review_asked_on", self.suspension.decided_on, "This must be after the decision")
        asked = given.get("review_asked_on")
        for name in ("review_on", "review_told_on", "review_invited_on"):
            self.refuse_before(name, asked, "This must be on or after the day the parent asked")
        if given.get("review_decision") and not given.get("review_on"):
            self.add_error("review_on", "Enter the day of the hearing that decided this")
        return given


class CancelForm(StepForm):
    title = "Cancel it"
    button = "Cancel it"
    cancelled_on = DateField(label="When did the head cancel it?")
    cancelled_why = forms.CharField(label="Why?", max_length=LONGEST, widget=Textarea(rows=3))
    cancellation_told_on = DateField(
        label="When were parents, governors, council, social worker and virtual school told in writing?",
        required=False,
    )
    returned_on = DateField(label="When is the child back at school?", required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.refuse_before("cancelled_on", self.suspension.decided_on, "This must be on or after the decision")
        return given


class CheckForm(StepForm):
    title = "Check it"
    checked_on = DateField(label="When did you check it?")
    check_note = forms.CharField(
        label="Was it lawful, what does the child need, and what changes in the plan?",
        help_text="Grounds, length, notice, who was told, needs that were known, what else could have been done",
        max_length=5_000,
        widget=Textarea(rows=6),
    )

    def __init__(self, suspension: Suspension, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(suspension, today, *args, **kwargs)
        self.fields["checked_on"].latest = today
        if suspension.checked_on is None:
            self.initial["checked_on"] = today


class BackForm(StepForm):
    title = "When the child is back"
    back_on = DateField(label="First day back at school")
    half_days = forms.IntegerField(
        label="How many half days was it in all?", required=False, min_value=1, max_value=90,
        widget=NumberInput(width=2), help_text="Only if it was not whole school days",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        first = self.suspension.starts + timedelta(days=1)
        self.refuse_before("back_on", first, "The first day back must be after the first day out")
        return given


class ToldForm(StepForm):
    title = "Somebody told in another way"
    role = forms.ChoiceField(
        label="Who was told?",
        choices=[(PARENT, "The parents, in writing"), (GOVERNORS, "The governors"),
                 ("social_worker", "The social worker"), ("virtual_school_head", "The virtual school head")],
        widget=Radios(),
    )  # fmt: skip
    name = forms.CharField(label="Their name", required=False, max_length=200, widget=TextInput(width=20))
    on = DateField(label="On which day?")

    def __init__(self, suspension: Suspension, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(suspension, today, *args, **kwargs)
        self.fields["on"].latest = today
        self.initial["on"] = today


class WorkForm(StepForm):
    title = "Work for the first five days"
    work_set_on = DateField(label="From which day was work set and marked?")


class LetterForm(StepForm):
    title = "Add a letter"
    button = "Add"
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[("notice", "The notice"), ("cancelled", "That it is cancelled"), ("decision", "A decision")],
        widget=Radios(),
    )
    letter = forms.FileField(label="The letter", help_text=f"{ALLOWED}, up to 20 MB", allow_empty_file=True)


class EducationForm(StepForm):
    title = "Education while out"
    kind = forms.ChoiceField(
        label="What kind?", choices=[(str(kind), kind.label) for kind in KINDS_WHILE_OUT], widget=Radios()
    )
    provider = forms.CharField(label="Where, or by whom?", max_length=200, widget=TextInput(width=20))
    starts = DateField(label="From which day?")
    hours = hours_field("How many hours a week?")

    def __init__(self, suspension: Suspension, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(suspension, today, *args, **kwargs)
        self.initial["starts"] = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.refuse_before("starts", self.suspension.starts, "This must be on or after the first day out")
        return given


class RiskMeetingForm(forms.Form):
    on = DateField(label="When did you meet?")
    who = forms.CharField(
        label="Who was there?", max_length=500, required=False, widget=TextInput(),
        help_text="Designated teacher, virtual school, social worker, carer, the child or how their view was heard",
    )  # fmt: skip
    weighed = forms.CharField(
        label="What was weighed, and what was agreed?",
        help_text="Key adult, curriculum, assessment, early review of a plan, other provision beside school, mentor",
        max_length=5_000,
        widget=Textarea(rows=6),
    )
    next_on = DateField(label="When do you meet again?", required=False)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", initial={"on": today}, **kwargs)
        self.fields["on"].latest = today
        self.fields["on"].earliest = today - timedelta(days=YEARS_BACK)
