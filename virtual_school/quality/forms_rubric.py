"""Changing a rubric being prepared: its criteria, how much each counts, and how marks come to a result."""

from collections.abc import Collection
from dataclasses import replace
from itertools import count
from typing import Any

from django import forms
from django.utils.text import slugify

from virtual_school.design.forms import Checkboxes, NumberInput, Radios, Textarea
from virtual_school.plans.conditions import PHASES
from virtual_school.plans.library import library_template

from .models import Side
from .rubric import (
    CAPS,
    KINDS,
    MOST_WEIGHT,
    WHEN,
    Band,
    Cap,
    Criterion,
    FaultyRubric,
    RollUp,
    Rubric,
    Share,
    faults_of,
    with_changes,
    without,
)

LINE = ("label", "hint", "weight", "training", "place", "on", "out")


class CriteriaForm(forms.Form):
    """A line a criterion. What was rated by a version stays in that version: a draft can lose a criterion."""

    def __init__(self, rubric: Rubric, *args: Any, **kwargs: Any) -> None:
        self.rubric = rubric
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["name"] = forms.CharField(label="Name of this way of rating", max_length=100, initial=rubric.name)
        for place, one in enumerate(rubric.criteria, start=1):
            key = one.key
            self.fields[f"place_{key}"] = forms.IntegerField(
                label="Place in the order", min_value=1, max_value=99, initial=place, widget=NumberInput(width=2)
            )  # fmt: skip
            self.fields[f"on_{key}"] = forms.BooleanField(label="Rated", required=False, initial=one.is_on)
            self.fields[f"label_{key}"] = forms.CharField(label="Name", max_length=200, initial=one.label)
            self.fields[f"hint_{key}"] = forms.CharField(
                label="What to look for", max_length=500, required=False, initial=one.hint
            )
            self.fields[f"weight_{key}"] = forms.IntegerField(
                label="Counts how many times", min_value=0, max_value=MOST_WEIGHT,
                initial=one.weight if one.counts else 0, widget=NumberInput(width=3), help_text="0: told, but not counted",
            )  # fmt: skip
            self.fields[f"training_{key}"] = forms.CharField(
                label="What helps where it is weak", max_length=300, required=False, initial=one.training
            )
            self.fields[f"out_{key}"] = forms.BooleanField(label="Take it out of the draft", required=False)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "criterion": one,
                "side": Side(one.side).label,
                "fields": [self[f"{name}_{one.key}"] for name in LINE],
                "open": any(f"{name}_{one.key}" in self.errors for name in LINE),
            }
            for one in self.rubric.criteria
        ]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors:
            try:
                kept = without(self.rubric, [one.key for one in self.rubric.criteria if told[f"out_{one.key}"]])
                kept = replace(kept, criteria=self._in_order(kept, told), name=told["name"].strip())
                self.changed = with_changes(kept, self._changes(told))
            except FaultyRubric as faulty:
                raise forms.ValidationError(list(faulty.faults)) from None
        return told

    def _in_order(self, kept: Rubric, told: dict[str, Any]) -> tuple[Criterion, ...]:
        """One that is moved takes the place it is given; the others move on."""
        was = {one.key: place for place, one in enumerate(self.rubric.criteria, start=1)}

        def place_of(one: Criterion) -> tuple[int, int]:
            place = told[f"place_{one.key}"]
            return place, (place > was[one.key]) - (place < was[one.key])

        return tuple(sorted(kept.criteria, key=place_of))

    def _changes(self, told: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {
            one.key: {
                "is_on": told[f"on_{one.key}"],
                "label": told[f"label_{one.key}"].strip(),
                "hint": told[f"hint_{one.key}"].strip(),
                "weight": told[f"weight_{one.key}"],
                "counts": told[f"weight_{one.key}"] > 0,
                "training": told[f"training_{one.key}"].strip(),
            }
            for one in self.rubric.criteria
        }


class CriterionForm(forms.Form):
    """A new criterion of the draft. `taken`: keys that stand, or once stood, for another."""

    label = forms.CharField(label="Name", max_length=200)
    hint = forms.CharField(label="What to look for", max_length=500, required=False)
    side = forms.ChoiceField(
        label="Told to", choices=[(Side.SCHOOL, "The school"), (Side.SOCIAL_WORK, "The social worker")],
        initial=Side.SCHOOL, widget=Radios(inline=True, small=True),
    )  # fmt: skip
    when = forms.ChoiceField(
        label="Asked of", choices=list(WHEN.items()), initial="", required=False,
        widget=Radios(choices=list(WHEN.items()), inline=True, small=True),
    )  # fmt: skip
    weight = forms.IntegerField(
        label="Counts how many times", min_value=0, max_value=MOST_WEIGHT, initial=1, widget=NumberInput(width=2),
        help_text="0: told, but not counted",
    )  # fmt: skip
    sections = forms.MultipleChoiceField(
        label="Which sections of the plan is it about?", required=False, widget=Checkboxes(small=True),
        help_text="The rater reads them above the mark",
    )  # fmt: skip
    training = forms.CharField(label="What helps where it is weak", max_length=300, required=False)

    def __init__(self, rubric: Rubric, taken: Collection[str], *args: Any, **kwargs: Any) -> None:
        self.rubric, self.taken, self.marks_optional = rubric, taken, False
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.fields["sections"].choices = list(sections_of_plans().items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not self.errors:
            one = Criterion(
                key=self._key(told["label"]), label=told["label"].strip(), side=told["side"],
                hint=told["hint"].strip(), weight=told["weight"], counts=told["weight"] > 0, when=told["when"],
                sections=tuple(told["sections"]), training=told["training"].strip(),
            )  # fmt: skip
            self.changed = replace(self.rubric, criteria=(*self.rubric.criteria, one))
            if faults := faults_of(self.changed):
                raise forms.ValidationError(faults)
        return told

    def _key(self, label: str) -> str:
        base = slugify(label).replace("-", "_")[:30] or "criterion"
        numbered = (f"{base}_{n}" for n in count(2))
        return base if base not in self.taken else next(key for key in numbered if key not in self.taken)


def sections_of_plans() -> dict[str, str]:
    """Titles by key, of every shipped form."""
    return {section.key: section.title for phase in PHASES for section in library_template(phase).sections}


class RuleForm(forms.Form):
    """For each result but the lowest, what reaches it; then what holds a result down."""

    SPARE = 2

    def __init__(self, rubric: Rubric, *args: Any, **kwargs: Any) -> None:
        self.rubric = rubric
        super().__init__(*args, auto_id="f_%s", **kwargs)
        rule = rubric.rule
        scale = [(one.key, one.label) for one in reversed(rubric.scale)]
        results = [(one.key, one.label) for one in reversed(rubric.results)]
        self.fields["kind"] = forms.ChoiceField(
            label="How a result is found", choices=list(KINDS.items()), initial=rule.kind
        )
        self.fields["otherwise"] = forms.ChoiceField(
            label="The result where none of these is reached", choices=results, initial=rule.otherwise
        )
        bands = {one.to: one for one in rule.bands}
        shares = {one.to: one for one in rule.shares}
        for one in self.upper:
            band, share = bands.get(one.key), shares.get(one.key)
            self.fields[f"least_{one.key}"] = forms.ChoiceField(
                label="Marks are at least", required=False, choices=[("", "Not reached this way"), *scale],
                initial=band.at_least if band else "",
            )  # fmt: skip
            self.fields[f"but_{one.key}"] = forms.IntegerField(
                label="All but how many", required=False, min_value=0, max_value=30, widget=NumberInput(width=3),
                initial=band.all_but if band else 0,
            )  # fmt: skip
            self.fields[f"others_{one.key}"] = forms.ChoiceField(
                label="And none is below", required=False, choices=[("", "No floor"), *scale],
                initial=band.others if band else "",
            )  # fmt: skip
            self.fields[f"share_{one.key}"] = forms.IntegerField(
                label="From how many percent of the points", required=False, min_value=0, max_value=100,
                widget=NumberInput(width=3), initial=share.percent if share else None,
            )  # fmt: skip
        criteria = [("", "Any of those counted"), *[(one.key, one.label) for one in rubric.of_side("school")]]
        self.n_caps = len(rule.caps) + self.SPARE
        for n in range(self.n_caps):
            cap = rule.caps[n] if n < len(rule.caps) else None
            self.fields[f"cap_to_{n}"] = forms.ChoiceField(
                label="No better than",
                required=False,
                choices=[("", "Nothing"), *results],
                initial=cap.to if cap else "",
            )
            self.fields[f"cap_when_{n}"] = forms.ChoiceField(
                label="If this many marks", choices=[(key, words.capitalize()) for key, words in CAPS.items()],
                initial=cap.when if cap else "any", required=False,
            )  # fmt: skip
            self.fields[f"cap_at_{n}"] = forms.ChoiceField(
                label="Are at or below", required=False, choices=list(reversed(scale)), initial=cap.at if cap else ""
            )
            self.fields[f"cap_of_{n}"] = forms.ChoiceField(
                label="Of which criterion", required=False, choices=criteria, initial=cap.criterion if cap else ""
            )

    @property
    def upper(self) -> list[Any]:
        """Results from the best down, without the lowest."""
        return list(reversed(self.rubric.results))[:-1]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "result": one,
                "best_fit": [self[f"{name}_{one.key}"] for name in ("least", "but", "others")],
                "weighted": [self[f"share_{one.key}"]],
            }
            for one in self.upper
        ]

    @property
    def caps(self) -> list[list[forms.BoundField]]:
        return [[self[f"cap_{name}_{n}"] for name in ("to", "when", "at", "of")] for n in range(self.n_caps)]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.errors:
            return told
        rule = RollUp(
            kind=told["kind"],
            otherwise=told["otherwise"],
            bands=tuple(
                Band(
                    to=one.key,
                    at_least=told[f"least_{one.key}"],
                    all_but=told[f"but_{one.key}"] or 0,
                    others=told[f"others_{one.key}"],
                )
                for one in self.upper
                if told[f"least_{one.key}"]
            ),
            shares=tuple(
                Share(to=one.key, percent=told[f"share_{one.key}"])
                for one in self.upper
                if told[f"share_{one.key}"] is not None
            ),
            caps=tuple(
                Cap(
                    to=told[f"cap_to_{n}"],
                    at=told[f"cap_at_{n}"],
                    when=told[f"cap_when_{n}"] or "any",
                    criterion=told[f"cap_of_{n}"],
                )
                for n in range(self.n_caps)
                if told[f"cap_to_{n}"] and told[f"cap_at_{n}"]
            ),
        )
        self.changed = replace(self.rubric, rule=rule)
        if faults := faults_of(self.changed):
            raise forms.ValidationError(faults)
        return told


class PhraseForm(forms.Form):
    words = forms.CharField(label="The words", max_length=500, widget=Textarea(rows=2))
    side = forms.ChoiceField(
        label="Told to", choices=[(Side.SCHOOL, "The school"), (Side.SOCIAL_WORK, "The social worker")]
    )
    key = forms.ChoiceField(label="About", required=False)
    theme = forms.CharField(
        label="Counted under",
        max_length=60,
        help_text="For instance “Targets too general”. It shows what comes up again",
    )
    is_praise = forms.BooleanField(label="It is praise", required=False)

    def __init__(self, rubric: Rubric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        choices = [("", "The whole plan"), *[(one.key, one.label) for one in rubric.criteria if one.is_on]]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]
