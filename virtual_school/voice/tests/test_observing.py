"""The observation sheet: adults who watch a child who cannot be asked, and when it counts."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.voice.models import ObservationSheet
from virtual_school.voice.tests.world import CODE, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {
    "where": "Snack time, at the table", "saw": "Pushed the cup away twice", "means": "Was full",
    "else": "The noise of the fan", "sure": "It is a guess", "agree": "Mrs Iqbal agrees", "told": "Shown the cup card",
}  # fmt: skip


def keep(world: World, role: str, days_ago: int = 0, **given: str) -> Any:
    on = timezone.localdate() - datetime.timedelta(days=days_ago)
    day = {"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}
    return world.client(role).post(f"{world.url}observation/", {**SAID, **day, **given}, follow=True)


@pytest.mark.parametrize(
    ("second", "days_ago", "counts"),
    [(Role.SOCIAL_WORKER, 1, True), (Role.SOCIAL_WORKER, 0, False), (Role.DESIGNATED_TEACHER, 1, False)],
)
def test_it_counts_with_two_people_on_two_occasions_and_no_sooner(second: str, days_ago: int, counts: bool) -> None:
    world = make_world()
    assert "Does not count yet" in keep(world, Role.DESIGNATED_TEACHER).content.decode()
    page = keep(world, second, days_ago).content.decode()
    assert ("Counts as views gathered" in page) is counts


def test_whoever_is_sure_says_why_and_every_field_is_filled() -> None:
    world = make_world()
    page = keep(world, Role.DESIGNATED_TEACHER, sure="I am sure", saw="").content.decode()
    assert "Say what makes you sure." in page and "Fill in “What I saw and heard”." in page
    with acting(service(CODE)):
        assert not ObservationSheet.objects.exists()


@pytest.mark.parametrize("role", [Role.CARER, Role.DATA_OFFICER, Role.ADMINISTRATOR])
def test_who_may_not_hand_the_page_over_keeps_no_sheet(role: str) -> None:
    assert keep(make_world(), role).status_code in {403, 404}
