"""What other pages show of attendance."""

from typing import Any

from django import template

from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.attendance.telling import unread

register = template.Library()


@register.inclusion_tag("attendance/to_read.html", takes_context=True)
def suspensions_to_read(context: template.Context) -> dict[str, Any]:
    """How many suspensions the person was told of and has not read: nothing where there is none."""
    request = context.get("request")
    return {"n": unread(request.person.user) if request and request.person else 0}


@register.simple_tag(takes_context=True)
def rings_schools(context: template.Context) -> bool:
    """Whether the person, in the role chosen, telephones schools for marks."""
    request = context.get("request")
    person = request.person if request else None
    rights = RIGHTS.get(person.role) if person else None
    return rights is not None and rights.sees_authority and Permission.ATTENDANCE_WRITE in rights.permissions
