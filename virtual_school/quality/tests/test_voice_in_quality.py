"""What a child shared in pages of their own: beside the mark for the child's voice, and in what came of it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from virtual_school.plans.models import Meeting, Target
from virtual_school.plans.tests.meeting_world import plan_meeting
from virtual_school.plans.tests.test_meeting_childs_voice import SECRET, WORDS, answered, said
from virtual_school.plans.tests.writing_world import TODAY, World
from virtual_school.quality.measure_facts import gather
from virtual_school.quality.measured import Measure
from virtual_school.quality.measures import measure

from .world import make, sent_in


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Any) -> Iterator[World]:
    """Maisie asks for something, and keeps something to herself. Her plan and Ellie's are sent in."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        made = make()
        said(made, WORDS, "k2.ask", ["everyone_in_meeting"])
        said(made, SECRET, "k2.hard", [])
        yield made


def counted(world: World, id_: str) -> Measure:
    with world.within():
        facts = gather(world.here, world.term.key)
    assert facts is not None
    return measure(id_, facts)


def no_quotes(world: World) -> None:
    with world.within():
        Target.objects.update(childs_words="")


def test_a_rater_reads_what_the_child_shared_and_nothing_else(world: World) -> None:
    sent_in(world, "maisie")
    page = world.client("adviser").get(world.url("maisie", "rate/")).content.decode()
    assert "Shared in their own pages" in page and WORDS in page
    assert SECRET not in page
    assert page.index("Shared in their own pages") < page.index('id="about-last_targets"')  # under the child's voice


def test_a_plan_changed_by_what_a_child_asked_is_counted(world: World) -> None:
    maisie = world.children["maisie"].pk
    meeting = plan_meeting(world)
    assert answered(world).status_code == 302
    with world.within():
        Meeting.objects.filter(pk=meeting.pk).delete()  # the world writes a whole plan with a meeting of its own
    sent_in(world, "maisie")
    no_quotes(world)
    assert counted(world, "I-PEP-07").hits == (maisie,)
    found = counted(world, "I-PEP-08")
    assert found.hits == (maisie,)
    assert found.parts == (("an action was promised for what the child asked", 1),)


def test_an_answer_alone_changes_no_plan(world: World) -> None:
    sent_in(world, "maisie")
    no_quotes(world)
    found = counted(world, "I-PEP-08")
    assert (found.hits, found.misses) == ((), (world.children["maisie"].pk,))
