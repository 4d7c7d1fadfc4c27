"""Every measure of the plans, each defined once. This module adds none of its own."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from . import measures_children, measures_plans
from .defining import DEFINITIONS, Definition
from .measured import Measure, MeasuredChild, TermFacts

__all__ = ["DEFINITIONS", "Definition", "measure", "measured", "narrowed"]

MODULES = (measures_plans, measures_children)


def measure(id_: str, term: TermFacts) -> Measure:
    return DEFINITIONS[id_].count(term)


def measured(term: TermFacts, ids: Iterable[str] | None = None) -> dict[str, Measure]:
    """Every measure, or those named, of the same facts."""
    return {id_: DEFINITIONS[id_].count(term) for id_ in (ids if ids is not None else DEFINITIONS)}


def narrowed(term: TermFacts, keep: Callable[[MeasuredChild], bool]) -> TermFacts:
    """The same term for some of its children."""
    return replace(term, children=tuple(child for child in term.children if keep(child)))
