"""The invented world of plans, with a second adviser and plans that are sent in and rated."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from virtual_school.access.models import Membership, Role
from virtual_school.access.person import person_of
from virtual_school.access.tests.factories import UserFactory
from virtual_school.identity.acting import acting
from virtual_school.plans.models import Plan
from virtual_school.plans.tests import writing_world
from virtual_school.plans.tests.closing_world import around, as_seen_by, does, to_state
from virtual_school.plans.tests.writing_world import LONG_AGO, TODAY, World
from virtual_school.quality.actions import Said, finish_check, save_check
from virtual_school.quality.criteria import asked
from virtual_school.quality.models import Rating
from virtual_school.quality.versions import in_force, rubric_of

NOW = f"{TODAY.isoformat()} 10:42:00+00:00"


def make() -> World:
    world = writing_world.make()
    for who, name in (("second adviser", "Tom Aldridge"),):
        world.people[who] = UserFactory(name=name, is_invented=True)
        Membership.objects.create(user=world.people[who], authority=world.here, role=Role.ADVISER, starts=LONG_AGO)
    return world


def all_marks(world: World, child: str, level: str, **but: str) -> dict[str, str]:
    """The same level for everything that is asked, but for those named."""
    with world.within():
        opened = as_seen_by(world, "head", child)
        rubric = rubric_of(in_force(opened.plan.authority_id))
        return {one.key: but.get(one.key, level) for one in asked(rubric, opened)}


def rate(
    world: World,
    child: str,
    who: str = "adviser",
    level: str = "2",
    *,
    outcome: str = "approved",
    said: Sequence[Said] = (),
    sections: Mapping[str, str] | None = None,
    reason: str = "Good. One thing to mend.",
    **but: str,
) -> Rating:
    """As somebody of the virtual school does it on the pages, within their own rights."""
    marks = all_marks(world, child, level, **but)
    does(world, who, child, save_check, marks=marks, said=said)
    with acting(person_of(world.people[who]).claims):
        opened = as_seen_by(world, who, child)
        rating = Rating.objects.get(plan=opened.plan, kind="check", finished_at__isnull=True)
        return finish_check(
            opened=opened, rating=rating, outcome=outcome, by=world.people[who], reason=reason, sections=sections
        )


def sent_in(world: World, *children: str) -> None:
    for child in children:
        to_state(world, child, "submitted")


def sent_in_again(world: World, child: str) -> None:
    """Mended, signed and sent in, in short."""
    with world.within():
        Plan.objects.filter(pk=world.plans[child].pk).update(state="submitted", submitted_on=date(2026, 11, 24))


__all__ = ["World", "all_marks", "around", "as_seen_by", "does", "make", "rate", "sent_in", "sent_in_again", "to_state"]


def seen(world: World, who: str, what: Any) -> Any:
    """What somebody's own queries find."""
    with acting(person_of(world.people[who]).claims):
        return what()
