"""Who has looked at what, and what was done, in one authority."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import Membership
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.audit.models import Event, Read
from virtual_school.children.models import Child
from virtual_school.design.components import Chip
from virtual_school.design.forms import DateField
from virtual_school.design.selects import PlainSelect

from . import words
from .history import at_words, names_of, page_words

PAGE = 50
KINDS = {
    "looked": "Looked at a child",
    "evidence": "Recorded that a duty was done",
    "involvement": "Changed who is around a child",
    "child": "Changed a child’s details",
    "children": "Took a list of children",
    "due": "Took a list of duties",
    "plan": "Recorded a plan",
    "enrolment": "Changed an enrolment",
    "import": "Imported",
    "role": "Gave or ended a role",
    "access": "Was refused a page",
    "account": "Changed an account",
    "invitation": "Invited somebody",
    "designated_teacher": "Changed a designated teacher",
}


@dataclass(frozen=True, slots=True)
class Line:
    at: str
    who: str
    what: str
    child: str
    child_url: str
    details: str


class DoneForm(forms.Form):
    marks_optional = False
    kind = forms.ChoiceField(label="What", required=False)
    person = forms.ChoiceField(label="Who", required=False, widget=PlainSelect)
    day = DateField(label="On", required=False)
    child = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str], people: dict[str, str]) -> None:
        super().__init__(data, auto_id="f_%s")
        self.fields["kind"].choices = [("", "Everything done"), *KINDS.items()]
        self.fields["person"].choices = [("", "Anybody"), *people.items()]


@requires(Permission.AUDIT_READ)
def done(request: HttpRequest) -> HttpResponse:
    person = request.person
    where = person.authorities_where(Permission.AUDIT_READ)
    authority = person.authority_code if person.authority_code in where else where[0]
    people = {
        str(pk): name
        for pk, name in Membership.objects.filter(authority=authority)
        .order_by("user__name")
        .values_list("user", "user__name")
        .distinct()
    }
    form = DoneForm(request.GET, people)
    chosen = form.cleaned_data if form.is_valid() else {}
    child = _child(authority, chosen.get("child"))
    rows = _rows(authority, chosen, child)
    paginator = Paginator(rows, PAGE)
    page = paginator.get_page(request.GET.get("page"))
    found = list(page.object_list)
    about = [row.details.get("person") for row in found if isinstance(row, Event)]
    names = names_of([row.person_id for row in found] + [pk for pk in about if isinstance(pk, int)])
    children = {
        one.pk: one
        for one in Child.objects.filter(authority=authority, id__in={row.child_id for row in found if row.child_id})
    }
    return render(
        request,
        "caseload/done.html",
        {
            "form": form,
            "chips": [Chip(f"About {child.name}", reverse("caseload:done"))] if child else [],
            "lines": [_line(row, names, children) for row in found],
            "page": page,
            "counted": words.plural(paginator.count, "entry", "entries"),
            "total": paginator.count,
            "is_narrowed": any(chosen.values()),
        },
    )


def _child(authority: int, public_id: UUID | None) -> Child | None:
    return Child.objects.filter(authority=authority, public_id=public_id).first() if public_id else None


def _rows(authority: int, chosen: dict, child: Child | None) -> QuerySet[Event] | QuerySet[Read]:
    kind = chosen.get("kind", "")
    rows: QuerySet = Read.objects.all() if kind == "looked" else Event.objects.all()
    rows = rows.filter(authority_id=authority)
    if kind and kind != "looked":
        rows = rows.filter(action__startswith=f"{kind}.")
    if chosen.get("person"):
        rows = rows.filter(person_id=int(chosen["person"]))
    if chosen.get("child"):
        rows = rows.filter(child_id=child.pk if child else -1)
    if chosen.get("day"):
        first = _midnight(chosen["day"])
        rows = rows.filter(at__gte=first, at__lt=_midnight(chosen["day"] + timedelta(days=1)))
    return rows.order_by("-at", "-id")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _told(key: str, value: object, names: dict[int | None, str]) -> str:
    """One detail of what was done: a person by name, what is so by its name alone."""
    said = key.replace("_", " ")
    if key == "person" and isinstance(value, int):
        return names.get(value, "somebody no longer here")
    if isinstance(value, bool):
        return said if value else ""
    return f"{said} {value}" if isinstance(value, str | int) and value != "" else ""


def _line(row: Event | Read, names: dict[int | None, str], children: dict[int, Child]) -> Line:
    child = children.get(row.child_id) if row.child_id else None
    if isinstance(row, Read):
        what, details = f"Looked at {page_words(row.page)}", ""
    else:
        what = words.capital(row.action.replace(".", ": ").replace("_", " "))
        details = ", ".join(filter(None, (_told(key, value, names) for key, value in row.details.items())))
    return Line(
        at_words(row.at),
        names.get(row.person_id, "Somebody no longer here"),
        what,
        child.name if child else "",
        reverse("caseload:child", args=[child.public_id]) if child else "",
        details,
    )
