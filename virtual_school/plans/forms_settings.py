"""Forms that change a form of plans: a section, a question, a question of the council's own, the day it counts from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from virtual_school.access.models import Role
from virtual_school.design.forms import Checkboxes, DateField, Radios, Textarea, TextInput

from .conditions import CIRCUMSTANCES, SEASONS, Circumstances
from .models import Plan
from .template import KINDS_WITH_CHOICES, OWNERS, REQUIRED, Field, Section, Template
from .template_differences import KIND_WORDS
from .template_faults import LONGEST_LABEL
from .template_versions import own_key

LONGEST_HINT = 600
OWN_KINDS = ("long_text", "text", "yes_no", "choice", "choices", "scale", "number", "percent", "money", "date")
"""Kinds a question of the council's own may have: the others have tables and pages of their own."""
YEARS: Mapping[str, Sequence[int]] = {
    "early_years": (-1, 0),
    "primary": (1, 2, 3, 4, 5, 6),
    "secondary": (7, 8, 9),
    "key_stage_4": (10, 11),
    "post_16": (12, 13),
}
ALL_YEARS = tuple(range(-1, 14))
FLAGS = {
    "first_plan": "is_first_plan",
    "unaccompanied": "is_unaccompanied",
    "custody": "is_in_custody",
    "remand": "is_remand",
    "no_school": "has_no_school",
    "transition": "is_transition_year",
    "out_of_area": "is_out_of_area",
    "sdq_over_cut_off": "is_sdq_over_cut_off",
}
_CIRCUMSTANCES = [(name, words[:1].upper() + words[1:]) for name, (words, _) in CIRCUMSTANCES.items()]
OF_PHASE = {"custody": ["custody"], "not_on_roll": ["no_school"]}
READERS = (
    Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.CARER, Role.YOUNG_PERSON, Role.PERSONAL_ADVISER,
    Role.ADVISER, Role.VIRTUAL_SCHOOL_HEAD, Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER, Role.DATA_OFFICER,
    Role.NOMINATED_OFFICER, Role.INSPECTOR,
)  # fmt: skip
"""Roles that may come near a plan, in the order they are shown."""


def year_words(year: int) -> str:
    return "Nursery" if year < 0 else "Reception" if year == 0 else f"Year {year}"


def years_of(phase: str) -> Sequence[int]:
    return YEARS.get(phase, ALL_YEARS)


class SectionSettings(forms.Form):
    title = forms.CharField(label="Title", max_length=LONGEST_LABEL, widget=TextInput())
    hint = forms.CharField(
        label="Hint", required=False, max_length=LONGEST_HINT, widget=Textarea(rows=2),
        help_text="Stands under the title, for whoever writes the section.",
    )  # fmt: skip
    owner = forms.ChoiceField(
        label="Who writes this section?", choices=list(OWNERS.items()), widget=Radios(choices=list(OWNERS.items())),
        help_text="“Own sections” in the table of rights are those of this role.",
    )  # fmt: skip
    is_on = forms.ChoiceField(label="Is it in the form?")

    def __init__(self, section: Section, *args: Any, **kwargs: Any) -> None:
        self.section = section
        initial = {
            "title": section.title, "hint": section.hint, "owner": section.owner,
            "is_on": "yes" if section.is_on else "no",
        }  # fmt: skip
        super().__init__(*args, initial=initial, auto_id="f_%s", **kwargs)
        if section.is_on and any(field.statutory for field in section.fields):
            del self.fields["is_on"]
        else:
            _switch(self.fields["is_on"], "Yes", "No, switched off")

    def edits(self) -> list[dict[str, Any]]:
        given, key = self.cleaned_data, self.section.key
        found: list[dict[str, Any]] = []
        if given["title"] != self.section.title:
            found.append({"edit": "set_label", "section": key, "label": given["title"]})
        if _plain(given["hint"]) != self.section.hint:
            found.append({"edit": "set_hint", "section": key, "hint": _plain(given["hint"])})
        if given["owner"] != self.section.owner:
            found.append({"edit": "set_owner", "section": key, "owner": given["owner"]})
        return [*found, *_switched(self, self.section.is_on, "switch_section", section=key)]


