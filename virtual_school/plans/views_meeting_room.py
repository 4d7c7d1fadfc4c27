"""The meeting view: one form a step, sent by its buttons or as one writes. Sent twice, everything counts once."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission

from . import childs_voice
from .agenda import Step, split_notes
from .around import people_around
from .forms_meeting import AskForm, CatchForm, PromiseForm
from .meeting import current_meeting, may_run
from .meeting_room import (
    Promise,
    action_of,
    answer_ask,
    came_too,
    complete,
    decide,
    mark_here,
    promise_action,
    save_notes,
    take_out,
)
from .meeting_words import when_words
from .models import Decision, Meeting
from .opened import OpenedPlan, plan_for
from .refused import Refused
from .room_page import OPEN_FORM, Room, caught, owners_of, room_of
from .views_meeting import common

Faults = list[tuple[str, str]]


@requires(Permission.CHILD_READ)
def room(request: HttpRequest, public_id: object, step: str = "") -> HttpResponse:
    opened = plan_for(request, public_id)
    if not may_run(opened):
        raise PermissionDenied
    meeting = current_meeting(opened.plan)
    if meeting is None:
        return redirect("plans:meeting_arrange", opened.plan.public_id)
    found = room_of(opened, step)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _posted(request, opened, meeting, found)
    return _shown(request, opened, meeting, found, _form(request, opened, meeting, found))


def _form(request: HttpRequest, opened: OpenedPlan, meeting: Meeting, found: Room, data: Any = None) -> PromiseForm:
    owners = owners_of(opened, list(meeting.attendees.all()), timezone.localdate())
    initial: dict[str, Any] = {"once": uuid.uuid4()}
    if found.step.key == "child":
        ask = _ask(request, found)
        if ask is not None:
            initial["words"] = ask.words
        form: PromiseForm = AskForm(owners, data, initial=initial)
        form.fields["words"].label = f"What does {opened.child.first_name} ask?"
        return form
    if given := _given(request, meeting):
        initial |= {"what": given.what, "kind": "action"}
    return CatchForm(owners, data, initial=initial, with_dissent=not found.step.with_child)


def _ask(request: HttpRequest, found: Room) -> Any:
    """The one asked for, else the first that is not answered yet."""
    if number := _number(request.GET.get("ask", ""), len(found.asks)):
        return found.asks[number - 1]
    return next((one for one in found.asks if not one.is_answered), None)


def _answer(request: HttpRequest, found: Room) -> dict[str, Any] | None:
    """One of the child's answers, the first unless another is asked for."""
    answers = found.answers
    if not answers:
        return None
    number = _number(request.GET.get("answer", ""), len(answers)) or 1
    entry, spoken = answers[number - 1]
    return {
        "entry": entry, "said": [spoken], "number": number, "count": len(answers), "back": number - 1,
        "next": number + 1 if number < len(answers) else 0,
    }  # fmt: skip


def _number(given: str, most: int) -> int:
    return int(given) if given.isdecimal() and len(given) < 3 and 0 < int(given) <= most else 0


def _given(request: HttpRequest, meeting: Meeting) -> Decision | None:
    """A decision that somebody is to be given."""
    pk = request.POST.get("decision") or request.GET.get("decision", "")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    return Decision.objects.filter(meeting=meeting, pk=int(pk)).first()


def _shown(
    request: HttpRequest, opened: OpenedPlan, meeting: Meeting, found: Room, form: PromiseForm, typed: Any = None
) -> HttpResponse:
    name = opened.child.first_name
    words = split_notes(meeting.notes).get(found.step.key, "")
    ask = _ask(request, found)
    context = {
        **common(opened),
        "meeting": meeting,
        "when": when_words(meeting),
        "room": found,
        "title": found.step.words(name),
        "agenda": [(number, one, one.words(name)) for number, one in enumerate(found.steps, 1)],
        "next_title": found.next_step.words(name) if found.next_step else "",
        "note_label": found.step.ask.format(name=name),
        "notes": typed["notes"] if typed else words,
        "notes_base": typed["base"] if typed else words,
        "form": form,
        "is_ask": found.step.key == "child",
        "ask": ask,
        "say": _answer(request, found),
        "ask_number": found.asks.index(ask) + 1 if ask else 0,
        "is_form_open": found.step.key in OPEN_FORM or bool(form.errors) or bool(_given(request, meeting)),
        "decision": _given(request, meeting),
        "attendees": meeting.attendees.all(),
        "caught": caught(opened, meeting, found.step),
        "saved_at": request.session.pop("meeting_saved", ""),
        "clash": request.session.pop("meeting_clash", False),
    }
    return render(request, "plans/meeting/room.html", context)


