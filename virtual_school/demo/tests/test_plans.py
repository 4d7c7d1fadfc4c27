"""The plans written for invented children: the same from the same seed, on whatever day."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from virtual_school.demo.actions import make_authority
from virtual_school.demo.whole import CALDERWICK, planned
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.plans.models import Answer, Plan, Target

from .world import InTheWorld, schools


class _Undone(Exception):
    pass


made = schools


@pytest.mark.usefixtures("world_of_the_class")
class SeedOfPlans(InTheWorld):
    def setUp(self) -> None:
        self.enterContext(acting(service(CALDERWICK)))

    def told(self, seed: str, today: date = date(2026, 11, 24)) -> list[list[Any]]:
        found: list[list[Any]] = []
        try:
            with transaction.atomic():
                make_authority(planned(1, 15)[0], self.world, seed, today)
                plans = Plan.objects.order_by("child__local_id", "term", "state", "opened_on")
                found.append(list(plans.values_list("child__local_id", "term", "state", "meeting_on", "due_on")))
                answers = Answer.objects.filter(source="typed").order_by(
                    "plan__child__local_id", "plan_id", "field_key"
                )
                found.append([str(value) for value in answers.values_list("value", flat=True)])
                targets = Target.objects.order_by("child__local_id", "id")
                found.append(list(targets.values_list("outcome", "how", "state")))
                raise _Undone
        except _Undone:
            return found

    def test_the_same_seed_gives_the_same_plans_and_another_seed_others(self):
        first = self.told("7")
        assert all(first)
        assert self.told("7") == first
        assert self.told("8")[1] != first[1]

    def test_plans_can_be_made_on_a_day_of_a_holiday_and_at_the_turn_of_the_year(self):
        for today in (date(2026, 8, 12), date(2027, 1, 1), date(2027, 4, 8)):
            with self.subTest(today):
                assert self.told("7", today)[0]
