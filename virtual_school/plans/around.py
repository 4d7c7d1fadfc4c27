"""The adults around a child, as far as this person may see them, and by name from the plan."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from virtual_school.access.models import Role
from virtual_school.children.models import Involvement

from .opened import OpenedPlan

LABELS = {str(Role(role).label): str(role) for role in Role.values}
ROLE_OF_WORDS = {
    "independent reviewing officer": "reviewing_officer",
    "foster carer": "carer",
    "kinship carer": "carer",
    "education adviser": "adviser",
    "virtual school adviser": "adviser",
    "virtual school": "adviser",
    "pupil": "young_person",
    "child": "young_person",
    "mother": "parent",
    "father": "parent",
}
"""Other words in which people write a role."""

FROM_PLAN = {
    "people.social_worker": Role.SOCIAL_WORKER,
    "people.designated_teacher": Role.DESIGNATED_TEACHER,
    "people.carer": Role.CARER,
    "people.adviser": Role.ADVISER,
    "people.reviewing_officer": Role.REVIEWING_OFFICER,
    "people.personal_adviser": Role.PERSONAL_ADVISER,
}
"""Where the plan itself names those around the child."""


@dataclass(frozen=True, slots=True)
class Invited:
    """`role` in words. Without `person_id`, somebody known by name only."""

    name: str
    role: str = ""
    organisation: str = ""
    email: str = ""
    person_id: int | None = None

    @property
    def key(self) -> str:
        return str(self.person_id) if self.person_id else f"{self.role}: {self.name}"


def people_around(opened: OpenedPlan, today: date) -> list[Invited]:
    """Adults around the child today, one line a person.

    Staff see who is around; a teacher or social worker sees only that they are, and takes the others from the plan.
    Those get their account and address from `connecting`, where the service acts.
    """
    school = opened.plan.school.name if opened.plan.school else ""
    council = opened.child.authority.name
    found: dict[tuple[str, str], Invited] = {}
    for row in involved_today(opened.child.pk, today):
        role = str(Role(row.role).label)
        organisation = organisation_of(row.role, school, council)
        invited = Invited(row.person.name, role, organisation, row.person.email, row.person_id)
        if not any(one.person_id == row.person_id for one in found.values()):
            found[(role, row.person.name.casefold())] = invited
    for key, code in FROM_PLAN.items():
        answer = opened.answers.get(key)
        name = str(answer.value or "").strip() if answer else ""
        role = str(Role(code).label)
        if name and not any(one.casefold() == name.casefold() for _, one in found):
            found[(role, name.casefold())] = Invited(name, role, organisation_of(code, school, council))
    order = {"Social worker": 0, "Designated teacher": 1, "Carer": 2}
    return sorted(found.values(), key=lambda one: (order.get(one.role, 9), one.name))


def involved_today(child_id: int, today: date) -> QuerySet[Involvement]:
    return (
        Involvement.objects.filter(child=child_id, starts__lte=today)
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .exclude(role=Role.YOUNG_PERSON)
        .select_related("person")
        .order_by("role", "person__name")
    )


def organisation_of(role: str, school: str, council: str) -> str:
    if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE}:
        return school
    return "" if role == Role.CARER else council
