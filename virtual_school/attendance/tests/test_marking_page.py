"""A school types its marks: one page for its pupils in care, of every authority."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.attendance.models import Delivery, EarlierMark, MarkedDay
from virtual_school.audit.models import Event
from virtual_school.authorities.actions import open_authority
from virtual_school.children.models import Child
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.actions import appoint_designated_teacher
from virtual_school.schools.models import School
from virtual_school.schools.tests.factories import SchoolFactory, a_pupil

pytestmark = pytest.mark.django_db
OURS, THEIRS = 373, 330
TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def on_tuesday():
    with time_machine.travel("2026-11-24T10:00:00Z", tick=False):
        yield


class World:
    school: School
    kai: Child
    zed: Child
    office: Client
    adviser: Client

    @property
    def page(self) -> str:
        return reverse("attendance:marks", args=[self.school.urn])

    def name(self, child: Child, session: str, day: date = TUESDAY) -> str:
        return f"{child.public_id}.{day}.{session}"


@pytest.fixture
def world(db: None) -> World:
    made = World()
    ours, theirs = open_authority(OURS), open_authority(THEIRS)
    made.school = SchoolFactory()
    with acting(service(OURS)):
        made.kai = a_pupil(ours, made.school)
    with acting(service(THEIRS)):
        made.zed = a_pupil(theirs, made.school, name="Zed Young")
    teacher = MembershipFactory(authority=None, role="designated_teacher", urn=made.school.urn).user
    with acting(service(OURS, THEIRS)):
        appoint_designated_teacher(
            made.school, person=teacher, starts=date(2026, 1, 5), authorities=[OURS, THEIRS], by=None
        )
    made.office = signed_in(teacher)
    made.adviser = signed_in(MembershipFactory(authority=ours, role="adviser").user)
    return made


def held() -> list[tuple]:
    with acting(service(OURS, THEIRS)):
        return list(MarkedDay.objects.order_by("authority", "day").values_list("authority", "day", "am", "pm"))


def test_the_office_types_the_marks_of_every_authoritys_pupils(world: World) -> None:
    shown = world.office.get(world.page).content.decode()
    assert "Kai Bennett" in shown
    assert "Zed Young" in shown
    data = {world.name(world.kai, "am"): "l", world.name(world.zed, "am"): "N", world.name(world.zed, "pm"): ""}
    answer = world.office.post(world.page, data, follow=True)
    assert "2 marks saved." in answer.content.decode()
    assert held() == [(THEIRS, TUESDAY, "N", ""), (OURS, TUESDAY, "L", "")]
    with acting(service(OURS, THEIRS)):
        assert Delivery.objects.get().source == "page"
        assert Event.objects.filter(action="attendance.marked").count() == 2


def test_sent_twice_nothing_is_doubled(world: World) -> None:
    data = {world.name(world.kai, "am"): "/"}
    for _ in range(2):
        world.office.post(world.page, data)
    assert held() == [(OURS, TUESDAY, "/", "")]
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Q9", "Q9 is not an attendance code"), ("H", "H is no longer used"), ("J", "J is no longer used: use J1")],
)
def test_what_is_no_code_of_the_day_is_told_and_nothing_is_saved(world: World, typed: str, words: str) -> None:
    data = {world.name(world.kai, "am"): typed, world.name(world.zed, "am"): "/"}
    answer = world.office.post(world.page, data).content.decode()
    assert "There is a problem" in answer
    assert words in answer
    assert f'href="#{world.name(world.kai, "am")}"' in answer
    assert held() == []


def test_a_mark_is_corrected_but_not_taken_away(world: World) -> None:
    am = world.name(world.kai, "am")
    world.office.post(world.page, {am: "N"})
    answer = world.office.post(world.page, {am: "", f"was.{am}": "N"}).content.decode()
    assert "A mark is not taken away" in answer
    world.office.post(world.page, {am: "I", f"was.{am}": "N"})
    assert held() == [(OURS, TUESDAY, "I", "")]
    with acting(service(OURS)):
        assert list(EarlierMark.objects.values_list("code", "why")) == [("N", "replaced")]


def test_an_old_page_does_not_put_back_what_somebody_corrected_meanwhile(world: World) -> None:
    am = world.name(world.kai, "am")
    world.office.post(world.page, {am: "N"})
    world.office.post(world.page, {am: "I", f"was.{am}": "N"})
    world.office.post(world.page, {am: "N", f"was.{am}": "N", world.name(world.zed, "am"): "/"})
    assert (OURS, TUESDAY, "I", "") in held()


def test_blanks_are_filled_in_as_present_and_saved_only_when_asked(world: World) -> None:
    am = world.name(world.kai, "am")
    answer = world.office.post(world.page, {am: "O", world.name(world.zed, "am"): "", "fill": str(TUESDAY)})
    shown = answer.content.decode()
    assert "1 blank marks of the morning of 24 November 2026 are filled in" in shown
    assert held() == []
    assert f'name="{world.name(world.zed, "am")}" value="/"' in shown


def test_a_week_goes_up_to_today_and_an_earlier_one_is_whole(world: World) -> None:
    this = world.office.get(world.page, {"week": "2026-11-23"}).content.decode()
    assert world.name(world.kai, "am", date(2026, 11, 23)) in this
    assert world.name(world.kai, "am", date(2026, 11, 25)) not in this
    before = world.office.get(world.page, {"week": "2026-11-18"}).content.decode()
    assert world.name(world.kai, "pm", date(2026, 11, 20)) in before


def test_what_an_adviser_types_gives_way_to_the_school(world: World) -> None:
    am = world.name(world.kai, "am")
    shown = world.adviser.get(world.page).content.decode()
    assert "Zed Young" not in shown
    world.adviser.post(world.page, {am: "I", world.name(world.zed, "am"): "I"})
    assert held() == [(OURS, TUESDAY, "I", "")]
    world.office.post(world.page, {am: "O", f"was.{am}": "I"})
    world.adviser.post(world.page, {am: "M", f"was.{am}": "O"})
    assert held() == [(OURS, TUESDAY, "O", "")]


def test_a_school_that_is_not_ones_own_is_not_there(world: World) -> None:
    other = SchoolFactory()
    assert world.office.get(reverse("attendance:marks", args=[other.urn])).status_code == 404
    assert world.adviser.get(reverse("attendance:marks", args=[other.urn])).status_code == 200
    assert world.office.get(reverse("attendance:registers")).url == world.page
    assert world.school.name in world.adviser.get(reverse("attendance:registers")).content.decode()


def test_a_child_who_left_the_roll_is_not_asked_about(world: World) -> None:
    from virtual_school.schools.models import Enrolment

    with acting(service(OURS)):
        Enrolment.objects.filter(child=world.kai).update(ends=date(2026, 11, 20))
    assert "Kai Bennett" not in world.office.get(world.page).content.decode()


def test_minutes_of_lateness_follow_the_code_and_are_corrected_like_it(world: World) -> None:
    am = world.name(world.kai, "am")
    world.office.post(world.page, {am: "l 12"})
    assert f'name="{am}" value="L12"' in world.office.get(world.page).content.decode()
    assert (
        "1 mark saved." in world.office.post(world.page, {am: "L25", f"was.{am}": "L12"}, follow=True).content.decode()
    )
    with acting(service(OURS)):
        assert MarkedDay.objects.values_list("am", "am_minutes").get() == ("L", 25)
        assert EarlierMark.objects.values_list("code", "minutes", "why").get() == ("L", 12, "replaced")
    answer = world.office.post(world.page, {am: "L", f"was.{am}": "L25"}, follow=True).content.decode()
    assert "Nothing was changed." in answer
    world.office.post(world.page, {am: "U", f"was.{am}": "L25"})
    with acting(service(OURS)):
        assert MarkedDay.objects.values_list("am", "am_minutes").get() == ("U", 0)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("L900", "900 minutes late is more than a school day"), ("I12", "I12 is not an attendance code")],
)
def test_minutes_that_cannot_be_are_told(world: World, typed: str, words: str) -> None:
    answer = world.office.post(world.page, {world.name(world.kai, "am"): typed}).content.decode()
    assert words in answer
    assert held() == []


def test_minutes_told_to_an_adviser_give_way_to_the_schools_own(world: World) -> None:
    am = world.name(world.kai, "am")
    world.office.post(world.page, {am: "L5"})
    world.adviser.post(world.page, {am: "L50", f"was.{am}": "L5"})
    with acting(service(OURS)):
        assert MarkedDay.objects.values_list("am", "am_minutes").get() == ("L", 5)
