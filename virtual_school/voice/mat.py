"""The mat: cards put under a row of three, for a child who does not speak or does not read. Pure.

Practise with two things the adult knows about; go on only if they were placed as expected, else watch instead
(`observation`). Then one card at a time; show the whole mat; turn the row round and repeat three cards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from virtual_school.voice.sets import Point, Scale

REPEATED = 3


@dataclass(frozen=True, slots=True)
class Practice:
    """A food or toy the adult knows the child likes, and one they know the child does not, and where each was put."""

    liked: str
    disliked: str
    liked_put: str
    disliked_put: str


def may_go_on(practice: Practice, scale: Scale) -> bool:
    """The top row was understood: liked at its first end, disliked at its last. Else stop, and observe."""
    return practice.liked_put == scale.points[0].key and practice.disliked_put == scale.points[-1].key


def turned(scale: Scale) -> tuple[Point, ...]:
    """The row with its ends changed over."""
    return scale.points[::-1]


def to_repeat(places: Mapping[str, str], scale: Scale) -> tuple[str, ...]:
    """Three cards to ask again, from as many places on the row as there are: the ends show most."""
    by_point = {point.key: [card for card, put in places.items() if put == point.key] for point in scale.points}
    order: Sequence[str] = (scale.points[0].key, scale.points[-1].key, *[point.key for point in scale.points[1:-1]])
    found: list[str] = []
    while len(found) < REPEATED and any(by_point.values()):
        for key in order:
            if by_point[key] and len(found) < REPEATED:
                found.append(by_point[key].pop(0))
    return tuple(found)


def confirmed(places: Mapping[str, str], repeated: Mapping[str, str]) -> str:
    """ "yes" where every repeated card kept its meaning with the row turned, "no" where none did, else "partly"."""
    same = [places[card] == put for card, put in repeated.items() if card in places]
    if not same or not any(same):
        return "no"
    return "yes" if all(same) else "partly"
