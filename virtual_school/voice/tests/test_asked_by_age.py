"""What follows from a child's years: under four nothing is rated, under three adults watch first; clubs of a school."""

import datetime

import pytest

from virtual_school.access.models import Role
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import Enrolment, School
from virtual_school.voice.models import SchoolClubs
from virtual_school.voice.saying import questions_of
from virtual_school.voice.tests.world import CODE, URN, World, begun, hand_over, make_world, number_of, with_code

pytestmark = pytest.mark.django_db
CLUBS = "/voice/clubs/"


def aged(years: int) -> World:
    today = datetime.date.today()
    return make_world(born=datetime.date(today.year - years, 1, 1))


@pytest.mark.parametrize(("years", "kinds"), [(3, {"this_or_that", "pick"}), (4, {"pick", "sort"})])
def test_under_four_cards_are_chosen_two_at_a_time_and_nothing_is_rated(years: int, kinds: set[str]) -> None:
    world = aged(years)
    hand_over(world, question_set="ey")
    assert {question.kind for question in questions_of(world.entry())} == kinds


@pytest.mark.parametrize(("years", "is_told"), [(2, True), (3, False)])
def test_under_three_adults_are_told_that_what_they_see_is_the_main_record(years: int, is_told: bool) -> None:
    world = aged(years)
    for url in (world.url, f"{world.url}start/"):
        page = world.client(Role.DESIGNATED_TEACHER).get(url).content.decode()
        assert ("what adults see is the main record" in page) is is_told, url


def test_a_parent_is_told_whose_words_they_are_and_a_childs_years_change_nothing_of_their_questions() -> None:
    world = aged(3)
    handed = world.client(Role.DESIGNATED_TEACHER).post(
        f"{world.url}parent/", {"name": "Ann", "safe": "yes", "do": "code"}
    )
    first = with_code(handed.context["code"].digits).get("/my-school/first/").content.decode()
    assert "Hello Maisie" not in first and "They are not the child’s." in first
    assert questions_of(world.entry(speaker="parent"))[0].key.startswith("r.")


def test_clubs_that_a_school_lists_are_cards_for_the_children_at_it() -> None:
    world = make_world()
    school = School.objects.create(urn=URN, name="Ashby Primary", search_text="ashby")
    with acting(service(CODE)):
        Enrolment.objects.create(
            authority=world.authority, child=world.child, school=school, starts=datetime.date(2020, 9, 1)
        )
    teacher = world.client(Role.DESIGNATED_TEACHER)
    page = teacher.post(CLUBS, {"names": "Choir\n\nChess club\nChoir\n"}, follow=True)
    assert "2 clubs" in page.content.decode()
    assert SchoolClubs.objects.get().names == ["Choir", "Chess club"]
    child = begun(world)
    shown = child.get(f"/my-school/question/{number_of(child, 'k2.clubs')}/").content.decode()
    assert "Chess club" in shown and 'value="club_chess_club"' in shown


@pytest.mark.parametrize(
    ("names", "words"), [("x" * 61, "longer than 60 letters"), ("\n".join(map(str, range(41))), "40 clubs at most")]
)
def test_clubs_are_few_and_their_names_short(names: str, words: str) -> None:
    world = make_world()
    School.objects.create(urn=URN, name="Ashby Primary", search_text="ashby")
    page = world.client(Role.DELEGATE).post(CLUBS, {"names": names})
    assert words in page.content.decode() and not SchoolClubs.objects.exists()


def test_a_child_without_clubs_writes_their_own() -> None:
    world = make_world()
    child = with_code(hand_over(world))
    child.get("/my-school/questions/")
    assert "Something else" in child.get(f"/my-school/question/{number_of(child, 'k2.clubs')}/").content.decode()
