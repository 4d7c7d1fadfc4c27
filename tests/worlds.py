"""Invented worlds that many tests play in, each made once and kept while the tests that follow ask for the same."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import time_machine

from .cast import undone


class Worlds:
    """Holds one world at a time, in a transaction that is never committed. A test works in a savepoint of its own."""

    def __init__(self, blocker: Any) -> None:
        self.blocker = blocker
        self.is_in_use = False
        self._made: Any = None
        self._how: object = None
        self._stack = contextlib.ExitStack()

    @contextlib.contextmanager
    def opened(self, make: Callable[..., Any], at: str = "", **how: Any) -> Iterator[Any]:
        """What `make` gives at that moment, made now unless it is the one that is held."""
        with self.blocker.unblock():
            if self._how != (make, how):
                self.close()
                with contextlib.ExitStack() as stack:
                    stack.enter_context(undone())
                    with time_machine.travel(at, tick=False) if at else contextlib.nullcontext():
                        self._made = make(**how)
                    self._stack = stack.pop_all()
                self._how = (make, how)
            self.is_in_use = True
            try:
                yield self._made
            finally:
                self.is_in_use = False

    def close(self) -> None:
        """For tests of another world, or of none."""
        with self.blocker.unblock():
            self._stack.close()
        self._made = self._how = None