def _posted(request: HttpRequest, opened: OpenedPlan, meeting: Meeting, found: Room) -> HttpResponse:
    by = request.person.user  # type: ignore[attr-defined]
    in_script = "application/json" in request.headers.get("Accept", "")
    post = request.POST
    do = post.get("do", "save")
    form: PromiseForm | None = None
    faults: Faults = []
    told: dict[str, Any] = {}
    try:
        here = frozenset(int(pk) for pk in post.getlist("here") if pk.isdecimal() and len(pk) < 19)
        mark_here(opened=opened, meeting=meeting, here=here, is_child_here=post.get("child") == "yes", by=by)
        saved = save_notes(
            opened=opened,
            meeting=meeting,
            step=found.step.key,
            words=post.get("notes", ""),
            base=post.get("notes_base", ""),
            by=by,
        )
        told = {"notes": saved.words, "clash": saved.clash}
        if do == "catch" or (not in_script and do in {"next", "save"} and post.get("what", "").strip()):
            form = _form(request, opened, meeting, found, data=post)
            faults = _catch(request, opened, meeting, found.step, form)
        elif do == "came":
            came_too(
                opened=opened, meeting=meeting, name=post.get("came_name", ""), role=post.get("came_role", ""), by=by
            )
        elif do.startswith("out:"):
            _, kind, pk = do.split(":", 2)
            take_out(opened=opened, meeting=meeting, kind=kind, pk=int(pk), by=by)
    except (Refused, ValueError) as refused:
        words = str(refused) if isinstance(refused, Refused) else "This cannot be read. Look at the page again."
        faults = [("", words)]
    meeting.refresh_from_db()
    at = f"{timezone.localtime():%H:%M}"
    if in_script:
        told |= {"saved_at": at, "faults": faults}
        told["caught"] = _caught_html(request, opened, meeting, found)
        return JsonResponse(told)
    if faults:
        if form is None or not form.errors:
            form = form or _form(request, opened, meeting, found, data=post)
            form.full_clean()
            form._errors = ErrorDict()
            form.add_error(None, faults[0][1])
        return _shown(request, opened, meeting, found, form)
    request.session["meeting_saved"] = at
    if told.get("clash"):
        request.session["meeting_clash"] = True
    going = post.get("go") or do
    if going == "next":
        if found.next_step is None:
            return redirect("plans:meeting_record", opened.plan.public_id)
        return redirect("plans:meeting_step", opened.plan.public_id, found.next_step.key)
    return redirect("plans:meeting_step", opened.plan.public_id, found.step.key)


def _catch(request: HttpRequest, opened: OpenedPlan, meeting: Meeting, step: Step, form: PromiseForm) -> Faults:
    by = request.person.user  # type: ignore[attr-defined]
    if not form.is_valid():
        return [
            (form[name].first_input_id if name in form.fields else "", words[0]) for name, words in form.errors.items()
        ]
    given = form.cleaned_data
    promise: Promise = form.promise(given["what"])
    if isinstance(form, AskForm):
        asked = childs_voice.ask_named(opened, request.POST.get("voice_ask", ""))
        if asked is not None:
            childs_voice.check_answer(given["outcome"], promise)
        decision = answer_ask(
            opened=opened, meeting=meeting, words=given["words"], outcome=given["outcome"], promise=promise,
            once=given["once"], by=by,
        )  # fmt: skip
        if asked is not None:
            childs_voice.keep_answer(
                ask=asked, outcome=given["outcome"], promise=promise, action=action_of(decision),
                role=_role_of(opened, meeting, promise), by=by, once=given["once"],
            )  # fmt: skip
    elif decision := _given(request, meeting):
        complete(opened=opened, meeting=meeting, decision=decision, promise=promise, by=by)
    elif given["kind"] == "decision":
        decide(
            opened=opened, meeting=meeting, what=given["what"], step=step.key, once=given["once"], by=by,
            dissent=given.get("dissent", ""), promise=promise,
        )  # fmt: skip
    else:
        promise_action(opened=opened, meeting=meeting, promise=promise, step=step.key, once=given["once"], by=by)
    return []


def _role_of(opened: OpenedPlan, meeting: Meeting, promise: Promise) -> str:
    """In words, so that a promise finds whoever follows in the role."""
    if promise.owner_id is None:
        return ""
    held = meeting.attendees.filter(person=promise.owner_id).exclude(role="").values_list("role", flat=True).first()
    around = (one.role for one in people_around(opened, timezone.localdate()) if one.person_id == promise.owner_id)
    return held or next(around, "")


def _caught_html(request: HttpRequest, opened: OpenedPlan, meeting: Meeting, found: Room) -> str:
    context = {**common(opened), "room": found, "caught": caught(opened, meeting, found.step)}
    return render_to_string("plans/meeting/caught.html", context, request)
