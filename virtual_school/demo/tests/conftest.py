from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.worlds import Worlds


@pytest.fixture(scope="module")
def world_of_the_module(request: pytest.FixtureRequest, worlds: "Worlds") -> Iterator[Any]:
    """As the `made` of the module makes it, once for the modules that follow each other."""
    with worlds.opened(request.module.made) as world:
        yield world


@pytest.fixture(scope="class")
def world_of_the_class(request: pytest.FixtureRequest, world_of_the_module: Any) -> None:
    request.cls.world = world_of_the_module
