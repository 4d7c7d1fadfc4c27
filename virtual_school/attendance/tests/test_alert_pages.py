"""The pages of alerts: whose are listed, what each role may do, where what is agreed is seen, and setting the rules."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from virtual_school.attendance.alerting import look
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.models_alerts import AlertMail, AttendanceAction, AttendanceAlert
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import PolicyVersion
from virtual_school.plans.tests.writing_world import TODAY, World

pytestmark = pytest.mark.django_db
LIST = "/attendance/alerts/"


def raised(world: World, *children: str) -> None:
    """An absence of this morning, for each, looked at."""
    for name in children:
        one = world.children[name]
        school = world.schools["other teacher" if name == "lacey" else "teacher"]
        with world.within():
            sender = Sender(Delivery.Source.PAGE, school.name, 0, "School office")
            deliver(sender, {one.authority_id: [Given(one.pk, TODAY, school.urn, "N", "")]})
            look(one.authority, TODAY, [one.pk])


def alert(world: World, child: str = "maisie") -> AttendanceAlert:
    with world.within():
        return AttendanceAlert.objects.get(child=world.children[child], rule="first_day")


def page(world: World, who: str, path: str = LIST) -> str:
    response = world.client(who).get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(client: Client, path: str, **data: Any) -> HttpResponse:
    return client.post(path, data, follow=True)


def test_each_sees_first_what_is_theirs_to_see_to(world: World) -> None:
    raised(world, "maisie", "ellie")
    mine = page(world, "adviser")
    assert "Maisie Thornton" in mine
    assert "Ellie Thornton" not in mine, "she has no adviser: it is the head’s"
    assert "Ellie Thornton" in page(world, "head")
    assert "Maisie Thornton" not in page(world, "head")
    every = page(world, "head", f"{LIST}?whose=all")
    assert "Maisie Thornton" in every and "Ellie Thornton" in every
    assert "Priya Nair, not seen yet" in every
    assert "Nothing waits for you" in page(world, "data officer")


@pytest.mark.parametrize(
    ("who", "seen"),
    [("teacher", {"Maisie", "Zainab"}), ("other teacher", set()), ("social worker", {"Maisie"}),
     ("other head", {"Zainab"}), ("inspector", {"Maisie"})],
)  # fmt: skip
def test_each_sees_the_alerts_of_their_own_children(world: World, who: str, seen: set[str]) -> None:
    raised(world, "maisie", "zainab")
    shown = page(world, who, f"{LIST}?whose=all")
    assert {name for name in ("Maisie", "Zainab") if name in shown} == seen


def test_the_filters_narrow_and_are_taken_off(world: World) -> None:
    raised(world, "maisie", "lacey")
    school = world.schools["other teacher"].urn
    shown = page(world, "head", f"{LIST}?whose=all&school={school}")
    assert "Lacey Ogden" in shown and "Maisie Thornton" not in shown
    adviser = world.people["adviser"].pk
    shown = page(world, "head", f"{LIST}?whose=all&adviser={adviser}")
    assert "Maisie Thornton" in shown and "Lacey Ogden" not in shown
    assert "Adviser: Priya Nair" in shown
    assert "None fits what you chose" in page(world, "head", f"{LIST}?whose=all&rule=weekday")
    assert "None fits what you chose" in page(world, "head", f"{LIST}?whose=all&state=closed&rule=nonsense")


def test_a_name_is_looked_for_and_stands_in_no_address(world: World) -> None:
    raised(world, "maisie", "ellie", "lacey")
    with world.within():
        for one in world.children.values():
            type(one).objects.filter(pk=one.pk).update(search_text=one.name.lower())
    response = world.client("head").post(LIST, {"q": "thornton mai"})
    shown = response.content.decode()
    assert "Maisie Thornton" in shown
    assert "Ellie Thornton" not in shown and "Lacey Ogden" not in shown
    assert not re.search(r'href="[^"]*thornton', shown, re.IGNORECASE)
    assert (
        "No alert is held of a child of that name" in world.client("head").post(LIST, {"q": "nobody"}).content.decode()
    )


def test_what_was_given_on_comes_first(world: World) -> None:
    raised(world, "ellie", "maisie", "lacey")
    with world.within():
        AttendanceAlert.objects.filter(child=world.children["lacey"]).update(escalated_at=f"{TODAY}T09:00:00Z")
    shown = page(world, "head", f"{LIST}?whose=all")
    assert shown.index("Lacey Ogden") < shown.index("Ellie Thornton")


def test_an_alert_is_followed_to_its_end(world: World) -> None:
    raised(world, "maisie")
    one, client = alert(world), world.client("adviser")
    assert "One attendance alert is yours to see to" in client.get("/").content.decode()
    path = f"{LIST}{one.public_id}/"
    shown = client.get(path).content.decode()
    assert "Absent in the morning on Tuesday 24 November: the reason is not known yet." in shown
    assert "I will see to it" in shown
    assert "It is yours." in post(client, f"{path}acknowledge/").content.decode()
    assert "alert is yours" not in client.get("/").content.decode()
    data = {
        "what": "Ring the carer",
        "owner": str(world.people["social worker"].pk),
        "by_on-day": "26",
        "by_on-month": "11",
        "by_on-year": "2026",
    }
    refused = post(client, f"{path}actions/add/", **{**data, "what": ""}).content.decode()
    assert "There is a problem" in refused
    assert "Danielle Frost’s to do" in post(client, f"{path}actions/add/", **data).content.decode()
    for where in (f"/children/{world.children['maisie'].public_id}/attendance/", "/attendance/"):
        told = page(world, "head", where)
        assert "Ring the carer" in told and "Danielle Frost" in told, where
    worker = world.client("social worker")
    assert "Maisie Thornton" in worker.get(LIST).content.decode(), "something about it is hers to do"
    with world.within():
        action = AttendanceAction.objects.get()
    came = {"done_on-day": "24", "done_on-month": "11", "done_on-year": "2026", "outcome": "She is ill"}
    done = post(worker, f"/attendance/actions/{action.public_id}/", **came)
    assert "Noted" in done.content.decode()
    assert "Write what the reason is" in post(client, f"{path}close/", outcome="explained", words="").content.decode()
    closed = post(client, f"{path}close/", outcome="explained", words="Ill").content.decode()
    assert "It stays on Maisie’s record" in closed
    assert "Absent in the morning" not in closed
    told = page(world, "head", f"/children/{world.children['maisie'].public_id}/attendance/")
    assert "There is a good reason" in told
    assert "Maisie Thornton" in page(world, "adviser", f"{LIST}?state=closed")


def test_who_was_slower_is_told_so(world: World) -> None:
    raised(world, "maisie")
    path = f"{LIST}{alert(world).public_id}/"
    post(world.client("adviser"), f"{path}acknowledge/")
    late = post(world.client("head"), f"{path}acknowledge/").content.decode()
    assert "Priya Nair has it in hand already" in late
    assert "You have taken it over" in post(world.client("head"), f"{path}take-over/").content.decode()


@pytest.mark.parametrize(
    ("who", "expected"),
    [("social worker", 403), ("inspector", 403), ("teacher", 403), ("carer", 404), ("other head", 404)],
)
def test_only_those_whose_it_is_may_act(world: World, who: str, expected: int) -> None:
    raised(world, "maisie")
    path = f"{LIST}{alert(world).public_id}/"
    assert world.client(who).post(f"{path}acknowledge/").status_code == expected
    assert world.client("adviser").post(f"{path}no-such-step/").status_code == 404


def test_the_role_it_was_given_to_acts(world: World) -> None:
    raised(world, "maisie")
    with world.within():
        AttendanceAlert.objects.update(to_role="designated_teacher")
    path = f"{LIST}{alert(world).public_id}/"
    assert "It is yours." in post(world.client("teacher"), f"{path}acknowledge/").content.decode()


def test_the_list_goes_out_as_csv_and_as_a_workbook_where_nothing_runs(world: World) -> None:
    raised(world, "maisie", "ellie")
    with world.within():
        child = world.children["maisie"]
        type(child).objects.filter(pk=child.pk).update(forename="=1+1")
    text = world.client("head").get(f"{LIST}download/?whose=all").content.decode("utf-8-sig")
    assert "'=1+1 Thornton" in text
    assert len(text.strip().splitlines()) == 3
    content = world.client("head").get(f"{LIST}download/?whose=all&form=xlsx").content
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None and sheet.max_row == 3
    assert world.client("teacher").get(f"{LIST}download/").status_code == 302


def test_the_list_takes_as_many_queries_for_three_children_as_for_one(world: World) -> None:
    def asked() -> int:
        client = world.client("head")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{LIST}?whose=all")
        return len(queries)

    raised(world, "maisie")
    asked()
    one = asked()
    raised(world, "ellie", "lacey")
    assert asked() <= one + 1, "the list of schools has an entry more"


def test_the_plan_shows_what_is_still_to_be_done(world: World) -> None:
    from virtual_school.plans.opening import open_term

    raised(world, "maisie")
    one = alert(world)
    with world.within():
        plan = next(
            p
            for p in open_term(authority=world.here, term=world.term, by=None, on=TODAY).made
            if p.child_id == one.child_id
        )
        AttendanceAction.objects.create(
            authority_id=one.authority_id, child_id=one.child_id, alert=one, what="Meet her at the gate",
            owner_name="The head of year", by_on=TODAY + timedelta(days=2),
        )  # fmt: skip
    shown = page(world, "teacher", f"/plans/{plan.public_id}/sections/attendance/")
    assert "Still to be done about attendance" in shown and "Meet her at the gate" in shown
    hidden = world.client("carer").get(f"/plans/{plan.public_id}/sections/attendance/")
    assert "Meet her at the gate" not in hidden.content.decode()


def rule_data(**more: Any) -> dict[str, Any]:
    return {"is_on": "yes", "running": "2", "first": "social_worker", "then": "adviser", "after": "2",
            "starts-day": "24", "starts-month": "11", "starts-year": "2026", "why": "", **more}  # fmt: skip


def test_other_numbers_are_tried_before_they_count(world: World) -> None:
    for n in (1, 4, 5):
        with world.within():
            one, school = world.children["maisie"], world.schools["teacher"]
            given = [Given(one.pk, TODAY - timedelta(days=n), school.urn, "O", "O")]
            deliver(Sender(Delivery.Source.PAGE, school.name, 0, "x"), {one.authority_id: given})
    client = world.client("head")
    path = f"{LIST}rules/run/"
    shown = client.post(path, rule_data(**{"try": "1"})).content.decode()
    assert "this would have raised 1 alert for 1 child" in shown
    assert "2 half days running without leave" in shown
    assert "no alert" in client.post(path, rule_data(**{"try": "1", "running": "9"})).content.decode()
    with world.within():
        assert not AttendanceAlert.objects.exists() and not PolicyVersion.objects.exists()


def test_a_rule_is_set_from_a_day_with_who_and_why(world: World) -> None:
    client = world.client("head")
    assert "The rules have counted as shipped" in page(world, "inspector", f"{LIST}rules/").replace(
        "the rules", "The rules"
    )
    path = f"{LIST}rules/run/"
    assert "Enter why, and who decided" in post(client, path, save="1", **rule_data()).content.decode()
    saved = post(client, path, save="1", **rule_data(why="Agreed with headteachers")).content.decode()
    assert "counts like this from 24 November 2026" in saved
    assert "Agreed with headteachers" in saved and "Helen Marsden" in saved
    assert "the council’s own choice" in saved
    assert "The social worker; left unseen for 2 school days, the child’s education adviser" in saved
    same = post(client, path, save="1", **rule_data(why="x", then="social_worker")).content.decode()
    assert "Choose somebody other than whose it is first" in same
    assert world.client("adviser").get(path).status_code == 403
    assert client.get(f"{LIST}rules/no-such-rule/").status_code == 404


def test_the_message_is_switched_off_under_ones_account(world: World) -> None:
    client = world.client("adviser")
    assert "/account/messages/" in client.get("/account/").content.decode()
    assert "You get no message." in post(client, "/account/messages/", wanted="no").content.decode()
    assert AlertMail.objects.get(person=world.people["adviser"]).is_wanted is False
    assert "/account/messages/" not in world.client("carer").get("/account/").content.decode()
