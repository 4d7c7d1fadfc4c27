"""Tags and filters of the house style: `{% load design_tags %}`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.messages import constants
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime

from virtual_school.design.components import Chip, Duty, Figure, NextItem, SummaryRow, Table, Task
from virtual_school.design.dates import in_full
from virtual_school.design.forms import BoundField, errors_of
from virtual_school.design.marks import state_tag, strength, tag
from virtual_school.design.money import pounds
from virtual_school.design.obligations import obligations
from virtual_school.design.pictures.svg import Picture
from virtual_school.design.tables import numbers_table, words_table

register = template.Library()

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


for drawn in (tag, state_tag, strength, obligations, words_table, numbers_table):
    register.simple_tag(drawn)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return (localtime(value) if is_aware(value) else value).date()
    return value if isinstance(value, date) else None


@register.filter
def long_date(value: Any) -> str:
    """29 June 2026; nothing for no date."""
    day = _day(value)
    return in_full(day) if day else ""


@register.filter
def day_date(value: Any) -> str:
    """Mon 29 June; nothing for no date."""
    day = _day(value)
    return f"{DAYS[day.weekday()]} {in_full(day).rsplit(' ', 1)[0]}" if day else ""


@register.filter
def money(pence: int | None) -> str:
    """£1,140.50 from 114050 pence; nothing for none."""
    return "" if pence is None else f"−£{pounds(-pence)}" if pence < 0 else f"£{pounds(pence)}"


@register.filter
def option_id(option: dict[str, Any], base: str) -> str:
    """The id of one radio or checkbox as GOV.UK numbers them: the field's own, then -2, -3 and so on, a divider
    counting too."""
    if "number" in option:
        return base if option["number"] == 1 else f"{base}-{option['number']}"
    numbers = [int(part) + 1 for part in str(option["index"]).split("_")]
    return base if all(n == 1 for n in numbers) else "-".join([base, *map(str, numbers)])


@register.filter
def drawing(picture: Picture) -> SafeString:
    """Both sizes of a picture, whose text `design.pictures` has escaped."""
    return mark_safe(picture.wide + picture.narrow)  # noqa: S308


@register.filter
def by_outcome(messages: Iterable[Any] | None) -> dict[str, list[Any]]:
    """What Django's messages say was done, and what else they tell."""
    every = list(messages or ())
    return {
        "done": [one.message for one in every if one.level == constants.SUCCESS],
        "told": [one.message for one in every if one.level != constants.SUCCESS],
    }


@register.simple_tag
def field(bound_field: BoundField, label_class: str = "", heading: bool = False) -> SafeString:
    """A form's field with its label as large as `label_class` (s, m, l, xl), or as the page's heading."""
    return bound_field.render(
        template_name=bound_field.template_name,
        context=bound_field.get_context(label_class=label_class, heading=heading),
    )


@register.inclusion_tag("design/components/error_summary.html", takes_context=True)
def error_summary(context: template.Context, form: Any) -> dict[str, Any]:
    """What is wrong with a form or a set of forms. Once a page: the page's frame shows it for `form` already."""
    shown = context.dicts[0].setdefault("error_summaries_shown", set())
    if not form or id(form) in shown:
        return {"errors": []}
    shown.add(id(form))
    return {"errors": errors_of(form)}


@register.inclusion_tag("design/components/summary_list.html")
def summary_list(rows: Sequence[SummaryRow]) -> dict[str, Any]:
    return {"rows": rows, "any_actions": any(row.actions for row in rows)}


@register.inclusion_tag("design/components/chips.html")
def filter_chips(chips: Sequence[Chip]) -> dict[str, Any]:
    return {"chips": chips}


@register.inclusion_tag("design/components/filters.html")
def filters(form: Any, button: str = "Show") -> dict[str, Any]:
    """A list's filters, sent in its address: give the form `marks_optional = False`, and ids, never names."""
    return {"form": form, "button": button}


@register.inclusion_tag("design/components/task_list.html")
def task_list(tasks: Sequence[Task], prefix: str) -> dict[str, Any]:
    return {"tasks": tasks, "prefix": prefix}


@register.inclusion_tag("design/components/next.html")
def next_panel(items: Sequence[NextItem], title: str = "Next") -> dict[str, Any]:
    """What comes next for a child, five at most, each with its reasons behind "Why?"."""
    return {"items": items, "title": title}


@register.inclusion_tag("design/components/figures.html")
def figures(shown: Sequence[Figure], label: str) -> dict[str, Any]:
    return {"figures": shown, "label": label}


@register.inclusion_tag("design/components/duty.html")
def duty(shown: Duty) -> dict[str, Any]:
    return {"duty": shown}


@register.inclusion_tag("design/components/notification_banner.html")
def notification_banner(words: Any, title: str = "", success: bool = False) -> dict[str, Any]:
    return {"notes": [words], "title": title or ("Success" if success else "Important"), "success": success}


@register.inclusion_tag("design/components/panel.html")
def panel(title: str, body: str = "") -> dict[str, Any]:
    """The confirmation at the end of a task; its title is the page's one h1."""
    return {"title": title, "body": body}


@register.inclusion_tag("design/components/picture.html")
def picture(shown: Picture, title: str, sub: str = "", table: Table | None = None, zoom: Any = ()) -> dict[str, Any]:
    """A picture under its finding, with its table: the picture's own unless another is given."""
    if table is None and shown.rows:
        table = Table(title, shown.columns, shown.rows)
    return {"picture": shown, "title": title, "sub": sub, "table": table, "zoom": zoom}


@dataclass(frozen=True, slots=True)
class PageLinks:
    previous: str
    next: str
    items: list[dict[str, Any]]


@register.inclusion_tag("design/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page, parameter: str = "page") -> dict[str, Any]:
    """Links to a list's pages, which keep the address's other parameters."""
    request = context.get("request")

    def url(number: int) -> str:
        query = request.GET.copy() if request else QueryDict(mutable=True)
        query[parameter] = str(number)
        return f"?{query.urlencode()}"

    paginator = page.paginator
    if paginator.num_pages < 2:
        return {"pages": PageLinks("", "", [])}
    items = [
        {"ellipsis": True}
        if number == Paginator.ELLIPSIS
        else {"number": number, "url": url(int(number)), "current": number == page.number}
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "pages": PageLinks(
            previous=url(page.number - 1) if page.has_previous() else "",
            next=url(page.number + 1) if page.has_next() else "",
            items=items,
        )
    }
