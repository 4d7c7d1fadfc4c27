"""The council's policy for plans on screen: each part previewed, dated, told in words, and in effect at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.audit.models import Event
from virtual_school.authorities.models import Authority, PolicyVersion
from virtual_school.authorities.policy import history, part_on, set_policy
from virtual_school.plans.forms_settings_policy import (
    ClocksForm,
    MeasuresForm,
    PartForm,
    RemindersForm,
    RightsForm,
    SigningForm,
)
from virtual_school.plans.library import library_template
from virtual_school.plans.models import Plan
from virtual_school.plans.opened import policy_for
from virtual_school.plans.policy import CLOCKS, FaultyPolicy, PlanPolicy, plan_policy
from virtual_school.plans.rights import DEFAULT, Access
from virtual_school.plans.settings_actions import set_plan_policy
from virtual_school.plans.settings_policy import (
    ROLES,
    changes_between,
    faults_of_rights,
    offered,
    variants_of,
    warnings,
    without_writer,
)

from .test_writing_sections import page, text_of
from .writing_world import HERE, TODAY, World

POLICY = "/plans/policy/"
NOW = {"starts-day": 24, "starts-month": 11, "starts-year": 2026, "why": "Agreed by the board"}


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def sent_by(form: PartForm) -> dict[str, Any]:
    """What a browser sends for a form nobody changed."""
    found: dict[str, Any] = {}
    for name, one in form.fields.items():
        value = form.get_initial_for_field(one, name)
        if isinstance(value, date):
            found |= {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}
        elif value is not None:
            found[name] = value
    return found


def unchanged(make_form: Any, **more: Any) -> dict[str, Any]:
    held = part_on_today()
    return sent_by(make_form(plan_policy(held), held, TODAY, **more))


def part_on_today() -> dict[str, Any]:
    return part_on(Authority.objects.get(code=HERE), "plans", TODAY)


def save(client: Client, part: str, values: dict[str, Any]) -> Any:
    return client.post(f"{POLICY}{part}/", {**values, **NOW, "confirmed": "yes"})


@pytest.mark.parametrize("part", ["clocks", "signing", "cut-offs", "measures", "reminders"])
def test_a_form_nobody_changed_says_that_nothing_differs(world: World, part: str) -> None:
    client = world.client("head")
    assert page(client, f"{POLICY}change/{part}/")
    forms = {"clocks": ClocksForm, "signing": SigningForm, "measures": MeasuresForm, "reminders": RemindersForm}
    values = unchanged(forms[part]) if part in forms else {}
    shown = client.post(f"{POLICY}change/{part}/", {**values, **NOW})
    assert "Nothing differs from the policy in force on 24 November 2026" in text_of(shown)
    assert not PolicyVersion.objects.filter(authority=world.here).exists()


def test_a_clock_is_shown_in_words_before_it_is_saved_and_counts_for_plans_opened_then(world: World) -> None:
    client = world.client("head")
    values = {**unchanged(ClocksForm), "school_part": "another", "school_part_days": 4, "school_part_unit": "days"}
    shown = text_of(client.post(f"{POLICY}change/clocks/", {**values, **NOW}))
    assert "4 days before the meeting</strong> instead of 3 working days before the meeting" in shown
    assert part_on_today() == {}
    assert save(client, "change/clocks", values).status_code == 302
    assert part_on_today() == {"clocks": {"school_part": {"limit": -4, "unit": "days"}}}
    assert policy_for(HERE, TODAY).clocks["school_part"].words == "4 days before the meeting"
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert plan.clocks["rules"]["school_part"] == {"limit": -3, "unit": "working_days"}
        event = Event.objects.filter(action="policy set").latest("pk")
    assert (event.details["part"], event.person_id) == ("plans", world.people["head"].pk)
    told = text_of(page(client, POLICY))
    assert "the council’s own choice" in told and "“Agreed by the board” Helen Marsden" in told


def test_a_clock_of_ones_own_needs_a_number(world: World) -> None:
    values = {**unchanged(ClocksForm), "checked": "another"}
    shown = text_of(world.client("head").post(f"{POLICY}change/clocks/", {**values, **NOW}))
    assert "Checked by the virtual school: say how many days" in shown


def test_the_variants_seen_are_offered_as_choices(world: World) -> None:
    shown = text_of(page(world.client("head"), f"{POLICY}change/clocks/"))
    for rule in CLOCKS:
        for limit, unit, _ in variants_of(rule):
            assert f'value="{limit}:{unit}"' in shown


def test_signers_and_reviews_change_and_what_is_usual_is_not_kept(world: World) -> None:
    client = world.client("head")
    values = {**unchanged(SigningForm), "signers": ["designated_teacher", "carer"], "school_reviews_a_year": 2}
    assert save(client, "change/signing", values).status_code == 302
    assert part_on_today() == {"signers": ["designated_teacher", "carer"], "school_reviews_a_year": 2}
    back = {**values, "signers": ["social_worker", "designated_teacher"], "school_reviews_a_year": 1}
    assert save(client, "change/signing", back).status_code == 302
    assert part_on_today() == {}
    nobody = {**values, "signers": []}
    assert client.post(f"{POLICY}change/signing/", {**nobody, **NOW}).status_code == 200
    assert part_on_today() == {}


def test_how_plans_are_counted_changes_and_what_is_usual_is_not_kept(world: World) -> None:
    client = world.client("head")
    values = {**unchanged(MeasuresForm), "done_when": "approved", "measured_after_working_days": 0,
              "good_ratings": "Gold\n\nSilver \nGold"}  # fmt: skip
    shown = text_of(client.post(f"{POLICY}change/measures/", {**values, **NOW}))
    assert "once it is approved</strong> instead of once it is submitted" in shown
    assert save(client, "change/measures", values).status_code == 302
    assert part_on_today() == {
        "done_when": "approved", "measured_after_working_days": 0, "good_ratings": ["Gold", "Silver"],
    }  # fmt: skip
    policy = policy_for(HERE, TODAY)
    assert (policy.counts_as_good("silver"), policy.counts_as_good("Bronze"), policy.counts_as_good("")) == (
        True,
        False,
        None,
    )
    assert save(client, "change/measures", unchanged(MeasuresForm) | sent_usual()).status_code == 302
    assert part_on_today() == {}


def sent_usual() -> dict[str, Any]:
    usual = plan_policy({})
    return {"done_when": usual.done_when, "measured_after_working_days": usual.measured_after_working_days,
            "good_ratings": "\n".join(usual.good_ratings)}  # fmt: skip


def test_a_cut_off_outside_its_term_is_warned_of_and_not_refused(world: World) -> None:
    client = world.client("head")
    key = world.term.key
    inside = {f"{key}-day": 4, f"{key}-month": 12, f"{key}-year": 2026}
    shown = text_of(client.post(f"{POLICY}change/cut-offs/", {**inside, **NOW}))
    assert "4 December 2026</strong> instead of the last school day of the term" in shown
    assert "is not in that term" not in shown
    outside = {f"{key}-day": 6, f"{key}-month": 2, f"{key}-year": 2027}
    shown = text_of(client.post(f"{POLICY}change/cut-offs/", {**outside, **NOW}))
    assert "The cut-off of the autumn term 2026, 6 February 2027, is not in that term" in shown
    assert save(client, "change/cut-offs", outside).status_code == 302
    assert policy_for(HERE, TODAY).cutoffs == {key: date(2027, 2, 6)}


def test_a_reminder_is_switched_off_moved_and_sent_to_others(world: World) -> None:
    client = world.client("head")
    values = {
        **unchanged(RemindersForm), "pack": "off", "nudge_days": 8, "nudge_to": ["social_worker", "adviser"],
    }  # fmt: skip
    assert save(client, "change/reminders", values).status_code == 302
    ladder = {rung.key: rung for rung in policy_for(HERE, TODAY).ladder}
    assert "pack" not in ladder
    assert (ladder["nudge"].working_days, ladder["nudge"].to) == (8, ("social_worker", "adviser"))
    shown = text_of(page(client, POLICY))
    assert "Not sent" in shown and "8 working days after the meeting, to: social worker, education adviser" in shown
    nobody = {**values, "nudge_to": []}
    refused = text_of(client.post(f"{POLICY}change/reminders/", {**nobody, **NOW}))
    assert "What is left to finish: say to whom" in refused


def test_a_change_of_rights_takes_effect_at_the_next_request(world: World) -> None:
    head, teacher = world.client("head"), world.client("teacher")
    path = world.url("maisie", "sections/progress/")
    assert 'name="progress__strengths"' in text_of(page(teacher, path))
    values = {**unchanged(RightsForm, role="designated_teacher"), "open": "read", "in_progress": "read"}
    assert save(head, "rights/designated_teacher", values).status_code == 302
    assert 'name="progress__strengths"' not in text_of(page(teacher, path))
    assert text_of(page(head, POLICY)).count("would write nothing while a plan is being written") == 1
    values = {**unchanged(RightsForm, role="designated_teacher"), "open": "none"}
    assert save(head, "rights/designated_teacher", values).status_code == 302
    assert teacher.get(path).status_code == 404
    usual = {state: DEFAULT[state].get("designated_teacher", "none") for state in Plan.State.values}
    assert save(head, "rights/designated_teacher", usual).status_code == 302
    assert 'name="progress__strengths"' in text_of(page(teacher, path))
    assert part_on_today() == {}


def test_a_change_planned_counts_from_its_day_and_can_be_withdrawn(world: World) -> None:
    client = world.client("head")
    day = TODAY + timedelta(days=7)
    then = {"starts-day": day.day, "starts-month": day.month, "starts-year": day.year, "why": "From December"}
    values = {**unchanged(SigningForm), "signers": ["designated_teacher"], **then, "confirmed": "yes"}
    assert client.post(f"{POLICY}change/signing/", values).status_code == 302
    assert policy_for(HERE, TODAY).signers == ("designated_teacher", "social_worker")
    assert policy_for(HERE, day).signers == ("designated_teacher",)
    assert "(to come)" in text_of(page(client, POLICY))
    version = PolicyVersion.objects.get(authority=world.here)
    assert world.client("other head").post(f"{POLICY}{version.pk}/withdraw/").status_code == 404
    assert client.post(f"{POLICY}{version.pk}/withdraw/").status_code == 302
    assert not PolicyVersion.objects.filter(authority=world.here).exists()


def test_a_change_can_be_undone_at_once_and_what_it_replaced_stands_again(world: World) -> None:
    client = world.client("head")
    values = {**unchanged(SigningForm), "signers": ["designated_teacher"]}
    save(client, "change/signing", values)
    shown = text_of(page(client, POLICY))
    version = PolicyVersion.objects.get(authority=world.here)
    assert f"{POLICY}{version.pk}/undo/" in shown
    assert client.post(f"{POLICY}{version.pk}/undo/").status_code == 302
    assert part_on_today() == {}
    assert client.post(f"{POLICY}{version.pk}/undo/").status_code == 404


def test_the_councils_other_policy_and_that_for_plans_do_not_touch_each_other(world: World) -> None:
    save(world.client("head"), "change/signing", {**unchanged(SigningForm), "signers": ["designated_teacher"]})
    later = TODAY + timedelta(days=30)
    with world.within():
        for starts in (TODAY, later):
            set_policy(world.here, starts=starts, choices={"pep_from_age": 2}, why="Agreed", by_id=None, by_name="H")
    for day in (TODAY, later):
        version = PolicyVersion.objects.filter(authority=world.here, starts=day).get()
        assert version.choices == {"pep_from_age": 2, "plans": {"signers": ["designated_teacher"]}}
    save(world.client("head"), "change/signing", {**unchanged(SigningForm), "signers": ["social_worker"]})
    assert policy_for(HERE, later).signers == ("social_worker",)
    shown = text_of(page(world.client("head"), "/policy/"))
    assert "pep_from_age" not in shown and "From which birthday" in shown
    assert [version.starts for version, _ in history(world.here)] == [later, TODAY]


@pytest.mark.parametrize("who", ["adviser", "data officer", "inspector", "social worker", "board member"])
def test_staff_read_the_policy_and_only_the_head_changes_it(world: World, who: str) -> None:
    client = world.client(who)
    shown = text_of(page(client, POLICY))
    assert "Council policy" in shown and "Change the clocks" not in shown
    for path in ("change/clocks/", "rights/carer/"):
        assert client.get(f"{POLICY}{path}").status_code == 403
        assert client.post(f"{POLICY}{path}").status_code == 403


def test_carers_do_not_read_it_and_there_is_no_part_called_nonsense(world: World) -> None:
    assert world.client("carer").get(POLICY).status_code == 403
    assert world.client("head").get(f"{POLICY}change/nonsense/").status_code == 404
    assert world.client("head").get(f"{POLICY}rights/board_member/").status_code == 404


def test_the_usual_table_of_rights_is_one_that_can_be_given() -> None:
    assert list(faults_of_rights(DEFAULT)) == []
    assert list(warnings_of(PlanPolicy())) == []


def warnings_of(policy: PlanPolicy) -> list[str]:
    return warnings(policy, ())


@given(st.sampled_from(ROLES), st.sampled_from(Plan.State.values))
def test_what_was_sent_in_can_be_written_by_nobody_and_the_head_always_reads(role: str, state: str) -> None:
    rights = offered(role, state)
    if state in {"submitted", "in_qa", "approved", "published", "superseded"} or state.startswith("closed"):
        assert set(rights) <= {Access.READ, Access.NONE}
    assert (Access.NONE in rights) == (role != "virtual_school_head")
    assert all(list(faults_of_rights({state: {role: right}})) == [] for right in rights)
    refused = next((right for right in Access if right not in rights), None)
    if refused is not None:
        assert len(list(faults_of_rights({state: {role: refused}}))) == 1


def test_a_right_or_state_or_role_that_is_none_is_a_fault() -> None:
    wrong = {"asleep": {}, "open": {"dinner_lady": "read", "carer": "all"}}
    assert len(list(faults_of_rights(wrong))) == 3


def test_a_right_that_cannot_be_given_is_refused_however_it_is_sent(world: World) -> None:
    values = {**unchanged(RightsForm, role="carer"), "approved": "own"}
    shown = world.client("head").post(f"{POLICY}rights/carer/", {**values, **NOW, "confirmed": "yes"})
    assert shown.status_code == 200 and part_on_today() == {}
    with world.within(), pytest.raises(FaultyPolicy, match="while a plan is approved"):
        set_plan_policy(
            authority=world.here, starts=TODAY, choices={"rights": {"approved": {"carer": "own"}}}, why="",
            by=world.people["head"],
        )  # fmt: skip


def test_sections_nobody_would_write_are_named() -> None:
    form = library_template("secondary")
    assert without_writer(DEFAULT, form) == []
    nobody = {**DEFAULT, "in_progress": {**DEFAULT["in_progress"], "designated_teacher": "read"}}
    assert set(without_writer(nobody, form)) == {
        section.title for section in form.sections if section.owner == "designated_teacher"
    }


def test_each_change_is_told_once_with_what_was_before() -> None:
    after = plan_policy(
        {
            "clocks": {"checked": {"limit": 5, "unit": "days"}},
            "ladder": {"pack": None},
            "rights": {"open": {"carer": "read"}},
            "cutoffs": {"2026/27-autumn": "2026-12-04"},
            "new_plan_on_placement_change": True,
        }
    )
    told = [(one.what, one.before, one.after) for one in changes_between(PlanPolicy(), after)]
    assert told == [
        ("Checked by the virtual school", "10 working days after being submitted", "5 days after being submitted"),
        ("A new plan after a change of placement", "No", "Yes"),
        ("Cut-off of the autumn term of 2026/27", "the last school day of the term", "4 December 2026"),
        ("Reminder “Papers before the meeting”",
         "1 working day before the meeting, to: social worker, designated teacher, carer", "Off"),
        ("Carer, while a plan is open", "writes own sections, reads the others", "reads"),
    ]  # fmt: skip
    assert changes_between(after, after) == []
