"""How an authority rates: the rubric in force, one being prepared, trying it on a term already rated, phrases."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Cell, Column, Table
from virtual_school.plans.models import Plan
from virtual_school.plans.refused import Refused

from .forms_rubric import CriteriaForm, CriterionForm, PhraseForm, RuleForm
from .models import Mark, Phrase, Rating, Result, RubricVersion, Side
from .phrases import add_phrase, switch_phrase, take_shipped
from .rollup import Rated, Trial, try_on
from .rubric import RATED_BY, WHEN, Rubric, library, rule_words
from .versions import change_draft, discard_draft, draft_of, in_force, put_in_force, rubric_of, start_draft, versions_of
from .views_second import terms_rated
from .whose import may_change, person_of, settings_authority, staff_authority


def criteria_table(rubric: Rubric) -> Table:
    rows = [
        [
            Cell(one.label, small=one.hint),
            Side(one.side).label,
            WHEN[one.when],
            "not counted" if not one.counts or not one.weight else str(one.weight),
        ]
        for one in rubric.criteria
        if one.is_on
    ]
    return Table("What is rated", ["Criterion", "Told to", "When", Column("Counts", True)], rows)


@requires(Permission.CHILD_READ)
def rubrics(request: HttpRequest) -> HttpResponse:
    authority = staff_authority(request)
    now = in_force(authority.code)
    rubric = rubric_of(now)
    context = {
        "current": "rubric",
        "version": now,
        "rubric": rubric,
        "rated_by": RATED_BY[rubric.rated_by],
        "rule": rule_words(rubric),
        "table": criteria_table(rubric),
        "versions": [
            {"one": one, "n": one.ratings.count()} for one in versions_of(authority.code) if one.state != "draft"
        ],
        "draft": draft_of(authority.code),
        "sets": list(library().values()),
        "may_change": may_change(request, authority),
        "phrases": Phrase.objects.filter(authority=authority, is_on=True).count(),
    }
    return render(request, "quality/rubrics.html", context)


@require_POST
@requires(Permission.POLICY_WRITE)
def start(request: HttpRequest) -> HttpResponse:
    authority = settings_authority(request)
    try:
        start_draft(authority=authority, from_key=request.POST.get("from_key", ""), by=person_of(request).user)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("quality:rubrics")
    messages.success(request, "A draft is begun. It counts for nothing until you put it in force.")
    return redirect("quality:draft")


def _draft(request: HttpRequest) -> RubricVersion:
    draft = draft_of(settings_authority(request).code)
    if draft is None:
        raise Http404
    return draft


@requires(Permission.POLICY_WRITE)
def draft(request: HttpRequest) -> HttpResponse:
    """The criteria of the draft."""
    held = _draft(request)
    form = CriteriaForm(rubric_of(held), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _kept(request, held, form.changed, "quality:draft")
    context = {"draft": held, "form": form, "rule": rule_words(rubric_of(held)), "rubric": rubric_of(held)}
    return render(request, "quality/draft.html", context)


@requires(Permission.POLICY_WRITE)
def add_criterion(request: HttpRequest) -> HttpResponse:
    """At the end of the draft. Its key is none that another criterion has, or had in a version before."""
    held = _draft(request)
    taken = {one["key"] for version in versions_of(held.authority_id) for one in version.content["criteria"]}
    taken |= {one.key for rubric in library().values() for one in rubric.criteria}
    form = CriterionForm(rubric_of(held), taken, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _kept(request, held, form.changed, "quality:draft")
    return render(request, "quality/add_criterion.html", {"draft": held, "form": form})


@requires(Permission.POLICY_WRITE)
def rule(request: HttpRequest) -> HttpResponse:
    held = _draft(request)
    form = RuleForm(rubric_of(held), request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _kept(request, held, form.changed, "quality:try")
    context = {"draft": held, "form": form, "rule": rule_words(rubric_of(held)), "rubric": rubric_of(held)}
    return render(request, "quality/rule.html", context)


def _kept(request: HttpRequest, held: RubricVersion, changed: Rubric, then: str) -> HttpResponse:
    try:
        change_draft(draft=held, rubric=changed, by=person_of(request).user)
    except Refused as why:
        messages.warning(request, str(why))
        return redirect("quality:rubrics")
    messages.success(request, "Saved in the draft.")
    return redirect(then)


def rated_before(authority_id: int, term: str) -> list[Rated]:
    """The last ratings of a term's plans. Two queries."""
    results = dict(Result.objects.filter(
            authority=authority_id, side=Side.SCHOOL, rating__term=term, rating__is_last=True,
            rating__kind=Rating.Kind.CHECK,
        ).values_list("rating", "label"))  # fmt: skip
    marks: dict[int, dict[str, str]] = {pk: {} for pk in results}
    plans: dict[int, int] = {}
    rows = Mark.objects.filter(authority=authority_id, side=Side.SCHOOL, rating__in=results)
    for rating, plan, key, level in rows.values_list("rating", "rating__plan", "key", "level"):
        marks[rating][key] = level
        plans[rating] = plan
    return [Rated(plans[pk], marks[pk], results[pk]) for pk in results if pk in plans]


