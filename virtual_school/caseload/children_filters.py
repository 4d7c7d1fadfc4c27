"""Which children a list shows: filters as ids in the address, and a search whose words never get there."""

from datetime import date

from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict

from virtual_school.access.models import Role
from virtual_school.children.actions import plain
from virtual_school.children.models import Child, Involvement
from virtual_school.design.filters import ListFilters
from virtual_school.design.selects import NarrowSelect
from virtual_school.duties.queries import obligations, overdue
from virtual_school.schools.models import School

from . import words
from .asks import open_on
from .due_filters import YEARS, Choices
from .scope import Scope

STAGES = words.KEY_STAGES
PLACES = {"has": "On a school’s roll", "none": "Without a school place"}
AREAS = {"in": "In the area", "out": "Outside the area", "unknown": "Not known"}
YES = {"1": "Yes"}
SORTS = {"name": "Name", "year": "Year group", "care": "Longest in care first", "school": "School"}
ORDER_BY = {
    "name": ("surname", "forename", "id"),
    "year": (F("on_roll__year_group").asc(nulls_last=True), "surname", "forename", "id"),
    "care": (F("on_roll__looked_after_since").asc(nulls_last=True), "surname", "forename", "id"),
    "school": (F("on_roll__school_urn").asc(nulls_last=True), "surname", "forename", "id"),
}
DEFAULT = "looked_after"


class ChildrenForm(ListFilters):
    unsaid = ("sort", "cohort")
    year = forms.ChoiceField(label="Year group", required=False, widget=NarrowSelect)
    stage = forms.ChoiceField(label="Key stage", required=False, widget=NarrowSelect)
    place = forms.ChoiceField(label="School place", required=False, widget=NarrowSelect)
    area = forms.ChoiceField(label="Lives", required=False, widget=NarrowSelect)
    uasc = forms.ChoiceField(label="Unaccompanied", required=False, widget=NarrowSelect)
    adviser = forms.ChoiceField(label="Adviser", required=False, widget=NarrowSelect)
    overdue = forms.ChoiceField(label="Something overdue", required=False, widget=NarrowSelect)
    sort = forms.ChoiceField(label="In order of", required=False, widget=NarrowSelect)
    cohort = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, choices: Choices) -> None:
        every = {
            "year": YEARS,
            "stage": STAGES,
            "place": PLACES,
            "area": AREAS,
            "uasc": YES,
            "overdue": YES,
            "adviser": {**choices.advisers, "none": "Nobody"} if choices.advisers else {"none": "Nobody"},
            "sort": SORTS,
            "cohort": words.COHORTS,
        }
        super().__init__(given, every, {"cohort": DEFAULT, "sort": "name"})

    def chip_words(self, name: str, label: str) -> str:
        return str(self.fields[name].label) if name in {"uasc", "overdue"} else super().chip_words(name, label)


def cohort_counts(rows: QuerySet[Child]) -> dict[str, int]:
    found = dict.fromkeys(words.COHORTS, 0)
    for cohort, n in (
        rows.order_by().values("on_roll__cohort").annotate(n=Count("id")).values_list("on_roll__cohort", "n")
    ):
        found[cohort or "other"] += n
    return found


def in_cohort(rows: QuerySet[Child], cohort: str) -> QuerySet[Child]:
    if cohort == "other":
        return rows.filter(Q(on_roll__isnull=True) | Q(on_roll__cohort=""))
    return rows.filter(on_roll__cohort=cohort)


def filtered(rows: QuerySet[Child], chosen: dict[str, str], scope: Scope, day: date) -> QuerySet[Child]:
    """All filters but the cohort, so that the cohorts can be counted."""
    for name, value in chosen.items():
        if name == "year":
            rows = rows.filter(on_roll__year_group=int(value))
        elif name == "stage":
            rows = rows.filter(on_roll__key_stage=value)
        elif name == "place":
            rows = rows.filter(on_roll__without_school_since__isnull=value == "has")
            if value == "has":
                rows = rows.exclude(on_roll__school_name="")
        elif name == "area":
            rows = rows.filter(on_roll__in_area={"in": True, "out": False, "unknown": None}[value])
        elif name == "uasc":
            rows = rows.filter(on_roll__is_unaccompanied=True)
        elif name == "adviser":
            rows = rows.filter(_has_adviser(value, day))
        elif name == "overdue":
            late = overdue(obligations(scope.authorities, day), day)
            rows = rows.filter(id__in=late.values("child"))
    return rows


def _has_adviser(person: str, day: date) -> Q:
    rows = Involvement.objects.filter(open_on(day), role=Role.ADVISER)
    if person == "none":
        return ~Q(id__in=rows.values("child"))
    return Q(id__in=rows.filter(person=int(person)).values("child"))


def found_by(rows: QuerySet[Child], text: str) -> QuerySet[Child]:
    """Every word in a name held now or before, or a number; or all words in the name of the school."""
    parts = plain(text).split()
    if not parts:
        return rows.none()
    named, schools = Q(), School.objects.all()
    for part in parts:
        named &= Q(search_text__contains=part)
        schools = schools.filter(search_text__contains=part)
    at_school = Q(on_roll__school_urn__in=schools.values("urn")) if len(plain(text)) > 3 else Q(pk__in=[])
    elsewhere = Q(on_roll__school_urn__isnull=True, on_roll__school_name__icontains=text.strip())
    return rows.filter(named | at_school | (elsewhere & ~Q(on_roll__school_name="")))
