"""The rows under a duty or a child, as one string: by a template, fifty of them took a third of a page's time."""

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe

from .components import DutyRow
from .marks import state_tag, strength
from .tables import shown, small


def _row(row: DutyRow) -> str:
    name = shown(row.name)
    if row.url:
        name = f'<a class="govuk-link" href="{shown(row.url)}">{name}</a>'
    mark = f"<br>{strength(row.strength)}" if row.strength else ""
    return (
        f'<li class="app-obligation"><span class="app-obligation__who">{name}{small(row.about)}{mark}</span>'
        f'<span class="app-obligation__what">{shown(row.what)}</span>'
        f'<span class="app-obligation__due">{shown(row.due)}{small(row.days)}</span>'
        f'<span class="app-obligation__state">{state_tag(row.state)}</span></li>'
    )


def obligations(rows: Iterable[DutyRow]) -> SafeString:
    drawn = "".join(_row(row) for row in rows)
    return mark_safe(f'<ul class="app-obligations">{drawn}</ul>')  # noqa: S308 (every part is escaped)
