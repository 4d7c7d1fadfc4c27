"""Alerts as a list: whose, how they stand, of which rule, school and adviser; the most urgent first."""

from datetime import date

from django import forms
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.http import QueryDict

from virtual_school.children.actions import plain
from virtual_school.children.models import Child, Involvement
from virtual_school.design.filters import ListFilters

from .alert_settings import TITLES
from .alerting import OF_THE_AUTHORITY, STANDS, State
from .models_alerts import AttendanceAction, AttendanceAlert
from .whose import Whose, advisers, open_on, with_adviser

MINE, ALL = "mine", "all"
STATES = {
    "standing": "Open or in hand",
    State.OPEN.value: "To see to",
    State.ACKNOWLEDGED.value: "In hand",
    State.CLOSED.value: "Closed",
    State.WITHDRAWN.value: "Withdrawn",
}
USUAL_STATE = "standing"
LONGEST_SEARCH = 100


class AlertFilters(ListFilters):
    unsaid = ("state",)
    whose = forms.ChoiceField(label="Whose", required=False)
    rule = forms.ChoiceField(label="What", required=False)
    school = forms.ChoiceField(label="School", required=False)
    adviser = forms.ChoiceField(label="Adviser", required=False)
    state = forms.ChoiceField(label="State", required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, of: Whose, day: date) -> None:
        rows = of.rows(AttendanceAlert.objects.filter(school__isnull=False))
        schools = rows.order_by("school__name").values_list("school", "school__name").distinct()
        every: dict[str, dict[str, str]] = {
            "whose": {MINE: "Mine", ALL: "Everybody’s"},
            "rule": {rule.value: title for rule, title in TITLES.items()},
            "school": {str(urn): name for urn, name in schools},
            "adviser": advisers(of, day) if of.is_staff else {},
            "state": STATES,
        }
        left_out = [*(() if of.is_staff else ("adviser",)), *(() if len(every["school"]) > 1 else ("school",))]
        super().__init__(given, every, {"whose": MINE, "state": USUAL_STATE}, left_out)


def mine(of: Whose, person: int, day: date) -> Q:
    """Taken by the person, or given to their role and taken by nobody; or something about it is theirs to do."""
    given = Q(owner__isnull=True, to_role=of.role)
    if of.role not in OF_THE_AUTHORITY:
        around = Involvement.objects.filter(
            open_on(day), authority=OuterRef("authority"), child=OuterRef("child"), role=of.role, person=person
        )
        given &= Q(Exists(around))
    to_do = AttendanceAction.objects.filter(alert=OuterRef("pk"), owner=person, done_on__isnull=True)
    return Q(owner=person) | given | Q(Exists(to_do))


def filtered(rows: QuerySet[AttendanceAlert], chosen: dict[str, str], of: Whose, person: int, day: date) -> QuerySet:
    """All filters but the state, so that the states can be counted."""
    if chosen.get("whose", MINE) == MINE:
        rows = rows.filter(mine(of, person, day))
    if rule := chosen.get("rule"):
        rows = rows.filter(rule=rule)
    if school := chosen.get("school"):
        rows = rows.filter(school=int(school))
    if adviser := chosen.get("adviser"):
        rows = with_adviser(rows, adviser, day)
    return rows


def named(rows: QuerySet[AttendanceAlert], text: str) -> QuerySet[AttendanceAlert]:
    """Of children in whose name, now or before, every word stands."""
    children = Child.objects.all()
    for part in plain(text[:LONGEST_SEARCH]).split():
        children = children.filter(search_text__contains=part)
    return rows.filter(child__in=children.values("id"))


def _in_state(state: str) -> Q:
    return Q(state__in=STANDS) if state == USUAL_STATE else Q(state=state)


def in_state(rows: QuerySet[AttendanceAlert], state: str) -> QuerySet[AttendanceAlert]:
    return rows.filter(_in_state(state))


def counts(rows: QuerySet[AttendanceAlert]) -> dict[str, int]:
    """By state, in one query."""
    return rows.order_by().aggregate(**{state: Count("id", filter=_in_state(state)) for state in STATES})


def in_order(rows: QuerySet[AttendanceAlert], state: str) -> QuerySet[AttendanceAlert]:
    """What was left unseen and given on first, then what nobody has, the more urgent rule, the older; closed ones
    the latest first."""
    if state in {State.CLOSED.value, State.WITHDRAWN.value}:
        return rows.order_by("-closed_at", "-id")
    return rows.annotate(
        place=Case(
            When(state=State.OPEN, escalated_at__isnull=False, then=Value(0)),
            When(state=State.OPEN, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ).order_by("place", "urgency", F("raised_at").asc(), "id")


def waiting(of: Whose, person: int, day: date) -> tuple[int, int]:
    """How many alerts are the person's and unseen, and how many of those were given on because nobody saw to them."""
    rows = of.rows(AttendanceAlert.objects.filter(state=State.OPEN)).filter(mine(of, person, day))
    found = rows.aggregate(n=Count("id"), late=Count("id", filter=Q(escalated_at__isnull=False)))
    return found["n"], found["late"]
