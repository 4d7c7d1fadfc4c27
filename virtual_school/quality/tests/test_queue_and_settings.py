"""The queue, the map of schools, a school's own page, and choosing and trying a rubric, by the pages."""

from datetime import date
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from virtual_school.attendance.models_exclusion import Suspension
from virtual_school.children.models import Child
from virtual_school.plans.models import Answer, Plan
from virtual_school.plans.tests.writing_world import TODAY
from virtual_school.quality.models import Phrase, Rating, RubricVersion
from virtual_school.quality.phrases import take_shipped
from virtual_school.quality.queue import waiting
from virtual_school.quality.rubric import Rubric
from virtual_school.quality.versions import in_force, rubric_of

from .world import World, all_marks, make, rate, sent_in


def made() -> World:
    world = make()
    sent_in(world, "maisie", "ellie")
    return world


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_queue_is_by_due_day_then_risk_and_says_why(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["ellie"].pk).update(submitted_on=date(2026, 11, 2))
        Answer.objects.filter(field_key="attendance.suspended").update(value=False)
        Suspension.objects.create(
            authority=world.here, child=world.children["maisie"], category="SUSP", decided_on=TODAY, starts=TODAY
        )
        rows = waiting(world.here, TODAY)
        assert [one.plan.child.forename for one in rows] == ["Ellie", "Maisie"]
        assert rows[0].due_on == date(2026, 11, 16) and rows[0].is_late
        assert rows[1].due_on == date(2026, 12, 8) and rows[1].working_days == 10
        assert "suspended or excluded since the last plan" in [reason.words for reason in rows[1].risk.reasons]
    shown = text(world.client("adviser").get("/quality/"))
    assert "6 working days late" in shown and "in 10 working days" in shown
    assert shown.index("Ellie Thornton") < shown.index("Maisie Thornton")
    by_risk = text(world.client("adviser").get("/quality/?order=risk"))
    assert by_risk.index("Maisie Thornton") < by_risk.index("Ellie Thornton")


def test_filters_stay_in_the_address_and_a_name_does_not(world: World) -> None:
    client = world.client("adviser")
    urn = world.schools["other teacher"].urn
    assert "No plan with these filters" in text(client.get("/quality/?school=none"))
    assert "Maisie" in text(client.get(f"/quality/?school={urn}&rater=wrong"))  # as good as no filter
    with world.within():
        Child.objects.filter(pk=world.children["ellie"].pk).update(search_text="ellie thornton")
    found = client.post("/quality/", {"q": "Ellie"})
    assert "Ellie Thornton" in text(found) and "Maisie Thornton" not in found.content.decode()


def test_the_queue_takes_as_many_queries_for_two_plans_as_for_one(world: World) -> None:
    with world.within():
        one = Plan.objects.filter(pk=world.plans["maisie"].pk).select_related("child", "school", "reviewer")
        both = Plan.objects.filter(state="submitted").select_related("child", "school", "reviewer")
        waiting(world.here, TODAY, list(both.all()))  # what is kept between calls
        with CaptureQueriesContext(connection) as first:
            waiting(world.here, TODAY, list(one))
        with CaptureQueriesContext(connection) as second:
            waiting(world.here, TODAY, list(both))
    assert len(first) == len(second)


def test_rating_by_the_pages_from_the_queue_to_the_school(world: World) -> None:
    with world.within():
        take_shipped(authority=world.here, by_name="Helen")
        phrase = Phrase.objects.get(theme="Targets too general")
    client, url = world.client("adviser"), world.url("maisie", "rate/")
    page = text(client.get(url))
    assert "Reads 90 words a minute" in page and "Reading tutor" in page  # the plan's own words under their criterion
    given = {f"m_{key}": level for key, level in all_marks(world, "maisie", "2", targets="1").items()}
    given |= {"p_targets": [str(phrase.pk)], "praise": "It sounds like Maisie", "internal": "Visit them", "look": "1"}
    assert client.post(url, given).status_code == 302
    result = text(client.get(world.url("maisie", "rate/result/")))
    assert "Good" in result and phrase.words in result and "Visit them" in result
    kept = text(client.get(url))
    assert "It sounds like Maisie" in kept and "everything is rated" in kept
    back = {"outcome": "returned", "reason": "It sounds like Maisie.", "s_targets": "A number and a day"}
    assert client.post(world.url("maisie", "rate/result/"), {**back, "s_targets": ""}).status_code == 200
    assert client.post(world.url("maisie", "rate/result/"), back).status_code == 302
    assert world.plan("maisie").state == "returned"
    teacher = text(world.client("teacher").get(world.url("maisie")))
    assert phrase.words in teacher and "It sounds like Maisie" in teacher and "Visit them" not in teacher


