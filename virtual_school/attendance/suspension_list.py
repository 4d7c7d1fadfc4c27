"""Suspensions and exclusions as a list: whose, of which year, how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import QueryDict

from virtual_school.dates.ages import academic_year_label, academic_year_start
from virtual_school.design.filters import ListFilters

from .models_exclusion import Suspension, SuspensionTold
from .whose import Whose, advisers, with_adviser

DAYS_OF_NOTICES = 7
STATES = {
    "all": "All",
    "out": "Out today",
    "unread": "Not read by you",
    "to_check": "To check",
    "governors": "Governors to meet",
    "cancelled": "Cancelled",
}


class SuspensionFilters(ListFilters):
    unsaid = ("state",)
    year = forms.ChoiceField(label="School year", required=False)
    category = forms.ChoiceField(label="What", required=False)
    school = forms.ChoiceField(label="School", required=False)
    adviser = forms.ChoiceField(label="Adviser", required=False)
    state = forms.ChoiceField(label="State", required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, of: Whose, day: date) -> None:
        rows = of.rows(Suspension.objects.all())
        first = rows.order_by("starts").values_list("starts", flat=True).first() or day
        years = range(academic_year_start(day), academic_year_start(first) - 1, -1)
        schools = rows.filter(school__isnull=False).order_by("school__name").values_list("school", "school__name")
        every: dict[str, dict[str, str]] = {
            "year": {**{str(year): academic_year_label(year) for year in years}, "all": "All years"},
            "category": dict(Suspension.Category.choices),
            "school": {str(urn): name for urn, name in schools.distinct()},
            "adviser": advisers(of, day) if of.is_staff else {},
            "state": STATES,
        }
        usual = {"year": str(academic_year_start(day)), "state": "all"}
        super().__init__(given, every, usual, left_out=() if of.is_staff else ("adviser",))


def filtered(rows: QuerySet[Suspension], chosen: dict[str, str], day: date) -> QuerySet[Suspension]:
    """All filters but the state, so that the states can be counted."""
    year = chosen.get("year", "all")
    if year != "all":
        rows = rows.filter(starts__gte=date(int(year), 9, 1), starts__lt=date(int(year) + 1, 9, 1))
    if category := chosen.get("category"):
        rows = rows.filter(category=category)
    if school := chosen.get("school"):
        rows = rows.filter(school=int(school))
    if adviser := chosen.get("adviser"):
        rows = with_adviser(rows, adviser, day)
    return rows


def _in_state(state: str, day: date, person: int) -> Q:
    stands = Q(cancelled_on__isnull=True)
    if state == "out":
        not_back = Q(back_on__gt=day) | Q(category=Suspension.Category.PERMANENT, returned_on__isnull=True)
        return stands & Q(starts__lte=day) & not_back & ~Q(governors_decision=Suspension.Decision.REINSTATED)
    if state == "unread":
        mine = SuspensionTold.objects.filter(suspension=OuterRef("pk"), person=person, read_at__isnull=True)
        return Q(Exists(mine))
    if state == "to_check":
        return stands & Q(checked_on__isnull=True)
    if state == "governors":
        asked = Q(category=Suspension.Category.PERMANENT) | Q(exam_lost=True) | Q(representations_on__isnull=False)
        return stands & asked & Q(governors_decision="")
    if state == "cancelled":
        return Q(cancelled_on__isnull=False)
    return Q()


def in_state(rows: QuerySet[Suspension], state: str, day: date, person: int) -> QuerySet[Suspension]:
    return rows.filter(_in_state(state, day, person))


def suspended(authorities: Sequence[int], day: date) -> tuple[int, int]:
    """How many are out on the day, and how many notices came in the days up to it."""
    rows = Suspension.objects.filter(authority__in=authorities)
    lately = Q(notified_at__date__gt=day - timedelta(days=DAYS_OF_NOTICES), cancelled_on__isnull=True)
    found = rows.aggregate(out=Count("id", filter=_in_state("out", day, 0)), lately=Count("id", filter=lately))
    return found["out"], found["lately"]


def counts(rows: QuerySet[Suspension], day: date, person: int) -> dict[str, int]:
    """By state, in one query."""
    return rows.order_by().aggregate(
        **{
            state: Count("id", filter=_in_state(state, day, person)) if state != "all" else Count("id")
            for state in STATES
        }
    )


@dataclass(frozen=True, slots=True)
class Lost:
    """What the list adds up to. A permanent exclusion has no days of its own."""

    suspensions: int
    children: int
    sessions: int
    permanent: int


def lost(rows: QuerySet[Suspension]) -> Lost:
    stands = rows.filter(cancelled_on__isnull=True).order_by()
    permanent = Q(category=Suspension.Category.PERMANENT)
    found = stands.aggregate(
        suspensions=Count("id", filter=~permanent),
        children=Count("child", distinct=True, filter=~permanent),
        sessions=Sum("sessions"),
        permanent=Count("id", filter=permanent),
    )
    return Lost(found["suspensions"], found["children"], found["sessions"] or 0, found["permanent"])
