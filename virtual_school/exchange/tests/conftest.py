"""What the tests of imports share. This file is read before Django is set up, so it imports within."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import samples

CHILDREN = ["566910", "384923", "709901", "550084", "710229", "69112", "988635", "102639", "197474", "510000", "853884"]


@pytest.fixture
def authority(db: None) -> Any:
    from virtual_school.authorities.actions import open_authority

    return open_authority(330)


@pytest.fixture(scope="session")
def whole_return() -> dict[str, samples.Rows]:
    return samples.tables()


@pytest.fixture
def files(whole_return: dict[str, samples.Rows]) -> dict[str, samples.Rows]:
    """A return of eleven children, by file name; tests correct it and send it again."""
    return samples.cut(whole_return, CHILDREN)


@pytest.fixture
def load(authority: Any, tmp_path: Path) -> Callable[[dict[str, samples.Rows]], tuple[Any, Any]]:
    """Loads a return: the changes, and the import."""
    from .loading import take_in

    return lambda files: take_in("ssda903", authority, samples.write(tmp_path / "return", files))


@pytest.fixture(scope="module")
def world_made(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Made once a module; each test's own transaction takes back what it did."""
    from tests.cast import undone

    from .api_world import make_world

    with django_db_blocker.unblock(), undone():
        yield make_world()


@pytest.fixture
def world(world_made: Any, db: None) -> Any:
    return world_made
