"""Quality by school and criterion: the map, one school over terms, and what a designated teacher sees of their own."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority
from virtual_school.dates.terms import in_time, term_words
from virtual_school.design.components import Column, Table
from virtual_school.schools.models import School

from .heat import FEW, HeatCell, across, changes, heat, strengths, themes, weaknesses
from .marked import marked, of_checks, theme_rows
from .models import Mark, Middle, Rating
from .rubric import Rubric
from .versions import rubric_over
from .views_second import terms_rated
from .whose import person_of, staff_authority

STAGES = {"": "Final rating", "first": "First rating"}


class MapFilters(forms.Form):
    marks_optional = False
    term = forms.ChoiceField(label="Term", required=False)
    stage = forms.ChoiceField(label="Which rating", required=False, choices=list(STAGES.items()))
    few = forms.ChoiceField(
        label="Schools", required=False, choices=[("", "Five plans or more"), ("all", "All schools")]
    )

    def __init__(self, given: QueryDict, terms: list[str]) -> None:
        data = {
            "term": given.get("term", "") if given.get("term", "") in terms else (terms[0] if terms else ""),
            "stage": given.get("stage", "") if given.get("stage", "") in STAGES else "",
            "few": "all" if given.get("few") == "all" else "",
        }
        super().__init__(data, auto_id="f_%s")
        self.fields["term"].choices = [(term, term_words(term).capitalize()) for term in terms]  # type: ignore[attr-defined]
        self.is_valid()


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell of the map: the mean as the scale counts it."""

    value: str
    step: int
    plans: int
    is_few: bool


def shown(cell: HeatCell | None, most: int) -> Shown | None:
    return None if cell is None else Shown(f"{cell.mean * most:.1f}", cell.step, cell.plans, cell.is_few)


@dataclass(frozen=True, slots=True)
class MapRow:
    name: str
    urn: int
    plans: int
    cells: list[Shown | None]


@requires(Permission.CHILD_READ)
def schools(request: HttpRequest) -> HttpResponse:
    authority = staff_authority(request)
    terms = terms_rated(authority.code)
    form = MapFilters(request.GET, terms)
    term, stage = form.cleaned_data["term"], form.cleaned_data["stage"]
    rubric = rubric_over(authority.code, [term])
    marks = marked(of_checks(authority.code, [term]), first=stage == "first")
    cells = heat(marks, hide_few=form.cleaned_data["few"] != "all")
    every = across(marks)
    keys = [one for one in rubric.of_side("school") if one.key in every]
    names = dict(School.objects.filter(urn__in=cells).values_list("urn", "name"))
    plans: dict[int, set[int]] = {}
    for one in marks:
        plans.setdefault(one.place, set()).add(one.plan)
    rows = [
        MapRow(
            names.get(urn, "No school place"),
            urn,
            len(plans[urn]),
            [shown(of.get(one.key), rubric.most) for one in keys],
        )
        for urn, of in cells.items()
    ]
    rows.sort(key=lambda row: (-row.plans, row.name))
    praise, rest = themes(theme_rows(authority.code, [term]))
    context = {
        "current": "schools",
        "filter_form": form,
        "term": term_words(term) if term else "",
        "keys": keys,
        "most": rubric.most,
        "rows": rows,
        "every": [shown(every.get(one.key), rubric.most) for one in keys],
        "all_plans": len({one.plan for one in marks}),
        "few": FEW,
        "hidden": len({one.place for one in marks}) - len(rows),
        "finding": finding(every, rubric, term_words(term) if term else ""),
        "praise": praise[:6],
        "themes": rest[:6],
        "training": training(every, rubric),
    }
    return render(request, "quality/schools.html", context)


def finding(cells: dict[str, HeatCell], rubric: Rubric, term: str) -> str:
    """What the map says, in a sentence."""
    known = [one for one in rubric.of_side("school") if one.key in cells]
    if not known:
        return ""
    low = min(known, key=lambda one: cells[one.key].mean)
    high = max(known, key=lambda one: cells[one.key].mean)
    return f"Weakest in the {term}: “{low.label}” ({cells[low.key].mean * rubric.most:.1f} of {rubric.most}). Strongest: “{high.label}” ({cells[high.key].mean * rubric.most:.1f})."


def training(cells: dict[str, HeatCell], rubric: Rubric) -> list[dict[str, str]]:
    """For what is weak, what may help: words of the rubric, not a booking."""
    found = []
    for key in weaknesses(cells):
        one = rubric.criterion(key)
        if one is not None and one.training:
            found.append({"label": one.label, "training": one.training})
    return found[:3]


def over_terms(rows: Any, terms: list[str], rubric: Rubric) -> tuple[Table, dict[str, dict[str, HeatCell]]]:
    """One column a term with the final mean, and where it was sent back first, the first one beneath."""
    final = {term: across(marked(rows.filter(rating__term=term), first=False)) for term in terms}
    first = {term: across(marked(rows.filter(rating__term=term), first=True)) for term in terms}
    keys = [one for one in rubric.of_side("school") if any(one.key in final[term] for term in terms)]
    table = Table(
        "Marks by criterion and term",
        [Column("Criterion"), *[Column(term_words(term).capitalize(), True) for term in terms]],
        [
            [one.label, *[_both(first[term].get(one.key), final[term].get(one.key), rubric.most) for term in terms]]
            for one in keys
        ],
    )
    return table, final


