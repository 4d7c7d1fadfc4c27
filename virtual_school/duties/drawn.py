"""The register's rows as strings: there are more than a hundred of them, and all but the counts is always the same."""

from functools import lru_cache
from html import escape

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString, mark_safe

from virtual_school.design.addresses import address
from virtual_school.design.marks import state_tag, strength, tag
from virtual_school.law.register import Duty

from .standing import Standing

OPEN = ("overdue", "due_soon", "upcoming", "not_known")


def marks(duty: Duty) -> SafeString:
    """Its strength, and what is to be known before one relies on it."""
    found = [strength(duty.strength, duty.strength_words)]
    if duty.not_yet_in_force:
        found.append(tag("Not yet in force", "grey"))
    if duty.uncertain:
        found.append(tag("Not verified", "purple"))
    return mark_safe(" ".join(found))  # noqa: S308 (marks are escaped)


def counts(standing: Standing, duty: Duty, due_url: str = "") -> SafeString:
    """For how many children it stands open, with the way to them."""
    if not (standing.is_open or standing.not_known):
        met = standing.met or standing.met_late
        words = "Nobody: all met" if met else "Nobody" if duty.coverage == "rule" else "Not counted"
        return mark_safe(f'<span class="app-na">{words}</span>')  # noqa: S308 (our own words)
    items = "".join(
        f'<li class="app-nowrap">{state_tag(state)} {intcomma(n)}</li>'
        for state in OPEN
        if (n := getattr(standing, state))
    )
    if due_url:
        about = f'<span class="govuk-visually-hidden">: {escape(duty.title)}</span>'
        items += f'<li><a class="govuk-link" href="{escape(due_url)}">Show who{about}</a></li>'
    return mark_safe(f'<ul class="govuk-list govuk-!-margin-bottom-0">{items}</ul>')  # noqa: S308 (escaped above)


def row(duty: Duty, standing: Standing, due_url: str) -> SafeString:
    before = _what_it_is(duty, address("duties:duty", duty.id))
    return mark_safe(f"{before}{counts(standing, duty, due_url)}</td></tr>")  # noqa: S308 (every part is escaped)


@lru_cache(maxsize=512)
def _what_it_is(duty: Duty, url: str) -> str:
    """A row up to the counts."""
    cell = '<td role="cell" class="govuk-table__cell" data-l='
    small = ""
    if duty.uncertain:
        small = "<small>Not verified in the text: council policy decides</small>"
    elif duty.policy:
        small = "<small>Part is left to council policy</small>"
    return (
        f'<tr role="row" class="govuk-table__row" id="{escape(duty.id)}">'
        '<th role="rowheader" scope="row" class="govuk-table__header">'
        f'<a class="govuk-link" href="{escape(url)}"><strong>{escape(duty.title)}</strong></a> '
        f'<span class="app-muted app-nowrap">{escape(duty.id)}</span><small>{escape(duty.plain)}</small></th>\n'
        f'{cell}"Strength">{marks(duty)}<small>{escape(duty.citation)}</small></td>\n'
        f'{cell}"How covered">{escape(duty.coverage_words)}{small}</td>\n'
        f'{cell}"Open for">'
    )