def test_schools_are_told_apart_by_five_plans_or_by_choice(world: World) -> None:
    rate(world, "maisie", level="1")
    client = world.client("head")
    assert "Moorcroft High School" not in text(client.get("/quality/schools/"))
    shown = text(client.get("/quality/schools/?few=all"))
    assert "Moorcroft High School" in shown and "of 1</small>" in shown
    assert "Training that may help" in shown
    school = text(client.get(f"/quality/schools/{world.schools['teacher'].urn}/"))
    assert "Maisie Thornton" in school
    assert client.get(f"/quality/schools/{world.schools['other teacher'].urn}/").status_code == 404


def test_a_school_sees_its_own_and_no_middle_of_few(world: World) -> None:
    rate(world, "maisie", level="2", voice="3")
    shown = text(world.client("teacher").get("/quality/own/"))
    assert "Moorcroft High School" in shown and "3.0" in shown
    assert "Maisie" not in shown and "Ellie" not in shown
    other = text(world.client("other teacher").get("/quality/own/"))
    assert "No plan of your pupils is rated yet" in other
    assert world.client("head").get("/quality/own/").status_code == 403


def test_a_new_rule_is_tried_before_it_counts(world: World) -> None:
    rate(world, "maisie", level="2")
    head = world.client("head")
    assert head.post("/quality/rubric/start/", {"from_key": ""}).status_code == 302
    assert head.post("/quality/rubric/start/", {"from_key": "gold"}, follow=True).status_code == 200  # one at a time
    assert "0 of 1 plans" in text(head.get("/quality/rubric/draft/try/"))
    page = head.get("/quality/rubric/draft/rule/")
    given = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    given = {name: value for name, value in given.items() if value is not None}
    assert head.post("/quality/rubric/draft/rule/", {**given, "share_good": "80"}).status_code == 302
    tried = text(head.get("/quality/rubric/draft/try/"))
    assert "1 of 1 plans" in tried and "Maisie Thornton" in tried and "Requires improvement" in tried
    assert world.plan("maisie").rating == "Good"
    assert head.post("/quality/rubric/draft/put-in-force/").status_code == 302
    with world.within():
        now = in_force(world.here.code)
        assert (now.version, now.starts) == (2, TODAY)
        assert next(one.percent for one in rubric_of(now).rule.shares if one.to == "good") == 80
        assert RubricVersion.objects.get(version=1).state == "retired"
        assert Rating.objects.get().rubric.version == 1
    rate(world, "ellie", level="2")
    assert world.plan("ellie").rating == "Requires improvement"
    assert head.get("/quality/rubric/draft/").status_code == 404


def test_criteria_are_renamed_weighed_and_switched_off_in_a_draft(world: World) -> None:
    head = world.client("head")
    head.post("/quality/rubric/start/", {"from_key": "gold"})
    page = head.get("/quality/rubric/draft/")
    given = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    given = {name: value for name, value in given.items() if value is not None and value is not False}
    wrong = head.post("/quality/rubric/draft/", {**given, "weight_area_voice": "40"})
    assert "There is a problem" in text(wrong)
    given |= {"label_area_voice": "What the child wants", "weight_area_voice": "3", "name": "Ours"}
    given.pop("on_area_premium")
    assert head.post("/quality/rubric/draft/", given).status_code == 302
    with world.within():
        rubric = rubric_of(RubricVersion.objects.get(state="draft"))
    voice, money = rubric.criterion("area_voice"), rubric.criterion("area_premium")
    assert voice is not None and (voice.label, voice.weight) == ("What the child wants", 3)
    assert money is not None and not money.is_on
    assert rubric.name == "Ours"
    assert head.post("/quality/rubric/draft/discard/").status_code == 302
    with world.within():
        assert not RubricVersion.objects.filter(state="draft").exists()


