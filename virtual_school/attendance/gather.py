"""Suspensions and provision as the rules take them: a fixed number of queries for any number of children."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import policy_on, school_calendars, working_calendar
from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.care.queries import episode_facts, of_children, unaccompanied
from virtual_school.children.models import Child, Evidence, Involvement
from virtual_school.schools.gather import enrolment_facts

from .facts import AttendanceFacts, ProvisionFact, SuspensionFact
from .models_exclusion import RiskMeeting, Suspension, SuspensionTold
from .models_provision import Provision, ProvisionReview

PARENT, GOVERNORS = "parent", "governors"
"""Who is told besides people with a role here."""

SUSPENSION_FIELDS = (
    "id", "child_id", "category", "starts", "back_on", "sessions", "school__name", "provision", "decided_on",
    "exam_lost", "is_from_school", "notified_at", "representations_on", "work_set_on", "invited_on", "governors_on",
    "governors_decision", "decision_told_on", "review_asked_on", "review_invited_on", "review_on", "review_told_on",
    "cancelled_on", "cancellation_told_on", "returned_on", "checked_on",
)  # fmt: skip


def suspension_facts(
    authority: Authority, child_ids: Sequence[int] | None = None
) -> dict[int, tuple[SuspensionFact, ...]]:
    rows = list(
        of_children(Suspension.objects.order_by("starts", "id"), authority, child_ids).values(*SUSPENSION_FIELDS)
    )
    if not rows:
        return {}
    told = _told(authority, [row["id"] for row in rows])
    education = _education(authority, [row["id"] for row in rows])
    with_worker = set(
        Involvement.objects.filter(
            authority=authority, child__in={row["child_id"] for row in rows}, role=Role.SOCIAL_WORKER, ends__isnull=True
        ).values_list("child_id", flat=True)
    )
    found: dict[int, list[SuspensionFact]] = defaultdict(list)
    for row in rows:
        others = found[row["child_id"]]
        key = f"{row['starts'].isoformat()} {row['category']}"
        again = sum(one.key.startswith(key) for one in others)
        others.append(
            _suspension(
                f"{key} {again + 1}" if again else key,
                row,
                told.get(row["id"], {}),
                education.get(row["id"], ()),
                row["child_id"] in with_worker,
            )
        )
    return {child: tuple(facts) for child, facts in found.items()}


def _suspension(
    key: str,
    row: dict[str, Any],
    told: Mapping[str, date],
    education: Iterable[tuple[date, bool]],
    has_social_worker: bool,
) -> SuspensionFact:
    kept = {name: row[name] for name in SUSPENSION_FIELDS if name in SuspensionFact.__slots__}
    full_time = [on for on, is_full_time in education if is_full_time]
    part_time = [on for on, is_full_time in education if not is_full_time]
    head_told = [told[Role.VIRTUAL_SCHOOL_HEAD]] if Role.VIRTUAL_SCHOOL_HEAD in told else []
    if not row["is_from_school"]:
        head_told.append(localdate(row["notified_at"]))  # written down here by those whom the school told
    return SuspensionFact(
        **kept,
        key=key,
        school=row["school__name"] or row["provision"],
        has_social_worker=has_social_worker,
        social_worker_told_on=told.get(Role.SOCIAL_WORKER),
        head_told_on=min(head_told, default=None),
        parents_told_on=told.get(PARENT),
        governors_told_on=told.get(GOVERNORS),
        full_time_from=min(full_time, default=None),
        part_time_from=min(part_time, default=None),
    )


def _told(authority: Authority, suspensions: Sequence[int]) -> dict[int, dict[str, date]]:
    """By suspension and role, the first day somebody was told. Here: when the message went to somebody."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    rows = SuspensionTold.objects.filter(authority=authority, suspension__in=suspensions).order_by("-told_at")
    for suspension, role, told_at in rows.values_list("suspension_id", "role", "told_at"):
        found[suspension][role] = localdate(told_at)
    return found


