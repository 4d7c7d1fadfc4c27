"""What the list of everything due is asked for: filters that stay in the address as ids, never as names."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Case, Count, F, FilteredRelation, IntegerField, Min, Q, QuerySet, Value, When, Window
from django.http import QueryDict

from virtual_school.access.models import Role
from virtual_school.children.bulk import among
from virtual_school.children.models import Involvement
from virtual_school.design.filters import ListFilters
from virtual_school.design.selects import NarrowSelect, PlainSelect
from virtual_school.duties.models import RollEntry, StandingObligation
from virtual_school.duties.queries import ORDER, UrgencyOn, overdue
from virtual_school.duties.rules import RULES_FOR_CHILD  # noqa: F401 (fills law.obligation.RULES)
from virtual_school.law.obligation import RULES

from . import words
from .asks import STRENGTHS, WEIGHT, duty_of, open_on
from .scope import Scope

STATES = {
    "open": "To do",
    "overdue": "Overdue",
    "due_soon": "Due soon",
    "upcoming": "Upcoming",
    "not_known": "Not known",
    "met": "Met",
    "met_late": "Met late",
    "not_applicable": "Does not apply",
}
GROUPS = {
    "child": "Child",
    "adviser": "Adviser",
    "school": "School",
    "sw": "Social worker",
    "duty": "Duty",
    "none": "Not grouped",
}
SORTS = {"due": "Day due", "name": "Name"}
OPEN = ("overdue", "due_soon", "upcoming")
GROUP_ROLE = {"adviser": Role.ADVISER, "sw": Role.SOCIAL_WORKER}
YEARS = {str(year): words.year_words(year) for year in range(0, 14)}


@dataclass(frozen=True, slots=True)
class Choices:
    """Who and what may be chosen, by id."""

    advisers: dict[str, str] = field(default_factory=dict)
    social_workers: dict[str, str] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)


def choices_in(scope: Scope, day: date) -> Choices:
    if not scope.is_staff:
        return Choices()
    people: dict[str, dict[str, str]] = {Role.ADVISER: {}, Role.SOCIAL_WORKER: {}}
    rows = Involvement.objects.filter(open_on(day), authority__in=scope.authorities, role__in=list(people))
    for role, pk, name in rows.order_by("person__name").values_list("role", "person", "person__name").distinct():
        people[role][str(pk)] = name
    at = RollEntry.objects.filter(authority__in=scope.authorities, school_urn__isnull=False)
    schools = at.order_by("school_name").values_list("school_urn", "school_name").distinct()
    return Choices(people[Role.ADVISER], people[Role.SOCIAL_WORKER], {str(urn): name for urn, name in schools})


@cache
def duty_choices() -> dict[str, str]:
    return {duty: f"{duty_of(duty).title} ({duty})" for duty in sorted(RULES)}


def who_choices() -> dict[str, str]:
    named = (
        Role.VIRTUAL_SCHOOL_HEAD,
        Role.SOCIAL_WORKER,
        Role.REVIEWING_OFFICER,
        Role.PERSONAL_ADVISER,
        Role.DATA_OFFICER,
        "director",
    )
    return {str(role): words.capital(words.role_words(role)) for role in named}


class DueForm(ListFilters):
    unsaid = ("group", "sort")
    group = forms.ChoiceField(label="Group by", required=False, widget=NarrowSelect)
    state = forms.ChoiceField(label="State", required=False, widget=forms.HiddenInput)
    duty = forms.ChoiceField(label="Duty", required=False, widget=PlainSelect)
    strength = forms.ChoiceField(label="Asked by", required=False, widget=NarrowSelect)
    adviser = forms.ChoiceField(label="Adviser", required=False, widget=PlainSelect)
    sw = forms.ChoiceField(label="Social worker", required=False, widget=PlainSelect)
    school = forms.ChoiceField(label="School", required=False, widget=PlainSelect)
    year = forms.ChoiceField(label="Year group", required=False, widget=NarrowSelect)
    who = forms.ChoiceField(label="Who must act", required=False, widget=NarrowSelect)
    sort = forms.ChoiceField(label="In order of", required=False, widget=NarrowSelect)

    def __init__(self, given: QueryDict, choices: Choices, is_staff: bool) -> None:
        every = {
            "group": GROUPS,
            "state": STATES,
            "duty": duty_choices(),
            "strength": STRENGTHS,
            "year": YEARS,
            "adviser": {**choices.advisers, "none": "Nobody"} if choices.advisers else {},
            "sw": {**choices.social_workers, "none": "Nobody"} if choices.social_workers else {},
            "school": choices.schools,
            "who": who_choices(),
            "sort": SORTS,
        }
        left_out = () if is_staff else ("adviser", "sw", "school", "who")
        super().__init__(given, every, {"group": "child", "state": "open", "sort": "due"}, left_out)

    def chip_words(self, name: str, label: str) -> str:
        return f"{GROUPS[name]}: {label}" if name in GROUP_ROLE else label


def filtered(rows: QuerySet[StandingObligation], chosen: dict[str, str], day: date) -> QuerySet[StandingObligation]:
    """All filters but the state, so that the states can be counted."""
    for name, value in chosen.items():
        if name == "duty":
            rows = rows.filter(duty=value)
        elif name == "strength":
            rows = rows.filter(of_strength(value))
        elif name == "year":
            rows = rows.filter(child__on_roll__year_group=int(value))
        elif name == "school":
            rows = rows.filter(child__on_roll__school_urn=int(value))
        elif name == "who":
            rows = rows.filter(who=value)
        elif name in GROUP_ROLE:
            rows = rows.filter(around(GROUP_ROLE[name], value, day))
    return rows


def of_strength(strength: str) -> Q:
    if strength == "local":
        return Q(is_local=True)
    return Q(is_local=False, duty__in=[duty for duty in RULES if duty_of(duty).strength == strength])


def around(role: str, person: str, day: date) -> Q:
    rows = Involvement.objects.filter(open_on(day), role=role)
    if person == "none":
        return Q(child__isnull=False) & ~Q(child__in=rows.values("child"))
    return Q(child__in=rows.filter(person=int(person)).values("child"))


def in_state(rows: QuerySet[StandingObligation], state: str, day: date) -> QuerySet[StandingObligation]:
    """Said of the columns rather than of the worked-out standing, so that the index of due days helps."""
    if state == "open":
        return rows.filter(state="open")
    if state == "overdue":
        return overdue(rows, day)
    if state in OPEN:
        return rows.filter(state="open", standing=state)
    return rows.filter(state=state)


def weight() -> Case:
    """Law first, then guidance, then local targets."""
    of_duty = [
        When(duty__in=[d for d in RULES if duty_of(d).strength == s], then=Value(n))
        for s, n in WEIGHT.items()
        if s != "local"
    ]
    return Case(
        When(is_local=True, then=Value(WEIGHT["local"])), *of_duty, default=Value(9), output_field=IntegerField()
    )


KEYS = {
    "child": ("key",),
    "adviser": ("key", "heading"),
    "sw": ("key", "heading"),
    "school": ("key", "heading"),
    "duty": ("key", "is_local"),
    "none": (),
}
"""The values that tell groups apart."""


def keyed(rows: QuerySet[StandingObligation], group: str, day: date) -> QuerySet[StandingObligation]:
    """With the values of KEYS. A child with two advisers stands under both."""
    if group in GROUP_ROLE:
        of_role = Q(child__involvements__role=GROUP_ROLE[group]) & open_on(day, "child__involvements__")
        rows = rows.annotate(by=FilteredRelation("child__involvements", condition=of_role))
        return rows.annotate(key=F("by__person_id"), heading=F("by__person__name"))
    if group == "school":
        return rows.annotate(key=F("child__on_roll__school_urn"), heading=F("child__on_roll__school_name"))
    if group == "duty":
        return rows.annotate(key=F("duty"))
    return rows.annotate(key=F("child_id")) if group == "child" else rows


NAME = (F("child__surname").asc(nulls_first=True), "child__forename", "child_id")


@dataclass(frozen=True, slots=True)
class Groups:
    """How many rows each group has, by the values of KEYS and in the order of `in_order`; and which children are in
    it, where that tells groups apart."""

    counts: dict[tuple[Any, ...], int]
    children: dict[tuple[Any, ...], list[int | None]] = field(default_factory=dict)

    def covering(self, places: range) -> tuple[list[tuple[Any, ...]], range]:
        """The groups into which a page's places fall, and the places counted from the first of these."""
        found: list[tuple[Any, ...]] = []
        first = before = 0
        for of, n in self.counts.items():
            if before < places.stop and places.start < before + n:
                first = first if found else before
                found.append(of)
            before += n
        return found, range(places.start - first, places.stop - first)


