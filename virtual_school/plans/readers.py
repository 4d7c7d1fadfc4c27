"""Who may see what of a plan: the copy made for one reader. What has no level here is closed to all but those who
read every plan whole. The legal bases are cited; the rest is council policy and says so.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
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


class Reader(StrEnum):
    VIRTUAL_SCHOOL = "virtual_school"
    SOCIAL_WORKER = "social_worker"
    REVIEWING_OFFICER = "reviewing_officer"
    PERSONAL_ADVISER = "personal_adviser"
    DESIGNATED_TEACHER = "designated_teacher"
    NEXT_SCHOOL = "next_school"
    CARER = "carer"
    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    OTHER_AUTHORITY = "other_authority"


R = Reader
_CARE = frozenset({R.VIRTUAL_SCHOOL, R.SOCIAL_WORKER, R.REVIEWING_OFFICER, R.PERSONAL_ADVISER})
_SCHOOLS = frozenset({R.DESIGNATED_TEACHER, R.NEXT_SCHOOL})
_EVERYONE = frozenset(Reader)

COPY_WORDS: dict[Reader, str] = {
    R.VIRTUAL_SCHOOL: "the virtual school",
    R.SOCIAL_WORKER: "the social worker",
    R.REVIEWING_OFFICER: "the independent reviewing officer",
    R.PERSONAL_ADVISER: "the personal adviser",
    R.DESIGNATED_TEACHER: "the designated teacher",
    R.NEXT_SCHOOL: "the next school",
    R.CARER: "the carer",
    R.YOUNG_PERSON: "the young person",
    R.PARENT: "a parent",
    R.OTHER_AUTHORITY: "another authority",
}


@dataclass(frozen=True, slots=True)
class Level:
    words: str
    readers: frozenset[Reader]
    source: str


_POLICY = "council policy; "
LEVELS: dict[str, Level] = {
    "shared": Level(
        "Education, attendance, targets, help and next steps",
        _EVERYONE,
        "PEP-20 (CPR reg 6(3)): child, parent, reviewing officer, carer; DT-11 (PIR reg 9): the next school; "
        "INF-02: other authorities",
    ),
    "voice": Level(
        "What the child said and shared with everyone in the meeting",
        _CARE | _SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        _POLICY + "the child decides who reads each answer",
    ),
    "school": Level(
        "Which school the child goes to, and who works there",
        _EVERYONE,
        "PEP-20; CPR reg 6(4): withheld from a parent where there is a risk of significant harm",
    ),
    "identity": Level(
        "Pupil number and the authority's own number",
        _CARE | _SCHOOLS | {R.OTHER_AUTHORITY},
        _POLICY + "numbers are for those who match records",
    ),
    "home": Level(
        "Who cares for the child, and about living there; never where",
        _CARE | _SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        _POLICY + "INF-03: limited to those who need it; a parent may be kept from knowing the home",
    ),
    "family": Level(
        "Parents and relatives, contact and parental responsibility",
        _CARE | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "INF-03: limited to those who need it",
    ),
    "care": Level(
        "Care status, legal basis of care and the care plan's aim",
        _CARE | _SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        "VS-09, INF-03: those who need to know",
    ),
    "health": Level(
        "Health that matters in school",
        _CARE | _SCHOOLS | {R.CARER, R.YOUNG_PERSON},
        "VS-10: enough information for the setting to support the child",
    ),
    "sdq": Level(
        "Scores of the strengths and difficulties questionnaire",
        _CARE,
        "HEA-02: the score is shared with the virtual school, by need to know; "
        + _POLICY
        + "others by permission",
    ),
    "money": Level(
        "Pupil premium plus and other money, with amounts",
        _CARE | _SCHOOLS | {R.CARER},
        _POLICY + "amounts are for those who spend or agree them",
    ),
    "carers_notes": Level(
        "What the carer wrote",
        _CARE | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "parents_notes": Level(
        "What a parent wrote",
        _CARE | {R.DESIGNATED_TEACHER, R.PARENT},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "adults_notes": Level(
        "The social worker's view, notes and disagreements of the meeting",
        _CARE | {R.DESIGNATED_TEACHER, R.CARER},
        _POLICY + "adults' notes are for the adults of the meeting",
    ),
    "quality": Level(
        "The virtual school's judgement of the plan, and the plan's own course",
        _CARE | {R.DESIGNATED_TEACHER},
        _POLICY + "feedback is for those who write the plan",
    ),
    "restricted": Level(
        "The legal stage of asylum, and custody: offence, sentence, release",
        _CARE,
        _POLICY + "INF-03: limited to those who need it; others by permission",
    ),
    "closed": Level(
        "What has no level yet",
        frozenset({R.VIRTUAL_SCHOOL, R.SOCIAL_WORKER, R.REVIEWING_OFFICER}),
        _POLICY + "open only to those who read every plan whole, until someone decides",
    ),
}

LEVEL_OF_SECTION: dict[str, str] = {
    "about_me": "closed",
    "about_me.preferred_name": "shared",
    "about_me.interests": "shared",
    "about_me.strengths": "shared",
    "about_me.language": "shared",
    "about_me.home_language": "shared",
    "about_me.interpreter": "shared",
    "front": "shared",
    "meeting": "shared",
    "meeting.notes": "adults_notes",
    "meeting.summary": "adults_notes",
    "meeting.disagreements": "adults_notes",
    "meeting.dissent": "adults_notes",
    "care": "care",
    "placement": "home",
    "home": "home",
    "carer": "carers_notes",
    "carers_view": "carers_notes",
    "carers_views": "carers_notes",
    "parent": "parents_notes",
    "parents_view": "parents_notes",
    "parents_views": "parents_notes",
    "contacts": "family",
    "permissions": "family",
    "family": "family",
    "health": "health",
    "wellbeing": "health",
    "sdq": "sdq",
    "agencies": "health",
    "education": "shared",
    "setting": "shared",
    "school": "school",
    "provision": "shared",
    "send": "shared",
    "sen": "shared",
    "history": "school",
    "attainment": "shared",
    "progress": "shared",
    "attendance": "shared",
    "exclusion": "shared",
    "exclusions": "shared",
    "voice": "voice",
    "views": "voice",
    "targets": "shared",
    "actions": "shared",
    "aspirations": "shared",
    "aspiration": "shared",
    "careers": "shared",
    "learning": "shared",
    "early_years": "shared",
    "post_16": "shared",
    "qualifications": "shared",
    "results": "shared",
    "transition": "shared",
    "next_step": "shared",
    "money": "money",
    "funding": "money",
    "pupil_premium": "money",
    "social_worker": "adults_notes",
    "social_workers_view": "adults_notes",
    "quality": "quality",
    "feedback": "quality",
    "asylum": "restricted",
    "unaccompanied": "restricted",
    "custody": "restricted",
    "documents": "quality",
}
"""Level by the start of a field's key; the longest that fits, ending at a dot or underscore, decides."""

