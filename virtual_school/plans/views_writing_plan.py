"""A plan, a child's plans of all terms, what changed since last term, and the choice between two people's words."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.children.queries import child_for
from virtual_school.dates.ages import age_on
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Cell, Column, NextItem, Table
from virtual_school.design.dates import in_full
from virtual_school.schools.undo import offered

from .answer_words import in_rows, words_of
from .beside import beside
from .blind import NOT_SHOWN, unseen_plans
from .models import Delegation, Document, Meeting, Plan, RecordedPlan, UnmergedWords
from .opened import OpenedPlan, plan_for
from .part_clocks import Calendars, group_of, part_due
from .presenting import (
    Tasks,
    contents,
    date_words,
    is_being_written,
    labels,
    left_words,
    stages,
    tasks,
    url_if,
)
from .readable import readable
from .received import received_of
from .section_page import is_same, last_answers, section_of
from .sight import fields_seen
from .signing import SIGNABLE
from .template import Field, is_empty
from .views_closing import more_links
from .views_closing_sign import MAY_LOOK, is_to_sign
from .whose_turn import as_opened, days_of, meeting_days, turns_of
from .wording import Piece, changed_words
from .workflow import MOVES, OVER, WORDS, State, Step, refusal
from .writing import settle

STEPS = (
    (Step.READY, "Everything is ready for the meeting"),
    (Step.ASK_TO_SIGN, "Put forward to be signed"),
    (Step.SUBMIT, "Send to the virtual school"),
    (Step.TAKE, "Start checking"),
    (Step.APPROVE, "Approve"),
    (Step.RETURN, "Send back to be mended"),
    (Step.PUBLISH, "Share with everyone"),
    (Step.RECALL, "Take back to change something"),
    (Step.REOPEN, "Open again"),
)
"""In the order of a plan's way: the words of the button that takes the step."""


@dataclass(frozen=True, slots=True)
class StepOffered:
    words: str
    url: str
    why_not: str


