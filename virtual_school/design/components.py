"""What the templates in `design/components/` are given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from virtual_school.design.pictures.svg import Picture


@dataclass(frozen=True, slots=True)
class Action:
    """A link of a summary list's row; `about` ends its name for a screen reader ("Change" + "name")."""

    text: str
    url: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """`source` says where a value came from, under it."""

    key: str
    value: Any
    actions: Sequence[Action] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers align right."""

    name: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell that is more than its text; `small` goes beneath it, `state` becomes a tag."""

    text: Any
    url: str = ""
    small: str = ""
    state: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names the row. Cells are plain values or `Cell`."""

    caption: str
    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Any]]
    show_caption: bool = False
    tight: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(Column(c) if isinstance(c, str) else c for c in self.columns))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, in words; `url` is the list without it."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and one line that gives it meaning. `alert` only where something is late."""

    number: str
    label: str
    meaning: str
    url: str = ""
    alert: bool = False


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One obligation in four columns: whose or which, who must do what, by when, how it stands. `strength` is empty
    where a heading has said it."""

    name: str
    what: str
    due: str
    state: str
    about: str = ""
    days: str = ""
    url: str = ""
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty's box. `more` is the link to the rows not shown, with their count."""

    title: str
    strength: str
    citation: str
    rows: Sequence[DutyRow]
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One line of a task list. A colour makes the status a tag: only what needs work has one."""

    name: str
    status: str
    url: str = ""
    hint: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons behind a date: how many days counted, their picture, the steps, the citation, the evidence."""

    strength: str
    citation: str
    citation_url: str = ""
    steps: Sequence[str] = ()
    counted: str = ""
    picture: Picture | None = None
    held: Sequence[str] = ()
    missing: Sequence[str] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class NextItem:
    """One thing to do next: who must do what, by when in words and in days."""

    sentence: str
    when: str
    state: str
    strength: str
    url: str = ""
    why: Why | None = None
