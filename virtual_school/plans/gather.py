"""The facts every rule needs, for any number of children of one authority in a fixed number of queries."""

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Max, Min
from django.utils import timezone

from virtual_school.attendance.gather import provision_facts, risk_meetings, suspension_facts
from virtual_school.attendance.marks_gather import marks_facts
from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import part_on
from virtual_school.authorities.queries import (
    appointment_facts,
    bank_holidays,
    policy_on,
    school_calendars,
    working_calendar,
)
from virtual_school.authorities.rules import AuthorityFacts, ReturnFact
from virtual_school.care.models import Review, StatutoryReturn, TwelveMonthOutcomes
from virtual_school.care.queries import (
    care_leaver_facts,
    episode_facts,
    of_children,
    previous_permanence,
    review_facts,
    sdq_facts,
    unaccompanied,
)
from virtual_school.children.bulk import among, read
from virtual_school.children.models import Child, Evidence, SupportPeriod
from virtual_school.children.rules import SupportFact
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.schools.gather import enrolment_facts
from virtual_school.schools.models import Enrolment
from virtual_school.schools.rules import EnrolmentFact
from virtual_school.voice.models import Entry, ObservationSheet
from virtual_school.voice.observation import Sheet, gathered_on
from virtual_school.voice.queries import as_sheet

from .facts import PlanFact, PlanFacts, SentIn
from .models import CopySent, Plan, RecordedPlan
from .policy import PlanPolicy, plan_policy


def authority_facts(authority: Authority, day: date) -> AuthorityFacts:
    holidays = bank_holidays()
    school_days, _ = school_calendars(authority.code, authority.name, (), holidays)
    evidence = Evidence.objects.filter(authority=authority, withdrawn_at__isnull=True)
    return AuthorityFacts(
        code=authority.code,
        name=authority.name,
        policy=policy_on(authority, day),
        working=working_calendar(holidays),
        school_days=school_days,
        appointments=appointment_facts(authority),
        returns=tuple(
            ReturnFact(collection_year=year, loaded_on=on)
            for year, on in StatutoryReturn.objects.filter(authority=authority).values_list(
                "collection_year", "loaded_on"
            )
        ),
        evidence_from=dict(evidence.values("duty").annotate(first=Min("on")).values_list("duty", "first")),
    )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Facts hold nothing that holds them: looking for such rings among so many takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def child_facts(
    authority: Authority, day: date, child_ids: Sequence[int] | None = None, of: AuthorityFacts | None = None
) -> dict[int, PlanFacts]:
    """By child, everything the rules of this authority's children take."""
    of = of or authority_facts(authority, day)
    episodes = episode_facts(authority, child_ids)
    reviews = review_facts(authority, child_ids)
    sdq = sdq_facts(authority, child_ids)
    leavers = care_leaver_facts(authority, child_ids)
    uasc = unaccompanied(authority, child_ids)
    permanence = previous_permanence(authority, child_ids)
    evidence = _evidence(authority, child_ids)
    support = _support(authority, child_ids)
    enrolments, urns = enrolment_facts(authority, child_ids)
    suspensions = suspension_facts(authority, child_ids)
    meetings = risk_meetings(authority, child_ids)
    provisions = provision_facts(authority, child_ids)
    plans = _plans(authority, child_ids, of, day)
    _, own_calendars = school_calendars(authority.code, authority.name, urns)

    def calendar_of(child: int) -> SchoolCalendar:
        """Of the school a child is at, where it keeps its own."""
        at = _now_at(enrolments.get(child, ()), day)
        return own_calendars.get(at.urn, of.school_days) if at and at.urn else of.school_days

    marks = marks_facts(authority, day, child_ids, calendar_of)
    known = _known(authority)
    reviews_to = _reviews_to(authority, of, day)
    rows = Child.objects.filter(authority=authority)
    if child_ids is not None:
        rows = rows.filter(id__in=among(child_ids))
    facts: dict[int, PlanFacts] = {}
    for child, born, sex, checked_on in read(rows.values_list("id", "born", "sex", "roll_checked_on"), child_ids):
        at = enrolments.get(child, ())
        current = _now_at(at, day)
        facts[child] = PlanFacts(
            authority=of,
            born=born,
            sex=sex,
            evidence=evidence.get(child, {}),
            support=support.get(child, ()),
            school_calendar=calendar_of(child),
            roll_checked_on=checked_on,
            episodes=episodes.get(child, ()),
            reviews=reviews.get(child, ()),
            reviews_known=known["reviews"],
            reviews_to=reviews_to,
            is_uasc=child in uasc,
            uasc_until=uasc.get(child),
            sdq=sdq.get(child, ()),
            sdq_known=known["sdq"],
            previous_permanence=permanence.get(child, ""),
            care_leaver=leavers.get(child, ()),
            enrolments=at,
            enrolments_known=known["enrolments"],
            actual_year_group=current.year_group if current else None,
            suspensions=suspensions.get(child, ()),
            risk_meetings=meetings.get(child, ()),
            provisions=provisions.get(child, ()),
            marks=marks.get(child),
            plans=(of_child := plans.get(child, ())),
            written_from=min((plan.opened_on for plan in of_child if plan.opened_on is not None), default=None),
            plans_known=known["plans"],
        )
    return facts