@requires(Permission.POLICY_WRITE)
def try_draft(request: HttpRequest) -> HttpResponse:
    """How many of a term's plans would have another result, and which. Nothing is changed by looking."""
    held = _draft(request)
    terms = terms_rated(held.authority_id)
    asked = request.GET.get("term", "")
    usual = terms[1] if len(terms) > 1 else terms[0] if terms else ""
    term = asked if asked in terms else usual
    rubric = rubric_of(held)
    trial: Trial | None = try_on(rubric, rated_before(held.authority_id, term)) if term else None
    plans = {
        one.pk: one
        for one in Plan.objects.filter(pk__in=[m.id for m in trial.moved]).select_related("child", "school")
    } if trial else {}  # fmt: skip
    rows = [
        [
            Cell(plans[one.id].child.name, f"/plans/{plans[one.id].public_id}/"),
            plans[one.id].school.name if plans[one.id].school else "No school place",
            one.was,
            one.now,
        ]
        for one in (trial.moved if trial else ())
        if one.id in plans
    ]
    counts = trial.counts if trial else ()
    context = {
        "draft": held,
        "terms": [{"key": one, "words": term_words(one).capitalize(), "on": one == term} for one in terms],
        "term": term_words(term) if term else "",
        "trial": trial,
        "rule": rule_words(rubric),
        "counts": Table(
            "Results then and by the draft",
            ["Result", Column("Then", True), Column("By the draft", True)],
            counts,
            show_caption=True,
        ),
        "moved": Table(
            "Plans whose result would change", ["Child", "School", "Then", "By the draft"], rows, show_caption=True
        ),
    }
    return render(request, "quality/try.html", context)


@require_POST
@requires(Permission.POLICY_WRITE)
def put(request: HttpRequest) -> HttpResponse:
    try:
        put_in_force(draft=_draft(request), by=person_of(request).user)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "In force from today. Plans rated before keep the result they were given.")
    return redirect("quality:rubrics")


@require_POST
@requires(Permission.POLICY_WRITE)
def discard(request: HttpRequest) -> HttpResponse:
    try:
        discard_draft(draft=_draft(request), by=person_of(request).user)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, "The draft is discarded. Nothing else has changed.")
    return redirect("quality:rubrics")


@requires(Permission.CHILD_READ)
def phrases(request: HttpRequest) -> HttpResponse:
    authority = staff_authority(request)
    rubric, may = rubric_of(in_force(authority.code)), may_change(request, authority)
    form = PhraseForm(rubric, request.POST if request.POST.get("words") is not None else None) if may else None
    if request.method == "POST":
        by = person_of(request).user
        settings_authority(request)
        if "shipped" in request.POST:
            n = take_shipped(authority=authority, by_name=by.name)
            messages.success(request, f"{n} phrases are added." if n else "You hold all of them already.")
            return redirect("quality:phrases")
        if form is not None and form.is_valid():
            add_phrase(authority=authority, by=by, **form.cleaned_data)
            messages.success(request, "The phrase is added.")
            return redirect("quality:phrases")
    label: dict[str, Any] = {"": "The whole plan", **{one.key: one.label for one in rubric.criteria}}
    rows = [{"one": one, "about": label.get(one.key, one.key)} for one in Phrase.objects.filter(authority=authority)]
    context = {"current": "rubric", "rows": rows, "form": form, "may_change": may}
    return render(request, "quality/phrases.html", context)


@require_POST
@requires(Permission.POLICY_WRITE)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    phrase = get_object_or_404(Phrase, pk=pk, authority=settings_authority(request))
    switch_phrase(phrase=phrase, by=person_of(request).user)
    messages.success(request, "Switched on." if phrase.is_on else "Switched off.")
    return redirect("quality:phrases")
