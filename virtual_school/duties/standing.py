"""How many children each duty stands open for."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from virtual_school.access.person import Person
from virtual_school.children.queries import visible_to

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
    if person.staff_of:
        rows = rows.filter(Q(authority__in=person.staff_of) | Q(child__in=visible_to(person)))
    else:
        rows = rows.filter(child__in=visible_to(person))
    if duty:
        rows = rows.filter(duty=duty)
    counted = (
        rows.annotate(standing=StandingOn(on))
        .values("duty", "standing")
        .annotate(children=Count("child", distinct=True), rows=Count("pk"))
        .order_by()
    )
    found: dict[str, dict[str, int]] = {}
    for row in counted:
        found.setdefault(row["duty"], {})[row["standing"]] = row["children"] or row["rows"]
    return {name: Standing(**{s: n for s, n in states.items() if s in COUNTED}) for name, states in found.items()}
