"""The measures of the plans: the page, one measure with the children behind it, downloads, and freezing a term."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.children.queries import visible_to
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Chip, Link
from virtual_school.design.forms import Textarea

from .comparators import comparator
from .defining import Definition
from .measured import Measure
from .measures import DEFINITIONS
from .measures_asked import names_of
from .measures_page import Group, breakdown_table, figure_of, over_the_terms, parts_table, stamp, tile
from .measures_reading import BoardReading, Reading, reading_of
from .models_measures import BY, FrozenMeasure
from .snapshots import NotYet, freeze, revisions

PAGE = 50
SHOWN = {"no": "No", "yes": "Yes", "out": "Left out"}


def authority_of(request: HttpRequest, permission: Permission) -> Authority:
    """The chosen role's authority where it gives the permission, else the first that does; 403 where none does."""
    person: Person = request.person  # type: ignore[attr-defined]
    codes = person.authorities_where(permission)
    if not codes:
        raise PermissionDenied
    return Authority.objects.get(code=person.authority_code if person.authority_code in codes else codes[0])


def reading(request: HttpRequest) -> Reading | BoardReading:
    authority = authority_of(request, Permission.FIGURES_READ)
    return reading_of(request.person, authority, request.GET, timezone.localdate())  # type: ignore[attr-defined]


def definition_of(id_: str) -> Definition:
    if id_ not in DEFINITIONS:
        raise Http404
    return DEFINITIONS[id_]


@require_GET
@requires(Permission.FIGURES_READ)
def measures(request: HttpRequest) -> HttpResponse:
    read = reading(request)
    query = kept(request)
    groups: dict[str, Group] = {}
    for definition in DEFINITIONS.values() if _has_figures(read) else ():
        figure = read.figure(definition.id)
        on = read.measures[definition.id].on if isinstance(read, Reading) else _on(read, definition.id)
        group = groups.setdefault(definition.group, Group(definition.group))
        group.tiles.append(tile(definition, figure, read.before(definition.id), query, on))
    return render(
        request, "quality/measures.html", {**about(request, read), "groups": list(groups.values()), "query": query}
    )  # fmt: skip


def _on(read: BoardReading, id_: str) -> Any:
    row = read.row(id_)
    return row.on if row else read.on


def _has_figures(read: Reading | BoardReading) -> bool:
    return bool(read.term) and (not isinstance(read, Reading) or bool(read.measures))


