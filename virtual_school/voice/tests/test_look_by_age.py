"""What a question looks like for a younger and for an older child; what is kept is the same."""

import pytest

from virtual_school.voice.sets import library
from virtual_school.voice.widgets import Look, context
from virtual_school.voice.words import Phrases

ENGLISH = Phrases("en")


def test_five_points_are_faces_for_younger_children_and_words_with_bars_for_older_ones() -> None:
    asked = library().question("k3.now")
    assert asked is not None
    young, older = (context(asked, None, Look(ENGLISH, is_older=is_older)) for is_older in (False, True))
    assert young["template"].endswith("faces.html") and all(one.picture for one in young["options"])
    assert older["template"].endswith("steps.html") and not any(one.picture for one in older["options"])
    assert [one.bars for one in older["options"]] == [1, 2, 3, 4, 5]
    assert [one.key for one in young["options"]] == [one.key for one in older["options"]]


@pytest.mark.parametrize("key", ["k3.knowok", "k2.kind"])
def test_three_points_keep_their_pictures_at_every_age(key: str) -> None:
    asked = library().question(key)
    assert asked is not None
    assert all(one.picture for one in context(asked, None, Look(ENGLISH, is_older=True))["options"])
