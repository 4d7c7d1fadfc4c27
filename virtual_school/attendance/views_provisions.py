"""The list of education that is not simply a full-time place."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.design.components import Cell, Table
from virtual_school.design.list_links import choice_links
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file

from .models_provision import Provision
from .provision_list import STATES, counts, in_state
from .views_provision import hours_words, is_late, standing, where_words
from .whose import Whose, advisers_of, whose
from .words import date_words, year_of

PAGE = 50
COLUMNS = (
    "Child", "Identifier", "Year", "What", "Where", "Hours a week", "Hours due", "First day", "Last day planned",
    "Next review", "Agreed on", "Ended on", "How it stands", "Adviser",
)  # fmt: skip


class Asked:
    """The list the address asks for; an unknown value is as good as none."""

    def __init__(self, request: HttpRequest) -> None:
        self.today = timezone.localdate()
        self.of: Whose = whose(request.person, self.today)  # type: ignore[attr-defined]
        state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
        self.state = state if state in STATES else "now"
        self.kind = kind if kind in Provision.Kind.values else ""

    @property
    def rows(self) -> QuerySet[Provision]:
        """Of every state, so that the states can be counted."""
        rows = self.of.rows(Provision.objects.all())
        return rows.filter(kind=self.kind) if self.kind else rows

    @property
    def shown(self) -> QuerySet[Provision]:
        found = in_state(self.rows, self.state, self.today)
        return found.select_related("child__authority", "school").order_by("review_on", "starts")


@require_GET
@requires(Permission.CHILD_READ)
def provisions(request: HttpRequest) -> HttpResponse:
    """Every reduced timetable, alternative provision and tuition, what is late first."""
    asked = Asked(request)
    page = Paginator(asked.shown, PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    counted = counts(asked.rows, asked.today)
    context = {
        "table": _table(found, advisers_of(asked.of, [one.child_id for one in found], asked.today), asked.today),
        "page": page,
        "total": page.paginator.count,
        "all": counted["all"] or asked.kind,
        "states": choice_links(request.GET, "state", STATES, asked.state, counted, STATES),
        "kinds": choice_links(request.GET, "kind", {"": "All", **dict(Provision.Kind.choices)}, asked.kind),
        "is_staff": asked.of.is_staff,
        "export_query": request.GET.urlencode(),
    }
    return render(request, "attendance/provisions.html", context)


def _table(found: list[Provision], names: dict[int, str], today: date) -> Table:
    return Table(
        "Reduced timetables, alternative provision and tuition",
        ["Child", "What", "Hours a week", "From", "How it stands", "Adviser"],
        [
            [
                Cell(
                    one.child.name,
                    reverse("attendance:provision", args=[one.public_id]),
                    year_of(one.child.born, today),
                ),
                Cell(one.get_kind_display(), small=where_words(one)),
                f"{hours_words(one.hours)} of {hours_words(one.hours_due)}",
                date_words(one.starts, today),
                Cell(standing(one, today), state="overdue" if is_late(one, today) else ""),
                names.get(one.child_id, "Nobody"),
            ]
            for one in found
        ],
    )


@require_GET
@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, for those who see the whole authority; that it was taken is recorded."""
    asked = Asked(request)
    if not asked.of.is_staff:
        return redirect("attendance:provisions")
    found = list(asked.shown)
    names = advisers_of(asked.of, [one.child_id for one in found], asked.today)
    rows: list[list[Any]] = [
        [
            one.child.name, one.child.local_id, year_of(one.child.born, asked.today), one.get_kind_display(),
            where_words(one), one.hours, one.hours_due, one.starts, one.end_planned, one.review_on, one.agreed_on,
            one.ends, standing(one, asked.today), names.get(one.child_id, "Nobody"),
        ]
        for one in found
    ]  # fmt: skip
    person: Person = request.person  # type: ignore[attr-defined]
    record(
        "provision.exported", by=person.user.pk, role=person.role, authority=person.authority_code, rows=len(rows),
        filters={"state": asked.state, "kind": asked.kind},
    )  # fmt: skip
    sheet = Sheet("Provision", COLUMNS, rows)
    return as_file(request.GET.get("form", ""), f"provision-{asked.today.isoformat()}", sheet)
