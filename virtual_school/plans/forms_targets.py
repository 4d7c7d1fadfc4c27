"""The forms of targets, their judging and their cost, made from the columns of the plan's own form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from virtual_school.design.forms import DateField, MoneyField, NumberInput, Radios, Textarea, TextInput

from .forms_writing import form_field
from .models import CostLine, Target
from .targets import IMPACT, JUDGED, WRITTEN, Cost
from .template import Field

LONGEST = 5_000
LONG = ("why", "baseline", "measure", "success", "evidence")
SMALLER = 3


class TargetForm(forms.Form):
    """Only the outcome must be there to save: the rest may follow."""

    def __init__(self, columns: Mapping[str, Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.marks_optional = False
        for name in WRITTEN:
            column = columns.get(name)
            if column is None or not column.is_on:
                continue
            field = form_field(column)
            if name in LONG:
                field.widget = Textarea(rows=2)
            self.fields[name] = field
        if "outcome" in self.fields:
            self.fields["outcome"].required = True
            self.fields["outcome"].error_messages["required"] = "Say what will be different for the child"

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }


def initial_of(target: Target) -> dict[str, Any]:
    return {name: getattr(target, name) for name in WRITTEN}


class JudgeForm(forms.Form):
    judged = forms.ChoiceField(
        label="How does it stand?", choices=[(str(key), words) for key, words in JUDGED.items()], widget=Radios()
    )
    evidence = forms.CharField(
        label="What happened, and what shows it?", required=False, max_length=LONGEST, widget=Textarea(rows=4)
    )
    impact = forms.ChoiceField(
        label="How much did it help?", required=False, choices=list(IMPACT.items()), widget=Radios(small=True)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)


class SmallerForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        for number in range(1, SMALLER + 1):
            self.fields[f"outcome_{number}"] = forms.CharField(
                label=f"Smaller step {number}", required=number == 1, max_length=LONGEST, widget=TextInput(),
                error_messages={"required": "Write at least one smaller step"},
            )  # fmt: skip
            self.fields[f"due_on_{number}"] = DateField(label=f"Step {number}: by when?", required=False)

    @property
    def outcomes(self) -> list[dict[str, Any]]:
        return [
            {"outcome": self.cleaned_data[f"outcome_{n}"], "due_on": self.cleaned_data[f"due_on_{n}"]}
            for n in range(1, SMALLER + 1)
        ]

    def pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"outcome_{n}"], self[f"due_on_{n}"]) for n in range(1, SMALLER + 1)]


class CostForm(forms.Form):
    fund = forms.ChoiceField(label="Which money?", widget=forms.Select)
    category = forms.ChoiceField(label="What kind?", required=False, widget=forms.Select)
    what = forms.CharField(label="What exactly is bought?", max_length=LONGEST, widget=TextInput())
    sessions = forms.IntegerField(
        label="How many sessions or weeks?", required=False, min_value=1, max_value=1000, widget=NumberInput(width=4)
    )
    rate_pence = MoneyField(label="At how much each?", required=False, most=1_000_000_00)
    amount_pence = MoneyField(label="Or an amount in all", required=False, most=1_000_000_00)
    provider = forms.CharField(label="Who provides it?", required=False, max_length=LONGEST, widget=TextInput())
    starts = DateField(label="From", required=False)
    ends = DateField(label="To", required=False)
    intended_impact = forms.CharField(
        label="What should change because of it, and how will you know?", required=False, max_length=LONGEST,
        widget=Textarea(rows=2),
    )  # fmt: skip
    why_not_ordinary = forms.CharField(
        label="Why can this not come from what every pupil gets, or from another fund?", required=False,
        max_length=LONGEST, widget=Textarea(rows=2),
    )  # fmt: skip

    def __init__(self, columns: Mapping[str, Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.marks_optional = False
        lines = {one.key: one for one in columns["cost_lines"].columns} if "cost_lines" in columns else {}
        for name in ("fund", "category"):
            choices = [(one.value, one.label) for one in lines[name].choices] if name in lines else []
            self.fields[name].choices = [("", "Choose"), *choices]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        sessions, rate, amount = (given.get(name) for name in ("sessions", "rate_pence", "amount_pence"))
        if (sessions is None) != (rate is None) and not {"sessions", "rate_pence"} & set(self.errors):
            missing = "sessions" if sessions is None else "rate_pence"
            self.add_error(missing, ValidationError("Give both: how many, and at how much each"))
        elif amount is None and sessions is None and not self.errors:
            self.add_error("amount_pence", ValidationError("Give an amount, or how many sessions at what rate"))
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", ValidationError("It ends before it starts"))
        return given

    @property
    def cost(self) -> Cost:
        return Cost(**{name: self.cleaned_data[name] for name in Cost.__dataclass_fields__})


def initial_of_cost(line: CostLine) -> dict[str, Any]:
    given = {name: getattr(line, name) for name in Cost.__dataclass_fields__}
    if line.sessions is not None and line.rate_pence is not None:
        given["amount_pence"] = None
    return given
