"""Arranging a meeting, changing it, calling it off, and recording that it was held."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from django.db import transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.authorities.queries import school_calendars
from virtual_school.dates.school_days import SchoolCalendar

from . import childs_voice
from .agenda import split_notes
from .around import LABELS, ROLE_OF_WORDS, Invited
from .calendar_file import Invitation, link_to, mail_of, send
from .meeting_checks import Caution, MeetingFacts, warnings
from .models import Answer, Attendee, Meeting, Plan
from .opened import OpenedPlan
from .refused import Refused, held, held_for, note, taken, tell
from .workflow import BEING_WRITTEN, MOVES, Step
from .writing import withdraw_signatures

RUNNERS = frozenset(MOVES[Step.HOLD_MEETING].roles)
NOT_FOR_YOU = "It is not for you to arrange or run this meeting."
CAUTION_FIELDS = ("no_contact", "collect")
"""Names of fields that say who must not be near the child; they stand in different sections of different forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    on: date
    at: time | None = None
    minutes: int = 60
    place: str = ""
    mode: str = "in_person"
    chair_name: str = ""
    note_taker_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`here` are attendees' keys. `views` is how the child's views were got, as the form of the plan offers it."""

    on: date
    here: frozenset[int]
    is_child_present: bool
    child_absent_why: str = ""
    views: str = ""
    social_worker_away: str = ""
    carer_away: str = ""
    dissent: str = ""
    next_on: date | None = None


def may_run(opened: OpenedPlan) -> bool:
    """Whether this person may arrange the meeting and write in it now."""
    plan = opened.plan
    return plan.state in BEING_WRITTEN and plan.kind != Plan.Kind.SCHOOL_REVIEW and bool(RUNNERS & set(opened.roles))


def current_meeting(plan: Plan) -> Meeting | None:
    """The one planned, else the one held last."""
    rows = list(Meeting.objects.filter(plan=plan).exclude(state=Meeting.State.CANCELLED).order_by("-on", "-id"))
    return next((one for one in rows if one.state == Meeting.State.PLANNED), rows[0] if rows else None)


def calendar_of(opened: OpenedPlan) -> SchoolCalendar:
    """That of the child's own school where it keeps one, else the council's."""
    urn = opened.plan.school_id
    own, of_schools = school_calendars(
        opened.plan.authority_id, opened.child.authority.name, [urn] if urn is not None else []
    )
    return of_schools.get(urn, own) if urn is not None else own


def cautions(opened: OpenedPlan, on: date, invited: Iterable[str], today: date) -> list[Caution]:
    """`invited`: roles in words, as attendees hold them."""
    said = []
    labels = {field.key: field.label for field in opened.template.fields()}
    for key, answer in opened.answers.items():
        words = str(answer.value or "").strip()
        if key.rpartition(".")[2] in CAUTION_FIELDS and words and key in labels:
            said.append((labels[key], words))
    asked = opened.answers.get("parents.asked")
    facts = MeetingFacts(
        on=on,
        invited=[LABELS.get(role, ROLE_OF_WORDS.get(role.casefold(), role)) for role in invited],
        required=opened.policy.must_come,
        is_first_plan=opened.plan.kind == Plan.Kind.FIRST,
        best_by=opened.plan.meeting_due_on,
        cautions=said,
        parents_not_asked=asked is not None and asked.value == "not_right",
        no_school=opened.plan.school_id is None,
    )
    return list(warnings(facts, calendar_of(opened), today))


def _running(opened: OpenedPlan) -> Plan:
    if not may_run(opened):
        raise Refused(NOT_FOR_YOU)
    return held(opened)


def arrange(*, opened: OpenedPlan, details: Details, people: Sequence[Invited], by: User) -> Meeting:
    """The people get a calendar file by mail, if they have an address."""
    plan = _running(opened)
    if Meeting.objects.filter(plan=plan, state=Meeting.State.PLANNED).exists():
        raise Refused("A meeting is arranged already. Change that one, or cancel it first.")
    meeting = Meeting.objects.create(
        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, **_columns(details)
    )
    _add(meeting, people)
    childs_voice.invite(opened, meeting, by)
    tell(plan, "meeting_arranged", by, on=details.on.isoformat(), role=opened.role)
    _send(opened, meeting, meeting.attendees.all())
    return meeting


def change(*, opened: OpenedPlan, meeting: Meeting, details: Details, reason: str, by: User) -> bool:
    """Whether people had to be told: they are when day, time, length, place or way changed, and then why is asked."""
    plan = _running(opened)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk, plan=plan)
    if meeting.state != Meeting.State.PLANNED:
        raise Refused("Only a meeting that is still to come can be changed.")
    new = _columns(details)
    is_told = any(getattr(meeting, name) != new[name] for name in ("on", "at", "minutes", "place", "mode"))
    if is_told and not reason.strip():
        raise Refused("Say why the meeting is changed.")
    for name, value in new.items():
        setattr(meeting, name, value)
    meeting.sequence += is_told
    meeting.save(update_fields=[*new, "sequence"])
    if is_told:
        childs_voice.invite(opened, meeting, by)
        _keep_why(opened, plan, "meeting changed", by, reason)
        tell(plan, "meeting_changed", by, on=details.on.isoformat(), role=opened.role)
        _send(opened, meeting, meeting.attendees.filter(is_invited=True), changed=True)
    return is_told


def cancel(*, opened: OpenedPlan, meeting: Meeting, reason: str, by: User) -> None:
    plan = _running(opened)
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk, plan=plan)
    if meeting.state != Meeting.State.PLANNED:
        raise Refused("Only a meeting that is still to come can be cancelled.")
    if not reason.strip():
        raise Refused("Say why the meeting is cancelled.")
    meeting.state, meeting.cancelled_why = Meeting.State.CANCELLED, reason.strip()
    meeting.sequence += 1
    meeting.save(update_fields=["state", "cancelled_why", "sequence"])
    _keep_why(opened, plan, "meeting cancelled", by, reason)
    tell(plan, "meeting_cancelled", by, on=meeting.on.isoformat(), role=opened.role)
    _send(opened, meeting, meeting.attendees.filter(is_invited=True))


def invite(*, opened: OpenedPlan, meeting: Meeting, people: Sequence[Invited], by: User) -> list[Attendee]:
    """Somebody invited already is not invited twice."""
    plan = _running(opened)
    held_here = list(Attendee.objects.filter(meeting=meeting, plan=plan))
    persons = {one.person_id for one in held_here if one.person_id}
    names = {(one.name.casefold(), one.role.casefold()) for one in held_here}
    new = [
        one
        for one in people
        if one.person_id not in persons and (one.name.casefold(), one.role.casefold()) not in names
    ]
    made = _add(meeting, new)
    if made:
        tell(plan, "meeting_invited", by, people=len(made), role=opened.role)
        _send(opened, meeting, made)
    return made


def uninvite(*, opened: OpenedPlan, meeting: Meeting, attendee: Attendee, by: User) -> None:
    plan = _running(opened)
    if meeting.state != Meeting.State.PLANNED:
        raise Refused("The meeting was held: who was invited stays as it was.")
    _send(opened, meeting, [attendee], is_cancelled=True)
    Attendee.objects.filter(pk=attendee.pk, plan=plan).delete()
    tell(plan, "meeting_uninvited", by, role=opened.role)


def apologise(*, opened: OpenedPlan, attendee: Attendee, contribution: str, by: User) -> None:
    """For oneself, or as told to who runs the meeting. `contribution` is what they would have said."""
    if not may_run(opened) and attendee.person_id != by.pk:
        raise Refused(NOT_FOR_YOU)
    changed = Attendee.objects.filter(pk=attendee.pk, plan=opened.plan).update(
        came="apologies", contribution=contribution.strip()
    )
    if not changed:
        raise Refused("It is not for you to change who comes.")
    tell(opened.plan, "meeting_apologies", by, role=opened.role)


def comes_after_all(*, opened: OpenedPlan, attendee: Attendee, by: User) -> None:
    if not may_run(opened) and attendee.person_id != by.pk:
        raise Refused(NOT_FOR_YOU)
    Attendee.objects.filter(pk=attendee.pk, plan=opened.plan, came="apologies").update(came="")
    tell(opened.plan, "meeting_comes_after_all", by, role=opened.role)


def hold(*, opened: OpenedPlan, meeting: Meeting, record: Held, by: User) -> Meeting:
    """Records the meeting, or corrects its record while the plan is still being written."""
    first = opened.plan.state not in {Plan.State.MEETING_HELD, Plan.State.AWAITING_SIGNOFF, Plan.State.RETURNED}
    plan = held_for(opened, Step.HOLD_MEETING) if first else _running(opened)
    if record.on > timezone.localdate():
        raise Refused("A meeting can be recorded once it was held.")
    if not record.is_child_present and not record.child_absent_why.strip():
        raise Refused(f"Say why {opened.child.first_name} was not there, and who spoke for them.")
    if left := childs_voice.unanswered(opened):
        raise Refused(f"{opened.child.first_name} asked for something that has no answer yet: “{left[0].words}”.")
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk, plan=plan)
    meeting.on, meeting.state = record.on, Meeting.State.HELD
    meeting.is_child_present = record.is_child_present
    meeting.child_absent_why = "" if record.is_child_present else record.child_absent_why.strip()
    meeting.dissent, meeting.next_on = record.dissent.strip(), record.next_on
    meeting.save()
    for attendee in meeting.attendees.all():
        came = "present" if attendee.pk in record.here else "apologies" if attendee.came == "apologies" else "absent"
        if came != attendee.came:
            Attendee.objects.filter(pk=attendee.pk).update(came=came)
    _into_the_plan(opened, plan, meeting, record)
    withdraw_signatures(plan, f"The record of the meeting was changed by {by.name}")
    plan.meeting_on = record.on
    if first:
        taken(opened, plan, Step.HOLD_MEETING, by, "meeting_on", on=record.on.isoformat())
    else:
        plan.save(update_fields=["meeting_on"])
        opened.plan.meeting_on = record.on
        tell(plan, "meeting_record_changed", by, role=opened.role)
    return meeting


def _into_the_plan(opened: OpenedPlan, plan: Plan, meeting: Meeting, record: Held) -> None:
    """What was recorded answers the meeting's own fields, where nobody has written anything else there."""
    notes = split_notes(meeting.notes)
    celebrated = notes.pop("celebrate", "")
    told = {
        "meeting.child_there": "all" if record.is_child_present else "no",
        "meeting.child_why_not": meeting.child_absent_why,
        "meeting.social_worker_away": record.social_worker_away.strip(),
        "meeting.carer_away": record.carer_away.strip(),
        "meeting.celebrate": celebrated,
        "meeting.summary": "\n\n".join([*notes.values(), *meeting.decisions.values_list("what", flat=True)]),
        "meeting.disagreed": meeting.dissent,
        "voice.how": record.views,
    }
    for section in opened.template.sections:
        for field in section.fields:
            value = told.get(field.key, "")
            if value:
                _answer(plan, section.key, field.key, value)


