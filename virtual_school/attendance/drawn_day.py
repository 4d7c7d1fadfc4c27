"""The rows of a day's list as strings: by a template, a hundred of them took a fifth of the page's time."""

from django.utils.safestring import SafeString, mark_safe

from virtual_school.design.addresses import address_of
from virtual_school.design.tables import shown, small

from .who_is_where import NO_SCHOOL, NOT_KNOWN, Doing, Listed

CELL = '<td role="cell" class="govuk-table__cell" data-l='


def _doing(does: Doing) -> str:
    what = shown(does.what)
    if does.is_late:
        what = f'<strong class="app-fault">{what}: this day has passed</strong>'
    return f"<strong>{shown(does.owner)}</strong><small>{what}</small>"


def _now(one: Listed, group: str) -> str:
    if one.doing:
        return "".join(_doing(does) for does in one.doing)
    words = "Nothing is written down"
    if group in (NOT_KNOWN, NO_SCHOOL):
        words = f'<strong class="app-fault">{words}</strong>'
    return words + small(f"Adviser: {one.adviser}" if one.adviser else "")


def day_row(one: Listed, group: str, is_away: bool) -> SafeString:
    """With `is_away`, where the child is and who does what now."""
    where = f'{CELL}"Where">{shown(one.where)}</td>' if is_away else ""
    now = f'{CELL}"Who does what now">{_now(one, group)}</td>' if is_away else ""
    came = small(one.row.came.words) if one.row.came else ""
    url = address_of("attendance:of_child", one.row.public_id)
    return mark_safe(  # noqa: S308 (every part is escaped)
        '<tr role="row" class="govuk-table__row"><th role="rowheader" scope="row" class="govuk-table__header">'
        f'<a class="govuk-link" href="{url}">{shown(one.row.name)}</a><small>{shown(one.about)}</small></th>{where}'
        f'{CELL}"Mark">{shown(one.mark)}{came}</td>'
        f'{CELL}"What is known">{shown(one.known)}{small(one.small)}</td>{now}</tr>'
    )
