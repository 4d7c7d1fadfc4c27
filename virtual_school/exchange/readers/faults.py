"""What a reader says about a file: what it refused, what it doubts, and why it could not read on."""

from dataclasses import dataclass


class Unreadable(ValueError):
    """Nothing was read. The words name the file and say what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` is the line in the file, the header being line 1 (in XML, the number of the element)."""

    file: str
    row: int
    column: str
    value: str
    reason: str
    fix: str


class Rejection(Fault):
    """The row was left out."""

    __slots__ = ()


class Caution(Fault):
    """The row was read; a person should look at it."""

    __slots__ = ()
