"""The first page, by the role somebody has chosen."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child

from . import today_around, today_head, words
from .asks import days_of
from .board import key_of
from .changes import changes
from .freshness import keep_fresh
from .scope import authorities_of, scope_of
from .tasks import ask_for_figures


def today(request: HttpRequest) -> HttpResponse:
    person = request.person
    if person.chosen is None:
        return render(request, "caseload/no_role.html", {})
    if Permission.TODAY_READ not in RIGHTS[person.role].permissions:
        return redirect("access:people")
    return _today(request)


@requires(Permission.TODAY_READ)
def _today(request: HttpRequest) -> HttpResponse:
    role = request.person.role
    if role == Role.BOARD_MEMBER:
        return _board(request)
    if role == Role.YOUNG_PERSON:
        return today_around.young_person(request)
    if role == Role.ADVISER:
        return today_around.adviser(request)
    if RIGHTS[role].sees_authority:
        return _head(request)
    return today_around.around(request)


def _head(request: HttpRequest) -> HttpResponse:
    day = timezone.localdate()
    scope = scope_of(request.person, day)
    [authority] = authorities_of(scope, request.person)
    days = days_of([authority], day)
    calendar = days.school[authority.code]
    shown = {
        "authority": authority,
        "day_line": words.term_words(day, calendar),
        "notes": keep_fresh([authority], day),
        "has_children": Child.objects.filter(authority=authority).exists(),
        "can_import": request.person.can(Permission.IMPORT_RUN, authority.code),
    }
    if shown["has_children"]:
        changed, came, left = changes(scope, day)
        asked = today_head.asked_now(scope, day)
        boxes, lines, told = today_head.duty_boxes(scope, day, days, asked)
        roll = today_head.roll_now(scope)
        load, load_note = today_head.by_adviser(scope, day, asked, roll)
        weeks = today_head.due_by_week(scope, day)
        shown |= {
            "figures": today_head.figures(scope, day, calendar, asked, roll, came, left, "since yesterday"),
            "boxes": boxes,
            "lines": lines,
            "boxes_told": told,
            "not_known": scope.obligations(day).filter(state="not_known").count(),
            "weeks": weeks[0] if weeks else None,
            "weeks_finding": weeks[1] if weeks else "",
            "load": load,
            "load_note": load_note,
            "changes": changed,
        }
    return render(request, "caseload/today_head.html", shown)


def _board(request: HttpRequest) -> HttpResponse:
    authority = Authority.objects.get(code=request.person.authority_code)
    found = cache.get(key_of(authority.code))
    if found is None or found["day"] < timezone.localdate():
        ask_for_figures(authority.code)
    return render(request, "caseload/today_board.html", {"authority": authority, "found": found})
