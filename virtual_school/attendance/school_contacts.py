"""Whom one asks for at a school, or at a place that is not on the register of schools."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from virtual_school.schools.models import DesignatedTeacher, School

from .models_calls import PlaceContact, Site, UnregisteredPlace
from .places import places
from .queries import in_force


@dataclass(frozen=True, slots=True)
class Contact:
    """`kept` is what the authority's staff wrote down of a place off the register."""

    site: Site
    teacher: DesignatedTeacher | None = None
    kept: PlaceContact | None = None

    @property
    def is_school(self) -> bool:
        return isinstance(self.site, School)

    @property
    def telephone(self) -> str:
        if isinstance(self.site, School):
            return (self.teacher.telephone if self.teacher else "") or self.site.telephone
        return self.kept.telephone if self.kept else ""

    @property
    def name(self) -> str:
        if self.kept:
            return self.kept.contact
        return self.teacher.person.name if self.teacher else ""

    @property
    def email(self) -> str:
        return self.teacher.person.email if self.teacher else ""


def contacts(authority: int, wanted: Iterable[tuple[int | None, str]], day: date) -> dict[int | str, Contact]:
    """Of schools by URN and, where there is none, of places by name: by `site_key`."""
    sites = set(wanted)
    schools = School.objects.filter(urn__in=[urn for urn, _ in sites if urn])
    teachers = {
        one.school_id: one
        for one in DesignatedTeacher.objects.filter(in_force(day), school__in=schools).select_related("person")
    }
    found: dict[int | str, Contact] = {one.urn: Contact(one, teachers.get(one.urn)) for one in schools}
    off = places(authority, [name for urn, name in sites if not urn])
    held = _kept(authority, [one for one in off.values() if one.pk])
    return {**found, **{key: Contact(one, kept=held.get(one.pk)) for key, one in off.items()}}


def contact_of(site: Site, day: date) -> Contact:
    if isinstance(site, School):
        teacher = DesignatedTeacher.objects.filter(in_force(day), school=site).select_related("person").first()
        return Contact(site, teacher)
    return Contact(site, kept=_kept(site.authority_id, [site] if site.pk else []).get(site.pk))


def _kept(authority: int, off: list[UnregisteredPlace]) -> dict[int, PlaceContact]:
    """By place, the latest."""
    if not off:
        return {}
    rows = PlaceContact.objects.filter(authority=authority, place__in=off).order_by("place", "-at", "-id")
    return {one.place_id: one for one in rows.distinct("place")}