def _answer(plan: Plan, section: str, key: str, value: str) -> None:
    held_answer = Answer.objects.select_for_update().filter(plan=plan, field_key=key).first()
    if held_answer is None:
        held_answer = Answer(
            authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, section_key=section, field_key=key
        )
        held_answer.revision = 0
    elif (
        held_answer.source != Answer.Source.SERVICE and held_answer.value not in (None, "")
    ) or held_answer.value == value:
        return
    held_answer.value, held_answer.source, held_answer.source_words = value, Answer.Source.SERVICE, "the meeting"
    held_answer.is_confirmed, held_answer.revision = True, held_answer.revision + 1
    held_answer.save()


def _keep_why(opened: OpenedPlan, plan: Plan, step: str, by: User, why: str) -> None:
    note(plan, step, by.name, why)
    plan.save(update_fields=["clocks"])
    opened.plan.clocks = plan.clocks


def _columns(details: Details) -> dict[str, object]:
    return {name: getattr(details, name) for name in Details.__dataclass_fields__}


def _add(meeting: Meeting, people: Sequence[Invited]) -> list[Attendee]:
    return Attendee.objects.bulk_create(
        [
            Attendee(
                authority_id=meeting.authority_id,
                child_id=meeting.child_id,
                plan_id=meeting.plan_id,
                meeting=meeting,
                name=one.name.strip(),
                role=one.role.strip(),
                organisation=one.organisation.strip(),
                email=one.email.strip().lower(),
                person_id=one.person_id,
            )
            for one in people
        ]
    )


