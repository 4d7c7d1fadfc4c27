"""Links of a list to itself: what is chosen stands in its address, as ids."""

from collections.abc import Collection, Mapping

from django.http import QueryDict

from .components import Link


def list_address(query: QueryDict, **chosen: str) -> str:
    """The list with these choices besides those of its address, on its first page; an empty one takes that choice
    out."""
    changed = query.copy()
    changed.pop("page", None)
    for name, value in chosen.items():
        if value:
            changed[name] = value
        else:
            changed.pop(name, None)
    return f"?{changed.urlencode()}"


def choice_links(
    query: QueryDict,
    name: str,
    options: Mapping[str, str],
    current: str,
    counted: Mapping[str, int] | None = None,
    always: Collection[str] = (),
) -> list[Link]:
    """One link a choice, with how many it shows; where they are counted, an empty one only if it is chosen or `always`
    there."""
    return [
        Link(
            words if counted is None else f"{words} ({counted[value]:,})",
            list_address(query, **{name: value}),
            value == current,
        )
        for value, words in options.items()
        if counted is None or counted[value] or value == current or value in always
    ]
