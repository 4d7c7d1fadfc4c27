"""What stands in the fields of one child's plan: from the banks of words, by phase, drawn anew for each child."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from virtual_school.plans.conditions import Answered, Circumstances, is_shown
from virtual_school.plans.template import Field, Section, Template, is_empty

from . import plan_words as words

NOW_AND_THEN = 0.3
"""So often a field that nobody must fill is filled."""

SAME_AGAIN = 0.14
"""So often last term's words are put down again, unchanged."""

CHOSEN: dict[str, tuple[tuple[Any, int], ...]] = {
    "education.full_time": ((True, 94), (False, 6)),
    "sen.status": (("none", 58), ("support", 26), ("ehc_plan", 12), ("looking", 4)),
    "attendance.concern": ((False, 82), (True, 18)),
    "attendance.suspended": ((False, 93), (True, 7)),
    "attendance_after_16.concern": ((False, 75), (True, 25)),
    "voice.how": (("alone", 40), ("helped", 42), ("own_device", 12), ("none", 6)),
    "voice.reason_none": (("refused", 3), ("absent", 1)),
    "parents.asked": (("yes", 45), ("no_reply", 25), ("not_right", 25), ("not_found", 5)),
    "changes.move": ((False, 1),),
    "meeting.child_there": (("all", 45), ("part", 33), ("no", 22)),
    "status.now": (("college", 55), ("sixth_form", 15), ("apprenticeship", 9), ("looking", 13), ("study_programme", 8)),
    "setting.kind": (("nursery", 50), ("school_nursery", 30), ("reception", 20)),
    "careers.route": (("college", 50), ("sixth_form", 20), ("apprenticeship", 20), ("not_decided", 10)),
    "course.stay": (("likely", 80), ("doubt", 20)),
    "careers.offer": ((True, 70), (False, 30)),
}  # fmt: skip
TEXTS = {
    "attainment_secondary.scale": "GCSE grades 9 to 1",
    "setting.hours_used": "30 hours a week in term",
    "setting.key_person": "{adult}",
    "pupil_premium.eligible": "Yes: looked after",
    "seeking.adviser": "The personal adviser, weekly",
    "next_step.pathway": "Reviewed with this plan; the aims are the same",
    "unaccompanied.interpreter": "Booked by the social worker, by telephone",
    "custody.establishment": "As in the care record",
    "custody.dates": "To be confirmed by the court",
    "custody.education_lead": "{adult}",
    "people.carer": "The home's manager and key worker",
    "education.school": "Named in the school's letter",
    "course.provider": "The college",
    "setting.name": "The nursery",
    "employment.employer": "A local firm",
}


@dataclass
class Voice:
    """One child as far as words about them go; the same for every term, so that the plans tell of one child."""

    rng: Random
    name: str
    sex: str
    phase: str
    subject: str = field(init=False)
    hobby: str = field(init=False)
    adult: str = field(init=False)

    def __post_init__(self) -> None:
        self.subject = self.rng.choice(words.SUBJECTS[self.group])
        self.hobby = self.rng.choice(words.HOBBIES[self.group])
        self.adult = self.rng.choice(words.ADULTS)

    @property
    def group(self) -> str:
        return self.phase if self.phase in words.BY_PHASE else "secondary"

    def said(self, text: str) -> str:
        p, o = {"M": ("his", "him"), "F": ("her", "her")}.get(self.sex, ("their", "them"))
        told = text.format(
            n=self.name, p=p, o=o, subject=self.subject, hobby=self.hobby, adult=self.adult,
            book=self.rng.choice(words.BOOKS),
        )  # fmt: skip
        return told[:1].upper() + told[1:] if text.startswith("{") else told

    def one_of(self, texts: tuple[str, ...]) -> str:
        return self.said(self.rng.choice(texts))

    def texts(self, key: str) -> tuple[str, ...]:
        own = words.BY_PHASE.get(self.phase, words.SECONDARY)
        if key.endswith(".expected"):
            key = "attainment.expected"
        return own.get(key) or words.ANY_AGE.get(key, ())


def shown(template: Template, circumstances: Circumstances, answers: dict[str, Answered]) -> Iterator[Section]:
    """Looked at one by one: what is written in one section may ask for a later one."""
    for section in template.sections:
        if section.is_on and is_shown(section.shown_when, circumstances, answers):
            yield section


