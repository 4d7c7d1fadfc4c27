"""When a section or field of a plan's template is asked, and the circumstances that decide it.

A condition is a small document: {"all": [...]}, {"any": [...]}, {"not": ...}, {"phase": [...]},
{"year_group": [10, 11]}, {"season": ["spring"]}, {"is": "unaccompanied"} or
{"field": "sen.status", "in": ["ehc_plan"]}. An answer of the kind yes_no is true or false.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PHASES = {
    "early_years": "Early years",
    "primary": "Primary",
    "secondary": "Secondary, years 7 to 9",
    "key_stage_4": "Key stage 4, years 10 and 11",
    "post_16": "After 16",
    "not_on_roll": "Without a school place",
    "custody": "In custody or a secure home",
    "send": "Special educational needs",
    "previously_looked_after": "Previously looked after, by consent",
}

SEASONS = ("autumn", "spring", "summer")

CIRCUMSTANCES = {
    "first_plan": ("this is the first plan", "No earlier plan is held for this time in care."),
    "unaccompanied": (
        "the child came to the country without a parent",
        "The social care record holds a period as an unaccompanied asylum-seeking child.",
    ),
    "custody": (
        "the child is in custody or a secure home",
        "The code of the current placement, or the custody record.",
    ),
    "remand": ("the child is on remand", "The legal status of the current episode."),
    "no_school": ("the child is on no school's roll", "No enrolment is held for the day the plan is for."),
    "transition": (
        "a move to a new stage is near",
        "The year group, by council policy: before reception, year 6, year 9, year 11 and the last year of a course.",
    ),
    "out_of_area": (
        "the child lives outside the council's area",
        "The current placement, as the social care record gives it.",
    ),
    "sdq_over_cut_off": (
        "the latest strengths and difficulties score is at or over the council's cut-off",
        "The latest score held, against the council's own cut-off.",
    ),
}
"""What {"is": ...} may name: how it reads after "because", and how the service knows it."""


class FaultyCondition(ValueError):
    """A condition that cannot be read; the message says what is wrong in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of the child and the term that decides which parts of the template are asked.

    How each `is_` and `has_` is known stands in CIRCUMSTANCES.
    """

    phase: str
    year_group: int | None = None
    """By age (0 is reception); None: the date of birth is not held."""

    season: str = ""
    """Of the term the plan is for; empty: the term is not known."""

    is_first_plan: bool = False
    is_unaccompanied: bool = False
    is_in_custody: bool = False
    is_remand: bool = False
    has_no_school: bool = False
    is_transition_year: bool = False
    is_out_of_area: bool = False
    is_sdq_over_cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What stands in a field. A table's value is a list of rows, each a mapping of column to value."""

    value: Any = None
    reason_if_blank: str = ""


Answers = Mapping[str, Answered]


@dataclass(frozen=True, slots=True)
class Condition:
    """One node. `kind` is the document's key; `values` its list, or the conditions beneath it."""

    kind: str
    values: tuple[Any, ...]
    field: str = ""


def condition_from(document: Any) -> Condition:
    """Raises FaultyCondition."""
    if not isinstance(document, Mapping) or not document:
        raise FaultyCondition(f"A condition must be a document with one rule in it, not {document!r}.")
    if "field" in document:
        _keys(document, {"field", "in"})
        return Condition("field", _several(document, "in"), _text(document, "field"))
    if len(document) != 1:
        raise FaultyCondition(f"A condition has one rule, not {len(document)}: {', '.join(map(str, document))}.")
    kind = next(iter(document))
    if kind in ("all", "any"):
        return Condition(kind, tuple(condition_from(part) for part in _several(document, kind)))
    if kind == "not":
        return Condition(kind, (condition_from(document["not"]),))
    if kind == "is":
        return Condition(kind, (_one_of(_text(document, kind), CIRCUMSTANCES, "circumstance"),))
    if kind == "phase":
        return Condition(kind, tuple(_one_of(value, PHASES, "phase") for value in _several(document, kind)))
    if kind == "season":
        return Condition(kind, tuple(_one_of(value, SEASONS, "season") for value in _several(document, kind)))
    if kind == "year_group":
        years = _several(document, kind)
        for year in years:
            if not isinstance(year, int) or isinstance(year, bool):
                raise FaultyCondition(f"A year group is a whole number, not {year!r}.")
        return Condition(kind, years)
    raise FaultyCondition(f"A condition cannot ask for {kind!r}.")


