"""A plan as one person has it open: the form, what is written, and what they may do with it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.audit.actions import record_read
from virtual_school.authorities.models import PolicyVersion
from virtual_school.children.models import Child
from virtual_school.children.queries import involved, visible_to
from virtual_school.dates.ages import year_group

from .blind import unseen_plans
from .conditions import Answered, Circumstances
from .models import (
    Action,
    Answer,
    Delegation,
    Meeting,
    Plan,
    PlanSection,
    Signature,
    Target,
    TargetReview,
    UnmergedWords,
)
from .policy import PlanPolicy, plan_policy
from .rights import OWNED_BY, Access, access, may_read, may_write
from .template import Field, Section, Template, required_left, visible_sections
from .template_versions import template_of
from .workflow import Standing, State, Step, refusal

WRITTEN = (
    "answers",
    "plansections",
    "first_targets",
    Prefetch("actions", Action.objects.select_related("owner")),
    Prefetch("targetreviews", TargetReview.objects.select_related("target__first_plan")),
)
"""Of a plan somebody opens: what stands in it, each read once."""

STAFF = {Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER, Role.NOMINATED_OFFICER, Role.INSPECTOR}


def roles_for(person: Person, child: Child, on: date | None = None) -> tuple[str, ...]:
    """What this person is to this child today: by their place in the child's authority, and by being around them."""
    staff = [m.role for m in person.memberships if m.authority_id == child.authority_id and m.role in STAFF]
    around = involved(person.user.pk, on).filter(child=child).values_list("role", flat=True)
    return tuple(dict.fromkeys([*staff, *around]))


def policy_for(authority_code: int, on: date) -> PlanPolicy:
    version = PolicyVersion.objects.filter(authority=authority_code, starts__lte=on).first()
    return plan_policy(version.choices.get("plans", {}) if version else {})


def policies_for(codes: set[int], on: date) -> dict[int, PlanPolicy]:
    """Of each authority, the version in force: they stand with the latest first."""
    choices: dict[int, dict[str, Any]] = {}
    for version in PolicyVersion.objects.filter(authority__in=codes, starts__lte=on):
        choices.setdefault(version.authority_id, version.choices.get("plans", {}))
    return {code: plan_policy(choices.get(code, {})) for code in codes}


def circumstances_in(plan: Plan, born: date | None) -> Circumstances:
    """As they stood when the plan was opened, with what belongs to the term."""
    held = plan.clocks.get("circumstances", {})
    season = plan.term.rsplit("-", 1)[-1]
    year = held.get("year_group")
    if year is None and born:
        year = year_group(born, plan.opened_on or timezone.localdate())
    return Circumstances(phase=plan.phase, season=season, year_group=year, **held.get("is", {}))


def signers_of(plan: Plan, policy: PlanPolicy) -> tuple[str, ...]:
    """Those the council asks to sign; without a school the virtual school signs in the teacher's place."""
    asked = policy.signers
    if plan.school_id is None:
        asked = tuple("virtual_school" if role == "designated_teacher" else role for role in asked)
    if plan.kind == Plan.Kind.SCHOOL_REVIEW:
        asked = tuple(role for role in asked if role != "social_worker")
    return asked