def kept(request: HttpRequest, **changed: str) -> str:
    """The filters as they stand in the address."""
    query = request.GET.copy()
    for name in ("page", "show", "by", "form"):
        query.pop(name, None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def about(request: HttpRequest, read: Reading | BoardReading) -> dict[str, Any]:
    """What both pages say of the figures: which term, whose, frozen or not."""
    person: Person = request.person  # type: ignore[attr-defined]
    revision = read.frozen.get(read.term, 1) if isinstance(read, Reading) else 1
    why = ""
    if revision > 1:
        rows = FrozenMeasure.objects.filter(authority=read.authority, term=read.term, revision=revision)
        why = rows.values_list("why", flat=True)[0]
    may_freeze = isinstance(read, Reading) and read.authority.code in person.authorities_where(Permission.POLICY_WRITE)
    chips: list[Chip] = read.form.chips(request.GET) if read.term else []
    return {
        "read": read,
        "filter_form": read.form if read.term else None,
        "chips": chips,
        "whom": read.form.for_whom() if read.term else "",
        "term": term_words(read.term) if read.term else "",
        "stamp": stamp(read.on, read.is_frozen, revision, why) if read.term else "",
        "may_freeze": may_freeze and bool(read.term),
    }


@require_GET
@requires(Permission.FIGURES_READ)
def measure(request: HttpRequest, id_: str) -> HttpResponse:
    definition = definition_of(id_)
    read = reading(request)
    if not _has_figures(read):
        return redirect("quality:measures")
    figure = read.figure(id_)
    before = read.before(id_)
    by = request.GET.get("by", "")
    by = by if by in read.groupings else "phase"
    groups = {} if figure.not_known else read.breakdown(id_, by)
    names = names_of(by, set(groups))
    urls = {names[key]: f"?{kept(request, **{by: key})}&by={by}" for key in names} if read.is_exact else {}
    trend = over_the_terms(definition, [*before, figure])
    on = read.measures[id_].on if isinstance(read, Reading) else _on(read, id_)
    fair = comparator(id_, on)
    context = {
        **about(request, read),
        "definition": definition,
        "figure": figure,
        "says": _says(definition, read, figure),
        "trend": trend,
        "fair": fair if figure.has_number else None,
        "by_links": [Link(BY[one], f"?{kept(request)}&by={one}", one == by) for one in read.groupings],
        "breakdown": breakdown_table(
            f"{definition.title}, by {BY[by].lower()}", BY[by], {name: groups[key] for key, name in names.items()}, urls
        ) if groups else None,
        "back_query": kept(request),
    }  # fmt: skip
    if isinstance(read, Reading):
        context |= _behind(request, read.measures[id_])
    else:
        row = read.row(id_)
        context["left_out"] = [(out["why"], out["n"]) for out in row.left_out] if row and not read.narrowed else []
    return render(request, "quality/measure.html", context)


def _says(definition: Definition, read: Reading | BoardReading, figure: Any) -> str:
    if isinstance(read, Reading):
        return definition.says(read.measures[definition.id])
    if figure.is_hidden:
        return (
            "This figure is about too few children to be shown: counts of 1 to 5, and what would tell them, are hidden."
        )
    numbered = Measure(
        id=definition.id, title=definition.title, on=_on(read, definition.id), unit=definition.unit,
        hits=(0,) * (figure.numerator or 0), misses=(0,) * ((figure.denominator or 0) - (figure.numerator or 0)),
        value=figure.value, not_known=figure.not_known,
    )  # fmt: skip
    return definition.says(numbered)


@dataclass(frozen=True, slots=True)
class ChildRow:
    name: str
    url: str
    times: int
    why: str = ""


def _behind(request: HttpRequest, one: Measure) -> dict[str, Any]:
    """The children behind a number: first those who are not as one would have it."""
    lists = {"no": one.misses, "yes": one.hits, "out": tuple(c for out in one.left_out for c in out.children)}
    show = request.GET.get("show", "")
    if not lists.get(show):
        show = next((name for name, ids in lists.items() if ids), "no")
    why = {child: out.why for out in one.left_out for child in out.children} if show == "out" else {}
    rows, unseen = _children(request, lists[show], why)
    return {
        "children": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "unseen": unseen,
        "show": show,
        "lists": [
            Link(f"{words} ({len(lists[name]):,})", f"?{_with(request, show=name)}", name == show)
            for name, words in SHOWN.items() if lists[name]
        ],
        "left_out": [(out.why, len(out.children)) for out in one.left_out],
        "parts": parts_table("What they were", one.parts, one.parts_unit),
        "has_children": bool(any(lists.values())),
    }  # fmt: skip


def _with(request: HttpRequest, **changed: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()


def _children(request: HttpRequest, ids: tuple[int, ...], why: dict[int, str]) -> tuple[list[ChildRow], int]:
    """Named only where this person may see them; the others are counted."""
    person: Person = request.person  # type: ignore[attr-defined]
    times: dict[int, int] = {}
    for child in ids:
        times[child] = times.get(child, 0) + 1
    seen = visible_to(person).filter(pk__in=list(times)).order_by("surname", "forename", "pk")
    rows = [
        ChildRow(child.name, reverse("plans:of_child", args=[child.public_id]), times[child.pk], why.get(child.pk, ""))
        for child in seen
    ]
    return rows, len(times) - len(rows)


class FreezeForm(forms.Form):
    why = forms.CharField(
        label="What is corrected?",
        help_text="Everybody who reads the figures sees this beside them. Name no child.",
        widget=Textarea(rows=3),
        max_length=500,
        error_messages={"required": "Say what is corrected"},
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def freeze_term(request: HttpRequest) -> HttpResponse:
    """Shows what would be kept before anything is; a term frozen already gets a correction, with a reason."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    read = Reading(authority, request.GET, timezone.localdate())
    if not read.term:
        raise Http404
    is_correction = read.term in revisions(authority)
    form = FreezeForm(request.POST or None) if is_correction else None
    refused = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            why = form.cleaned_data["why"] if form else ""
            done = freeze(authority=authority, term=read.term, by=request.user, why=why)
        except NotYet as words:
            refused = str(words)
        else:
            messages.success(
                request, f"The {term_words(done.term)} is frozen: {done.rows:,} figures are kept as they are."
            )
            return redirect(f"{reverse('quality:measures')}?term={done.term}")
    facts = None if is_correction else read.facts
    context = {
        "authority": authority,
        "term": term_words(read.term),
        "term_key": read.term,
        "form": form,
        "is_correction": is_correction,
        "refused": refused,
        "cut_off": facts.cut_off if facts else None,
        "not_yet": bool(facts and timezone.localdate() < facts.cut_off),
        "done": figure_of(read.measures["I-PEP-01"], read.term, is_frozen=is_correction) if read.measures else None,
    }
    return render(request, "quality/measures_freeze.html", context)


def names_for(person: Person, ids: set[int]) -> dict[int, Child]:
    return {child.pk: child for child in visible_to(person).filter(pk__in=ids)}
