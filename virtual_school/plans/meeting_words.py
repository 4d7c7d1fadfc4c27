"""A meeting in words."""

from datetime import date, time

from .agenda import AGENDA, STEPS
from .models import Action, Decision, Meeting


def clock_words(at: time | None) -> str:
    """2pm, 2:30pm, noon; nothing for no time."""
    if at is None:
        return ""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"


def when_words(meeting: Meeting, *, with_year: bool = False) -> str:
    """Tuesday 1 December, 2pm"""
    clock = clock_words(meeting.at)
    year = f" {meeting.on.year}" if with_year else ""
    return f"{meeting.on:%A} {meeting.on.day} {meeting.on:%B}{year}" + (f", {clock}" if clock else "")


def by_when(day: date | None) -> str:
    """Fri 4 December"""
    return f"{day:%a} {day.day} {day:%B}" if day else ""


def who_words(action: Action) -> str:
    return action.owner_name or (action.owner.name if action.owner else "Nobody yet")


def place_in_agenda(row: Action | Decision) -> int:
    keys = [step.key for step in AGENDA]
    return keys.index(row.agenda_key) if row.agenda_key in STEPS else len(keys)