def _now_at(enrolments: tuple[EnrolmentFact, ...], day: date) -> EnrolmentFact | None:
    """The main registration on a day."""
    return next(
        (e for e in enrolments if e.kind == "main" and e.starts <= day and (e.ends is None or e.ends > day)), None
    )


def _known(authority: Authority) -> dict[str, bool]:
    """Which kinds of record this authority holds at all: without any, a child's missing one proves nothing."""
    return {
        "reviews": Review.objects.filter(authority=authority).exists(),
        "sdq": TwelveMonthOutcomes.objects.filter(authority=authority).exists(),
        "enrolments": Enrolment.objects.filter(authority=authority).exists(),
        "plans": RecordedPlan.objects.filter(authority=authority).exists()
        or Plan.objects.filter(authority=authority).exists(),
    }


def _reviews_to(authority: Authority, of: AuthorityFacts, day: date) -> date | None:
    """Where reviews come with the yearly return alone, none is held after its year: a later one is not known.

    Reviews held from after that year show that somebody keeps them up to date here.
    """
    if not of.returns:
        return None
    year_ended = date(max(loaded.collection_year for loaded in of.returns), 3, 31)
    latest = Review.objects.filter(authority=authority, on__lte=day).aggregate(last=Max("on"))["last"]
    return year_ended if latest is not None and latest <= year_ended else None


def _evidence(authority: Authority, child_ids: Sequence[int] | None) -> dict[int, dict[str, tuple[date, ...]]]:
    found: dict[int, dict[str, tuple[date, ...]]] = defaultdict(dict)
    rows = of_children(Evidence.objects.filter(withdrawn_at__isnull=True).order_by("on"), authority, child_ids)
    for child, duty, on in rows.values_list("child_id", "duty", "on"):
        found[child][duty] = (*found[child].get(duty, ()), on)
    return found


def _support(authority: Authority, child_ids: Sequence[int] | None) -> dict[int, tuple[SupportFact, ...]]:
    found: dict[int, tuple[SupportFact, ...]] = {}
    rows = of_children(SupportPeriod.objects.order_by("starts"), authority, child_ids)
    for child, kind, starts, ends in rows.values_list("child_id", "kind", "starts", "ends"):
        found[child] = (*found.get(child, ()), SupportFact(kind=kind, starts=starts, ends=ends))
    return found


NOT_PLANS = ("closed_error", "cancelled")
SENT_IN = ("submitted", "in_qa", "approved", "published", "superseded", "closed_moved", "closed_left_care", "closed_18")


def _plans(
    authority: Authority, child_ids: Sequence[int] | None, of: AuthorityFacts, day: date
) -> dict[int, tuple[PlanFact, ...]]:
    """Those written here, after those recorded of plans that were kept elsewhere."""
    policy = plan_policy(part_on(authority, "plans", day))
    found: dict[int, list[PlanFact]] = defaultdict(list)
    rows = of_children(RecordedPlan.objects.order_by("term"), authority, child_ids).values_list(
        "child_id", "term", "initiated_on", "meeting_on", "signed_off_on", "rating"
    )
    for child, term, initiated_on, meeting_on, signed_off_on, rating in read(rows, child_ids):
        fact = PlanFact(
            term_key=term, initiated_on=initiated_on, meeting_on=meeting_on, signed_off_on=signed_off_on, rating=rating,
            is_good=policy.counts_as_good(rating),
        )  # fmt: skip
        found[child].append(fact)
    copies = _copies(authority, child_ids)
    heard, watched = _heard(authority, child_ids), _watched(authority, child_ids)
    written = of_children(Plan.objects.exclude(state__in=NOT_PLANS).order_by("term", "id"), authority, child_ids)
    for row in read(written.values_list(*OF_WRITTEN), child_ids):
        plan = _Written(*row)
        heard_on, not_heard_why = heard.get((plan.child, plan.term), (None, ""))
        found[plan.child].append(
            _fact(
                plan,
                copies.get(plan.pk, ()),
                is_good=plan.is_good if plan.is_good is not None else policy.counts_as_good(plan.rating),
                heard_on=heard_on,
                not_heard_why=not_heard_why,
                watched_on=watched.get((plan.child, plan.term)),
                **({} if plan.received else _judged(plan, policy, of)),
            )
        )
    return {child: tuple(plans) for child, plans in found.items()}


def _heard(authority: Authority, child_ids: Sequence[int] | None) -> dict[tuple[int, str], tuple[date, str]]:
    """By child and term, the day their own words, or why there are none, were first held. The words are not read."""
    found: dict[tuple[int, str], tuple[date, str]] = {}
    rows = of_children(Entry.objects.filter(speaker=Entry.Speaker.CHILD).order_by("id"), authority, child_ids)
    rows = rows.values_list("child_id", "cycle", "first_shared_at", "no_views_on", "no_views_why")
    for child, term, shared_at, on, why in read(rows, child_ids):
        if shared_at is not None:
            found[child, term] = (timezone.localdate(shared_at), "")
        elif on is not None and why:
            found.setdefault((child, term), (on, why))
    return found


