"""How many children each duty stands open for."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q

from virtual_school.access.person import Person
from virtual_school.children.queries import involved

from .models import StandingObligation
from .queries import StandingOn

COUNTED = ("overdue", "due_soon", "upcoming", "not_known", "met", "met_late")


@dataclass(frozen=True, slots=True)
class Standing:
    """Children a duty concerns, by how it stands for them; of a duty of the authority itself, the authority."""

    overdue: int = 0
    due_soon: int = 0
    upcoming: int = 0
    not_known: int = 0
    met: int = 0
    met_late: int = 0

    @property
    def is_open(self) -> bool:
        return bool(self.overdue or self.due_soon or self.upcoming)


def standing_by_duty(person: Person, on: date, duty: str = "") -> dict[str, Standing]:
    """In one query, of the children this person may see and, for staff, of the authority itself."""
    rows = StandingObligation.objects.exclude(state="not_applicable")
    mine = Q(child__in=list(involved(person.user.pk, on).values_list("child_id", flat=True)))
    rows = rows.filter(Q(authority__in=person.staff_of) | mine) if person.staff_of else rows.filter(mine)
    if duty:
        rows = rows.filter(duty=duty)
    # Told apart here: to count each child once, the database would sort them all.
    children = ArrayAgg("child", filter=Q(child__isnull=False))
    counted = rows.order_by().annotate(standing=StandingOn(on)).values_list("duty", "standing")
    found: dict[str, dict[str, int]] = {}
    for of, state, about, n in counted.annotate(about=children, n=Count("pk")):
        found.setdefault(of, {})[state] = len(set(about)) if about else n
    return {name: Standing(**{s: n for s, n in states.items() if s in COUNTED}) for name, states in found.items()}
