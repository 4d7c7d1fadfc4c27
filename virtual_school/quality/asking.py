"""Asking the head about a plan, and the school's note that it does not agree; both with their answers."""

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.audit.actions import record
from virtual_school.plans.opened import OpenedPlan
from virtual_school.plans.refused import Refused
from virtual_school.plans.workflow import VIRTUAL_SCHOOL

from .models import Appeal, OpinionAsked
from .told import checks_of

AT_SCHOOL = (Role.DESIGNATED_TEACHER, Role.DELEGATE)


def _tell(opened: OpenedPlan, what: str, by: User) -> None:
    plan = opened.plan
    record(what, by=by.pk, authority=plan.authority_id, child=plan.child_id, role=opened.role, plan=str(plan.public_id))


@transaction.atomic
def ask_head(*, opened: OpenedPlan, question: str, by: User) -> OpinionAsked:
    if not set(opened.roles) & set(VIRTUAL_SCHOOL):
        raise Refused("It is not for you to ask about this plan.")
    if OpinionAsked.objects.filter(plan=opened.plan, answered_at__isnull=True).exists():
        raise Refused("The head is asked about this plan already. Wait for the answer.")
    asked = OpinionAsked.objects.create(
        authority_id=opened.plan.authority_id, child_id=opened.plan.child_id, plan=opened.plan, asked_by=by,
        asked_by_name=by.name, question=question.strip(),
    )  # fmt: skip
    _tell(opened, "plan.opinion asked", by)
    return asked


@transaction.atomic
def answer_opinion(*, opened: OpenedPlan, answer: str, by: User) -> OpinionAsked:
    if Role.VIRTUAL_SCHOOL_HEAD not in opened.roles:
        raise Refused("The head of the virtual school answers this.")
    asked = OpinionAsked.objects.filter(plan=opened.plan, answered_at__isnull=True).select_for_update().first()
    if asked is None:
        raise Refused("Nothing waits for an answer here.")
    asked.answer, asked.answered_by_name, asked.answered_at = answer.strip(), by.name, timezone.now()
    asked.save(update_fields=["answer", "answered_by_name", "answered_at"])
    _tell(opened, "plan.opinion given", by)
    return asked


def appeal_open(opened: OpenedPlan) -> Appeal | None:
    return Appeal.objects.filter(plan=opened.plan, answered_at__isnull=True).order_by("at").first()


@transaction.atomic
def appeal(*, opened: OpenedPlan, words: str, by: User) -> Appeal:
    """A note of the school's about the latest rating. It holds nothing up."""
    if not set(opened.roles) & set(AT_SCHOOL):
        raise Refused("The designated teacher says so for the school.")
    checks = checks_of(opened.plan)
    if not checks:
        raise Refused("This plan is not rated yet.")
    if appeal_open(opened) is not None:
        raise Refused("You have said so already, and the virtual school has not answered yet.")
    made = Appeal.objects.create(
        authority_id=opened.plan.authority_id, child_id=opened.plan.child_id, plan=opened.plan, rating=checks[-1],
        words=words.strip(), by=by, by_name=by.name,
    )  # fmt: skip
    _tell(opened, "plan.rating not agreed", by)
    return made


@transaction.atomic
def answer_appeal(*, opened: OpenedPlan, answer: str, by: User) -> Appeal:
    if not set(opened.roles) & set(VIRTUAL_SCHOOL):
        raise Refused("The virtual school answers this.")
    row = Appeal.objects.filter(plan=opened.plan, answered_at__isnull=True).select_for_update().first()
    if row is None:
        raise Refused("Nothing waits for an answer here.")
    row.answer, row.answered_by_name, row.answered_at = answer.strip(), by.name, timezone.now()
    row.save(update_fields=["answer", "answered_by_name", "answered_at"])
    _tell(opened, "plan.rating answered", by)
    return row
