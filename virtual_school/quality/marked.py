"""Marks of finished checks as `heat` takes them, for as many plans as the reader sees."""

from django.db.models import QuerySet

from .heat import Marked
from .models import Comment, Mark, Rating, Side


def of_checks(authority_id: int, terms: list[str], urns: list[int] | None = None) -> QuerySet[Mark]:
    rows = Mark.objects.filter(
        authority=authority_id,
        side=Side.SCHOOL,
        rating__kind=Rating.Kind.CHECK,
        rating__finished_at__isnull=False,
        rating__term__in=terms,
    )
    return rows if urns is None else rows.filter(rating__school__in=urns)


def marked(rows: QuerySet[Mark], *, first: bool) -> list[Marked]:
    """Of each plan's first rating, or of its last."""
    rows = rows.filter(rating__round=1) if first else rows.filter(rating__is_last=True)
    fields = ("rating__plan", "rating__school", "key", "points", "most")
    return [Marked(plan, school or 0, key, n / most) for plan, school, key, n, most in rows.values_list(*fields)]


def theme_rows(authority_id: int, terms: list[str], urns: list[int] | None = None) -> list[tuple[str, bool]]:
    rows = Comment.objects.filter(
        authority=authority_id,
        side=Side.SCHOOL,
        rating__kind=Rating.Kind.CHECK,
        rating__finished_at__isnull=False,
        rating__term__in=terms,
    ).exclude(theme="")
    if urns is not None:
        rows = rows.filter(rating__school__in=urns)
    return list(rows.values_list("theme", "is_praise"))