def started(world: World, key: str = "gold") -> tuple[Any, dict[str, Any]]:
    """A head with a draft, and what its form would send unchanged."""
    head = world.client("head")
    head.post("/quality/rubric/start/", {"from_key": key})
    form = head.get("/quality/rubric/draft/").context["form"]
    given = {name: form[name].value() for name in form.fields}
    return head, {name: value for name, value in given.items() if value is not None and value is not False}


def draft_of_here(world: World) -> Rubric:
    with world.within():
        return rubric_of(RubricVersion.objects.get(state="draft"))


def test_criteria_are_put_in_another_order_and_taken_out_of_a_draft(world: World) -> None:
    head, given = started(world)
    keys = [one.key for one in draft_of_here(world).criteria]
    given |= {f"place_{keys[3]}": "1", f"place_{keys[0]}": "3", f"out_{keys[1]}": "on"}
    assert head.post("/quality/rubric/draft/", given).status_code == 302
    assert [one.key for one in draft_of_here(world).criteria] == [keys[3], keys[2], keys[0], *keys[4:]]
    with world.within():
        assert rubric_of(in_force(world.here.code)).criterion("voice") is not None  # what is in force stays


def test_a_criterion_that_a_rule_names_is_not_taken_out(world: World) -> None:
    head, given = started(world, "")
    with world.within():
        draft = RubricVersion.objects.get(state="draft")
        draft.content["rule"]["caps"] = [{"to": "good", "at": "0", "when": "any", "criterion": "voice"}]
        draft.save(update_fields=["content"])
    refused = text(head.post("/quality/rubric/draft/", {**given, "out_voice": "on"}))
    assert "holds a result down by a rule" in refused
    assert draft_of_here(world).criterion("voice") is not None


def test_a_criterion_is_added_to_a_draft_under_a_key_of_its_own(world: World) -> None:
    head, _ = started(world, "")
    assert "There is a problem" in text(head.post("/quality/rubric/draft/add/", {"label": ""}))
    given = {"label": "Voice", "side": "school", "when": "", "weight": "2", "sections": ["voice", "hopes"]}
    assert head.post("/quality/rubric/draft/add/", given).status_code == 302
    last = draft_of_here(world).criteria[-1]
    assert (last.key, last.label, last.weight, last.sections) == ("voice_2", "Voice", 2, ("voice", "hopes"))
    head.post("/quality/rubric/draft/put-in-force/")
    assert "voice_2" in all_marks(world, "maisie", "2")


def test_the_council_says_what_comes_first_in_the_queue(world: World) -> None:
    head, page = world.client("head"), "/quality/first/"
    assert "first plan" in text(head.get("/quality/"))
    form = head.get(page).context["form"]
    given = {name: form[name].value() for name in form.fields if name != "why"}
    assert "Say why it is changed" in text(head.post(page, {**given, "first": "0"}))
    assert "There is a problem" in text(head.post(page, {**given, "some": "9", "why": "As agreed"}))
    assert head.post(page, {**given, "first": "0", "why": "Every plan is a first one here"}).status_code == 302
    shown = text(head.get(page))
    assert "First plan: not counted, before: 3" in shown and "Every plan is a first one here" in shown
    waits = head.get("/quality/").context["rows"][0]
    assert "first plan" not in waits.reasons
    adviser = world.client("adviser")
    assert "Now in force" in text(adviser.get(page)) and adviser.post(page, given).status_code == 403


def test_phrases_are_the_authoritys_own(world: World) -> None:
    head = world.client("head")
    head.post("/quality/phrases/", {"shipped": "1"})
    given = {"words": "Say which book", "side": "school", "key": "targets", "theme": "Reading"}
    assert head.post("/quality/phrases/", given).status_code == 302
    with world.within():
        phrase = Phrase.objects.get(words="Say which book")
    assert "Say which book" in text(world.client("adviser").get(world.url("maisie", "rate/")))
    head.post(f"/quality/phrases/{phrase.pk}/switch/")
    assert "Say which book" not in text(world.client("adviser").get(world.url("maisie", "rate/")))
    assert world.client("adviser").post("/quality/phrases/", given).status_code == 403
    assert world.client("other head").post(f"/quality/phrases/{phrase.pk}/switch/").status_code == 404


def test_a_plan_for_a_move_is_asked_about_the_move(world: World) -> None:
    assert "transition" not in all_marks(world, "maisie", "2")
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(kind="transition")
    assert "transition" in all_marks(world, "maisie", "2")
