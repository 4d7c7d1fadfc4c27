"""What other pages show of attendance."""

from typing import Any

from django import template
from django.utils import timezone

from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.attendance.alert_list import waiting
from virtual_school.attendance.drawn_day import day_row
from virtual_school.attendance.models_calls import Site
from virtual_school.attendance.places import site_url as address_of
from virtual_school.attendance.telling import unread
from virtual_school.attendance.whose import AT_HOME, whose

register = template.Library()
register.simple_tag(day_row)


@register.inclusion_tag("attendance/to_read.html", takes_context=True)
def attendance_to_read(context: template.Context) -> dict[str, Any]:
    """How many suspensions the person was told of and has not read, and how many alerts are theirs and unseen:
    nothing where there is none."""
    request = context.get("request")
    person = request.person if request else None
    if person is None or person.chosen is None or person.chosen.role in AT_HOME:
        return {"n": 0, "alerts": 0, "late": 0}
    today = timezone.localdate()
    alerts, late = waiting(whose(person, today), person.user.pk, today)
    return {"n": unread(person.user), "alerts": alerts, "late": late}


@register.inclusion_tag("attendance/nothing.html", takes_context=True)
def nothing_to_show(context: template.Context, words: str) -> dict[str, Any]:
    """An empty list, in these words; where the person has no children at all it says that, and where they come from."""
    person = context["request"].person
    of = whose(person, timezone.localdate())
    return {
        "words": words,
        "has_children": of.children().exists(),
        "is_staff": of.is_staff,
        "can_import": Permission.IMPORT_RUN in RIGHTS[of.role].permissions,
    }


@register.simple_tag(takes_context=True)
def rings_schools(context: template.Context) -> bool:
    """Whether the person, in the role chosen, telephones schools for marks."""
    request = context.get("request")
    person = request.person if request else None
    rights = RIGHTS.get(person.role) if person else None
    return rights is not None and rights.sees_authority and Permission.ATTENDANCE_WRITE in rights.permissions


@register.simple_tag
def site_url(page: str, site: Site) -> str:
    """Of a page about a school, or about a place that is not on the register."""
    return address_of(page, site)
