"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.worlds import Worlds

    from .world import World


@pytest.fixture(scope="module")
def world_of_the_module(request: pytest.FixtureRequest, worlds: "Worlds") -> Iterator["World"]:
    """As the `made` of the module makes it, once."""
    from .world import NOW

    with worlds.opened(request.module.made, NOW) as world:
        yield world


@pytest.fixture
def world(world_of_the_module: "World", db: None, settings: Any, tmp_path: Any) -> Iterator["World"]:
    """As it was made: what a test does to it is taken back after."""
    from .world import NOW

    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield copy.deepcopy(world_of_the_module)
