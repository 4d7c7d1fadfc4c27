"""The plans an invented authority has written here: two terms past, and this term's in every state."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children.bulk import insert, update
from virtual_school.children.models import Involvement
from virtual_school.dates.ages import age_on
from virtual_school.dates.school_days import Term
from virtual_school.plans.conditions import Circumstances
from virtual_school.plans.models import Answer, Plan, PlanTemplate
from virtual_school.plans.opened import policy_for
from virtual_school.plans.opening import Because, open_term
from virtual_school.plans.opening_due import newcomers
from virtual_school.plans.signing import AT_HOME
from virtual_school.plans.template import Template
from virtual_school.plans.template_versions import template_of
from virtual_school.plans.workflow import State
from virtual_school.plans.writing import content_hashes
from virtual_school.schools.models import DesignatedTeacher, Enrolment

from .plan_answers import Voice
from .plan_life import Child, PlanLife
from .plan_rows import PlanRows, noon
from .plan_state import WHOLE, Days, state_of
from .record import Making

TERMS = 3
PAST_SHARE = 0.55
"""So many of the children have plans written here in the terms before; those of the others are only recorded."""

MOST_CLOSED = 8
SETTLED_IN = timedelta(days=14)
RECORDED = "plans_recordedplan"
ENDED = {True: (State.CLOSED_18, "Turned 18 on {day}"), False: (State.CLOSED_LEFT_CARE, "Left care on {day}")}


class Plans:
    """Takes out of `making` what was recorded of the plans that are to be written; what is not written is put back."""

    def __init__(self, making: Making, seed: str) -> None:
        self.making, self.seed = making, seed
        self.code = making.rows.authority
        self.terms: list[Term] = making.terms[-TERMS:]
        self.days: dict[tuple[int, str], Days] = {}
        self.children: dict[int, Child] = {}
        self.templates: dict[int, Template] = {}
        rng = Random(f"{seed}:{self.code}:plans")
        past = {child for child in range(len(making.rows.children)) if rng.random() < PAST_SHARE}
        kept = []
        for row in making.rows.of[RECORDED]:
            child, term, *days = row
            if term == self.terms[-1].key or (child in past and term in {one.key for one in self.terms}):
                self.days[child, term] = Days(*days)
            else:
                kept.append(row)
        making.rows.of[RECORDED] = kept

    def write(self, authority: Authority, ids: list[int]) -> None:
        self.ids, self.authority = ids, authority
        self.place = {pk: place for place, pk in enumerate(ids)}
        self.policy = policy_for(self.code, self.making.today)
        self.teachers = {
            school: (pk, name)
            for school, pk, name in DesignatedTeacher.objects.filter(ends__isnull=True).values_list(
                "school", "person", "person__name"
            )
        }
        self._know()
        for term in self.terms[:-1]:
            self._past(term)
        self._put_back([term.key for term in self.terms[:-1]])
        self._now(self.terms[-1])
        self._put_back([self.terms[-1].key])
        PlanTemplate.objects.filter(authority=authority).update(starts=self.terms[0].starts)

    def _know(self) -> None:
        people: dict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
        rows = Involvement.objects.filter(authority=self.code, ends__isnull=True).order_by("starts", "id")
        for child, role, pk, name in rows.values_list("child", "role", "person", "person__name"):
            people[child][role] = (pk, name)
        for place, row in enumerate(self.making.rows.children):
            rng = Random(f"{self.seed}:{self.code}:plans:{place}")
            voice = Voice(rng, row[4] or row[2], row[6], "secondary")
            self.children[self.ids[place]] = Child(voice, people[self.ids[place]])

    def _past(self, term: Term) -> None:
        wanted = [self.ids[child] for child, key in self.days if key == term.key]
        on = min(term.starts + SETTLED_IN, term.ends)
        plans = open_term(authority=self.authority, term=term, by=None, on=on, children=wanted).made
        told = {plan.pk: self._taken(plan) for plan in plans}
        for plan in plans:
            plan.opened_on = min(told[plan.pk].begun or on, on)
        ready = [plan for plan in plans if told[plan.pk].signed]
        self._live(ready, {plan.pk: State.PUBLISHED for plan in ready}, told)

    def _taken(self, plan: Plan) -> Days:
        return self.days.pop((self.place[plan.child_id], plan.term), Days())

    def _now(self, term: Term) -> None:
        today = self.making.today
        self._close(term, self._left(term))
        moved = self._moved(term)
        self._close(term, {child: (State.CLOSED_MOVED, on, "Moved to another school") for child, on in moved.items()})
        because = newcomers(self.authority, today) | {
            child: Because("Started at a new school", "after_school_change", on) for child, on in moved.items()
        }
        plans = open_term(authority=self.authority, term=term, by=None, on=today, because=because).made
        told = {plan.pk: self._taken(plan) for plan in plans}
        states = {}
        for plan in plans:
            days = told[plan.pk]
            started = because[plan.child_id].on if plan.child_id in because else term.starts
            plan.opened_on = min(today, days.begun or started)
            states[plan.pk] = state_of(self.children[plan.child_id].voice.rng, days, today)
        self._live(plans, states, told)

    def _left(self, term: Term) -> dict[int, tuple[State, date, str]]:
        rows = CarePeriod.objects.filter(
            authority=self.code, kind="looked_after", ends__gt=term.starts + SETTLED_IN, ends__lte=self.making.today
        )
        found = {}
        for child, ends, born in rows.values_list("child", "ends", "child__born"):
            state, why = ENDED[bool(born and age_on(born, ends) >= 18)]
            found[child] = (state, ends, why.format(day=f"{ends.day} {ends:%B %Y}"))
        return found

    def _moved(self, term: Term) -> dict[int, date]:
        rows = Enrolment.objects.filter(
            authority=self.code, kind="main", ends__isnull=True, starts__gt=term.starts + SETTLED_IN,
            starts__lte=self.making.today, child__careperiods__ends__isnull=True,
            child__careperiods__kind="looked_after", child__careperiods__starts__lt=term.starts,
        ).order_by("id")  # fmt: skip
        return dict(rows.values_list("child", "starts")[:MOST_CLOSED])

    def _close(self, term: Term, ended: dict[int, tuple[State, date, str]]) -> None:
        """Plans that were opened and could not go on: little is written in them."""
        on = min(term.starts + SETTLED_IN, self.making.today)
        plans = open_term(authority=self.authority, term=term, by=None, on=on, children=list(ended)).made
        for plan in plans:
            plan.opened_on = on
        self._live(plans, {plan.pk: State.IN_PROGRESS for plan in plans}, {plan.pk: Days() for plan in plans}, ended)

    def _live(
        self, plans: list[Plan], states: dict[int, State], told: dict[int, Days],
        ended: dict[int, tuple[State, date, str]] | None = None,
    ) -> None:  # fmt: skip
        rows = PlanRows(len(plans))
        held: dict[int, dict[str, tuple[int, object, bool]]] = defaultdict(dict)
        answers = Answer.objects.filter(plan__in=[plan.pk for plan in plans])
        for pk, plan_id, key, value, stands in answers.values_list(
            "id", "plan", "field_key", "value", "is_confirmed"
        ).iterator(chunk_size=5000):
            held[plan_id][key] = (pk, value, stands)
        lives = []
        for plan in plans:
            child = self.children[plan.child_id]
            child.voice.phase = plan.phase
            if teacher := self.teachers.get(plan.school_id):
                child.people = {**child.people, str(Role.DESIGNATED_TEACHER): teacher}
            life = PlanLife(
                child.voice.rng, rows, plan, child, self._template(plan), _circumstances(plan), self._signers(plan),
                held[plan.pk], self.making.today,
            )  # fmt: skip
            life.live(states[plan.pk], told[plan.pk])
            if ended:
                state, on, why = ended[plan.child_id]
                plan.state, plan.closed_on, plan.closed_why = str(state), on, why
            lives.append(life)
        rows.write(plans)
        self._sign([life for life in lives if states[life.plan.pk] in WHOLE])
        self._supersede(plans)

    def _template(self, plan: Plan) -> Template:
        if plan.template_id not in self.templates:
            self.templates[plan.template_id] = template_of(plan)
        return self.templates[plan.template_id]

    def _signers(self, plan: Plan) -> tuple[str, ...]:
        if plan.school_id is not None:
            return self.policy.signers
        return tuple("virtual_school" if role == "designated_teacher" else role for role in self.policy.signers)

    def _sign(self, lives: list[PlanLife]) -> None:
        ids = [life.plan.pk for life in lives]
        hashes = {with_money: content_hashes(ids, with_money=with_money) for with_money in (True, False)}
        found = []
        for life in lives:
            plan = life.plan
            on = plan.submitted_on or plan.meeting_on or self.making.today
            for role, pk, name, says in life.signed_by(State(plan.state)):
                content = hashes[role not in AT_HOME][plan.pk]
                found.append((self.code, plan.child_id, plan.pk, role, pk, name, noon(on), content, says, None, ""))
        insert(
            "plans_signature",
            ("authority_id", "child_id", "plan_id", "role", "person_id", "name", "at", "content_hash", "says",
             "withdrawn_at", "withdrawn_why"),
            found,
        )  # fmt: skip

    def _supersede(self, plans: list[Plan]) -> None:
        newer = [plan.previous_id for plan in plans if plan.state == State.PUBLISHED and plan.previous_id]
        update("plans_plan", ("state",), [(pk, str(State.SUPERSEDED)) for pk in newer])

    def _put_back(self, terms: list[str]) -> None:
        rows = [(child, key, days) for (child, key), days in self.days.items() if key in terms]
        for child, key, _ in rows:
            del self.days[child, key]
        insert(
            RECORDED,
            ("authority_id", "child_id", "term", "initiated_on", "meeting_on", "signed_off_on", "rating"),
            [(self.code, self.ids[child], key, *days) for child, key, days in rows],
        )


def _circumstances(plan: Plan) -> Circumstances:
    held = plan.clocks["circumstances"]
    season = plan.term.rsplit("-", 1)[-1]
    return Circumstances(phase=plan.phase, season=season, year_group=held["year_group"], **held["is"])
