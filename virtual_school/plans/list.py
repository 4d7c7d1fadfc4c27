"""Plans as a list: whose they are, which are asked for, how they stand. Overdue is worked out, never kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from virtual_school.access.models import Role, User
from virtual_school.access.person import Person
from virtual_school.access.roles import RIGHTS
from virtual_school.authorities.models import Authority
from virtual_school.children.bulk import select
from virtual_school.children.models import Involvement
from virtual_school.children.queries import involved
from virtual_school.dates.terms import term_words
from virtual_school.design.filters import ListFilters
from virtual_school.design.selects import PlainSelect
from virtual_school.schools.models import School

from .conditions import PHASES
from .models import Plan
from .opened import policies_for
from .part_clocks import GROUPS as GROUPS_OF_PARTS
from .policy import PlanPolicy
from .readable import NONE, helped_by, in_states
from .rights import states_read
from .whose_turn import calendars_by_authority, late_with
from .workflow import BEING_WRITTEN, NOT_DONE, State

SOON_DAYS = 14
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "to_do": ("Not done", tuple(NOT_DONE)),
    "overdue": ("Overdue", tuple(NOT_DONE)),
    "due_soon": ("Due in two weeks", tuple(NOT_DONE)),
    "writing": ("Being written", tuple(state for state in BEING_WRITTEN if state != State.RETURNED)),
    "to_check": ("To check", (State.SUBMITTED, State.IN_QA)),
    "returned": ("Sent back", (State.RETURNED,)),
    "done": ("Approved", (State.APPROVED, State.PUBLISHED)),
    "over": ("Closed early", tuple(s for s in State if s.startswith("closed") or s in {State.CANCELLED, State.SUPERSEDED})),
}  # fmt: skip

TERMS_HELD = """
with recursive held (term) as (
    (select term from plans_plan where authority_id = %(authority)s and state = any(%(states)s) order by term limit 1)
    union all
    select (
        select term from plans_plan
        where authority_id = %(authority)s and state = any(%(states)s) and term > held.term order by term limit 1
    )
    from held where held.term is not null
)
select term from held where term is not null
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """By the role a person has chosen. `child_ids` is None for staff: every child of their authority."""

    authorities: tuple[int, ...]
    child_ids: tuple[int, ...] | None
    role: str
    policies: Mapping[int, PlanPolicy]
    """By authority, the choices in force."""

    helped: "Whose | None" = None
    """Of a designated teacher: the pupils a colleague at another school asked them to help with."""

    @property
    def is_staff(self) -> bool:
        return self.child_ids is None

    def read(self, authority: int) -> frozenset[str]:
        """The states in which a plan is read."""
        return states_read([self.role], self.policies[authority].rights)

    def plans(self) -> QuerySet[Plan]:
        return Plan.objects.filter(self._asked() | self.helped._asked() if self.helped else self._asked())

    def _asked(self) -> Q:
        by_states: dict[frozenset[str], list[int]] = {}
        for code in self.authorities:
            by_states.setdefault(self.read(code), []).append(code)
        seen = NONE
        for states, codes in by_states.items():
            seen |= Q(authority__in=codes) & in_states(states)
        return seen if self.child_ids is None else seen & Q(child__in=self.child_ids)


def whose(person: Person, day: date) -> Whose:
    chosen = person.chosen
    if chosen is None:
        return Whose((), (), "", {})
    if RIGHTS[chosen.role].sees_authority and chosen.authority_id:
        own = (chosen.authority_id,)
        return Whose(own, None, chosen.role, policies_for(set(own), day))
    only = chosen.authority_id if chosen.urn is None else None
    if chosen.role == Role.DELEGATE:
        return _helped(person, day)
    own = _around(person, day, chosen.role, only)
    if chosen.role == Role.DESIGNATED_TEACHER and (helped := _helped(person, day)).child_ids:
        authorities = tuple(sorted({*own.authorities, *helped.authorities}))
        return Whose(authorities, own.child_ids, chosen.role, {**own.policies, **helped.policies}, helped)
    return own


def _around(person: Person, day: date, role: str, only: int | None = None, among: set[int] | None = None) -> Whose:
    rows = involved(person.user.pk, day).filter(role=role)
    if only is not None:
        rows = rows.filter(authority=only)
    around = {pair for pair in rows.values_list("authority_id", "child_id") if among is None or pair[1] in among}
    authorities = tuple(sorted({authority for authority, _ in around}))
    children = tuple(sorted({child for _, child in around}))
    return Whose(authorities, children, role, policies_for(set(authorities), day))


def _helped(person: Person, day: date) -> Whose:
    return _around(person, day, Role.DELEGATE, among=set(helped_by(person, day)))


