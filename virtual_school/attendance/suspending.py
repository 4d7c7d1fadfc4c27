"""Writing down a suspension or exclusion, and what follows from it."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.file_checks import checked_content, name_kept
from virtual_school.children.models import Child
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.schools.models import Enrolment

from .exclusion_codes import MOST
from .exclusion_rules import may_cancel
from .facts import AttendanceFacts, SuspensionFact
from .gather import GOVERNORS, PARENT
from .models_exclusion import RiskMeeting, Suspension, SuspensionLetter, SuspensionTold

FOLDER = "suspensions"
SUSPENDED, PERMANENT, LUNCHTIME = Suspension.Category.values


class Refused(ValueError):
    """Why something cannot be written down so, in words for who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a school says. `half_days` is only given where the days out are not whole ones."""

    category: str
    decided_on: date
    starts: date
    back_on: date | None = None
    half_days: int | None = None
    reasons: Sequence[str] = ()
    words: str = ""
    exam_lost: bool = False
    parents_told: bool = False
    governors_told: bool = False
    work_set: bool = False
    notified_at: datetime | None = None


def half_days_out(notice: Notice, calendar: SchoolCalendar) -> int:
    """Two a school day out, unless the school says otherwise. Raises Refused where it cannot be counted."""
    if notice.category == PERMANENT:
        return 0
    if notice.half_days is not None:
        return notice.half_days
    if notice.back_on is None:
        raise Refused("Say on which day the child is back.")
    try:
        days = calendar.between(_before(notice.starts), _before(notice.back_on))
    except BeyondCalendar as beyond:
        raise Refused("The term dates for these days are not held. Say how many half days it is.") from beyond
    if days == 0:
        raise Refused("There is no school day between these two days. Check them, or say how many half days it is.")
    return 2 * days


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


@transaction.atomic
def record_suspension(
    *, child: Child, at: Enrolment | None, notice: Notice, calendar: SchoolCalendar, by: User, is_from_school: bool,
    letter: UploadedFile | None = None,
) -> Suspension:  # fmt: skip
    """Raises Refused, or RefusedFile for a letter that is not taken; then nothing is kept."""
    if not 1 <= len(notice.reasons) <= MOST:
        raise Refused("Choose one, two or three reasons.")
    sessions = half_days_out(notice, calendar)
    same = Suspension.objects.filter(
        authority=child.authority_id, child=child, starts=notice.starts, category=notice.category,
        cancelled_on__isnull=True,
    )  # fmt: skip
    if same.exists():
        raise Refused("One of this kind that starts on this day is held already.")
    made = Suspension.objects.create(
        authority_id=child.authority_id,
        child=child,
        school=at.school if at else None,
        provision=at.provision if at else "",
        category=notice.category,
        decided_on=notice.decided_on,
        starts=notice.starts,
        back_on=notice.back_on if notice.category == SUSPENDED else None,
        sessions=sessions,
        reasons=list(notice.reasons),
        words=notice.words,
        exam_lost=notice.exam_lost,
        work_set_on=notice.starts if notice.work_set else None,
        notified_at=notice.notified_at or timezone.now(),
        is_from_school=is_from_school,
        by_id=by.pk,
        by_name=by.name,
    )
    for role, was_told in ((PARENT, notice.parents_told), (GOVERNORS, notice.governors_told)):
        if was_told:
            told_another_way(made, role=role, name="", at=timezone.now(), by=by)
    if letter is not None:
        keep_letter(made, kind="notice", sent=letter, by=by)
    _log("suspension.recorded", made, by, category=made.category, sessions=sessions)
    return made


def _log(action: str, suspension: Suspension, by: User, **labels: Any) -> None:
    record(
        action,
        by=by.pk,
        authority=suspension.authority_id,
        child=suspension.child_id,
        suspension=str(suspension.public_id),
        **labels,
    )


def told_another_way(suspension: Suspension, *, role: str, name: str, at: datetime, by: User) -> SuspensionTold:
    return SuspensionTold.objects.create(
        authority_id=suspension.authority_id,
        child_id=suspension.child_id,
        suspension=suspension,
        role=role,
        name=name,
        how=SuspensionTold.How.ANOTHER_WAY,
        told_at=at,
        by_name=by.name,
    )


@transaction.atomic
def note(suspension: Suspension, *, by: User, what: str, **values: Any) -> None:
    """A step of what follows: the governors' meeting, a review, the check. `what` names the step in the log."""
    for name, value in values.items():
        setattr(suspension, name, value)
    suspension.save(update_fields=list(values))
    _log(f"suspension.{what}", suspension, by)


@transaction.atomic
def cancel(
    suspension: Suspension, facts: AttendanceFacts, *, on: date, why: str, told_on: date | None,
    returned_on: date | None, by: User,
) -> None:  # fmt: skip
    """Raises Refused where the Regulations no longer allow it (EXC-04)."""
    held = fact_of(suspension, facts)
    if held is not None and (too_late := may_cancel(facts, held, on)):
        raise Refused(f"It can no longer be cancelled, since {too_late}.")
    note(
        suspension, by=by, what="cancelled", cancelled_on=on, cancelled_why=why, cancellation_told_on=told_on,
        returned_on=returned_on,
    )  # fmt: skip


def fact_of(suspension: Suspension, facts: AttendanceFacts) -> SuspensionFact | None:
    same = (s for s in facts.suspensions if (s.starts, s.category) == (suspension.starts, suspension.category))
    return next((s for s in same if s.cancelled_on == suspension.cancelled_on), None)


def keep_letter(suspension: Suspension, *, kind: str, sent: UploadedFile, by: User) -> SuspensionLetter:
    """Raises RefusedFile. Checked as every file that is sent in; kept outside the pages' reach."""
    today = SuspensionLetter.objects.filter(by_id=by.pk, at__date=timezone.localdate()).values_list("size", flat=True)
    content, content_type = checked_content(sent, sum(today))
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT) / stored_as
    path.touch(mode=0o600)
    path.write_bytes(content)
    kept = SuspensionLetter.objects.create(
        authority_id=suspension.authority_id,
        child_id=suspension.child_id,
        suspension=suspension,
        kind=kind,
        name=name_kept(sent.name or "letter"),
        stored_as=stored_as,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        by_id=by.pk,
        by_name=by.name,
    )
    _log("suspension.letter", suspension, by, letter=str(kept.public_id), size=kept.size)
    return kept


@transaction.atomic
def record_risk_meeting(
    *, child: Child, on: date, who: str, weighed: str, next_on: date | None, by: User
) -> RiskMeeting:
    made = RiskMeeting.objects.create(
        authority_id=child.authority_id, child=child, on=on, who=who, weighed=weighed, next_on=next_on, by_name=by.name
    )
    record("risk_meeting.recorded", by=by.pk, authority=child.authority_id, child=child.pk, on=on.isoformat())
    return made
