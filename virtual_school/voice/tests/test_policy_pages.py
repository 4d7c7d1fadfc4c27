"""A council's own hours, days and numbers: shown, changed from a day on, and said on children's pages from that day."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.authorities.models import PolicyVersion
from virtual_school.voice.policy import VoicePolicy
from virtual_school.voice.policy_words import CHOICES, differing, faults
from virtual_school.voice.settings_of import policy_for
from virtual_school.voice.tests.world import CODE, World, begun, make_world

pytestmark = pytest.mark.django_db
URL = "/voice/policy/change/"


def filled(starts: datetime.date | None = None, **changed: Any) -> dict[str, Any]:
    on = starts or timezone.localdate()
    usual = {name: getattr(VoicePolicy(), name) for name in CHOICES}
    day = {"starts-day": on.day, "starts-month": on.month, "starts-year": on.year}
    return {**usual, **day, "why": "Agreed by the partnership", **changed}


def changed(world: World, **more: Any) -> Any:
    return world.client(Role.VIRTUAL_SCHOOL_HEAD).post(URL, filled(**more), follow=True)


def test_every_choice_of_the_policy_is_on_the_page_and_no_other() -> None:
    assert set(CHOICES) == set(VoicePolicy.__dataclass_fields__)


def test_what_would_change_is_shown_before_it_does() -> None:
    world = make_world()
    page = changed(world, night_phone="0161 496 0000").content.decode()
    assert "Check before anything changes" in page and not PolicyVersion.objects.exists()
    page = changed(world, night_phone="0161 496 0000", confirmed="yes").content.decode()
    assert "0161 496 0000" in page and "Agreed by the partnership" in page
    assert policy_for(CODE, timezone.localdate()).night_phone == "0161 496 0000"


def test_a_child_reads_the_councils_own_numbers() -> None:
    world = make_world()
    changed(world, childline="0800 11 11", night_phone="0161 496 0000", confirmed="yes")
    child = begun(world)
    told = child.post("/my-school/not-safe/", follow=True).content.decode()
    assert "0161\N{NO-BREAK SPACE}496\N{NO-BREAK SPACE}0000" in told


def test_a_change_to_come_counts_from_its_day_and_can_be_withdrawn() -> None:
    world = make_world()
    later = timezone.localdate() + datetime.timedelta(days=10)
    changed(world, starts=later, urgent_hours=1, confirmed="yes")
    assert policy_for(CODE, timezone.localdate()).urgent_hours == 2
    assert policy_for(CODE, later).urgent_hours == 1
    head = world.client(Role.VIRTUAL_SCHOOL_HEAD)
    assert "to come" in head.get("/voice/policy/").content.decode()
    head.post(f"/voice/policy/{PolicyVersion.objects.get().pk}/withdraw/")
    assert policy_for(CODE, later).urgent_hours == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"closes": "08:00"}, "Reading ends after it begins."),
        ({"opens": "9 o’clock"}, "write a time such as 09:00"),
        ({"opens": "16:00"}, "shorter than that"),
        ({"ask_again_school_days_before": 15}, "nearer to the meeting"),
        ({"childline": "ask at school"}, "write a telephone number"),
        ({"urgent_hours": 0}, "must be 1 or more"),
        ({}, "Nothing differs"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(given: dict[str, Any], words: str) -> None:
    world = make_world()
    page = changed(world, **given, confirmed="yes")
    assert words in page.content.decode() and not PolicyVersion.objects.exists()


def test_only_what_differs_from_the_usual_is_kept() -> None:
    usual = {name: getattr(VoicePolicy(), name) for name in CHOICES}
    assert differing(usual) == {}
    assert differing({**usual, "urgent_hours": 1}) == {"urgent_hours": 1}
    assert list(faults(usual)) == []


def test_other_policies_stay_when_this_one_changes() -> None:
    world = make_world()
    today = timezone.localdate()
    PolicyVersion.objects.create(authority=world.authority, starts=today, choices={"plans": {"good_ratings": ["A"]}})
    changed(world, urgent_hours=1, confirmed="yes")
    assert PolicyVersion.objects.get().choices == {"plans": {"good_ratings": ["A"]}, "voice": {"urgent_hours": 1}}
