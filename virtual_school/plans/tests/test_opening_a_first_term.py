"""A term before its first plan: opened by hand after a look, and never by night."""

from datetime import date, timedelta

import pytest
import time_machine

from virtual_school.care.actions import work_out_history
from virtual_school.plans.models import Plan
from virtual_school.plans.opening import open_term
from virtual_school.plans.opening_due import open_what_is_due

from .test_writing_sections import page, text_of
from .writing_world import HERE, TODAY, a_child, make

pytestmark = pytest.mark.django_db


def test_a_term_is_opened_after_a_look_at_who_and_doing_it_again_adds_nothing(db: None) -> None:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        world = make(opened=False)
        with world.within():
            a_child(world, world.here, "Baby Young", born=date(2025, 1, 1), came_in=TODAY - timedelta(days=90))
            work_out_history(HERE)
        client = world.client("head")
        look = text_of(page(client, "/plans/open/"))
        assert "Open 3 plans" in look and "Baby Young" in look and "expects a plan from age 3." in look
        with world.within():
            assert not Plan.objects.exists()
        assert client.post("/plans/open/", {"term": world.term.key}).status_code == 302
        with world.within():
            assert Plan.objects.filter(authority=world.here).count() == 3
            assert not open_term(authority=world.here, term=world.term, by=None, on=TODAY).made
        assert "Last opened 24 November 2026: 3 made" in text_of(page(client, "/plans/"))


def test_nothing_opens_by_night_where_no_plan_was_ever_opened_here(db: None) -> None:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        world = make(opened=False)
        with world.within():
            assert open_what_is_due(world.here, TODAY).made == 0