def invitation_to(
    opened: OpenedPlan, meeting: Meeting, attendee: Attendee | None, *, is_cancelled: bool = False
) -> Invitation:
    return Invitation(
        uid=f"{uuid.uuid5(opened.plan.public_id, f'meeting-{meeting.pk}')}@virtual-school",
        on=meeting.on,
        at=meeting.at,
        minutes=meeting.minutes,
        sequence=meeting.sequence,
        link=link_to(opened.plan.public_id),
        council=f"{opened.child.authority.name} Virtual School",
        to_name=attendee.name if attendee else "",
        to_email=attendee.email if attendee else "",
        is_cancelled=is_cancelled or meeting.state == Meeting.State.CANCELLED,
    )


def _send(
    opened: OpenedPlan,
    meeting: Meeting,
    attendees: Iterable[Attendee],
    *,
    changed: bool = False,
    is_cancelled: bool = False,
) -> None:
    """Once the change is kept, and only then."""
    stamp = timezone.now()
    for attendee in attendees:
        if attendee.email:
            invitation = invitation_to(opened, meeting, attendee, is_cancelled=is_cancelled)
            message = mail_of(invitation, stamp=stamp, changed=changed)
            transaction.on_commit(partial(send, message))


def needs_connecting(meeting: Meeting) -> bool:
    """Whether somebody around the child is known by name only, so that the service has to look for their address."""
    return any(not one.email and not one.person_id and one.role in LABELS for one in meeting.attendees.all())
