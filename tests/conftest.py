from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .cast import Cast


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator["Cast"]:
    """Made once a module: it takes longer than what is asked of it. Put requests that change it in `undone()`."""
    from .cast import make_cast, undone  # not above: this file is read before Django is set up

    with django_db_blocker.unblock(), undone():
        yield make_cast()
