"""Second marking: samples and their agreement, drawing one, and the blind page a plan is marked again on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import in_time, term_words
from virtual_school.design.components import Column, Table
from virtual_school.design.forms import Checkboxes, NumberInput, Radios
from virtual_school.plans.opened import plan_for
from virtual_school.plans.refused import Refused

from .actions import WROTE_IT, finish_second, marks_of, missing, save_second
from .agreement import Agreement, Pair, agreement, by_key, by_rater, drift, kappa_words
from .criteria import asked
from .forms_rate import RateForm
from .models import Rating, Sample, SecondMark
from .rubric import Rubric
from .second_marks import draw_sample, drawable, pairs_of
from .versions import rubric_of, rubric_over
from .views_rate import about, blocks
from .whose import is_rater, person_of, raters, rating_authority, staff_authority

EVEN = 0.1
"""Of a step: who lies closer to the second marker is neither stricter nor milder."""


def terms_rated(authority_id: int) -> list[str]:
    """Newest first."""
    rows = Rating.objects.filter(authority=authority_id, kind=Rating.Kind.CHECK, finished_at__isnull=False)
    return sorted(rows.order_by().values_list("term", flat=True).distinct(), key=in_time, reverse=True)


def percent_words(told: Agreement) -> str:
    return f"{told.percent}%"


def kappa_cell(told: Agreement) -> str:
    return "–" if told.kappa is None else f"{told.kappa:.2f}"


def lean_words(told: Agreement) -> str:
    if abs(told.lean) < EVEN:
        return "neither stricter nor milder"
    return f"{abs(told.lean):.1f} steps {'stricter' if told.lean > 0 else 'milder'}"


def tables(pairs: list[Pair], rubric: Rubric, names: dict[int, str]) -> list[Table]:
    columns = [Column("Pairs", True), Column("Same", True), Column("Same or one step", True), Column("Kappa", True)]

    def cells(told: Agreement) -> list[Any]:
        return [told.pairs, percent_words(told), f"{round(100 * told.near / told.pairs)}%", kappa_cell(told)]

    labels = {one.key: one.label for one in rubric.criteria}
    of_key = sorted(by_key(pairs).items(), key=lambda pair: pair[1].percent)
    found = [
        Table(
            "By criterion, least agreement first", [Column("Criterion"), *columns],
            [[labels.get(key, key), *cells(told)] for key, told in of_key], show_caption=True,
        ),
        Table(
            "By first rater", [Column("Rater"), *columns, Column("Against the second")],
            [[names.get(pk, "Somebody else"), *cells(told), lean_words(told)] for pk, told in by_rater(pairs).items()],
            show_caption=True,
        ),
    ]  # fmt: skip
    drifted = drift(pairs)
    terms = sorted({term for _, term in drifted}, key=in_time)
    if len(terms) > 1:
        rows = [
            [names.get(pk, "Somebody else"), *[_of_term(drifted.get((pk, term))) for term in terms]]
            for pk in dict.fromkeys(pk for pk, _ in drifted)
        ]
        found.append(
            Table("Over terms", ["Rater", *[term_words(term).capitalize() for term in terms]], rows, show_caption=True)
        )
    return found


def _of_term(told: Agreement | None) -> str:
    if told is None:
        return "no pairs"
    return f"{told.percent}% the same" + (f"; {lean_words(told)}" if abs(told.lean) >= EVEN else "")


def names_of(seconds: list[SecondMark]) -> dict[int, str]:
    ids = [one.first_id for one in seconds]
    return dict(Rating.objects.filter(pk__in=ids).values_list("rater", "rater_name"))


@requires(Permission.CHILD_READ)
def samples(request: HttpRequest) -> HttpResponse:
    authority, person = staff_authority(request), person_of(request)
    seconds = list(SecondMark.objects.filter(authority=authority).select_related("rubric"))
    pairs = pairs_of(seconds)
    mine = SecondMark.objects.filter(authority=authority, marker=person.user, finished_at__isnull=True)
    rows = list(Sample.objects.filter(authority=authority))
    done = {one.pk: 0 for one in rows}
    every = dict(done)
    for second in seconds:
        every[second.sample_id] += 1
        done[second.sample_id] += second.finished_at is not None
    told = agreement(pairs)
    context = {
        "current": "samples",
        "mine": list(mine.select_related("plan__child", "plan__school", "plan__template").order_by("id")),
        "rows": [
            {"sample": one, "term": term_words(one.term), "n": every[one.pk], "done": done[one.pk]} for one in rows
        ],
        "told": told,
        "kappa": kappa_cell(told) if told else "",
        "kappa_words": kappa_words(told.kappa) if told else "",
        "tables": tables(pairs, rubric_over(authority.code, {one.term for one in pairs}), names_of(seconds))
        if told
        else [],
        "may_draw": is_rater(person, authority.code),
    }
    return render(request, "quality/samples.html", context)


class DrawForm(forms.Form):
    term = forms.ChoiceField(label="Of which term?")
    percent = forms.IntegerField(
        label="How many in a hundred?", min_value=1, max_value=100, initial=10, widget=NumberInput(width=3),
        help_text="At least one plan of each rater or school is drawn",
    )  # fmt: skip
    strata = forms.ChoiceField(
        label="A share of each", choices=[("rater", "Rater"), ("school", "School")], initial="rater", widget=Radios()
    )
    markers = forms.MultipleChoiceField(
        label="Who marks?", widget=Checkboxes(), help_text="Nobody gets a plan they rated or wrote in",
        error_messages={"required": "Choose who marks"},
    )  # fmt: skip
    seed = forms.CharField(
        label="Word that starts the draw", required=False, max_length=20,
        help_text="The same word draws the same plans again. Leave it empty and one is made and kept",
    )  # fmt: skip


@requires(Permission.CHILD_READ)
def draw_page(request: HttpRequest) -> HttpResponse:
    authority, person = rating_authority(request), person_of(request)
    people, terms = raters(authority.code), terms_rated(authority.code)
    form = DrawForm(request.POST or None, auto_id="f_%s")
    form.fields["term"].choices = [  # type: ignore[attr-defined]
        (term, f"{term_words(term).capitalize()} ({len(drawable(authority.code, term))} plans)") for term in terms
    ]
    form.fields["markers"].choices = [(str(pk), name) for pk, name in people.items()]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            sample = draw_sample(
                authority=authority, term=told["term"], percent=told["percent"], strata=told["strata"],
                markers={int(pk): people[int(pk)] for pk in told["markers"]}, by=person.user, seed=told["seed"],
            )  # fmt: skip
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(
                request, f"{sample.second_marks.count()} plans are drawn. Those who mark them see them now."
            )
            return redirect("quality:sample", sample.public_id)
    return render(request, "quality/draw.html", {"form": form, "terms": terms})


@requires(Permission.CHILD_READ)
def sample(request: HttpRequest, public_id: object) -> HttpResponse:
    authority = staff_authority(request)
    held = Sample.objects.filter(authority=authority, public_id=public_id).first()
    if held is None:
        raise Http404
    seconds = list(held.second_marks.select_related("plan__child", "plan__school", "rubric").order_by("id"))
    pairs = pairs_of(seconds)
    told = agreement(pairs)
    context = {
        "current": "samples",
        "sample": held,
        "term": term_words(held.term),
        "seconds": seconds,
        "done": sum(one.finished_at is not None for one in seconds),
        "told": told,
        "kappa": kappa_cell(told) if told else "",
        "kappa_words": kappa_words(told.kappa) if told else "",
        "tables": tables(pairs, rubric_of(seconds[0].rubric), names_of(seconds)) if told else [],
        "me": person_of(request).user.pk,
    }
    return render(request, "quality/sample.html", context)


@requires(Permission.CHILD_READ)
def second(request: HttpRequest, public_id: object) -> HttpResponse:
    """For its marker alone. No first rating, nor any word of it, is on the page or within reach of its queries."""
    staff_authority(request)
    person = person_of(request)
    row = (
        SecondMark.objects.filter(public_id=public_id, marker=person.user, authority__in=person.staff_of)
        .select_related("rubric", "second", "plan")
        .first()
    )
    if row is None:
        raise Http404
    if row.finished_at is not None:
        return redirect("quality:sample", row.sample.public_id)
    opened = plan_for(request, row.plan.public_id)
    rubric = rubric_of(row.rubric)
    form = RateForm(rubric, asked(rubric, opened), (), row.second, request.POST or None, is_blind=True)
    why_not = WROTE_IT if opened.standing().wrote_it else ""
    if request.method == "POST" and form.is_valid():
        try:
            rating = save_second(opened=opened, row=row, marks=form.marks, said=form.said, by=person.user)
            if "done" in request.POST:
                finish_second(opened=opened, row=row, rating=rating, by=person.user)
                messages.success(request, "Marked. You can see both ratings now.")
                return redirect("quality:sample", row.sample.public_id)
        except Refused as words:
            form.add_error(None, str(words))
        else:
            messages.success(request, "Saved. Go on when you like.")
            return redirect("quality:second", row.public_id)
    context = {
        **about(opened),
        "form": form,
        "rubric": rubric,
        "row": row,
        "why_not": why_not,
        "blocks": [] if why_not else blocks(form, opened),
        "left": len(missing(rubric, opened, marks_of(row.second))) if row.second else len(form.criteria),
        "has_last": opened.plan.previous_id is not None,
    }
    return render(request, "quality/second.html", context)
