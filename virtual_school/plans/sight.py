"""Which fields of a plan a person sees on the pages: the same table decides as for printed copies."""

from virtual_school.access.models import Role

from .document import FieldPart
from .opened import OpenedPlan
from .readers import Sight, levels_of_field
from .reading_levels import Reader
from .template import Field, Section

READER_OF = {
    Role.VIRTUAL_SCHOOL_HEAD: Reader.VIRTUAL_SCHOOL,
    Role.ADVISER: Reader.VIRTUAL_SCHOOL,
    Role.DATA_OFFICER: Reader.VIRTUAL_SCHOOL,
    Role.NOMINATED_OFFICER: Reader.VIRTUAL_SCHOOL,
    Role.INSPECTOR: Reader.VIRTUAL_SCHOOL,
    Role.SOCIAL_WORKER: Reader.SOCIAL_WORKER,
    Role.SOCIAL_WORK_MANAGER: Reader.SOCIAL_WORKER,
    Role.REVIEWING_OFFICER: Reader.REVIEWING_OFFICER,
    Role.PERSONAL_ADVISER: Reader.PERSONAL_ADVISER,
    Role.DESIGNATED_TEACHER: Reader.DESIGNATED_TEACHER,
    Role.DELEGATE: Reader.DESIGNATED_TEACHER,
    Role.CARER: Reader.CARER,
    Role.YOUNG_PERSON: Reader.YOUNG_PERSON,
}


def is_kept_from(opened: OpenedPlan, field: Field) -> bool:
    """Whoever is to judge the plan before again sees nothing of what was said of it, even in what they may write."""
    return opened.hides_feedback and "quality" in _levels(field)


def _levels(field: Field) -> tuple[str, ...]:
    return levels_of_field(FieldPart(key=field.key, label=field.label, kind=field.kind))


def sees_field(opened: OpenedPlan, section: Section, field: Field) -> bool:
    """Who may write a section sees all of it; others what their role reads."""
    if is_kept_from(opened, field):
        return False
    if opened.may_write(section):
        return True
    levels = _levels(field)
    sights = [Sight(READER_OF[role]) for role in opened.roles if role in READER_OF]
    return any(all(sight.sees(level) for level in levels) for sight in sights)


def fields_seen(opened: OpenedPlan, section: Section) -> tuple[Field, ...]:
    return tuple(field for field in section.fields if sees_field(opened, section, field))
