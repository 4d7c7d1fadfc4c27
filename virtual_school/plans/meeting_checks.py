"""What to look at before people are invited. Nothing here stops a meeting: each says what, and why. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.law.obligation import in_words

HOLIDAY = "Councils ask that no meeting is held in the school holidays (Enfield's guide): practice, not law."
PRESENT = "By the council's policy for plans they are at every meeting: practice, not law."
VIRTUAL_SCHOOL = "Councils send the virtual school to a first meeting (Lancashire's guide): practice."
ROLE_WORDS = {
    "social_worker": "social worker", "designated_teacher": "designated teacher", "carer": "carer",
    "adviser": "virtual school adviser", "reviewing_officer": "independent reviewing officer",
    "personal_adviser": "personal adviser",
}  # fmt: skip
PARENT = ("parent", "mother", "father", "mum", "dad", "step-parent", "birth family", "grandmother", "grandfather")


@dataclass(frozen=True, slots=True)
class Caution:
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFacts:
    """`invited` are roles, as codes or in words; `required` those the council asks for at every meeting. `cautions`
    are the plan's own words on who must not be there."""

    on: date
    invited: Sequence[str] = ()
    required: Sequence[str] = ()
    is_first_plan: bool = False
    best_by: date | None = None
    cautions: Sequence[tuple[str, str]] = ()
    parents_not_asked: bool = False
    no_school: bool = False


def warnings(facts: MeetingFacts, calendar: SchoolCalendar, today: date) -> Iterator[Caution]:
    yield from _day(facts, calendar, today)
    yield from _people(facts)
    yield from _who_must_not(facts)


def _day(facts: MeetingFacts, calendar: SchoolCalendar, today: date) -> Iterator[Caution]:
    day = in_words(facts.on)
    if facts.on.weekday() >= 5:
        yield Caution(f"{day} is a {facts.on:%A}.", HOLIDAY)
    elif label := closed_label(calendar, facts.on):
        yield Caution(f"{day} is not a school day: {label}.", HOLIDAY)
    if facts.best_by and facts.on > facts.best_by and facts.on >= today:
        yield Caution(f"{day} is after {in_words(facts.best_by)}, the day by which the council wants it held.")


def closed_label(calendar: SchoolCalendar, day: date) -> str:
    """Why a weekday is not a school day; empty when it is one, or where the calendar does not reach."""
    try:
        if calendar.is_school_day(day):
            return ""
    except BeyondCalendar:
        return ""
    if day in calendar.closed:
        return calendar.closed[day]
    return "school holidays"


def _people(facts: MeetingFacts) -> Iterator[Caution]:
    missing = [
        ROLE_WORDS.get(role, role.replace("_", " "))
        for role in facts.required
        if role not in facts.invited and not (role == "designated_teacher" and facts.no_school)
    ]
    if missing:
        yield Caution(f"Not invited: {in_words(missing)}.", PRESENT)
    if facts.is_first_plan and not {"adviser", "virtual_school_head"} & set(facts.invited):
        yield Caution("This is a first plan, and nobody of the virtual school is invited.", VIRTUAL_SCHOOL)


def _who_must_not(facts: MeetingFacts) -> Iterator[Caution]:
    parents = [role for role in facts.invited if any(word in role.casefold() for word in PARENT)]
    for label, words in facts.cautions:
        yield Caution(f"{label} {words}", "From the plan. Read it before you invite family.")
    if facts.parents_not_asked and parents:
        yield Caution("The social worker says that it is not right or safe to ask parents, and one is invited.")
