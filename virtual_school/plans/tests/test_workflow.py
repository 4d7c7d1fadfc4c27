from itertools import product

import pytest

from virtual_school.plans.rights import access, may_read, may_write
from virtual_school.plans.workflow import MOVES, NOT_DONE, OVER, Standing, State, Step, refusal

HEAD, ADVISER, TEACHER, WORKER = "virtual_school_head", "adviser", "designated_teacher", "social_worker"


def ready_to_submit(**changes) -> Standing:
    facts = {"state": State.AWAITING_SIGNOFF, "is_meeting_held": True, "signers": (TEACHER, WORKER),
             "signed": frozenset({TEACHER, WORKER})} | changes  # fmt: skip
    return Standing(**facts)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_a_step_is_taken_only_from_the_states_it_starts_in(state, step):
    standing = Standing(state=state, is_meeting_held=True, signed=frozenset({TEACHER}))
    allowed = refusal(step, standing, MOVES[step].roles[0], "because") == ""
    assert allowed == (state in MOVES[step].sources)


def test_a_plan_that_is_over_goes_nowhere():
    for state, step in product(OVER, Step):
        assert refusal(step, Standing(state=state), HEAD, "because")


def test_every_plan_not_done_can_be_closed_when_the_child_moves():
    assert all(refusal(Step.CLOSE_MOVED, Standing(state=state), ADVISER, "moved school") == "" for state in NOT_DONE)


def test_a_plan_is_submitted_when_all_have_signed():
    assert refusal(Step.SUBMIT, ready_to_submit(), TEACHER) == ""


def test_a_missing_signature_is_named():
    assert refusal(Step.SUBMIT, ready_to_submit(signed=frozenset({TEACHER})), TEACHER) == (
        "Not signed yet by the social worker."
    )


def test_required_fields_that_are_blank_are_named():
    words = refusal(Step.SUBMIT, ready_to_submit(left_before_submit=["Attendance", "Strengths"]), TEACHER)
    assert words == "Before it can be signed, these need an answer: Attendance, Strengths."


def test_many_blank_fields_are_counted():
    words = refusal(Step.READY, Standing(state=State.OPEN, left_before_meeting=list("abcdef")), TEACHER)
    assert words.endswith("a, b, c, d and 2 more.")


def test_words_of_two_people_in_one_field_are_settled_before_signing():
    assert "Choose what stands first" in refusal(Step.SUBMIT, ready_to_submit(unsettled_words=1), TEACHER)


def test_without_a_meeting_a_review_is_not_submitted_unless_it_is_the_schools_own():
    assert "meeting is not recorded" in refusal(Step.SUBMIT, ready_to_submit(is_meeting_held=False), TEACHER)
    assert refusal(Step.SUBMIT, ready_to_submit(is_meeting_held=False, needs_meeting=False), TEACHER) == ""


def test_a_delegate_never_submits():
    assert "not for you" in refusal(Step.SUBMIT, ready_to_submit(), "delegate")


def test_sending_back_needs_a_reason():
    in_qa = Standing(state=State.IN_QA)
    assert refusal(Step.RETURN, in_qa, ADVISER) == "Say why, so that everyone can see it."
    assert refusal(Step.RETURN, in_qa, ADVISER, "Two targets have no measure") == ""


def test_an_officer_does_not_approve_a_plan_they_wrote():
    assert "somebody else has to approve" in refusal(Step.APPROVE, Standing(state=State.IN_QA, wrote_it=True), ADVISER)


def test_only_the_head_reopens_an_approved_plan():
    approved = Standing(state=State.APPROVED)
    assert refusal(Step.REOPEN, approved, ADVISER, "an error was found")
    assert refusal(Step.REOPEN, approved, HEAD, "an error was found") == ""


@pytest.mark.parametrize(
    ("state", "role", "owner", "may"),
    [
        pytest.param("in_progress", TEACHER, TEACHER, True, id="own section"),
        pytest.param("in_progress", TEACHER, WORKER, False, id="somebody else's section"),
        pytest.param("in_progress", WORKER, WORKER, True, id="social worker's own"),
        pytest.param("in_progress", "carer", "carer", True, id="carer's own"),
        pytest.param("meeting_held", "carer", "carer", False, id="carer after the meeting"),
        pytest.param("in_progress", ADVISER, TEACHER, True, id="adviser writes anywhere"),
        pytest.param("submitted", TEACHER, TEACHER, False, id="locked once submitted"),
        pytest.param("published", HEAD, TEACHER, False, id="locked once published"),
        pytest.param("in_progress", "reviewing_officer", TEACHER, False, id="reviewing officer reads"),
        pytest.param("returned", TEACHER, TEACHER, False, id="returned, section not named"),
        pytest.param("in_progress", "board_member", TEACHER, False, id="a role the table does not name"),
    ],
)
def test_who_may_write(state, role, owner, may):
    assert may_write(state, [role], owner, section="x") is may


def test_a_returned_plan_opens_the_named_sections_only():
    assert may_write("returned", [TEACHER], TEACHER, section="targets", named=True)
    assert not may_write("returned", [TEACHER], WORKER, section="about_me", named=True)


def test_a_delegate_writes_what_was_given():
    def given(delegated, section="attainment"):
        return may_write("in_progress", ["delegate"], TEACHER, section=section, delegated=delegated)

    assert given(frozenset())
    assert given(frozenset({"attainment"}))
    assert not given(frozenset({"attendance"}))
    assert not given(None)


def test_a_delegate_never_writes_the_social_workers_sections():
    assert not may_write("in_progress", ["delegate"], WORKER, section="about_me", delegated=frozenset())


def test_an_authority_may_make_social_workers_readers():
    rights = {"in_progress": {WORKER: "read"}}
    assert not may_write("in_progress", [WORKER], WORKER, section="about_me", rights=rights)
    assert may_read("in_progress", [WORKER], rights)


@pytest.mark.parametrize("state", State)
def test_somebody_without_a_role_sees_nothing(state):
    assert not may_read(state, [])
    assert access(state, "young_person's friend") == "none"
