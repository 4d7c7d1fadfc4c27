"""Days without any provision, on a child's page and a school's, as the pure sums count them."""

from datetime import date

import pytest

from virtual_school.attendance.child_year import marks_of
from virtual_school.attendance.figures import days_without_provision_of
from virtual_school.attendance.queries import days_of
from virtual_school.attendance.sums import Mark, days_without_provision
from virtual_school.plans.tests.writing_world import TODAY, World

from .test_today_page import mark

pytestmark = pytest.mark.django_db
FIRST = date(2026, 9, 1)


def test_pages_and_sums_agree_on_the_days_without_any_provision(world: World) -> None:
    days = {16: ("I", "I"), 17: ("/", "C2"), 18: ("Y4", "Y4"), 19: ("", "N"), 20: ("C2", "C2"), 23: ("U", "\\")}
    for day, (am, pm) in days.items():
        mark(world, "maisie", date(2026, 11, day), am, pm)
    child = world.children["maisie"]
    with world.within():
        pure = days_without_provision(Mark(*one) for one in marks_of(days_of(child, FIRST, TODAY)))
        counted = days_without_provision_of([child.authority_id], [child.pk], FIRST, TODAY)
    assert (pure, counted) == (3, {child.pk: 3})
    client = world.client("head")
    for page in (f"/children/{child.public_id}/attendance/", f"/attendance/schools/{world.schools['teacher'].urn}/"):
        assert "Days without any provision" in client.get(page).content.decode()
    text = client.get(f"/attendance/schools/{world.schools['teacher'].urn}/download/").content.decode()
    line = next(line for line in text.splitlines() if "Maisie" in line)
    assert line.endswith(",3")
