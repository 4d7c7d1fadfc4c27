"""Writing a section: with the page's buttons, or as one types. Both save through the same few lines."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.attendance.for_plans import open_actions
from virtual_school.dates.terms import term_words
from virtual_school.schools.undo import offer, taken

from .files import RefusedFile, keep_file
from .forms_writing import SectionForm, key_of, name_of
from .models import Action, Answer, PlanSection, Target, TargetReview, UnmergedWords
from .opened import OpenedPlan, plan_for
from .presenting import date_words, is_complete, needs_work, url_if
from .section_page import form_of, last_answers, last_term, rows_to_read, rows_to_write, section_of, was, with_waiting
from .targets import last_targets
from .template import OWNERS, Section
from .workflow import WORDS, State
from .writing import Saved, complete_section, confirm_carried, reopen_section, save_section

MOST_EXTRA = 10


def the_section(opened_plan: OpenedPlan, key: str) -> Section:
    found = section_of(opened_plan, key)
    if found is None:
        raise Http404
    return found


@requires(Permission.CHILD_READ)
def section(request: HttpRequest, public_id: object, key: str) -> HttpResponse:
    plan = plan_for(request, public_id)
    found = the_section(plan, key)
    if not plan.may_write(found):
        if request.method == "POST":
            raise PermissionDenied
        return _to_read(request, plan, found)
    if request.method == "POST":
        return _posted(request, plan, found)
    given = request.GET.get("rows", "")
    extra = min(int(given), MOST_EXTRA) if given.isdecimal() and len(given) < 3 else 0
    asked = with_waiting(plan, found)
    return _to_write(request, plan, found, asked, form_of(plan, asked, extra=extra))


def _to_read(request: HttpRequest, plan: OpenedPlan, found: Section) -> HttpResponse:
    rows = rows_to_read(plan, found)
    if not rows:
        raise Http404
    context = {**_common(plan, found), "rows": rows, "why_not": _why_not(plan, found)}
    return render(request, "plans/writing/section_read.html", context)


def _why_not(plan: OpenedPlan, found: Section) -> str:
    if plan.plan.state in {State.OPEN, State.IN_PROGRESS, State.READY_FOR_MEETING}:
        return f"The {OWNERS[found.owner].lower()} writes this section."
    return f"This plan is {WORDS[State(plan.plan.state)]}: you can read it."


def _to_write(
    request: HttpRequest,
    plan: OpenedPlan,
    found: Section,
    asked: Section,
    form: SectionForm,
    problems: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    last = last_answers(plan, {one.key for one in asked.fields})
    rows = rows_to_write(plan, found, asked, form, today, last)
    part = plan.parts.get(found.key)
    context = {
        **_common(plan, found),
        "section_form": form,
        "rows": rows,
        "problems": problems or [],
        "last": last_term(plan, asked.fields, last),
        "last_words": term_words(plan.plan.previous.term) if plan.plan.previous else "",
        "next": _next(plan, found),
        "is_complete": is_complete(plan, found),
        "completed": date_words(part.completed_at.date(), today) if part and part.completed_at else "",
        "completed_by": part.completed_by_name if part else "",
        "saved_at": _last_saved(plan, found),
        "unsettled": UnmergedWords.objects.filter(
            plan=plan.plan, settled_at__isnull=True, field_key__in=[one.key for one in asked.fields]
        ).count(),
        "targets": list(plan.plan.first_targets.all()) if _has(asked, "targets") else [],
        "to_judge": _to_judge(plan) if found.key == "last_targets" else [],
        "targets_url": url_if("plans:targets", plan.plan.public_id),
        "actions": Action.objects.filter(child=plan.child, plan=plan.plan) if _has(asked, "actions") else [],
        "meeting_url": url_if("plans:meeting", plan.plan.public_id),
    }
    return render(request, "plans/writing/section.html", context)


def _to_judge(plan: OpenedPlan) -> list[tuple[Target, TargetReview | None, str]]:
    """The targets of before, how each was judged here, and where to judge it."""
    public_id = plan.plan.public_id
    return [
        (one, review, url_if("plans:target_judge", public_id, one.public_id)) for one, review in last_targets(plan.plan)
    ]


def _has(asked: Section, kind: str) -> bool:
    return any(one.kind == kind for one in asked.fields)


def _common(plan: OpenedPlan, found: Section) -> dict[str, Any]:
    return {
        "opened": plan,
        "plan": plan.plan,
        "child": plan.child,
        "section": found,
        "term": term_words(plan.plan.term),
        "owner": OWNERS[found.owner],
        "plan_url": reverse("plans:plan", args=[plan.plan.public_id]),
        "of_attendance": open_actions(plan.child) if found.key.startswith("attendance") else [],
    }


def _next(plan: OpenedPlan, found: Section) -> Section | None:
    """The next of one's own sections that is not finished, going round."""
    mine = [one for one in plan.mine if one.key == found.key or needs_work(plan, one)]
    place = next((n for n, one in enumerate(mine) if one.key == found.key), None)
    if place is None:
        return mine[0] if mine else None
    following = [*mine[place + 1 :], *mine[:place]]
    return following[0] if following else None


