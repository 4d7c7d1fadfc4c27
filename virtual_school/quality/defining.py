"""How a measure is defined: once, with its id, its words and the function that counts it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Literal

from virtual_school.law.obligation import in_words

from .measured import Measure, Tally, TermFacts

Better = Literal["more", "fewer", ""]
Counting = Callable[[TermFacts, Tally], dict[str, Any] | None]
Counted = Callable[[TermFacts], Measure]


@dataclass(frozen=True, slots=True)
class Definition:
    """`group` is the heading it stands under. `sentence` has gaps for {n}, {d}, {value} and {on}.

    `better` says which way is better, where one is. `tells_ratings`: from it one could tell how a plan was rated.
    """

    id: str
    group: str
    title: str
    sentence: str
    meaning: str
    count: Counted
    better: Better = "more"
    unit: str = "%"
    things: str = "children"
    tells_ratings: bool = False

    def says(self, measure: Measure) -> str:
        """The measure as a sentence; why there is none where it is not known or nothing was to count."""
        if measure.not_known:
            return measure.not_known
        if not measure.denominator:
            return f"Nothing to count by {in_words(measure.on)}: there were no {self.things} of this kind."
        gaps = {"n": f"{measure.numerator:,}", "d": f"{measure.denominator:,}", "on": in_words(measure.on)}
        return self.sentence.format_map({**gaps, "value": shown(measure.value, self.unit)})


DEFINITIONS: dict[str, Definition] = {}
"""Every measure by its id, in the order they are shown."""


def defined(
    id_: str, group: str, title: str, sentence: str, meaning: str, *, better: Better = "more", unit: str = "%",
    things: str = "children", tells_ratings: bool = False,
) -> Callable[[Counting], Counted]:  # fmt: skip
    """Marks the function that counts a measure. It is given an empty tally, and may answer with what else the
    measure says; `not_known` in its answer means that nothing can be counted, and all there is was left out."""

    def mark(counting: Counting) -> Counted:
        @wraps(counting)
        def count(term: TermFacts) -> Measure:
            tally = Tally()
            more = counting(term, tally) or {}
            on = more.pop("on", term.on)
            if more.get("not_known"):
                return Measure(
                    id=id_, title=title, on=on, unit=unit, not_known=more["not_known"], left_out=tally.reasons()
                )
            return tally.measure(id_, title, on, unit=unit, **more)

        if id_ in DEFINITIONS:
            raise ValueError(f"Two measures have the id {id_}.")
        DEFINITIONS[id_] = Definition(
            id_, group, title, sentence, meaning, count, better, unit, things, tells_ratings
        )  # fmt: skip
        return count

    return mark


def shown(value: float | None, unit: str) -> str:
    """A value as read: whole per cent, days to the half."""
    if value is None:
        return "no figure"
    if unit == "%":
        return f"{round_half_up(value)}%"
    words = f"{value:,.1f}".removesuffix(".0")
    return f"{words} {unit if value != 1 else unit.removesuffix('s')}"


def round_half_up(value: float) -> int:
    return int(value + 0.5)


def day_words(day: date) -> str:
    return in_words(day)
