"""Forms of the council's policy for plans: clocks, signatures, cut-offs, reminders, rights; each from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.access.models import Role
from virtual_school.dates.school_days import Term
from virtual_school.design.forms import Checkboxes, DateField, NumberInput, Radios, Textarea

from .models import Plan
from .policy import CLOCKS, LADDER, ClockRule, PlanPolicy, Rung
from .rights import DEFAULT, access
from .settings_policy import (
    ACCESS_WORDS,
    DONE_WHEN,
    EVENTS,
    MEASURED_WORDS,
    MUST_COME,
    PLAIN,
    PLAIN_WORDS,
    REMINDED,
    RUNG_WORDS,
    SIGNERS,
    UNIT_WORDS,
    choices_with_clock,
    clock_words,
    offered,
    rights_differing,
    variants_of,
    words_of_day,
)

ANOTHER = "another"
MOST_DAYS = 250
MOST_TERMS = 6
YES_NO = [("yes", "Yes"), ("no", "No")]


class PartForm(forms.Form):
    """One part of the policy, filled with what is in force; `choices` gives the whole policy with it changed."""

    marks_optional = False
    key: str

    def __init__(self, now: PlanPolicy, held: Mapping[str, Any], today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        self.now, self.held = now, held
        self.fields["starts"] = DateField(
            label="From which day?", initial=today, earliest=today - timedelta(days=366),
            help_text="The choices count from this day on. Plans that are open keep the day they are due.",
        )  # fmt: skip
        self.fields["why"] = forms.CharField(
            label="Why, and who decided",
            max_length=1_000,
            widget=Textarea(rows=3),
            help_text="Kept with the choices, for whoever asks later.",
        )

    def part(self) -> Any:
        """What differs from the usual; SigningForm has several."""
        return None

    @property
    def choices(self) -> dict[str, Any]:
        """As `PolicyVersion.choices["plans"]` holds them: only what differs from the usual."""
        found = {name: value for name, value in self.held.items() if name != self.key}
        part = self.part()
        return {**found, self.key: part} if part else found


class ClocksForm(PartForm):
    key = "clocks"

    def __init__(self, now: PlanPolicy, *args: Any, **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        for rule in CLOCKS:
            held = now.clocks[rule.key]
            variants = variants_of(rule)
            options = [(f"{limit}:{unit}", clock_words(rule, limit, unit)) for limit, unit, _ in variants] + [
                (ANOTHER, "Another number of days")
            ]
            hints = {f"{limit}:{unit}": who[:1].upper() + who[1:] for limit, unit, who in variants}
            chosen = f"{held.limit}:{held.unit}"
            is_another = chosen not in hints
            self.fields[rule.key] = forms.ChoiceField(
                label=rule.title,
                choices=options,
                initial=ANOTHER if is_another else chosen,
                widget=Radios(choices=options, hints=hints, small=True),
            )
            self.fields[f"{rule.key}_days"] = forms.IntegerField(
                label="How many", required=False, min_value=0, max_value=MOST_DAYS,
                initial=abs(held.limit) if is_another else None, widget=NumberInput(width=3),
            )  # fmt: skip
            self.fields[f"{rule.key}_unit"] = forms.ChoiceField(
                label="Counted in", required=False, choices=list(UNIT_WORDS.items()), initial=held.unit
            )

    def rows(self) -> list[tuple[ClockRule, forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(rule, self[rule.key], self[f"{rule.key}_days"], self[f"{rule.key}_unit"]) for rule in CLOCKS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for rule in CLOCKS:
            days = f"{rule.key}_days"
            if given.get(rule.key) == ANOTHER and given.get(days) is None and days not in self.errors:
                self.add_error(days, f"{rule.title}: say how many days")
        return given

    def part(self) -> dict[str, Any]:
        found = {}
        for rule in CLOCKS:
            given = self.cleaned_data[rule.key]
            if given == ANOTHER:
                amount = self.cleaned_data[f"{rule.key}_days"]
                limit, unit = (-amount if rule.limit < 0 else amount), self.cleaned_data[f"{rule.key}_unit"]
            else:
                text, _, unit = given.partition(":")
                limit = int(text)
            if kept := choices_with_clock(rule, limit, unit):
                found[rule.key] = kept
        return found


class SigningForm(PartForm):
    key = "signers"

    def __init__(self, now: PlanPolicy, *args: Any, **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        self.fields["signers"] = forms.MultipleChoiceField(
            label="Whose signatures does a plan need before it is submitted?",
            help_text="What a carer or young person says of the plan may be written down by another.",
            choices=list(SIGNERS.items()), initial=list(now.signers),
            widget=Checkboxes(choices=list(SIGNERS.items()), small=True),
        )  # fmt: skip
        self.fields["must_come"] = forms.MultipleChoiceField(
            label="Who is to be at every meeting?", required=False,
            help_text="Whoever arranges a meeting without one of them is told. It does not stop the meeting.",
            choices=list(MUST_COME.items()), initial=list(now.must_come),
            widget=Checkboxes(choices=list(MUST_COME.items()), small=True),
        )  # fmt: skip
        self.fields["school_reviews_a_year"] = forms.IntegerField(
            label="How many termly reviews a year may the school do without a meeting?",
            help_text="Seen: one a year. Others hold a meeting every term.",
            min_value=0, max_value=3, initial=now.school_reviews_a_year, widget=NumberInput(width=2),
        )  # fmt: skip
        for name, hint in (
            ("new_plan_on_placement_change", "One council asks for a full plan at each change of placement."),
            ("delegates_share_domain", "Seen in councils’ guides: it keeps invitations within the school."),
            (
                "rated_before_approval",
                "No law asks for it. Without it a plan can be approved with a word, or with none.",
            ),
        ):
            self.fields[name] = forms.TypedChoiceField(
                label=f"{PLAIN_WORDS[name]}?", help_text=hint, choices=YES_NO, coerce=lambda given: given == "yes",
                initial="yes" if getattr(now, name) else "no", widget=Radios(choices=YES_NO, inline=True, small=True),
            )  # fmt: skip

    @property
    def choices(self) -> dict[str, Any]:
        usual = PlanPolicy()
        names = ("signers", "must_come", *PLAIN)
        listed = {"signers": SIGNERS, "must_come": MUST_COME}
        found = {name: value for name, value in self.held.items() if name not in names}
        for name in names:
            given, usually = self.cleaned_data[name], getattr(usual, name)
            if name in listed:
                given, usually = [role for role in listed[name] if role in given], list(usually)
            if given != usually:
                found[name] = given
        return found


class MeasuresForm(PartForm):
    key = "measures"

    def __init__(self, now: PlanPolicy, *args: Any, **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        self.fields["done_when"] = forms.ChoiceField(
            label="When does a plan count as done?",
            choices=list(DONE_WHEN.items()), initial=now.done_when,
            widget=Radios(choices=list(DONE_WHEN.items()), small=True),
        )  # fmt: skip
        self.fields["measured_after_working_days"] = forms.IntegerField(
            label="Who is left out of the share of plans done for being new in care?",
            help_text="Those in care for fewer working days than this at the cut-off. They are listed. 0: nobody.",
            min_value=0, max_value=60, initial=now.measured_after_working_days, widget=NumberInput(width=2),
        )  # fmt: skip
        self.fields["good_ratings"] = forms.CharField(
            label="Which ratings count as good or better?",
            help_text="One a line, where the rubric a plan was rated with does not say so itself.",
            max_length=500, initial="\n".join(now.good_ratings), widget=Textarea(rows=6),
        )  # fmt: skip

    @property
    def choices(self) -> dict[str, Any]:
        usual = PlanPolicy()
        given = {**self.cleaned_data, "good_ratings": list(dict.fromkeys(
            words for line in self.cleaned_data["good_ratings"].splitlines() if (words := line.strip())
        ))}  # fmt: skip
        found = {name: value for name, value in self.held.items() if name not in MEASURED_WORDS}
        for name in MEASURED_WORDS:
            default = getattr(usual, name)
            if given[name] != (list(default) if name == "good_ratings" else default):
                found[name] = given[name]
        return found


class CutoffsForm(PartForm):
    key = "cutoffs"

    def __init__(self, now: PlanPolicy, *args: Any, terms: Sequence[Term], **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        self.terms = terms
        for term in terms:
            self.fields[term.key] = DateField(
                label=term.words.capitalize(),
                required=False,
                initial=now.cutoffs.get(term.key),
                help_text=f"Runs from {words_of_day(term.starts)} to {words_of_day(term.ends)}. Left empty: the last school day.",
            )

    def term_fields(self) -> list[forms.BoundField]:
        return [self[term.key] for term in self.terms]

    def part(self) -> dict[str, str]:
        shown = {term.key for term in self.terms}
        kept = {key: day.isoformat() for key, day in self.now.cutoffs.items() if key not in shown}
        given = {key: day for key in shown if (day := self.cleaned_data[key])}
        return dict(sorted({**kept, **{key: day.isoformat() for key, day in given.items()}}.items()))


class RemindersForm(PartForm):
    key = "ladder"

    def __init__(self, now: PlanPolicy, *args: Any, **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        held = {rung.key: rung for rung in now.ladder}
        for usual in LADDER:
            rung = held.get(usual.key, usual)
            options = [("on", "Sent"), ("off", "Not sent")]
            self.fields[usual.key] = forms.ChoiceField(
                label=RUNG_WORDS[usual.key], choices=options, initial="on" if usual.key in held else "off",
                widget=Radios(choices=options, inline=True, small=True),
            )  # fmt: skip
            self.fields[f"{usual.key}_days"] = forms.IntegerField(
                label="Working days", min_value=0, max_value=60, initial=abs(rung.working_days),
                widget=NumberInput(width=2),
            )  # fmt: skip
            sides = [("after", f"after {EVENTS[usual.from_event]}")]
            if usual.from_event not in {"submitted", "part"}:
                sides.insert(0, ("before", f"before {EVENTS[usual.from_event]}"))
            self.fields[f"{usual.key}_side"] = forms.ChoiceField(
                label="When", choices=sides, initial="before" if rung.working_days < 0 else "after"
            )
            self.fields[f"{usual.key}_to"] = forms.MultipleChoiceField(
                label="To", required=False, choices=list(REMINDED.items()), initial=list(rung.to),
                widget=Checkboxes(choices=list(REMINDED.items()), small=True),
            )  # fmt: skip

    def rows(self) -> list[tuple[Rung, list[forms.BoundField]]]:
        return [(rung, [self[f"{rung.key}{part}"] for part in ("", "_days", "_side", "_to")]) for rung in LADDER]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for rung in LADDER:
            if given.get(rung.key) == "on" and not given.get(f"{rung.key}_to"):
                self.add_error(f"{rung.key}_to", f"{RUNG_WORDS[rung.key]}: say to whom, or choose “Not sent”")
        return given

    def part(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for usual in LADDER:
            if self.cleaned_data[usual.key] == "off":
                found[usual.key] = None
                continue
            days = self.cleaned_data[f"{usual.key}_days"]
            signed = -days if self.cleaned_data[f"{usual.key}_side"] == "before" else days
            to = [role for role in REMINDED if role in self.cleaned_data[f"{usual.key}_to"]]
            changed: dict[str, Any] = {}
            if signed != usual.working_days:
                changed["working_days"] = signed
            if set(to) != set(usual.to):
                changed["to"] = to
            if changed:
                found[usual.key] = changed
        return found


class RightsForm(PartForm):
    """The rights of one role, state by state."""

    key = "rights"

    def __init__(self, now: PlanPolicy, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(now, *args, **kwargs)
        self.role = role
        for state in Plan.State:
            rights = list(offered(role, state))
            held = access(state, role, now.rights)
            if held not in rights:
                rights.append(held)
            usual = access(state, role, DEFAULT)
            self.fields[state.value] = forms.ChoiceField(
                label=state.label,
                choices=[
                    (right.value, ACCESS_WORDS[right] + (" (usual)" if right == usual else "")) for right in rights
                ],
                initial=held.value,
            )

    def rows(self) -> list[forms.BoundField]:
        return [self[state.value] for state in Plan.State]

    def part(self) -> dict[str, Any]:
        chosen = {state: dict(row) for state, row in self.now.rights.items()}
        for state in Plan.State:
            chosen.setdefault(state.value, {})[self.role] = self.cleaned_data[state.value]
        return rights_differing(chosen)


PARTS: dict[str, tuple[type[PartForm], str]] = {
    "clocks": (ClocksForm, "Clocks"),
    "signing": (SigningForm, "Signatures and reviews"),
    "cut-offs": (CutoffsForm, "Cut-offs"),
    "measures": (MeasuresForm, "Measures"),
    "reminders": (RemindersForm, "Reminders"),
}


def role_label(role: str) -> str:
    return Role(role).label
