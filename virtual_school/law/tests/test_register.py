import json
import re
from collections import Counter
from datetime import date

import pytest

from virtual_school.law.obligation import Strength
from virtual_school.law.register import (
    COVERAGE_WORDS,
    LONGEST_TITLE,
    STRENGTH_WORDS,
    Duty,
    FaultyRegister,
    read_register,
    register,
)
from virtual_school.law.tests.ids import IDS

DUTIES = register().duties.values()

HEAD = """
position_on = 2026-11-24
[confidence]
R = "Read"
U = "Recalled"
[sources]
CPR = { short = "Care Planning Regulations 2010", title = "Care Planning Regulations", read = "Reg 33" }
"""

REVIEW = """
[[duty]]
id = "REV-03"
title = "First review"
area = "Review"
who = "Local authority"
strength = "must"
confidence = "R"
citation = "CPR reg 33(1)"
coverage = "rule"
plain = "The first review is held within 20 working days."
"""


def duties_of(text: str) -> list[Duty]:
    return list(read_register(HEAD + text).duties.values())


def test_every_duty_of_the_document_is_in_the_register_once() -> None:
    assert Counter(duty.id for duty in DUTIES) == Counter(IDS)


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.id)
def test_every_duty_says_by_what_authority_and_how_surely(duty: Duty) -> None:
    assert duty.citation
    assert duty.confidence_words
    assert duty.strength in {str(strength) for strength in Strength}
    assert duty.strength_words
    assert duty.coverage in COVERAGE_WORDS


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.id)
def test_every_duty_reads_as_plain_words(duty: Duty) -> None:
    assert len(duty.title) <= LONGEST_TITLE
    assert duty.plain.endswith(".")
    shown = (duty.title, duty.who, duty.plain, duty.trigger, duty.deadline, duty.evidence, duty.exceptions)
    for text in (*shown, duty.policy):
        assert not re.search(r"[`*]|\b(VSH|IRO|DCS|LA|G18|n/v)\b|PP\+", text), text
        assert text == text.strip()


def test_titles_are_unique() -> None:
    assert [title for title, count in Counter(duty.title for duty in DUTIES).items() if count > 1] == []


def test_every_source_code_a_citation_uses_is_written_out() -> None:
    codes = "|".join(re.escape(code) for code in register().sources)
    left = [duty.id for duty in DUTIES if re.search(rf"\b({codes})\b", duty.citation)]
    assert left == []


def test_every_reference_to_another_duty_leads_to_one() -> None:
    for duty in DUTIES:
        texts = (duty.plain, duty.deadline, duty.evidence, duty.exceptions, duty.policy, duty.strength_note)
        for text in texts:
            for named in re.findall(r"\b(?:[A-Z]{2,3}|P16)-\d\d\b", text):
                assert named in register().duties, f"{duty.id} names {named}"


def test_what_was_not_read_or_not_verified_is_uncertain() -> None:
    duties = register().duties
    assert duties["VS-18"].uncertain
    assert duties["ADM-05"].uncertain
    assert duties["PPP-05"].uncertain
    assert not duties["REV-03"].uncertain


def test_what_is_uncertain_says_what_the_council_has_to_settle() -> None:
    assert [duty.id for duty in DUTIES if duty.uncertain and not duty.policy] == []


def test_a_citation_names_its_source_in_words_and_keeps_the_code() -> None:
    duty = register().duties["REV-03"]
    assert duty.citation == "Care Planning Regulations 2010, reg 33(1)"
    assert duty.citation_in_codes == "CPR reg 33(1)"
    assert register().duties["ADM-05"].citation == "School Admissions Code 2021, section 2 (paragraph not verified)"


def test_areas_hold_every_duty_in_the_order_of_the_register() -> None:
    areas = register().areas()
    assert next(iter(areas)) == "Virtual school head"
    assert [duty.id for duties in areas.values() for duty in duties] == list(IDS)


def test_a_search_finds_duties_that_hold_every_word() -> None:
    assert [duty.id for duty in register().search("rev-03")] == ["REV-03"]
    found = {duty.id for duty in register().search("20 SCHOOL days emergency")}
    assert "SCH-04" in found
    assert register().search("   ") == ()
    assert register().search("zebra") == ()


