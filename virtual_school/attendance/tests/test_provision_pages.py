import io
import re
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from openpyxl import load_workbook

from virtual_school.access.person import person_of
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.models_provision import EducationStep, Provision
from virtual_school.attendance.whose import whose
from virtual_school.attendance.without_education import BELOW, NOTHING, TUITION, Without, in_the_way, without_education
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.care.actions import work_out_history
from virtual_school.care.models import Episode
from virtual_school.identity.acting import acting
from virtual_school.plans.tests.writing_world import TODAY, World
from virtual_school.schools.models import Enrolment

from .test_suspending import day, recorded, suspend

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 19)


def provision(**more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "kind": "reduced", "hours": "12", "hours_due": "24", **day("starts", date(2026, 11, 2)),
        **day("end_planned", date(2026, 12, 4)), **day("review_on", date(2026, 11, 27)), "reason": "Coming back",
        "agreed_by": "Danielle Frost", **day("agreed_on", date(2026, 10, 30)),
    }  # fmt: skip
    return {**usual, **more}


def add(world: World, who: str = "adviser", child: str = "maisie", **more: Any) -> HttpResponse:
    return world.client(who).post(f"/children/{world.children[child].public_id}/provision/add/", provision(**more))


def leave_school(world: World, child: str = "maisie", on: date = OCTOBER) -> None:
    with world.within():
        Enrolment.objects.filter(child=world.children[child]).update(ends=on)


def without(world: World, who: str = "head", adviser: str = "") -> list[Without]:
    person = person_of(world.people[who])
    with acting(person.claims):
        return without_education(whose(person, TODAY), TODAY, adviser)


def only(world: World) -> Without:
    (found,) = without(world)
    return found


def test_nobody_at_a_school_full_time_is_listed(world: World) -> None:
    assert without(world) == []
    assert "in full-time education" in world.client("head").get("/attendance/without-education/").content.decode()


def test_a_reduced_timetable_is_below_full_time_until_it_ends(world: World) -> None:
    assert add(world).status_code == 302
    found = only(world)
    assert (found.group, found.days, found.limit, found.hours, found.hours_due) == (BELOW, 17, None, 12, 24)
    assert (found.now, found.way) == ("Reduced timetable", "Ends 4 December")
    assert not (found.is_past_its_end or found.is_review_late)
    with world.within():
        made = Provision.objects.get()
    ended = {**day("last_day", date(2026, 11, 23)), "outcome": "full_time"}
    world.client("teacher").post(f"/attendance/provision/{made.public_id}/end/", ended)
    assert without(world) == []


def test_past_its_end_and_a_late_review_are_said(world: World) -> None:
    add(world, **day("end_planned", date(2026, 11, 20)), **day("review_on", date(2026, 11, 13)))
    found = only(world)
    assert found.is_past_its_end and found.is_review_late
    page = world.client("head").get("/attendance/without-education/").content.decode()
    assert "1 agreement past its end, 1 review late" in page
    assert "/education-step/" in page
    looked = world.client("inspector").get("/attendance/without-education/").content.decode()
    assert "1 agreement past its end, 1 review late" in looked
    assert "/education-step/" not in looked
    listed = world.client("head").get("/attendance/provision/?state=review_late").content.decode()
    assert "Review was due 13 November. Past its end date, 20 November" in listed
    with world.within():
        made = Provision.objects.get()
    reviewed = {**day("on", TODAY), "hours": "18", "words": "Goes well", **day("next_on", date(2026, 12, 1))}
    assert world.client("adviser").post(f"/attendance/provision/{made.public_id}/review/", reviewed).status_code == 302
    with world.within():
        made.refresh_from_db()
    assert (made.hours, made.review_on) == (18, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"end_planned-day": "", "end_planned-month": "", "end_planned-year": ""}, "must be temporary"),
        ({"review_on-day": "", "review_on-month": "", "review_on-year": ""}, "Enter the day of the next review"),
        ({"hours": "24"}, "has fewer hours than full time"),
        (day("end_planned", date(2026, 10, 1)), "The last day must be on or after the first"),
    ],
)
def test_a_reduced_timetable_without_what_it_needs_is_refused(world: World, given: dict[str, str], words: str) -> None:
    assert words in add(world, **given).content.decode()
    with world.within():
        assert not Provision.objects.exists()


def test_a_child_with_no_place_has_nothing_and_with_tuition_something(world: World) -> None:
    leave_school(world)
    found = only(world)
    assert (found.group, found.days, found.now, found.since) == (NOTHING, 21, "Nothing", OCTOBER)
    assert (found.way, found.step) == ("Not recorded", None)
    add(world, kind="tuition_home", hours="9", provider="County Tuition")
    found = only(world)
    assert (found.group, found.now, found.hours) == (TUITION, "Tuition at home", 9)


