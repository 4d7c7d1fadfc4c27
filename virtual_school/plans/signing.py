"""Putting a plan forward to be signed, signing it, and sending it in. A colleague who helps never signs."""

from dataclasses import replace

from django.utils import timezone

from virtual_school.access.models import Role, User

from .models import Plan, PlanSection, Signature
from .opened import OpenedPlan
from .refused import Refused, held, held_for, taken, tell
from .summary import keep_summary
from .workflow import ROLE_WORDS, VIRTUAL_SCHOOL, WORDS, State, Step, refusal
from .writing import content_hash

SIGNABLE = (State.AWAITING_SIGNOFF, State.RETURNED)
AT_HOME = ("young_person", "carer")
"""Whose word on the plan may be written down by another: agreed, not agreed, or not shown."""

SAYS = {"agreed": "Seen and agreed", "not_agreed": "Seen, not agreed", "not_shown": "Not shown"}
WRITE_DOWN = {Role.DESIGNATED_TEACHER, Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, *VIRTUAL_SCHOOL}


def ready(*, opened: OpenedPlan, by: User) -> Plan:
    return taken(opened, held_for(opened, Step.READY), Step.READY, by)


def ask_to_sign(*, opened: OpenedPlan, by: User) -> Plan:
    return taken(opened, held_for(opened, Step.ASK_TO_SIGN), Step.ASK_TO_SIGN, by)


def signs_as(opened: OpenedPlan) -> tuple[str, ...]:
    """Those of the signatures asked for that are this person's own to give."""
    own = set(opened.roles) - {str(Role.DELEGATE)}
    if own & set(VIRTUAL_SCHOOL):
        own.add("virtual_school")
    return tuple(role for role in opened.signers if role in own)


def why_not_signed(opened: OpenedPlan) -> str:
    """Empty when the plan may be signed as it stands."""
    if opened.plan.state not in SIGNABLE:
        return f"This plan is {WORDS[State(opened.plan.state)]}: there is nothing to sign."
    standing = opened.standing()
    if opened.plan.state == State.RETURNED and standing.unanswered_return:
        return refusal(Step.SUBMIT, replace(standing, signed=frozenset(standing.signers)), "designated_teacher")
    return refusal(Step.ASK_TO_SIGN, replace(standing, state=State.MEETING_HELD), "designated_teacher")


def sign(*, opened: OpenedPlan, role: str, by: User) -> Signature:
    """For what stands in the plan now. Whoever changes it afterwards takes the signature away."""
    plan = held(opened)
    if role not in signs_as(opened):
        raise Refused(_not_theirs(opened, role))
    if words := why_not_signed(opened):
        raise Refused(words)
    if Signature.objects.filter(plan=plan, role=role, withdrawn_at__isnull=True).exists():
        raise Refused(f"The {ROLE_WORDS.get(role, role)} has signed this plan already.")
    signature = _signed(plan, role, by, by.name)
    tell(plan, "signed", by, role=opened.role, signer=role)
    return signature


def sign_on_paper(*, opened: OpenedPlan, role: str, name: str, by: User) -> Signature:
    """The virtual school enters the signature of somebody who signed a printed plan, having no account here."""
    plan = held(opened)
    if not set(opened.roles) & set(VIRTUAL_SCHOOL):
        raise Refused("Only the virtual school enters a signature given on paper.")
    if role not in opened.signers or role in AT_HOME:
        raise Refused("The council does not ask for this signature.")
    if not name.strip():
        raise Refused("Say who signed.")
    if words := why_not_signed(opened):
        raise Refused(words)
    withdraw_role(plan, role, "Signed again, on paper")
    signature = _signed(plan, role, by, f"{name.strip()} (on paper)")
    tell(plan, "signed", by, role=opened.role, signer=role, on_paper=True)
    return signature


def _signed(plan: Plan, role: str, by: User, name: str, says: str = "") -> Signature:
    return Signature.objects.create(
        authority_id=plan.authority_id,
        child_id=plan.child_id,
        plan=plan,
        role=role,
        person=by,
        name=name,
        says=says,
        content_hash=content_hash(plan, with_money=role not in AT_HOME),
    )


