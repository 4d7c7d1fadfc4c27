from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from virtual_school.design.components import Cell, Chip, Column, Duty, DutyRow, Figure, NextItem, Table, Task, Why
from virtual_school.design.templatetags import design_tags
from virtual_school.law.obligation import State, Strength

STYLESHEET = (Path(design_tags.__file__).parents[1] / "static" / "design" / "app.css").read_text()


def drawn(source: str, **context: object) -> str:
    return Template("{% load design_tags %}" + source).render(Context(context))


@pytest.mark.parametrize("state", list(State))
def test_every_state_of_a_duty_has_its_words(state: State) -> None:
    assert ("govuk-tag" in design_tags.state_tag(state)) == (state != State.NOT_APPLICABLE)


@pytest.mark.parametrize("kind", list(Strength))
def test_every_strength_has_its_words_and_a_shape_of_its_own(kind: Strength) -> None:
    assert f'class="app-strength app-strength--{kind}"' in design_tags.strength(kind)
    assert kind == Strength.SHOULD or f".app-strength--{kind} {{" in STYLESHEET


def test_the_words_and_colours_of_states() -> None:
    assert design_tags.state_tag("overdue") == '<strong class="govuk-tag govuk-tag--red">Overdue</strong>'
    assert design_tags.state_tag("does_not_apply") == '<span class="app-na">Does not apply</span>'


def test_dates_and_money_in_words() -> None:
    day = date(2026, 6, 29)
    assert design_tags.long_date(day) == "29 June 2026"
    assert design_tags.day_date(day) == "Mon 29 June"
    assert design_tags.long_date(None) == design_tags.day_date("") == design_tags.money(None) == ""
    assert design_tags.money(114050) == "£1,140.50"
    assert design_tags.money(-500) == "−£5"


def test_a_moment_is_shown_as_the_day_it_is_in_london() -> None:
    assert design_tags.long_date(datetime(2026, 6, 29, 23, 30, tzinfo=UTC)) == "30 June 2026"


def test_links_to_pages_keep_the_filters() -> None:
    request = RequestFactory().get("/children/?stage=4&page=2")
    html = drawn("{% pagination page %}", page=Paginator(range(200), 20).page(2), request=request)
    assert 'href="?stage=4&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1
    assert "govuk-pagination" not in drawn("{% pagination page %}", page=Paginator([1], 20).page(1))


def test_a_stacked_table_writes_its_roles_and_column_names() -> None:
    table = Table("Search", ["School", Column("Minutes", number=True)], [[Cell("A & B", "#", "Eastmarch"), 18]])
    html = drawn("{% words_table table %}", table=table)
    for markup in (
        'role="table"',
        'role="rowheader"',
        'role="columnheader"',
        'data-l="Minutes"',
        "A &amp; B",
        "<small>Eastmarch</small>",
    ):
        assert markup in html


def test_a_table_of_numbers_scrolls_inside_itself() -> None:
    html = drawn("{% numbers_table table %}", table=Table("Load", ["Who", Column("n", True)], [["Priya Nair", 3]]))
    assert '<div class="app-scroll" tabindex="0" role="region" aria-label="Load">' in html
    assert '<td class="govuk-table__cell app-num">3</td>' in html


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError):
        drawn("{% words_table table %}", table=Table("Search", ["School", "Journey"], [["A"]]))


def test_figures_duties_and_chips_show_what_they_are_given() -> None:
    html = drawn(
        '{% figures figures "Five" %}{% duty duty %}{% filter_chips chips %}{% panel "Done" "Sent to the school" %}',
        figures=[Figure("17", "plans late", "331 done", "/plans/", alert=True)],
        duty=Duty("Review", "must", "reg 33(1)", [DutyRow("Ayaan", "Ruth to hold it", "Mon 23 November", "overdue")]),
        chips=[Chip("Year 10", "?")],
    )
    for words in ("app-figure--alert", "Law: must", "Overdue", "Ruth to hold it", "Remove the filter Year 10"):
        assert words in html


def test_what_comes_next_is_shown_with_its_reasons() -> None:
    why = Why("must", "reg 33(1)", steps=["Day 0 is 2 March"], held=["the placement"], missing=["a date"])
    html = drawn(
        "{% next_panel items %}", items=[NextItem("Ruth to hold it", "by Mon 30 November", "overdue", "must", why=why)]
    )
    for words in ("Ruth to hold it", "Why?", "Day 0 is 2 March", "Evidence held: the placement.", "missing: a date."):
        assert words in html
    assert "Nothing is asked now" in drawn("{% next_panel items %}", items=[])


def test_only_work_to_do_is_coloured_in_a_task_list() -> None:
    tasks = [Task("School", "Not started", "/school/", "Maths to fill", "grey"), Task("Views", "Completed", "/views/")]
    html = drawn('{% task_list tasks "plan" %}', tasks=tasks)
    assert html.count('<strong class="govuk-tag') == 1
    assert 'aria-describedby="plan-2-status"' in html


def test_what_was_done_and_what_is_told_stand_in_banners_of_their_own() -> None:
    sent = [Message(constants.SUCCESS, "Saved"), Message(constants.WARNING, "The school has no e-mail")]
    html = drawn('{% include "design/components/messages.html" %}', messages=iter(sent))
    done, told = html.split("govuk-notification-banner--success")[1].split('role="region"')
    assert "Saved" in done
    assert "The school has no e-mail" in told
    assert "banner" not in drawn('{% include "design/components/messages.html" %}')


def test_a_table_shows_values_as_a_template_does() -> None:
    table = Table("A & B", ["Name", "What"], [[Cell("<b>", "?a=1&b=2"), None], [date(2026, 6, 29), 1234]])
    for html in (drawn("{% words_table table %}", table=table), drawn("{% numbers_table table %}", table=table)):
        assert '<a class="govuk-link" href="?a=1&amp;b=2">&lt;b&gt;</a>' in html
        assert "A &amp; B" in html
        assert f">{drawn('{{ day }}', day=date(2026, 6, 29))}</th>" in html
        assert "None</td>" in html
        assert "1234</td>" in html


def test_a_row_of_a_duty_escapes_what_it_is_given() -> None:
    row = DutyRow("O’Hara & Sons", "to <call>", "Mon 5 June", "overdue", "Year 5", "1 day late", "/a?b&c", "must")
    html = drawn("{% obligations rows %}", rows=[row])
    assert '<a class="govuk-link" href="/a?b&amp;c">O’Hara &amp; Sons</a><small>Year 5</small><br>' in html
    assert "to &lt;call&gt;" in html
    assert "app-strength--must" in html
    assert "1 day late" in html


def test_a_count_has_its_thousands_apart_and_what_is_no_count_has_not() -> None:
    table = Table("By year", ["Year", "Kept", Column("Half days", number=True)], [["2026/27", 2026, 31296]])
    for html in (drawn("{% words_table table %}", table=table), drawn("{% numbers_table table %}", table=table)):
        assert "31,296</td>" in html
        assert ">2026</td>" in html
