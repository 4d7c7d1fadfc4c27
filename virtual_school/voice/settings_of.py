"""The council's own choices, hours and readers, as the rules take them."""

from datetime import date

from django.db.models import Q

from virtual_school.authorities.models import PolicyVersion
from virtual_school.authorities.queries import working_calendar

from .models import SafeguardingReader
from .policy import VoicePolicy, voice_policy
from .rules import Hours, Reader


def policy_for(authority_code: int, on: date) -> VoicePolicy:
    version = PolicyVersion.objects.filter(authority=authority_code, starts__lte=on).first()
    return voice_policy(version.choices.get("voice", {}) if version else {})


def hours_of(policy: VoicePolicy) -> Hours:
    return Hours(calendar=working_calendar(), opens=policy.opening, closes=policy.closing)


def readers_of(authority_code: int, on: date) -> list[Reader]:
    rows = SafeguardingReader.objects.filter(authority=authority_code, starts__lte=on).filter(
        Q(ends__isnull=True) | Q(ends__gt=on)
    )
    return [
        Reader(
            person_id=one.person_id, known_as=one.known_as, rank=one.rank, away_from=one.away_from, away_to=one.away_to
        )
        for one in rows
    ]