def _not_theirs(opened: OpenedPlan, role: str) -> str:
    if Role.DELEGATE in opened.roles and role == Role.DESIGNATED_TEACHER:
        return "A colleague who helps cannot sign: the designated teacher does."
    return "Your signature is not asked for here."


def record_says(*, opened: OpenedPlan, whose: str, says: str, name: str, by: User) -> Signature:
    """What the young person or carer said of the plan, in person or through an adult who writes it down."""
    plan = held(opened)
    if whose not in AT_HOME or says not in SAYS:
        raise Refused("Choose what they said of the plan.")
    if whose not in opened.roles and not WRITE_DOWN & set(opened.roles):
        raise Refused("You cannot write this down.")
    if plan.state not in SIGNABLE:
        raise Refused("This plan is not waiting to be signed.")
    withdraw_role(plan, whose, "Written down anew")
    signature = _signed(plan, whose, by, name.strip() or by.name, says)
    tell(plan, "shown", by, role=opened.role, whose=whose, says=says)
    return signature


def withdraw_role(plan: Plan, role: str, why: str) -> int:
    return Signature.objects.filter(plan=plan, role=role, withdrawn_at__isnull=True).update(
        withdrawn_at=timezone.now(), withdrawn_why=why
    )


def withdraw_signature(*, opened: OpenedPlan, role: str, why: str, by: User) -> None:
    """One's own, as long as the plan is not sent in."""
    plan = held(opened)
    if plan.state not in SIGNABLE:
        raise Refused("The plan is sent in. Ask for it to be taken back first.")
    own = Signature.objects.filter(plan=plan, role=role, person=by, withdrawn_at__isnull=True)
    if not own.update(withdrawn_at=timezone.now(), withdrawn_why=why.strip() or f"Taken back by {by.name}"):
        raise Refused("You have not signed this plan.")
    tell(plan, "signature_withdrawn", by, role=opened.role, signer=role)


def submit(*, opened: OpenedPlan, by: User) -> Plan:
    """To the virtual school. Signatures are compared with what stands there now."""
    plan = held_for(opened, Step.SUBMIT)
    _refuse_changed(opened, plan)
    PlanSection.objects.filter(plan=plan, is_named_in_return=True).update(is_named_in_return=False)
    plan.submitted_on = timezone.localdate()
    taken(opened, plan, Step.SUBMIT, by, "submitted_on")
    keep_summary(opened)
    return plan


def _refuse_changed(opened: OpenedPlan, plan: Plan) -> None:
    whole, without = content_hash(plan), content_hash(plan, with_money=False)
    changed = [
        signature.role
        for signature in Signature.objects.filter(plan=plan, role__in=opened.signers, withdrawn_at__isnull=True)
        if signature.content_hash != (without if signature.role in AT_HOME else whole)
    ]
    if changed:
        who = " and the ".join(ROLE_WORDS.get(role, role) for role in changed)
        raise Refused(f"The plan was changed after the {who} signed. It has to be signed again as it stands now.")


def take_away_outdated(*, opened: OpenedPlan) -> int:
    """Takes away the signatures given for something else than what stands there now."""
    plan = opened.plan
    whole, without = content_hash(plan), content_hash(plan, with_money=False)
    outdated = [
        signature.pk
        for signature in Signature.objects.filter(plan=plan, withdrawn_at__isnull=True)
        if signature.content_hash != (without if signature.role in AT_HOME else whole)
    ]
    return Signature.objects.filter(pk__in=outdated).update(
        withdrawn_at=timezone.now(), withdrawn_why="The plan was changed after it was signed"
    )


def recall(*, opened: OpenedPlan, reason: str, by: User) -> Plan:
    """Back to the school, as long as nobody has begun to check it. It counts as not sent in."""
    plan = held_for(opened, Step.RECALL, reason)
    plan.submitted_on = None
    return taken(opened, plan, Step.RECALL, by, "submitted_on", why=reason)
