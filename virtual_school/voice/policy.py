"""What a council decides about asking, reading and keeping. None of it is law. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import time
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicePolicy:
    ask_school_days_before: int = 15
    """Policy: a child is asked from so many school days before the meeting."""

    ask_again_school_days_before: int = 5
    """Policy: and asked once more."""

    keep_drafts_days: int = 90
    """Policy: what was not shared is deleted so many days after the cycle ends. The child's page says the number."""

    opens: str = "09:00"
    """Policy: from when safeguarding readers read on a working day."""

    closes: str = "17:00"

    urgent_hours: int = 2
    """Policy: working hours within which "I am not safe" is opened, before the deputy is told."""

    read_entry_working_days: int = 2
    """Policy: every entry that was shared is read within so many working days."""

    tell_school_days: int = 5
    """Policy: what became of an ask is told to the child within so many school days of the meeting."""

    remind_school_days_before: int = 5
    """Policy: who promised something is reminded so many school days before."""

    chair_told_after_days: int = 10
    """Policy: the virtual school's adviser is told of a promise so many days late."""

    childline: str = "0800 1111"
    night_phone: str = ""
    """The council's own number at night."""

    duty_phone: str = ""
    """The duty team of children's social care, for the head of the virtual school to phone."""

    advocate_name: str = "Always Heard"
    advocate_phone: str = "0808 800 5792"
    """Coram Voice's national line for advocacy, until the council names its own."""

    @property
    def opening(self) -> time:
        return time.fromisoformat(self.opens)

    @property
    def closing(self) -> time:
        return time.fromisoformat(self.closes)


def voice_policy(choices: Mapping[str, Any]) -> VoicePolicy:
    known = {field.name for field in fields(VoicePolicy)}
    return replace(VoicePolicy(), **{name: value for name, value in choices.items() if name in known})
