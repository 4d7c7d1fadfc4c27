"""The way of a plan, from due to published: which steps there are, from where, by whom, and what stops one.

The states are our superset of those seen in use. Overdue is worked out from dates, it is never a state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DUE = "due"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    READY_FOR_MEETING = "ready_for_meeting"
    MEETING_HELD = "meeting_held"
    AWAITING_SIGNOFF = "awaiting_signoff"
    SUBMITTED = "submitted"
    IN_QA = "in_qa"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    CLOSED_MOVED = "closed_moved"
    CLOSED_LEFT_CARE = "closed_left_care"
    CLOSED_18 = "closed_18"
    CLOSED_ERROR = "closed_error"
    CANCELLED = "cancelled"


class Step(StrEnum):
    OPEN = "open"
    WRITE = "write"
    READY = "ready"
    HOLD_MEETING = "hold_meeting"
    ASK_TO_SIGN = "ask_to_sign"
    SUBMIT = "submit"
    RECALL = "recall"
    TAKE = "take"
    RETURN = "return"
    APPROVE = "approve"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"
    REOPEN = "reopen"
    CLOSE_MOVED = "close_moved"
    CLOSE_LEFT_CARE = "close_left_care"
    CLOSE_18 = "close_18"
    CLOSE_ERROR = "close_error"
    CANCEL = "cancel"


S = State
BEING_WRITTEN = (S.OPEN, S.IN_PROGRESS, S.READY_FOR_MEETING, S.MEETING_HELD, S.AWAITING_SIGNOFF, S.RETURNED)
NOT_DONE = (S.DUE, *BEING_WRITTEN, S.SUBMITTED, S.IN_QA)
DONE = (S.APPROVED, S.PUBLISHED)
OVER = (S.SUPERSEDED, S.CLOSED_MOVED, S.CLOSED_LEFT_CARE, S.CLOSED_18, S.CLOSED_ERROR, S.CANCELLED)
NEVER_WAS = (S.CLOSED_ERROR, S.CANCELLED)
"""Opened in error: what stands in one was never promised and is not judged."""

OWNERS = (
    "designated_teacher",
    "delegate",
    "social_worker",
    "personal_adviser",
    "carer",
    "adviser",
    "virtual_school_head",
)
VIRTUAL_SCHOOL = ("adviser", "virtual_school_head")
HEAD = ("virtual_school_head",)


@dataclass(frozen=True, slots=True)
class Move:
    step: Step
    sources: tuple[State, ...]
    target: State
    roles: tuple[str, ...]
    needs_reason: bool = False


MOVES: dict[Step, Move] = {
    move.step: move
    for move in (
        Move(Step.OPEN, (S.DUE,), S.OPEN, (*VIRTUAL_SCHOOL, "social_worker", "data_officer")),
        Move(Step.WRITE, (S.OPEN,), S.IN_PROGRESS, OWNERS),
        Move(
            Step.READY,
            (S.OPEN, S.IN_PROGRESS),
            S.READY_FOR_MEETING,
            (*VIRTUAL_SCHOOL, "designated_teacher", "social_worker"),
        ),
        Move(
            Step.HOLD_MEETING,
            (S.OPEN, S.IN_PROGRESS, S.READY_FOR_MEETING),
            S.MEETING_HELD,
            (*VIRTUAL_SCHOOL, "designated_teacher", "social_worker", "delegate", "personal_adviser"),
        ),
        Move(
            Step.ASK_TO_SIGN,
            (S.MEETING_HELD, S.IN_PROGRESS, S.READY_FOR_MEETING),
            S.AWAITING_SIGNOFF,
            (*VIRTUAL_SCHOOL, "designated_teacher", "social_worker"),
        ),
        Move(
            Step.SUBMIT,
            (S.AWAITING_SIGNOFF, S.MEETING_HELD, S.RETURNED),
            S.SUBMITTED,
            (*VIRTUAL_SCHOOL, "designated_teacher"),
        ),
        Move(
            Step.RECALL, (S.SUBMITTED,), S.AWAITING_SIGNOFF, ("designated_teacher", *VIRTUAL_SCHOOL), needs_reason=True
        ),
        Move(Step.TAKE, (S.SUBMITTED,), S.IN_QA, VIRTUAL_SCHOOL),
        Move(Step.RETURN, (S.SUBMITTED, S.IN_QA), S.RETURNED, VIRTUAL_SCHOOL, needs_reason=True),
        Move(Step.APPROVE, (S.SUBMITTED, S.IN_QA), S.APPROVED, VIRTUAL_SCHOOL),
        Move(Step.PUBLISH, (S.APPROVED,), S.PUBLISHED, VIRTUAL_SCHOOL),
        Move(Step.SUPERSEDE, (S.PUBLISHED, S.APPROVED), S.SUPERSEDED, VIRTUAL_SCHOOL),
        Move(Step.REOPEN, (S.APPROVED, S.PUBLISHED), S.IN_PROGRESS, HEAD, needs_reason=True),
        Move(Step.CLOSE_MOVED, NOT_DONE, S.CLOSED_MOVED, (*VIRTUAL_SCHOOL, "data_officer"), needs_reason=True),
        Move(Step.CLOSE_LEFT_CARE, NOT_DONE, S.CLOSED_LEFT_CARE, (*VIRTUAL_SCHOOL, "data_officer"), needs_reason=True),
        Move(Step.CLOSE_18, NOT_DONE, S.CLOSED_18, (*VIRTUAL_SCHOOL, "data_officer"), needs_reason=True),
        Move(Step.CLOSE_ERROR, NOT_DONE, S.CLOSED_ERROR, VIRTUAL_SCHOOL, needs_reason=True),
        Move(Step.CANCEL, (S.DUE, S.OPEN), S.CANCELLED, (*VIRTUAL_SCHOOL, "data_officer"), needs_reason=True),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a plan has, as far as its next step depends on it. `left` are labels of required fields still blank."""

    state: State
    needs_meeting: bool = True
    is_meeting_held: bool = False
    left_before_meeting: Sequence[str] = ()
    left_before_submit: Sequence[str] = ()
    signers: tuple[str, ...] = ("designated_teacher",)
    signed: frozenset[str] = frozenset()
    unsettled_words: int = 0
    unanswered_return: Sequence[str] = ()
    wrote_it: bool = False
    """The person asking wrote in this plan for the school or social care, and so may not judge it."""


