"""The children of a term in groups: by phase, by school, and so on. Pure."""

from collections.abc import Iterable

from .measured import MeasuredChild, TermFacts
from .measures import narrowed

ON_BOARD = ("phase", "area")
"""The breakdowns that those who see figures only are shown. A school or an adviser would be too near to a child."""

APART = ("phase", "area", "school")
"""A child is in one group of these; of the others perhaps in two."""

IN, OUT, NOT_KNOWN, NONE = "in", "out", "not_known", "none"


def groups_of(child: MeasuredChild, by: str, term: TermFacts) -> tuple[str, ...]:
    """The keys of the groups a child is in: of a phase, a URN, a person's id."""
    if by == "phase":
        return (child.phase or NOT_KNOWN,)
    if by == "area":
        near = child.in_area(term.on)
        return (NOT_KNOWN if near is None else IN if near else OUT,)
    if by == "school":
        return (str(child.school) if child.school else NONE,)
    people = child.advisers if by == "adviser" else child.social_workers
    return tuple(str(person) for person in people) or (NONE,)


def by_group(term: TermFacts, by: str) -> dict[str, TermFacts]:
    """The facts of each group. Empty `by`: everyone, under an empty key."""
    if not by:
        return {"": term}
    members: dict[str, set[int]] = {}
    for child in term.children:
        for key in groups_of(child, by, term):
            members.setdefault(key, set()).add(child.child)
    return {key: _only(term, ids) for key, ids in sorted(members.items())}


def _only(term: TermFacts, ids: set[int]) -> TermFacts:
    return narrowed(term, lambda child: child.child in ids)


def chosen(term: TermFacts, choices: Iterable[tuple[str, str]]) -> TermFacts:
    """The children in every one of these groups."""
    wanted = tuple(choices)
    return narrowed(term, lambda child: all(key in groups_of(child, by, term) for by, key in wanted))
