"""By when each owner's part of a plan is due: the council's clocks, counted from the meeting and the sending in."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from virtual_school import shipped
from virtual_school.access.person import person_of
from virtual_school.authorities.models import PolicyVersion
from virtual_school.dates.school_days import fallback_calendar
from virtual_school.dates.working_days import working_calendar
from virtual_school.plans.asks import asks_of
from virtual_school.plans.models import Meeting, Plan, PlanSection, Reminder
from virtual_school.plans.part_clocks import GROUPS, Calendars, PlanDays, group_of, part_due
from virtual_school.plans.policy import plan_policy
from virtual_school.plans.reminders import write_reminders
from virtual_school.plans.template_document import from_document
from virtual_school.plans.whose_turn import calendars_by_authority, late_with, turns_of

from .closing_world import to_state
from .meeting_world import plan_meeting
from .writing_world import LONG_AGO, TODAY, World

CALENDARS = Calendars(
    working_calendar(shipped.bank_holidays().items()),
    fallback_calendar("Sheffield", range(2020, 2029), shipped.bank_holidays()),
)
OPENED, DUE = date(2026, 9, 7), date(2026, 12, 18)


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def due(group: str, *, choices: dict[str, Any] | None = None, **days: Any) -> date | None:
    given_days = {"state": "in_progress", "opened_on": OPENED, "due_on": DUE} | days
    return part_due(group, PlanDays(**given_days), plan_policy(choices or {}), CALENDARS)


def test_before_the_meeting_social_worker_and_school_have_clocks_of_their_own() -> None:
    meeting = date(2026, 11, 30)
    assert due("social_worker", meeting_on=meeting) == date(2026, 11, 16)  # 10 working days before
    assert due("school", meeting_on=meeting) == date(2026, 11, 25)  # 3 working days before
    assert due("", meeting_on=meeting) == meeting  # at home: the meeting itself


def test_a_councils_own_clock_counts() -> None:
    chosen = {"clocks": {"social_worker_part": {"limit": -5, "unit": "working_days"}}}
    assert due("social_worker", choices=chosen, meeting_on=date(2026, 11, 30)) == date(2026, 11, 23)


def test_with_no_meeting_arranged_the_plans_own_day_holds() -> None:
    assert {due(group) for group in GROUPS} == {DUE}


def test_a_clock_that_ran_out_before_the_plan_was_opened_asks_for_the_day_of_the_meeting() -> None:
    meeting = date(2026, 9, 14)
    assert due("social_worker", meeting_on=meeting) == meeting
    assert due("school", meeting_on=meeting) == date(2026, 9, 9)


def test_after_the_meeting_the_school_completes_by_its_clock_and_the_others_by_the_plans_day() -> None:
    held = {"state": "meeting_held", "meeting_on": date(2026, 11, 16)}
    assert due("school", **held) == date(2026, 11, 30)
    assert due("social_worker", **held) == DUE
    assert due("school", **held | {"meeting_on": date(2026, 12, 14)}) == DUE


def test_the_virtual_school_checks_by_its_clock_and_nobody_else_is_late_meanwhile() -> None:
    sent = {"state": "submitted", "submitted_on": date(2026, 11, 16)}
    assert due("virtual_school", **sent) == date(2026, 11, 30)
    assert due("school", **sent) is None


def test_a_plan_sent_back_is_due_when_it_said() -> None:
    assert due("school", state="returned", returned_due_on=date(2026, 11, 20)) == date(2026, 11, 20)


def test_a_first_plan_is_to_be_begun_by_its_own_clock() -> None:
    assert due("school", state="open", started_by=date(2026, 9, 21)) == date(2026, 9, 21)
    assert due("school", started_by=date(2026, 9, 21)) == DUE


@given(
    st.sampled_from(["open", "in_progress", "ready_for_meeting", "meeting_held", "awaiting_signoff"]),
    st.sampled_from([*GROUPS, ""]),
    st.dates(date(2026, 9, 7), date(2027, 3, 1)),
    st.dates(date(2026, 9, 7), date(2027, 3, 1)),
)
def test_no_part_is_due_after_the_plan_or_before_it_was_opened(
    state: str, group: str, meeting: date, due_on: date
) -> None:
    found = due(group, state=state, meeting_on=meeting, due_on=due_on)
    assert found is not None and OPENED <= found <= due_on


def test_without_a_school_the_virtual_school_has_the_schools_part() -> None:
    assert group_of("designated_teacher", has_school=False) == "virtual_school"
    assert group_of("designated_teacher", has_school=True) == "school"
    assert group_of("carer", has_school=True) == ""


def all_done(world: World, child: str, *owners: str) -> None:
    plan = world.plans[child]
    for section in from_document(plan.template.content).sections:
        if section.owner in owners:
            PlanSection.objects.create(authority_id=plan.authority_id, child_id=plan.child_id, plan=plan,
                                       key=section.key, owner=section.owner, state="complete")  # fmt: skip


def test_whose_turn_it_is_and_who_is_late_is_known_of_each_plan(world: World) -> None:
    plan_meeting(world, on=TODAY + timedelta(days=1))
    with world.within():
        Plan.objects.update(opened_on=TODAY - timedelta(days=60))
        plans, calendars = list(Plan.objects.all()), calendars_by_authority([world.here, world.elsewhere, world.far])
        turns = turns_of(plans, TODAY, calendars)[world.plans["maisie"].pk]
        assert [turn.group for turn in turns][:2] == ["social_worker", "school"]
        assert late_with(plans, "social_worker", TODAY, calendars) == [world.plans["maisie"].pk]
        all_done(world, "maisie", "social_worker")
        assert late_with(plans, "social_worker", TODAY, calendars) == []
        assert late_with(plans, "school", TODAY, calendars) == [world.plans["maisie"].pk]


def test_the_list_says_whose_turn_it_is_and_is_asked_for_those_late_with_one(world: World) -> None:
    plan_meeting(world, on=TODAY + timedelta(days=1))
    with world.within():
        Plan.objects.update(opened_on=TODAY - timedelta(days=60))
    client = world.client("head")
    page = client.get("/plans/").content.decode()
    assert "Social worker: 9 school days late" in page and "Maisie" in page and "Ellie" in page
    late = client.get("/plans/?late=social_worker").content.decode()
    assert "Maisie" in late and "Ellie" not in late and "Late with: social worker" in late


def test_today_counts_the_days_to_ones_own_part(world: World) -> None:
    meeting = TODAY + timedelta(days=13)
    plan_meeting(world, on=meeting)
    with world.within():
        Plan.objects.update(opened_on=TODAY - timedelta(days=60))
        for who, on in (("social worker", date(2026, 11, 23)), ("teacher", date(2026, 12, 2)), ("carer", meeting)):
            asked = [ask for ask in asks_of(person_of(world.people[who]), TODAY) if ask.child.forename == "Maisie"]
            assert [ask.due_on for ask in asked] == [on], who


def test_today_says_by_when_a_plan_is_to_be_checked(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with world.within():
        (ask,) = asks_of(person_of(world.people["adviser"]), TODAY)
        assert (ask.what, ask.due_on) == ("Check the plan", date(2026, 12, 8))


def test_an_open_plan_keeps_its_clocks_when_the_policy_changes(world: World) -> None:
    with world.within():
        PolicyVersion.objects.create(
            authority=world.here, starts=LONG_AGO,
            choices={"plans": {"clocks": {"checked": {"limit": 1, "unit": "days"}}}},
        )  # fmt: skip
    to_state(world, "maisie", "submitted")
    with world.within():
        plans = list(Plan.objects.filter(pk=world.plans["maisie"].pk))
        (turn,) = turns_of(plans, TODAY, calendars_by_authority([world.here]))[plans[0].pk]
        assert (turn.group, turn.due_on) == ("virtual_school", date(2026, 12, 8))


def test_whoever_is_late_with_their_own_sections_is_told_once_and_the_others_are_not(world: World) -> None:
    meeting = TODAY + timedelta(days=13)
    with world.within():
        Plan.objects.update(opened_on=TODAY - timedelta(days=60))
        plan = world.plans["maisie"]
        Meeting.objects.create(authority=world.here, child=plan.child, plan=plan, on=meeting)
        write_reminders(world.here, TODAY)
        told = Reminder.objects.filter(rung="part_late.before").values_list("person_id", flat=True)
        assert list(told) == [world.people["social worker"].pk]
        write_reminders(world.here, TODAY + timedelta(days=1))
        assert Reminder.objects.filter(rung="part_late.before").count() == 1


def test_the_checker_is_told_on_the_day_the_check_is_due(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with world.within():
        write_reminders(world.here, date(2026, 12, 7))
        assert not Reminder.objects.filter(rung="check_due").exists()
        write_reminders(world.here, date(2026, 12, 8))
        assert Reminder.objects.filter(rung="check_due", person=world.people["adviser"]).count() == 1
