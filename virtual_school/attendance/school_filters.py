"""Lists of schools for those who get marks from them: who may, and what the list is narrowed to."""

from collections.abc import Collection

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from virtual_school.access.person import Person
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.children.actions import plain
from virtual_school.design.components import Chip
from virtual_school.schools.models import School

from .models_calls import Site
from .whose import Whose, advisers, whose

OFF = "off"
AREAS = {"in": "In the area", "out": "Out of the area", OFF: "Not on the register"}
EVERY_AGE = "all"
AGES = {"": "Of compulsory school age", EVERY_AGE: "Of every age"}


def caller(request: HttpRequest) -> tuple[Person, Whose]:
    """Those of the virtual school who may write marks, in the role they have chosen; others are refused."""
    person: Person = request.person  # type: ignore[attr-defined]
    of = whose(person, timezone.localdate())
    if not of.is_staff or Permission.ATTENDANCE_WRITE not in RIGHTS[person.role].permissions:
        raise PermissionDenied
    return person, of


class SchoolFilters(forms.Form):
    """An unknown value is as good as none: an old link still shows a list."""

    marks_optional = False
    adviser = forms.ChoiceField(label="Adviser", required=False)
    area = forms.ChoiceField(label="School", required=False)
    age = forms.ChoiceField(label="Pupils", required=False, choices=list(AGES.items()))
    q = forms.CharField(label="Name of the school", required=False, max_length=80)

    def __init__(self, chosen: dict[str, str], names: dict[str, str]) -> None:
        super().__init__(chosen, auto_id="f_%s")
        self.fields["adviser"].choices = [("", "Everyone"), *names.items()]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "Any school or place"), *AREAS.items()]  # type: ignore[attr-defined]


class Sought:
    """What the address asks for; `more` are further names it may carry, with what they may be."""

    def __init__(self, given: QueryDict, of: Whose, **more: Collection[str]) -> None:
        today = timezone.localdate()
        self.of, self.names = of, advisers(of, today)
        self.adviser = given.get("adviser", "") if given.get("adviser", "") in self.names else ""
        self.area = given.get("area", "") if given.get("area", "") in AREAS else ""
        self.age = given.get("age", "") if given.get("age", "") in AGES else ""
        self.q = given.get("q", "").strip()[:80]
        self.more = {name: given[name] for name, options in more.items() if given.get(name) in options}

    @property
    def chosen(self) -> dict[str, str]:
        every = {"adviser": self.adviser, "area": self.area, "age": self.age, "q": self.q, **self.more}
        return {name: value for name, value in every.items() if value}

    def query(self, **instead: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**self.chosen, **instead}.items() if value})
        return query.urlencode()

    @property
    def every_age(self) -> bool:
        return self.age == EVERY_AGE

    def chips(self) -> list[Chip]:
        labels = {"adviser": f"Adviser: {self.names.get(self.adviser, '')}", "area": f"School: {AREAS.get(self.area, '').lower()}",
                  "q": f"Name: {self.q}"}  # fmt: skip
        return [Chip(words, f"?{self.query(**{name: ''})}") for name, words in labels.items() if self.chosen.get(name)]

    def fits(self, site: Site) -> bool:
        area = OFF if not isinstance(site, School) else "in" if site.la_code in self.of.authorities else "out"
        if self.area not in ("", area):
            return False
        text = site.search_text if isinstance(site, School) else plain(site.name)
        return all(word in text for word in plain(self.q).split())


def area_of(site: Site) -> str:
    return site.la_name if isinstance(site, School) else AREAS[OFF]