class FieldSettings(forms.Form):
    label = forms.CharField(label="Label", max_length=LONGEST_LABEL, widget=TextInput())
    hint = forms.CharField(label="Hint", required=False, max_length=LONGEST_HINT, widget=Textarea(rows=2))
    required = forms.ChoiceField(label="When is an answer needed?")
    is_on = forms.ChoiceField(label="Is it in the form?")

    def __init__(self, asked: Field, *args: Any, **kwargs: Any) -> None:
        self.asked = asked
        initial = {
            "label": asked.label, "hint": asked.hint, "required": asked.required,
            "is_on": "yes" if asked.is_on else "no",
        }  # fmt: skip
        super().__init__(*args, initial=initial, auto_id="f_%s", **kwargs)
        stays = bool(asked.statutory) and asked.required != "never"
        choices = [(value, words) for value, words in REQUIRED.items() if not (stays and value == "never")]
        self.fields["required"].choices = choices
        self.fields["required"].widget = Radios(choices=choices)
        if asked.statutory:
            del self.fields["is_on"]
        else:
            _switch(self.fields["is_on"], "Yes", "No, switched off")

    def edits(self) -> list[dict[str, Any]]:
        given, key = self.cleaned_data, self.asked.key
        found: list[dict[str, Any]] = []
        if given["label"] != self.asked.label:
            found.append({"edit": "set_label", "field": key, "label": given["label"]})
        if _plain(given["hint"]) != self.asked.hint:
            found.append({"edit": "set_hint", "field": key, "hint": _plain(given["hint"])})
        if given["required"] != self.asked.required:
            found.append({"edit": "set_required", "field": key, "required": given["required"]})
        return [*found, *_switched(self, self.asked.is_on, "switch_field", field=key)]


class OwnQuestion(forms.Form):
    label = forms.CharField(
        label="The question", max_length=LONGEST_LABEL, widget=TextInput(),
        help_text="Up to 90 characters, as it stands above the answer.",
    )  # fmt: skip
    hint = forms.CharField(label="Hint", required=False, max_length=LONGEST_HINT, widget=Textarea(rows=2))
    kind = forms.ChoiceField(label="How is it answered?", choices=[(kind, KIND_WORDS[kind]) for kind in OWN_KINDS])
    choices = forms.CharField(
        label="Choices", required=False, max_length=2_000, widget=Textarea(rows=4),
        help_text="One a line, where it is answered by a choice or on a scale.",
    )  # fmt: skip
    required = forms.ChoiceField(label="When is an answer needed?", choices=list(REQUIRED.items()))
    after = forms.ChoiceField(label="Where does it stand?")
    years = forms.MultipleChoiceField(
        label="Only in some years?", required=False, help_text="None ticked: in every year."
    )
    seasons = forms.MultipleChoiceField(
        label="Only in some terms?", required=False, help_text="None ticked: in every term.",
        choices=[(season, season.capitalize()) for season in SEASONS],
        widget=Checkboxes(choices=[(season, season.capitalize()) for season in SEASONS], small=True),
    )  # fmt: skip
    circumstance = forms.ChoiceField(
        label="Only in some circumstances?", required=False,
        choices=[("", "In all"), *_CIRCUMSTANCES],
    )  # fmt: skip
    answer = forms.ChoiceField(
        label="Only after a certain answer?", required=False,
        help_text="The question appears once this answer is given.",
    )  # fmt: skip

    def __init__(self, template: Template, section: Section, taken: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"kind": "long_text", "required": "never", "after": _last(section)}, auto_id="f_%s", **kwargs
        )
        self.template, self.section, self.taken = template, section, set(taken)
        years = [(str(year), year_words(year)) for year in years_of(template.phase)]
        self.fields["kind"].widget = Radios(choices=self.fields["kind"].choices, small=True)
        self.fields["required"].widget = Radios(choices=self.fields["required"].choices, small=True)
        self.fields["after"].choices = [(field.key, f"After “{field.label}”") for field in section.fields]
        self.fields["years"].choices = years
        self.fields["years"].widget = Checkboxes(choices=years, small=True)
        self.fields["answer"].choices = [("", "After any"), *_answers(template, section)]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        lines = [line.strip() for line in given.get("choices", "").splitlines() if line.strip()]
        if given.get("kind") in KINDS_WITH_CHOICES:
            if len(lines) < 2:
                self.add_error("choices", "Give at least two choices, one a line")
            elif len({_value(line) for line in lines}) < len(lines):
                self.add_error("choices", "Two choices are the same: give each once")
            elif any(not _value(line) for line in lines):
                self.add_error("choices", "A choice needs a letter or a number in it")
        elif lines:
            self.add_error("choices", "Choices belong to a question answered by a choice or on a scale")
        given["lines"] = lines
        return given

    def edit(self) -> dict[str, Any]:
        given = self.cleaned_data
        field: dict[str, Any] = {
            "key": own_key(self.section.key, given["label"], self.taken),
            "label": given["label"],
            "kind": given["kind"],
            "required": given["required"],
        }
        if given["hint"]:
            field["hint"] = _plain(given["hint"])
        if given["lines"]:
            field["choices"] = [{"value": _value(line), "label": line} for line in given["lines"]]
        if condition := self._condition():
            field["shown_when"] = condition
        return {"edit": "add_field", "section": self.section.key, "field": field, "after": given["after"]}

    def _condition(self) -> dict[str, Any] | None:
        given = self.cleaned_data
        parts: list[dict[str, Any]] = []
        if given["years"]:
            parts.append({"year_group": [int(year) for year in given["years"]]})
        if given["seasons"]:
            parts.append({"season": given["seasons"]})
        if given["circumstance"]:
            parts.append({"is": given["circumstance"]})
        if given["answer"]:
            key, _, value = given["answer"].partition("=")
            field = self.template.field(key)
            yes_no = field is not None and field.kind == "yes_no"
            parts.append({"field": key, "in": [value == "true" if yes_no else value]})
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else {"all": parts}


