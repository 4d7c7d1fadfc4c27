"""The copy of a plan for one reader, by the table in `reading_levels`. What has no level is closed to all but those
who read every plan whole.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import is_
from typing import Any

from .document import (
    AttendeePart,
    FieldPart,
    MeetingPart,
    Part,
    PersonLine,
    PlanDocument,
    SectionPart,
    TargetPart,
)
from .reading_levels import (
    ADVICE_WORDS,
    CONTACT_READERS,
    EVERYONE,
    GUARDED_WORDS,
    LEVEL_OF_KEY,
    LEVEL_OF_ROLE,
    LEVELS,
    NEVER_WORDS,
    OPEN_DOCUMENTS,
    Reader,
)

R = Reader


TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Auntie", "Uncle")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may see: levels opened by permission, and levels or section keys withheld."""

    reader: Reader
    permitted: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()

    def sees(self, level: str) -> bool:
        if level in self.withheld or level not in LEVELS:
            return False
        return self.reader in LEVELS[level].readers or level in self.permitted


def level_of(key: str, level: str = "") -> str:
    """The level of a field. `level` is the template's own; an unknown one closes the field."""
    if level:
        return level if level in LEVELS else "closed"
    parts = re.split(r"([._])", key)
    starts = ("".join(parts[:end]) for end in range(len(parts), 0, -2))
    return next((LEVEL_OF_KEY[start] for start in starts if start in LEVEL_OF_KEY), "closed")


def levels_of_field(field: FieldPart) -> tuple[str, ...]:
    """Every level the reader must see for this field: the section's or template's, and those of guarded words."""
    own = level_of(field.key, field.level)
    guards = _guards(field.key)
    if guards != ("never",) and (field.key in LEVEL_OF_KEY or field.level):
        return (own,)
    if own.endswith("_notes"):  # a carer's or parent's own section is guarded by that
        guards = tuple(each for each in guards if each not in ("home", "family"))
    return (own, *(each for each in guards if each != own))


@lru_cache(maxsize=4096)
def _words_of(key: str) -> frozenset[str]:
    return frozenset(re.split(r"[._\W]+", key.casefold()))


def _guards(key: str) -> tuple[str, ...]:
    words = _words_of(key)
    if words & NEVER_WORDS:
        return ("never",)
    if words & ADVICE_WORDS and "sdq" in words:
        return ("health",)
    return tuple(sorted({GUARDED_WORDS[word] for word in words & set(GUARDED_WORDS)}))


def level_of_role(role: str) -> str:
    return LEVEL_OF_ROLE.get(re.sub(r"[_\s]+", " ", role).strip().casefold(), "closed")


def for_reader(
    document: PlanDocument,
    reader: Reader | str,
    *,
    permitted: Iterable[str] = (),
    withheld: Iterable[str] | None = None,
) -> PlanDocument:
    """The copy for one reader. `permitted` opens levels by a decision; `withheld` closes levels or section keys.

    A parent's copy needs that decision (CPR reg 6(4)): raises ValueError when `withheld` is not said, even as ().
    """
    who = Reader(reader)
    if who is R.PARENT and withheld is None:
        raise ValueError("Say what is withheld from this parent, or () for nothing (CPR reg 6(4)).")
    sight = Sight(who, frozenset(permitted), frozenset(withheld or ()))
    sections = {each.key for each in document.sections} | {key.split(".")[0] for key in LEVEL_OF_KEY}
    unknown = (sight.permitted - LEVELS.keys()) | (sight.withheld - LEVELS.keys() - sections)
    if unknown:
        raise ValueError(f"No such level or section: {', '.join(sorted(unknown))}")
    copy = replace(
        document,
        copy_for=who.value,
        plan=replace(document.plan, rating=document.plan.rating if sight.sees("quality") else ""),
        child=replace(
            document.child,
            local_id=document.child.local_id if sight.sees("identity") else "",
            upn=document.child.upn if sight.sees("identity") else "",
            school=document.child.school if sight.sees("school") else "",
            urn=document.child.urn if sight.sees("school") else None,
        ),
        people=tuple(_person(each, sight) for each in document.people if sight.sees(level_of_role(each.role))),
        sections=tuple(found for each in document.sections if (found := _section(each, sight))),
        targets=tuple(_target(each, sight) for each in document.targets),
        meeting=_meeting(document.meeting, sight) if document.meeting else None,
        signatures=tuple(each for each in document.signatures if sight.sees(level_of_role(each.role))),
        documents=tuple(each for each in document.documents if each.kind in OPEN_DOCUMENTS or sight.sees("quality")),
        history=document.history if sight.sees("quality") else (),
    )
    return _rewritten(copy, _hidden_words(document, sight), keeps_extra=who is R.VIRTUAL_SCHOOL)


