"""The same seed and day give the same rows, on whatever day of the year that is."""

from datetime import date
from itertools import pairwise

import pytest

from virtual_school.demo.invent import invent
from virtual_school.demo.record import Making
from virtual_school.demo.whole import CALDERWICK, Invented, planned
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .world import InTheWorld, schools

DAYS = [
    date(2026, 11, 24), date(2026, 9, 1), date(2026, 8, 31), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 29),
    date(2028, 2, 29),
]  # fmt: skip


made = schools


@pytest.mark.usefixtures("world_of_the_class")
class SeedAndDay(InTheWorld):
    def setUp(self) -> None:
        self.enterContext(acting(service(CALDERWICK)))

    def invented(self, seed: str, today: date, children: int = 80) -> Making:
        one: Invented = planned(1, children)[0]
        return invent(one, self.world, seed, today)

    def test_the_same_seed_gives_the_same_children_schools_and_people(self):
        first, second = self.invented("2026", DAYS[0]), self.invented("2026", DAYS[0])
        assert first.rows.children == second.rows.children
        assert first.rows.of == second.rows.of
        assert first.team.users == second.team.users

    def test_another_seed_gives_other_children(self):
        first, second = self.invented("2026", DAYS[0]), self.invented("2027", DAYS[0])
        names = [{row[2:4] for row in made.rows.children} for made in (first, second)]
        assert len(names[0] & names[1]) < len(names[0]) / 3

    def test_nothing_has_begun_after_the_day_the_dates_lead_up_to(self):
        begins = {
            "care_episode": 1, "care_careperiod": 2, "care_placement": 1, "schools_enrolment": 4,
            "children_involvement": 2, "children_evidence": 2, "care_missingepisode": 2, "children_sensitivity": 2,
        }  # fmt: skip
        for today in DAYS:
            with self.subTest(today):
                made = self.invented("2026", today)
                for table, place in begins.items():
                    assert all(row[place] <= today for row in made.rows.of[table]), table

    def test_no_two_schools_overlap_on_any_day(self):
        for today in DAYS:
            with self.subTest(today):
                spans: dict[int, list[tuple[date, date]]] = {}
                for child, _, _, kind, starts, ends, *_ in self.invented("7", today, 150).rows.of["schools_enrolment"]:
                    if kind == "main":
                        spans.setdefault(child, []).append((starts, ends or date.max))
                for held in spans.values():
                    held.sort()
                    assert all(before[1] <= after[0] for before, after in pairwise(held))

    def test_one_child_can_be_asked_for(self):
        made = self.invented("2026", DAYS[0], 1)
        assert made.rows.children[0][2:4] == ("Kai", "Bennett")