class PlanFilters(ListFilters):
    term = forms.ChoiceField(label="Term", required=False, widget=PlainSelect)
    state = forms.ChoiceField(label="State", required=False, widget=forms.HiddenInput)
    phase = forms.ChoiceField(label="Phase", required=False, widget=PlainSelect)
    school = forms.ChoiceField(label="School", required=False, widget=PlainSelect)
    adviser = forms.ChoiceField(label="Adviser", required=False, widget=PlainSelect)
    late = forms.ChoiceField(label="Late with", required=False, widget=PlainSelect)

    def __init__(self, given: QueryDict, current: str, of: Whose, day: date) -> None:
        rows = of.plans()
        terms = sorted({*terms_held(of), current}, reverse=True)
        term = given.get("term", "") if given.get("term", "") in terms else current
        every: dict[str, dict[str, str]] = {
            "term": {term: term_words(term).capitalize() for term in terms},
            "state": {group: words for group, (words, _) in GROUPS.items()},
            "phase": {key: words for key, words in PHASES.items() if key not in {"send", "previously_looked_after"}},
            "school": {**schools_of(rows, term, given.get("school", "")), "none": "No school place"},
            "adviser": advisers(of, day) if of.is_staff else {},
            "late": dict(GROUPS_OF_PARTS),
        }
        super().__init__(given, every, {"term": current}, left_out=() if of.is_staff else ("adviser",))

    def chip_words(self, name: str, label: str) -> str:
        return f"Late with: {label.lower()}" if name == "late" else super().chip_words(name, label)


def terms_held(of: Whose) -> list[str]:
    """Those with a plan. Of a whole authority each is looked up after the one before it: its plans of many terms are
    far more than its terms."""
    if of.child_ids is not None:
        return list(of.plans().order_by().values_list("term", flat=True).distinct())
    (authority,) = of.authorities
    return [term for (term,) in select(TERMS_HELD, {"authority": authority, "states": sorted(of.read(authority))})]


def schools_of(rows: QuerySet[Plan], term: str, chosen: str) -> dict[str, str]:
    """Those with a plan in the term, and the one chosen, whatever term is looked at."""
    wanted = Q(term=term)
    if chosen.isdecimal() and len(chosen) < 10:
        wanted |= Q(school=int(chosen))
    urns = rows.filter(wanted, school__isnull=False).order_by().values("school")
    found = School.objects.filter(urn__in=urns).order_by("name").values_list("urn", "name")
    return {str(urn): name for urn, name in found}


def advisers(of: Whose, day: date) -> dict[str, str]:
    around = Involvement.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=day), authority__in=of.authorities, role=Role.ADVISER, starts__lte=day
    )
    rows = User.objects.filter(pk__in=around.values("person")).order_by("name").values_list("pk", "name")
    return {**{str(pk): name for pk, name in rows}, "none": "Nobody"}


def filtered(rows: QuerySet[Plan], chosen: dict[str, str], day: date) -> QuerySet[Plan]:
    """All filters but the state, so that the states can be counted."""
    if term := chosen.get("term"):
        rows = rows.filter(term=term)
    if phase := chosen.get("phase"):
        rows = rows.filter(phase=phase)
    if school := chosen.get("school"):
        rows = rows.filter(school__isnull=True) if school == "none" else rows.filter(school=int(school))
    if adviser := chosen.get("adviser"):
        around = Involvement.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=day),
            authority=OuterRef("authority"),
            child=OuterRef("child"),
            role=Role.ADVISER,
            starts__lte=day,
        )
        if adviser == "none":
            rows = rows.exclude(Exists(around))
        else:
            rows = rows.filter(Exists(around.filter(person=int(adviser))))
    if late := chosen.get("late"):
        rows = rows.filter(pk__in=_late_with(rows, late, day))
    return rows


def _late_with(rows: QuerySet[Plan], group: str, day: date) -> list[int]:
    waiting = list(rows.filter(state__in=[str(state) for state in NOT_DONE]))
    codes = {plan.authority_id for plan in waiting}
    return late_with(waiting, group, day, calendars_by_authority(Authority.objects.filter(code__in=codes)))


def in_state(rows: QuerySet[Plan], group: str, day: date) -> QuerySet[Plan]:
    if group not in GROUPS:
        return rows
    rows = rows.filter(state__in=[str(state) for state in GROUPS[group][1]])
    if group == "overdue":
        return rows.filter(due_on__lt=day)
    if group == "due_soon":
        return rows.filter(due_on__gte=day, due_on__lte=day + timedelta(days=SOON_DAYS))
    return rows


def counts(rows: QuerySet[Plan], day: date) -> dict[str, int]:
    """By group of states, in one query."""
    late = Count("id", filter=Q(due_on__lt=day))
    soon = Count("id", filter=Q(due_on__gte=day, due_on__lte=day + timedelta(days=SOON_DAYS)))
    found = dict.fromkeys(["all", *GROUPS], 0)
    for state, n, overdue, due_soon in (
        rows.order_by().values_list("state").annotate(n=Count("id"), late=late, soon=soon)
    ):
        found["all"] += n
        for group, (_, states) in GROUPS.items():
            if state in states:
                found[group] += {"overdue": overdue, "due_soon": due_soon}.get(group, n)
    return found


def in_order(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    return rows.order_by("due_on", "child__surname", "child__forename", "id")


def mine(rows: QuerySet[Plan], person: Person, day: date) -> QuerySet[Plan]:
    """For staff: the plans of the children they are around themselves."""
    ids = involved(person.user.pk, day).filter(authority__in=person.staff_of).values_list("child_id", flat=True)
    return rows.filter(child__in=list(ids))


def authorities_of(of: Whose) -> list[Authority]:
    return list(Authority.objects.filter(code__in=of.authorities))