def condition_document(condition: Condition) -> dict[str, Any]:
    if condition.kind == "field":
        return {"field": condition.field, "in": list(condition.values)}
    if condition.kind in ("all", "any"):
        return {condition.kind: [condition_document(part) for part in condition.values]}
    if condition.kind == "not":
        return {"not": condition_document(condition.values[0])}
    if condition.kind == "is":
        return {"is": condition.values[0]}
    return {condition.kind: list(condition.values)}


def is_shown(condition: Condition | None, circumstances: Circumstances, answers: Answers) -> bool:
    """Whether a condition holds. A year group or term that is not known hides nothing."""
    if condition is None:
        return True
    values = condition.values
    match condition.kind:
        case "all":
            return all(is_shown(part, circumstances, answers) for part in values)
        case "any":
            return any(is_shown(part, circumstances, answers) for part in values)
        case "not":
            return not is_shown(values[0], circumstances, answers)
        case "phase":
            return circumstances.phase in values
        case "year_group":
            return circumstances.year_group is None or circumstances.year_group in values
        case "season":
            return not circumstances.season or circumstances.season in values
        case "is":
            return _holds(values[0], circumstances)
    answer = answers.get(condition.field)
    if answer is None:
        return False
    return any(value in values for value in _as_several(answer.value))


def fields_asked(condition: Condition | None) -> tuple[str, ...]:
    """The keys of the fields a condition looks at."""
    if condition is None:
        return ()
    if condition.kind == "field":
        return (condition.field,)
    if condition.kind in ("all", "any", "not"):
        return tuple(key for part in condition.values for key in fields_asked(part))
    return ()


def condition_words(condition: Condition, labels: Mapping[str, str]) -> str:
    """A condition as it reads after "Asked when". `labels`, as `Template.labels` has them: each field's by its key, and
    each choice's by key and value."""
    match condition.kind:
        case "all":
            return " and ".join(condition_words(part, labels) for part in condition.values)
        case "any":
            return " or ".join(condition_words(part, labels) for part in condition.values)
        case "not":
            said = condition_words(condition.values[0], labels)
            if condition.values[0].kind == "field":
                return said.replace("” is answered ", "” is not answered ", 1)
            if condition.values[0].kind == "is":
                said = said.replace(" is ", " is not ", 1).replace(" came ", " did not come ", 1)
                return said.replace(" lives ", " does not live ", 1)
            return f"it is not so that {said}"
        case "phase":
            return f"the plan is for {_or(PHASES[value].lower() for value in condition.values)}"
        case "year_group":
            return f"the child is in {_or(_year_words(year) for year in condition.values)}"
        case "season":
            return f"the term is {_or(condition.values)}"
        case "is":
            return CIRCUMSTANCES[condition.values[0]][0]
    label = labels.get(condition.field, condition.field)
    answers = (_answer_words(value, labels.get(f"{condition.field}={value}", "")) for value in condition.values)
    return f"“{label}” is answered {_or(answers)}"


def _holds(name: str, circumstances: Circumstances) -> bool:
    return {
        "first_plan": circumstances.is_first_plan,
        "unaccompanied": circumstances.is_unaccompanied,
        "custody": circumstances.is_in_custody,
        "remand": circumstances.is_remand,
        "no_school": circumstances.has_no_school,
        "transition": circumstances.is_transition_year,
        "out_of_area": circumstances.is_out_of_area,
        "sdq_over_cut_off": circumstances.is_sdq_over_cut_off,
    }[name]


def _year_words(year: int) -> str:
    if year < 0:
        return "nursery"
    return "reception" if year == 0 else f"year {year}"


def _answer_words(value: Any, label: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{label}”" if label else str(value).replace("_", " ")


def _or(values: Any) -> str:
    parts = list(values)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _as_several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _keys(document: Mapping[str, Any], wanted: set[str]) -> None:
    if set(document) != wanted:
        raise FaultyCondition(
            f"A condition on a field has exactly {_and(wanted)}; this one has {_and(map(str, document))}."
        )


def _and(words: Any) -> str:
    return " and ".join(f"“{word}”" for word in sorted(words))


def _several(document: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    values = document[key]
    if not isinstance(values, list | tuple) or not values:
        raise FaultyCondition(f"“{key}” in a condition needs a list with something in it.")
    return tuple(values)


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document[key]
    if not isinstance(value, str) or not value:
        raise FaultyCondition(f"“{key}” in a condition needs a word, not {value!r}.")
    return value


def _one_of(value: Any, known: Any, what: str) -> Any:
    if not isinstance(value, str) or value not in known:
        raise FaultyCondition(f"There is no {what} called {value!r}.")
    return value