def test_the_twenty_days_run_only_after_an_emergency_move_and_are_counted_from_it(world: World) -> None:
    leave_school(world)
    assert only(world).limit is None
    with world.within():
        child = world.children["maisie"]
        Episode.objects.filter(child=child).update(ends=OCTOBER)
        Episode.objects.create(
            authority_id=child.authority_id, child=child, starts=OCTOBER, new_reason="P", legal_status="C2",
            place="U6", provider="PR1", place_postcode="S9 9AA", is_emergency=True,
        )  # fmt: skip
        work_out_history(child.authority_id)
    found = only(world)
    assert (found.days, found.limit, found.is_over) == (21, 20, True)


def test_a_permanently_excluded_child_without_provision_has_nothing_although_on_a_roll(world: World) -> None:
    suspend(world, category="PERM", **day("starts", date(2026, 11, 9)))
    found = only(world)
    assert (found.group, found.days, found.now) == (NOTHING, 11, "Nothing, permanently excluded")
    url = f"/attendance/suspensions/{recorded(world).public_id}/education/"
    full = {"kind": "alternative", "provider": "The unit", **day("starts", TODAY), "hours": "24"}
    assert world.client("head").post(url, full).status_code == 302
    assert without(world) == []


def test_a_child_on_a_roll_who_has_not_been_in_for_ten_days_is_below_full_time(world: World) -> None:
    child, urn = world.children["maisie"], world.schools["teacher"].urn
    days = [date(2026, 11, n) for n in (9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23)]

    def mark(code: str, on: list[date]) -> None:
        with world.within():
            rows = [Given(child.pk, one, urn, code, code, 0) for one in on]
            deliver(Sender(Delivery.Source.FILE, "Moorcroft"), {child.authority_id: rows})

    mark("/", [date(2026, 11, 6)])
    mark("O", days[:9])
    assert without(world) == [], "nine days are not ten"
    mark("I", days[9:])
    found = only(world)
    assert (found.group, found.days, found.now, found.since) == (BELOW, 11, "On roll, not in for 11 days", days[0])
    assert (found.hours, found.hours_due) == (0, 24)
    mark("L", [TODAY])
    assert without(world) == []


def test_who_does_what_by_when_replaces_the_fault_in_red(world: World) -> None:
    leave_school(world)
    page = "/attendance/without-education/"
    assert "Nobody is named" in world.client("head").get(page).content.decode()
    url = f"/children/{world.children['maisie'].public_id}/education-step/"
    given = {
        "blocker": "waiting", "blocker_words": "School waits for its governors",
        "owner": str(world.people["adviser"].pk), "step": "Ask the head for a date", **day("by_on", TODAY),
    }  # fmt: skip
    assert world.client("adviser").post(url, given).status_code == 302
    shown = world.client("head").get(page).content.decode()
    assert "Nobody is named" not in shown
    assert "Ask the head for a date, today" in shown
    assert in_the_way(without(world)) == [("Waiting for a school’s answer", 1)]
    world.client("adviser").post(url, {**given, "step": "Take it to the panel", **day("by_on", date(2026, 12, 1))})
    with world.within():
        steps = EducationStep.objects.order_by("id").values_list("step", "done_on")
        assert list(steps) == [("Ask the head for a date", TODAY), ("Take it to the panel", None)]


def test_the_list_is_narrowed_to_an_advisers_children(world: World) -> None:
    leave_school(world)
    leave_school(world, "lacey")
    assert len(without(world)) == 2
    assert [row.child.forename for row in without(world, adviser=str(world.people["adviser"].pk))] == ["Maisie"]
    assert [row.child.forename for row in without(world, adviser="none")] == ["Lacey"]
    assert [row.child.forename for row in without(world, "social worker")] == ["Maisie"]


def test_a_place_that_is_no_school_may_not_teach_a_child_in_care_full_time(world: World) -> None:
    response = world.client("adviser").post(
        f"/children/{world.children['maisie'].public_id}/provision/add/",
        provision(kind="alternative", provider="The barn", registered="no", hours="24"),
        follow=True,
    )
    assert "is not registered as a school may not give" in response.content.decode()


def test_the_lists_are_got_with_as_many_queries_for_many_as_for_few(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for child in ("maisie", "ellie", "lacey"):
        leave_school(world, child)
    client = world.client("head")
    client.get("/attendance/without-education/")
    with django_assert_max_num_queries(45):
        client.get("/attendance/without-education/")


def test_the_list_downloads_as_it_is_filtered_for_those_who_see_the_authority(world: World) -> None:
    add(world)
    head = world.client("head")
    shown = head.get("/attendance/provision/?state=now").content.decode()
    assert "/attendance/provision/download/?state=now" in shown
    assert re.search(r'href="/attendance/" aria-current="true"', shown)
    lines = head.get("/attendance/provision/download/?state=now").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Child,Identifier,Year,What")
    assert "Reduced timetable" in lines[1]
    assert "2026-11-02" in lines[1]
    assert len(head.get("/attendance/provision/download/?state=over").content.decode().splitlines()) == 1
    book = load_workbook(io.BytesIO(head.get("/attendance/provision/download/?form=xlsx").content))
    assert [book.active["A2"].value, book.active["F2"].value] == ["Maisie Thornton", 12]
    assert world.client("teacher").get("/attendance/provision/download/")["Location"] == "/attendance/provision/"
