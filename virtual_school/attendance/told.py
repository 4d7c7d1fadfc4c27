"""The sums of children as the command and the API tell them."""

from datetime import date
from typing import Any

from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child

from .queries import sums_between
from .sums import Sums, sums_of_counts


def sums_of_children(authority: Authority, first: date, last: date, local_id: str = "") -> list[dict[str, Any]]:
    """Of those with a mark between two days, both included; or of the one that is named, with a mark or without."""
    children = Child.objects.filter(authority=authority).order_by("local_id")
    if local_id:
        children = children.filter(local_id=local_id)
    names = dict(children.values_list("id", "local_id"))
    counts = sums_between(authority.code, first, last, list(names) if local_id else None)
    return [_told(name, sums_of_counts(counts.get(pk, {}))) for pk, name in names.items() if local_id or pk in counts]


def _told(child: str, sums: Sums) -> dict[str, Any]:
    return {
        "child": child,
        "possible": sums.possible,
        "present": sums.present,
        "approved": sums.approved,
        "authorised": sums.authorised,
        "unauthorised": sums.unauthorised,
        "late": sums.late,
        "late_before_close": sums.late_before_close,
        "late_after_close": sums.late_after_close,
        "absence_pct": None if sums.absence_pct is None else float(sums.absence_pct),
        "persistent": sums.is_persistent,
        "severe": sums.is_severe,
    }
