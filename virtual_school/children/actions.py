"""Changing what is held of a child, and who is around them."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record

from . import bulk
from .models import Child, FormerIdentifier, FormerName, Involvement


def plain(text: str) -> str:
    """As `Child.search_text` and `School.search_text` are kept: lower case, without accents, single blanks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def search_text(names: Iterable[str], numbers: Iterable[str]) -> str:
    return plain(" ".join(part for part in (*names, *numbers) if part))


def refresh_search_text(authority_code: int, child_ids: Sequence[int] | None = None) -> None:
    """From the names, former names and numbers held now; writes only what differs."""
    children = Child.objects.filter(authority=authority_code)
    names = FormerName.objects.filter(authority=authority_code)
    numbers = FormerIdentifier.objects.filter(authority=authority_code)
    if child_ids is not None:
        children = children.filter(id__in=child_ids)
        names = names.filter(child__in=child_ids)
        numbers = numbers.filter(child__in=child_ids)
    former: dict[int, list[str]] = defaultdict(list)
    for child, *parts in names.order_by("id").values_list("child_id", "forename", "surname"):
        former[child] += parts
    old: dict[int, list[str]] = defaultdict(list)
    for child, value in numbers.order_by("id").values_list("child_id", "value"):
        old[child].append(value)
    rows = []
    for pk, preferred, forename, surname, upn, uln, local_id, now in children.values_list(
        "id", "preferred_name", "forename", "surname", "upn", "uln", "local_id", "search_text"
    ):
        text = search_text([preferred, forename, surname, *former[pk]], [upn, uln, *old[pk], local_id])
        if text != now:
            rows.append((pk, text))
    bulk.update("children_child", ["search_text"], rows)


@transaction.atomic
def set_names(
    child: Child, *, forename: str, surname: str, preferred_name: str = "", by: User | None, on: date | None = None
) -> None:
    """The name a child had before is kept, and found by."""
    before = (child.forename, child.surname)
    if any(before) and before != (forename, surname):
        FormerName.objects.create(
            authority_id=child.authority_id,
            child=child,
            forename=before[0],
            surname=before[1],
            until=on or timezone.localdate(),
        )
    child.forename, child.surname, child.preferred_name = forename, surname, preferred_name
    child.save(update_fields=["forename", "surname", "preferred_name"])
    refresh_search_text(child.authority_id, [child.pk])
    record("child.names_set", by=by.pk if by else None, authority=child.authority_id, child=child.pk)


@transaction.atomic
def involve(
    child: Child,
    *,
    person: User,
    role: str,
    starts: date,
    ends: date | None = None,
    why: str = "",
    is_named: bool = False,
    by: User | None,
) -> Involvement:
    """From `starts` on the person sees the child. Raises ValidationError when they hold the role already."""
    involvement = Involvement(
        authority_id=child.authority_id,
        child=child,
        person=person,
        role=role,
        starts=starts,
        ends=ends,
        why=why,
        is_named=is_named,
    )
    involvement.clean_fields(exclude=["authority", "child", "person"])
    involvement.validate_constraints()
    involvement.save()
    record(
        "involvement.begun",
        by=by.pk if by else None,
        authority=child.authority_id,
        child=child.pk,
        involved=person.pk,
        as_role=role,
    )
    return involvement


@transaction.atomic
def end_involvement(involvement: Involvement, *, ends: date, by: User | None) -> None:
    """`ends` is the first day on which the person no longer sees the child."""
    if ends <= involvement.starts:
        raise ValidationError("They must have been involved for a day at least: delete it if it was a mistake.")
    changed = Involvement.objects.filter(pk=involvement.pk).update(ends=ends)
    if not changed:
        raise ValidationError("This involvement is no longer there.")
    involvement.ends = ends
    record(
        "involvement.ended",
        by=by.pk if by else None,
        authority=involvement.authority_id,
        child=involvement.child_id,
        involved=involvement.person_id,
        as_role=involvement.role,
    )


def end_involvements_in_role(*, person: int, role: str, authority: int, by: int | None) -> int:
    """Somebody's role in an authority ended, so they are around none of its children in that role any more."""
    today = timezone.localdate()
    current = Involvement.objects.filter(authority=authority, person=person, role=role).exclude(ends__lte=today)
    begun_today = current.filter(starts__gte=today)
    ended = begun_today.count() + current.filter(starts__lt=today).update(ends=today)
    begun_today.delete()
    record("involvements.ended", by=by, authority=authority, involved=person, as_role=role, children=ended)
    return ended
