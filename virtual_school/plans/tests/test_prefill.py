"""What the service knows is filled in, in words; a form names no fact that nobody holds."""

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery, Suspension
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Appointment
from virtual_school.care.models import Episode, Review, TwelveMonthOutcomes
from virtual_school.children.models import Child, Involvement
from virtual_school.plans.document import FieldPart, PlanDocument, SectionPart
from virtual_school.plans.gather import child_facts
from virtual_school.plans.known import known
from virtual_school.plans.library import templates
from virtual_school.plans.models import Plan
from virtual_school.plans.readers import for_reader
from virtual_school.plans.reading_levels import Reader
from virtual_school.plans.sources import FORMER, SOURCES
from virtual_school.plans.template_document import from_document, to_document
from virtual_school.schools.models import Enrolment

from .plan_documents import maisies
from .writing_world import LONG_AGO, TODAY, World


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def what_is_known(world: World, day: date = TODAY) -> dict[str, dict[str, Any]]:
    found = known(world.here, child_facts(world.here, day), day)
    return {name: found[child.pk] for name, child in world.children.items() if child.pk in found}


def test_every_fact_a_form_names_is_given_and_every_fact_given_is_named(world: World) -> None:
    """Maisie is at school with everything held; Lacey has no school place."""
    named = {asked.source for template in templates() for asked in template.fields() if asked.source}
    assert named == set(SOURCES)
    with world.within():
        maisie, lacey = world.children["maisie"], world.children["lacey"]
        Child.objects.filter(pk=maisie.pk).update(ethnicity="WBRI", sex="F")
        Appointment.objects.create(
            authority=world.here, kind="virtual_school_head", name="Helen Marsden", email="h@here.example",
            employer="x", starts=LONG_AGO,
        )  # fmt: skip
        Review.objects.create(authority=world.here, child=maisie, on=TODAY + timedelta(days=20))
        TwelveMonthOutcomes.objects.create(authority=world.here, child=maisie, collection_year=2026, sdq_score=15)
        Involvement.objects.create(
            authority=world.here, child=maisie, person=world.people["other social worker"], role="personal_adviser",
            starts=LONG_AGO,
        )  # fmt: skip
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state="published", rating="Good")
        Episode.objects.filter(child=maisie).update(place_location="IN")
        Enrolment.objects.filter(child=lacey).update(ends=TODAY - timedelta(days=7))
        marks_of(world, "maisie", TODAY)
        Suspension.objects.create(
            authority=world.here, child=lacey, category="SUSP", decided_on=TODAY, starts=TODAY, sessions=2
        )
        found = what_is_known(world)
    given = set(found["maisie"]) | set(found["lacey"])
    assert given == set(SOURCES)


def marks_of(world: World, child: str, *days: date) -> None:
    one = world.children[child]
    sender = Sender(Delivery.Source.PAGE, "The school", 0, "The office")
    urn = world.schools["teacher"].urn
    deliver(sender, {one.authority_id: [Given(one.pk, day, urn, "/", "O") for day in days]})


def test_ethnic_background_is_in_words_with_the_code(world: World) -> None:
    with world.within():
        for name, code in (("maisie", "MWBC"), ("ellie", "NOBT"), ("lacey", "WENG")):
            Child.objects.filter(pk=world.children[name].pk).update(ethnicity=code)
        found = what_is_known(world)
    assert found["maisie"]["child.ethnicity"] == "White and Black Caribbean (MWBC)"
    assert "child.ethnicity" not in found["ellie"]
    assert found["lacey"]["child.ethnicity"] == "WENG"


def test_days_without_a_place_are_school_days_up_to_now(world: World) -> None:
    with world.within():
        Enrolment.objects.filter(child=world.children["lacey"]).update(ends=date(2026, 11, 17))
        found = what_is_known(world)
    assert found["lacey"]["school.days_without"] == 6  # 17 to 20, 23 and 24 November
    assert "school.days_without" not in found["maisie"]


def test_which_money_a_child_counts_for_is_filled_in(world: World) -> None:
    with world.within():
        Child.objects.filter(pk=world.children["ellie"].pk).update(born=date(2009, 1, 1))
        found = what_is_known(world)
    assert found["maisie"]["funding.eligibility"] == "Pupil premium plus (2026-27)"
    assert "funding.eligibility" not in found["ellie"]


def test_the_virtual_schools_feedback_is_on_the_next_plan_for_those_who_write_it_and_not_for_home(
    world: World,
) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(
            state="published", returned_why="Say how often", rating="Good"
        )
        found = what_is_known(world)
    assert found["maisie"]["plan.feedback"] == "Say how often\nJudged: Good"
    document = with_feedback()
    for reader, sees in ((Reader.DESIGNATED_TEACHER, True), (Reader.CARER, False), (Reader.YOUNG_PERSON, False)):
        assert ("Say how often" in str(for_reader(document, reader))) is sees


def with_feedback() -> PlanDocument:
    asked = FieldPart(key="last_targets.feedback", label="Feedback", kind="long_text", value="", words="Say how often")
    section = SectionPart(
        key="last_targets", title="Last time", owner="designated_teacher", owner_words="", note="", fields=(asked,)
    )
    return dataclasses.replace(maisies(), sections=(section,))


@pytest.mark.parametrize("name", sorted(FORMER))
def test_a_form_kept_from_before_that_names_a_fact_nobody_holds_is_read_as_one_written_by_hand(name: str) -> None:
    document = to_document(templates()[0])
    document["sections"][0]["fields"][0]["source"] = name
    assert from_document(document).sections[0].fields[0].source == ("" if name not in SOURCES else name)