# Whatever the section and level, a field whose key holds one of these words is never more open than this.
_NEVER_WORDS = {"address", "addresses", "postcode", "uprn"}
_GUARDED_WORDS = {
    "sdq": "sdq", "asylum": "restricted", "immigration": "restricted", "offence": "restricted",
    "sentence": "restricted", "remand": "restricted", "upn": "identity", "carer": "home", "carers": "home",
    "placement": "home", "parent": "family", "parents": "family", "contact": "family",
    "amount": "money", "cost": "money", "costs": "money",
}  # fmt: skip
_ADVICE_WORDS = {"strategy", "strategies", "advice"}

_ROLE_LEVELS: dict[str, str] = {
    **dict.fromkeys(
        ("social worker", "virtual school head", "education adviser", "virtual school adviser",
         "independent reviewing officer", "reviewing officer", "personal adviser", "careers adviser",
         "social work manager", "educational psychologist"),
        "shared",
    ),
    **dict.fromkeys(
        ("designated teacher", "teacher", "class teacher", "form tutor", "key adult", "senco", "head teacher",
         "headteacher", "school", "teaching assistant", "colleague of the designated teacher"),
        "school",
    ),
    **dict.fromkeys(("carer", "foster carer", "key worker", "kinship carer", "residential worker"), "home"),
    **dict.fromkeys(
        ("parent", "mother", "father", "grandparent", "relative", "sibling", "person with parental responsibility"),
        "family",
    ),
    **dict.fromkeys(("child", "young person"), "shared"),
    "interpreter": "shared",
}  # fmt: skip
"""Level by the role of a person, in small letters; a role not here is closed."""
# Names at home and in the family are seen by more readers than how to reach them.
_CONTACT_READERS: dict[str, frozenset[Reader]] = {
    "home": _CARE | {R.DESIGNATED_TEACHER, R.CARER},
    "family": _CARE | {R.DESIGNATED_TEACHER},
}
_OPEN_DOCUMENTS = {"school_report", "exam_results", "certificate", "work_evidence"}


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
    return next((LEVEL_OF_SECTION[start] for start in starts if start in LEVEL_OF_SECTION), "closed")


