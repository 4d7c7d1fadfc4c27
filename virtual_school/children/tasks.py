"""What follows from the end of a role, done by the service: whoever ends a role may see no child themselves."""

from procrastinate.contrib.django import app

from virtual_school.access.models import Membership, User
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .actions import end_involvements_in_role


def when_role_ended(membership: Membership, by: User | None) -> None:
    """Nobody without a role gets any page, from the next request on; the involvements end right after."""
    if membership.authority_id is not None:
        role_ended.defer(membership_id=membership.pk)


@app.task(name="children.role_ended", retry=3)
def role_ended(membership_id: int) -> None:
    membership = Membership.objects.get(pk=membership_id)
    if membership.ends is None:
        return  # given back meanwhile
    with acting(service(membership.authority_id), action="a role ended"):
        end_involvements_in_role(
            person=membership.user_id, role=membership.role, authority=membership.authority_id, by=None
        )
