"""Lists of obligations. How an open one stands is asked of the day it is read."""

from datetime import date

from django.db.models import Case, CharField, QuerySet, Value, When

from virtual_school.plans.blind import without_unseen

from .models import StandingObligation

ORDER = {"overdue": 0, "due_soon": 1, "upcoming": 2, "not_known": 3, "met_late": 4, "met": 5, "not_applicable": 6}


def standing_on(day: date) -> Case:
    """The state of law.obligation.State, of an open row from its dates."""
    return Case(
        When(state="open", due_on__lt=day, then=Value("overdue")),
        When(state="open", soon_from__lte=day, then=Value("due_soon")),
        When(state="open", then=Value("upcoming")),
        default="state",
        output_field=CharField(),
    )


def obligations(authorities: tuple[int, ...] | list[int], day: date) -> QuerySet[StandingObligation]:
    rows = without_unseen(StandingObligation.objects.filter(authority__in=authorities))
    return rows.annotate(standing=standing_on(day))


def overdue(rows: QuerySet[StandingObligation], day: date) -> QuerySet[StandingObligation]:
    return rows.filter(state="open", due_on__lt=day)


def due_soon(rows: QuerySet[StandingObligation], day: date) -> QuerySet[StandingObligation]:
    return rows.filter(state="open", due_on__gte=day, soon_from__lte=day)
