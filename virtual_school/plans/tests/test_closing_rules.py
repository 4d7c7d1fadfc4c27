"""What the law asks of what a plan written here holds, and of what happens to the child meanwhile."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.audit.models import Event
from virtual_school.authorities.tests.rule_facts import a_child
from virtual_school.care.rules import EpisodeFact, ReviewFact
from virtual_school.law.obligation import Obligation, State
from virtual_school.law.register import register
from virtual_school.plans import closing, publishing, signing
from virtual_school.plans.content_rules import RULES as CONTENT_RULES
from virtual_school.plans.content_rules import (
    contents_are_complete,
    copies_are_given,
    english_and_earlier_schooling,
    money_backs_the_targets,
    plan_made_with_the_school,
    plan_names_the_head,
    targets_are_specific,
    teacher_leads_the_plan,
    the_child_was_heard,
)
from virtual_school.plans.contents import CONTENTS
from virtual_school.plans.facts import PlanFact, PlanFacts, SentIn
from virtual_school.plans.gather import child_facts
from virtual_school.plans.occasion_rules import RULES as OCCASION_RULES
from virtual_school.plans.occasion_rules import (
    pathway_plan_holds_the_plan,
    plan_follows_a_change,
    plan_goes_on_in_custody,
    plan_is_ready_for_each_review,
    plan_passes_on_after_care,
    reviewing_officer_is_satisfied,
)
from virtual_school.plans.rules import has_a_plan, plan_reviewed_each_term
from virtual_school.schools.rules import EnrolmentFact

from .closing_world import does, to_state
from .writing_world import HERE, TODAY, World

CAME = date(2025, 9, 1)
DAY = date(2026, 11, 24)
DUE = date(2026, 11, 20)
SENT = date(2026, 11, 18)
WHOLE: dict[str, Any] = {
    "on": SENT, "due_on": DUE, "wrote": frozenset({"designated_teacher", "social_worker"}), "child": "said",
    "targets": 2, "specific": 2, "names_head": True, "english": True, "schooling": True, "release": True,
}  # fmt: skip


def sent(**changes: Any) -> SentIn:
    return SentIn(**{**WHOLE, **changes})


def facts(held: SentIn | None = None, **more: Any) -> PlanFacts:
    plan = PlanFact(
        term_key="2026/27-autumn", initiated_on=date(2026, 9, 10), signed_off_on=held.on if held else None,
        opened_on=date(2026, 9, 7), due_on=DUE, sent_in=held,
    )  # fmt: skip
    episode = {"new_reason": "S", "legal_status": "C2", "place": "U6", **more.pop("episode", {})}
    usual: dict[str, Any] = {
        **a_child(None), "born": date(2014, 3, 10), "episodes": (EpisodeFact(starts=CAME, **episode),),
        "plans": (plan,), "written_from": date(2026, 9, 7),
    }  # fmt: skip
    return PlanFacts(**{**usual, **more})


def only(found: Any) -> Obligation:
    (obligation,) = found
    return obligation


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)


@pytest.mark.parametrize("rule", CONTENT_RULES)
def test_a_plan_still_being_written_is_not_judged_by_what_it_holds(rule: Any) -> None:
    assert list(rule(facts(None, is_uasc=True), DAY)) == []
    assert list(rule(facts(sent(on=date(2026, 11, 25))), DAY)) == []


@pytest.mark.parametrize("rule", [*CONTENT_RULES, *OCCASION_RULES])
def test_a_child_whose_plans_are_kept_elsewhere_is_asked_nothing_of_their_contents(rule: Any) -> None:
    recorded = (PlanFact(term_key="2026/27-autumn", initiated_on=SENT, meeting_on=SENT, signed_off_on=SENT),)
    assert list(rule(facts(plans=recorded, written_from=None, reviews=(ReviewFact(on=SENT),)), DAY)) == []


@pytest.mark.parametrize(
    ("rule", "lacks", "missing"),
    [
        (plan_made_with_the_school, {"wrote": frozenset({"designated_teacher"})}, ("social worker",)),
        (the_child_was_heard, {"child": ""}, ("the child's view",)),
        (teacher_leads_the_plan, {"targets": 0, "specific": 0}, ("targets",)),
        (targets_are_specific, {"specific": 1}, ("who, by when or the measure of a target",)),
        (targets_are_specific, {"to_judge": 2}, ("judgement of the last targets",)),
        (money_backs_the_targets, {"missing": ("C22",)}, ("how pupil premium backs the targets",)),
        (plan_names_the_head, {"names_head": False}, ("name and contact of the virtual school head",)),
    ],
)
def test_what_a_plan_lacks_is_owed_from_the_day_it_was_due(rule: Any, lacks: dict[str, Any], missing: Any) -> None:
    whole = only(rule(facts(sent()), DAY))
    assert (whole.state, whole.met_on, whole.due_on, whole.missing) == (State.MET, SENT, DUE, ())
    found = only(rule(facts(sent(**lacks)), DAY))
    assert (found.state, found.met_on, found.missing) == (State.OVERDUE, None, missing)
    mended = facts(sent(**lacks), evidence={found.duty: (date(2026, 11, 23),)})
    assert only(rule(mended, DAY)).state == State.MET_LATE


def test_a_meeting_is_taking_part_too() -> None:
    held = sent(wrote=frozenset({"designated_teacher"}), came=frozenset({"social_worker"}))
    assert only(plan_made_with_the_school(facts(held), DAY)).state == State.MET


def test_a_reason_stands_in_place_of_the_childs_view() -> None:
    found = only(the_child_was_heard(facts(sent(child="reason")), DAY))
    assert found.state == State.MET and "why there is no view" in words(found)


def test_missing_contents_are_named_with_how_many_the_regulations_ask_for() -> None:
    found = only(contents_are_complete(facts(sent(missing=("C1", "C16", "C28"), reasoned=("C7",))), DAY))
    assert "C1 (education and training so far" in words(found)
    assert "Of these, 2 must be in it by the regulations." in words(found)
    assert "Blank with a reason: 1." in words(found)
    assert len(found.missing) == 3


def test_without_a_school_nobody_asks_for_the_teacher() -> None:
    assert list(teacher_leads_the_plan(facts(sent(has_school=False)), DAY)) == []
    held = sent(has_school=False, wrote=frozenset({"social_worker", "virtual_school"}))
    assert only(plan_made_with_the_school(facts(held), DAY)).state == State.MET


def test_copies_are_asked_for_once_published_and_no_day_is_made_up() -> None:
    assert list(copies_are_given(facts(sent()), DAY)) == []
    some = (("young_person", SENT), ("reviewing_officer", SENT), ("carer", SENT))
    found = only(copies_are_given(facts(sent(published_on=SENT, copies=some)), DAY))
    assert (found.state, found.due_on, found.missing) == (State.NOT_KNOWN, None, ("copy for a parent",))
    assert only(copies_are_given(facts(sent(published_on=SENT, copies=(*some, ("parent", DAY)))), DAY)).met_on == DAY


def test_english_and_earlier_schooling_are_asked_of_unaccompanied_children_alone() -> None:
    assert list(english_and_earlier_schooling(facts(sent()), DAY)) == []
    found = only(english_and_earlier_schooling(facts(sent(english=False), is_uasc=True), DAY))
    assert found.missing == ("need in English",)


def test_a_plan_since_the_review_before_is_ready_for_the_next() -> None:
    reviews = (ReviewFact(on=date(2026, 9, 14)), ReviewFact(on=date(2026, 12, 1)))
    found = only(plan_is_ready_for_each_review(facts(sent(), reviews=reviews), DAY))
    assert (found.due_on, found.met_on, found.state) == (date(2026, 12, 1), SENT, State.MET)
    waiting = only(plan_is_ready_for_each_review(facts(None, reviews=reviews), DAY))
    assert waiting.state == State.DUE_SOON and "No plan has been sent in since." in words(waiting)


def test_the_reviewing_officers_check_is_known_only_from_their_record() -> None:
    reviews = (ReviewFact(on=date(2026, 11, 20)),)
    assert only(reviewing_officer_is_satisfied(facts(sent(), reviews=reviews), DAY)).state == State.NOT_KNOWN
    checked = facts(sent(), reviews=reviews, evidence={"PEP-10": (date(2026, 11, 20),)})
    assert only(reviewing_officer_is_satisfied(checked, DAY)).state == State.MET


def test_the_plan_follows_a_move_of_school() -> None:
    moved = date(2026, 11, 2)
    at = (EnrolmentFact(school="Thornbury", starts=moved),)
    assert only(plan_follows_a_change(facts(sent(), enrolments=at), DAY)).met_on == SENT
    found = only(plan_follows_a_change(facts(None, enrolments=at), DAY))
    assert found.met_on is None and found.is_local and "Started at Thornbury on 2 November 2026." in words(found)
    assert list(plan_follows_a_change(facts(sent()), DAY)) == []


def test_on_leaving_care_the_plan_is_passed_on() -> None:
    left = {"ends": date(2026, 11, 20), "end_reason": "E4A"}
    found = only(plan_passes_on_after_care(facts(sent(), episode=left), DAY))
    assert (found.state, found.due_on) == (State.OVERDUE, date(2026, 11, 20))
    assert "Went home to parents or relatives, as planned." in words(found)
    told = facts(sent(), episode=left, evidence={"PEP-18": (date(2026, 11, 20),)})
    assert only(plan_passes_on_after_care(told, DAY)).state == State.MET
    died = {"ends": date(2026, 11, 20), "end_reason": "E2"}
    assert list(plan_passes_on_after_care(facts(sent(), episode=died), DAY)) == []


def test_at_sixteen_the_pathway_plan_holds_the_plan() -> None:
    assert list(pathway_plan_holds_the_plan(facts(sent()), DAY)) == []
    sixteen = {"born": date(2010, 6, 1)}
    assert only(pathway_plan_holds_the_plan(facts(sent(), **sixteen), DAY)).state == State.NOT_KNOWN
    assert only(pathway_plan_holds_the_plan(facts(sent(pathway=True), **sixteen), DAY)).state == State.MET


def test_in_custody_a_plan_goes_on_and_plans_the_return() -> None:
    inside = {"place": "K1"}
    found = facts(sent(release=False), episode=inside, born=date(2010, 6, 1))
    assert only(plan_goes_on_in_custody(found, DAY)).missing == ("plan for the return",)
    assert only(plan_goes_on_in_custody(facts(sent(), episode=inside, born=date(2010, 6, 1)), DAY)).met_on == SENT
    assert list(plan_goes_on_in_custody(facts(sent()), DAY)) == []


flags = st.booleans()
helds = st.builds(
    SentIn, on=st.dates(date(2026, 9, 1), date(2026, 12, 20)), due_on=st.none() | st.just(DUE),
    has_school=flags, missing=st.lists(st.sampled_from(sorted(CONTENTS)), unique=True).map(tuple),
    wrote=st.frozensets(st.sampled_from(["designated_teacher", "social_worker", "virtual_school"])),
    came=st.frozensets(st.sampled_from(["designated_teacher", "adviser", "young_person"])),
    child=st.sampled_from(["", "said", "reason"]), targets=st.integers(0, 3), specific=st.integers(0, 3),
    to_judge=st.integers(0, 2), names_head=flags, english=flags, schooling=flags, release=flags, pathway=flags,
    published_on=st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 20)),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(held=helds, day=st.dates(date(2026, 9, 1), date(2027, 3, 1)), is_uasc=flags, place=st.sampled_from(["U6", "K1"]))
def test_every_answer_says_why_and_never_looks_ahead(held: SentIn, day: date, is_uasc: bool, place: str) -> None:
    child = facts(held, is_uasc=is_uasc, episode={"place": place}, born=date(2010, 6, 1))
    for rule in (*CONTENT_RULES, *OCCASION_RULES):
        for found in rule(child, day):
            assert found.duty in register().duties and found.reasons and found.occasion
            assert all(step.words for step in found.reasons)
            assert found.met_on is None or found.met_on <= day
            assert bool(found.missing) == (found.met_on is None)
            assert found.state not in {State.MET, State.MET_LATE} or found.met_on is not None


# On real records


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def of_maisie(world: World, on: date = TODAY) -> PlanFacts:
    with world.within():
        maisie = world.children["maisie"].pk
        return child_facts(world.here, on, [maisie])[maisie]


def test_a_plan_only_opened_has_not_begun(world: World) -> None:
    (plan,) = of_maisie(world).plans
    assert (plan.begun_on, plan.sent_in) == (None, None)
    assert only(has_a_plan(of_maisie(world), TODAY)).met_on is None


def test_a_plan_sent_in_meets_the_duties_it_should(world: World) -> None:
    to_state(world, "maisie", "published")
    found = of_maisie(world)
    assert only(has_a_plan(found, TODAY)).met_on is not None
    assert only(plan_reviewed_each_term(found, TODAY)).state == State.MET
    assert only(contents_are_complete(found, TODAY)).missing == ()
    assert only(targets_are_specific(found, TODAY)).state == State.MET
    assert only(plan_made_with_the_school(found, TODAY)).state == State.MET
    assert only(copies_are_given(found, TODAY)).missing == ("copy for the child", "copy for a parent")
    does(world, "head", "maisie", publishing.give_copy, to_role="young_person", to_name="", form="plain", how="handed")
    assert only(copies_are_given(of_maisie(world), TODAY)).missing == ("copy for a parent",)


def test_an_error_found_later_does_not_undo_that_it_was_in_on_time(world: World) -> None:
    to_state(world, "maisie", "published")
    does(world, "head", "maisie", closing.reopen, reason="A wrong name")
    (plan,) = of_maisie(world).plans
    assert plan.signed_off_on == TODAY


def test_a_plan_taken_back_is_not_sent_in(world: World) -> None:
    to_state(world, "maisie", "submitted")
    assert of_maisie(world).plans[0].sent_in is not None
    does(world, "teacher", "maisie", signing.recall, reason="A wrong date")
    assert of_maisie(world).plans[0].sent_in is None
    with world.within():
        assert Event.objects.filter(action="plan.recall").count() == 1


def test_facts_of_plans_cost_the_same_for_few_and_for_many(world: World, django_assert_max_num_queries: Any) -> None:
    with world.within(), django_assert_max_num_queries(35):
        assert len(child_facts(world.here, TODAY + timedelta(days=1))) == 3
    assert world.here.code == HERE
