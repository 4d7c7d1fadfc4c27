"""How a promise stands, and what was shared, for the adults' pages."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from virtual_school.children.models import Child
from virtual_school.design.templatetags.design_tags import tag
from virtual_school.voice.queries import entries_of, spoken_of, watched
from virtual_school.voice.rights import roles_of
from virtual_school.voice.views_promises import LABELS, TAGS

register = template.Library()
MORE = {"passed_on": "Passed on", "closed": "Closed with evidence"}


@register.simple_tag
def standing_tag(standing: str) -> SafeString:
    return tag(LABELS[standing], TAGS.get(standing, ""))


@register.simple_tag
def standing_words(standing: str) -> str:
    return {**LABELS, **MORE}[standing]


@register.inclusion_tag("voice/adults/shared.html", takes_context=True)
def shared_voice(context: template.Context, child: Child, cycle: str) -> dict[str, Any]:
    """In a plan: what this reader may read of what was said in its term, the child first."""
    roles = roles_of(context["request"].person, child)
    order = {"child": 0, "carer": 1, "parent": 2}
    entries = sorted(entries_of(child, cycle), key=lambda one: order[one.speaker])
    return {
        "child": child,
        "rows": [(entry, spoken_of(entry, roles)) for entry in entries],
        "watched": watched(child, cycle),
    }
