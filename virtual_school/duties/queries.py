"""Lists of obligations. How an open one stands is asked of the day it is read."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import CharField, Field, Func, IntegerField, Q, QuerySet

from virtual_school.plans.blind import without_unseen

from .models import StandingObligation

ORDER = {"overdue": 0, "due_soon": 1, "upcoming": 2, "not_known": 3, "met_late": 4, "met": 5, "not_applicable": 6}


class StandingOn(Func):
    """The state of law.obligation.State, of an open row from its dates. Written out: as a `Case` of conditions it took
    Django longer to put into words than the database to answer."""

    answers = {state: f"'{state}'" for state in ORDER}
    is_of: Field = CharField()

    def __init__(self, day: date) -> None:
        super().__init__("state", "due_on", "soon_from", output_field=self.is_of)
        self.day = day

    def kept(self, state: str) -> str:
        return state

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple[Any, ...]]:
        state, due_on, soon_from = (compiler.compile(column)[0] for column in self.get_source_expressions())
        of = self.answers
        written = (
            f"CASE WHEN {state} <> 'open' THEN {self.kept(state)} WHEN {due_on} < %s THEN {of['overdue']} "
            f"WHEN {soon_from} <= %s THEN {of['due_soon']} ELSE {of['upcoming']} END"
        )
        return written, (self.day, self.day)


class UrgencyOn(StandingOn):
    """Its place in ORDER."""

    answers = {state: str(place) for state, place in ORDER.items()}
    is_of = IntegerField()

    def kept(self, state: str) -> str:
        places = " ".join(f"WHEN '{one}' THEN {place}" for one, place in ORDER.items())
        return f"CASE {state} {places} END"


@lru_cache(maxsize=64)
def _asked_of(authorities: tuple[int, ...], day: date) -> QuerySet[StandingObligation]:
    rows = without_unseen(StandingObligation.objects.filter(authority__in=authorities))
    return rows.annotate(standing=StandingOn(day))


def obligations(authorities: Iterable[int], day: date) -> QuerySet[StandingObligation]:
    """The question is kept, no answer to it: what is handed out is a copy not asked yet."""
    return _asked_of(tuple(authorities), day).all()


def overdue(rows: QuerySet[StandingObligation], day: date) -> QuerySet[StandingObligation]:
    return rows.filter(state="open", due_on__lt=day)


def pressing(rows: QuerySet[StandingObligation], day: date) -> QuerySet[StandingObligation]:
    """Overdue or due soon."""
    return rows.filter(Q(due_on__lt=day) | Q(soon_from__lte=day), state="open")