def _person(person: PersonLine, sight: Sight) -> PersonLine:
    readers = CONTACT_READERS.get(level_of_role(person.role), EVERYONE)
    return person if sight.reader in readers else replace(person, contact="")


def _section(section: SectionPart, sight: Sight) -> SectionPart | None:
    if section.key in sight.withheld:
        return None
    fields = tuple(
        _field(each, sight) for each in section.fields if all(sight.sees(level) for level in levels_of_field(each))
    )
    return replace(section, fields=fields) if fields else None


def _field(field: FieldPart, sight: Sight) -> FieldPart:
    """A table without the columns this reader may not see. Targets and actions stand in parts of their own."""
    if field.kind in ("targets", "actions"):
        return replace(field, value=None, words="", columns=())
    if not field.columns:
        return field
    columns = tuple(each for each in field.columns if all(map(sight.sees, _guards(each.key))))
    if len(columns) == len(field.columns):
        return field
    kept = {each.key for each in columns}
    rows = field.value if isinstance(field.value, list) else []
    value = [{key: row[key] for key in row if key in kept} for row in rows if isinstance(row, dict)]
    return replace(field, columns=columns, value=value, words="")


def _target(target: TargetPart, sight: Sight) -> TargetPart:
    return replace(
        target,
        cost_lines=target.cost_lines if sight.sees("money") else (),
        childs_words=target.childs_words if sight.sees("voice") else "",
        need=target.need if sight.sees("health") else "",
    )


def _meeting(meeting: MeetingPart, sight: Sight) -> MeetingPart:
    sees_notes = sight.sees("adults_notes")
    return replace(
        meeting,
        place=meeting.place if sight.sees("school") else "",
        attendees=tuple(
            _attendee(each, sees_notes) for each in meeting.attendees if sight.sees(level_of_role(each.role))
        ),
        notes=meeting.notes if sees_notes else "",
        dissent=meeting.dissent if sees_notes else "",
    )


def _attendee(attendee: AttendeePart, sees_notes: bool) -> AttendeePart:
    return attendee if sees_notes else replace(attendee, contribution="", apology="")


def _hidden_words(document: PlanDocument, sight: Sight) -> dict[str, str]:
    """What must not stand in anyone's free text either: the school and the people this reader may not know of."""
    found: dict[str, str] = {}
    if not sight.sees("school") and document.child.school.strip():
        found[document.child.school.strip()] = "the school"
    around: list[PersonLine | AttendeePart] = [
        *document.people,
        *(document.meeting.attendees if document.meeting else ()),
    ]
    for person in around:
        if sight.sees(level_of_role(person.role)):
            continue
        if len(person.name.strip()) > 3 and person.name.casefold() not in document.child.name.casefold():
            found[person.name.strip()] = f"[{person.role.strip().lower() or 'someone'}]"
        if isinstance(person, PersonLine) and len(person.contact.strip()) > 3:
            found[person.contact.strip()] = "[not in this copy]"
    if not sight.sees("home"):
        for name in _carers(document):
            found[name] = "[carer]"
    for name, instead in list(found.items()):
        for surname in name.split()[1:][-1:]:
            if len(surname) > 2 and surname.casefold() not in document.child.name.casefold():
                found |= {f"{title} {surname}": instead for title in TITLES}
    return found


def _carers(document: PlanDocument) -> list[str]:
    """As the plan itself names them: they may have no account here."""
    fields = (field for section in document.sections for field in section.fields if field.key == "people.carer")
    names = [str(field.value or "").strip() for field in fields]
    return [name for name in names if len(name) > 3 and name.casefold() not in document.child.name.casefold()]


def _rewritten(copy: PlanDocument, hidden: Mapping[str, str], *, keeps_extra: bool) -> PlanDocument:
    small = {words.casefold(): instead for words, instead in hidden.items()}
    pattern = None
    if small:
        longest_first = sorted(hidden, key=len, reverse=True)
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def rewrite(value: Any) -> Any:
        if isinstance(value, str):
            return pattern.sub(lambda m: small.get(m[0].casefold(), "[not in this copy]"), value) if pattern else value
        if isinstance(value, Part):
            held = [(name, getattr(value, name)) for name in type(value).__dataclass_fields__ if name != "extra"]
            changed = {name: new for name, each in held if (new := rewrite(each)) is not each}
            if value.extra:
                changed["extra"] = rewrite(value.extra) if keeps_extra else {}
            return replace(value, **changed) if changed else value
        if isinstance(value, tuple | list):
            every = [rewrite(each) for each in value]
            return value if all(map(is_, every, value)) else type(value)(every)
        if isinstance(value, dict):
            return {name: rewrite(each) for name, each in value.items() if not _words_of(str(name)) & NEVER_WORDS}
        return value

    found: PlanDocument = rewrite(copy)
    return found
