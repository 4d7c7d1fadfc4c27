"""Changing an authority's policy and settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from virtual_school.audit.actions import record

from .models import Authority, PolicyVersion
from .policy_words import FIELDS, PolicyWords
from .queries import policy_of
from .rules import Policy


@dataclass(frozen=True, slots=True)
class Change:
    """One choice of a version, beside what counted before it."""

    words: PolicyWords
    before: Any
    after: Any

    @property
    def before_in_words(self) -> str:
        return self.words.in_words(self.before)

    @property
    def after_in_words(self) -> str:
        return self.words.in_words(self.after)


def differing(choices: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the defaults, as it is kept: dates as ISO text."""
    default = Policy()
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in choices.items()
        if value != getattr(default, name)
    }


def changes_between(before: Policy, after: Policy) -> list[Change]:
    pairs = ((words, getattr(before, words.name), getattr(after, words.name)) for words in FIELDS)
    return [Change(words, was, now) for words, was, now in pairs if was != now]


def history(authority: Authority) -> list[tuple[PolicyVersion, list[Change]]]:
    """Every version, the newest first, with what it changed."""
    versions = list(PolicyVersion.objects.filter(authority=authority).order_by("starts"))
    before, told = Policy(), []
    for version in versions:
        after = policy_of(version.choices)
        told.append((version, changes_between(before, after)))
        before = after
    return told[::-1]


@transaction.atomic
def set_policy(
    authority: Authority, *, starts: date, choices: Mapping[str, Any], why: str, by_id: int | None, by_name: str
) -> PolicyVersion:
    """A version from that day on; one that starts on the same day is replaced."""
    version, _ = PolicyVersion.objects.update_or_create(
        authority=authority,
        starts=starts,
        defaults={"choices": differing(choices), "why": why, "by_name": by_name},
    )
    record(
        "policy set",
        by=by_id,
        authority=authority.code,
        starts=starts.isoformat(),
        version=version.pk,
        differs=sorted(version.choices),
    )
    return version


@transaction.atomic
def withdraw_policy(version: PolicyVersion, *, by_id: int | None) -> None:
    """As if it had not been made: the version before it counts on."""
    record(
        "policy withdrawn",
        by=by_id,
        authority=version.authority_id,
        starts=version.starts.isoformat(),
        version=version.pk,
        differs=sorted(version.choices),
    )
    version.delete()


@transaction.atomic
def set_appearance(authority: Authority, *, colour: str, label_for_children: str, by_id: int | None) -> None:
    authority.colour, authority.label_for_children = colour.lower(), label_for_children
    authority.save(update_fields=["colour", "label_for_children"])
    record("appearance set", by=by_id, authority=authority.code, colour=authority.colour)