class StartsForm(forms.Form):
    starts = DateField(
        label="From which day?", help_text="Plans opened on and after this day are written on this version."
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts": today}, auto_id="f_%s", **kwargs)
        self.fields["starts"].earliest = today


class PreviewForm(forms.Form):
    """What the preview is for: it stands in the address, and holds nothing of a child."""

    marks_optional = False
    role = forms.ChoiceField(label="As", choices=[(role, role.label) for role in READERS])
    state = forms.ChoiceField(label="When the plan is", choices=Plan.State.choices)
    year = forms.ChoiceField(label="Year group", required=False)
    season = forms.ChoiceField(
        label="Term", required=False, choices=[("", "Any"), *((season, season.capitalize()) for season in SEASONS)]
    )
    circumstances = forms.MultipleChoiceField(
        label="Circumstances", required=False,
        choices=_CIRCUMSTANCES,
        widget=Checkboxes(small=True),
    )  # fmt: skip

    def __init__(self, phase: str, data: Any) -> None:
        usual = {"role": Role.SOCIAL_WORKER, "state": Plan.State.IN_PROGRESS, "circumstances": OF_PHASE.get(phase, [])}
        super().__init__(data if data else None, initial=usual, auto_id="f_%s")
        self.phase = phase
        self.fields["year"].choices = [("", "Any"), *((str(year), year_words(year)) for year in years_of(phase))]
        given = self.cleaned_data if self.is_bound and self.is_valid() else {}
        self.role: str = given.get("role") or usual["role"]
        self.state: str = given.get("state") or usual["state"]
        chosen = given["circumstances"] if given else usual["circumstances"]
        year = given.get("year")
        self.circumstances = Circumstances(
            phase=phase,
            year_group=int(year) if year else None,
            season=given.get("season", ""),
            **{FLAGS[name]: True for name in chosen},
        )


def _switch(field: forms.Field, on: str, off: str) -> None:
    field.choices = [("yes", on), ("no", off)]
    field.widget = Radios(choices=field.choices, inline=True)


def _switched(form: forms.Form, is_on: bool, edit: str, **part: str) -> list[dict[str, Any]]:
    wanted = form.cleaned_data.get("is_on")
    if wanted is None or (wanted == "yes") == is_on:
        return []
    return [{"edit": edit, **part, "is_on": wanted == "yes"}]


def _answers(template: Template, section: Section) -> list[tuple[str, list[tuple[str, str]]]]:
    """Answers a question may wait for, under their section; its own section first."""
    found = []
    for one in (section, *(other for other in template.sections if other.key != section.key)):
        if not one.is_on:
            continue
        options: list[tuple[str, str]] = []
        for field in one.fields:
            if not field.is_on:
                continue
            if field.kind == "yes_no":
                options += [(f"{field.key}=true", f"{field.label} Yes"), (f"{field.key}=false", f"{field.label} No")]
            options += [(f"{field.key}={choice.value}", f"{field.label} {choice.label}") for choice in field.choices]
        if options:
            found.append((one.title, options))
    return found


def _last(section: Section) -> str:
    return section.fields[-1].key if section.fields else ""


def _value(line: str) -> str:
    return "_".join("".join(c if c.isalnum() and c.isascii() else " " for c in line.lower()).split())[:60]


def _plain(words: str) -> str:
    return words.replace("\r\n", "\n").strip()
