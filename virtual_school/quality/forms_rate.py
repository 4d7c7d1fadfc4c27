"""The form a plan is rated on: a level for each criterion, words to whom they are meant for, the council's phrases."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from virtual_school.design.forms import Checkboxes, Radios, Textarea

from .actions import Said
from .models import Comment, Phrase, Rating, Side
from .rubric import Criterion, Rubric

LONGEST = 3000


def box(label: str, rows: int = 2, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST, widget=Textarea(rows=rows)
    )


class RateForm(forms.Form):
    """Nothing has to be there to be kept as a draft. Criteria of the social worker's part are told to them alone."""

    marks_optional = False

    def __init__(
        self,
        rubric: Rubric,
        criteria: Sequence[Criterion],
        phrases: Iterable[Phrase],
        rating: Rating | None,
        *args: Any,
        is_blind: bool = False,
        **kwargs: Any,
    ) -> None:
        self.rubric, self.criteria, self.is_blind = rubric, criteria, is_blind
        self.phrases = [] if is_blind else list(phrases)
        super().__init__(*args, auto_id="f_%s", initial=self._initial(rating), **kwargs)
        for one in criteria:
            self.fields[f"m_{one.key}"] = forms.ChoiceField(
                label=one.label,
                help_text=one.hint,
                required=False,
                choices=[(level.key, level.label) for level in rubric.scale],
                widget=Radios(),
            )
            to = (
                "Why, for the record"
                if is_blind
                else "Words to the school"
                if one.side == "school"
                else "Words to the social worker"
            )
            self.fields[f"c_{one.key}"] = box(to)
            self._offer(f"p_{one.key}", [p for p in self.phrases if p.key == one.key and p.side == one.side])
        if is_blind:
            self.fields["internal"] = box("Anything else, for the virtual school only", 3)
            return
        self._offer("p_", [p for p in self.phrases if not p.key and p.side == Side.SCHOOL])
        self.fields["praise"] = box("What is good", 3, "The school reads this first")
        self.fields["school"] = box("To the school, on the whole plan", 3)
        self.fields["social_work"] = box("To the social worker", 3, "The school does not see this")
        self.fields["internal"] = box(
            "For the virtual school only", 3, "Neither the school nor the social worker sees this"
        )

    def _offer(self, name: str, phrases: list[Phrase]) -> None:
        if phrases:
            self.fields[name] = forms.MultipleChoiceField(
                label="Or choose from your council’s phrases",
                required=False,
                choices=[(str(p.pk), p.words) for p in phrases],
                widget=Checkboxes(),
            )

    def _initial(self, rating: Rating | None) -> dict[str, Any]:
        if rating is None:
            return {}
        found: dict[str, Any] = {f"m_{key}": level for key, level in rating.marks.values_list("key", "level")}
        offered = {(p.key, p.side, p.words): str(p.pk) for p in self.phrases}
        for one in rating.comments.order_by("id"):
            chosen = offered.get((one.key, one.side, one.words)) if one.theme else None
            if chosen:
                found.setdefault(f"p_{one.key}", []).append(chosen)
            elif one.key:
                _add(found, f"c_{one.key}", one)
            elif one.is_praise:
                _add(found, "praise", one)
            else:
                _add(found, one.side, one)
        return found

    @property
    def marks(self) -> dict[str, str]:
        told = self.cleaned_data
        return {one.key: told[f"m_{one.key}"] for one in self.criteria if told.get(f"m_{one.key}")}

    @property
    def said(self) -> list[Said]:
        told, found = self.cleaned_data, []
        for one in self.criteria:
            side = Side.INTERNAL if self.is_blind else one.side
            found.append(Said(side, told.get(f"c_{one.key}", ""), one.key))
        chosen = {pk for name, values in told.items() if name.startswith("p_") for pk in values}
        found += [Said(p.side, p.words, p.key, p.theme, p.is_praise) for p in self.phrases if str(p.pk) in chosen]
        if not self.is_blind:
            found.append(Said(Side.SCHOOL, told.get("praise", ""), is_praise=True))
            found += [Said(side, told.get(side, "")) for side in (Side.SCHOOL, Side.SOCIAL_WORK)]
        found.append(Said(Side.INTERNAL, told.get("internal", "")))
        return [one for one in found if one.words.strip()]

    def boxes(self, one: Criterion) -> dict[str, Any]:
        """The fields of one criterion, for its place on the page."""
        phrases = f"p_{one.key}"
        return {
            "level": self[f"m_{one.key}"],
            "words": self[f"c_{one.key}"],
            "phrases": self[phrases] if phrases in self.fields else None,
        }


def _add(found: dict[str, Any], name: str, one: Comment) -> None:
    found[name] = f"{found[name]}\n\n{one.words}" if found.get(name) else one.words