def _last_saved(plan: OpenedPlan, found: Section) -> str:
    """When this person last wrote in the section, if that was today."""
    keys = {one.key for one in found.fields}
    times = [a.at for key, a in plan.answers.items() if key in keys and a.by_id == plan.person.user.pk]
    latest = timezone.localtime(max(times)) if times else None
    return f"{latest:%H:%M}" if latest and latest.date() == timezone.localdate() else ""


@dataclass
class Outcome:
    saved: Saved
    faults: dict[str, str]
    confirmed: list[str] = field(default_factory=list)


def _save(request: HttpRequest, plan: OpenedPlan, asked: Section, form: SectionForm, *, removing: bool) -> Outcome:
    by = request.person.user  # type: ignore[attr-defined]
    written = form.written(removing=removing)
    saved = save_section(
        opened=plan, section=asked, values=written.values, seen=written.seen, by=by, reasons=written.reasons
    )
    outcome = Outcome(saved, form.faults())
    keys = {one.key for one in asked.fields}
    for name in request.POST.getlist("still"):
        key = key_of(name)
        if key in keys and plan.is_unconfirmed(key) and key not in saved.changed:
            confirm_carried(opened=plan, section=asked, field_key=key, by=by)
            outcome.confirmed.append(key)
    return outcome


def _again(plan: OpenedPlan) -> OpenedPlan:
    """The plan as it stands after a save: what a save changes is read again."""
    plan.plan.refresh_from_db(fields=["state", "clocks"])
    return replace(
        plan,
        answers={answer.field_key: answer for answer in Answer.objects.filter(plan=plan.plan)},
        parts={part.key: part for part in PlanSection.objects.filter(plan=plan.plan)},
    )


def _posted(request: HttpRequest, plan: OpenedPlan, found: Section) -> HttpResponse:
    asked = with_waiting(plan, found)
    form = form_of(plan, asked, data=request.POST, files=request.FILES)
    outcome = _save(request, plan, asked, form, removing=True)
    problems = [(f"f_{name}", words) for name, words in outcome.faults.items()]
    problems += _keep_files(request, plan, asked)
    if outcome.saved.conflicts:
        messages.warning(
            request, "Somebody else changed the same field while you wrote. Both are kept: choose what stands."
        )
        return redirect("plans:settle", plan.plan.public_id)
    fresh = _again(plan)
    now = section_of(fresh, found.key) or found
    asked = with_waiting(fresh, now)
    if problems:
        return _to_write(request, fresh, now, asked, _shown_again(request, fresh, asked, form), problems)
    do = request.POST.get("do", "save")
    here = reverse("plans:section", args=[plan.plan.public_id, found.key])
    if do.startswith("add:"):
        name = do.removeprefix("add:")
        rows = len(form.rows.get(key_of(name), []))
        held = fresh.answers.get(key_of(name))
        filled = len(held.value) if held and isinstance(held.value, list) else 0
        return redirect(f"{here}?rows={min(max(rows - filled - 1, 1), MOST_EXTRA)}#f_{name}")
    if do == "complete":
        left = complete_section(opened=fresh, section=now, by=request.person.user)  # type: ignore[attr-defined]
        if left:
            places = {one.label: f"f_{name_of(one.key)}" for one in now.fields}
            problems = [(places.get(label, ""), f"“{label}” is still to be answered") for label in left]
            return _to_write(request, fresh, now, asked, form_of(fresh, asked), problems)
        offer(
            request,
            f"{now.title} is marked as complete. Nothing is sent until the plan is signed.",
            "plans:reopen_section",
            plan.plan.public_id,
            found.key,
        )
        return redirect("plans:plan", plan.plan.public_id)
    messages.success(request, f"{now.title}: saved.")
    following = _next(fresh, now)
    if do == "next":
        if following is not None:
            return redirect("plans:section", plan.plan.public_id, following.key)
        return redirect("plans:plan", plan.plan.public_id)
    return redirect(here)