def written(
    voice: Voice, section: Section, circumstances: Circumstances, answers: dict[str, Answered],
    before: dict[str, Any], day: date, *, is_half: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """New values by field key; `answers` grows by them, so that fields hung on them are asked."""
    found: dict[str, Any] = {}
    for asked in section.fields:
        if not asked.is_on or not is_shown(asked.shown_when, circumstances, answers):
            continue
        held = answers.get(asked.key)
        if asked.kind in {"targets", "actions", "file", "voice"} or (held and not is_empty(held.value)):
            continue
        if asked.required == "never" and (not voice.texts(asked.key) or voice.rng.random() > NOW_AND_THEN):
            continue
        if is_half and found and voice.rng.random() < 0.6:
            continue
        again = before.get(asked.key)
        if isinstance(again, str) and voice.rng.random() < SAME_AGAIN:
            value: Any = again
        else:
            value = _value(voice, asked, circumstances, day)
        if value is None or (asked.limit and isinstance(value, str) and len(value) > asked.limit):
            continue
        found[asked.key] = value
        answers[asked.key] = Answered(value)
    return found


def _value(voice: Voice, asked: Field, circumstances: Circumstances, day: date) -> Any:
    rng, key = voice.rng, asked.key
    if CHOSEN.get(key):
        values, weights = zip(*CHOSEN[key], strict=True)
        known = {choice.value for choice in asked.choices}
        value = rng.choices(values, weights)[0]
        return value if not known or value in known else asked.choices[0].value
    if asked.kind == "attendance":
        return _attendance(rng)
    if asked.kind == "table":
        return _table(voice, asked, day)
    if asked.kind in {"choice", "scale"}:
        if key == "transition.kind":
            year = circumstances.year_group or 0
            return {-1: "reception", 6: "secondary", 9: "options", 11: "after_16"}.get(year, "next_course")
        return rng.choice(asked.choices).value if asked.choices else None
    if asked.kind == "yes_no":
        return rng.random() < 0.5
    if asked.kind == "percent":
        return rng.randrange(74, 101)
    if asked.kind == "number":
        return rng.randrange(5, 25)
    if asked.kind == "date":
        return (day + timedelta(days=14)).isoformat()
    if key == "education.year_group":
        return str(circumstances.year_group or "")
    if texts := voice.texts(key):
        return voice.one_of(texts)
    return voice.said(TEXTS.get(key, "As agreed at the last meeting; {adult} keeps an eye on it."))


def _attendance(rng: Random) -> list[dict[str, Any]]:
    possible = rng.randrange(96, 140)
    absent = min(possible, int(rng.expovariate(1 / 7)))
    excused = rng.randrange(0, absent + 1)
    return [
        {"term": "This term so far", "possible": possible, "present": possible - absent, "authorised": excused,
         "unauthorised": absent - excused}
    ]  # fmt: skip


SUBJECTS = ("English", "Mathematics", "Science", "History", "Geography", "Art")


def _table(voice: Voice, asked: Field, day: date) -> list[dict[str, Any]] | None:
    rng = voice.rng
    columns = {column.key: column for column in asked.columns}
    if "subject" in columns:
        choices = [c.value for c in columns["subject"].choices if c.value != "other"] or list(SUBJECTS)
        rows = []
        for subject in choices[:4] if columns["subject"].choices else [*choices[:2], *rng.sample(choices[2:], 2)]:
            row: dict[str, Any] = {"subject": subject}
            grade = rng.randrange(2, 7)
            if "now" in columns:
                known = [c.value for c in columns["now"].choices]
                row["now"] = rng.choice(known[1:]) if known else str(grade)
                row["target"] = "expected" if known else str(grade + rng.randrange(0, 2))
            if "track" in columns:
                row["track"] = rng.choice(("below", "on", "on", "above"))
            if "kind" in columns:
                row["kind"] = "gcse"
            rows.append(row)
        return rows
    if "area" in columns:
        return [
            {"area": choice.value, "on_track": rng.choice(("yes", "yes", "nearly", "no"))}
            for choice in columns["area"].choices
        ]
    if "title" in columns:
        return [{"title": f"{voice.subject.capitalize()}, level {rng.choice((1, 2, 2, 3))}", "hours": 16}]
    if "language" in columns:
        return [{"language": "English", "speaks": "some", "reads": "some", "writes": "no"}]
    if "skill" in columns:
        return [{"skill": "speaking", "entry": "A1", "now": "A2"}, {"skill": "reading", "entry": "A1", "now": "A1"}]
    if asked.key == "no_school.now":
        return [{"what": "Tuition", "who": voice.adult, "hours": 12, "checked_on": day.isoformat()}]
    if asked.key == "no_school.asked":
        return [{"asked_on": day.isoformat(), "answer": "Waiting", "next": "The adviser rings on Friday"}]
    first = next(iter(columns.values()), None)
    if first is None:
        return None
    return [{first.key: first.choices[0].value if first.choices else voice.said("Asked by {adult}")}]
