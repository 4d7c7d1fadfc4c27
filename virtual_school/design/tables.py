"""Tables as one string: by templates, a list of fifty rows asked for three hundred of them."""

from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .components import Cell, Column, Table
from .marks import state_tag


def shown(value: Any) -> str:
    """As a template shows a value."""
    return escape(value) if type(value) is str else conditional_escape(localize(value))


def small(words: Any) -> str:
    """Beneath what is said; nothing where there are no words."""
    return f"<small>{shown(words)}</small>" if words else ""


def cell(value: Any) -> str:
    if not isinstance(value, Cell):
        return shown(value)
    words = shown(value.text)
    if value.url:
        words = f'<a class="govuk-link" href="{shown(value.url)}">{words}</a>'
    elif value.strong:
        words = f"<strong>{words}</strong>"
    state = f" {state_tag(value.state)}" if value.state else ""
    return f"{words}{state}{small(value.small)}"


def _caption(table: Table) -> str:
    size = "govuk-table__caption--m" if table.show_caption else "govuk-visually-hidden"
    return f'<caption class="govuk-table__caption {size}">{shown(table.caption)}</caption>'


def _in(column: Column, value: Any) -> str:
    """A cell of this column: a count has its thousands apart, as in sentences."""
    return f"{value:,}" if column.number and type(value) is int else cell(value)


def _number(column: Column) -> str:
    return " app-num" if column.number else ""


def words_table(table: Table) -> SafeString:
    """A table of words: on a phone each row becomes a card. Its parts say what they are, since cards are no table to
    a browser."""
    columns: list[Column] = list(table.columns)  # type: ignore[arg-type]
    heads = "".join(
        f'<th role="columnheader" scope="col" class="govuk-table__header{_number(column)}">{shown(column.name)}</th>'
        for column in columns
    )
    starts = [
        f'<td role="cell" class="govuk-table__cell{_number(column)}" data-l="{shown(column.name)}">'
        for column in columns[1:]
    ]
    rows = []
    for first, *others in table.rows:
        each = zip(starts, columns[1:], others, strict=True)
        cells = "".join(f"{start}{_in(column, value)}</td>" for start, column, value in each)
        rows.append(
            f'<tr role="row" class="govuk-table__row"><th role="rowheader" scope="row" class="govuk-table__header">'
            f"{cell(first)}</th>{cells}</tr>"
        )
    body = "\n".join(rows)
    return mark_safe(  # noqa: S308 (every part is escaped)
        f'<table role="table" class="govuk-table app-table app-stack">{_caption(table)}\n'
        f'<thead role="rowgroup" class="govuk-table__head"><tr role="row" class="govuk-table__row">{heads}</tr></thead>\n'
        f'<tbody role="rowgroup" class="govuk-table__body">\n{body}\n</tbody></table>\n'
    )


def numbers_table(table: Table) -> SafeString:
    """A table of numbers: on a phone it scrolls inside itself."""
    columns: list[Column] = list(table.columns)  # type: ignore[arg-type]
    heads = "".join(
        f'<th scope="col" class="govuk-table__header{_number(column)}">{shown(column.name)}</th>' for column in columns
    )
    starts = [f'<td class="govuk-table__cell{_number(column)}">' for column in columns[1:]]
    rows = []
    for first, *others in table.rows:
        each = zip(starts, columns[1:], others, strict=True)
        cells = "".join(f"{start}{_in(column, value)}</td>" for start, column, value in each)
        rows.append(
            f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{cell(first)}</th>{cells}</tr>'
        )
    body = "\n".join(rows)
    tight = " app-tight" if table.tight else ""
    return mark_safe(  # noqa: S308 (every part is escaped)
        f'<div class="app-scroll" tabindex="0" role="region" aria-label="{shown(table.caption)}">'
        f'<table class="govuk-table app-table app-sticky{tight}">{_caption(table)}\n'
        f'<thead class="govuk-table__head"><tr class="govuk-table__row">{heads}</tr></thead>\n'
        f'<tbody class="govuk-table__body">\n{body}\n</tbody></table></div>\n'
    )
