"""Calls of the walk-through's authority: a list for today that is begun, this week's, and schools that were asked."""

from datetime import UTC, datetime

import pytest

from virtual_school.attendance.calling import LATER, NOW, call_list
from virtual_school.attendance.chasing import owing
from virtual_school.attendance.models import MarkedDay
from virtual_school.attendance.models_calls import CallAnswer, SchoolCall, UnregisteredPlace
from virtual_school.attendance.whose import Whose
from virtual_school.demo.whole import CALDERWICK
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .world import TODAY, InTheWorld, calderwick

OF = Whose("virtual_school_head", (CALDERWICK,), None)


made = calderwick


@pytest.mark.usefixtures("world_of_the_class")
class Calls(InTheWorld):
    def setUp(self) -> None:
        self.enterContext(acting(service(CALDERWICK)))

    def test_today_there_are_schools_to_ring_now_and_some_to_ring_again(self):
        found = call_list(OF, TODAY, datetime(2026, 11, 24, 9, 32, tzinfo=UTC))
        assert found.of(NOW) and found.of(LATER)
        assert found.told == 1
        assert len(found.sites) < 40

    def test_one_child_is_at_a_place_off_the_register_whose_number_is_kept(self):
        found = call_list(OF, TODAY, datetime(2026, 11, 24, 9, 32, tzinfo=UTC))
        (off,) = [one for one in found.sites if isinstance(one.site, UnregisteredPlace)]
        assert len(off.pupils) == 1
        assert off.contact.telephone.startswith("01632 960")
        assert any(isinstance(one.site, UnregisteredPlace) for one in owing(OF, TODAY, 10))

    def test_calls_of_the_days_before_told_what_the_marks_say_and_one_was_struck_out(self):
        before = SchoolCall.objects.filter(about__lt=TODAY)
        assert 4 <= before.count() <= 9
        assert before.filter(struck_at__isnull=False).count() == 1
        for answer in CallAnswer.objects.filter(day__lt=TODAY):
            assert MarkedDay.objects.get(child=answer.child_id, day=answer.day, urn=answer.urn).am == answer.am

    def test_a_few_schools_owe_marks_and_one_broke_its_promise(self):
        rows = owing(OF, TODAY, 10)
        assert any(row.is_broken(TODAY) for row in rows)
        assert any(row.last_asked is None for row in rows)