def _shown_again(request: HttpRequest, plan: OpenedPlan, asked: Section, form: SectionForm) -> SectionForm:
    """What was typed, with its faults; what could be saved was saved, so only the faulty fields differ now."""
    again = form_of(plan, asked, data=request.POST, files=None)
    again.is_valid()
    return again


def _keep_files(request: HttpRequest, plan: OpenedPlan, asked: Section) -> list[tuple[str, str]]:
    """A file put into a field is a document of the plan, named in the field's answer."""
    problems = []
    for one in asked.fields:
        name = name_of(one.key)
        sent = request.FILES.get(name)
        if one.kind != "file" or sent is None:
            continue
        by = request.person.user  # type: ignore[attr-defined]
        try:
            document = keep_file(child=plan.child, plan=plan.plan, kind="work", sent=sent, by=by)
        except RefusedFile as why:
            problems.append((f"f_{name}", f"{one.label}: {why}"))
            continue
        answer = plan.answers.get(one.key)
        held = answer.value if answer and isinstance(answer.value, list) else []
        value = [*held, {"document": str(document.public_id), "name": document.name}]
        save_section(
            opened=plan,
            section=asked,
            values={one.key: value},
            seen={one.key: answer.revision if answer else 0},
            by=by,
        )
    return problems


@require_POST
@requires(Permission.CHILD_READ)
def autosave(request: HttpRequest, public_id: object, key: str) -> JsonResponse:
    """Answers 200 also where words clash or cannot be read: what could be kept was kept, and the page is told."""
    plan = plan_for(request, public_id)
    found = the_section(plan, key)
    if not plan.may_write(found):
        raise PermissionDenied
    asked = with_waiting(plan, found)
    outcome = _save(request, plan, asked, form_of(plan, asked, data=request.POST), removing=False)
    fresh = _again(plan)
    now = section_of(fresh, key) or found
    clashing = {words.field_key for words in outcome.saved.conflicts}
    marks = {
        name_of(one.key): was(one, fresh.answers.get(one.key))
        for one in asked.fields
        if one.key in {*outcome.saved.changed, *outcome.confirmed} - clashing
    }
    return JsonResponse(
        {
            "saved_at": f"{timezone.localtime():%H:%M}",
            "was": marks,
            "clashes": [one.label for one in asked.fields if one.key in clashing],
            "settle_url": reverse("plans:settle", args=[plan.plan.public_id]) if clashing else "",
            "faults": outcome.faults,
            "shown": [name_of(one.key) for one in now.fields],
            "left": len(fresh.left_in(now)),
        }
    )


@require_POST
@requires(Permission.CHILD_READ)
def reopen(request: HttpRequest, public_id: object, key: str) -> HttpResponse:
    """Takes back "complete", from the banner or from the section itself."""
    plan = plan_for(request, public_id)
    found = the_section(plan, key)
    if request.POST.get("undo"):
        taken(request)
    reopen_section(opened=plan, section=found, by=request.person.user)  # type: ignore[attr-defined]
    messages.success(request, f"{found.title} is open again.")
    return redirect("plans:section", plan.plan.public_id, key)
