"""Where a child lives stands in no copy for somebody who may not see it, however it was written down."""

import dataclasses
import re
import string
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from virtual_school.access.person import person_of
from virtual_school.identity.acting import acting
from virtual_school.plans.addresses import LEFT_OUT, without_addresses, without_held
from virtual_school.plans.document import FieldPart, SectionPart
from virtual_school.plans.document_format import to_json
from virtual_school.plans.exporting import document_of
from virtual_school.plans.models import Answer, Plan
from virtual_school.plans.opened import opened
from virtual_school.plans.readers import for_reader
from virtual_school.plans.reading_levels import Reader

from .plan_documents import maisies
from .writing_world import TODAY, World

OUTWARD, INWARD = ["S1", "SW1A", "M60", "B33", "CR2", "DN55", "W1A"], ["1AA", "8TF", "6XH", "1NY", "0BG"]
STREETS = [
    "Elm Road",
    "St Mary's Close",
    "Old Mill Lane",
    "Park Avenue",
    "The Grove",
    "Meadow Way",
    "High St",
    "Oak Drive",
]
PLAIN = ["reads", "90", "words", "a", "minute", "with", "Mr", "Khan", "in", "Year", "9,", "and", "5", "times", "row",
         "set", "2", "of", "the", "way", "KS3", "walk", "road", "3rd", "10", "close", "place"]  # fmt: skip


@st.composite
def postcodes(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(OUTWARD)) + draw(st.sampled_from(["", " ", "  ", "-"])) + draw(st.sampled_from(INWARD))
    return draw(st.sampled_from([text, text.lower()]))


@st.composite
def homes(draw: st.DrawFn) -> str:
    number = draw(st.integers(1, 1999))
    letter = draw(st.sampled_from(["", "a", "B"]))
    flat = draw(st.sampled_from(["", "Flat 3, ", "flat 12 "]))
    return f"{flat}{number}{letter}{draw(st.sampled_from([' ', ', ']))}{draw(st.sampled_from(STREETS))}"


words = st.lists(st.sampled_from(PLAIN), max_size=8).map(" ".join)


@given(words, st.one_of(postcodes(), homes()), words)
def test_no_postcode_and_no_number_with_a_street_is_left_in_any_text(before: str, address: str, after: str) -> None:
    changed = without_addresses(f"{before}: {address}. {after}")
    assert address not in changed and LEFT_OUT in changed
    assert without_addresses(changed) == changed


@given(
    st.lists(st.sampled_from([word for word in PLAIN if word not in {"road", "way", "close", "place"}])).map(" ".join)
)
def test_everyday_words_stay_as_they_are(text: str) -> None:
    assert without_addresses(text) == text


@given(
    st.sampled_from(OUTWARD), st.sampled_from(INWARD), st.sampled_from(["", " ", "\n", " - "]),
    st.text(string.ascii_letters + " ,.", max_size=20),
)  # fmt: skip
def test_a_postcode_that_is_held_is_left_out_however_it_is_spaced(
    outward: str, inward: str, gap: str, around: str
) -> None:
    changed = without_held(f"{around} {outward}{gap}{inward.lower()} {around}", [f"{outward} {inward}"])
    assert not re.search(rf"{outward}[\s-]*{inward}", changed, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    ["a 10 minute walk", "5 times in a row", "set S2 1st", "the 2nd in Year 9 High", "walks 2 miles down the road",
     "moved to Park Lane Primary School", "by 5 December", "Room 4", "2 of 3 street lights", "B12 3rd floor"],
)  # fmt: skip
def test_what_only_looks_a_little_like_an_address_stays(text: str) -> None:
    assert without_addresses(text) == text


def test_a_street_without_a_number_is_left_out_where_it_says_that_somebody_lives_there() -> None:
    assert without_addresses("He lives on Elm Road with Sue") == f"He lives on {LEFT_OUT} with Sue"
    assert without_addresses("She moved to the Old Mill Lane") == f"She moved to the {LEFT_OUT}"


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


@pytest.mark.parametrize("who", ["teacher", "carer", "social worker", "reviewing officer", "head"])
def test_the_copy_of_whoever_asks_for_it_themselves_tells_no_address(world: World, who: str) -> None:
    """A teacher or carer sees no record of where the child lives, and their copy leaves it out all the same."""
    with world.within():
        plan = world.plans["maisie"]
        Answer.objects.update_or_create(
            authority=world.here, child=plan.child, plan=plan, field_key="progress.strengths",
            defaults={"section_key": "progress", "value": "Reads at home, 12 Elm Road, S1 1AA, each night"},
        )  # fmt: skip
    person = person_of(world.people[who])
    reader = {"teacher": Reader.DESIGNATED_TEACHER, "head": Reader.VIRTUAL_SCHOOL, "carer": Reader.CARER}.get(
        who, Reader.REVIEWING_OFFICER
    )
    with acting(person.claims):
        held = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        told = str(to_json(document_of(opened(held, held.child, person), reader)))
    assert "S1 1AA" not in told and "Reads at home" in told
    assert ("12 Elm Road" in told) is (who == "head")


def test_a_carers_name_is_left_out_of_words_for_who_may_not_know_the_home_although_they_have_no_account() -> None:
    document = maisies()
    section = SectionPart(
        key="people", title="People", owner="social_worker", owner_words="Social worker", note="",
        fields=(FieldPart(key="people.carer", label="Carer", kind="text", value="Beth Ackroyd", words="Beth Ackroyd"),),
    )  # fmt: skip
    said = SectionPart(
        key="progress", title="Progress", owner="designated_teacher", owner_words="Designated teacher", note="",
        fields=(
            FieldPart(
                key="progress.strengths", label="Strengths", kind="long_text", value="",
                words="Beth Ackroyd reads with her, and Mrs Ackroyd comes to school",
            ),
        ),
    )  # fmt: skip
    document = dataclasses.replace(document, sections=(section, said))
    told = str(to_json(for_reader(document, Reader.PARENT, withheld=())))
    assert "Ackroyd" not in told and "[carer] reads with her, and [carer] comes to school" in told
    assert "Mrs Ackroyd" in str(to_json(for_reader(document, Reader.DESIGNATED_TEACHER)))
