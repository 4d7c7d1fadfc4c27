"""The plans of a term: done, in time, good, attended, and how long each step took (pep.md, measures 1 to 6)."""

from collections.abc import Iterator
from datetime import date
from statistics import median
from typing import Any

from virtual_school.care.facts import first_placement
from virtual_school.plans.facts import not_held, plan_expected, plans_in
from virtual_school.schools.rules import counts_as_emergency, year_group_on

from .defining import defined
from .measured import (
    ELSEWHERE,
    MeasuredChild,
    MeasuredPlan,
    Tally,
    TermFacts,
    approved_by,
    checked_on,
    done_on,
    had_to_have,
    is_of_term,
    sent_back_on,
    sent_in_on,
)

DONE, TIME, PACE = "Plans done", "In time", "Pace and who has it"
GOOD, VOICE = "Quality", "Voice, and who came"
POST_16 = (12, 13)
NO_CALENDAR = "the calendar does not reach that day"
NOT_DUE = "not due yet"
NOT_READ = "what the plan held is not known"
CAME_OF_IT = {"target": "a target quotes the child", "action": "an action was promised for what the child asked"}


def plans_of(term: TermFacts) -> Iterator[tuple[MeasuredChild, MeasuredPlan]]:
    for child in term.children:
        for plan in child.plans:
            if is_of_term(plan):
                yield child, plan


def sent_in(term: TermFacts) -> Iterator[tuple[MeasuredChild, MeasuredPlan, date]]:
    """The plans of the term that were sent in by the day."""
    for child, plan in plans_of(term):
        on = sent_in_on(plan, term.on)
        if on is not None:
            yield child, plan, on


NO_PLANS = {"not_known": "Not known yet: no plan dates are held here."}


