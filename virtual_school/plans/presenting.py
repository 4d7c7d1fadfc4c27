"""A plan as its page shows it: the stages, whose sections are left, what the law asks of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from virtual_school.access.models import Role
from virtual_school.children.models import Involvement
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.design.components import Task
from virtual_school.design.dates import in_full

from .contents import CONTENTS
from .models import Plan, PlanSection
from .opened import OpenedPlan
from .template import OWNERS, Section, is_empty, met_contents
from .workflow import DONE, OVER, State

IN_CONTENTS = {"met": "Met", "missing": "Missing", "reasoned": "Reason given", "does_not_apply": "Does not apply"}
NAME_FIELDS = {
    "social_worker": "people.social_worker",
    "designated_teacher": "people.designated_teacher",
    "carer": "people.carer",
    "virtual_school": "people.adviser",
}
ROLE_OF_OWNER = {
    "social_worker": Role.SOCIAL_WORKER,
    "designated_teacher": Role.DESIGNATED_TEACHER,
    "carer": Role.CARER,
    "virtual_school": Role.ADVISER,
    "personal_adviser": Role.PERSONAL_ADVISER,
    "young_person": Role.YOUNG_PERSON,
}
NAMED_AT_MOST = 3


def url_if(name: str, *args: object) -> str:
    """Empty for a page this service does not have."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def date_words(day: date | None, today: date) -> str:
    """4 December, with the year where it is not this one."""
    if day is None:
        return ""
    return f"{day.day} {day:%B}" if day.year == today.year else in_full(day)


def left_words(due: date | None, today: date, calendar: SchoolCalendar) -> str:
    """in 8 school days; 3 school days late; today."""
    if due is None:
        return ""
    if due == today:
        return "today"
    first, last = (due, today) if due < today else (today, due)
    unit = "school day"
    try:
        n = calendar.between(first, last)
    except BeyondCalendar:
        n = 0
    if n == 0:
        n, unit = (last - first).days, "day"
    counted = f"{n:,} {unit}{'' if n == 1 else 's'}"
    return f"{counted} late" if due < today else f"in {counted}"


@dataclass(frozen=True, slots=True)
class Stage:
    words: str
    when: str
    state: str
    """done, now or "" for what is to come."""


NOW_AT = {
    State.DUE: 0,
    State.OPEN: 1,
    State.IN_PROGRESS: 1,
    State.READY_FOR_MEETING: 2,
    State.MEETING_HELD: 3,
    State.AWAITING_SIGNOFF: 3,
    State.RETURNED: 3,
    State.SUBMITTED: 4,
    State.IN_QA: 4,
    State.APPROVED: 5,
    State.PUBLISHED: 6,
}


def stages(opened: OpenedPlan, today: date) -> list[Stage]:
    """Empty for a plan that is over before its end."""
    plan = opened.plan
    if plan.state in OVER or plan.state not in NOW_AT:
        return []
    signers = len(opened.signers)
    signed = "Signed by both" if signers == 2 else "Signed" if signers < 2 else f"Signed by all {signers}"
    sent_back = plan.state == State.RETURNED
    meeting = date_words(plan.meeting_on, today)
    best = f"best by {date_words(plan.meeting_due_on, today)}" if plan.meeting_due_on else ""
    told = [
        ("Opened", date_words(plan.opened_on, today)),
        ("Before the meeting", ""),
        ("Meeting", meeting or best),
        ("Sent back: to be mended" if sent_back else signed,
         f"by {date_words(plan.returned_due_on if sent_back and plan.returned_due_on else plan.due_on, today)}"
         if plan.due_on else ""),
        ("Checked by the virtual school", date_words(plan.approved_on, today)),
        (f"Shared with {opened.child.first_name} and others", date_words(plan.published_on, today)),
    ]  # fmt: skip
    if plan.kind == Plan.Kind.SCHOOL_REVIEW:
        told[2] = ("No meeting this term", "")
    now = NOW_AT[State(plan.state)]
    return [
        Stage(words, when or ("now" if n == now else ""), "now" if n == now else "done" if n < now else "")
        for n, (words, when) in enumerate(told)
    ]


def names_around(opened: OpenedPlan, today: date) -> dict[str, str]:
    """By owner of sections, who that is, where known: as the plan says, else as the record does."""
    names = {}
    for owner, key in NAME_FIELDS.items():
        answer = opened.answers.get(key)
        if answer is not None and isinstance(answer.value, str) and answer.value.strip():
            names[owner] = answer.value.strip()
    roles = {str(role): owner for owner, role in ROLE_OF_OWNER.items()}
    rows = (
        Involvement.objects.filter(child=opened.child, starts__lte=today, role__in=roles)
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .order_by("starts")
        .values_list("role", "person__name")
    )
    for role, name in rows:
        names.setdefault(roles[role], name)
    names.setdefault("young_person", opened.child.first_name)
    return names


def is_complete(opened: OpenedPlan, section: Section) -> bool:
    part = opened.parts.get(section.key)
    return part is not None and part.state == PlanSection.State.COMPLETE


def needs_work(opened: OpenedPlan, section: Section) -> bool:
    part = opened.parts.get(section.key)
    if opened.plan.state == State.RETURNED and part is not None and part.is_named_in_return:
        return part.state != PlanSection.State.COMPLETE
    return not is_complete(opened, section)


