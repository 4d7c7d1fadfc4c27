"""Question sets as an authority has them: ours with its own edits laid over, in versions that come into force on a day."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from virtual_school.access.models import User
from virtual_school.audit.actions import record

from .models import SetVersion
from .set_edits import Edits, as_json, from_json, lay_over
from .sets import QuestionSet, library


def in_force(authority: int, key: str, on: date) -> SetVersion | None:
    rows = SetVersion.objects.filter(authority=authority, key=key, starts__lte=on)
    return rows.order_by("-starts", "-version").first()


def set_in_force(authority: int, key: str, on: date) -> QuestionSet:
    return _laid_over(key, in_force(authority, key, on))


def set_of_version(authority: int, key: str, version: str) -> QuestionSet:
    """The very words an entry was begun with, whatever has come into force since."""
    number = version.partition("+")[2]
    if not number.isdecimal():
        return library().sets[key]
    return _laid_over(key, SetVersion.objects.filter(authority=authority, key=key, version=int(number)).first())


def _laid_over(key: str, version: SetVersion | None) -> QuestionSet:
    base = library().sets[key]
    return lay_over(base, from_json(version.edits, library()), version.version) if version else base


@dataclass(frozen=True, slots=True)
class Latest:
    """The last version an authority kept of a set, in force or to come, and its edits."""

    version: SetVersion | None
    edits: Edits


def latest(authority: int, key: str) -> Latest:
    found = SetVersion.objects.filter(authority=authority, key=key).order_by("-version").first()
    return Latest(found, from_json(found.edits, library()) if found else Edits())


@transaction.atomic
def keep_version(*, authority: int, key: str, edits: Edits, starts: date, by: User) -> SetVersion:
    """The next version. Raises BadEdit for edits that are not to be; the versions before stay as they are."""
    last = SetVersion.objects.filter(authority=authority, key=key).aggregate(last=Max("version"))["last"] or 0
    lay_over(library().sets[key], edits, last + 1)
    made = SetVersion.objects.create(
        authority_id=authority, key=key, version=last + 1, edits=as_json(edits), starts=starts, by_name=by.name
    )
    record("voice.questions_edited", by=by.pk, authority=authority, set=key, version=last + 1)
    return made
