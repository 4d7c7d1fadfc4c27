"""Models are imported inside the fixtures: this file is read before Django is set up."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from .world import World


@pytest.fixture
def on_the_day() -> Iterator[None]:
    from .world import TODAY

    with time_machine.travel(f"{TODAY.isoformat()} 10:00:00+00:00"):
        yield


@pytest.fixture
def world(db: None, on_the_day: None) -> "World":
    from .world import make

    return make()
