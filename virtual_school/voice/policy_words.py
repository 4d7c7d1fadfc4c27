"""What each choice of a council about children's voice is called, and what it may be. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from virtual_school.voice.policy import VoicePolicy, voice_policy


@dataclass(frozen=True, slots=True)
class Choice:
    """`kind`: days or hours (a number from `least` to `most`), time (of a day), phone or words. `unit` follows a number."""

    name: str
    title: str
    kind: str
    hint: str = ""
    unit: str = ""
    least: int = 0
    most: int = 0
    may_be_empty: bool = False

    def in_words(self, value: Any) -> str:
        if self.unit:
            return f"{value} {self.unit if value != 1 else self.unit.replace('days', 'day').replace('hours', 'hour')}"
        return str(value) or "none"


def _number(name: str, title: str, unit: str, least: int, most: int, hint: str = "") -> Choice:
    return Choice(name, title, "number", hint, unit, least, most)


GROUPS: tuple[tuple[str, str, tuple[Choice, ...]], ...] = (
    ("asking", "Asking", (
        _number("ask_school_days_before", "A child is asked before a meeting", "school days before", 5, 40),
        _number("ask_again_school_days_before", "And asked once more", "school days before", 1, 20),
        _number("keep_drafts_days", "What was not shared is deleted after the end of the term", "days", 14, 365,
                "The child’s page says this number."),
    )),
    ("worries", "When a child may not be safe", (
        Choice("opens", "Readers read on working days from", "time", "The child is told by when it is read."),
        Choice("closes", "Until", "time"),
        _number("urgent_hours", "“I am not safe” is opened within, or the deputy is told", "working hours", 1, 7),
        Choice("duty_phone", "Duty team, for the head of the virtual school to phone", "phone", may_be_empty=True),
    )),
    ("numbers", "Numbers the child is given", (
        Choice("childline", "Childline", "phone"),
        Choice("night_phone", "The council’s own number at night", "phone", may_be_empty=True),
        Choice("advocate_name", "Advocate’s name", "words"),
        Choice("advocate_phone", "Advocate’s number", "phone", "Somebody rings each number once a month."),
    )),
    ("answers", "Reading and answering", (
        _number("read_entry_working_days", "Everything shared is read by a person within", "working days", 1, 10),
        _number("tell_school_days", "The child is told what became of what they asked for within", "school days", 1, 20),
        _number("remind_school_days_before", "Who promised something is reminded", "school days before", 1, 20),
        _number("chair_told_after_days", "The virtual school’s adviser is told of a promise late by", "days", 1, 60),
    )),
)  # fmt: skip
"""Key, title and choices, in the order of the page."""
CHOICES = {choice.name: choice for _, _, choices in GROUPS for choice in choices}


@dataclass(frozen=True, slots=True)
class Change:
    what: str
    before: str
    after: str


def changes_between(before: VoicePolicy, after: VoicePolicy) -> Iterator[Change]:
    for name, choice in CHOICES.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(choice.title, choice.in_words(was), choice.in_words(now))


def differing(choices: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the usual, as a version of the policy keeps it."""
    usual = VoicePolicy()
    return {name: choices[name] for name in CHOICES if name in choices and choices[name] != getattr(usual, name)}


def faults(choices: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What cannot be, of choices that are right one by one: the name of the choice, and why."""
    policy = voice_policy(choices)
    if policy.opening >= policy.closing:
        yield "closes", "Reading ends after it begins."
    elif (policy.closing.hour * 60 + policy.closing.minute) - (
        policy.opening.hour * 60 + policy.opening.minute
    ) < policy.urgent_hours * 60:
        yield "urgent_hours", "A reader’s day is shorter than that: nobody could open it on the same day."
    if policy.ask_again_school_days_before >= policy.ask_school_days_before:
        yield "ask_again_school_days_before", "The second time is nearer to the meeting than the first."
