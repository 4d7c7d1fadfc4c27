"""Who is to be rung for today's marks, who is ringing, and what a call brings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import current_context, record
from virtual_school.children.models import Child

from .comparing import Comparison, Given
from .expecting import is_of_age
from .models import Delivery
from .models_calls import CLAIM_LASTS, CallAnswer, CallClaim, SchoolCall, Site, at, ids_of, site_key
from .places import kept, of_place
from .queries import Today, Where, on_the_day
from .school_contacts import Contact, contacts
from .undoing import take_back_one
from .who_is_where import children_of
from .whose import Whose
from .writing import Sender, deliver, sender_name

Outcome = SchoolCall.Outcome
RING_AGAIN = {
    Outcome.ENGAGED: timedelta(minutes=15),
    Outcome.NO_ANSWER: timedelta(minutes=30),
    Outcome.MESSAGE: timedelta(hours=1),
}
"""When nothing else is chosen: habit, no rule."""

NOW, LATER, ENDED = "now", "later", "ended"
MANY_CALLS = 3


@dataclass
class ToRing:
    """A school that has not marked one or more of our pupils, or a place that is not on the register of schools.
    `calls` are today's, the latest first."""

    contact: Contact
    pupils: list[Today]
    calls: list[SchoolCall] = field(default_factory=list)
    claim: CallClaim | None = None
    state: str = NOW

    @property
    def site(self) -> Site:
        return self.contact.site

    @property
    def last(self) -> SchoolCall | None:
        return self.calls[0] if self.calls else None

    @property
    def next_at(self) -> datetime | None:
        return self.last.next_at if self.last else None

    @property
    def is_unanswered(self) -> bool:
        """Rung again and again, and nobody has answered."""
        return len(self.calls) >= MANY_CALLS and all(one.outcome != Outcome.ANSWERED for one in self.calls)


@dataclass
class CallList:
    sites: list[ToRing]
    told: int = 0
    """Children whose mark of today was told by telephone."""

    sent: int = 0
    """Children whose mark of today came from their school itself."""

    others: int = 0
    """Children without a mark who are not of compulsory school age, and so are left out."""

    def of(self, state: str) -> list[ToRing]:
        return [one for one in self.sites if one.state == state]


def call_list(of: Whose, day: date, now: datetime, adviser: str = "", *, every_age: bool = False) -> CallList:
    """Of the day as it stands: a school leaves the list as its marks arrive, whoever sends them. Only those of
    compulsory school age bring it there, unless every age is asked for."""
    waiting: dict[int | str, list[Today]] = defaultdict(list)
    told = sent = others = 0
    for row in on_the_day(children_of(of, day, adviser), day):
        if row.where is Where.UNKNOWN and not (every_age or is_of_age(row.born, day)):
            others += 1
        elif row.where is Where.UNKNOWN:
            waiting[site_key(row.urn, row.school)].append(row)
        elif row.came:
            is_told = row.came.source == Delivery.Source.PHONE
            told, sent = told + is_told, sent + (not is_told)
    held = contacts(of.authorities[0], {(rows[0].urn, rows[0].school) for rows in waiting.values()}, day)
    calls: dict[int | str, list[SchoolCall]] = defaultdict(list)
    made = SchoolCall.objects.filter(authority__in=of.authorities, about=day, struck_at__isnull=True)
    for call in made.select_related("place"):
        calls[_key_of(call)].append(call)
    claims = live_claims(of.authorities, now)
    found = []
    for key, pupils in waiting.items():
        one = ToRing(held[key], sorted(pupils, key=lambda row: row.name), calls[key], claims.get(key))
        one.state = _state(one, now)
        found.append(one)
    found.sort(key=_urgency)
    return CallList(found, told, sent, others)


def _key_of(row: SchoolCall | CallClaim) -> int | str:
    return row.school_id or row.place.key


def _state(one: ToRing, now: datetime) -> str:
    if one.last is None:
        return NOW
    if one.next_at is None:
        return ENDED
    return NOW if one.next_at <= now else LATER


def _urgency(one: ToRing) -> tuple[int, str, int, str]:
    """A call promised for a time that has come goes first; then the schools with most pupils not known."""
    order = (NOW, LATER, ENDED).index(one.state)
    return order, one.next_at.isoformat() if one.next_at else "9", -len(one.pupils), one.site.name


def next_to_ring(found: CallList, by: User) -> ToRing | None:
    """The first to be rung now that nobody else is ringing."""
    return next((one for one in found.of(NOW) if one.claim is None or one.claim.by_id == by.pk), None)