@dataclass
class OpenedPlan:
    plan: Plan
    child: Child
    person: Person
    roles: tuple[str, ...]
    template: Template
    policy: PlanPolicy
    answers: dict[str, Answer]
    parts: dict[str, PlanSection]
    delegated: frozenset[str] | None

    @cached_property
    def answered(self) -> dict[str, Answered]:
        """Targets and actions stand in tables of their own: what is there counts as the answer of their field.

        A target of before that this plan judged as still worked on is a target of this plan too.
        """
        found = {key: Answered(answer.value, answer.reason_if_blank) for key, answer in self.answers.items()}
        targets = list(self.plan.first_targets.all())
        targets += [one.target for one in self.plan.targetreviews.all() if one.judged == Target.State.OPEN]
        if targets:
            found["targets.targets"] = Answered([{"outcome": target.outcome} for target in targets])
        if actions := [{"what": action.what} for action in self.plan.actions.all()]:
            found["actions.actions"] = Answered(actions)
        return found

    @cached_property
    def unseen(self) -> frozenset[int]:
        """Plans whose rating this person is not to see yet."""
        return unseen_plans()

    @property
    def hides_feedback(self) -> bool:
        """Whether what was said of the plan before is kept from this person."""
        return self.plan.previous_id in self.unseen

    @property
    def is_blind(self) -> bool:
        """Whether a copy would tell this person a rating they are not to see yet."""
        return self.plan.pk in self.unseen or self.hides_feedback

    @cached_property
    def circumstances(self) -> Circumstances:
        return circumstances_in(self.plan, self.child.born)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return visible_sections(self.template, self.circumstances, self.answered)

    def may_write(self, section: Section) -> bool:
        part = self.parts.get(section.key)
        return may_write(
            self.plan.state,
            self.roles,
            section.owner,
            section=section.key,
            delegated=self.delegated,
            named=bool(part and part.is_named_in_return),
            rights=self.policy.rights,
        )

    @cached_property
    def mine(self) -> tuple[Section, ...]:
        """The sections this person is asked for: those of their own role, or given to them."""
        return tuple(section for section in self.sections if self.may_write(section) and self._is_asked(section))

    def _is_asked(self, section: Section) -> bool:
        for role in self.roles:
            if access(self.plan.state, role, self.policy.rights) == Access.ALL:
                asked = section.owner == "virtual_school"
            elif role == "delegate":
                asked = self.delegated is not None and (not self.delegated or section.key in self.delegated)
            else:
                asked = section.owner in OWNED_BY.get(role, ())
            if asked:
                return True
        return False

    def left(self, stage: str) -> tuple[Field, ...]:
        """Required fields that are empty, or hold words carried over that nobody has confirmed."""
        empty = {field.key for field in required_left(self.template, self.answered, stage, self.circumstances)}
        wanted = ("before_meeting",) if stage == "before_meeting" else ("before_meeting", "before_submit")
        return tuple(
            field
            for section in self.sections
            for field in section.fields
            if field.key in empty or (field.required in wanted and self.is_unconfirmed(field.key))
        )

    def is_unconfirmed(self, key: str) -> bool:
        answer = self.answers.get(key)
        return answer is not None and not answer.is_confirmed

    @cached_property
    def _left_by_section(self) -> dict[str, tuple[Field, ...]]:
        left = {field.key for field in self.left("before_submit")}
        return {s.key: tuple(field for field in s.fields if field.key in left) for s in self.sections}

    def left_in(self, section: Section) -> tuple[Field, ...]:
        return self._left_by_section.get(section.key, ())

    @property
    def role(self) -> str:
        """The role under which this person takes a step: the weightiest they have here."""
        return self.roles[0] if self.roles else ""

    def standing(self) -> Standing:
        signed = frozenset(
            Signature.objects.filter(plan=self.plan, withdrawn_at__isnull=True).values_list("role", flat=True)
        )
        user = self.person.user
        wrote = (
            Answer.objects.filter(plan=self.plan, by_id=user.pk, source=Answer.Source.TYPED).exists()
            or Signature.objects.filter(plan=self.plan, person=user, withdrawn_at__isnull=True).exists()
        )
        return Standing(
            state=State(self.plan.state),
            needs_meeting=self.plan.kind != Plan.Kind.SCHOOL_REVIEW,
            is_meeting_held=Meeting.objects.filter(plan=self.plan, state=Meeting.State.HELD).exists(),
            left_before_meeting=[field.label for field in self.left("before_meeting")],
            left_before_submit=[field.label for field in self.left("before_submit")],
            signers=self.signers,
            signed=signed,
            unsettled_words=UnmergedWords.objects.filter(plan=self.plan, settled_at__isnull=True).count(),
            unanswered_return=[
                section.title
                for section in self.sections
                if (part := self.parts.get(section.key))
                and part.is_named_in_return
                and part.state != PlanSection.State.COMPLETE
            ],
            wrote_it=wrote,
        )

    @cached_property
    def signers(self) -> tuple[str, ...]:
        return signers_of(self.plan, self.policy)

    def refusal(self, step: Step, reason: str = "") -> str:
        """Empty when one of this person's roles may take the step now; else why not, in words."""
        standing = self.standing()
        answers = [refusal(step, standing, role, reason) for role in self.roles]
        return min(answers, key=len) if answers else "You cannot change this plan."


def opened(plan: Plan, child: Child, person: Person) -> OpenedPlan:
    on = timezone.localdate()
    delegation = (
        Delegation.objects.filter(child=child, to=person.user, ends__isnull=True, starts__lte=on)
        .values_list("sections", flat=True)
        .first()
    )
    roles = roles_for(person, child, on)
    if delegation is None:
        roles = tuple(role for role in roles if role != Role.DELEGATE)
    return OpenedPlan(
        plan=plan,
        child=child,
        person=person,
        roles=roles,
        template=template_of(plan),
        policy=policy_for(plan.authority_id, on),
        answers={answer.field_key: answer for answer in plan.answers.all()},
        parts={part.key: part for part in plan.plansections.all()},
        delegated=None if delegation is None else frozenset(delegation),
    )


def plan_for(request: HttpRequest, public_id: object) -> OpenedPlan:
    """The plan, if this person may see it, else 404. The only way a page fetches one: it writes the read log."""
    person: Person = request.person  # type: ignore[attr-defined]
    plan = (
        Plan.objects.filter(public_id=public_id, child__in=visible_to(person))
        .select_related("template", "school", "child__authority", "reviewer", "previous")
        .defer("template__content", "template__edits")
        .prefetch_related(*WRITTEN)
        .first()
    )
    if plan is None:
        raise Http404
    found = opened(plan, plan.child, person)
    if not may_read(plan.state, found.roles, found.policy.rights):
        raise Http404
    match = request.resolver_match
    record_read(
        child=plan.child_id,
        authority=plan.authority_id,
        by=person.user.pk,
        role=person.role,
        page=match.view_name if match else "",
    )
    return found
