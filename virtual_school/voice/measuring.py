"""The facts of children's voice in one term, as far as the virtual school may read them; and the measures of it."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars, working_calendar

from . import measures
from .measures import Measure, OneAsk, OneChild, OnePromise
from .models import Ask, Entry, Invitation, ObservationSheet, Outcome, Promise
from .observation import gathered_on
from .queries import as_sheet
from .settings_of import policy_for

ASKED_WITHOUT_VIEWS = {Entry.NoViews.REFUSED, Entry.NoViews.ABSENT, Entry.NoViews.NOT_ABLE_YET}
HOW = {mode.value: mode.label.lower() for mode in Entry.Mode}


def measures_of(authority: Authority, cycle: str, today: date) -> list[Measure]:
    calendar, _ = school_calendars(authority.code, authority.name)
    policy = policy_for(authority.code, today)
    children, asks, promises = _children(authority, cycle), _asks(authority, cycle), _promises(authority, cycle)
    return [
        measures.asked_in_time(children, calendar),
        measures.heard_from(children, today, HOW),
        measures.read_in_time(children, today, working_calendar(), policy.read_entry_working_days),
        measures.told_in_time(asks, today),
        measures.kept(promises, today),
        measures.made_a_difference(promises),
        measures.changed_the_plan(asks),
    ]


def cycles_of(authority: Authority) -> list[str]:
    """The terms in which anybody was invited, the latest first."""
    rows = Invitation.objects.filter(authority=authority, speaker="child").order_by("-cycle")
    return list(rows.values_list("cycle", flat=True).distinct())


def _children(authority: Authority, cycle: str) -> list[OneChild]:
    entries: dict[int, list[Entry]] = {}
    for one in Entry.objects.filter(authority=authority, cycle=cycle, speaker="child").order_by("attempt"):
        entries.setdefault(one.child_id, []).append(one)
    sheets: dict[int, list[ObservationSheet]] = {}
    for sheet in ObservationSheet.objects.filter(authority=authority, cycle=cycle):
        sheets.setdefault(sheet.child_id, []).append(sheet)
    invited = Invitation.objects.filter(authority=authority, cycle=cycle, speaker="child", meeting_on__isnull=False)
    return [
        _child(one, entries.get(one.child_id, []), gathered_on(as_sheet(s) for s in sheets.get(one.child_id, [])))
        for one in invited
    ]


def _child(invited: Invitation, entries: list[Entry], watched_on: date | None) -> OneChild:
    shared = next((one for one in entries if one.first_shared_at is not None), None)
    silent = next((one for one in entries if one.state == Entry.State.NO_VIEWS), None)
    days = [one.told_first_at for one in entries if one.told_first_at is not None]
    asked = [invited.told_on, *(timezone.localdate(at) for at in days)]
    if silent is not None and silent.no_views_why in ASKED_WITHOUT_VIEWS:
        asked.append(silent.no_views_on)
    return OneChild(
        meeting_on=invited.meeting_on,  # type: ignore[arg-type]
        asked_on=min((day for day in asked if day is not None), default=None),
        heard_on=_day(shared.first_shared_at) if shared else None, read_on=_day(shared.read_at) if shared else None,
        how=shared.mode if shared else "", why_not=silent.no_views_why if silent and not shared else "",
        watched_on=watched_on,
    )  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment is not None else None


def _asks(authority: Authority, cycle: str) -> list[OneAsk]:
    meetings = dict(
        Invitation.objects.filter(authority=authority, cycle=cycle, speaker="child").values_list(
            "child_id", "meeting_on"
        )
    )
    last: dict[int, Outcome] = {one.ask_id: one for one in Outcome.objects.filter(authority=authority).order_by("id")}
    in_plan = Promise.objects.filter(ask=OuterRef("pk"), plan_action__isnull=False)
    rows = Ask.objects.filter(authority=authority, cycle=cycle).exclude(state=Ask.State.WITHDRAWN)
    found = []
    for ask in rows.annotate(is_in_plan=Exists(in_plan)):
        outcome = last.get(ask.pk)
        found.append(
            OneAsk(
                meeting_on=meetings.get(ask.child_id),
                tell_by=outcome.tell_by if outcome else None,
                told_on=_day(outcome.told_at) if outcome else None,
                is_in_plan=ask.is_in_plan,
            )
        )
    return found


def _promises(authority: Authority, cycle: str) -> list[OnePromise]:
    rows = Promise.objects.filter(authority=authority, ask__cycle=cycle).prefetch_related("judgements")
    return [
        OnePromise(
            due_on=one.due_on,
            state=one.state,
            done_on=one.state_on if one.state == Promise.State.DONE else None,
            judged=next((said.wanted for said in reversed(list(one.judgements.all()))), ""),
        )
        for one in rows
    ]