def is_for_now(opened: OpenedPlan, section: Section) -> bool:
    """Before the meeting, what is filled in there is not asked yet; it may be drafted."""
    before = opened.plan.state in {State.OPEN, State.IN_PROGRESS, State.READY_FOR_MEETING}
    return section.stage == "before_meeting" or not before or opened.plan.kind == Plan.Kind.SCHOOL_REVIEW


def minutes_left(opened: OpenedPlan, section: Section) -> int:
    """Of the section's minutes, the share of its required fields that is still empty; a minute to look it over."""
    if not needs_work(opened, section):
        return 0
    required = [field for field in section.fields if field.required != "never"]
    left = opened.left_in(section)
    if not required:
        return section.minutes if not any(_has(opened, field.key) for field in section.fields) else 1
    return max(1, round(section.minutes * len(left) / len(required)))


def _has(opened: OpenedPlan, key: str) -> bool:
    answer = opened.answered.get(key)
    return answer is not None and not is_empty(answer.value)


def minutes_words(minutes: int) -> str:
    return "about 1 minute" if minutes == 1 else f"about {minutes} minutes"


def labels(names: Sequence[str]) -> str:
    """Three by name, the rest by number."""
    shown = ", ".join(names[:NAMED_AT_MOST])
    more = len(names) - NAMED_AT_MOST
    return f"{shown} and {more} more" if more > 0 else shown


def task_of(opened: OpenedPlan, section: Section, names: dict[str, str], today: date, *, is_mine: bool) -> Task:
    part = opened.parts.get(section.key)
    url = reverse("plans:section", args=[opened.plan.public_id, section.key])
    who = OWNERS[section.owner].lower()
    name = names.get(section.owner, "")
    told = f"{name} ({who})" if name else f"The {who}"
    if name == opened.child.first_name:
        told = name
    if part is not None and part.is_named_in_return and part.state != PlanSection.State.COMPLETE:
        why = f": {part.returned_why}" if part.returned_why else ""
        return Task(section.title, "To mend", url, f"Sent back{why}", "orange")
    if is_complete(opened, section) and part is not None:
        on = date_words(part.completed_at.date(), today) if part.completed_at else ""
        by = "You" if part.completed_by_name == opened.person.user.name else part.completed_by_name or told
        return Task(section.title, "Completed", url, f"{by} finished this on {on}")
    hint = _hint(opened, section)
    if not is_mine:
        hint = f"{told}. {hint}" if hint else told
    started = part is not None and part.state == PlanSection.State.IN_PROGRESS
    if section.stage == "in_meeting" and not started:
        return Task(section.title, "In the meeting", url, hint)
    return Task(section.title, *(("In progress", url, hint, "blue") if started else ("Not started", url, hint, "grey")))


def _hint(opened: OpenedPlan, section: Section) -> str:
    left = opened.left_in(section)
    unconfirmed = [field for field in left if opened.is_unconfirmed(field.key)]
    empty = [field.label.rstrip("?") for field in left if not opened.is_unconfirmed(field.key)]
    told = []
    if empty:
        fields = "field" if len(empty) == 1 else "fields"
        told.append(f"{len(empty)} required {fields} left: {labels(empty)}.")
    if unconfirmed:
        told.append(f"{len(unconfirmed)} from last term to confirm.")
    if not left:
        filled = any(_has(opened, field.key) for field in section.fields)
        told.append("Nothing required is left: look it over." if filled else "Nothing here is required.")
    return " ".join(told)


@dataclass(frozen=True, slots=True)
class Tasks:
    mine: list[Task]
    others: list[Task]
    left: int
    minutes: int
    heading: str
    unfinished: list[Section]
    """Of mine, in their order."""


def tasks(opened: OpenedPlan, today: date) -> Tasks:
    names = names_around(opened, today)
    mine = {section.key for section in opened.mine}
    yours = [section for section in opened.sections if section.key in mine]
    others = [section for section in opened.sections if section.key not in mine]
    unfinished = [section for section in yours if needs_work(opened, section) and is_for_now(opened, section)]
    minutes = sum(minutes_left(opened, section) for section in unfinished)
    heading = f"Yours: {len(unfinished)} left, {minutes_words(minutes)}" if unfinished else "Yours: nothing left now"

    def listed(sections: Iterable[Section], is_mine: bool) -> list[Task]:
        ordered = sorted(sections, key=lambda one: (not needs_work(opened, one), not is_for_now(opened, one)))
        return [task_of(opened, section, names, today, is_mine=is_mine) for section in ordered]

    return Tasks(listed(yours, True), listed(others, False), len(unfinished), minutes, heading, unfinished)


@dataclass(frozen=True, slots=True)
class ContentRow:
    number: str
    words: str
    strength: str
    citation: str
    state: str
    state_words: str
    why: str


def contents(opened: OpenedPlan) -> tuple[list[ContentRow], str]:
    """What law and guidance ask a plan to hold, and in a line how many of them it holds."""
    met = met_contents(opened.template, opened.answered, opened.circumstances)
    rows = [
        ContentRow(
            number=number,
            words=CONTENTS[number].words,
            strength=CONTENTS[number].strength,
            citation=CONTENTS[number].citation,
            state=found.state,
            state_words=IN_CONTENTS[found.state],
            why=found.why,
        )
        for number, found in met.items()
    ]
    asked = [row for row in rows if row.state != "does_not_apply"]
    held = [row for row in asked if row.state in {"met", "reasoned"}]
    return rows, f"{len(held)} of {len(asked)} contents asked by law and guidance are there"


def is_being_written(plan: Plan) -> bool:
    return plan.state not in {*DONE, *OVER, State.SUBMITTED, State.IN_QA, State.DUE}
