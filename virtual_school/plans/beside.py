"""What apps above this one show on top of a plan's page. Each puts a function into `PARTS` when it is ready: given
the opened plan it returns something with a `template`, or None for nothing."""

from collections.abc import Callable
from typing import Any

from .opened import OpenedPlan

PARTS: list[Callable[[OpenedPlan], Any]] = []


def beside(opened: OpenedPlan) -> list[Any]:
    return [part for of in PARTS if (part := of(opened)) is not None]
