"""Whom one asks for at a school."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from virtual_school.schools.models import DesignatedTeacher, School

from .queries import in_force


@dataclass(frozen=True, slots=True)
class Contact:
    school: School
    teacher: DesignatedTeacher | None = None

    @property
    def telephone(self) -> str:
        return (self.teacher.telephone if self.teacher else "") or self.school.telephone

    @property
    def name(self) -> str:
        return self.teacher.person.name if self.teacher else ""

    @property
    def email(self) -> str:
        return self.teacher.person.email if self.teacher else ""


def contacts(urns: Iterable[int], day: date) -> dict[int, Contact]:
    schools = School.objects.filter(urn__in=list(urns))
    teachers = {
        one.school_id: one
        for one in DesignatedTeacher.objects.filter(in_force(day), school__in=schools).select_related("person")
    }
    return {school.urn: Contact(school, teachers.get(school.urn)) for school in schools}