def live_claims(authorities: Sequence[int], now: datetime) -> dict[int | str, CallClaim]:
    rows = CallClaim.objects.filter(authority__in=authorities, at__gt=now - CLAIM_LASTS)
    return {_key_of(claim): claim for claim in rows.select_related("place")}


def claim_of(authority: int, site: Site, now: datetime) -> CallClaim | None:
    return CallClaim.objects.filter(authority=authority, at__gt=now - CLAIM_LASTS, **at(site)).first()


@transaction.atomic
def claim(authority: int, site: Site, *, by: User, take_over: bool = False) -> CallClaim:
    """Mine, unless somebody else is ringing the school now: then theirs, untouched."""
    now = timezone.now()
    mine = {"by": by, "by_name": by.name, "at": now}
    held, is_new = CallClaim.objects.select_for_update().get_or_create(
        authority_id=authority, **ids_of(kept(site)), defaults=mine
    )
    if is_new or (not take_over and held.by_id != by.pk and held.at > now - CLAIM_LASTS):
        return held
    held.by, held.by_name, held.at = by, by.name, now
    held.save(update_fields=["by", "by_name", "at"])
    return held


def let_go(authority: int, site: Site, *, by: User) -> None:
    CallClaim.objects.filter(authority=authority, by=by, **at(site)).delete()


@dataclass(frozen=True, slots=True)
class Said:
    """Of one child: a code a session, "" where the school did not say; the reason in words."""

    am: str = ""
    pm: str = ""
    words: str = ""

    @property
    def is_anything(self) -> bool:
        return bool(self.am or self.pm or self.words)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a call: marks written, and the school's own marks that stand and say otherwise."""

    call: SchoolCall
    written: int
    differing: int


@transaction.atomic
def keep_call(call: SchoolCall, said: Mapping[Child, Said], *, by: User, role: str) -> Told:
    """The call, the answers and the marks together, or nothing. All children are of the call's authority."""
    site = call.site
    call.by_id, call.by_name = by.pk, by.name
    told = {child: one for child, one in said.items() if one.is_anything}
    call.pupils = len(told)
    given = [Given(child.pk, call.about, site.urn, one.am, one.pm) for child, one in told.items() if one.am or one.pm]
    sender = Sender(Delivery.Source.PHONE, sender_name(site), by.pk, by.name)
    found = deliver(sender, {call.authority_id: given}).get(call.authority_id)
    if found and not found.is_empty:
        call.delivery = _delivery_just_made()
    call.save(force_insert=True)
    CallAnswer.objects.bulk_create(
        CallAnswer(
            authority_id=call.authority_id, child=child, call=call, urn=site.urn, day=call.about,
            am=one.am, pm=one.pm, words=one.words, rung_at=call.rung_at, by_name=by.name,
        )
        for child, one in told.items()
    )  # fmt: skip
    let_go(call.authority_id, site, by=by)
    record(
        "attendance.called", by=by.pk, authority=call.authority_id, role=role, urn=site.urn, **of_place(site),
        outcome=call.outcome, pupils=call.pupils,
    )  # fmt: skip
    return Told(call, _written(found) if found else 0, found.gave_way if found else 0)


def _delivery_just_made() -> int:
    mine = Delivery.objects.filter(source=Delivery.Source.PHONE, context=current_context())
    return mine.order_by("-pk").values_list("pk", flat=True)[0]


def _written(found: Comparison) -> int:
    new = sum(bool(row.am) + bool(row.pm) for row in found.created)
    return new + sum((now.am != was.am) + (now.pm != was.pm) for was, now in found.changed)


class NotAllSeen(Exception):
    """The call told of a child whom this person may not see; who may must strike it out."""


@transaction.atomic
def strike(call: SchoolCall, why: str, *, by: User, role: str) -> int:
    """Gives of how many children marks were taken back. The call stays, struck out. Twice: nothing more happens."""
    call = SchoolCall.objects.select_for_update().get(pk=call.pk)
    if call.struck_at is not None:
        return 0
    answers = CallAnswer.objects.filter(authority=call.authority_id, call=call)
    if answers.count() != call.pupils:
        raise NotAllSeen
    touched = take_back_one(call.delivery, call.authority_id, current_context()) if call.delivery else set()
    call.struck_at, call.struck_by_name, call.struck_why = timezone.now(), by.name, why
    call.save(update_fields=["struck_at", "struck_by_name", "struck_why"])
    answers.update(is_struck=True)
    record(
        "attendance.call_struck", by=by.pk, authority=call.authority_id, role=role, urn=call.site.urn,
        **of_place(call.site), children=len(touched),
    )  # fmt: skip
    return len(touched)
