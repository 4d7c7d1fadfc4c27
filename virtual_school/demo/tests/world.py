"""What the tests of the demonstration look at: the authority of the walk-through, and the ground it stands on."""

from datetime import date
from typing import Any
from unittest import mock

from django.db import connections
from django.test import TestCase

from virtual_school.demo.actions import make
from virtual_school.demo.ground import england, load_calendars, load_schools
from virtual_school.demo.places import England
from virtual_school.demo.whole import CALDERWICK
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

TODAY = date(2026, 11, 24)
CHILDREN = 486


def calderwick() -> list[dict[str, Any]]:
    """As `virtual-school demo` makes it by default."""
    return make(1, CHILDREN, "2026", TODAY)


def schools() -> England:
    with acting(service(CALDERWICK)):
        load_schools(TODAY)
        load_calendars([CALDERWICK], TODAY)
        return england()


class InTheWorld(TestCase):
    """Django closes the connection after a class, and with it would go what is kept for the next one."""

    world: Any

    @classmethod
    def tearDownClass(cls) -> None:
        with mock.patch.object(connections["default"], "close"):
            super().tearDownClass()