def levels_of_field(field: FieldPart) -> tuple[str, ...]:
    """Every level the reader must see for this field: the section's or template's, and those of guarded words."""
    own = level_of(field.key, field.level)
    guards = _guards(field.key)
    if own == "sdq" and not field.level and guards == ("health",):
        own = "health"
    if own.endswith("_notes"):  # a carer's or parent's own section is guarded by that
        guards = tuple(each for each in guards if each not in ("home", "family"))
    return (own, *(each for each in guards if each != own))


def _guards(key: str) -> tuple[str, ...]:
    words = set(re.split(r"[._\W]+", key.casefold()))
    if words & _NEVER_WORDS:
        return ("never",)
    if words & _ADVICE_WORDS and "sdq" in words:
        return ("health",)
    return tuple(sorted({_GUARDED_WORDS[word] for word in words & set(_GUARDED_WORDS)}))


def level_of_role(role: str) -> str:
    return _ROLE_LEVELS.get(re.sub(r"[_\s]+", " ", role).strip().casefold(), "closed")


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
    unknown = sight.permitted - LEVELS.keys()
    if unknown:
        raise ValueError(f"No such level: {', '.join(sorted(unknown))}")
    copy = replace(
        document,
        copy_for=who.value,
        plan=_head(document, sight),
        child=replace(
            document.child,
            local_id=document.child.local_id if sight.sees("identity") else "",
            upn=document.child.upn if sight.sees("identity") else "",
            school=document.child.school if sight.sees("school") else "",
            urn=document.child.urn if sight.sees("school") else None,
        ),
        people=tuple(
            _person(each, sight) for each in document.people if sight.sees(level_of_role(each.role))
        ),
        sections=tuple(found for each in document.sections if (found := _section(each, sight))),
        targets=tuple(_target(each, sight) for each in document.targets),
        meeting=_meeting(document.meeting, sight) if document.meeting else None,
        signatures=tuple(each for each in document.signatures if sight.sees(level_of_role(each.role))),
        documents=tuple(
            each for each in document.documents if each.kind in _OPEN_DOCUMENTS or sight.sees("quality")
        ),
        history=document.history if sight.sees("quality") else (),
    )
    return _rewritten(copy, _hidden_words(document, sight), keeps_extra=who is R.VIRTUAL_SCHOOL)


def _head(document: PlanDocument, sight: Sight) -> Any:
    return replace(document.plan, rating=document.plan.rating if sight.sees("quality") else "")


def _person(person: PersonLine, sight: Sight) -> PersonLine:
    readers = _CONTACT_READERS.get(level_of_role(person.role), _EVERYONE)
    return person if sight.reader in readers else replace(person, contact="")


def _section(section: SectionPart, sight: Sight) -> SectionPart | None:
    if section.key in sight.withheld:
        return None
    fields = tuple(
        _field(each, sight)
        for each in section.fields
        if all(sight.sees(level) for level in levels_of_field(each))
    )
    return replace(section, fields=fields) if fields else None


def _field(field: FieldPart, sight: Sight) -> FieldPart:
    """A table without the columns this reader may not see."""
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
    around = [*document.people, *(document.meeting.attendees if document.meeting else ())]
    for person in around:
        if sight.sees(level_of_role(person.role)):
            continue
        if len(person.name.strip()) > 3 and person.name.casefold() not in document.child.name.casefold():
            found[person.name.strip()] = f"[{person.role.strip().lower() or 'someone'}]"
        if isinstance(person, PersonLine) and len(person.contact.strip()) > 3:
            found[person.contact.strip()] = "[not in this copy]"
    return found


def _rewritten(copy: PlanDocument, hidden: Mapping[str, str], *, keeps_extra: bool) -> PlanDocument:
    small = {words.casefold(): instead for words, instead in hidden.items()}
    pattern = None
    if small:
        longest_first = sorted(hidden, key=len, reverse=True)
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def rewrite(value: Any) -> Any:
        if isinstance(value, str):
            return (
                pattern.sub(lambda m: small.get(m[0].casefold(), "[not in this copy]"), value)
                if pattern
                else value
            )
        if isinstance(value, Part):
            changed = {
                name: rewrite(getattr(value, name))
                for name in type(value).__dataclass_fields__
                if name != "extra"
            }
            return type(value)(**changed, extra=rewrite(value.extra) if keeps_extra else {})
        if isinstance(value, tuple | list):
            return type(value)(rewrite(each) for each in value)
        if isinstance(value, dict):
            return {
                name: rewrite(each)
                for name, each in value.items()
                if not set(re.split(r"[._\W]+", str(name).casefold())) & _NEVER_WORDS
            }
        return value

    return rewrite(copy)
