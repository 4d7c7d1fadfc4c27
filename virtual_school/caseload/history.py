"""What was changed on a child's record and by whom, and who has looked at it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from virtual_school.access.models import Role, User
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.audit.models import Change, Read
from virtual_school.plans.blind import NOT_SHOWN, is_blind_to

from . import words
from .record import head, record_for, refuse_unless

PAGE = 50
HIDDEN = frozenset({"id", "authority_id", "child_id", "search_text", "public_id", "received", "recorded_at"})
LONGEST = 80
OF_PLANS = ("plans_", "quality_")
VERBS = {"insert": "added", "update": "changed", "delete": "taken out"}
THINGS = {
    "children_child": "The child’s own details",
    "children_formername": "Former name",
    "children_formeridentifier": "Former number",
    "children_sensitivity": "Who may see this child",
    "children_involvement": "Somebody around the child",
    "children_supportperiod": "Time with a social worker",
    "children_evidence": "Record that a duty was done",
    "care_episode": "Episode of care",
    "care_review": "Review of the care plan",
    "care_unaccompaniedchild": "Unaccompanied status",
    "care_twelvemonthoutcomes": "Twelve-month outcomes",
    "care_careleaveroutcomes": "Care leaver’s outcomes",
    "care_missingepisode": "Time missing",
    "care_adoption": "Adoption",
    "care_adoptionplacement": "Decision to place for adoption",
    "care_previouspermanence": "Permanent home before care",
    "care_deprivationofliberty": "Deprivation of liberty",
    "care_socialworkerepisode": "Social worker’s time",
    "schools_enrolment": "Enrolment",
    "plans_recordedplan": "Personal education plan",
    "attendance_suspension": "Suspension or exclusion",
    "attendance_suspensiontold": "Who was told of a suspension",
    "attendance_suspensionletter": "Letter of a suspension",
    "attendance_riskmeeting": "Meeting about the risk of exclusion",
    "attendance_provision": "Reduced timetable or other provision",
    "attendance_provisionreview": "Review of provision",
    "attendance_educationstep": "Step towards full-time education",
    "attendance_callanswer": "What a school said on the telephone",
}
PAGES = {
    "caseload:child": "the overview",
    "caseload:child_school_and_care": "school and care",
    "caseload:child_people": "the people",
    "caseload:child_history": "the history",
    "caseload:evidence": "recording that a duty was done",
    "caseload:evidence_withdraw": "taking back that a duty was done",
    "caseload:names": "changing the name",
    "caseload:sensitive": "who may see this child",
    "caseload:person_add": "adding somebody around the child",
    "caseload:person_end": "ending somebody’s part",
    "caseload:person_undo": "undoing an end",
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    at: str
    who: str
    what: str
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldRead:
    at: str
    who: str
    role: str
    page: str


@requires(Permission.CHILD_READ)
def history(request: HttpRequest, public_id: object) -> HttpResponse:
    found = record_for(request, public_id)
    refuse_unless(found.reader.can_see_history)
    of_child = {"authority_id": found.child.authority_id, "child_id": found.child.pk}
    changed = Paginator(Change.objects.filter(**of_child).order_by("-at", "-id"), PAGE)
    looked = Paginator(Read.objects.filter(**of_child).order_by("-at", "-id"), PAGE)
    changes, reads = changed.get_page(request.GET.get("page")), looked.get_page(request.GET.get("looked"))
    is_blind = is_blind_to(found.child.pk)
    names = names_of([row.person_id for row in (*changes.object_list, *reads.object_list)])
    return render(
        request,
        "caseload/history.html",
        {
            **head(found, "child_history"),
            "changes": _together([_told(row, names, is_blind) for row in changes.object_list]),
            "change_page": changes,
            "changed": changed.count,
            "reads": [told_read(row, names) for row in reads.object_list],
            "read_page": reads,
            "looked": looked.count,
        },
    )


def names_of(ids: Iterable[int | None]) -> dict[int | None, str]:
    """Who did it; work that no person started is the service's own."""
    names: dict[int | None, str] = dict(User.objects.filter(id__in={pk for pk in ids if pk}).values_list("id", "name"))
    return {**names, None: "The service"}


def at_words(at: datetime) -> str:
    local = localtime(at)
    return f"{words.in_full(local.date())}, {local:%H:%M}"


def told_read(row: Read, names: dict[int | None, str]) -> ToldRead:
    role = Role(row.role).label if row.role in Role.values else row.role
    return ToldRead(at_words(row.at), names.get(row.person_id, "Somebody no longer here"), role, page_words(row.page))


def page_words(page: str) -> str:
    return PAGES.get(page, page.partition(":")[2].replace("_", " ") or page)


def _together(changes: list[ToldChange]) -> list[ToldChange]:
    """Neighbours that say the same are told once, with how many they are."""
    found = []
    for one, same in groupby(changes):
        n = len(list(same))
        found.append(replace(one, what=f"{one.what} ({n} times)") if n > 1 else one)
    return found


def _told(row: Change, names: dict[int | None, str], is_blind: bool) -> ToldChange:
    thing = THINGS.get(row.table_name, row.table_name.partition("_")[2].capitalize())
    by = names.get(row.person_id, "Somebody no longer here")
    if row.person_id is None and row.action:
        by = f"The service ({row.action})"
    before = (NOT_SHOWN,) if is_blind and row.before and row.table_name.startswith(OF_PLANS) else _before(row)
    return ToldChange(at_words(row.at), by, f"{thing} {VERBS.get(row.operation, row.operation)}", before)


def _before(row: Change) -> tuple[str, ...]:
    """What the changed columns said before, in words."""
    said = []
    for column, value in (row.before or {}).items():
        if column in HIDDEN or (row.operation == "delete" and value in (None, "", {}, [])):
            continue
        said.append(f"{_column(row.table_name, column)} was {_value(value)}")
    return tuple(said)


def _column(table: str, column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def _value(value: Any) -> str:
    if value in (None, "", {}, []):
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    try:
        text = words.in_full(datetime.fromisoformat(text).date()) if len(text) >= 10 and text[4:5] == "-" else text
    except ValueError:
        pass
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
