"""Which child, at which school, a row is about. Matched as a register's file is: by UPN and date of birth."""

from collections.abc import Iterable

from virtual_school.authorities.models import Authority
from virtual_school.children.identifiers import clean_upn
from virtual_school.exchange.models_api import ApiToken
from virtual_school.exchange.pupils import Known, Pupils
from virtual_school.schools.models import Enrolment, School

from .reading_rows import Refused, Told

NOT_ON_ROLL = "no pupil on this school’s roll on that day is held here with this UPN and date of birth"
FIELDS = {"UPN": "upn", "Date of birth": "date_of_birth"}
Whose = tuple[int, Known, int]
"""Authority, child, URN."""


class OfAuthority:
    """The children of the token's authority."""

    def __init__(self, token: ApiToken, rows: Iterable[Told]) -> None:
        rows = list(rows)
        self.code = token.authority_id
        self.pupils = Pupils(token.authority, {clean_upn(row.upn) for row in rows})
        named = {row.urn for row in rows if row.urn is not None}
        self.schools = set(School.objects.filter(urn__in=named).values_list("urn", flat=True)) if named else set()

    def find(self, row: Told) -> list[Whose] | Refused:
        child = self.pupils.find("", row.upn, row.born.isoformat())
        if isinstance(child, tuple):
            column, reason, _ = child
            return Refused(row.number, FIELDS[column], reason)
        if row.urn is None:
            return [(self.code, child, self.pupils.main_school(child.id, row.day))]
        if row.urn not in self.schools:
            return Refused(row.number, "urn", "no school with this number is held here")
        return [(self.code, child, row.urn)]


class OfSchool:
    """Those on the roll of the token's school on the day, whichever authority looks after them. What is not found
    there is refused in the same words, whether or not such a child is held."""

    def __init__(self, token: ApiToken, rows: Iterable[Told]) -> None:
        self.urn = token.urn or 0
        upns = {clean_upn(row.upn) for row in rows}
        at = Enrolment.objects.filter(authority__in=Authority.objects.values_list("code", flat=True), school=self.urn)
        codes = at.order_by().values_list("authority_id", flat=True).distinct()
        self.pupils = {
            authority.code: Pupils(authority, upns) for authority in Authority.objects.filter(code__in=list(codes))
        }

    def find(self, row: Told) -> list[Whose] | Refused:
        if row.urn not in (None, self.urn):
            return Refused(row.number, "urn", "this token is for another school")
        found = []
        for code, pupils in self.pupils.items():
            child = pupils.find("", row.upn, row.born.isoformat())
            if isinstance(child, Known) and pupils.is_on_roll(child.id, self.urn, row.day):
                found.append((code, child, self.urn))
        return found or Refused(row.number, "upn", NOT_ON_ROLL)


def finder(token: ApiToken, rows: Iterable[Told]) -> OfAuthority | OfSchool:
    return OfAuthority(token, rows) if token.urn is None else OfSchool(token, rows)
