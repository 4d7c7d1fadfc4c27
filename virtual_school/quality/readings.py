"""What a rater reads of a plan under one criterion: each answer of now beside that of last term, and what was shared
in the child's and others' own pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from virtual_school.design.dates import in_full
from virtual_school.plans.answer_words import words_of
from virtual_school.plans.models import CostLine, Plan, Target, TargetReview
from virtual_school.plans.opened import OpenedPlan
from virtual_school.plans.section_page import last_answers
from virtual_school.plans.sight import sees_field
from virtual_school.plans.template import Section
from virtual_school.voice.models import Entry
from virtual_school.voice.queries import Spoken, entries_of, spoken_of


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    now: str
    then: str

    @property
    def is_same(self) -> bool:
        return bool(self.now) and self.now == self.then


@dataclass(frozen=True, slots=True)
class Reading:
    title: str
    key: str
    lines: list[Line]
    written_by: str


def readings(opened: OpenedPlan) -> dict[str, Reading]:
    """By section of the plan."""
    before = opened.plan.previous
    last = last_answers(opened)
    now_rows, then_rows = rows_of(opened.plan), rows_of(before) if before is not None else {}
    found = {}
    for section in opened.sections:
        lines = []
        for asked in section.fields:
            if not sees_field(opened, section, asked):
                continue
            answer, was = opened.answers.get(asked.key), last.get(asked.key)
            if asked.kind in now_rows or asked.kind in then_rows:
                now, then = now_rows.get(asked.kind, ""), then_rows.get(asked.kind, "")
            else:
                now = words_of(asked, answer.value) if answer else ""
                then = words_of(asked, was.value) if was else ""
                if not now and answer and answer.reason_if_blank:
                    now = f"Left blank: {answer.reason_if_blank}"
            if now or then:
                lines.append(Line(asked.label, now, then))
        lines += _judged(opened, section)
        found[section.key] = Reading(section.title, section.key, lines, _by(opened, section))
    return {**found, **own_pages(opened)}


SPEAKER = {"child": "voice", "carer": "carer", "parent": "parents"}
"""By who spoke, the section of a plan their words stand beside."""


def own_pages(opened: OpenedPlan) -> dict[str, Reading]:
    """What the child, carers and parents shared in pages of their own, this term and last: what this rater may read
    of it, which is what each of them chose. Keyed by the section it stands beside, and the entry."""
    plan, before = opened.plan, opened.plan.previous
    last = {_speaker(one): one for one in entries_of(opened.child, before.term)} if before is not None else {}
    found = {}
    for entry in entries_of(opened.child, plan.term):
        then = last.get(_speaker(entry))
        was = {one.question: _said(one) for one in spoken_of(then, opened.roles)} if then is not None else {}
        lines = [Line(one.question, _said(one), was.get(one.question, "")) for one in spoken_of(entry, opened.roles)]
        lines = [line for line in lines if line.now or line.then]
        if lines:
            name = opened.child.first_name if entry.speaker == "child" else entry.speaker_name
            who = name or f"A {entry.get_speaker_display().lower()}"
            key = f"{SPEAKER[entry.speaker]}:{entry.pk}"
            found[key] = Reading("Shared in their own pages", key, lines, _how(entry, who))
    return found


def _speaker(entry: Entry) -> tuple[str, str]:
    return entry.speaker, entry.speaker_name


def _said(one: Spoken) -> str:
    """The words as they were said; beside them what they are in English. What was drawn or spoken is only named."""
    words = one.words or (f"({one.answer.media.get_kind_display()})" if one.answer.media else "")
    return f"{words} (in English: {one.english})" if one.english and one.english != words else words


def _how(entry: Entry, who: str) -> str:
    helped = f", {entry.get_mode_display().lower()}" if entry.mode != Entry.Mode.ALONE else ""
    return f"{who}{helped}{f': {entry.helper_name}' if helped and entry.helper_name else ''}"


def _by(opened: OpenedPlan, section: Section) -> str:
    names = {a.by_name for a in opened.answers.values() if a.section_key == section.key and a.by_name}
    return ", ".join(sorted(names))


def rows_of(plan: Plan) -> dict[str, str]:
    """Targets with their money, and actions, one a line."""
    costs: dict[int, list[str]] = {}
    for target, what, pence in CostLine.objects.filter(plan=plan).values_list("target", "what", "amount_pence"):
        costs.setdefault(target, []).append(f"{what}, £{pence / 100:,.2f}")
    return {
        "targets": "\n".join(_target(one, costs.get(one.pk, [])) for one in plan.first_targets.all()),
        "actions": "\n".join(
            f"{one.what}{f' · {one.owner_name}' if one.owner_name else ''}"
            f"{f' · by {in_full(one.due_on)}' if one.due_on else ''}"
            for one in plan.actions.all()
        ),
    }


def _target(one: Target, costs: Iterable[str]) -> str:
    told = [
        one.outcome,
        one.how,
        one.who,
        f"from: {one.baseline}" if one.baseline else "",
        f"measured by: {one.measure}" if one.measure else "",
        f"by {in_full(one.due_on)}" if one.due_on else "no day",
        *[f"money: {cost}" for cost in costs],
    ]
    return f"{one.number}. {' · '.join(part for part in told if part)}"


def _judged(opened: OpenedPlan, section: Section) -> list[Line]:
    if section.key != "last_targets":
        return []
    rows = TargetReview.objects.filter(plan=opened.plan).select_related("target")
    return [
        Line(one.target.outcome, f"{one.get_judged_display()}{f': {one.evidence}' if one.evidence else ''}", "")
        for one in rows
    ]
