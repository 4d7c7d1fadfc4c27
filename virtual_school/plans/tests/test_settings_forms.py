"""A council changes its forms on screen: drafts, own questions, versions in force, and the plans that keep theirs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from virtual_school.audit.models import Event
from virtual_school.care.actions import work_out_history
from virtual_school.plans.library import library_template
from virtual_school.plans.models import Plan, PlanTemplate
from virtual_school.plans.opening import open_term, template_in_force
from virtual_school.plans.template_document import from_document, to_document
from virtual_school.plans.template_edits import laid_over
from virtual_school.schools.models import Enrolment

from .pdf_text import text_of as words_on_paper
from .test_writing_sections import page, text_of
from .writing_world import TODAY, World, a_child

FORM = "/plans/forms/secondary"


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


@pytest.fixture
def head(world: World) -> Client:
    client = world.client("head")
    assert client.post(f"{FORM}/start/").status_code == 302
    return client


def row(world: World, version: int) -> PlanTemplate:
    return PlanTemplate.objects.get(authority=world.here, phase="secondary", version=version)


def field(world: World, version: int, key: str) -> Any:
    return from_document(row(world, version).content).field(key)


def change(world: World, client: Client, url: str, version: int = 2, **values: Any) -> Any:
    """Posts with what the page knows of the draft."""
    return client.post(f"{FORM}/{version}/{url}", {"seen": len(row(world, version).edits), **values})


def label(world: World, client: Client, words: str, version: int = 2) -> Any:
    return change(
        world, client, "sections/education/questions/travel/", version, label=words, hint="", required="never",
        is_on="yes",
    )  # fmt: skip


QUESTION = {
    "label": "Breakfast club?", "hint": "Ask the child.", "kind": "choice", "choices": "Every day\nSome days\nNever",
    "required": "before_submit", "after": "education.school", "years": ["7"], "seasons": ["autumn"],
    "circumstance": "out_of_area", "answer": "",
}  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/plans/forms/", "/plans/forms/custody/1/", "/plans/forms/custody/start/", f"{FORM}/1/", f"{FORM}/2/",
        f"{FORM}/2/sections/sen/", f"{FORM}/2/sections/sen/change/", f"{FORM}/2/sections/sen/add/",
        f"{FORM}/2/sections/sen/questions/status/", f"{FORM}/2/preview/", f"{FORM}/2/contents/", f"{FORM}/2/compare/",
        f"{FORM}/2/compare/?with=library", f"{FORM}/2/put-in-force/", f"{FORM}/2/discard/",
        f"{FORM}/start/?from=library",
    ],
)  # fmt: skip
def test_every_page_is_there(head: Client, path: str) -> None:
    assert "<h1" in page(head, path).content.decode()


def test_a_label_changes_in_the_draft_and_nowhere_else(world: World, head: Client) -> None:
    assert label(world, head, "How the child gets to school").status_code == 302
    assert field(world, 2, "education.travel").label == "How the child gets to school"
    assert field(world, 1, "education.travel").label == library_template("secondary").field("education.travel").label
    assert row(world, 2).edits == [
        {"edit": "set_label", "field": "education.travel", "label": "How the child gets to school"}
    ]
    assert "is now called “How the child gets to school”" in text_of(page(head, f"{FORM}/2/"))
    with world.within():
        event = Event.objects.filter(action="plan form changed").latest("pk")
    assert (event.person_id, event.authority_id, event.details["version"]) == (
        world.people["head"].pk, world.here.code, 2,
    )  # fmt: skip


def test_nothing_different_is_said_and_nothing_saved(world: World, head: Client) -> None:
    shown = label(world, head, field(world, 2, "education.travel").label)
    assert "Nothing is different yet" in text_of(shown)
    assert row(world, 2).edits == []


def test_a_statutory_question_offers_no_switch_and_says_which_law_it_helps_to_meet(world: World, head: Client) -> None:
    shown = text_of(page(head, f"{FORM}/2/sections/sen/questions/status/"))
    assert 'name="is_on"' not in shown
    assert "It stays in the form" in shown and "C4: Special educational needs" in shown
    assert "Schedule 1 paragraph 2(1)" in shown
    change(world, head, "sections/sen/questions/status/", label="Needs", hint="", required="before_submit", is_on="no")
    assert field(world, 2, "sen.status").is_on and field(world, 2, "sen.status").label == "Needs"
    refused = change(world, head, "sections/sen/questions/status/", label="Needs", hint="", required="never")
    assert refused.status_code == 200 and field(world, 2, "sen.status").required == "before_submit"


def test_a_question_others_wait_for_cannot_be_switched_off_and_the_fault_names_them(world: World, head: Client) -> None:
    asked = field(world, 2, "meeting.child_there")
    section, _, name = asked.key.partition(".")
    shown = change(
        world, head, f"sections/{section}/questions/{name}/", label=asked.label, hint=asked.hint,
        required=asked.required, is_on="no",
    )  # fmt: skip
    assert shown.status_code == 200
    assert "There is a problem" in text_of(shown)
    assert f"asked only after the field “{asked.label}”, which is switched off" in text_of(shown)
    assert row(world, 2).edits == []


def test_a_section_is_renamed_given_to_another_role_and_switched_off(world: World, head: Client) -> None:
    shown = text_of(page(head, f"{FORM}/2/sections/sen/change/"))
    assert 'name="is_on"' not in shown and "It stays in the form" in shown
    sent = change(
        world, head, "sections/permissions/change/", title="Consents", hint="", owner="virtual_school", is_on="no"
    )
    assert sent.status_code == 302
    section = from_document(row(world, 2).content).section("permissions")
    assert section is not None
    assert (section.title, section.owner, section.is_on) == ("Consents", "virtual_school", False)


def test_an_own_question_with_choices_and_conditions_is_asked_in_the_next_plan(world: World, head: Client) -> None:
    assert change(world, head, "sections/education/add/", **QUESTION).status_code == 302
    own = field(world, 2, "education.own_breakfast_club")
    assert own.added_by_authority and own.required == "before_submit"
    assert [choice.label for choice in own.choices] == ["Every day", "Some days", "Never"]
    shown = text_of(page(head, f"{FORM}/2/sections/education/"))
    assert "Own question" in shown
    assert "the child is in year 7 and the term is autumn and the child lives outside" in shown
    section = from_document(row(world, 2).content).section("education")
    assert section is not None and [one.key for one in section.fields][1] == own.key
    again = change(world, head, "sections/education/add/", **QUESTION)
    assert again.status_code == 302 and field(world, 2, "education.own_breakfast_club_2")


def test_an_own_question_may_wait_for_an_answer(world: World, head: Client) -> None:
    given = {**QUESTION, "years": [], "seasons": [], "circumstance": "", "answer": "sen.status=ehc_plan"}
    assert change(world, head, "sections/education/add/", **given).status_code == 302
    assert row(world, 2).edits[-1]["field"]["shown_when"] == {"field": "sen.status", "in": ["ehc_plan"]}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"choices": "Only one"}, "Give at least two choices"),
        ({"choices": "Yes\nyes!"}, "Two choices are the same"),
        ({"kind": "text"}, "Choices belong to a question answered by a choice"),
        ({"label": ""}, "Enter the question"),
        ({"label": "x" * 91}, "90 characters"),
        ({"kind": "targets"}, "How is it answered"),
        ({"years": ["12"]}, "Only in some years"),
    ],
)
def test_a_faulty_own_question_is_said_in_words(world: World, head: Client, wrong: dict[str, Any], words: str) -> None:
    shown = change(world, head, "sections/education/add/", **{**QUESTION, **wrong})
    assert shown.status_code == 200
    assert "There is a problem" in text_of(shown) and words.lower() in text_of(shown).lower()
    assert row(world, 2).edits == []


def test_sections_and_questions_move_one_step_and_each_step_can_be_undone(world: World, head: Client) -> None:
    def order() -> list[str]:
        return [section.key for section in from_document(row(world, 2).content).sections]

    before = order()
    change(world, head, "move/", down=before[0])
    assert order()[:2] == [before[1], before[0]]
    change(world, head, "move/", up="education.year_group")
    assert row(world, 2).edits[-1]["section"] == "education"
    change(world, head, "undo/")
    change(world, head, "undo/")
    assert order() == before and row(world, 2).edits == []
    shown = head.post(f"{FORM}/2/undo/", {"seen": 0}, follow=True)
    assert "Nothing is changed in this draft yet" in text_of(shown)


def test_two_people_change_one_draft_and_the_second_is_told(world: World, head: Client) -> None:
    label(world, head, "Journey")
    late = head.post(
        f"{FORM}/2/sections/sen/change/", {"seen": 0, "title": "Needs", "hint": "", "owner": "designated_teacher"}
    )
    assert "Somebody else has changed this draft in the meantime" in text_of(late)
    assert len(row(world, 2).edits) == 1


def test_an_open_plan_keeps_its_version_and_the_next_is_opened_with_the_new_one(world: World, head: Client) -> None:
    label(world, head, "Journey")
    shown = page(head, f"{FORM}/2/put-in-force/")
    assert "is called “Journey”" in text_of(shown) and "plans being written" in text_of(shown)
    sent = change(world, head, "put-in-force/", **{"starts-day": 24, "starts-month": 11, "starts-year": 2026})
    assert sent.status_code == 302
    assert (row(world, 1).state, row(world, 2).state) == ("retired", "in_force")
    with world.within():
        opened = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert opened.template.version == 1
        young = a_child(world, world.here, "Nell Archer", born=TODAY.replace(year=2014), came_in=TODAY)
        Enrolment.objects.create(
            authority=world.here, child=young, school=world.schools["teacher"], starts=TODAY - timedelta(days=80)
        )
        work_out_history(world.here.code)
        made = open_term(authority=world.here, term=world.term, by=None, on=TODAY, children=[young.pk]).made
    assert [(plan.phase, plan.template.version) for plan in made] == [("secondary", 2)]
    teacher = text_of(page(world.client("teacher"), world.url("maisie", "sections/education/")))
    assert "Journey" not in teacher
    done = text_of(page(head, f"{FORM}/2/"))
    assert "Plans open now keep their form" in done


def test_a_version_to_come_counts_from_its_day_and_can_be_taken_back_before(world: World, head: Client) -> None:
    label(world, head, "Journey")
    day = TODAY + timedelta(days=6)
    starts = {"starts-day": day.day, "starts-month": day.month, "starts-year": day.year}
    assert change(world, head, "put-in-force/", **starts).status_code == 302
    assert "To come" in text_of(page(head, "/plans/forms/"))
    assert label(world, head, "Other").status_code == 404
    with world.within():
        assert template_in_force(world.here, "secondary").version == 1
    assert head.post(f"{FORM}/2/take-back/").status_code == 302
    assert row(world, 2).starts is None
    assert change(world, head, "put-in-force/", **starts).status_code == 302
    with time_machine.travel(f"{day.isoformat()} 08:00:00+00:00", tick=False):
        assert "In force" in text_of(page(world.client("head"), f"{FORM}/2/"))
        with world.within():
            assert template_in_force(world.here, "secondary").version == 2
    assert row(world, 1).state == "retired"


def test_no_version_counts_from_a_day_gone_by(world: World, head: Client) -> None:
    past = {"starts-day": 1, "starts-month": 11, "starts-year": 2026}
    shown = change(world, head, "put-in-force/", **past)
    assert "on or after 24 November 2026" in text_of(shown)
    assert row(world, 2).state == "draft"


def test_putting_in_force_can_be_undone_until_a_plan_is_opened_with_it(world: World, head: Client) -> None:
    today = {"starts-day": 24, "starts-month": 11, "starts-year": 2026}
    change(world, head, "put-in-force/", **today)
    assert head.post(f"{FORM}/2/take-back/").status_code == 302
    assert (row(world, 1).state, row(world, 2).state) == ("in_force", "draft")
    change(world, head, "put-in-force/", **today)
    with world.within():
        Plan.objects.filter(pk=world.plans["ellie"].pk).update(template=row(world, 2))
    shown = head.post(f"{FORM}/2/take-back/", follow=True)
    assert "Plans are open with this version, so it stays" in text_of(shown)
    assert row(world, 2).state == "in_force"


def test_taking_back_is_only_offered_just_after(world: World, head: Client) -> None:
    assert head.post(f"{FORM}/1/take-back/").status_code == 404


def test_one_draft_at_a_time_and_it_can_be_discarded(world: World, head: Client) -> None:
    again = head.post(f"{FORM}/start/", follow=True)
    assert "is being changed already" in text_of(again)
    label(world, head, "Journey")
    assert "1 difference from the version in force would be lost" in text_of(page(head, f"{FORM}/2/discard/"))
    assert head.post(f"{FORM}/2/discard/").status_code == 302
    assert not PlanTemplate.objects.filter(authority=world.here, phase="secondary", version=2).exists()
    with world.within():
        assert Event.objects.filter(action="plan form draft discarded").count() == 1


def test_a_newer_edition_keeps_the_edits_that_fit_and_tells_the_others(world: World) -> None:
    """As if the version in force had been made from an older edition, which had a question that is gone now."""
    current = row(world, 1)
    fits = {"edit": "set_label", "field": "education.travel", "label": "Journey"}
    gone = {"edit": "set_label", "field": "education.lunch", "label": "Lunch"}
    current.edits, current.library_version = [fits, gone], 0
    current.content = to_document(laid_over(library_template("secondary"), [fits]))
    current.save()
    client = world.client("head")
    assert "Edition 1 is there" in text_of(page(client, "/plans/forms/"))
    shown = text_of(page(client, f"{FORM}/start/?from=library"))
    assert "1 of your edits does not fit" in shown and "There is no field “education.lunch”" in shown
    assert client.post(f"{FORM}/start/", {"from": "library"}).status_code == 302
    assert row(world, 2).edits == [fits] and row(world, 2).library_version == 1
    assert field(world, 2, "education.travel").label == "Journey"


def test_the_preview_shows_what_a_role_writes_reads_and_does_not_see(world: World, head: Client) -> None:
    teacher = text_of(page(head, f"{FORM}/2/preview/?role=designated_teacher&state=in_progress&year=8"))
    worker = text_of(page(head, f"{FORM}/2/preview/?role=social_worker&state=in_progress&year=8"))
    assert 'name="progress__strengths"' in teacher and 'name="progress__strengths"' not in worker
    assert "questions not shown to this role" in teacher
    carer = text_of(page(head, f"{FORM}/2/preview/?role=carer&state=closed_moved"))
    assert "does not see a plan in this state" in carer


def test_the_preview_asks_what_the_circumstances_ask(world: World, head: Client) -> None:
    base = f"{FORM}/2/preview/?role=virtual_school_head&state=in_progress"
    title = library_template("secondary").section("unaccompanied").title
    assert title not in text_of(page(head, base))
    assert title in text_of(page(head, f"{base}&circumstances=unaccompanied"))


def test_what_the_law_asks_names_each_question_that_helps(world: World, head: Client) -> None:
    shown = text_of(page(head, f"{FORM}/2/contents/"))
    assert all(f'id="C{n}"' in shown for n in range(1, 29))
    assert "Does not apply: Asked of children of early years age." in shown
    assert "recalled" not in shown and "not checked against the text" in shown


def test_the_blank_form_of_a_version_is_a_pdf_with_the_own_question_in_it(world: World, head: Client) -> None:
    change(world, head, "sections/education/add/", **{**QUESTION, "years": []})
    made = page(head, f"{FORM}/2/blank/?owner=designated_teacher")
    assert made["Content-Type"] == "application/pdf"
    assert "Breakfast club?" in words_on_paper(made.content)


ASKED = {"sections": f"{FORM}/1/", "list": "/plans/forms/", "preview": f"{FORM}/1/preview/"}
CHANGES = (f"{FORM}/start/", f"{FORM}/2/sections/sen/change/", f"{FORM}/2/put-in-force/", f"{FORM}/2/discard/")


@pytest.mark.parametrize("who", ["adviser", "data officer", "inspector", "social worker", "reviewing officer"])
def test_staff_read_the_forms_and_only_the_head_changes_them(world: World, head: Client, who: str) -> None:
    client = world.client(who)
    for path in ASKED.values():
        assert "Start a draft" not in text_of(page(client, path))
    for path in CHANGES:
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403


@pytest.mark.parametrize("who", ["carer", "teacher"])
def test_people_without_a_place_in_the_authority_do_not_read_them(world: World, who: str) -> None:
    assert world.client(who).get("/plans/forms/").status_code == 403


def test_another_authoritys_draft_is_not_there(world: World, head: Client) -> None:
    label(world, head, "Journey")
    other = world.client("other head")
    assert other.get(f"{FORM}/2/").status_code == 404
    assert other.post(f"{FORM}/2/sections/sen/change/", {"title": "X"}).status_code == 404
    assert "Journey" not in text_of(page(other, f"{FORM}/1/sections/education/"))
    assert other.get("/plans/forms/nonsense/1/").status_code == 404
