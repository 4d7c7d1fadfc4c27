"""Alerts as they are raised, withdrawn, given on, seen to and closed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.access.person import person_of
from virtual_school.attendance import alert_mail, tasks
from virtual_school.attendance.alert_gather import PART, watched
from virtual_school.attendance.alerting import (
    CAME_IN,
    CORRECTED,
    NOT_IN_CARE,
    Looked,
    Refused,
    acknowledge,
    add_action,
    close,
    finish_action,
    look,
    take_over,
)
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.models_alerts import AlertMail, AttendanceAlert
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.audit.models import Event
from virtual_school.authorities.policy import set_part
from virtual_school.care.models import CarePeriod
from virtual_school.identity.acting import acting
from virtual_school.plans.tests.writing_world import HERE, TODAY, World

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def mark(world: World, child: str, day: date, am: str = "", pm: str = "") -> None:
    one = world.children[child]
    school = world.schools["other teacher" if child == "lacey" else "teacher"]
    with world.within():
        sender = Sender(Delivery.Source.PAGE, school.name, 0, "School office")
        deliver(sender, {one.authority_id: [Given(one.pk, day, school.urn, am, pm)]})


def looked(world: World, on: date = TODAY, children: Sequence[str] | None = None) -> Looked:
    ids = None if children is None else [world.children[name].pk for name in children]
    with world.within():
        return look(world.here, on, ids)


def alerts(world: World, child: str = "maisie", **such: Any) -> list[AttendanceAlert]:
    with world.within():
        return list(AttendanceAlert.objects.filter(child=world.children[child], **such).order_by("id"))


def acting_as(world: World, who: str) -> AbstractContextManager[Any]:
    return acting(person_of(world.people[who], on=TODAY).claims)


def one_alert(world: World) -> AttendanceAlert:
    mark(world, "maisie", TODAY, "N")
    looked(world)
    (one,) = alerts(world, rule="first_day")
    return one


def test_an_absence_raises_one_alert_however_often_it_is_looked_at(world: World) -> None:
    one = one_alert(world)
    assert (one.state, one.to_role, one.then_role) == ("open", "adviser", "virtual_school_head")
    assert one.reasons == ["Absent in the morning on Tuesday 24 November: the reason is not known yet."]
    assert one.school_id == world.schools["teacher"].urn
    assert looked(world) == Looked()
    mark(world, "maisie", TODAY, "", "N")
    assert looked(world) == Looked()
    assert looked(world, TODAY + timedelta(days=1)).raised == 0
    with world.within():
        assert [step.kind for step in one.steps.all()] == ["raised"]


def test_an_absence_after_that_is_another_occasion(world: World) -> None:
    for day, code in ((YESTERDAY - timedelta(days=4), "N"), (YESTERDAY - timedelta(days=3), "/"), (TODAY, "N")):
        mark(world, "maisie", day, code, code)
        looked(world, day)
    found = alerts(world, rule="first_day")
    assert [one.occasion for one in found] == ["2026-11-19", "2026-11-24"]


def test_a_corrected_mark_withdraws_the_alert_and_says_why(world: World) -> None:
    one_alert(world)
    mark(world, "maisie", TODAY, "I")
    assert looked(world, TODAY + timedelta(days=1)) == Looked(withdrawn=1)
    (one,) = alerts(world)
    assert (one.state, one.outcome_words) == ("withdrawn", CORRECTED)
    assert one.closed_at is not None
    mark(world, "maisie", TODAY, "N")
    looked(world)
    assert [one.state for one in alerts(world)] == ["withdrawn", "open"], "the same fact anew is told anew"


def test_an_alert_stands_when_the_child_is_simply_back(world: World) -> None:
    one_alert(world)
    mark(world, "maisie", TODAY + timedelta(days=1), "/", "\\")
    assert looked(world, TODAY + timedelta(days=1)).withdrawn == 0


def test_what_was_closed_is_not_raised_again(world: World) -> None:
    one = one_alert(world)
    with acting_as(world, "adviser"):
        close(alert=one, outcome="back", words="", by=world.people["adviser"])
    assert looked(world) == Looked()


def test_a_child_no_longer_in_care_has_no_alert(world: World) -> None:
    one_alert(world)
    with world.within():
        CarePeriod.objects.filter(child=world.children["maisie"]).update(ends=TODAY)
    assert looked(world) == Looked(withdrawn=1)
    assert alerts(world)[0].outcome_words == NOT_IN_CARE


def test_no_marks_are_told_only_of_schools_that_send_some_and_end_when_marks_come(world: World) -> None:
    mark(world, "maisie", TODAY - timedelta(days=20), "/", "\\")
    mark(world, "ellie", YESTERDAY, "/", "\\")
    assert looked(world).raised == 1
    (one,) = alerts(world)
    assert (one.rule, one.to_role) == ("no_marks", "data_officer")
    assert alerts(world, "lacey") == [], "her school has sent nothing at all"
    assert alerts(world, "ellie") == []
    for n in range(1, 20):
        if (TODAY - timedelta(days=n)).weekday() < 5:
            mark(world, "maisie", TODAY - timedelta(days=n), "/", "\\")
    assert looked(world).withdrawn == 1
    assert alerts(world)[0].outcome_words == CAME_IN


def test_the_facts_of_a_child_without_a_mark_are_the_days_they_are_due(world: World) -> None:
    with world.within():
        found = watched(world.here, TODAY)
    child = found[world.children["maisie"].pk]
    assert child.urn == world.schools["teacher"].urn
    assert child.facts.due[-1] == TODAY
    assert child.facts.sent == frozenset()


def test_left_unseen_it_goes_to_the_next_role_after_so_many_school_days(world: World) -> None:
    one = one_alert(world)
    assert one.answer_by == TODAY + timedelta(days=1)
    assert looked(world, TODAY + timedelta(days=1)).given_on == 0
    assert looked(world, TODAY + timedelta(days=2)).given_on == 1
    (one,) = alerts(world)
    assert (one.to_role, one.then_role) == ("virtual_school_head", "")
    assert one.escalated_at is not None
    assert looked(world, TODAY + timedelta(days=9)).given_on == 0
    with world.within():
        assert [step.kind for step in one.steps.all()] == ["raised", "given_on"]


def test_school_days_are_counted_over_the_weekend(world: World) -> None:
    friday = date(2026, 11, 20)
    mark(world, "maisie", friday, "N", "N")
    looked(world, friday)
    assert alerts(world)[0].answer_by == date(2026, 11, 23)


def test_what_somebody_has_in_hand_goes_nowhere(world: World) -> None:
    one = one_alert(world)
    with acting_as(world, "adviser"):
        acknowledge(alert=one, by=world.people["adviser"])
    assert looked(world, TODAY + timedelta(days=9)).given_on == 0


def test_without_an_adviser_it_is_the_heads_at_once(world: World) -> None:
    mark(world, "ellie", TODAY, "N")
    looked(world)
    (one,) = alerts(world, "ellie")
    assert (one.to_role, one.then_role, one.answer_by) == ("virtual_school_head", "", None)
    with world.within():
        assert [step.words for step in one.steps.all()] == ["", "No adviser is named."]


def test_a_rule_that_is_off_raises_nothing_and_other_numbers_count_from_their_day(world: World) -> None:
    with world.within():
        set_part(
            world.here, PART, starts=TODAY, choices={"first_day": {"is_on": False}, "run": {"numbers": {"running": 2}}},
            why="x", by_id=None, by_name="Helen",
        )  # fmt: skip
    mark(world, "maisie", TODAY, "N", "N")
    looked(world)
    found = alerts(world)
    assert [(one.rule, one.numbers) for one in found] == [("run", {"running": 2})]
    with world.within():
        set_part(world.here, PART, starts=TODAY, choices={}, why="x", by_id=None, by_name="Helen")
    looked(world)
    assert {one.rule: one.state for one in alerts(world)} == {"run": "open", "first_day": "open"}, (
        "it is asked again with the numbers it was raised by"
    )


def test_each_step_keeps_who_and_when_and_what_came_of_it(world: World) -> None:
    one = one_alert(world)
    adviser, head = world.people["adviser"], world.people["head"]
    with acting_as(world, "adviser"):
        acknowledge(alert=one, by=adviser)
    with acting_as(world, "head"):
        take_over(alert=one, by=head)
        action = add_action(alert=one, what="Ring home", owner=adviser, owner_name="", by_on=TODAY, by=head)
    with acting_as(world, "adviser"):
        finish_action(action=action, done_on=TODAY, outcome="Ill, the carer forgot to ring", by=adviser)
    with acting_as(world, "head"):
        close(alert=one, outcome="explained", words="Ill", by=head)
    with world.within():
        one.refresh_from_db()
        kinds = list(one.steps.values_list("kind", "by_name"))
        events = set(Event.objects.filter(child_id=one.child_id).values_list("action", flat=True))
    assert kinds == [
        ("raised", ""), ("acknowledged", "Priya Nair"), ("taken_over", "Helen Marsden"), ("action", "Helen Marsden"),
        ("done", "Priya Nair"), ("closed", "Helen Marsden"),
    ]  # fmt: skip
    assert (one.state, one.outcome, one.owner_name) == ("closed", "explained", "Helen Marsden")
    assert events >= {f"attendance_alert.{kind}" for kind, _ in kinds[1:]}


def test_two_who_are_as_quick_do_not_both_get_it(world: World) -> None:
    one, head = one_alert(world), world.people["head"]
    with acting_as(world, "adviser"):
        acknowledge(alert=one, by=world.people["adviser"])
    with acting_as(world, "head"), pytest.raises(Refused, match="Priya Nair has it in hand already"):
        acknowledge(alert=one, by=head)
    with acting_as(world, "head"):
        close(alert=one, outcome="back", words="", by=head)
    with acting_as(world, "head"), pytest.raises(Refused, match="closed already"):
        close(alert=one, outcome="back", words="", by=head)


def test_the_queries_are_as_many_for_five_children_as_for_one(world: World) -> None:
    def asked() -> int:
        with (
            world.within(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            look(world.here, TODAY)
        return len(queries)

    mark(world, "maisie", TODAY, "N")
    one = asked()
    for child in ("ellie", "lacey"):
        mark(world, child, TODAY, "N")
        mark(world, child, YESTERDAY, "O", "O")
    assert asked() == one


def test_marks_that_come_in_have_their_children_looked_at(world: World) -> None:
    with world.within():
        ProcrastinateJob.objects.all()
    mark(world, "maisie", TODAY, "N")
    job = ProcrastinateJob.objects.filter(task_name="attendance.look").order_by("-id").first()
    assert job is not None
    assert job.args == {"code": HERE, "child_ids": [world.children["maisie"].pk]}
    before = ProcrastinateJob.objects.count()
    mark(world, "maisie", TODAY - timedelta(days=60), "N")
    assert ProcrastinateJob.objects.count() == before, "old marks wait for the night"
    tasks.look_at(**job.args)
    assert [one.rule for one in alerts(world)] == ["first_day"]


def test_by_night_every_authority_is_looked_at_once(world: World) -> None:
    tasks.every_night(0)
    tasks.every_night(0)
    jobs = ProcrastinateJob.objects.filter(task_name="attendance.look", args__child_ids=None)
    assert sorted(job.args["code"] for job in jobs) == sorted([HERE, world.elsewhere.code, world.far.code])


def told(world: World) -> set[str]:
    with world.within():
        people = alert_mail.people_to_tell(world.here, TODAY)
    return {who for who, one in world.people.items() if one.pk in people}


def test_those_whose_alert_it_is_are_told_once_a_day_that_there_is_something_to_read(world: World) -> None:
    one_alert(world)
    assert told(world) == {"adviser"}
    adviser = world.people["adviser"]
    assert alert_mail.send_once(adviser.pk, TODAY)
    assert not alert_mail.send_once(adviser.pk, TODAY), "a retry sends none"
    (sent,) = mail.outbox
    assert sent.to == [adviser.email]
    for word in ("Maisie", "Thornton", "Moorcroft", "alert", "attendance", "absen"):
        assert word.casefold() not in f"{sent.subject} {sent.body}".casefold().replace("/account/messages/", "")
    assert told(world) == set()
    with world.within():
        AlertMail.objects.filter(person=adviser).update(sent_at="2026-11-23T09:00:00Z")
    assert told(world) == {"adviser"}, "on another day, as the alert came after"
    with world.within():
        AttendanceAlert.objects.update(raised_at="2026-11-22T09:00:00Z")
    assert told(world) == set(), "the same alert is not told twice"


def test_who_wants_no_message_gets_none(world: World) -> None:
    one_alert(world)
    adviser = world.people["adviser"]
    AlertMail.objects.create(person=adviser, is_wanted=False)
    assert told(world) == set()
    assert not alert_mail.send_once(adviser.pk, TODAY)
    assert mail.outbox == []


def test_what_is_theirs_to_do_today_is_told_and_an_alert_in_hand_is_not(world: World) -> None:
    one, head = one_alert(world), world.people["head"]
    with acting_as(world, "head"):
        acknowledge(alert=one, by=head)
    assert told(world) == set()
    with acting_as(world, "head"):
        worker = world.people["social worker"]
        add_action(alert=one, what="Ring home", owner=worker, owner_name="", by_on=TODAY, by=head)
    assert told(world) == {"social worker"}


def test_a_message_that_could_not_be_sent_is_sent_by_the_retry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    adviser = world.people["adviser"]

    def down(*_: Any, **__: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched, pytest.raises(ConnectionRefusedError):
        patched.setattr(alert_mail, "send_mail", down)
        alert_mail.send_once(adviser.pk, TODAY)
    assert alert_mail.send_once(adviser.pk, TODAY)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("who", "sees"), [("carer", False), ("social worker", True), ("other social worker", False), ("other head", False)]
)
def test_those_at_home_and_elsewhere_see_no_alert_even_in_the_database(world: World, who: str, sees: bool) -> None:
    one = one_alert(world)
    with acting_as(world, who):
        assert AttendanceAlert.objects.filter(pk=one.pk).exists() is sees
