"""Writing a section: by the page's buttons, as one types, two at once, and from what is known or was written before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from virtual_school.children.models import Involvement
from virtual_school.plans.forms_writing import mark_of
from virtual_school.plans.models import Answer, Plan, PlanSection, UnmergedWords
from virtual_school.plans.opening import open_term

from .writing_world import HERE, TODAY, World, form_of

HOME = "sections/progress/"
STRENGTHS = "progress__strengths"


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def page(client: Client, url: str) -> Any:
    found = client.get(url)
    assert found.status_code == 200, (url, found.status_code)
    return found


def text_of(response: Any) -> str:
    return response.content.decode()


def test_words_are_saved_without_a_script(world: World) -> None:
    client = world.client("teacher")
    form = form_of(page(client, world.url("maisie", HOME)))
    sent = client.post(world.url("maisie", HOME), {**form, STRENGTHS: "Reads to younger pupils", "do": "save"})
    assert sent.status_code == 302
    assert world.answer("maisie", "progress.strengths").value == "Reads to younger pupils"
    assert world.plan("maisie").state == Plan.State.IN_PROGRESS
    again = text_of(page(client, world.url("maisie", HOME)))
    assert "Saved 10:42" in again and "Reads to younger pupils" in again


def test_what_one_types_is_saved_and_answered_with_the_time(world: World) -> None:
    client = world.client("teacher")
    form = form_of(page(client, world.url("maisie", HOME)))
    told = client.post(world.url("maisie", HOME + "save/"), {**form, STRENGTHS: "Kind"}).json()
    assert told["saved_at"] == "10:42"
    assert told["clashes"] == [] and told["faults"] == {}
    assert told["was"] == {STRENGTHS: f"1-{mark_of('Kind')}"}
    form |= {f"was-{name}": mark for name, mark in told["was"].items()}
    told = client.post(world.url("maisie", HOME + "save/"), {**form, STRENGTHS: "Kind and quick"}).json()
    assert told["clashes"] == []
    assert world.answer("maisie", "progress.strengths").value == "Kind and quick"


def test_two_people_in_two_fields_do_not_meet(world: World) -> None:
    teacher, adviser = world.client("teacher"), world.client("adviser")
    first, second = (form_of(page(one, world.url("maisie", HOME))) for one in (teacher, adviser))
    teacher.post(world.url("maisie", HOME + "save/"), {**first, STRENGTHS: "Kind"})
    told = adviser.post(world.url("maisie", HOME + "save/"), {**second, "progress__barriers": "Tired"}).json()
    assert told["clashes"] == []
    assert world.answer("maisie", "progress.strengths").value == "Kind"
    assert world.answer("maisie", "progress.barriers").value == "Tired"


def test_two_people_in_one_field_both_keep_their_words_until_one_chooses(world: World) -> None:
    teacher, adviser = world.client("teacher"), world.client("adviser")
    first, second = (form_of(page(one, world.url("maisie", HOME))) for one in (teacher, adviser))
    teacher.post(world.url("maisie", HOME + "save/"), {**first, STRENGTHS: "Kind"})
    told = adviser.post(world.url("maisie", HOME + "save/"), {**second, STRENGTHS: "Loves maps"}).json()
    assert told["clashes"] == ["What the child is good at and enjoys"]
    assert STRENGTHS not in told["was"]
    adviser.post(world.url("maisie", HOME + "save/"), {**second, STRENGTHS: "Loves maps and rivers"})
    with world.within():
        beside = UnmergedWords.objects.get(plan=world.plans["maisie"])
        assert beside.value == "Loves maps and rivers"
    assert world.answer("maisie", "progress.strengths").value == "Kind"
    shown = page(adviser, world.url("maisie", "two-versions/"))
    assert "Kind" in text_of(shown) and "Loves maps and rivers" in text_of(shown)
    chosen = {"words": beside.pk, "revision": 1, "keep": "both"}
    assert adviser.post(world.url("maisie", "two-versions/"), chosen).status_code == 302
    assert world.answer("maisie", "progress.strengths").value == "Kind\n\nLoves maps and rivers"
    assert adviser.get(world.url("maisie", "two-versions/")).status_code == 302


def test_a_choice_made_on_an_old_look_is_asked_again(world: World) -> None:
    teacher, adviser = world.client("teacher"), world.client("adviser")
    first, second = (form_of(page(one, world.url("maisie", HOME))) for one in (teacher, adviser))
    told = teacher.post(world.url("maisie", HOME + "save/"), {**first, STRENGTHS: "Kind"}).json()
    adviser.post(world.url("maisie", HOME + "save/"), {**second, STRENGTHS: "Loves maps"})
    teacher.post(
        world.url("maisie", HOME + "save/"), {**first, f"was-{STRENGTHS}": told["was"][STRENGTHS], STRENGTHS: "Kinder"}
    )
    with world.within():
        beside = UnmergedWords.objects.get(plan=world.plans["maisie"])
    adviser.post(world.url("maisie", "two-versions/"), {"words": beside.pk, "revision": 1, "keep": "mine"})
    assert world.answer("maisie", "progress.strengths").value == "Kinder"
    with world.within():
        assert UnmergedWords.objects.get(pk=beside.pk).settled_at is None


def test_a_full_save_over_other_words_leads_to_the_choice(world: World) -> None:
    teacher, adviser = world.client("teacher"), world.client("adviser")
    first, second = (form_of(page(one, world.url("maisie", HOME))) for one in (teacher, adviser))
    teacher.post(world.url("maisie", HOME), {**first, STRENGTHS: "Kind", "do": "save"})
    sent = adviser.post(world.url("maisie", HOME), {**second, STRENGTHS: "Loves maps", "do": "next"})
    assert sent.headers["Location"].endswith("/two-versions/")


def test_what_is_known_says_where_it_is_from_and_looking_changes_nothing(world: World) -> None:
    client = world.client("social worker")
    shown = page(client, world.url("maisie", "sections/about_child/"))
    assert "From the child’s record" in text_of(shown).replace("&#x27;", "’").replace("'", "’")
    before = world.answer("maisie", "about_child.legal_name")
    assert (before.source, before.value) == ("service", "Maisie Thornton")
    sent = {**form_of(shown), "about_child__legal_name": "Maisie Thornton", "about_child__born-day": "1",
            "about_child__born-month": "5", "about_child__born-year": "2014", "do": "save"}  # fmt: skip
    client.post(world.url("maisie", "sections/about_child/"), sent)
    after = world.answer("maisie", "about_child.legal_name")
    assert (after.source, after.revision) == ("service", before.revision)
    assert world.answer("maisie", "about_child.born").source == "service"


def test_a_fault_in_one_field_leaves_the_others_saved(world: World) -> None:
    client = world.client("social worker")
    url = world.url("maisie", "sections/care/")
    sent = {**form_of(page(client, url)), "care__changes_ahead": "None planned", "care__next_review_on-day": "31",
            "care__next_review_on-month": "2", "care__next_review_on-year": "2027", "do": "next"}  # fmt: skip
    shown = client.post(url, sent)
    assert shown.status_code == 200
    assert "There is a problem" in text_of(shown) and "Everything else you wrote is saved" in text_of(shown)
    assert 'value="31"' in text_of(shown)
    assert world.answer("maisie", "care.changes_ahead").value == "None planned"


def test_rows_are_added_and_taken_out_without_a_script(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "sections/attainment_secondary/")
    shown = page(client, url)
    rows = "attainment_secondary__subjects"
    sent = {**form_of(shown), f"{rows}-0-subject": "English", f"{rows}-0-now": "4", f"{rows}-1-subject": "Maths"}
    answer = client.post(url, {**sent, "do": f"add:{rows}"})
    assert f"#f_{rows}" in answer.headers["Location"]
    held = world.answer("maisie", "attainment_secondary.subjects").value
    assert held == [{"subject": "English", "now": "4"}, {"subject": "Maths"}]
    shown = page(client, answer.headers["Location"].partition("#")[0])
    sent = {**form_of(shown), f"{rows}-0-subject": "English", f"{rows}-0-now": "4", f"{rows}-0-remove": "on",
            f"{rows}-1-subject": "Maths", "do": "save"}  # fmt: skip
    client.post(url, sent)
    assert world.answer("maisie", "attainment_secondary.subjects").value == [{"subject": "Maths"}]


def test_saving_as_one_types_takes_no_row_out(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "sections/attainment_secondary/")
    rows = "attainment_secondary__subjects"
    sent = {**form_of(page(client, url)), f"{rows}-0-subject": "English", f"{rows}-0-remove": "on"}
    client.post(url + "save/", sent)
    assert world.answer("maisie", "attainment_secondary.subjects").value == [{"subject": "English"}]


def test_a_reason_stands_where_the_law_asks_only_what_is_practicable(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "sections/sen/")
    why = "why-sen__status"
    shown = page(client, url)
    assert why in text_of(shown)
    client.post(url, {**form_of(shown), why: "The file has not come from the last school", "do": "save"})
    assert world.answer("maisie", "sen.status").reason_if_blank == "The file has not come from the last school"
    assert "Reason given" in text_of(page(client, world.url("maisie")))


def test_a_section_with_empty_required_fields_is_not_complete_and_says_which(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", HOME)
    shown = client.post(url, {**form_of(page(client, url)), STRENGTHS: "Kind", "do": "complete"})
    assert "“Achievements since the last plan, in lessons and outside them” is still to be answered" in text_of(shown)
    assert 'href="#f_progress__achievements"' in text_of(shown)
    filled = {STRENGTHS: "Kind", "progress__achievements": "A badge", "progress__barriers": "Noise"}
    shown = page(client, url)
    sent = client.post(url, {**form_of(shown), **filled, "do": "complete"})
    assert sent.headers["Location"] == world.url("maisie")
    assert "Undo" in text_of(page(client, world.url("maisie")))
    undone = client.post(world.url("maisie", HOME + "open-again/"), {"undo": "1"})
    assert undone.status_code == 302
    with world.within():
        part = PlanSection.objects.get(plan=world.plans["maisie"], key="progress")
        assert part.state == PlanSection.State.IN_PROGRESS


def next_plan(world: World, on: date = TODAY) -> Plan:
    """Maisie's autumn plan is approved, and her spring plan open."""
    from virtual_school.authorities.queries import school_calendars

    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        for key, value in {
            "progress.strengths": "She reads to younger pupils every Friday and likes it",
            "education.key_adult": "Mrs Iqbal, and Mr Dale when she is away",
            "interests.leisure": "Horses",
        }.items():
            Answer.objects.update_or_create(
                authority_id=HERE, child_id=plan.child_id, plan=plan, field_key=key,
                defaults={"section_key": key.partition(".")[0], "value": value, "by_name": "Asha Khan"},
            )  # fmt: skip
        Plan.objects.filter(pk=plan.pk).update(state=Plan.State.APPROVED)
        calendar, _ = school_calendars(HERE, world.here.name)
        term = calendar.next_term(world.term)
        made = open_term(authority=world.here, term=term, by=None, on=on, children=[plan.child_id]).made
        world.plans["maisie"] = made[0]
        return made[0]


