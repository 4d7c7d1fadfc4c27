"""Whose marks they are: pupils as registers name them, and the schools whose roll they were on."""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from virtual_school.attendance.recounting import main_schools
from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.children.identifiers import clean_upn

from .enrolments import Schools
from .readers.dates import read_date

CHILDREN = "select id, local_id, born, upn from children_child where authority_id = %(authority)s"
OF_THESE = """
    and (upn = any(%(upns)s::text[]) or id in (
        select child_id from children_formeridentifier
        where authority_id = %(authority)s and kind = 'upn' and value = any(%(upns)s::text[])))
"""
FORMER = """
    select f.value, c.id, c.local_id, c.born from children_formeridentifier f
    join children_child c on c.authority_id = f.authority_id and c.id = f.child_id
    where f.authority_id = %(authority)s and f.kind = 'upn'
      and (%(upns)s::text[] is null or f.value = any(%(upns)s::text[]))
"""


@dataclass(frozen=True, slots=True)
class Known:
    id: int
    local_id: str
    born: date | None


class Pupils:
    """The children of an authority as registers name them, and the schools they were on the roll of: all of them, or
    those of these UPNs."""

    def __init__(self, authority: Authority, upns: Collection[str] | None = None) -> None:
        asked = {"authority": authority.code, "upns": None if upns is None else sorted(upns)}
        rows = bulk.select(CHILDREN if upns is None else f"{CHILDREN} {OF_THESE}", asked)
        self.by_id = {row[1]: Known(*row[:3]) for row in rows}
        self.by_upn: dict[str, list[Known]] = defaultdict(list)
        for row in rows:
            if row[3]:
                self.by_upn[row[3]].append(Known(*row[:3]))
        former = bulk.select(FORMER, asked)
        for upn, *known in former:
            self.by_upn[upn].append(Known(*known))
        self.spells = main_schools(authority.code, [row[0] for row in rows])

    def find(self, local_id: str, upn: str, born: str) -> Known | tuple[str, str, str]:
        """The child, or the column, reason and fix of a refusal."""
        if local_id:
            return self.by_id.get(local_id) or (
                "CHILD", "no child with this identifier is held", "Check it, or load the return first.",
            )  # fmt: skip
        if not upn or not born:
            return ("UPN", "UPN and date of birth are needed together", "Give both, or CHILD.")
        day = read_date(born).day
        if day is None:
            return ("Date of birth", "this is not a date", "Write it like this: 27/03/2012.")
        held = {child.id: child for child in self.by_upn.get(clean_upn(upn), [])}
        found = [child for child in held.values() if child.born == day]
        if len(found) == 1:
            return found[0]
        if held and not found:
            return ("Date of birth", "this UPN is held with another date of birth", "Check which of the two is right.")
        why = f"{len(found)} children" if found else "no child"
        return ("UPN", f"{why} with this UPN and date of birth", "Nothing is kept of pupils who are not held here.")

    @cached_property
    def schools(self) -> Schools:
        """Read when a file names a school: there are 27,000."""
        return Schools()

    def school(self, urn: str, laestab: str) -> int | None:
        """The school the file names; None where it names none that is in the register held."""
        if not urn and not laestab:
            return None
        text = urn.removesuffix(".0")
        if text.isascii() and text.isdigit() and int(text) in self.schools.urns:
            return int(text)
        return self.schools.by_laestab.get(re.sub(r"\D", "", laestab)) if laestab else None

    def main_school(self, child: int, day: date) -> int:
        """0 where the child was on no roll that is held, or at a place that is not on the register."""
        held = [
            (not is_main, urn)
            for starts, ends, urn, is_main in self.spells.get(child, ())
            if starts <= day and (ends is None or ends > day)
        ]
        return min(held)[1] if held else 0

    def is_on_roll(self, child: int, urn: int, day: date) -> bool:
        return any(
            at == urn and starts <= day and (ends is None or ends > day)
            for starts, ends, at, _ in self.spells.get(child, ())
        )
