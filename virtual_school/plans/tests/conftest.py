"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.worlds import Worlds

    from .writing_world import World


@pytest.fixture(scope="module")
def world_of_the_module(worlds: "Worlds") -> Iterator["World"]:
    """Made once for the modules that follow each other: making it takes longer than most of what is asked of it."""
    from .writing_world import TODAY, make

    with worlds.opened(make, f"{TODAY.isoformat()} 06:00:00+00:00") as made:
        yield made


@pytest.fixture
def made_world(world_of_the_module: "World", db: None) -> "World":
    """As it was made: what a test does to it, in the database or here, is taken back after."""
    return copy.deepcopy(world_of_the_module)