def test_the_register_as_json_holds_what_was_promised() -> None:
    rows = json.loads(json.dumps(register().as_json()))
    assert len(rows) == len(IDS)
    promised = {"id", "title", "area", "who", "strength", "confidence", "citation", "coverage"}
    promised |= {"in_force_from", "in_force_to", "plain", "uncertain", "policy"}
    assert all(promised <= set(row) for row in rows)
    kinship_offer = next(row for row in rows if row["id"] == "KIN-08")
    assert kinship_offer["in_force_from"] == "2026-06-29"
    assert kinship_offer["in_force_to"] is None


def test_a_duty_not_yet_in_force_binds_only_from_the_day_the_council_sets() -> None:
    duty = register().duties["KIN-01"]
    assert duty.switch == "kin_start_date"
    assert not duty.is_in_force_on(date(2030, 1, 1))
    assert not duty.is_in_force_on(date(2027, 3, 31), started_on=date(2027, 4, 1))
    assert duty.is_in_force_on(date(2027, 4, 1), started_on=date(2027, 4, 1))


def test_a_dated_duty_binds_from_its_day() -> None:
    duty = register().duties["KIN-08"]
    assert not duty.is_in_force_on(date(2026, 6, 28))
    assert duty.is_in_force_on(date(2026, 6, 29))
    assert register().duties["REV-03"].is_in_force_on(date(2026, 6, 29))


def test_a_duty_that_has_ended_binds_to_its_last_day() -> None:
    (duty,) = duties_of(REVIEW + "in_force_from = 2020-01-01\nin_force_to = 2020-09-24\n")
    assert duty.is_in_force_on(date(2020, 9, 24))
    assert not duty.is_in_force_on(date(2020, 9, 25))


def test_strengths_shown_on_screen_are_those_obligations_know() -> None:
    assert set(STRENGTH_WORDS) | {"local"} == {str(strength) for strength in Strength}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        pytest.param('who = "Local authority"\n', "", "REV-03 has no who", id="a field left out"),
        pytest.param('id = "REV-03"\n', "", "duty number 1 has no id", id="no id"),
        pytest.param('title = "First review"', 'title = " "', "REV-03 has no title", id="an empty field"),
        pytest.param('"must"', '"maybe"', "strength 'maybe', not one of must", id="an unknown strength"),
        pytest.param('"rule"', '"magic"', "coverage 'magic', not one of rule", id="an unknown coverage"),
        pytest.param('"R"', '"good"', "confidence 'good', not of R, U", id="an unknown confidence"),
        pytest.param('"R"', '"R/S"', "confidence 'R/S', not of R, U", id="a confidence not explained"),
        pytest.param('"First review"', f'"{"a" * 91}"', "title of 91 characters", id="a long title"),
        pytest.param('plain = "', 'colour = "red"\nplain = "', "does not know: colour", id="an unknown field"),
        pytest.param('plain = "', 'in_force_from = "soon"\nplain = "', "'soon', which is not a date", id="no date"),
        pytest.param('plain = "', 'not_yet_in_force = true\nplain = "', "needs a switch", id="no switch"),
        pytest.param(REVIEW, REVIEW + REVIEW, "Two duties have the id REV-03", id="an id twice"),
        pytest.param(
            REVIEW,
            REVIEW + REVIEW.replace("REV-03", "REV-04"),
            "REV-03 and REV-04 have one title",
            id="a title twice",
        ),
        pytest.param(REVIEW, "", "holds no duty", id="empty"),
        pytest.param(REVIEW, "[[duty", "no valid TOML", id="not TOML"),
    ],
)
def test_a_faulty_register_is_refused_by_name(old: str, new: str, complaint: str) -> None:
    assert old in REVIEW
    with pytest.raises(FaultyRegister, match=complaint):
        duties_of(REVIEW.replace(old, new, 1))


def test_a_register_without_a_day_is_refused() -> None:
    with pytest.raises(FaultyRegister, match="position_on"):
        read_register(REVIEW)