def groups_of(
    rows: QuerySet[StandingObligation], group: str, sort: str, counts: dict[str, int], scope: Scope, day: date
) -> Groups:
    """`counts` are those of the rows by how they stand."""
    if group == "none":
        return Groups({(state,): counts[state] for state in ORDER if counts.get(state)} if sort == "due" else {})
    if group in ("child", "duty"):
        order: tuple[Any, ...] = (weight(), "duty", "is_local")
        if group == "child":
            order = NAME if sort == "name" else (F("first").asc(nulls_last=True), *NAME)
        counted = (
            keyed(rows, group, day)
            .values_list(*KEYS[group])
            .annotate(n=Count("id"), first=Min("due_on"))
            .order_by(*order)
        )
        return Groups({tuple(of): n for *of, n in counted.values_list(*KEYS[group], "n")})
    of_child = dict(rows.order_by().values_list("child").annotate(n=Count("id")).values_list("child", "n"))
    children = {tuple(of): held for *of, held in _children_by(group, scope, day)}
    children = {(None, None): list(of_child.keys() - set().union(*children.values())), **children}
    counted = {of: sum(of_child.get(child, 0) for child in held) for of, held in children.items()}
    return Groups({of: n for of, n in counted.items() if n}, children)


def _children_by(group: str, scope: Scope, day: date) -> QuerySet[Any]:
    """By the key and heading of a group, its children."""
    if group == "school":
        roll = RollEntry.objects.filter(authority__in=scope.authorities).order_by("school_name", "school_urn")
        return roll.values_list("school_urn", "school_name").annotate(held=ArrayAgg("child"))
    around = Involvement.objects.filter(open_on(day), authority__in=scope.authorities, role=GROUP_ROLE[group])
    by_name = around.order_by("person__name", "person").values_list("person", "person__name")
    return by_name.annotate(held=ArrayAgg("child"))


