"""The queue: plans waiting to be rated, by due day or by risk. Filters stay in the address as ids; a name is posted."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Link
from virtual_school.design.filters import ListFilters
from virtual_school.design.list_links import choice_links
from virtual_school.design.selects import PlainSelect
from virtual_school.plans.conditions import PHASES
from virtual_school.plans.presenting import date_words
from virtual_school.plans.workflow import State

from .models import OpinionAsked, SecondMark
from .queue import GROUPS, WAITING, Waiting, waiting
from .risk import LEVELS
from .whose import is_head, is_rater, person_of, staff_authority

PAGE = 40
ORDERS = {"": "Due day", "risk": "Risk"}


class QueueFilters(ListFilters):
    unsaid = ("group", "order")
    order = forms.ChoiceField(label="First", required=False, widget=PlainSelect)
    rater = forms.ChoiceField(label="Rater", required=False, widget=PlainSelect)
    school = forms.ChoiceField(label="School", required=False, widget=PlainSelect)
    phase = forms.ChoiceField(label="Phase", required=False, widget=PlainSelect)
    risk = forms.ChoiceField(label="Risk", required=False, widget=PlainSelect)
    group = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, given: QueryDict, rows: list[Waiting]) -> None:
        raters = {str(one.rater_id): one.rater_name for one in rows if one.rater_id}
        schools = {str(one.plan.school_id): one.plan.school.name for one in rows if one.plan.school}
        every: dict[str, dict[str, str]] = {
            "order": ORDERS,
            "rater": {**dict(sorted(raters.items(), key=lambda pair: pair[1])), "none": "Nobody yet"},
            "school": {**dict(sorted(schools.items(), key=lambda pair: pair[1])), "none": "No school place"},
            "phase": {key: PHASES[key] for key in PHASES if any(one.plan.phase == key for one in rows)},
            "risk": {key: words for key, (words, _) in LEVELS.items()},
            "group": GROUPS,
        }
        super().__init__(given, every)


def in_group(one: Waiting, group: str, person: Person) -> bool:
    state = State(one.plan.state)
    if group == "returned":
        return state == State.RETURNED
    if group == "asked":
        return one.asked
    if state not in WAITING:
        return False
    if group == "mine":
        return one.rater_id == person.user.pk
    return one.rounds > 0 if group == "again" else True


def passes(one: Waiting, chosen: dict[str, str]) -> bool:
    rater, school = chosen.get("rater"), chosen.get("school")
    return (
        (not rater or str(one.rater_id or "none") == rater)
        and (not school or str(one.plan.school_id or "none") == school)
        and (not chosen.get("phase") or one.plan.phase == chosen["phase"])
        and (not chosen.get("risk") or one.risk.level == chosen["risk"])
    )


@dataclass(frozen=True, slots=True)
class QueueRow:
    one: Waiting
    about: str
    due: str
    days: str
    last: str
    risk_words: str
    risk_colour: str
    reasons: str
    rater: str


def row_of(one: Waiting, today: date, person: Person) -> QueueRow:
    plan = one.plan
    at = plan.school.name if plan.school else "No school place"
    year = plan.clocks.get("circumstances", {}).get("year_group")
    about = f"Year {year} · {at}" if isinstance(year, int) and year > 0 else at
    words, colour = LEVELS[one.risk.level]
    verb = "to be mended" if plan.state == State.RETURNED else "to be rated"
    rater = "You" if one.rater_id == person.user.pk else one.rater_name
    return QueueRow(
        one,
        about,
        f"{verb} by {date_words(one.due_on, today)}" if one.due_on else "no day set",
        _days(one.working_days),
        f"last time: {one.last.final.label.lower()}" if one.last else "",
        words,
        colour,
        ", ".join(reason.words for reason in one.risk.reasons),
        rater,
    )


def _days(left: int | None) -> str:
    if left is None:
        return ""
    n = abs(left)
    days = f"{n} working day{'' if n == 1 else 's'}"
    return f"{days} late" if left < 0 else "today" if left == 0 else f"in {days}"


@requires(Permission.CHILD_READ)
def queue(request: HttpRequest) -> HttpResponse:
    authority, person, today = staff_authority(request), person_of(request), timezone.localdate()
    every = waiting(authority, today)
    form = QueueFilters(request.GET, every)
    filtered = [one for one in every if passes(one, form.chosen)]
    asked = request.POST.get("q", "").strip() if request.method == "POST" else ""
    if asked:
        filtered = [one for one in filtered if asked.lower() in one.plan.child.search_text.lower()]
    group = form.cleaned_data["group"]
    rows = [one for one in filtered if in_group(one, group, person)]
    if form.cleaned_data["order"] == "risk":
        rows.sort(key=lambda one: (-one.risk.weight, one.due_on or date.max))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    to_rate = [one for one in every if in_group(one, "", person)]
    marks = SecondMark.objects.filter(authority=authority, marker=person.user, finished_at__isnull=True)
    context: dict[str, Any] = {
        "current": "queue",
        "authority": authority,
        "filter_form": form,
        "groups": _groups(request, group, filtered, person),
        "chips": form.chips(request.GET),
        "rows": [row_of(one, today, person) for one in page.object_list],
        "page": page,
        "asked": asked,
        "total": len(to_rate),
        "late": sum(one.is_late for one in to_rate),
        "high": sum(one.risk.level == "high" for one in to_rate),
        "terms": ", ".join(sorted({term_words(one.plan.term) for one in to_rate})),
        "second_marks": marks.count(),
        "opinions": OpinionAsked.objects.filter(authority=authority, answered_at__isnull=True).count()
        if is_head(person, authority.code)
        else 0,
        "may_rate": is_rater(person, authority.code),
    }
    return render(request, "quality/queue.html", context)


def _groups(request: HttpRequest, current: str, rows: list[Waiting], person: Person) -> list[Link]:
    counted = {group: sum(in_group(one, group, person) for one in rows) for group in GROUPS}
    return choice_links(request.GET, "group", GROUPS, current, counted, {""})