def refusal(step: Step, standing: Standing, role: str, reason: str = "") -> str:
    """Why a step cannot be taken now, in words that say what to do; empty when it can."""
    move = MOVES[step]
    if standing.state not in move.sources:
        return f"This plan is {WORDS[standing.state]}, so it cannot be {STEP_WORDS[step]}."
    if role not in move.roles:
        return f"It is not for you to have this plan {STEP_WORDS[step]}."
    if move.needs_reason and not reason.strip():
        return "Say why, so that everyone can see it."
    if step == Step.READY and standing.left_before_meeting:
        return _still_blank("Before the meeting", standing.left_before_meeting)
    if step in {Step.ASK_TO_SIGN, Step.SUBMIT}:
        if standing.needs_meeting and not standing.is_meeting_held:
            return "The meeting is not recorded yet. Record that it was held, or change this to a review by the school."
        if standing.left_before_submit:
            return _still_blank("Before it can be signed", standing.left_before_submit)
        if standing.unsettled_words:
            return "Two people wrote in the same field. Choose what stands first."
    if step == Step.SUBMIT:
        missing = [ROLE_WORDS.get(signer, signer) for signer in standing.signers if signer not in standing.signed]
        if missing:
            return f"Not signed yet by the {' and the '.join(missing)}."
        if standing.unanswered_return:
            return _still_blank("Sent back for these sections", standing.unanswered_return)
    if step in {Step.TAKE, Step.APPROVE} and standing.wrote_it:
        return f"You wrote in this plan, so somebody else has to {'check' if step == Step.TAKE else 'approve'} it."
    return ""


def _still_blank(when: str, labels: Sequence[str]) -> str:
    shown = ", ".join(label.rstrip("?") for label in labels[:4])
    more = f" and {len(labels) - 4} more" if len(labels) > 4 else ""
    return f"{when}, these need an answer: {shown}{more}."


WORDS = {
    S.DUE: "due", S.OPEN: "open", S.IN_PROGRESS: "being written", S.READY_FOR_MEETING: "ready for the meeting",
    S.MEETING_HELD: "being finished after the meeting", S.AWAITING_SIGNOFF: "waiting to be signed",
    S.SUBMITTED: "submitted", S.IN_QA: "being checked", S.RETURNED: "returned to be mended", S.APPROVED: "approved",
    S.PUBLISHED: "published", S.SUPERSEDED: "replaced by a newer plan", S.CLOSED_MOVED: "closed: the child moved school",
    S.CLOSED_LEFT_CARE: "closed: the child left care", S.CLOSED_18: "closed: the young person turned 18",
    S.CLOSED_ERROR: "closed: opened in error", S.CANCELLED: "cancelled",
}  # fmt: skip
STEP_WORDS = {
    Step.OPEN: "opened", Step.WRITE: "written in", Step.READY: "marked as ready", Step.HOLD_MEETING: "given a meeting",
    Step.ASK_TO_SIGN: "put forward to be signed", Step.SUBMIT: "submitted", Step.RECALL: "recalled",
    Step.TAKE: "taken to be checked", Step.RETURN: "returned", Step.APPROVE: "approved", Step.PUBLISH: "published",
    Step.SUPERSEDE: "replaced", Step.REOPEN: "reopened", Step.CLOSE_MOVED: "closed", Step.CLOSE_LEFT_CARE: "closed",
    Step.CLOSE_18: "closed", Step.CLOSE_ERROR: "closed", Step.CANCEL: "cancelled",
}  # fmt: skip
ROLE_WORDS = {
    "designated_teacher": "designated teacher", "social_worker": "social worker", "carer": "carer",
    "virtual_school": "virtual school", "young_person": "young person", "personal_adviser": "personal adviser",
}  # fmt: skip