def _both(first: HeatCell | None, final: HeatCell | None, most: int) -> str:
    if final is None:
        return "–"
    now = f"{final.mean * most:.1f}"
    if first is not None and round(first.mean * most, 1) != round(final.mean * most, 1):
        return f"{now} (first {first.mean * most:.1f})"
    return now


def way(final: dict[str, dict[str, HeatCell]], terms: list[str], rubric: Rubric) -> tuple[list[str], list[str]]:
    """What rose and what fell since the term before, in words."""
    if len(terms) < 2:
        return [], []
    label = {one.key: one.label for one in rubric.criteria}
    found = changes(final[terms[-2]], final[terms[-1]])

    def words(one: Any) -> str:
        return f"{label.get(one.key, one.key)}: from {one.before * rubric.most:.1f} to {one.after * rubric.most:.1f}"

    return [words(one) for one in found if one.by > 0], [words(one) for one in reversed(found) if one.by < 0]


@requires(Permission.CHILD_READ)
def school(request: HttpRequest, urn: int) -> HttpResponse:
    authority = staff_authority(request)
    held = get_object_or_404(School, urn=urn)
    rows = of_checks(authority.code, terms_rated(authority.code), [urn])
    terms = _terms(rows)
    if not terms:
        raise Http404
    rubric = rubric_over(authority.code, terms)
    table, final = over_terms(rows, terms, rubric)
    rose, fell = way(final, terms, rubric)
    praise, rest = themes(theme_rows(authority.code, terms, [urn]))
    now = final[terms[-1]]
    label = {one.key: one.label for one in rubric.criteria}
    ratings = (
        Rating.objects.filter(
            authority=authority, school=urn, kind=Rating.Kind.CHECK, finished_at__isnull=False, is_last=True
        )
        .select_related("plan__child")
        .prefetch_related("results")
        .order_by("-finished_at")
    )
    context = {
        "current": "schools",
        "school": held,
        "table": table,
        "most": rubric.most,
        "rose": rose,
        "fell": fell,
        "strong": [label[key] for key in strengths(now) if key in label][:4],
        "praise": praise[:6],
        "themes": rest[:6],
        "training": training(now, rubric),
        "terms": [term_words(term) for term in terms],
        "ratings": [
            {
                "one": one,
                "term": term_words(one.term),
                "result": next((r.label for r in one.results.all() if r.side == "school"), ""),
            }
            for one in ratings[:40]
        ],
    }
    return render(request, "quality/school.html", context)


def _terms(rows: Any) -> list[str]:
    return sorted(rows.order_by().values_list("rating__term", flat=True).distinct(), key=in_time)[-4:]


@requires(Permission.CHILD_READ)
def own(request: HttpRequest) -> HttpResponse:
    """A designated teacher's own plans, by authority, beside the middle of that authority."""
    person = person_of(request)
    at_school = [m for m in person.memberships if m.role in {Role.DESIGNATED_TEACHER, Role.DELEGATE}]
    if not at_school:
        raise PermissionDenied
    urns = [m.urn for m in at_school if m.urn]
    codes = sorted(
        Mark.objects.filter(rating__school__in=urns, side="school")
        .order_by()
        .values_list("authority", flat=True)
        .distinct()
    )
    found = [_of_authority(one, urns) for one in Authority.objects.filter(code__in=codes)]
    names = list(School.objects.filter(urn__in=urns).values_list("name", flat=True))
    context = {"parts": [part for part in found if part], "schools": names, "few": FEW}
    return render(request, "quality/own.html", context)


def _of_authority(authority: Authority, urns: list[int]) -> dict[str, Any] | None:
    every = Mark.objects.filter(authority=authority, rating__school__in=urns).order_by()
    terms = sorted(every.values_list("rating__term", flat=True).distinct(), key=in_time)[-3:]
    rubric = rubric_over(authority.code, terms)
    rows = of_checks(authority.code, terms, urns)
    table, final = over_terms(rows, terms, rubric)
    term = terms[-1]
    first, now = across(marked(rows.filter(rating__term=term), first=True)), final[term]
    middle = {
        (key, is_first): value
        for key, is_first, value in Middle.objects.filter(authority=authority, term=term).values_list(
            "key", "is_first", "value"
        )
    }

    def cell(value: float | None) -> str:
        return "–" if value is None else f"{value * rubric.most:.1f}"

    keys = [one for one in rubric.of_side("school") if one.key in now or one.key in first]
    beside = Table(
        f"Marks in the {term_words(term)}, beside the middle of {authority.name}",
        [Column("Criterion"), Column("Plans", True), Column("Yours, first", True), Column("Yours, final", True), Column("Middle", True)],
        [
            [
                one.label, (now.get(one.key) or first[one.key]).plans,
                cell(first[one.key].mean if one.key in first else None), cell(now[one.key].mean if one.key in now else None),
                cell(middle.get((one.key, False))),
            ]
            for one in keys
        ],
    )  # fmt: skip
    rose, fell = way(final, terms, rubric)
    label = {one.key: one.label for one in rubric.criteria}
    praise, rest = themes(theme_rows(authority.code, terms, urns))
    return {
        "authority": authority, "beside": beside, "table": table if len(terms) > 1 else None, "rose": rose, "fell": fell,
        "strong": [label[key] for key in strengths(now) if key in label][:4], "praise": praise[:5], "themes": rest[:5],
        "training": training(now, rubric), "most": rubric.most, "term": term_words(term),
    }  # fmt: skip
