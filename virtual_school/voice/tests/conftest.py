"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.worlds import Worlds

    from .world import World


@pytest.fixture(scope="module")
def world_of_the_module(worlds: "Worlds") -> Iterator["World"]:
    from .world import make_world

    with worlds.opened(make_world) as made:
        yield made


@pytest.fixture
def world(world_of_the_module: "World", db: None) -> "World":
    """As it was made: what a test does to it is taken back after."""
    return copy.deepcopy(world_of_the_module)
