"""The steps after writing: who may take them, from where, and in which words they are refused."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from virtual_school.access.person import person_of
from virtual_school.audit.models import Event
from virtual_school.children.models import Involvement
from virtual_school.identity.acting import acting
from virtual_school.plans import checking, closing, publishing, signing
from virtual_school.plans.delegating import WHY
from virtual_school.plans.models import (
    Addendum,
    Answer,
    CopySent,
    CostLine,
    Delegation,
    Plan,
    PlanCopy,
    PlanSection,
    Signature,
)
from virtual_school.plans.refused import Refused
from virtual_school.plans.workflow import MOVES, State, Step
from virtual_school.plans.writing import save_section

from .closing_world import around, as_seen_by, does, to_state, write_whole
from .writing_world import LONG_AGO, TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


STEPS: dict[Step, tuple[Callable[..., Any], dict[str, Any]]] = {
    Step.READY: (signing.ready, {}),
    Step.ASK_TO_SIGN: (signing.ask_to_sign, {}),
    Step.SUBMIT: (signing.submit, {}),
    Step.RECALL: (signing.recall, {"reason": "A word is wrong"}),
    Step.TAKE: (checking.take, {}),
    Step.RETURN: (checking.return_plan, {"reason": "To mend", "sections": {"progress": "Say how you know"}}),
    Step.APPROVE: (checking.approve, {"rating": "Good", "is_good": True}),
    Step.PUBLISH: (publishing.publish, {}),
    Step.REOPEN: (closing.reopen, {"reason": "A wrong name"}),
    Step.CLOSE_MOVED: (closing.close, {"because": "moved", "reason": "Moved"}),
    Step.CLOSE_LEFT_CARE: (closing.close, {"because": "left_care", "reason": "Went home"}),
    Step.CLOSE_18: (closing.close, {"because": "turned_18", "reason": "Turned 18"}),
    Step.CLOSE_ERROR: (closing.close, {"because": "error", "reason": "Opened twice"}),
    Step.CANCEL: (closing.cancel, {"reason": "Opened twice"}),
}
WHO = {"designated_teacher": "teacher", "social_worker": "social worker", "adviser": "adviser",
       "virtual_school_head": "head", "data_officer": "data officer", "carer": "carer",
       "reviewing_officer": "reviewing officer", "inspector": "inspector"}  # fmt: skip


def put(world: World, state: str) -> None:
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        PlanCopy.objects.filter(plan=plan).delete()
        Plan.objects.filter(pk=plan.pk).update(state=state, version=1)
        Signature.objects.filter(plan=plan).update(withdrawn_at=None)
        PlanSection.objects.filter(plan=plan).update(state="complete", is_named_in_return=False)


def state_of(world: World) -> str:
    return world.plan("maisie").state


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_from_exactly_its_states_and_leads_to_its_own(world: World, step: Step) -> None:
    to_state(world, "maisie", "signed")
    action, more = STEPS[step]
    who = "head" if step == Step.REOPEN else "adviser"
    for state in State:
        put(world, state)
        if state in MOVES[step].sources:
            does(world, who, "maisie", action, **more)
            assert state_of(world) == MOVES[step].target, state
        else:
            with pytest.raises(Refused):
                does(world, who, "maisie", action, **more)
            assert state_of(world) == state


@pytest.mark.parametrize("step", STEPS)
def test_a_role_that_the_step_is_not_for_is_refused(world: World, step: Step) -> None:
    to_state(world, "maisie", "signed")
    with world.within():
        around(world, "maisie", "carer", "reviewing officer")
    action, more = STEPS[step]
    source = MOVES[step].sources[0]
    put(world, source)
    for role, who in WHO.items():
        if role in MOVES[step].roles:
            continue
        with pytest.raises(Refused):
            does(world, who, "maisie", action, **more)
        assert state_of(world) == source, role


def test_two_sign_each_for_themselves_and_the_teacher_sends_it_in(world: World) -> None:
    to_state(world, "maisie", "awaiting_signoff")
    with pytest.raises(Refused, match="Not signed yet by the designated teacher and the social worker"):
        does(world, "teacher", "maisie", signing.submit)
    with pytest.raises(Refused, match="not asked for"):
        does(world, "social worker", "maisie", signing.sign, role="designated_teacher")
    signed = does(world, "teacher", "maisie", signing.sign, role="designated_teacher")
    assert len(signed.content_hash) == 64
    with pytest.raises(Refused, match="has signed this plan already"):
        does(world, "teacher", "maisie", signing.sign, role="designated_teacher")
    does(world, "social worker", "maisie", signing.sign, role="social_worker")
    plan = does(world, "teacher", "maisie", signing.submit)
    assert (plan.state, plan.submitted_on) == ("submitted", TODAY)
    with world.within():
        assert Event.objects.filter(action="plan.submit", child_id=plan.child_id).count() == 1


@pytest.mark.parametrize("who", ["carer", "reviewing officer", "inspector", "data officer"])
def test_nobody_signs_who_is_not_asked(world: World, who: str) -> None:
    to_state(world, "maisie", "awaiting_signoff")
    with world.within():
        around(world, "maisie", "carer", "reviewing officer")
    for role in ("designated_teacher", "social_worker", "carer"):
        with pytest.raises(Refused):
            does(world, who, "maisie", signing.sign, role=role)
    with world.within():
        assert not Signature.objects.exists()


def test_a_colleague_who_helps_never_signs(world: World) -> None:
    to_state(world, "maisie", "awaiting_signoff")
    with world.within():
        tom, maisie = world.people["other teacher"], world.children["maisie"]
        Delegation.objects.create(
            authority=world.here, child=maisie, by=world.people["teacher"], to=tom, starts=LONG_AGO
        )
        Involvement.objects.create(
            authority=world.here, child=maisie, person=tom, role="delegate", starts=LONG_AGO, why=WHY
        )
    with pytest.raises(Refused, match="A colleague who helps cannot sign"):
        does(world, "other teacher", "maisie", signing.sign, role="designated_teacher")


def test_whoever_changes_what_was_signed_takes_the_signature_away(world: World) -> None:
    to_state(world, "maisie", "signed")
    with acting(person_of(world.people["teacher"]).claims):
        view = as_seen_by(world, "teacher", "maisie")
        section = next(one for one in view.sections if one.key == "progress")
        seen = {"progress.strengths": view.answers["progress.strengths"].revision}
        save_section(
            opened=view, section=section, values={"progress.strengths": "Draws well"}, seen=seen,
            by=world.people["teacher"],
        )  # fmt: skip
    with world.within():
        assert not Signature.objects.filter(withdrawn_at__isnull=True).exists()
        assert "was changed by Asha Khan" in Signature.objects.first().withdrawn_why


def test_a_cost_added_behind_a_signature_is_found_when_the_plan_is_sent_in(world: World) -> None:
    to_state(world, "maisie", "signed")
    with world.within():
        CostLine.objects.filter(plan=world.plans["maisie"]).update(amount_pence=90000)
    with pytest.raises(Refused, match="changed after the designated teacher and the social worker signed"):
        does(world, "teacher", "maisie", signing.submit)
    assert does(world, "teacher", "maisie", lambda opened, by: signing.take_away_outdated(opened=opened)) == 2


def test_what_the_young_person_and_the_carer_say_is_written_down(world: World) -> None:
    to_state(world, "maisie", "awaiting_signoff")
    with world.within():
        around(world, "maisie", "carer")
    for says in ("not_agreed", "agreed"):
        does(world, "teacher", "maisie", signing.record_says, whose="young_person", says=says, name="Maisie Thornton")
    with world.within():
        kept = Signature.objects.get(role="young_person", withdrawn_at__isnull=True)
        assert (kept.says, kept.name) == ("agreed", "Maisie Thornton")
    does(world, "carer", "maisie", signing.record_says, whose="carer", says="agreed", name="")
    with pytest.raises(Refused, match="cannot write this down"):
        does(world, "carer", "maisie", signing.record_says, whose="young_person", says="agreed", name="")


def test_a_signature_is_taken_back_by_its_giver_until_the_plan_is_sent_in(world: World) -> None:
    to_state(world, "maisie", "signed")
    with pytest.raises(Refused, match="You have not signed"):
        does(world, "teacher", "maisie", signing.withdraw_signature, role="social_worker", why="")
    does(world, "teacher", "maisie", signing.withdraw_signature, role="designated_teacher", why="Too early")
    with world.within():
        assert Signature.objects.get(role="designated_teacher").withdrawn_why == "Too early"


def test_a_signature_on_paper_is_entered_by_an_officer_who_then_cannot_approve(world: World) -> None:
    to_state(world, "maisie", "awaiting_signoff")
    with pytest.raises(Refused, match="Only the virtual school"):
        does(world, "teacher", "maisie", signing.sign_on_paper, role="social_worker", name="Danielle Frost")
    does(world, "adviser", "maisie", signing.sign_on_paper, role="designated_teacher", name="Asha Khan")
    does(world, "social worker", "maisie", signing.sign, role="social_worker")
    does(world, "head", "maisie", signing.submit)
    with pytest.raises(Refused, match="somebody else has to check"):
        does(world, "adviser", "maisie", checking.take)
    does(world, "head", "maisie", checking.take)
    assert does(world, "head", "maisie", checking.approve, is_good=True).state == "approved"


def test_an_officer_does_not_check_a_plan_they_wrote(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with world.within():
        Answer.objects.filter(plan=world.plans["maisie"], field_key="progress.strengths").update(
            by_id=world.people["adviser"].pk
        )
    with pytest.raises(Refused, match="You wrote in this plan"):
        does(world, "adviser", "maisie", checking.take)
    with pytest.raises(Refused, match="somebody else has to approve"):
        does(world, "adviser", "maisie", checking.approve, is_good=True)


def test_the_teacher_takes_it_back_only_until_checking_begins(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with pytest.raises(Refused, match="Say why"):
        does(world, "teacher", "maisie", signing.recall, reason=" ")
    plan = does(world, "teacher", "maisie", signing.recall, reason="A wrong date")
    assert (plan.state, plan.submitted_on) == ("awaiting_signoff", None)
    does(world, "teacher", "maisie", signing.submit)
    does(world, "adviser", "maisie", checking.take)
    with pytest.raises(Refused):
        does(world, "teacher", "maisie", signing.recall, reason="Late")


def test_a_returned_plan_names_sections_opens_only_those_and_comes_back_mended(world: World) -> None:
    to_state(world, "maisie", "in_qa")
    for sections, words in (({}, "Name the sections"), ({"progress": " "}, "Say what"), ({"x": "y"}, "no section")):
        with pytest.raises(Refused, match=words):
            does(world, "adviser", "maisie", checking.return_plan, reason="To mend", sections=sections)
    plan = does(
        world, "adviser", "maisie", checking.return_plan, reason="Nearly", sections={"progress": "Say how you know"}
    )
    assert (plan.state, plan.returned_due_on) == ("returned", date(2026, 12, 1))
    with world.within():
        teacher = as_seen_by(world, "teacher", "maisie")
        assert [section.key for section in teacher.sections if teacher.may_write(section)] == ["progress"]
        part = PlanSection.objects.get(plan=plan, key="progress")
        assert (part.state, part.returned_why) == ("in_progress", "Say how you know")
    with pytest.raises(Refused, match="Sent back for these sections"):
        does(world, "teacher", "maisie", signing.submit)
    with world.within():
        PlanSection.objects.filter(pk=part.pk).update(state="complete")
    assert does(world, "teacher", "maisie", signing.submit).state == "submitted"


def test_publishing_keeps_three_files_and_says_who_has_a_copy(world: World) -> None:
    with world.within():
        around(world, "maisie", "carer", "reviewing officer")
    to_state(world, "maisie", "published")
    with world.within():
        plan = Plan.objects.get(pk=world.plans["maisie"].pk)
        assert sorted(PlanCopy.objects.filter(plan=plan).values_list("form", flat=True)) == ["full", "json", "plain"]
        given = dict(CopySent.objects.filter(plan=plan).values_list("to_role", "to_name"))
        assert given == {"social_worker": "Danielle Frost", "designated_teacher": "Asha Khan", "carer": "Sue Palmer",
                         "reviewing_officer": "Ruth Ellery"}  # fmt: skip
        assert publishing.without_copy(as_seen_by(world, "head", "maisie")) == ["young_person", "parent"]
    does(world, "head", "maisie", publishing.give_copy, to_role="young_person", to_name="", form="plain", how="handed")
    with world.within():
        assert publishing.without_copy(as_seen_by(world, "head", "maisie")) == ["parent"]
    whole = does(world, "head", "maisie", publishing.copy_file, version=1, form="full")
    assert whole.content.startswith(b"%PDF") and "maisie" not in whole.name.lower()
    with world.within():
        assert Event.objects.filter(action="plan.copy_downloaded").count() == 1


def test_a_file_that_is_no_longer_as_it_was_published_is_not_given_out(world: World, tmp_path: Any) -> None:
    to_state(world, "maisie", "published")
    with world.within():
        copy = PlanCopy.objects.get(form="full")
    (tmp_path / copy.stored_as).write_bytes(b"%PDF-something else")
    with pytest.raises(Refused, match="not as it was"):
        does(world, "head", "maisie", publishing.copy_file, version=1, form="full")


def test_an_error_found_after_approval_makes_a_new_version_and_keeps_the_old_file(world: World) -> None:
    to_state(world, "maisie", "published")
    with pytest.raises(Refused, match="not for you"):
        does(world, "adviser", "maisie", closing.reopen, reason="A wrong name")
    with world.within():
        first = PlanCopy.objects.get(form="full")
    plan = does(world, "head", "maisie", closing.reopen, reason="A wrong name")
    assert (plan.version, plan.state, plan.approved_on) == (2, "in_progress", None)
    with world.within():
        assert not Signature.objects.filter(withdrawn_at__isnull=True).exists()
    to_state(world, "maisie", "published")
    with world.within():
        copies = PlanCopy.objects.filter(form="full").order_by("version")
        assert [one.version for one in copies] == [1, 2]
        assert copies[0].sha256 == first.sha256
    assert does(world, "head", "maisie", publishing.copy_file, version=1, form="full").content


def test_words_are_added_to_an_approved_plan_by_the_virtual_school_alone(world: World) -> None:
    to_state(world, "maisie", "in_qa")
    with pytest.raises(Refused, match="only to a plan that is approved"):
        does(world, "adviser", "maisie", closing.add_addendum, words="Late news")
    does(world, "adviser", "maisie", checking.approve, is_good=True)
    with pytest.raises(Refused, match="Only the virtual school"):
        does(world, "teacher", "maisie", closing.add_addendum, words="x")
    does(world, "adviser", "maisie", closing.add_addendum, words="Late news")
    with world.within():
        assert Addendum.objects.get().words == "Late news"


def test_a_step_is_refused_when_somebody_else_was_quicker(world: World) -> None:
    to_state(world, "maisie", "submitted")
    with world.within():
        slow = as_seen_by(world, "head", "maisie")
    does(world, "adviser", "maisie", checking.take)
    with (
        acting(person_of(world.people["head"]).claims),
        pytest.raises(Refused, match="Somebody else has just taken this plan a step further"),
    ):
        checking.take(opened=slow, by=world.people["head"])


def test_without_a_school_the_virtual_school_signs_in_the_teachers_place(world: World) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(school=None)
        around(world, "maisie", "social worker", "adviser")
        write_whole(world, "maisie")
    does(world, "adviser", "maisie", signing.ask_to_sign)
    does(world, "adviser", "maisie", signing.sign, role="virtual_school")
    does(world, "social worker", "maisie", signing.sign, role="social_worker")
    assert does(world, "adviser", "maisie", signing.submit).state == "submitted"
