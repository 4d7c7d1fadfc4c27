"""Reminders: by the council's ladder, once a rung, one message a day, and none in the school's holidays."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from procrastinate.contrib.django.models import ProcrastinateJob

from virtual_school.authorities.models import PolicyVersion, TermDates
from virtual_school.plans import checking
from virtual_school.plans.models import Meeting, Plan, PlanSection, Reminder
from virtual_school.plans.reminders import digest, mail, write_reminders
from virtual_school.plans.tasks import remind, send_digest, tell_returned
from virtual_school.plans.template_document import from_document

from .closing_world import does, to_state
from .writing_world import ELSEWHERE, FAR, HERE, TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 06:30:00+00:00", tick=False):
        cache.clear()
        yield made_world


def due(world: World, child: str, on: date) -> None:
    Plan.objects.filter(pk=world.plans[child].pk).update(due_on=on)


def rungs(who: Any) -> set[str]:
    return set(Reminder.objects.filter(person=who).values_list("rung", flat=True))


def test_two_working_days_before_it_is_due_those_who_have_something_left_are_told_once(world: World) -> None:
    with world.within():
        due(world, "maisie", date(2026, 11, 26))
        told = write_reminders(world.here, TODAY)
        assert told == {world.people["teacher"].pk, world.people["social worker"].pk}
        assert "due_soon" in rungs(world.people["teacher"])
        assert not Reminder.objects.exclude(plan=world.plans["maisie"]).exists()
        assert write_reminders(world.here, TODAY) == set()
        assert write_reminders(world.here, TODAY + timedelta(days=1)) == set()


def test_nobody_is_reminded_of_what_they_have_done(world: World) -> None:
    with world.within():
        due(world, "maisie", date(2026, 11, 26))
        plan = world.plans["maisie"]
        for section in from_document(plan.template.content).sections:
            if section.owner in {"designated_teacher", "young_person"}:
                PlanSection.objects.create(authority=world.here, child=plan.child, plan=plan, key=section.key,
                                           owner=section.owner, state="complete")  # fmt: skip
        Meeting.objects.create(authority=world.here, child=plan.child, plan=plan, on=date(2027, 1, 20))
        assert write_reminders(world.here, TODAY) == {world.people["social worker"].pk}


def test_it_is_quiet_in_the_holidays_of_the_childs_own_school(world: World) -> None:
    with world.within():
        urn = world.schools["teacher"].urn
        for kind, label, starts, ends in (
            ("term", "Autumn", date(2026, 9, 1), date(2026, 12, 18)),
            ("holiday", "Half term", date(2026, 11, 23), date(2026, 11, 27)),
        ):
            TermDates.objects.create(urn=urn, academic_year="2026/27", kind=kind, label=label, starts=starts, ends=ends)
        due(world, "maisie", date(2026, 11, 26))
        assert write_reminders(world.here, TODAY) == {world.people["social worker"].pk}
        monday = date(2026, 11, 30)
        assert world.people["teacher"].pk in write_reminders(world.here, monday)


def test_nobody_is_reminded_at_the_weekend(world: World) -> None:
    with world.within():
        due(world, "maisie", date(2026, 11, 27))
        assert write_reminders(world.here, date(2026, 11, 28)) == set()


def test_a_council_changes_its_ladder_and_leaves_rungs_out(world: World) -> None:
    with world.within():
        PolicyVersion.objects.create(
            authority=world.here, starts=date(2026, 1, 1),
            choices={"plans": {"ladder": {"due_soon": None, "book_meeting": None, "overdue": {"working_days": 3}}}},
        )  # fmt: skip
        due(world, "maisie", date(2026, 11, 26))
        assert write_reminders(world.here, TODAY) == set()
        due(world, "maisie", date(2026, 11, 19))
        told = write_reminders(world.here, TODAY)
        assert world.people["adviser"].pk in told and rungs(world.people["adviser"]) == {"overdue"}


def test_the_checker_is_reminded_of_a_plan_sent_in_a_week_ago(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with world.within():
        assert write_reminders(world.here, date(2026, 12, 1)) == {world.people["adviser"].pk}
        assert rungs(world.people["adviser"]) == {"checking"}


def test_one_message_a_day_for_five_children_of_three_councils_says_nothing_of_them(
    world: World, mailoutbox: Any
) -> None:
    with world.within():
        for child in ("maisie", "ellie", "zainab", "logan"):
            due(world, child, date(2026, 11, 26))
    for code in (HERE, ELSEWHERE, FAR):
        remind(code)
    teacher = world.people["teacher"]
    jobs = ProcrastinateJob.objects.filter(task_name="plans.send_digest", args__person_id=teacher.pk)
    assert jobs.count() == 1
    send_digest(teacher.pk)
    send_digest(teacher.pk)
    (sent,) = mailoutbox
    assert sent.to == [teacher.email] and sent.subject == "You have something to read in Virtual School"
    whole = f"{sent.subject} {sent.body}"
    assert not any(word in whole for word in ("Maisie", "Thornton", "Moorcroft", "Sheffield", "plan", "child"))
    with time_machine.travel("2026-11-25 06:30:00+00:00", tick=False):
        assert digest(teacher.pk)
    assert len(mailoutbox) == 2


def test_a_plan_sent_back_is_told_at_once_and_once(world: World, mailoutbox: Any) -> None:
    to_state(world, "maisie", "in_qa")
    plan = does(
        world, "adviser", "maisie", checking.return_plan, reason="Nearly", sections={"progress": "Say how you know"}
    )
    tell_returned(HERE, plan.pk)
    tell_returned(HERE, plan.pk)
    jobs = ProcrastinateJob.objects.filter(task_name="plans.send_urgent")
    assert [job.args["person_id"] for job in jobs] == [world.people["teacher"].pk]
    assert mail(world.people["teacher"].pk)
    assert len(mailoutbox) == 1
    with world.within():
        assert rungs(world.people["teacher"]) == {"returned.1"}


def test_somebody_whose_account_is_closed_gets_nothing(world: World, mailoutbox: Any) -> None:
    with world.within():
        due(world, "maisie", date(2026, 11, 26))
        type(world.people["teacher"]).objects.filter(pk=world.people["teacher"].pk).update(is_active=False)
        assert world.people["teacher"].pk not in write_reminders(world.here, TODAY)
    assert not digest(world.people["teacher"].pk) and not mailoutbox
