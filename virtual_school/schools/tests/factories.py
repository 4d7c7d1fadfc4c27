"""Schools and pupils for tests. What is about a child is made inside `acting`."""

import datetime

import factory
from factory.django import DjangoModelFactory

from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children.actions import search_text
from virtual_school.children.models import Child
from virtual_school.schools.models import Enrolment, School

BORN = datetime.date(2015, 5, 1)
CAME_IN = datetime.date(2024, 6, 3)
ENROLLED = datetime.date(2025, 9, 1)


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    urn = factory.Sequence(lambda n: 100_000 + n)
    name = factory.Sequence(lambda n: f"Moorcroft School {n}")
    la_code = 373
    la_name = "Sheffield"
    establishment_number = factory.Sequence(lambda n: f"{4000 + n}")
    phase = "Secondary"
    type_name = "Academy converter"
    type_group = "Academies"
    status = "Open"
    low_age = 11
    high_age = 18
    town = "Sheffield"
    postcode = "S1 2AB"
    search_text = factory.LazyAttribute(
        lambda o: search_text([o.name, o.town, o.postcode], [str(o.urn), f"{o.la_code}/{o.establishment_number}"])
    )


def a_pupil(
    authority: Authority,
    school: School,
    *,
    name: str = "Kai Bennett",
    left_school: datetime.date | None = None,
    left_care: datetime.date | None = None,
    in_care: bool = True,
) -> Child:
    """A child on the roll of a school, in care unless said otherwise."""
    forename, surname = name.split()
    number = Child.objects.filter(authority=authority).count() + 1
    child = Child.objects.create(
        authority=authority, local_id=f"{number:04}", forename=forename, surname=surname, born=BORN
    )
    if in_care:
        CarePeriod.objects.create(authority=authority, child=child, kind="looked_after", starts=CAME_IN, ends=left_care)
    Enrolment.objects.create(authority=authority, child=child, school=school, starts=ENROLLED, ends=left_school)
    return child
