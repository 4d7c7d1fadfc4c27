"""Places that are not on the register of schools, as the enrolments name them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.schools.models import Enrolment, School

from .models_calls import PlaceContact, Site, UnregisteredPlace, key_of, named
from .whose import Whose
from .words import plural


def places(authority: int, names: Iterable[str]) -> dict[str, UnregisteredPlace]:
    """By key. Those of which something is kept have a row, with `contacts`; of the others there is only the name."""
    wanted = {key_of(name): name for name in names}
    rows = UnregisteredPlace.objects.filter(authority=authority, key__in=wanted) if wanted else ()
    held = {row.key: row for row in rows}
    return {key: held.get(key) or named(authority, name) for key, name in wanted.items()}


def places_seen(authority: int) -> dict[str, UnregisteredPlace]:
    """Those at which this reader may see a child, now or before: the others' names may say too much."""
    rows = Enrolment.objects.filter(authority=authority, school__isnull=True).order_by("starts", "id")
    return places(authority, rows.values_list("provision", flat=True))


def site_or_404(of: Whose, urn: int | None, public_id: UUID | None) -> Site:
    return get_object_or_404(School, urn=urn) if public_id is None else place_or_404(of, public_id)


def place_or_404(of: Whose, public_id: UUID) -> UnregisteredPlace:
    for place in places_seen(of.authorities[0]).values():
        if place.public_id == public_id:
            return place
    raise Http404


def kept(site: Site) -> Site:
    """With a row, so that others may point to it."""
    if isinstance(site, School) or site.pk:
        return site
    told = {"name": site.name, "public_id": site.public_id}
    return UnregisteredPlace.objects.get_or_create(authority_id=site.authority_id, key=site.key, defaults=told)[0]


def site_url(page: str, site: Site) -> str:
    """Of a page that there is for schools and, under a name of its own, for such places."""
    if isinstance(site, School):
        return reverse(f"attendance:{page}", args=[site.urn])
    return reverse(f"attendance:{page}_at_place", args=[site.public_id])


def of_place(site: Site) -> dict[str, str]:
    """What an event says beside the URN; the name of a place may be somebody's."""
    return {} if isinstance(site, School) else {"place": str(site.public_id)}


def how_many(sites: Sequence[Site]) -> str:
    """2 schools and 1 place off the register."""
    schools = sum(isinstance(one, School) for one in sites)
    off = len(sites) - schools
    parts = [plural(schools, "school")] if schools else []
    if off:
        parts.append(plural(off, "place off the register", "places off the register"))
    return " and ".join(parts)


@transaction.atomic
def keep_contact(place: UnregisteredPlace, telephone: str, contact: str, *, by: User, role: str) -> bool:
    """Whether it differs from what was kept; what was kept before stays as history."""
    row = kept(place)
    last = PlaceContact.objects.filter(authority=place.authority_id, place=row.pk).first()
    if (telephone, contact) == ((last.telephone, last.contact) if last else ("", "")):
        return False
    PlaceContact.objects.create(
        authority_id=place.authority_id, place_id=row.pk, telephone=telephone, contact=contact, by_id=by.pk,
        by_name=by.name,
    )  # fmt: skip
    record("attendance.place_contact", by=by.pk, authority=place.authority_id, role=role, **of_place(row))
    return True
