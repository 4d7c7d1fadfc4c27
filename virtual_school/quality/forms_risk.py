"""The council's choice of what makes a plan come first in the queue."""

from typing import Any

from django import forms

from virtual_school.design.forms import NumberInput, Textarea

from .risk import CAUSES, MOST, USUAL, RiskPolicy

LEVEL_LABELS = {"high": "A plan is looked at first from a sum of", "some": "A plan has some risk from a sum of"}


class RiskForm(forms.Form):
    def __init__(self, now: RiskPolicy, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        for key, cause in CAUSES.items():
            self.fields[key] = forms.IntegerField(
                label=cause.title, min_value=0, max_value=MOST, initial=now.weights[key], widget=NumberInput(width=2),
                help_text=f"Usual: {cause.usual}",
            )  # fmt: skip
        for name, label in LEVEL_LABELS.items():
            self.fields[name] = forms.IntegerField(
                label=label, min_value=1, max_value=MOST * len(CAUSES), initial=getattr(now, name),
                widget=NumberInput(width=3), help_text=f"Usual: {getattr(USUAL, name)}",
            )  # fmt: skip
        self.fields["why"] = forms.CharField(
            label="Why is it changed?", help_text="Kept with the change. Name no child.", max_length=500,
            widget=Textarea(rows=2), error_messages={"required": "Say why it is changed"},
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors and told["some"] >= told["high"]:
            self.add_error("high", "This sum is to be more than that for some risk")
        return told

    @property
    def choices(self) -> dict[str, Any]:
        """As kept: what differs from the usual."""
        told = self.cleaned_data
        weights = {key: told[key] for key, cause in CAUSES.items() if told[key] != cause.usual}
        levels = {name: told[name] for name in LEVEL_LABELS if told[name] != getattr(USUAL, name)}
        return {**({"risk": weights} if weights else {}), **levels}
