"""Suspensions and provision of the walk-through's authority: few, lifelike, and one story with the marks."""

from collections import Counter

import pytest

from virtual_school.access.models import User
from virtual_school.access.person import person_of
from virtual_school.attendance.models import MarkedDay
from virtual_school.attendance.models_alerts import AttendanceAction, AttendanceAlert
from virtual_school.attendance.models_exclusion import Suspension, SuspensionTold
from virtual_school.attendance.models_provision import EducationStep, Provision
from virtual_school.attendance.whose import whose
from virtual_school.attendance.without_education import BELOW, NOTHING, TUITION, without_education
from virtual_school.children.models import Involvement
from virtual_school.demo.whole import CALDERWICK
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .world import TODAY, InTheWorld, calderwick

made = calderwick


@pytest.mark.usefixtures("world_of_the_class")
class Exclusions(InTheWorld):
    def setUp(self) -> None:
        self.enterContext(acting(service(CALDERWICK)))

    def test_one_child_is_permanently_excluded_and_a_few_are_suspended_today(self):
        stands = Suspension.objects.filter(starts__lte=TODAY)
        assert stands.filter(category="PERM").count() == 1
        assert stands.filter(category="SUSP", back_on__gt=TODAY).count() == 3
        assert 3 < stands.count() < 60

    def test_every_day_of_a_suspension_is_marked_so(self):
        for one in Suspension.objects.filter(category="SUSP"):
            days = MarkedDay.objects.filter(child=one.child, day__gte=one.starts, day__lt=min(one.back_on, TODAY))
            assert set(days.values_list("am", flat=True)) <= {"E"}, one.starts

    def test_each_was_told_to_the_head_and_the_social_worker(self):
        around = Involvement.objects.filter(role="social_worker", ends__isnull=True)
        with_a_social_worker = set(around.values_list("child", flat=True))
        for one in Suspension.objects.all():
            roles = set(SuspensionTold.objects.filter(suspension=one).values_list("role", flat=True))
            assert {"virtual_school_head", "parent"} <= roles
            assert ("social_worker" in roles) == (one.child_id in with_a_social_worker)

    def test_all_three_groups_have_somebody_and_one_reduced_timetable_is_past_its_end(self):
        head = person_of(User.objects.get(name="Helen Marsden", is_invented=True), on=TODAY)
        rows = without_education(whose(head, TODAY), TODAY)
        assert {row.group for row in rows} == {NOTHING, TUITION, BELOW}
        by_name = {row.child.name: row for row in rows}
        assert (by_name["Yonas Tesfay"].days, by_name["Yonas Tesfay"].limit) == (36, 20)
        assert by_name["Kai Bennett"].group == TUITION
        assert by_name["Lacey Ogden"].now == "Reduced timetable"
        assert sum(row.is_past_its_end for row in rows) == 1
        assert Provision.objects.filter(kind="reduced", ends__isnull=True).count() == 3
        assert any(row.step is None for row in rows) and EducationStep.objects.exists()

    def test_alerts_of_the_last_days_stand_in_every_state_with_something_to_do_and_something_done(self):
        states = dict(Counter(AttendanceAlert.objects.values_list("state", flat=True)))
        assert set(states) == {"open", "acknowledged", "closed", "withdrawn"}, states
        assert states["open"] + states["acknowledged"] < 100
        assert {one.done_on is None for one in AttendanceAction.objects.all()} == {True, False}