def test_carried_words_stand_as_last_terms_until_somebody_says_they_are_still_true(world: World) -> None:
    next_plan(world)
    client = world.client("teacher")
    url = world.url("maisie", "sections/education/")
    shown = page(client, url)
    assert "From the plan of the autumn term 2026: still true?" in text_of(shown)
    assert "from last term to confirm" in text_of(page(client, world.url("maisie")))
    answer = world.answer("maisie", "education.key_adult")
    assert (answer.source, answer.is_confirmed) == ("carried", False)
    sent = {**form_of(shown), "education__key_adult": answer.value, "still": "education__key_adult", "do": "save"}
    client.post(url, sent)
    after = world.answer("maisie", "education.key_adult")
    assert after.is_confirmed and after.value == answer.value


def test_last_term_stands_beside_and_the_same_words_are_said_to_be_unchanged(world: World) -> None:
    next_plan(world)
    client = world.client("teacher")
    url = world.url("maisie", HOME)
    shown = page(client, url)
    assert "Last term" in text_of(shown)
    assert "She reads to younger pupils every Friday and likes it" in text_of(shown)
    same = {**form_of(shown), STRENGTHS: "She reads to younger pupils every Friday and likes it", "do": "save"}
    client.post(url, same)
    shown = text_of(page(client, url))
    assert "Unchanged" in shown
    assert "This is last term’s text. What is different now?" in shown.replace("&#x27;", "’")
    changed = {**form_of(page(client, url)), STRENGTHS: "She reads to younger pupils every Tuesday", "do": "save"}
    client.post(url, changed)
    compared = text_of(page(client, world.url("maisie", "compare/")))
    assert "<ins>" in compared and "<del>" in compared and "Tuesday" in compared


