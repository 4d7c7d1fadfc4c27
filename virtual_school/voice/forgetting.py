"""Deleting what was never shared, some time after its cycle. Nobody and nothing reads it first."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.children import bulk
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service

from .media import forget_files
from .models import Ask, Entry, Media, SecretPictures, VoiceAnswer
from .settings_of import policy_for


def ends_of(calendar: SchoolCalendar, key: str) -> date | None:
    """The last day of a cycle, by its term's key."""
    term: Term | None = next((one for one in calendar.terms if one.key == key), None)
    return term.ends if term else None


def forget_drafts(code: int, today: date) -> int:
    """How many entries had drafts deleted. Each in its own transaction, with the entry's own right."""
    with acting(service(code), action="drafts looked for"):
        authority = Authority.objects.get(code=code)
        keep = timedelta(days=policy_for(code, today).keep_drafts_days)
        calendar, _ = school_calendars(code, authority.name)
        entries = list(Entry.objects.filter(authority=code, answered_at__isnull=False).values_list("id", "cycle"))
    count = 0
    for entry, cycle in entries:
        ended = ends_of(calendar, cycle)
        if ended is not None and ended + keep < today:
            count += bool(_forget(entry))
    return count


def _forget(entry: int) -> int:
    with acting(Claims(voice_entry=entry), action="drafts deleted"):
        unshared = VoiceAnswer.objects.filter(entry=entry, seen_by=[]).exclude(asks__state=Ask.State.ANSWERED)
        ids = list(
            unshared.filter(Q(shared_at__isnull=True) | Q(taken_back_at__isnull=False)).values_list("id", flat=True)
        )
        bulk.delete("voice_voiceanswer", ids)
        left = list(Media.objects.filter(entry=entry, answers__isnull=True).values_list("id", "stored_as"))
        bulk.delete("voice_media", [pk for pk, _ in left])
        transaction.on_commit(lambda: forget_files([name for _, name in left]))
    if ids:
        SecretPictures.objects.filter(entry_id=entry).delete()
    return len(ids)
