"""Imports that a person may run, and the rows kept of one to look at."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest

from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.children.models import Child

from .models import Import, StagedRow

BUSY = (Import.State.READING, Import.State.APPLYING, Import.State.UNDOING)


def imports_of(person: Person) -> QuerySet[Import]:
    allowed = person.authorities_where(Permission.IMPORT_RUN)
    return Import.objects.filter(authority__in=allowed).select_related("authority")


def import_for(request: HttpRequest, public_id: object) -> Import:
    """404 for an import of an authority where this person may run none."""
    found = imports_of(request.person).filter(public_id=public_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def rows_of(imported: Import, kind: str = "", table: str = "", local_id: str = "") -> QuerySet[StagedRow]:
    rows = imported.rows.order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    if table:
        rows = rows.filter(table=table)
    if local_id:
        rows = rows.filter(local_id=local_id)
    return rows


def kinds_and_tables(imported: Import) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    counted = imported.rows.order_by().values("kind", "table").annotate(n=Count("id"))
    for row in counted:
        found.setdefault(row["kind"], {})[row["table"]] = row["n"]
    return found


def warnings_counted(imported: Import, most: int) -> list[dict[str, object]]:
    """The most frequent reasons, with how many rows have them."""
    found = (
        imported.rows.filter(kind=StagedRow.Kind.WARNING)
        .order_by()
        .values("table", "column", "reason", "fix")
        .annotate(n=Count("id"))
        .order_by("-n", "table", "column", "reason")
    )
    return list(found[:most])


def children_of(imported: Import, rows: Iterable[StagedRow]) -> dict[str, Child]:
    """Those of the rows' children who are held already, by the authority's own identifier."""
    ids = {row.local_id for row in rows} - {""}
    held = Child.objects.filter(authority=imported.authority_id, local_id__in=ids)
    return {child.local_id: child for child in held}


def sent_with(imported: Import) -> list[Import]:
    """The imports of other authorities that the same file became."""
    if imported.upload is None:
        return []
    others = Import.objects.filter(upload=imported.upload).exclude(pk=imported.pk)
    return list(others.select_related("authority").order_by("authority__name"))
