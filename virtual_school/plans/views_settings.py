"""What the pages of settings share: whose they are, and which version of a form an address names."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from virtual_school.access.person import Person
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority

from .conditions import PHASES
from .models import PlanTemplate
from .template import Template
from .template_document import from_document
from .template_versions import in_force_of, is_draft, is_to_come, versions_of

State = PlanTemplate.State


def person_of(request: HttpRequest) -> Person:
    return request.person  # type: ignore[attr-defined, no-any-return]


def authority_of(request: HttpRequest, permission: Permission) -> Authority:
    """The chosen role's authority where it gives the permission, else the first that does; 403 where none does."""
    person = person_of(request)
    codes = person.authorities_where(permission)
    if not codes:
        raise PermissionDenied
    return Authority.objects.get(code=person.authority_code if person.authority_code in codes else codes[0])


def may_change(request: HttpRequest, authority: Authority) -> bool:
    return authority.code in person_of(request).authorities_where(Permission.POLICY_WRITE)


@dataclass
class OpenForm:
    """One version of one phase's form, as a page shows it."""

    authority: Authority
    row: PlanTemplate
    rows: list[PlanTemplate]
    today: date

    @property
    def template(self) -> Template:
        return from_document(self.row.content)

    @property
    def is_draft(self) -> bool:
        return is_draft(self.row)

    @property
    def is_to_come(self) -> bool:
        return is_to_come(self.row, self.today)

    @property
    def in_force(self) -> PlanTemplate:
        return in_force_of(self.rows, self.today)

    @property
    def standing(self) -> tuple[str, str]:
        """In words, with the colour of its tag."""
        return standing_of(self.row, self.rows, self.today)


def standing_of(row: PlanTemplate, rows: list[PlanTemplate], today: date) -> tuple[str, str]:
    if row.version == in_force_of(rows, today).version:
        return "In force", "green"
    if is_draft(row):
        return "Draft", "orange"
    return ("To come", "blue") if is_to_come(row, today) else ("Replaced", "grey")


def ends_of(row: PlanTemplate, rows: list[PlanTemplate]) -> date | None:
    """The day from which another version counts."""
    later = [one.starts for one in rows if one.version > row.version and one.starts is not None]
    return min(later, default=None)


def open_form(request: HttpRequest, phase: str, version: int, permission: Permission) -> OpenForm:
    """404 for a form that is not the authority's own."""
    authority = authority_of(request, permission)
    if phase not in PHASES:
        raise Http404
    rows = versions_of(authority, phase)
    row = next((one for one in rows if one.version == version), None)
    if row is None:
        raise Http404
    return OpenForm(authority, row, rows, timezone.localdate())
