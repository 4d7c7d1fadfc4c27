"""Enrolments as the rules take them: one query for any number of children."""

from collections.abc import Sequence

from virtual_school.authorities.models import Authority
from virtual_school.care.queries import of_children
from virtual_school.children.bulk import read

from .models import Enrolment
from .rules import EnrolmentFact


def enrolment_facts(
    authority: Authority, child_ids: Sequence[int] | None = None
) -> tuple[dict[int, tuple[EnrolmentFact, ...]], set[int]]:
    """By child, the oldest first; and every school among them."""
    found: dict[int, tuple[EnrolmentFact, ...]] = {}
    urns: set[int] = set()
    rows = of_children(Enrolment.objects.order_by("starts"), authority, child_ids).values_list(
        "child_id", "school_id", "school__name", "provision", "starts", "ends", "kind", "school__la_code", "year_group"
    )
    for child, urn, name, provision, starts, ends, kind, la_code, year_group in read(rows, child_ids):
        if urn:
            urns.add(urn)
        fact = EnrolmentFact(
            school=name or provision,
            starts=starts,
            ends=ends,
            urn=urn,
            kind=kind,
            la_code=la_code,
            year_group=year_group,
        )
        found[child] = (*found.get(child, ()), fact)
    return found, urns