def test_a_field_that_waits_for_another_says_when_it_is_asked(world: World) -> None:
    client = world.client("teacher")
    url = world.url("maisie", "sections/attendance/")
    shown = page(client, url)
    assert "Only when" in text_of(shown) and 'data-waits="yes"' in text_of(shown)
    told = client.post(url + "save/", {**form_of(shown), "attendance__concern": "yes"}).json()
    assert "attendance__pattern" in told["shown"]


ANSWERS = {
    "teacher": (200, 200, 404),
    "other teacher": (404, 404, 404),
    "social worker": (200, 404, 404),
    "other social worker": (404, 404, 404),
    "carer": (200, 404, 404),
    "reviewing officer": (200, 404, 404),
    "adviser": (200, 200, 404),
    "head": (200, 200, 404),
    "data officer": (200, 200, 404),
    "inspector": (200, 200, 404),
    "other head": (404, 404, 200),
    "board member": (403, 403, 403),
}


@pytest.mark.parametrize("who", ANSWERS)
def test_who_opens_which_plan(world: World, who: str) -> None:
    client = world.client(who)
    found = tuple(client.get(world.url(child)).status_code for child in ("maisie", "ellie", "zainab"))
    if who == "teacher":
        assert found == (200, 200, 200)
    else:
        assert found == ANSWERS[who]


