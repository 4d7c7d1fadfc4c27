"""Whatever is changed in a form, a valid form is left; and what differs is told in words."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.plans.library import library_template, templates
from virtual_school.plans.models import PlanTemplate
from virtual_school.plans.template import OWNERS, REQUIRED
from virtual_school.plans.template_differences import count, differences, edit_words
from virtual_school.plans.template_document import from_document, to_document
from virtual_school.plans.template_edits import laid_over
from virtual_school.plans.template_faults import FaultyTemplate, faults_in
from virtual_school.plans.template_versions import laid_again, own_key, start_of_draft

FORM = library_template("custody")
SECTIONS = [section.key for section in FORM.sections]
FIELDS = [field.key for field in FORM.fields()]

words = st.text(max_size=100)
section_keys, field_keys = st.sampled_from(SECTIONS), st.sampled_from(FIELDS)
edits = st.one_of(
    st.fixed_dictionaries({"edit": st.just("set_label"), "field": field_keys, "label": words}),
    st.fixed_dictionaries({"edit": st.just("set_label"), "section": section_keys, "label": words}),
    st.fixed_dictionaries({"edit": st.just("set_hint"), "field": field_keys, "hint": words}),
    st.fixed_dictionaries({"edit": st.just("switch_section"), "section": section_keys, "is_on": st.booleans()}),
    st.fixed_dictionaries({"edit": st.just("switch_field"), "field": field_keys, "is_on": st.booleans()}),
    st.fixed_dictionaries(
        {"edit": st.just("set_required"), "field": field_keys, "required": st.sampled_from([*REQUIRED, "maybe"])}
    ),
    st.fixed_dictionaries(
        {"edit": st.just("set_owner"), "section": section_keys, "owner": st.sampled_from([*OWNERS, "nobody"])}
    ),
    st.fixed_dictionaries({"edit": st.just("reorder"), "sections": st.permutations(SECTIONS).map(list)}),
    st.builds(
        lambda section, label, kind, waits: {
            "edit": "add_field",
            "section": section,
            "field": {
                "key": f"{section}.own_{label}", "label": label, "kind": kind,
                **({"shown_when": {"field": waits, "in": [True]}} if waits else {}),
            },
        },
        section_keys,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["text", "choice", "yes_no", "table"]),
        st.one_of(st.none(), field_keys),
    ),
)  # fmt: skip


@given(st.lists(edits, max_size=8))
@settings(max_examples=80, deadline=None)
def test_any_sequence_of_edits_leaves_a_valid_form(made: list[dict[str, Any]]) -> None:
    again = laid_again(FORM, made)
    assert list(faults_in(again.template)) == []
    assert from_document(to_document(again.template)) == again.template
    assert len(again.kept) + len(again.lost) == len(made)
    assert all(why for _, why in again.lost)
    assert laid_over(FORM, again.kept) == again.template


@given(st.lists(edits, max_size=6))
@settings(max_examples=60, deadline=None)
def test_statutory_questions_stay_whatever_is_changed(made: list[dict[str, Any]]) -> None:
    changed = laid_again(FORM, made).template
    for before in FORM.fields():
        after = changed.field(before.key)
        assert after is not None
        if before.statutory:
            assert after.is_on and after.statutory == before.statutory
            assert not (before.required != "never" and after.required == "never")


@given(st.lists(edits, max_size=6))
@settings(max_examples=60, deadline=None)
def test_differences_are_told_exactly_where_two_forms_differ(made: list[dict[str, Any]]) -> None:
    changed = laid_again(FORM, made).template
    assert (count(differences(FORM, changed)) == 0) == (changed == FORM)
    assert count(differences(changed, changed)) == 0


@given(edits)
@settings(max_examples=60, deadline=None)
def test_every_edit_that_can_be_made_is_told_in_a_sentence(edit: dict[str, Any]) -> None:
    try:
        laid_over(FORM, [edit])
    except FaultyTemplate:
        return
    told = edit_words(edit, FORM)
    assert told.endswith(".") and told[0] in "“TA"


def test_a_move_names_the_one_that_moved_and_not_all_it_passed() -> None:
    order = [*SECTIONS[1:], SECTIONS[0]]
    moved = laid_over(FORM, [{"edit": "reorder", "sections": order}])
    assert differences(FORM, moved) == {
        "The form": (f"Other places in the order: “{FORM.sections[0].title}”.",),
    }


def test_two_forms_of_the_library_differ_in_words_that_can_be_read() -> None:
    found = differences(library_template("secondary"), library_template("key_stage_4"))
    assert count(found) > 3
    assert all(sentence.endswith(".") for sentences in found.values() for sentence in sentences)


@given(st.text(max_size=120), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_the_key_of_an_own_question_is_always_valid_and_new(label: str, n: int) -> None:
    taken: set[str] = set()
    for _ in range(n + 1):
        key = own_key("sen", label, taken)
        assert key not in taken and len(key) <= 80
        taken.add(key)
        template = laid_over(
            library_template("secondary"),
            [{"edit": "add_field", "section": "sen", "field": {"key": key, "label": "Own", "kind": "text"}}],
        )
        assert template.field(key) is not None


def version(number: int, edits: list[dict[str, Any]], state: str, edition: int = 1) -> PlanTemplate:
    template = laid_over(library_template("secondary"), edits)
    return PlanTemplate(
        phase="secondary", version=number, edits=edits, content=to_document(template), state=state,
        library_version=edition,
    )  # fmt: skip


def test_a_draft_begins_with_the_edits_of_the_version_it_was_made_from() -> None:
    first = {"edit": "set_label", "field": "sen.status", "label": "Needs"}
    second = {"edit": "set_hint", "field": "sen.status", "hint": "Ask."}
    rows = [version(3, [first, second], "draft"), version(2, [first], "in_force"), version(1, [], "retired")]
    start = start_of_draft(rows[0], rows)
    assert start is not None
    form, began = start
    assert began == 1 and form == laid_over(library_template("secondary"), [first])


def test_a_draft_of_an_edition_nobody_holds_has_no_start() -> None:
    rows = [version(3, [], "draft", edition=7), version(2, [], "in_force", edition=8)]
    assert start_of_draft(rows[0], rows) is None


def test_every_shipped_form_can_be_described_against_itself() -> None:
    assert all(differences(one, one) == {} for one in templates())