def _education(authority: Authority, suspensions: Sequence[int]) -> dict[int, tuple[tuple[date, bool], ...]]:
    """By suspension, when education began while the child was out, and whether it was full time."""
    found: dict[int, tuple[tuple[date, bool], ...]] = {}
    rows = Provision.objects.filter(authority=authority, suspension__in=suspensions).order_by("starts")
    for suspension, starts, hours, due in rows.values_list("suspension_id", "starts", "hours", "hours_due"):
        found[suspension] = (*found.get(suspension, ()), (starts, hours >= due))
    return found


def risk_meetings(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, tuple[date, ...]]:
    found: dict[int, tuple[date, ...]] = {}
    rows = of_children(RiskMeeting.objects.order_by("on"), authority, child_ids)
    for child, on in rows.values_list("child_id", "on"):
        found[child] = (*found.get(child, ()), on)
    return found


def provision_facts(
    authority: Authority, child_ids: Sequence[int] | None = None
) -> dict[int, tuple[ProvisionFact, ...]]:
    reviewed = dict(
        of_children(ProvisionReview.objects.order_by("on"), authority, child_ids).values_list("provision_id", "on")
    )
    found: dict[int, tuple[ProvisionFact, ...]] = {}
    rows = of_children(Provision.objects.order_by("starts"), authority, child_ids).values_list(
        "id", "child_id", "kind", "starts", "ends", "hours", "hours_due", "agreed_on", "end_planned", "review_on"
    )
    for pk, child, kind, starts, ends, hours, due, agreed_on, end_planned, review_on in rows:
        fact = ProvisionFact(
            kind=kind,
            starts=starts,
            ends=ends,
            hours=float(hours),
            hours_due=float(due),
            agreed_on=agreed_on,
            end_planned=end_planned,
            review_on=review_on,
            reviewed_on=reviewed.get(pk),
        )
        found[child] = (*found.get(child, ()), fact)
    return found


def facts_of(authority: Authority, day: date, child_ids: Sequence[int]) -> dict[int, AttendanceFacts]:
    """For the pages of a few children: what the rules of school places, suspension and exclusion take."""
    enrolments, urns = enrolment_facts(authority, child_ids)
    school_days, own = school_calendars(authority.code, authority.name, urns)
    of = AuthorityFacts(
        code=authority.code,
        name=authority.name,
        policy=policy_on(authority, day),
        working=working_calendar(),
        school_days=school_days,
    )
    episodes = episode_facts(authority, child_ids)
    uasc = unaccompanied(authority, child_ids)
    suspensions = suspension_facts(authority, child_ids)
    meetings = risk_meetings(authority, child_ids)
    evidence = _evidence(authority, child_ids)
    found = {}
    for child, born in Child.objects.filter(authority=authority, id__in=child_ids).values_list("id", "born"):
        at = enrolments.get(child, ())
        main = [e for e in at if e.kind == "main" and e.starts <= day and (e.ends is None or e.ends > day)]
        found[child] = AttendanceFacts(
            authority=of,
            born=born,
            evidence=evidence.get(child, {}),
            school_calendar=own.get(main[0].urn, school_days) if main and main[0].urn else school_days,
            episodes=episodes.get(child, ()),
            is_uasc=child in uasc,
            uasc_until=uasc.get(child),
            enrolments=at,
            suspensions=suspensions.get(child, ()),
            risk_meetings=meetings.get(child, ()),
        )
    return found


def _evidence(authority: Authority, child_ids: Sequence[int]) -> dict[int, dict[str, tuple[date, ...]]]:
    found: dict[int, dict[str, tuple[date, ...]]] = defaultdict(dict)
    rows = Evidence.objects.filter(
        authority=authority, child__in=child_ids, duty__startswith="EXC", withdrawn_at__isnull=True
    )
    for child, duty, on in rows.order_by("on").values_list("child_id", "duty", "on"):
        found[child][duty] = (*found[child].get(duty, ()), on)
    return found