WRITE = {
    "teacher": {"progress"},
    "social worker": {"care", "carer"},
    "carer": {"carer"},
    "reviewing officer": set(),
    "adviser": {"progress", "care", "carer"},
    "data officer": set(),
    "inspector": set(),
}


@pytest.mark.parametrize("who", WRITE)
def test_who_writes_which_section(world: World, who: str) -> None:
    client = world.client(who)
    for key in ("progress", "care", "carer"):
        sent = client.post(world.url("maisie", f"sections/{key}/save/"), {})
        assert (sent.status_code == 200) == (key in WRITE[who]), (who, key, sent.status_code)


def test_a_submitted_plan_is_read_and_not_written(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state=Plan.State.SUBMITTED)
    client = world.client("teacher")
    assert "you can read it" in text_of(page(client, world.url("maisie", HOME)))
    assert client.post(world.url("maisie", HOME), {STRENGTHS: "x"}).status_code == 403
    assert client.post(world.url("maisie", HOME + "save/"), {STRENGTHS: "x"}).status_code == 403


def test_a_carer_does_not_read_a_pupil_number(world: World) -> None:
    shown = text_of(page(world.client("carer"), world.url("maisie", "sections/about_child/")))
    assert "Maisie Thornton" in shown
    assert world.children["maisie"].upn not in shown
    assert world.children["maisie"].upn in text_of(
        page(world.client("teacher"), world.url("maisie", "sections/about_child/"))
    )


def test_somebody_no_longer_around_the_child_sees_nothing(world: World) -> None:
    with world.within():
        Involvement.objects.filter(person=world.people["social worker"]).update(ends=TODAY)
    assert world.client("social worker").get(world.url("maisie")).status_code == 404


def test_twins_at_one_school_are_never_mixed_up(world: World) -> None:
    client = world.client("teacher")
    form = form_of(page(client, world.url("ellie", HOME)))
    client.post(world.url("ellie", HOME), {**form, STRENGTHS: "Sings", "do": "save"})
    assert world.answer("ellie", "progress.strengths").value == "Sings"
    assert world.answer("maisie", "progress.strengths") is None
    shown = text_of(page(client, world.url("ellie", HOME)))
    assert "Ellie Thornton" in shown and "Maisie" not in shown


def test_the_plan_says_first_what_is_yours_with_minutes_and_missing_fields_by_name(world: World) -> None:
    shown = text_of(page(world.client("teacher"), world.url("maisie")))
    assert "Yours: " in shown and "about " in shown
    assert "What the child is good at and enjoys" in shown
    assert "Danielle Frost (social worker)" in shown
    assert shown.index("Yours: ") < shown.index("Other people’s")
    assert "contents asked by law and guidance are there" in shown


def test_the_number_of_queries_does_not_grow_with_what_is_written(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = world.client("teacher")
    with django_assert_max_num_queries(45):
        page(client, world.url("maisie"))
    with django_assert_max_num_queries(40):
        page(client, world.url("maisie", HOME))


def test_the_plans_of_all_terms_stand_together(world: World) -> None:
    from virtual_school.plans.actions import record_plan

    with world.within():
        record_plan(world.children["maisie"], term="2025/26-summer", meeting_on=date(2026, 6, 2), by=None)
    shown = text_of(page(world.client("teacher"), f"/children/{world.children['maisie'].public_id}/plans/"))
    assert "Autumn term 2026" in shown and "Summer term 2026" in shown and "Kept elsewhere" in shown
    assert shown.index("Autumn term 2026") < shown.index("Summer term 2026")
