"""Alerts: raised once an occasion, withdrawn when corrected marks take the fact away, given on when left unseen; and
what people do with them. All of an authority's are looked at together, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar

from .alert_gather import Watched, first_day_for, settings_on, watched
from .alert_rules import Found, found, still_found
from .alert_settings import URGENCY, Rule, Setting
from .models_alerts import AttendanceAction, AttendanceAlert, AttendanceAlertStep
from .whose import open_on

State, Kind = AttendanceAlert.State, AttendanceAlertStep.Kind
STANDS = (State.OPEN, State.ACKNOWLEDGED)
OF_THE_AUTHORITY = frozenset({Role.VIRTUAL_SCHOOL_HEAD, Role.DATA_OFFICER})
"""Roles whose holders see to every child of the authority; others to those they are around."""

CORRECTED = "A mark was corrected, and it is so no more."
CAME_IN = "Marks have come in for these days."
NOT_IN_CARE = "The child is no longer in care here."


class Refused(ValueError):
    """Why a step cannot be taken, in words."""


@dataclass(frozen=True, slots=True)
class Looked:
    raised: int = 0
    withdrawn: int = 0
    given_on: int = 0


@transaction.atomic
def look(authority: Authority, on: date, child_ids: Sequence[int] | None = None, at: datetime | None = None) -> Looked:
    """Asks every rule of these children, or of all. Asked again, it changes nothing. `at`: if not now."""
    at = at or timezone.now()
    held = AttendanceAlert.objects.filter(authority=authority).exclude(state=State.WITHDRAWN)
    if child_ids is not None:
        held = held.filter(child__in=list(child_ids))
    standing = list(held.filter(state__in=STANDS).order_by("id"))
    first = min((first_day_for(one.as_of) for one in standing), default=None)
    children = watched(authority, on, child_ids, first)
    steps: list[AttendanceAlertStep] = []
    withdrawn = _withdraw(standing, children, at, steps)
    known = set(held.values_list("child_id", "rule", "occasion"))
    raised = _raise(authority, children, settings_on(authority, on), on, at, known, steps)
    given_on = _give_on([one for one in standing if one.state == State.OPEN], on, at, steps)
    AttendanceAlertStep.objects.bulk_create(steps)
    done = Looked(raised, withdrawn, given_on)
    if raised or withdrawn or given_on:
        record(
            "attendance_alerts.looked", by=None, authority=authority.code, raised=raised, withdrawn=withdrawn,
            given_on=given_on,
        )  # fmt: skip
    return done


def _withdraw(
    standing: Iterable[AttendanceAlert], children: Mapping[int, Watched], at: datetime, steps: list[AttendanceAlertStep]
) -> int:
    gone = []
    for one in standing:
        child = children.get(one.child_id)
        if child is not None and still_found(child.facts, _as_raised(one), one.as_of, one.occasion):
            continue
        why = NOT_IN_CARE if child is None else CAME_IN if one.rule == Rule.NO_MARKS else CORRECTED
        one.state, one.closed_at, one.outcome_words = State.WITHDRAWN, at, why
        steps.append(_step(one, Kind.WITHDRAWN, why, at=at))
        gone.append(one)
    AttendanceAlert.objects.bulk_update(gone, ["state", "closed_at", "outcome_words"])
    return len(gone)


def _as_raised(one: AttendanceAlert) -> Setting:
    return Setting(rule=Rule(one.rule), numbers=one.numbers)


def _raise(
    authority: Authority, children: Mapping[int, Watched], settings: Mapping[Rule, Setting], on: date, at: datetime,
    known: set[tuple[int, str, str]], steps: list[AttendanceAlertStep],
) -> int:  # fmt: skip
    new = [
        (child, one)
        for child in children.values()
        for one in found(child.facts, settings, on)
        if (child.child, one.rule.value, one.occasion) not in known
    ]
    around = _around(authority, {child.child for child, _ in new}, on)
    alerts = []
    for child, one in new:
        setting = settings[one.rule]
        alert = _new(authority, child, one, setting, on, at)
        if setting.then and not _has(setting.first, child.child, around):
            alert.to_role, alert.then_role, alert.answer_by = setting.then, "", None
        alerts.append(alert)
    for alert in AttendanceAlert.objects.bulk_create(alerts):
        steps.append(_step(alert, Kind.RAISED, at=at))
        if alert.to_role != settings[Rule(alert.rule)].first:
            steps.append(_step(alert, Kind.GIVEN_ON, f"{NOBODY[settings[Rule(alert.rule)].first]} is named.", at=at))
    return len(alerts)


NOBODY = {
    Role.ADVISER: "No adviser",
    Role.SOCIAL_WORKER: "No social worker",
    Role.SOCIAL_WORK_MANAGER: "No social work manager",
    Role.DESIGNATED_TEACHER: "No designated teacher",
}


def _new(authority: Authority, child: Watched, one: Found, setting: Setting, on: date, at: datetime) -> AttendanceAlert:
    return AttendanceAlert(
        authority=authority,
        child_id=child.child,
        rule=one.rule.value,
        occasion=one.occasion,
        as_of=on,
        numbers=dict(setting.numbers),
        reasons=list(one.reasons),
        urgency=URGENCY[one.rule],
        school_id=child.urn,
        to_role=setting.first,
        then_role=setting.then,
        answer_by=_after(child.calendar, on, setting.after) if setting.then else None,
        raised_at=at,
    )


def _after(calendar: SchoolCalendar, day: date, n: int) -> date | None:
    try:
        return calendar.after(day, n)
    except BeyondCalendar:
        return None


def _around(authority: Authority, children: set[int], on: date) -> set[tuple[int, str]]:
    rows = Involvement.objects.filter(open_on(on), authority=authority, child__in=children, person__is_active=True)
    return set(rows.values_list("child_id", "role"))


def _has(role: str, child: int, around: set[tuple[int, str]]) -> bool:
    return role in OF_THE_AUTHORITY or (child, role) in around


def _give_on(standing: Iterable[AttendanceAlert], on: date, at: datetime, steps: list[AttendanceAlertStep]) -> int:
    """What was left unseen beyond its day goes to the next role, once."""
    late = [one for one in standing if one.then_role and one.answer_by is not None and one.answer_by < on]
    for one in late:
        one.to_role, one.then_role, one.escalated_at = one.then_role, "", at
        steps.append(_step(one, Kind.GIVEN_ON, "Nobody had seen to it in time.", at=at))
    AttendanceAlert.objects.bulk_update(late, ["to_role", "then_role", "escalated_at"])
    return len(late)


def _step(
    alert: AttendanceAlert, kind: str, words: str = "", *, by: User | None = None, at: datetime | None = None
) -> AttendanceAlertStep:
    return AttendanceAlertStep(
        authority_id=alert.authority_id,
        child_id=alert.child_id,
        alert=alert,
        kind=kind,
        words=words,
        by_id=by.pk if by else None,
        by_name=by.name if by else "",
        at=at or timezone.now(),
    )


def _held(alert: AttendanceAlert) -> AttendanceAlert:
    """As it stands now: somebody else may have been quicker."""
    return AttendanceAlert.objects.select_for_update().get(pk=alert.pk)


def _done(alert: AttendanceAlert, kind: str, by: User, words: str = "", **labels: Any) -> None:
    _step(alert, kind, words, by=by).save()
    record(
        f"attendance_alert.{kind}", by=by.pk, authority=alert.authority_id, child=alert.child_id,
        alert=str(alert.public_id), rule=alert.rule, **labels,
    )  # fmt: skip


@transaction.atomic
def acknowledge(*, alert: AttendanceAlert, by: User) -> None:
    """From now on it is theirs."""
    one = _held(alert)
    if one.state != State.OPEN:
        raise Refused(_taken(one))
    _own(one, by, Kind.ACKNOWLEDGED)


@transaction.atomic
def take_over(*, alert: AttendanceAlert, by: User) -> None:
    one = _held(alert)
    if one.state != State.ACKNOWLEDGED:
        raise Refused("Nobody has it yet: acknowledge it." if one.state == State.OPEN else _taken(one))
    if one.owner_id == by.pk:
        raise Refused("It is yours already.")
    _own(one, by, Kind.TAKEN_OVER, f"From {one.owner_name}.")


def _own(one: AttendanceAlert, by: User, kind: str, words: str = "") -> None:
    one.state, one.owner, one.owner_name = State.ACKNOWLEDGED, by, by.name
    one.acknowledged_at = one.acknowledged_at or timezone.now()
    one.save(update_fields=["state", "owner", "owner_name", "acknowledged_at"])
    _done(one, kind, by, words)


def _taken(one: AttendanceAlert) -> str:
    if one.state == State.ACKNOWLEDGED:
        return f"{one.owner_name} has it in hand already."
    return f"It is {one.get_state_display().lower()} already."


@transaction.atomic
def close(*, alert: AttendanceAlert, outcome: str, words: str, by: User) -> None:
    """What is still to be done about it stays to be done."""
    one = _held(alert)
    if one.state not in STANDS:
        raise Refused(_taken(one))
    if one.owner is None:
        one.owner, one.owner_name, one.acknowledged_at = by, by.name, timezone.now()
    one.state, one.closed_at, one.outcome, one.outcome_words = State.CLOSED, timezone.now(), outcome, words.strip()
    one.save(
        update_fields=[
            "state", "closed_at", "outcome", "outcome_words", "owner", "owner_name", "acknowledged_at"
        ]
    )  # fmt: skip
    said = one.get_outcome_display()
    _done(one, Kind.CLOSED, by, f"{said}: {words.strip()}" if words.strip() else said, outcome=outcome)


@transaction.atomic
def add_action(
    *, alert: AttendanceAlert, what: str, owner: User | None, owner_name: str, by_on: date, by: User
) -> AttendanceAction:
    """Who agrees what is to be done has seen the alert."""
    one = _held(alert)
    if one.state not in STANDS:
        raise Refused(_taken(one))
    if one.state == State.OPEN:
        _own(one, by, Kind.ACKNOWLEDGED)
    made = AttendanceAction.objects.create(
        authority_id=one.authority_id, child_id=one.child_id, alert=one, what=what, owner=owner,
        owner_name=owner.name if owner else owner_name, by_on=by_on, by_name=by.name,
    )  # fmt: skip
    _done(one, Kind.ACTION, by, f"{made.owner_name}: {what}")
    return made


@transaction.atomic
def finish_action(*, action: AttendanceAction, done_on: date, outcome: str, by: User) -> None:
    one = AttendanceAction.objects.select_for_update(of=("self",)).select_related("alert").get(pk=action.pk)
    if one.done_on is not None:
        raise Refused("It is marked as done already.")
    one.done_on, one.outcome = done_on, outcome.strip()
    one.save(update_fields=["done_on", "outcome"])
    _done(one.alert, Kind.DONE, by, f"{one.what}: {one.outcome}")
