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

PARTS = ("attendance_alerts", "plans", "quality", "voice")
"""Of a version's choices, what an app above this one keeps under a name of its own."""


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
        if name not in PARTS and value != getattr(default, name)
    }


def changes_between(before: Policy, after: Policy) -> list[Change]:
    pairs = ((words, getattr(before, words.name), getattr(after, words.name)) for words in FIELDS)
    return [Change(words, was, now) for words, was, now in pairs if was != now]


def history(authority: Authority) -> list[tuple[PolicyVersion, list[Change]]]:
    """Every version, the newest first, with what it changed. One that changed only a part of another app is its."""
    before: Mapping[str, Any] = {}
    told = []
    for version in PolicyVersion.objects.filter(authority=authority).order_by("starts"):
        changes = changes_between(policy_of(dict(before)), policy_of(version.choices))
        if changes or all(version.choices.get(part) == before.get(part) for part in PARTS):
            told.append((version, changes))
        before = version.choices
    return told[::-1]


def part_on(authority: Authority, part: str, day: date) -> dict[str, Any]:
    """What a part holds on a day; empty: the defaults of its app."""
    version = PolicyVersion.objects.filter(authority=authority, starts__lte=day).first()
    return dict(version.choices.get(part, {})) if version else {}


def history_of_part(authority: Authority, part: str) -> list[tuple[PolicyVersion, dict[str, Any], dict[str, Any]]]:
    """Every version that changed the part, the newest first, with what it held before and after."""
    told, before = [], {}
    for version in PolicyVersion.objects.filter(authority=authority).order_by("starts"):
        after = version.choices.get(part, {})
        if after != before:
            told.append((version, before, after))
        before = after
    return told[::-1]


@transaction.atomic
def set_policy(
    authority: Authority, *, starts: date, choices: Mapping[str, Any], why: str, by_id: int | None, by_name: str
) -> PolicyVersion:
    """A version from that day on; one that starts on the same day is replaced. The parts of other apps stay."""
    version = _set(authority, starts, None, differing(choices), why, by_name)
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
def set_part(
    authority: Authority,
    part: str,
    *,
    starts: date,
    choices: Mapping[str, Any],
    why: str,
    by_id: int | None,
    by_name: str,
) -> PolicyVersion:
    """One part, whole, from that day on; every other choice stays."""
    version = _set(authority, starts, part, dict(choices), why, by_name)
    record(
        "policy set",
        by=by_id,
        authority=authority.code,
        starts=starts.isoformat(),
        version=version.pk,
        part=part,
        differs=sorted(choices),
    )
    return version


@transaction.atomic
def withdraw_policy(version: PolicyVersion, *, by_id: int | None) -> None:
    """As if it had not been made: the version before it counts on. What it changed of other apps' parts stays."""
    _withdraw(version, None, by_id)


@transaction.atomic
def withdraw_part(version: PolicyVersion, part: str, *, by_id: int | None) -> None:
    """As if the version had not changed the part. Its other choices stay."""
    _withdraw(version, part, by_id)


def _of(choices: Mapping[str, Any], part: str | None) -> dict[str, Any]:
    """What a version holds of a part; without one, its own choices."""
    if part is not None:
        return dict(choices.get(part, {}))
    return {name: value for name, value in choices.items() if name not in PARTS}


def _with(choices: Mapping[str, Any], part: str | None, held: Mapping[str, Any]) -> dict[str, Any]:
    if part is None:
        return {**held, **{name: value for name, value in choices.items() if name in PARTS}}
    rest = {name: value for name, value in choices.items() if name != part}
    return {**rest, part: dict(held)} if held else rest


def _set(
    authority: Authority, starts: date, part: str | None, held: Mapping[str, Any], why: str, by_name: str
) -> PolicyVersion:
    before = PolicyVersion.objects.filter(authority=authority, starts__lte=starts).first()
    choices = before.choices if before else {}
    version, _ = PolicyVersion.objects.update_or_create(
        authority=authority,
        starts=starts,
        defaults={"choices": _with(choices, part, held), "why": why, "by_name": by_name},
    )
    _carry_on(version, part, was=_of(choices, part), now=held)
    return version


def _carry_on(version: PolicyVersion, part: str | None, *, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Versions to come that changed nothing of a part hold what is decided of it now."""
    for later in PolicyVersion.objects.filter(authority=version.authority_id, starts__gt=version.starts).order_by(
        "starts"
    ):
        if _of(later.choices, part) != was:
            return
        later.choices = _with(later.choices, part, now)
        later.save(update_fields=["choices"])


def _withdraw(version: PolicyVersion, part: str | None, by_id: int | None) -> None:
    record(
        "policy withdrawn",
        by=by_id,
        authority=version.authority_id,
        starts=version.starts.isoformat(),
        version=version.pk,
        differs=sorted(version.choices),
        **({"part": part} if part else {}),
    )
    earlier = PolicyVersion.objects.filter(authority=version.authority_id, starts__lt=version.starts).first()
    before = earlier.choices if earlier else {}
    now = _of(version.choices, part)
    left = _with(version.choices, part, _of(before, part))
    _carry_on(version, part, was=now, now=_of(before, part))
    if left == before:
        version.delete()
        return
    version.choices = left
    version.save(update_fields=["choices"])


@transaction.atomic
def set_appearance(authority: Authority, *, colour: str, label_for_children: str, by_id: int | None) -> None:
    authority.colour, authority.label_for_children = colour.lower(), label_for_children
    authority.save(update_fields=["colour", "label_for_children"])
    record("appearance set", by=by_id, authority=authority.code, colour=authority.colour)