@requires(Permission.CHILD_READ)
def plan(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    today = timezone.localdate()
    found = opened.plan
    calendar, _ = school_calendars(found.authority_id, opened.child.authority.name)
    told = tasks(opened, today)
    content_rows, content_line = contents(opened)
    meeting = (
        Meeting.objects.filter(plan=found).exclude(state=Meeting.State.CANCELLED).order_by("-on").first()
        if found.kind != Plan.Kind.SCHOOL_REVIEW
        else None
    )
    is_school = bool({Role.DESIGNATED_TEACHER} & set(opened.roles))
    context: dict[str, Any] = {
        "opened": opened,
        "plan": found,
        "child": opened.child,
        "about": _about(opened, today),
        "term": term_words(found.term),
        "kind": found.get_kind_display(),
        "stages": stages(opened, today),
        "state_words": WORDS[State(found.state)],
        "is_over": found.state in OVER,
        "tasks": told,
        "next_items": _next_items(opened, told, today, calendar),
        "steps": _steps(opened),
        "contents": content_rows,
        "contents_line": content_line,
        "meeting": meeting,
        "received": received_of(opened),
        "attendees": list(meeting.attendees.all()[:8]) if meeting else [],
        "meeting_url": url_if("plans:meeting", found.public_id),
        "sign_url": url_if("plans:sign", found.public_id)
        if found.state in SIGNABLE and set(opened.roles) & set(MAY_LOOK)
        else "",
        "is_to_sign": is_to_sign(opened),
        "more": more_links(opened),
        "added": found.addendums.order_by("at"),
        "beside": beside(opened),
        "print_url": url_if("plans:print", found.public_id) or url_if("plans:pdf", found.public_id),
        "compare": found.previous_id is not None,
        "documents": Document.objects.filter(child=opened.child, plan=found).count(),
        "may_delegate": is_school and is_being_written(found),
        "helpers": _helpers(opened) if is_school else [],
        "unsettled": UnmergedWords.objects.filter(plan=found, settled_at__isnull=True).count(),
        "undo": offered(request),
        "today": today,
    }
    return render(request, "plans/writing/plan.html", context)


def _about(opened: OpenedPlan, today: Any) -> str:
    child, parts = opened.child, []
    if child.born:
        parts.append(str(age_on(child.born, today)))
    year = opened.circumstances.year_group
    if year is not None:
        parts.append(f"Year {year}" if year > 0 else "Reception" if year == 0 else "before reception")
    parts.append(opened.plan.school.name if opened.plan.school else "no school place")
    return ", ".join(parts)


def _helpers(opened: OpenedPlan) -> list[Delegation]:
    return list(
        Delegation.objects.filter(child=opened.child, ends__isnull=True).select_related("to").order_by("to__name")
    )


def _steps(opened: OpenedPlan) -> list[StepOffered]:
    """Those this person may take, and of their own that are near, why not yet."""
    standing = opened.standing()
    found = []
    for step, words in STEPS:
        move = MOVES[step]
        url = url_if(f"plans:{step}", opened.plan.public_id)
        roles = [role for role in opened.roles if role in move.roles]
        if standing.state not in move.sources or not roles or not url:
            continue
        why_not = min((refusal(step, standing, role, "-") for role in roles), key=len)
        if step == Step.APPROVE and opened.policy.rated_before_approval:
            url, words = url_if("quality:rate", opened.plan.public_id), "Rate, then approve"
        found.append(StepOffered(words, url, why_not))
    return found


def _next_items(opened: OpenedPlan, told: Tasks, today: Any, calendar: Any) -> list[NextItem]:
    plan, items = opened.plan, []
    calendars = Calendars(working_calendar(), calendar)
    meetings = meeting_days([plan])
    by_authority = {plan.authority_id: calendars}, {plan.authority_id: opened.policy}
    turns = turns_of([plan], today, *by_authority, meetings).get(plan.pk, ())
    mine = {group_of(section.owner, has_school=plan.school_id is not None) for section in told.unfinished}
    if told.unfinished:
        names = [section.title for section in told.unfinished]
        days, policy = days_of(plan, meetings.get(plan.pk)), as_opened(plan)
        due = min(filter(None, (part_due(group, days, policy, calendars) for group in mine)), default=None)
        items.append(_next(f"You to finish {labels(names)}", due, today, calendar, "local"))
    for turn in turns:
        if turn.group not in mine:
            what = f"{turn.who} to finish {turn.left} section{'' if turn.left == 1 else 's'}"
            if not turn.left:
                what = f"{turn.who} to sign, or to send it in"
            elif plan.state in {State.SUBMITTED, State.IN_QA}:
                what = f"{turn.who} to check the plan"
            items.append(_next(what, turn.due_on, today, calendar, "local"))
    before = plan.meeting_due_on
    if before and not plan.meeting_on and plan.kind != Plan.Kind.SCHOOL_REVIEW and is_being_written(plan):
        items.append(_next("The meeting to be held", before, today, calendar, "should", "best by"))
    if plan.due_on and is_being_written(plan):
        items.append(_next("Signed and sent to the virtual school", plan.due_on, today, calendar, "local"))
    return items


def _next(what: str, due: Any, today: Any, calendar: Any, strength: str, by: str = "by") -> NextItem:
    when = f"{by} {date_words(due, today)}, {left_words(due, today, calendar)}" if due else "no day is set"
    return NextItem(what, when, _standing(due, today), strength)


def _standing(due: Any, today: Any) -> str:
    if due is None:
        return "not_known"
    return "overdue" if due < today else "due_soon" if (due - today).days <= 14 else "upcoming"


@requires(Permission.CHILD_READ)
def of_child(request: HttpRequest, public_id: object) -> HttpResponse:
    """All terms: the plans written here, and what was recorded of plans kept elsewhere."""
    child = child_for(request, public_id)
    rows = []
    read = readable(request.person, timezone.localdate())  # type: ignore[attr-defined]
    unseen = unseen_plans()
    for one in Plan.objects.filter(read, child=child, authority=child.authority_id).select_related("school"):
        where = one.school.name if one.school else "No school place"
        url = url_if("plans:plan", one.public_id)
        name = term_words(one.term).capitalize()
        dates = _dates(("Opened", one.opened_on), ("meeting", one.meeting_on), ("submitted", one.submitted_on))
        rows.append(
            (
                one.term,
                1,
                [
                    Cell(name, url, small=one.get_kind_display()),
                    one.get_state_display(),
                    where,
                    dates,
                    NOT_SHOWN if one.pk in unseen else one.rating,
                ],
            )
        )
    for one in RecordedPlan.objects.filter(child=child, authority=child.authority_id):
        name = term_words(one.term).capitalize()
        dates = _dates(("Begun", one.initiated_on), ("meeting", one.meeting_on), ("signed", one.signed_off_on))
        rows.append((one.term, 0, [Cell(name, small="Kept elsewhere"), "Recorded", "", dates, one.rating]))
    rows.sort(key=lambda row: row[:2], reverse=True)
    table = Table(
        f"Plans of {child.first_name}",
        [Column("Term"), Column("State"), Column("School"), Column("Dates"), Column("Judged")],
        [cells for _, _, cells in rows],
    )
    context = {"child": child, "table": table, "n": len(rows), "url": url_if("caseload:child", child.public_id)}
    if request.person.can(Permission.CHILD_WRITE, child.authority_id):  # type: ignore[attr-defined]
        context["receive_url"] = url_if("plans:receive", child.public_id)
    return render(request, "plans/writing/of_child.html", context)


def _dates(*told: tuple[str, Any]) -> str:
    text = ", ".join(f"{words} {in_full(day)}" for words, day in told if day)
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Compared:
    label: str
    pieces: tuple[Piece, ...]
    then: str
    now: str
    state: str
    """changed, added, removed or same."""


@dataclass(frozen=True, slots=True)
class ComparedSection:
    title: str
    key: str
    changed: list[Compared]
    same: list[Compared]


@requires(Permission.CHILD_READ)
def compare(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    if opened.plan.previous is None:
        raise Http404
    last = last_answers(opened)
    sections = []
    for section in opened.sections:
        rows = [row for one in fields_seen(opened, section) if (row := _compared(opened, one, last))]
        if rows:
            changed = [row for row in rows if row.state != "same"]
            same = [row for row in rows if row.state == "same"]
            sections.append(ComparedSection(section.title, section.key, changed, same))
    return render(
        request,
        "plans/writing/compare.html",
        {
            "plan": opened.plan,
            "child": opened.child,
            "term": term_words(opened.plan.term),
            "before": term_words(opened.plan.previous.term),
            "sections": sections,
            "same": sum(len(one.same) for one in sections),
            "changed": sum(len(one.changed) for one in sections),
        },
    )


def _compared(opened: OpenedPlan, asked: Field, last: dict[str, Any]) -> Compared | None:
    before, answer = last.get(asked.key), opened.answers.get(asked.key)
    then = words_of(asked, before.value) if before else ""
    now = words_of(asked, answer.value) if answer else ""
    if not then and not now:
        return None
    if not then or not now:
        return Compared(asked.label, (), then, now, "added" if now else "removed")
    if then == now:
        return Compared(asked.label, (), then, now, "same")
    pieces = changed_words(then, now) if asked.kind in {"text", "long_text"} else ()
    return Compared(asked.label, pieces, then, now, "nearly" if is_same(asked, before, answer) else "changed")


@dataclass(frozen=True, slots=True)
class Clash:
    words: UnmergedWords
    asked: Field
    section_title: str
    theirs: str
    their_name: str
    mine: str
    revision: int
    can_keep_both: bool


@requires(Permission.CHILD_READ)
def settle_words(request: HttpRequest, public_id: object) -> HttpResponse:
    """Where two people wrote in the same field: what stands, what was written beside it, or both."""
    opened = plan_for(request, public_id)
    clashes = _clashes(opened)
    if request.method == "POST":
        given = request.POST.get("words", "")
        clash = next((one for one in clashes if str(one.words.pk) == given), None)
        if clash is None:
            messages.warning(request, "That was settled already.")
            return redirect("plans:settle", opened.plan.public_id)
        return _settled(request, opened, clash)
    if not clashes:
        return redirect("plans:plan", opened.plan.public_id)
    return render(
        request, "plans/writing/settle.html", {"plan": opened.plan, "child": opened.child, "clashes": clashes}
    )


def _settled(request: HttpRequest, opened: OpenedPlan, clash: Clash) -> HttpResponse:
    again = redirect("plans:settle", opened.plan.public_id)
    if request.POST.get("revision") != str(clash.revision):
        messages.warning(request, "It changed again while you looked. Both are shown as they stand now.")
        return again
    answer = opened.answers[clash.asked.key]
    choices = {"theirs": answer.value, "mine": clash.words.value}
    if clash.can_keep_both:
        choices["both"] = both(clash.asked, answer.value, clash.words.value)
    keep = request.POST.get("keep", "")
    if keep not in choices:
        messages.warning(request, "Choose what stands.")
        return again
    section = section_of(opened, clash.asked.key.partition(".")[0])
    if section is None:
        raise PermissionDenied
    settle(opened=opened, section=section, words=clash.words, keep=choices[keep], by=request.person.user)  # type: ignore[attr-defined]
    messages.success(request, f"{clash.asked.label}: settled.")
    return again


def both(asked: Field, theirs: Any, mine: Any) -> Any:
    """One under the other; of rows, those of either."""
    if isinstance(theirs, list) or isinstance(mine, list):
        first, second = theirs or [], mine or []
        return [*first, *(row for row in second if row not in first)]
    return "\n\n".join(str(words) for words in (theirs, mine) if not is_empty(words))


def _clashes(opened: OpenedPlan) -> list[Clash]:
    found = []
    rows = UnmergedWords.objects.filter(plan=opened.plan, settled_at__isnull=True).order_by("at")
    for words in rows:
        asked = opened.template.field(words.field_key)
        section = next(
            (s for s in opened.sections if words.field_key.partition(".")[0] == s.key and opened.may_write(s)), None
        )
        answer = opened.answers.get(words.field_key)
        if asked is None or section is None or answer is None:
            continue
        found.append(
            Clash(
                words=words,
                asked=asked,
                section_title=section.title,
                theirs=words_of(asked, answer.value) or "Nothing",
                their_name=answer.by_name or answer.source_words,
                mine=words_of(asked, words.value) or "Nothing",
                revision=answer.revision,
                can_keep_both=asked.kind in {"text", "long_text", "choices"} or in_rows(asked),
            )
        )
    return found
