"""A plan's meeting: when and where, who comes, and the record of it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.dates.terms import term_words
from virtual_school.design.components import SummaryRow
from virtual_school.design.dates import in_full

from .agenda import STEPS, split_notes
from .around import people_around
from .calendar_file import calendar_file
from .forms_meeting import MODES, ArrangeForm, AttendeeCheckForm, ChangeForm, ReasonForm
from .meeting import (
    Details,
    Held,
    arrange,
    cancel,
    cautions,
    change,
    current_meeting,
    hold,
    invitation_to,
    may_run,
    needs_connecting,
)
from .meeting_words import when_words, who_words
from .models import Answer, Meeting
from .opened import OpenedPlan, plan_for
from .presenting import url_if
from .readers import Sight
from .received import received_of
from .refused import Refused
from .sight import READER_OF
from .tasks import connect_meeting


def common(opened: OpenedPlan) -> dict[str, Any]:
    return {
        "opened": opened,
        "plan": opened.plan,
        "child": opened.child,
        "term": term_words(opened.plan.term),
        "plan_url": url_if("plans:plan", opened.plan.public_id),
    }


def to_run(request: HttpRequest, public_id: object) -> OpenedPlan:
    opened = plan_for(request, public_id)
    if not may_run(opened):
        raise PermissionDenied
    return opened


def the_meeting(opened: OpenedPlan, *states: str) -> Meeting:
    found = current_meeting(opened.plan)
    if found is None or (states and found.state not in states):
        raise Http404
    return found


def sees_notes(opened: OpenedPlan) -> bool:
    return any(Sight(READER_OF[role]).sees("adults_notes") for role in opened.roles if role in READER_OF)


@requires(Permission.CHILD_READ)
def meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    if (received := received_of(opened)) is not None:
        return render(request, "plans/meeting/received.html", {**common(opened), "received": received})
    today = timezone.localdate()
    found = current_meeting(opened.plan)
    runs = may_run(opened)
    attendees = list(found.attendees.select_related("person")) if found else []
    planned = found is not None and found.state == Meeting.State.PLANNED
    reads_notes = sees_notes(opened)
    context: dict[str, Any] = {
        **common(opened),
        "meeting": found,
        "runs": runs,
        "is_planned": planned,
        "is_held": found is not None and found.state == Meeting.State.HELD,
        "is_today_or_past": found is not None and found.on <= today,
        "when_full": when_words(found, with_year=True) if found else "",
        "rows": _summary(found) if found else [],
        "attendees": [(one, _of_attendee(request, opened, one, runs, reads_notes)) for one in attendees],
        "cautions": cautions(opened, found.on, [one.role for one in attendees], today)
        if runs and found and planned
        else [],
        "best_by": opened.plan.meeting_due_on,
        "is_school_review": opened.plan.kind == "school_review",
        "cancelled": Meeting.objects.filter(plan=opened.plan, state=Meeting.State.CANCELLED).order_by("-on"),
        "changes": [one for one in opened.plan.clocks.get("way", []) if one["step"] == "meeting changed"],
    }
    if found and context["is_held"]:
        context |= {
            "notes": list(_notes(found.notes).items()) if reads_notes else [],
            "decisions": found.decisions.all(),
            "actions": [(one, who_words(one)) for one in opened.plan.actions.select_related("owner")],
            "reads_notes": reads_notes,
        }
    return render(request, "plans/meeting/meeting.html", context)


def _notes(text: str) -> dict[str, str]:
    return {STEPS[key].heading: words for key, words in split_notes(text).items()}


def _summary(found: Meeting) -> list[SummaryRow]:
    rows = [
        ("How long", f"{found.minutes} minutes"),
        ("How", dict(MODES)[found.mode]),
    ]
    rows += [
        (label, value)
        for label, value in (("Place", found.place), ("Chair", found.chair_name), ("Notes", found.note_taker_name))
        if value
    ]
    return [SummaryRow(label, value) for label, value in rows]


def _of_attendee(request: HttpRequest, opened: OpenedPlan, one: Any, runs: bool, reads_notes: bool) -> dict[str, Any]:
    own = one.person_id == request.person.user.pk  # type: ignore[attr-defined]
    state = one.get_came_display() if one.came else ("Invited" if one.is_invited else "")
    return {
        "initials": "".join(part[:1] for part in one.name.split()[:2]).upper(),
        "about": ", ".join(filter(None, [one.role, one.organisation])),
        "state": state,
        "contribution": one.contribution if reads_notes or own else "",
        "may_apologise": (runs or own) and one.is_invited,
        "has_no_mail": runs and one.is_invited and not one.email and not (one.person and one.person.email),
    }


@requires(Permission.CHILD_READ)
def arrange_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_run(request, public_id)
    held = current_meeting(opened.plan)
    if held is not None and held.state == Meeting.State.PLANNED:
        return redirect("plans:meeting_change", opened.plan.public_id)
    today = timezone.localdate()
    around = people_around(opened, today)
    initial = {"chair_name": next((one.name for one in around if one.role == "Designated teacher"), "")}
    form = ArrangeForm(around, request.POST or None, initial=initial)
    asked: list[Any] = []
    if request.method == "POST" and form.is_valid():
        people = form.people_chosen
        asked = cautions(opened, form.details.on, [one.role for one in people], today)
        if not asked or request.POST.get("sure") == _mark(form.details, [one.name for one in people]):
            try:
                made = arrange(opened=opened, details=form.details, people=people, by=request.person.user)  # type: ignore[attr-defined]
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                connect_later(made)
                _say_sent(request, made)
                return redirect("plans:meeting", opened.plan.public_id)
    context = {
        **common(opened),
        "form": form,
        "around": around,
        "cautions": asked,
        "sure": _mark(form.details, [one.name for one in form.people_chosen]) if asked else "",
        "best_by": opened.plan.meeting_due_on,
        "is_new": True,
    }
    return render(request, "plans/meeting/arrange.html", context)


def _mark(details: Details, names: list[str]) -> str:
    """What the warnings were shown for: changed since, they are shown again."""
    return f"{details.on.isoformat()}-{len(names)}"


def connect_later(meeting: Meeting) -> None:
    if needs_connecting(meeting):
        connect_meeting.configure(lock=f"meeting.{meeting.pk}").defer(code=meeting.authority_id, meeting_id=meeting.pk)


def _say_sent(request: HttpRequest, made: Meeting) -> None:
    sent = " Those invited are sent a calendar file." if made.attendees.exists() else ""
    messages.success(request, f"The meeting is arranged for {in_full(made.on)}.{sent}")


@requires(Permission.CHILD_READ)
def change_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_run(request, public_id)
    found = the_meeting(opened, Meeting.State.PLANNED)
    today = timezone.localdate()
    initial = {name: getattr(found, name) for name in Details.__dataclass_fields__}
    form = ChangeForm(request.POST or None, initial=initial)
    asked: list[Any] = []
    if request.method == "POST" and form.is_valid():
        roles = [one.role for one in found.attendees.all()]
        if form.details.on != found.on:
            asked = cautions(opened, form.details.on, roles, today)
        if not asked or request.POST.get("sure") == _mark(form.details, roles):
            try:
                told = change(
                    opened=opened, meeting=found, details=form.details, reason=form.cleaned_data["reason"],
                    by=request.person.user,  # type: ignore[attr-defined]
                )  # fmt: skip
            except Refused as refused:
                form.add_error("reason", str(refused))
            else:
                ending = " Everybody invited is told by e-mail." if told else ""
                messages.success(request, f"The meeting is changed.{ending}")
                return redirect("plans:meeting", opened.plan.public_id)
    context = {
        **common(opened),
        "form": form,
        "cautions": asked,
        "sure": _mark(form.details, [one.role for one in found.attendees.all()]) if asked else "",
        "best_by": opened.plan.meeting_due_on,
    }
    return render(request, "plans/meeting/arrange.html", context)


@requires(Permission.CHILD_READ)
def cancel_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_run(request, public_id)
    found = the_meeting(opened, Meeting.State.PLANNED)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel(opened=opened, meeting=found, reason=form.cleaned_data["reason"], by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, "The meeting is cancelled. Everybody invited is told by e-mail.")
            return redirect("plans:meeting", opened.plan.public_id)
    context = {**common(opened), "form": form, "when": when_words(found), "n": found.attendees.count()}
    return render(request, "plans/meeting/cancel.html", context)


@requires(Permission.CHILD_READ)
def calendar(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    found = the_meeting(opened)
    content = calendar_file(invitation_to(opened, found, None), stamp=timezone.now())
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer


@requires(Permission.CHILD_READ)
def record_meeting(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = to_run(request, public_id)
    found = the_meeting(opened)
    today = timezone.localdate()
    attendees = list(found.attendees.all())
    views = opened.template.field("voice.how")
    choices = [(one.value, one.label) for one in views.choices] if views else []
    form = AttendeeCheckForm(
        found,
        attendees,
        opened.child.first_name,
        choices,
        request.POST or None,
        today=today,
        initial=_recorded(opened, found, attendees, today),
    )
    if request.method == "POST" and form.is_valid():
        try:
            hold(opened=opened, meeting=found, record=_record(form), by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _after(form, attendees))
            return redirect("plans:meeting", opened.plan.public_id)
    context = {**common(opened), "form": form, "meeting": found, "is_held": found.state == Meeting.State.HELD}
    return render(request, "plans/meeting/record.html", context)


def _recorded(opened: OpenedPlan, found: Meeting, attendees: list[Any], today: date) -> dict[str, Any]:
    def answer(key: str) -> Any:
        held: Answer | None = opened.answers.get(key)
        return held.value if held else ""

    there = {True: "yes", False: "no"}.get(found.is_child_present) if found.is_child_present is not None else ""
    return {
        "on": min(found.on, today),
        "here": [str(one.pk) for one in attendees if one.came == "present"],
        "child": there,
        "child_absent_why": found.child_absent_why,
        "views": answer("voice.how"),
        "social_worker_away": answer("meeting.social_worker_away"),
        "carer_away": answer("meeting.carer_away"),
        "dissent": found.dissent,
        "next_on": found.next_on,
    }


def _record(form: AttendeeCheckForm) -> Held:
    given = form.cleaned_data
    return Held(
        on=given["on"],
        here=frozenset(int(pk) for pk in given["here"]),
        is_child_present=given["child"] == "yes",
        child_absent_why=given["child_absent_why"],
        views=given.get("views", ""),
        social_worker_away=given["social_worker_away"],
        carer_away=given["carer_away"],
        dissent=given["dissent"],
        next_on=given["next_on"],
    )


def _after(form: AttendeeCheckForm, attendees: list[Any]) -> str:
    """Says what was recorded, and what is still missing of it."""
    given = form.cleaned_data
    here = {one.role for one in attendees if str(one.pk) in given["here"]}
    said = ["The meeting is recorded."]
    if "Social worker" not in here and not given["social_worker_away"]:
        said.append("The social worker was not there: say in the meeting’s section why, and how their part came in.")
    if not given["next_on"]:
        said.append("No day is set for the next meeting yet.")
    return " ".join(said)
