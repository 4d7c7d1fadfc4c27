"""An authority's own edits, laid over a set of ours: reword, switch off, add, put in order. The set beneath stays.

Each saved version of the edits has a number, which goes into the version of the set and of each question it changes,
so that an answer always says which words the child was shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from virtual_school.voice.sets import BadLibrary, Library, Question, QuestionSet, read_question
from virtual_school.voice.wording import faults

OWN = "own."
"""How the key of a question an authority adds begins, so that it never meets one of ours."""


class BadEdit(ValueError):
    """Says which question and why; nothing of the edit counts."""


@dataclass(frozen=True, slots=True)
class Edits:
    """`order`: keys from first to last; a question it does not name keeps its place after those it names."""

    reworded: Mapping[str, str] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    added: tuple[Question, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.reworded or self.off or self.added or self.order)


def add(edits: Edits, row: Mapping[str, Any], library: Library) -> Edits:
    """`row` as a question in a set's file. Without a section of the plan nobody would read it: BadEdit."""
    key = str(row.get("key", ""))
    if not key.startswith(OWN):
        raise BadEdit(f"The key of a question of your own begins with “{OWN}”.")
    if any(question.key == key for question in edits.added):
        raise BadEdit(f"There is a question {key} already.")
    try:
        question = read_question("your question", row, library)
    except BadLibrary as error:
        raise BadEdit(str(error)) from error
    return replace(edits, added=(*edits.added, question))


def put_in_order(edits: Edits, keys: Sequence[str]) -> Edits:
    return replace(edits, order=tuple(dict.fromkeys(keys)))


def lay_over(base: QuestionSet, edits: Edits, number: int) -> QuestionSet:
    """The set with the edits of this number. Raises BadEdit for one that is not to be."""
    if edits.is_empty:
        return base
    known = {question.key: question for question in (*base.questions, *edits.added)}
    for key in (*edits.reworded, *edits.off, *edits.order):
        if key not in known:
            raise BadEdit(f"There is no question {key} in the set “{base.title}”.")
    for key in edits.off:
        if known[key].is_ask and not [ask for ask in known.values() if ask.is_ask and ask.key not in edits.off]:
            raise BadEdit(
                f"“{known[key].text}” is what the meeting must answer. A set keeps at least one question of that kind."
            )
    is_under_16 = base.ages is None or base.ages[0] < 16
    questions = []
    for key in _ordered(list(known), edits.order):
        if key in edits.off:
            continue
        question = known[key]
        text = edits.reworded.get(key, question.text)
        if text != question.text or question in edits.added:
            is_under_12 = base.ages is not None and base.ages[0] < 12
            if wrong := faults(text, is_under_12=is_under_12, is_under_16=is_under_16):
                raise BadEdit(f"“{text}”: {' '.join(wrong)}")
        if text != question.text:
            question = replace(question, text=text, version=f"{question.version}+{number}")
        questions.append(question)
    return replace(base, version=f"{base.version}+{number}", questions=tuple(questions))


def cautions(base: QuestionSet, edits: Edits) -> tuple[str, ...]:
    """What an editor is told before it counts, though it is allowed."""
    found = [
        f"“{question.text}” can tell an adult that a child is not safe. Without it only the button does."
        for question in base.questions
        if question.key in edits.off and question.trigger
    ]
    if edits.reworded:
        found.append("A reworded question is shown in English until its new words are translated.")
    return tuple(found)


def as_json(edits: Edits) -> dict[str, Any]:
    """As a version of the edits is kept."""
    return {
        "reworded": dict(edits.reworded),
        "off": sorted(edits.off),
        "added": [_row(question) for question in edits.added],
        "order": list(edits.order),
    }


def from_json(kept: Mapping[str, Any], library: Library) -> Edits:
    edits = Edits(dict(kept.get("reworded", {})), frozenset(kept.get("off", ())), (), tuple(kept.get("order", ())))
    for row in kept.get("added", ()):
        edits = add(edits, row, library)
    return edits


def _row(question: Question) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in Question.__dataclass_fields__:
        value = getattr(question, name)
        if value:
            row[name] = sorted(value) if isinstance(value, frozenset) else value
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def _ordered(keys: list[str], order: Sequence[str]) -> list[str]:
    named = [key for key in order if key in keys]
    return named + [key for key in keys if key not in named]
