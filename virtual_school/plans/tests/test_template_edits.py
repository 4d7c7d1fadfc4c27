from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.plans.library import library_template
from virtual_school.plans.template import Template
from virtual_school.plans.template_document import from_document, to_document
from virtual_school.plans.template_edits import laid_over
from virtual_school.plans.template_faults import FaultyTemplate

PRIMARY = library_template("primary")
SECTIONS = [section.key for section in PRIMARY.sections]


def edited(*edits: dict[str, Any]) -> Template:
    return laid_over(PRIMARY, edits)


def field(template: Template, key: str) -> Any:
    found = template.field(key)
    assert found is not None
    return found


def test_no_edits_change_nothing() -> None:
    assert edited() == PRIMARY


def test_a_label_and_a_hint_can_be_given_other_words_even_on_a_statutory_field() -> None:
    template = edited(
        {"edit": "set_label", "field": "sen.status", "label": "Additional needs"},
        {"edit": "set_hint", "field": "sen.status", "hint": "Ask the SENCO."},
        {"edit": "set_label", "section": "sen", "label": "Additional needs"},
        {"edit": "set_hint", "section": "sen", "hint": "Short."},
    )
    assert field(template, "sen.status").label == "Additional needs"
    assert field(template, "sen.status").hint == "Ask the SENCO."
    section = template.section("sen")
    assert section is not None and (section.title, section.hint) == ("Additional needs", "Short.")


def test_a_field_that_is_not_statutory_can_be_switched_off_and_on() -> None:
    off = edited({"edit": "switch_field", "field": "education.travel", "is_on": False})
    assert not field(off, "education.travel").is_on
    assert laid_over(off, [{"edit": "switch_field", "field": "education.travel", "is_on": True}]) == PRIMARY


def test_a_section_without_statutory_fields_can_be_switched_off() -> None:
    section = edited({"edit": "switch_section", "section": "permissions", "is_on": False}).section("permissions")
    assert section is not None and not section.is_on


def test_an_own_field_is_added_where_it_is_wanted_and_marked() -> None:
    new = {"key": "education.own_breakfast", "label": "Breakfast club", "kind": "yes_no"}
    template = edited({"edit": "add_field", "section": "education", "field": new, "after": "education.school"})
    section = template.section("education")
    assert section is not None
    assert [part.key for part in section.fields][:2] == ["education.school", "education.own_breakfast"]
    assert field(template, "education.own_breakfast").added_by_authority


def test_owner_and_time_can_be_set() -> None:
    template = edited(
        {"edit": "set_owner", "section": "interests", "owner": "designated_teacher"},
        {"edit": "set_required", "field": "education.travel", "required": "before_submit"},
    )
    section = template.section("interests")
    assert section is not None and section.owner == "designated_teacher"
    assert field(template, "education.travel").required == "before_submit"


def test_a_section_that_an_order_does_not_know_stays_behind_the_one_it_stood_behind() -> None:
    order = [key for key in reversed(SECTIONS) if key != "care"]
    keys = [section.key for section in edited({"edit": "reorder", "sections": order}).sections]
    assert keys == [*order, "care"]
    assert SECTIONS.index("care") == SECTIONS.index("about_child") + 1


@settings(max_examples=25, deadline=None)
@given(st.permutations(SECTIONS))
def test_a_whole_order_is_taken_as_given(order: list[str]) -> None:
    assert [section.key for section in edited({"edit": "reorder", "sections": order}).sections] == order


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(SECTIONS), unique=True))
def test_no_order_loses_or_doubles_a_section(order: list[str]) -> None:
    keys = [section.key for section in edited({"edit": "reorder", "sections": order}).sections]
    assert sorted(keys) == sorted(SECTIONS)
    assert [key for key in keys if key in order] == order


def test_fields_are_put_in_order_within_their_section() -> None:
    template = edited({"edit": "reorder", "section": "history", "fields": ["history.gaps", "history.places"]})
    section = template.section("history")
    assert section is not None and [part.key for part in section.fields] == ["history.gaps", "history.places"]


def test_an_edited_template_is_still_a_document() -> None:
    new = {"key": "sen.own_note", "label": "Note", "kind": "text"}
    template = edited({"edit": "add_field", "section": "sen", "field": new})
    assert from_document(to_document(template)) == template


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"edit": "paint"}, "must be one of"),
        ({"edit": ["set_label"]}, "must be one of"),
        ({"edit": "set_label", "field": "sen.status"}, "needs field, label or label, section"),
        ({"edit": "set_label", "field": "sen.gone", "label": "x"}, "no field “sen.gone” in this edition"),
        ({"edit": "set_label", "field": "sen.status", "label": " "}, "must be a text"),
        ({"edit": "set_label", "field": "sen.status", "label": "x" * 91}, "91 characters"),
        ({"edit": "switch_section", "section": "gone", "is_on": False}, "no section “gone” in this edition"),
        ({"edit": "switch_section", "section": "sen", "is_on": False}, "cannot be switched off"),
        ({"edit": "switch_section", "section": "permissions", "is_on": "no"}, "true or false"),
        ({"edit": "switch_field", "field": "sen.status", "is_on": False}, "it helps to meet C4"),
        ({"edit": "set_required", "field": "sen.status", "required": "never"}, "stays required"),
        ({"edit": "set_required", "field": "sen.status", "required": "soon"}, "not 'soon'"),
        ({"edit": "set_owner", "section": "sen", "owner": "postman"}, "no owner called 'postman'"),
        ({"edit": "reorder", "sections": ["sen", "gone"]}, "“gone” is not there"),
        ({"edit": "reorder", "sections": ["sen", "sen"]}, "names each once"),
        (
            {"edit": "add_field", "section": "sen", "field": {"key": "sen.new", "label": "x", "kind": "text"}},
            "begins with “sen.own_”",
        ),
        (
            {"edit": "add_field", "section": "sen", "field": {"key": "sen.own_a", "label": "x", "kind": "song"}},
            "no kind called 'song'",
        ),
        (
            {
                "edit": "add_field",
                "section": "sen",
                "field": {"key": "sen.own_a", "label": "x", "kind": "text"},
                "after": "care.placement",
            },
            "not a field of",
        ),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(edit: dict[str, Any], words: str) -> None:
    with pytest.raises(FaultyTemplate) as fault:
        edited(edit)
    assert words in str(fault.value)


def test_switching_off_what_another_field_waits_for_is_refused() -> None:
    with pytest.raises(FaultyTemplate, match=r"“meeting\.child_there”, which is switched off"):
        edited({"edit": "switch_field", "field": "meeting.child_there", "is_on": False})


def test_an_own_field_cannot_be_added_twice() -> None:
    new = {"edit": "add_field", "section": "sen", "field": {"key": "sen.own_a", "label": "x", "kind": "text"}}
    with pytest.raises(FaultyTemplate, match="stands already"):
        edited(new, new)
