import json
from dataclasses import replace
from typing import Any

import pytest

from virtual_school.plans.document import ColumnPart, FieldPart, PersonLine, PlanDocument, SectionPart
from virtual_school.plans.document_format import to_json
from virtual_school.plans.library import templates
from virtual_school.plans.readers import for_reader, level_of, levels_of_field
from virtual_school.plans.reading_levels import CARE_TEAM, COPY_WORDS, EVERYONE, LEVEL_OF_KEY, LEVELS, Reader

from .plan_documents import ADDRESS, ASYLUM, SCORE, maisies

R = Reader


def copy_for(reader: Reader, document: PlanDocument | None = None, **decisions: Any) -> PlanDocument:
    if reader is R.PARENT:
        decisions.setdefault("withheld", ())
    return for_reader(document or maisies(), reader, **decisions)


def text_of(document: PlanDocument) -> str:
    return json.dumps(to_json(document), ensure_ascii=False)


@pytest.mark.parametrize("reader", Reader)
def test_nobody_sees_an_address(reader: Reader) -> None:
    document = maisies()
    hidden = replace(
        document,
        extra={"home_address": ADDRESS},
        sections=(
            *document.sections,
            SectionPart(key="education", title="School", fields=(
                FieldPart(key="education.travel", label="Travel", kind="table",
                          value=[{"postcode": ADDRESS, "how": "bus"}],
                          columns=(ColumnPart(key="postcode", label="From"), ColumnPart(key="how", label="How")),
                          words=ADDRESS),
                FieldPart(key="education.new", label="New", kind="text", level="shared",
                          value={"address": ADDRESS, "how": "bus"}),
            )),
        ),
    )  # fmt: skip
    assert ADDRESS in text_of(hidden)
    assert ADDRESS not in text_of(copy_for(reader, hidden, permitted=LEVELS))


@pytest.mark.parametrize("reader", Reader)
def test_scores_and_restricted_words_are_for_the_care_team(reader: Reader) -> None:
    words = text_of(copy_for(reader))
    assert (SCORE in words) == (reader in CARE_TEAM)
    assert (ASYLUM in words) == (reader in CARE_TEAM)


def test_a_school_sees_what_helps_and_the_score_by_permission_only() -> None:
    assert "Offer two choices" in text_of(copy_for(R.DESIGNATED_TEACHER))
    assert SCORE in text_of(copy_for(R.DESIGNATED_TEACHER, permitted={"sdq"}))
    assert SCORE not in text_of(copy_for(R.DESIGNATED_TEACHER, permitted={"sdq"}, withheld={"sdq"}))


def test_a_carer_sees_own_words_and_how_to_reach_the_school_but_not_the_mothers_number() -> None:
    words = text_of(copy_for(R.CARER))
    assert "She worries on Sundays" in words
    assert "a.khan@moorcroft.example" in words
    assert "07700 900 456" not in words
    assert "A999000110042" not in words


def test_the_young_persons_copy_has_no_money_and_no_adults_notes() -> None:
    copy = copy_for(R.YOUNG_PERSON)
    words = text_of(copy)
    assert not any(target.cost_lines for target in copy.targets)
    assert "tuition at home" not in words
    assert "She worries on Sundays" not in words
    assert "I hate reading out loud" in words
    assert copy.plan.rating == ""


def test_a_parents_copy_needs_a_decision_about_what_is_withheld() -> None:
    with pytest.raises(ValueError, match="withheld"):
        for_reader(maisies(), R.PARENT)


def test_a_parent_does_not_learn_who_the_carer_is_even_from_free_text() -> None:
    words = text_of(copy_for(R.PARENT))
    assert "Sue Palmer" not in words and "07700 900 123" not in words
    assert "Lives well with [foster carer]." in words
    assert "Moorcroft High School" in words


def test_where_the_school_is_withheld_from_a_parent_its_name_is_nowhere() -> None:
    words = text_of(copy_for(R.PARENT, withheld={"school"}))
    for hidden in ("Moorcroft", "999104", "Asha Khan", "a.khan@"):
        assert hidden not in words
    assert "Read a chapter" in words


def test_a_whole_section_may_be_withheld() -> None:
    assert "attendance" not in {each.key for each in copy_for(R.PARENT, withheld={"attendance"}).sections}


@pytest.mark.parametrize("decision", [{"permitted": {"sqd"}}, {"withheld": {"shcool"}}])
def test_a_decision_that_names_nothing_known_is_refused(decision: dict[str, set[str]]) -> None:
    with pytest.raises(ValueError, match="No such level or section"):
        for_reader(maisies(), R.CARER, **decision)


@pytest.mark.parametrize("reader", sorted(EVERYONE - {R.VIRTUAL_SCHOOL, R.SOCIAL_WORKER, R.REVIEWING_OFFICER}))
def test_what_nobody_gave_a_level_is_closed(reader: Reader) -> None:
    unheard = FieldPart(key="brand_new.thing", label="Thing", kind="text", words="quince")
    new = SectionPart(key="brand_new", title="New", fields=(unheard,))
    odd = FieldPart(key="education.odd", label="Odd", kind="text", words="medlar", level="no such level")
    stranger = PersonLine(name="Quentin Medlar", role="Somebody unheard of")
    document = maisies()
    document = replace(
        document,
        people=(*document.people, stranger),
        sections=(*document.sections, new, SectionPart(key="education", title="E", fields=(odd,))),
        extra={"unheard": "quince"},
    )
    words = text_of(copy_for(reader, document))
    assert "quince" not in words and "medlar" not in words and "Quentin" not in words


def test_the_level_of_a_template_field_comes_before_its_key() -> None:
    assert level_of("brand_new.thing", "shared") == "shared"
    assert levels_of_field(FieldPart(key="education.sdq_total", label="", kind="number")) == ("shared", "sdq")
    assert levels_of_field(FieldPart(key="education.sdq_advice", label="", kind="text")) == (
        "shared",
        "health",
    )


def test_every_field_of_the_shipped_templates_has_a_level() -> None:
    sections = {section.key for template in templates() for section in template.sections if section.fields}
    assert sections <= {key.split(".")[0] for key in LEVEL_OF_KEY}
    every = {field.key for template in templates() for field in template.fields()}
    assert {key for key in every if level_of(key) == "closed"} == set()
    assert set(LEVEL_OF_KEY.values()) <= set(LEVELS)


def test_a_copy_says_whose_it_is_and_every_reader_has_words() -> None:
    assert copy_for(R.CARER).copy_for == "carer"
    assert set(COPY_WORDS) == set(Reader)


@pytest.mark.parametrize("reader", Reader)
def test_a_copy_of_a_copy_is_the_same_copy(reader: Reader) -> None:
    once = copy_for(reader)
    assert copy_for(reader, once) == once


@pytest.mark.parametrize("reader", Reader)
def test_no_copy_holds_a_field_the_whole_has_not(reader: Reader) -> None:
    whole = {field.key for section in maisies().sections for field in section.fields}
    assert {field.key for section in copy_for(reader).sections for field in section.fields} <= whole
