"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.worlds import Worlds

    from .world import World


@pytest.fixture
def on_the_day() -> Iterator[None]:
    from .world import TODAY

    with time_machine.travel(f"{TODAY.isoformat()} 10:00:00+00:00"):
        yield


@pytest.fixture(scope="module")
def world_of_the_module(worlds: "Worlds") -> Iterator["World"]:
    """Made once for the modules that follow each other: making it takes longer than most of what is asked of it."""
    from .world import TODAY, make

    with worlds.opened(make, f"{TODAY.isoformat()} 06:00:00+00:00") as made:
        yield made


@pytest.fixture
def world(world_of_the_module: "World", db: None, on_the_day: None) -> "World":
    """As it was made: what a test does to it, in the database or here, is taken back after."""
    return copy.deepcopy(world_of_the_module)
