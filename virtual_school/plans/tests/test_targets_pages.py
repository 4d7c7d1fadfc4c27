"""Targets within a plan: written with advice, paid for, judged in the next plan, broken smaller where not met."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from virtual_school.plans.models import CostLine, Plan, Target, TargetReview
from virtual_school.plans.opened import opened

from .meeting_world import answer
from .writing_world import TODAY, World

READ = "to read 60 words a minute"
GOOD = {
    "category": "academic", "outcome": READ, "need": "Reads slowly", "why": "Every subject needs it",
    "how": "Paired reading in the library with Mrs Lund, every Tuesday at 12:40 for 20 minutes",
    "who": "Mrs Lund", "due_on-day": "5", "due_on-month": "2", "due_on-year": "2027",
    "baseline": "42 words a minute", "measure": "A timed page, once a week", "success": "60 words",
}  # fmt: skip


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def text_of(response: Any) -> str:
    return response.content.decode().replace("&#x27;", "’").replace("&quot;", '"')


def targets(world: World, child: str = "maisie") -> list[Target]:
    with world.within():
        return list(Target.objects.filter(first_plan=world.plans[child]))


def of_last_term(world: World, outcome: str = READ, **more: Any) -> Target:
    """A target of the plan before this one."""
    with world.within():
        plan = world.plans["maisie"]
        before = Plan.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, term="2025/26-summer", kind="first",
            phase=plan.phase, template_id=plan.template_id, state="published",
        )  # fmt: skip
        # Older plans have smaller numbers: the plan of this term is made anew after it.
        Plan.objects.filter(pk=plan.pk).update(previous=before)
        Plan.objects.filter(pk=before.pk).update(id=plan.pk - 1_000_000 if plan.pk > 1_000_000 else -before.pk)
        before = Plan.objects.get(public_id=before.public_id)
        Plan.objects.filter(pk=plan.pk).update(previous=before)
        return Target.objects.create(
            authority_id=plan.authority_id, child_id=plan.child_id, first_plan=before, outcome=outcome,
            category="academic", **more,
        )  # fmt: skip


def test_a_target_is_written_with_every_field(world: World) -> None:
    client = world.client("teacher")
    assert "No target is written yet" in text_of(client.get(world.url("maisie", "targets/")))
    assert client.post(world.url("maisie", "targets/add/"), GOOD).status_code == 302
    [one] = targets(world)
    assert (one.number, one.outcome, one.due_on, one.who) == (1, READ, date(2027, 2, 5), "Mrs Lund")
    assert world.plan("maisie").state == Plan.State.IN_PROGRESS
    shown = text_of(client.get(world.url("maisie", "targets/")))
    assert READ in shown and "by 5 February 2027" in shown and "Learning in a subject" in shown


def test_pressing_twice_writes_one_target(world: World) -> None:
    client = world.client("teacher")
    for _ in range(2):
        client.post(world.url("maisie", "targets/add/"), GOOD)
    assert len(targets(world)) == 1


def test_advice_says_what_is_good_first_and_blocks_nothing(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "targets/add/"), {"outcome": READ, "how": "Mrs Lund reads with her"})
    [one] = targets(world)
    shown = text_of(client.get(world.url("maisie", f"targets/{one.public_id}/")))
    assert "Good:" in shown and "Give a date" in shown and "Say why this target, now" in shown
    listed = text_of(client.get(world.url("maisie", "targets/")))
    assert listed.index("✓") < listed.index("→")


def test_the_childs_needs_and_words_stand_beside_the_form(world: World) -> None:
    answer(world, "needs.now", "needs to read words of two syllables")
    answer(world, "hopes.aim", "I want to read manga")
    shown = text_of(world.client("teacher").get(world.url("maisie", "targets/add/")))
    assert "needs to read words of two syllables" in shown and "I want to read manga" in shown


def test_without_an_outcome_there_is_no_target(world: World) -> None:
    shown = text_of(world.client("teacher").post(world.url("maisie", "targets/add/"), {**GOOD, "outcome": " "}))
    assert "Say what will be different for the child" in shown and "Mrs Lund" in shown
    assert targets(world) == []


def test_a_target_counts_as_the_answer_of_its_field(world: World) -> None:
    world.client("teacher").post(world.url("maisie", "targets/add/"), GOOD)
    with world.within():
        plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        found = opened(plan, plan.child, _person(world, "teacher"))
        assert found.answered["targets.targets"].value == [{"outcome": READ}]


def _person(world: World, who: str) -> Any:
    from virtual_school.access.person import person_of

    return person_of(world.people[who])


WRITES = {
    "teacher": 200, "head": 200, "adviser": 200, "social worker": 403, "carer": 403, "reviewing officer": 403,
    "inspector": 403, "other teacher": 404, "other social worker": 404, "other head": 404, "board member": 403,
}  # fmt: skip


@pytest.mark.parametrize("who", WRITES)
def test_who_may_write_targets(world: World, who: str) -> None:
    client = world.client(who)
    assert client.get(world.url("maisie", "targets/add/")).status_code == WRITES[who]
    sent = client.post(world.url("maisie", "targets/add/"), GOOD)
    assert sent.status_code == (302 if WRITES[who] == 200 else WRITES[who])
    assert len(targets(world)) == (WRITES[who] == 200)


def test_readers_see_targets_without_advice(world: World) -> None:
    world.client("teacher").post(world.url("maisie", "targets/add/"), GOOD)
    for who in ("social worker", "carer", "reviewing officer", "inspector"):
        shown = text_of(world.client(who).get(world.url("maisie", "targets/")))
        assert READ in shown and "Change" not in shown and "✓" not in shown, who


def cost(**more: Any) -> dict[str, Any]:
    return {
        "fund": "pupil_premium_plus", "category": "tuition", "what": "Reading tutor", "sessions": "10",
        "rate_pence": "35.50", "provider": "Mrs Lund", "starts-day": "1", "starts-month": "12", "starts-year": "2026",
        "ends-day": "5", "ends-month": "2", "ends-year": "2027", "intended_impact": "60 words a minute",
        "why_not_ordinary": "School has no reading tutor",
    } | more  # fmt: skip


def test_a_cost_stands_with_a_target_as_sessions_at_a_rate(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "targets/add/"), GOOD)
    [one] = targets(world)
    url = world.url("maisie", f"targets/{one.public_id}/costs/add/")
    for _ in range(2):
        assert client.post(url, cost()).status_code == 302
    with world.within():
        [line] = CostLine.objects.filter(plan=world.plans["maisie"])
    assert (line.sessions, line.rate_pence, line.amount_pence, line.target_id) == (10, 3550, 35500, one.pk)
    shown = text_of(client.get(world.url("maisie", "targets/")))
    assert "£355" in shown and "10 × £35.50" in shown and "£355 asked for" in shown
    client.post(
        world.url("maisie", f"targets/{one.public_id}/costs/{line.pk}/"),
        cost(sessions="", rate_pence="", amount_pence="120"),
    )
    with world.within():
        assert CostLine.objects.get(pk=line.pk).amount_pence == 12000
    client.post(world.url("maisie", f"targets/{one.public_id}/costs/{line.pk}/remove/"))
    with world.within():
        assert not CostLine.objects.filter(pk=line.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sessions": "", "rate_pence": ""}, "Give an amount, or how many sessions at what rate"),
        ({"rate_pence": ""}, "Give both: how many, and at how much each"),
        ({"ends-year": "2025"}, "It ends before it starts"),
    ],
)
def test_what_is_wrong_with_a_cost_is_said(world: World, wrong: dict[str, str], words: str) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "targets/add/"), GOOD)
    [one] = targets(world)
    shown = text_of(client.post(world.url("maisie", f"targets/{one.public_id}/costs/add/"), cost(**wrong)))
    assert words in shown
    with world.within():
        assert not CostLine.objects.exists()


def test_a_cost_that_says_little_gets_advice(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "targets/add/"), GOOD)
    [one] = targets(world)
    client.post(
        world.url("maisie", f"targets/{one.public_id}/costs/add/"),
        {"fund": "pupil_premium_plus", "what": "School uniform", "amount_pence": "80"},
    )
    shown = text_of(client.get(world.url("maisie", "targets/")))
    assert "is often refused" in shown and "Say who provides it" in shown


def test_a_target_of_last_term_is_judged_with_evidence_and_impact(world: World) -> None:
    old = of_last_term(world)
    client = world.client("teacher")
    assert "1 to judge" in text_of(client.get(world.url("maisie", "targets/")))
    url = world.url("maisie", f"targets/{old.public_id}/judge/")
    client.post(url, {"judged": "met", "evidence": "61 words on 20 November", "impact": "significant"})
    with world.within():
        [review] = TargetReview.objects.filter(target=old)
        assert Target.objects.get(pk=old.pk).state == "met"
    assert (review.judged, review.evidence, review.impact, review.by_name) == (
        "met", "61 words on 20 November", "significant", "Asha Khan",
    )  # fmt: skip
    client.post(url, {"judged": "partly_met", "evidence": "58 words"})
    with world.within():
        assert TargetReview.objects.get(target=old).judged == "partly_met"


def test_an_unmet_target_asks_to_be_broken_smaller(world: World) -> None:
    old = of_last_term(world, need="Reads slowly", childs_words="I hate reading aloud")
    client = world.client("teacher")
    sent = client.post(world.url("maisie", f"targets/{old.public_id}/judge/"), {"judged": "not_met"})
    assert sent.headers["Location"].endswith(f"/targets/{old.public_id}/smaller/")
    page = text_of(client.get(sent.headers["Location"]))
    assert "What smaller step could be met in a term?" in page
    again = client.post(sent.headers["Location"], {"outcome_1": READ.upper()})
    assert "That is the same target again" in text_of(again)
    steps = {"outcome_1": "to read 45 words a minute", "outcome_2": "to read aloud to one friend"}
    for _ in range(2):
        client.post(sent.headers["Location"], steps)
    made = targets(world)
    assert [one.outcome for one in made] == list(steps.values())
    assert {one.broken_from_id for one in made} == {old.pk}
    assert made[0].childs_words == "I hate reading aloud"
    assert f"a smaller step of: {READ}" in text_of(client.get(world.url("maisie", "targets/")))


def test_a_target_still_worked_on_is_carried_into_the_new_plan(world: World) -> None:
    old = of_last_term(world)
    client = world.client("teacher")
    client.post(world.url("maisie", f"targets/{old.public_id}/judge/"), {"judged": "open", "evidence": "Going well"})
    shown = text_of(client.get(world.url("maisie", "targets/")))
    assert "goes on from last time" in shown and shown.count(READ) >= 2
    with world.within():
        plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        found = opened(plan, plan.child, _person(world, "teacher"))
        assert found.answered["targets.targets"].value == [{"outcome": READ}]


def test_last_terms_target_is_not_rewritten(world: World) -> None:
    old = of_last_term(world)
    sent = world.client("teacher").get(world.url("maisie", f"targets/{old.public_id}/"))
    assert sent.headers["Location"].endswith("/judge/")
    with world.within():
        assert Target.objects.get(pk=old.pk).outcome == READ


def test_the_same_outcome_again_after_not_being_met_gets_advice(world: World) -> None:
    old = of_last_term(world)
    client = world.client("teacher")
    client.post(world.url("maisie", f"targets/{old.public_id}/judge/"), {"judged": "not_met", "evidence": "Ill"})
    client.post(world.url("maisie", "targets/add/"), GOOD)
    assert "It stood in the last plan and was not met" in text_of(client.get(world.url("maisie", "targets/")))


def test_a_target_written_here_is_taken_out_and_the_others_counted_anew(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("maisie", "targets/add/"), GOOD)
    client.post(world.url("maisie", "targets/add/"), {**GOOD, "outcome": "to join chess club"})
    first = targets(world)[0]
    client.post(world.url("maisie", f"targets/{first.public_id}/remove/"))
    assert [(one.number, one.outcome) for one in targets(world)] == [(1, "to join chess club")]


def test_no_target_of_another_child_opens_here(world: World) -> None:
    client = world.client("teacher")
    client.post(world.url("ellie", "targets/add/"), GOOD)
    [ellies] = targets(world, "ellie")
    for page in ("", "judge/", "smaller/", "costs/add/"):
        assert client.get(world.url("maisie", f"targets/{ellies.public_id}/{page}")).status_code == 404


def test_the_number_of_queries_does_not_grow_with_targets(world: World, django_assert_max_num_queries: Any) -> None:
    client = world.client("teacher")
    for number in range(6):
        client.post(world.url("maisie", "targets/add/"), {**GOOD, "outcome": f"to do {number}"})
    with django_assert_max_num_queries(32):
        client.get(world.url("maisie", "targets/"))
