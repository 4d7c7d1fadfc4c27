"""The steps of a meeting, in order, and what is noted under each. Pure.

A meeting's notes are one text with a heading a step, so that they read as minutes wherever they are printed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Step:
    """`with_child`: a child who comes to the meeting is there for it. `heading` marks its notes and names nobody."""

    key: str
    title: str
    heading: str
    ask: str
    with_child: bool

    def words(self, first_name: str) -> str:
        return self.title.format(name=first_name)


AGENDA: tuple[Step, ...] = (
    Step("promised", "What we promised last time", "What was promised last time",
         "What came of it? What is still open, and why?", True),
    Step("celebrate", "Something good", "Something good", "What is there to celebrate since last time?", True),
    Step("child", "What {name} said", "What the child said", "What else did {name} say, in {name}’s words?", True),
    Step("progress", "Attendance and progress", "Attendance and progress", "What was said about school and learning?", True),
    Step("last", "Last term’s targets", "Last term’s targets", "What worked, and what should go on?", True),
    Step("needs", "What {name} needs", "What the child needs", "What would help most this term?", False),
    Step("targets", "New targets and money", "New targets and money", "What was said about targets and money?", False),
    Step("transition", "What comes next", "What comes next", "Moves and changes ahead, and who helps with them", False),
    Step("actions", "Actions", "Actions", "Anything else about who does what?", False),
    Step("next", "Next date", "Next date", "Anything else before everybody goes?", False),
)  # fmt: skip
STEPS = {step.key: step for step in AGENDA}
_HEADINGS = {f"{step.heading}:": step.key for step in AGENDA}


def steps_for(*, any_promised: bool) -> tuple[Step, ...]:
    """Open actions lead, where there are any."""
    return AGENDA if any_promised else AGENDA[1:]


def split_notes(text: str) -> dict[str, str]:
    """By step. What stands before any heading belongs to the first step after the promises."""
    found: dict[str, list[str]] = {}
    key = "celebrate"
    for line in text.split("\n"):
        if line in _HEADINGS:
            key = _HEADINGS[line]
        else:
            found.setdefault(key, []).append(line)
    return {key: "\n".join(lines).strip("\n") for key, lines in found.items() if "\n".join(lines).strip()}


def joined(notes: dict[str, str]) -> str:
    parts = [f"{step.heading}:\n{_plain(notes[step.key])}" for step in AGENDA if notes.get(step.key, "").strip()]
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """A line that happens to read like a heading must not become one."""
    return "\n".join(line.removesuffix(":") if line in _HEADINGS else line for line in text.split("\n"))


def tidy(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text.replace("\r\n", "\n").replace("\r", "\n"), flags=re.MULTILINE).strip("\n")


def merged(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Both people's words, where two wrote from the same `base`; and whether they wrote in the same place.

    Nothing is lost: where they did, both stand, theirs first.
    """
    if theirs in (base, mine):
        return mine, False
    if mine == base:
        return theirs, False
    b, m, t = base.split("\n"), mine.split("\n"), theirs.split("\n")
    found: list[str] = []
    clash = False
    at_b = at_m = at_t = 0
    for start_b, start_m, start_t, size in [*_shared(b, m, t), (len(b), len(m), len(t), 0)]:
        was, ours, other = b[at_b:start_b], m[at_m:start_m], t[at_t:start_t]
        if ours == other or was == ours:
            found += other
        elif was == other:
            found += ours
        elif was and other[: len(was)] == was:
            found += [*ours, *other[len(was) :]]
        elif was and ours[: len(was)] == was:
            found += [*other, *ours[len(was) :]]
        else:
            clash = clash or bool(other)
            found += _both(ours, other)
        found += b[start_b : start_b + size]
        at_b, at_m, at_t = start_b + size, start_m + size, start_t + size
    return "\n".join(found), clash


def _both(ours: Sequence[str], other: Sequence[str]) -> list[str]:
    """Lines that say no more than a line of the other are not said twice."""
    kept = [line for line in other if not any(line.strip() in one for one in ours)]
    return kept + [line for line in ours if not any(line.strip() and line.strip() in one for one in kept)]


def _shared(b: Sequence[str], m: Sequence[str], t: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Runs of lines that neither changed: (in base, in mine, in theirs, how many)."""
    in_mine = SequenceMatcher(None, b, m, autojunk=False).get_matching_blocks()
    in_theirs = SequenceMatcher(None, b, t, autojunk=False).get_matching_blocks()
    found = []
    i = j = 0
    while i < len(in_mine) and j < len(in_theirs):
        x, y = in_mine[i], in_theirs[j]
        first, last = max(x.a, y.a), min(x.a + x.size, y.a + y.size)
        if first < last:
            found.append((first, x.b + first - x.a, y.b + first - y.a, last - first))
        if x.a + x.size < y.a + y.size:
            i += 1
        else:
            j += 1
    return found