@defined(
    "I-PEP-01", DONE, "Plans done this term",
    "{n} of {d} children who had to have a plan had it done by {on}.",
    "Done means sent in, or approved where the council has chosen so. Children who had to have one are those in care "
    "on the day, of an age for a plan, and in care long enough at the cut-off.",
)  # fmt: skip
def plans_done(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    return _done(term, tally, list(term.children))


@defined(
    "I-PEP-14", DONE, "Plans done, 16 and 17",
    "{n} of {d} young people in Years 12 and 13 who had to have a plan had it done by {on}.",
    "As plans done this term, for Years 12 and 13 by age.",
)  # fmt: skip
def plans_done_post_16(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    return _done(term, tally, [c for c in term.children if year_group_on(c.facts, term.on) in POST_16])


def _done(term: TermFacts, tally: Tally, children: list[MeasuredChild]) -> dict[str, Any] | None:
    if not term.plans_known:
        return dict(NO_PLANS)
    for child in children:
        wanted = had_to_have(child, term)
        if wanted.answer:
            tally.count(child.child, any(done_on(p, term.policy, term.on) for p in child.plans if is_of_term(p)))
        else:
            tally.leave_out(child.child, wanted.why)
    return None


@defined(
    "I-PEP-03", TIME, "First plan started in time",
    "{n} of {d} first plans that were due to be started by {on} were started in time.",
    "By the council’s clock from coming into care; a planned entry has its plan started by that day.",
    things="first plans",
)  # fmt: skip
def first_started(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    return _first(term, tally, "first_started")


@defined(
    "I-PEP-18", TIME, "First plan ready in time",
    "{n} of {d} first plans that were due to be ready by {on} were signed off in time.",
    "By the council’s clock from coming into care.",
    things="first plans",
)  # fmt: skip
def first_ready(term: TermFacts, tally: Tally) -> dict[str, Any] | None:
    return _first(term, tally, "first_complete")


def _first(term: TermFacts, tally: Tally, clock: str) -> dict[str, Any] | None:
    """Of every time in care whose day fell since the last cut-off: each counts in one term only."""
    if not term.plans_known:
        return dict(NO_PLANS)
    is_start = clock == "first_started"
    for child in term.children:
        facts = child.facts
        for period in facts.periods:
            if period.kind != "looked_after" or not period.starts_known or period.starts > term.on:
                continue
            expected = plan_expected(facts, period, period.starts)
            if not expected.answer:
                continue
            due = term.policy.counted(clock, period.starts, term.authority.working, facts.school_calendar)
            if is_start and not counts_as_emergency(facts, first_placement(facts, period)):
                due = period.starts
            if due is None:
                tally.leave_out(child.child, NO_CALENDAR)
                continue
            if not term.since <= due <= term.on:
                continue
            if period.ends is not None and period.ends <= due:
                tally.leave_out(child.child, "left care before it was due")
                continue
            found = plans_in(facts, period, term.on)
            days = [p.begun_on if is_start else p.signed_off_on for p in found]
            met = min((day for day in days if day is not None and day <= term.on), default=None)
            if (met is None or met > due) and not_held(facts, due):
                tally.leave_out(child.child, "plans of that time are not held here")
                continue
            tally.count(child.child, met is not None and met <= due)
    return None


@defined(
    "I-PEP-19", TIME, "Sent in soon after the meeting",
    "{n} of {d} plans whose meeting was held by {on} were sent in within the council’s time.",
    "The council’s clock “School completes”, from the meeting.",
    things="plans",
)  # fmt: skip
def sent_in_after_meeting(term: TermFacts, tally: Tally) -> None:
    for child, plan in plans_of(term):
        if plan.meeting_on is None or plan.meeting_on > term.on:
            continue
        _within(term, tally, child, "school_completes", plan.meeting_on, sent_in_on(plan, term.on))


@defined(
    "I-PEP-20", TIME, "Checked soon after being sent in",
    "{n} of {d} plans sent in by {on} were checked within the council’s time.",
    "The council’s clock “Checked by the virtual school”: to the day it was approved or first sent back.",
    things="plans",
)  # fmt: skip
def checked_in_time(term: TermFacts, tally: Tally) -> None:
    for child, plan, on in sent_in(term):
        if plan.is_recorded:
            tally.leave_out(child.child, ELSEWHERE)
        else:
            _within(term, tally, child, "checked", on, checked_on(plan, term.on))


def _within(term: TermFacts, tally: Tally, child: MeasuredChild, clock: str, since: date, met: date | None) -> None:
    due = term.policy.counted(clock, since, term.authority.working, child.facts.school_calendar)
    if due is None:
        tally.leave_out(child.child, NO_CALENDAR)
    elif met is None and due >= term.on:
        tally.leave_out(child.child, NOT_DUE)
    else:
        tally.count(child.child, met is not None and met <= due)


@defined(
    "I-PEP-21", TIME, "Meeting held in the term’s window",
    "{n} of {d} plans that need a meeting had it between the first day of term and the day it was due.",
    "The day the meeting was due where the plan has one, else the cut-off. A review by the school alone needs none.",
    things="plans",
)  # fmt: skip
def meeting_in_window(term: TermFacts, tally: Tally) -> None:
    for child, plan in plans_of(term):
        if plan.kind == "school_review":
            tally.leave_out(child.child, "a review by the school, without a meeting")
            continue
        closed = plan.state.startswith("closed")
        last = min(plan.meeting_due_on or term.cut_off, term.cut_off)
        met = plan.meeting_on if plan.meeting_on is not None and plan.meeting_on <= term.on else None
        if met is None and closed:
            tally.leave_out(child.child, "closed early")
        elif met is None and last >= term.on:
            tally.leave_out(child.child, NOT_DUE)
        else:
            tally.count(child.child, met is not None and term.term.starts <= met <= last)


@defined(
    "I-PEP-05", GOOD, "Plans rated good or better",
    "{n} of {d} plans rated by {on} were rated good or better at the end.",
    "The rating that stands, after any mending. Which ratings count as good is the council’s choice.",
    things="rated plans", tells_ratings=True,
)  # fmt: skip
def good_at_the_end(term: TermFacts, tally: Tally) -> dict[str, Any]:
    for child, plan, _ in sent_in(term):
        if approved_by(plan, term.on) is None:
            tally.leave_out(child.child, "sent in, not approved yet")
        elif plan.is_good is None:
            tally.leave_out(child.child, "approved, but no rating is held")
        else:
            tally.count(child.child, plan.is_good)
            tally.part(plan.rating)
    return {"parts_unit": "plans"}


@defined(
    "I-PEP-06-first", GOOD, "Good the first time",
    "{n} of {d} plans were rated good or better when they were first checked.",
    "The rating of the first check. A plan sent back without a rating was not good the first time.",
    things="checked plans", tells_ratings=True,
)  # fmt: skip
def good_the_first_time(term: TermFacts, tally: Tally) -> None:
    for child, plan, _ in sent_in(term):
        if plan.is_recorded:
            tally.leave_out(child.child, ELSEWHERE)
        elif checked_on(plan, term.on) is None:
            tally.leave_out(child.child, "sent in, not checked yet")
        elif sent_back_on(plan, term.on) is not None:
            tally.count(child.child, bool(plan.first_good))
        elif plan.is_good is None:
            tally.leave_out(child.child, "approved, but no rating is held")
        else:
            tally.count(child.child, plan.is_good if plan.first_good is None else plan.first_good)


@defined(
    "I-PEP-06-returned", GOOD, "Plans sent back to be mended",
    "{n} of {d} plans sent in by {on} were sent back at least once.",
    "Sent back by the virtual school, with what is to be mended.",
    better="", things="plans", tells_ratings=True,
)  # fmt: skip
def sent_back(term: TermFacts, tally: Tally) -> None:
    for child, plan, _ in sent_in(term):
        if plan.is_recorded:
            tally.leave_out(child.child, ELSEWHERE)
        elif checked_on(plan, term.on) is None:
            tally.leave_out(child.child, "sent in, not checked yet")
        else:
            tally.count(child.child, sent_back_on(plan, term.on) is not None)


@defined(
    "I-PEP-07", VOICE, "The child’s own view is there",
    "{n} of {d} plans sent in by {on} hold the child’s own view.",
    "Shared by the child in their own pages, or written in the plan in the child’s words. Where there is none with a "
    "reason, it still counts as none, and the reason is shown.",
    things="plans",
)  # fmt: skip
def views_there(term: TermFacts, tally: Tally) -> dict[str, Any]:
    for child, plan, _ in sent_in(term):
        views = views_of(child, plan, term)
        if views is None:
            tally.leave_out(child.child, NOT_READ)
            continue
        tally.count(child.child, views == "said")
        if views != "said":
            tally.part("none, and it says why" if views == "reason" else "none, and nobody says why")
    return {"parts_unit": "plans"}


def views_of(child: MeasuredChild, plan: MeasuredPlan, term: TermFacts) -> str | None:
    """As the plan held it when it was sent in, or as the child shared it in their own pages by the day."""
    if plan.views in (None, "said"):
        return plan.views
    of_term = [fact for fact in child.facts.plans if fact.term_key == term.term.key and fact.heard_on is not None]
    heard = [fact for fact in of_term if fact.heard_on is not None and fact.heard_on <= term.on]
    if any(not fact.not_heard_why for fact in heard):
        return "said"
    return plan.views or ("reason" if heard else "")


@defined(
    "I-PEP-08", VOICE, "The child’s view changed the plan",
    "{n} of {d} plans that hold the child’s own view have a target or an action that comes from it.",
    "A target that quotes the child, or an action promised for something the child asked for. Whether it was kept is "
    "not counted here.",
    things="plans with the child’s view",
)  # fmt: skip
def views_changed_it(term: TermFacts, tally: Tally) -> dict[str, Any]:
    for child, plan, _ in sent_in(term):
        views = views_of(child, plan, term)
        if views is None:
            tally.leave_out(child.child, NOT_READ)
        elif views != "said":
            tally.leave_out(child.child, "no view of the child’s own is held")
        else:
            tally.count(child.child, bool(plan.from_views))
            for what in sorted(plan.from_views):
                tally.part(CAME_OF_IT[what])
    return {"parts_unit": "plans"}


def _came(id_: str, who: str, role: str) -> None:
    @defined(
        id_, VOICE, f"{who} came", f"{who} came to {{n}} of {{d}} meetings held by {{on}}.",
        "Present at the meeting, as it was written down. Sending something in writing is not coming.",
        things="meetings",
    )  # fmt: skip
    def came(term: TermFacts, tally: Tally) -> None:
        for child, plan in plans_of(term):
            meeting = plan.meeting
            if meeting is None or meeting.on > term.on:
                if plan.is_recorded and plan.meeting_on is not None and plan.meeting_on <= term.on:
                    tally.leave_out(child.child, ELSEWHERE)
                continue
            if role == "young_person":
                if meeting.child is None:
                    tally.leave_out(child.child, "nobody wrote down whether the child came")
                else:
                    tally.count(child.child, meeting.child)
            elif not meeting.is_written:
                tally.leave_out(child.child, "nobody wrote down who came")
            else:
                tally.count(child.child, role in meeting.came)


for _id, _who, _role in (
    ("I-PEP-09-child", "The child", "young_person"),
    ("I-PEP-09-social-worker", "The social worker", "social_worker"),
    ("I-PEP-09-carer", "The carer", "carer"),
    ("I-PEP-09-teacher", "The designated teacher", "designated_teacher"),
):
    _came(_id, _who, _role)


def _pace(id_: str, title: str, sentence: str, first: str, last: str) -> None:
    @defined(id_, PACE, title, sentence, "The middle number of days; half took longer.", better="fewer", unit="days",
             things="plans", tells_ratings=first == "sent_back")  # fmt: skip
    def pace(term: TermFacts, tally: Tally) -> dict[str, Any]:
        days = []
        for child, plan in plans_of(term):
            start, end = _event(plan, first, term.on), _event(plan, last, term.on)
            if start is None:
                continue
            if end is None or end < start:
                tally.leave_out(child.child, "has not come so far yet")
                continue
            tally.count(child.child, True)
            days.append((end - start).days)
        parts = (("the longest", max(days)),) if days else ()
        return {"value": float(median(days)) if days else None, "parts": parts, "parts_unit": "days"}


def _event(plan: MeasuredPlan, name: str, by: date) -> date | None:
    if name == "sent_in":
        return sent_in_on(plan, by)
    if plan.is_recorded and name != "meeting":
        return None
    if name == "checked":
        return checked_on(plan, by)
    if name == "approved":
        return approved_by(plan, by)
    if name == "sent_back":
        return sent_back_on(plan, by)
    if name == "mended":
        back = sent_back_on(plan, by)
        return next((d for s, d in plan.way if s == "submit" and back is not None and back <= d <= by
                     and _after_return(plan, s, d)), None)  # fmt: skip
    day = {"opened": plan.opened_on, "meeting": plan.meeting_on, "published": plan.published_on}[name]
    return day if day is not None and day <= by else None


def _after_return(plan: MeasuredPlan, step: str, day: date) -> bool:
    """Whether a step stands after the first return, which may have been on the same day."""
    first = next(place for place, (name, _) in enumerate(plan.way) if name == "return")
    return (step, day) in plan.way[first:]


for _id, _title, _sentence, _first_event, _last_event in (
    ("I-PEP-10-open", "From opening to the meeting",
     "From being opened to the meeting took {value}, in the middle of {d} plans.", "opened", "meeting"),
    ("I-PEP-10-meeting", "From the meeting to being sent in",
     "From the meeting to being sent in took {value}, in the middle of {d} plans.", "meeting", "sent_in"),
    ("I-PEP-10-check", "Waiting to be checked",
     "From being sent in to being checked took {value}, in the middle of {d} plans.", "sent_in", "checked"),
    ("I-PEP-10-mend", "Being mended",
     "From being sent back to being sent in again took {value}, in the middle of {d} plans.", "sent_back", "mended"),
    ("I-PEP-10-publish", "From approval to publishing",
     "From approval to publishing took {value}, in the middle of {d} plans.", "approved", "published"),
):  # fmt: skip
    _pace(_id, _title, _sentence, _first_event, _last_event)


def _overdue(id_: str, who: str, owner: str) -> None:
    @defined(
        id_, PACE, f"Overdue with the {who}", f"{{n}} of {{d}} overdue plans wait for the {who}.",
        "Plans past their day with a part of theirs unfinished. One may wait for several people.",
        better="fewer", unit="plans", things="overdue plans",
    )  # fmt: skip
    def overdue(term: TermFacts, tally: Tally) -> dict[str, Any]:
        if not term.is_today:
            return {"not_known": "Not known: where plans waited is kept on the day of the cut-off only."}
        for child, plan in plans_of(term):
            if plan.waits_for:
                tally.count(child.child, owner in plan.waits_for)
        return {"value": float(len(tally.hits))}


for _id, _who, _owner in (
    ("I-PEP-11-social-worker", "social worker", "social_worker"),
    ("I-PEP-11-school", "school", "school"),
    ("I-PEP-11-virtual-school", "virtual school", "virtual_school"),
):
    _overdue(_id, _who, _owner)
