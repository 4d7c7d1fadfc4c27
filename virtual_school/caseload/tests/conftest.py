"""Models are imported inside the fixtures: this file is read before Django is set up."""

import copy
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import time_machine

if TYPE_CHECKING:
    from .world import World


@pytest.fixture
def on_the_day() -> Iterator[None]:
    from .world import TODAY

    with time_machine.travel(f"{TODAY.isoformat()} 10:00:00+00:00"):
        yield


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator["World"]:
    """Made once a module, since making it takes longer than most of what is asked of it."""
    from tests.cast import undone

    from .world import TODAY, make

    with django_db_blocker.unblock(), undone():
        with time_machine.travel(f"{TODAY.isoformat()} 06:00:00+00:00", tick=False):
            made = make()
        yield made


@pytest.fixture
def world(world_of_the_module: "World", db: None, on_the_day: None) -> "World":
    """As it was made: what a test does to it, in the database or here, is taken back after."""
    return copy.deepcopy(world_of_the_module)
