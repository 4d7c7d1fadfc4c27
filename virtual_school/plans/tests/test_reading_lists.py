"""A list that shows what is in plans shows no more than the plans' own pages would."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from virtual_school.access.models import Membership
from virtual_school.access.tests.factories import UserFactory
from virtual_school.authorities.models import PolicyVersion
from virtual_school.children.models import Involvement
from virtual_school.plans.followup import open_before
from virtual_school.plans.models import Action, Delegation, Plan, Target
from virtual_school.plans.targets import last_targets

from .writing_world import LONG_AGO, TODAY, World

WORDS = "Ask about the laptop"


@pytest.fixture
def world(made_world: World) -> Iterator[World]:
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def promised(world: World, **more: Any) -> Action:
    with world.within():
        maisie = world.children["maisie"]
        return Action.objects.create(
            authority=world.here, child=maisie, plan=world.plans["maisie"], what=WORDS, owner_name="Sue Palmer", **more
        )


def in_state(world: World, state: str) -> None:
    with world.within():
        Plan.objects.filter(pk=world.plans["maisie"].pk).update(state=state, closed_on=TODAY)


def a_colleague(world: World, *, helps: bool = True) -> None:
    """Of Maisie's designated teacher; `helps`: is still given her plan."""
    with world.within():
        bea = world.people["colleague"] = UserFactory(name="Bea Stone", is_invented=True)
        Membership.objects.create(
            user=bea, urn=world.schools["teacher"].urn, role="delegate", starts=LONG_AGO
        )  # fmt: skip
        Involvement.objects.create(
            authority=world.here, child=world.children["maisie"], person=bea, role="delegate", starts=LONG_AGO
        )
        Delegation.objects.create(
            authority=world.here, child=world.children["maisie"], by=world.people["teacher"], to=bea, starts=LONG_AGO,
            ends=None if helps else TODAY - timedelta(days=1),
        )  # fmt: skip


def lists(world: World, who: str) -> dict[str, str]:
    client, maisie = world.client(who), world.children["maisie"].public_id
    return {
        url: client.get(url).content.decode()
        for url in ("/actions/?show=all&state=all", f"/children/{maisie}/actions/?state=all")
    }


@pytest.mark.parametrize("state", ["closed_moved", "closed_left_care", "closed_18", "closed_error", "cancelled"])
@pytest.mark.parametrize("who", ["carer", "colleague"])
def test_what_was_promised_in_a_plan_one_no_longer_reads_is_in_no_list(world: World, who: str, state: str) -> None:
    if who == "colleague":
        a_colleague(world)
    action = promised(world, owner=world.people[who])
    assert all(WORDS in page for page in lists(world, who).values())
    in_state(world, state)
    assert world.client(who).get(f"/actions/{action.public_id}/").status_code == 404
    assert not any(WORDS in page for page in lists(world, who).values())
    assert WORDS not in world.client(who).get("/").content.decode()


def test_a_colleague_whose_help_has_ended_reads_no_words_of_the_plan(world: World) -> None:
    a_colleague(world, helps=False)
    action = promised(world)
    assert not any(WORDS in page for page in lists(world, "colleague").values())
    assert world.client("colleague").get(f"/actions/{action.public_id}/").status_code == 404
    assert "Termly review" not in world.client("colleague").get("/plans/").content.decode()


def test_those_who_read_a_closed_plan_still_find_what_was_promised_in_it(world: World) -> None:
    promised(world)
    in_state(world, "closed_moved")
    for who in ("social worker", "teacher", "adviser", "head"):
        assert all(WORDS in page for page in lists(world, who).values()), who


def test_an_action_of_no_plan_is_shown_to_those_around_the_child(world: World) -> None:
    with world.within():
        Action.objects.create(authority=world.here, child=world.children["maisie"], what=WORDS)
    assert all(WORDS in page for page in lists(world, "carer").values())


@pytest.mark.parametrize(
    ("who", "state", "shown"),
    [
        ("carer", "published", True), ("carer", "submitted", False), ("carer", "cancelled", False),
        ("teacher", "closed_moved", True), ("teacher", "closed_error", False), ("social worker", "cancelled", True),
        ("head", "cancelled", True),
    ],
)  # fmt: skip
def test_the_lists_of_plans_lead_to_no_plan_one_may_not_read(world: World, who: str, state: str, shown: bool) -> None:
    in_state(world, state)
    client, link = world.client(who), world.url("maisie")
    answer = client.get(link).status_code
    assert answer == (200 if shown else 404)
    assert (link in client.get("/plans/").content.decode()) is shown
    assert (link in client.get(f"/children/{world.children['maisie'].public_id}/plans/").content.decode()) is shown


def test_the_councils_own_rights_count_in_every_list(world: World) -> None:
    promised(world)
    with world.within():
        PolicyVersion.objects.create(
            authority=world.here, starts=LONG_AGO,
            choices={"plans": {"rights": {"open": {"carer": "none", "inspector": "none"}}}},
        )  # fmt: skip
    for who in ("carer", "inspector"):
        assert not any(WORDS in page for page in lists(world, who).values()), who
        assert world.url("maisie") not in world.client(who).get("/plans/").content.decode()
    assert all(WORDS in page for page in lists(world, "social worker").values())


def test_a_plan_opened_in_error_promises_nothing_and_sets_nothing_to_judge(world: World) -> None:
    promised(world)
    with world.within():
        first = world.plans["maisie"]
        Target.objects.create(authority=world.here, child=first.child, first_plan=first, outcome="Read daily")
        Plan.objects.filter(pk=first.pk).update(state="closed_error")
        later = Plan.objects.create(
            authority=world.here, child=first.child, term=first.term, phase=first.phase, template=first.template,
            state="open",
        )  # fmt: skip
        assert open_before(later) == [] and last_targets(later) == []
        Plan.objects.filter(pk=first.pk).update(state="closed_moved")
        assert [one.what for one in open_before(later)] == [WORDS]
        assert [one.outcome for one, _ in last_targets(later)] == ["Read daily"]
