"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.worlds import Worlds
    from virtual_school.plans.tests.writing_world import World


@pytest.fixture(scope="module")
def world_of_the_module(worlds: "Worlds") -> Iterator["World"]:
    """Maisie, her twin and others at Moorcroft, of three councils."""
    from virtual_school.plans.tests.writing_world import TODAY, make

    with worlds.opened(make, f"{TODAY.isoformat()} 06:00:00+00:00", opened=False) as made:
        yield made


@pytest.fixture
def world(world_of_the_module: "World", db: None, settings: Any, tmp_path: Any) -> Iterator["World"]:
    """As it was made: what a test does to it is taken back after."""
    from virtual_school.plans.tests.writing_world import TODAY

    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 09:30:00+00:00"):
        yield copy.deepcopy(world_of_the_module)