def in_groups(
    rows: QuerySet[StandingObligation], group: str, groups: Groups, wanted: list[tuple[Any, ...]], day: date
) -> QuerySet[StandingObligation]:
    """With `keyed`, so that a page's rows are looked for among its groups' and not sorted out of thousands."""
    if group == "none":
        states = [state for (state,) in wanted]
        if len(states) == 1:
            return in_state(rows, states[0], day)
        return rows.filter(standing__in=states) if states else rows
    if group == "child":
        return rows.filter(_about({key for (key,) in wanted}))
    one_of = Q(pk__in=[])
    for of in wanted:
        values = dict(zip(KEYS[group], of, strict=True))
        one_of |= Q(**{name if value is not None else f"{name}__isnull": value if value is not None else True
                       for name, value in values.items()})  # fmt: skip
    if groups.children:
        rows = rows.filter(_about({child for of in wanted for child in groups.children[of]}))
    return rows.filter(one_of)


def _about(children: set[int | None]) -> Q:
    """None is the authority itself."""
    known = Q(child__in=among([child for child in children if child is not None]))
    return known | Q(child__isnull=True) if None in children else known


def in_order(rows: QuerySet[StandingObligation], group: str, sort: str, day: date) -> QuerySet[StandingObligation]:
    """Groups by their heading, children by what was due first; within a group the most urgent first."""
    urgency = (UrgencyOn(day), F("due_on").asc(nulls_last=True))
    within = (*NAME, *urgency, "id") if sort == "name" else (*urgency, *NAME, "id")
    if group == "child":
        if sort == "name":
            return rows.order_by(*NAME, *urgency, "id")
        rows = rows.annotate(urgent=Window(Min("due_on"), partition_by=["child_id"]))
        return rows.order_by(F("urgent").asc(nulls_last=True), *NAME, *urgency, "id")
    if group == "duty":
        return rows.order_by(weight(), "duty", "is_local", *within)
    if group == "none":
        return rows.order_by(*within)
    return rows.order_by(F("heading").asc(nulls_first=True), "key", *within)