def _watched(authority: Authority, child_ids: Sequence[int] | None) -> dict[tuple[int, str], date]:
    """By child and term, the day from which what adults saw counts as views gathered."""
    sheets: dict[tuple[int, str], list[Sheet]] = defaultdict(list)
    for one in read(of_children(ObservationSheet.objects.order_by("id"), authority, child_ids), child_ids):
        sheets[one.child_id, one.cycle].append(as_sheet(one))
    return {key: on for key, held in sheets.items() if (on := gathered_on(held)) is not None}


class _Written(NamedTuple):
    """A plan written here, as OF_WRITTEN names its columns."""

    pk: int
    child: int
    term: str
    kind: str
    phase: str
    state: str
    school: int | None
    opened_on: date | None
    due_on: date | None
    meeting_on: date | None
    submitted_on: date | None
    published_on: date | None
    approved_on: date | None
    rating: str
    begun_on: str | None
    signed_off_on: str | None
    summary: dict[str, Any] | None
    received: str | None
    is_good: bool | None
    way: list[dict[str, str]] | None


OF_WRITTEN = (
    "id", "child_id", "term", "kind", "phase", "state", "school_id", "opened_on", "due_on", "meeting_on",
    "submitted_on", "published_on", "approved_on", "rating", "clocks__begun_on", "clocks__signed_off_on",
    "clocks__summary", "clocks__received", "clocks__is_good", "clocks__way",
)  # fmt: skip


def _fact(plan: _Written, copies: tuple[tuple[str, date], ...], **judged: Any) -> PlanFact:
    """A plan opened and written in by nobody has not begun."""
    if plan.received:
        signed = plan.submitted_on or plan.published_on
    elif plan.signed_off_on:
        signed = date.fromisoformat(plan.signed_off_on)
    else:
        signed = plan.submitted_on if plan.state in SENT_IN else None
    begun = plan.opened_on if plan.state not in {"due", "open"} else None
    return PlanFact(
        term_key=plan.term if plan.kind != "extra" else "",
        initiated_on=date.fromisoformat(plan.begun_on) if plan.begun_on else begun,
        meeting_on=plan.meeting_on,
        signed_off_on=signed,
        rating=plan.rating,
        opened_on=None if plan.received else plan.opened_on,
        due_on=plan.due_on,
        sent_in=None if plan.summary is None or signed is None else _sent_in(plan, plan.summary, signed, copies),
        **judged,
    )


def _judged(plan: _Written, policy: PlanPolicy, of: AuthorityFacts) -> dict[str, Any]:
    """How the virtual school checked a plan since it was last sent in: from the way it has come, else from its last
    days. One that was taken back waits for nobody, nor does one that was closed."""
    sent = plan.submitted_on if plan.state in SENT_IN or plan.state == "returned" else None
    checked = plan.approved_on
    back: date | None = None
    for line in plan.way or ():
        on = date.fromisoformat(line["on"])
        if line["step"] == "submit":
            sent, checked = on, None
        elif line["step"] in {"approve", "return"}:
            checked = checked or on
            back = on if line["step"] == "return" else back
        elif line["step"] in {"recall", "reopen"}:
            sent = None
    if sent is None or plan.opened_on is None or (plan.state.startswith("closed") and checked is None):
        return {}
    return {
        "submitted_on": sent,
        "check_due_on": policy.counted("checked", sent, of.working, of.school_days),
        "checked_on": checked,
        "sent_back_on": back,
        "approved_on": plan.approved_on,
    }


def _sent_in(plan: _Written, held: dict[str, Any], on: date, copies: tuple[tuple[str, date], ...]) -> SentIn:
    return SentIn(
        on=on, due_on=plan.due_on, phase=plan.phase, has_school=plan.school is not None,
        missing=tuple(held["missing"]), reasoned=tuple(held["reasoned"]), wrote=frozenset(held["wrote"]),
        came=frozenset(held["came"]), child=held["child"], targets=held["targets"], specific=held["specific"],
        to_judge=held["to_judge"], names_head=held["head"], english=held["english"], schooling=held["schooling"],
        release=held["release"], pathway=held["pathway"], published_on=plan.published_on, copies=copies,
    )  # fmt: skip


def _copies(authority: Authority, child_ids: Sequence[int] | None) -> dict[int, tuple[tuple[str, date], ...]]:
    found: dict[int, tuple[tuple[str, date], ...]] = {}
    rows = of_children(CopySent.objects.order_by("at"), authority, child_ids).values_list("plan_id", "to_role", "at")
    for plan, role, at in read(rows, child_ids):
        found[plan] = (*found.get(plan, ()), (role, timezone.localdate(at)))
    return found
