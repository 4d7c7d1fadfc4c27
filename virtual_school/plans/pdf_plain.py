"""What stands in the child's own copy: who I am, what I said, my targets, who helps, what happens next."""

from datetime import date
from typing import Any

from virtual_school.dates.ages import age_on

from .document import ChildHead, PlanDocument
from .pdf_words import breaks, in_words, value_words
from .readers import for_reader
from .reading_levels import Reader

_CHILDS = ("young_person", "child")
_ENDED = ("met", "dropped")
_HOW_IT_WAS_SAID = ("voice.how", "voice.who", "voice.reason_none", "voice.try_next")
"""Told by adults to adults."""
_HELPS = {
    "social worker": "is my social worker",
    "designated teacher": "makes sure I get help with learning at school",
    "foster carer": "cares for me",
    "carer": "cares for me",
    "independent reviewing officer": "checks that my plan is right for me",
    "reviewing officer": "checks that my plan is right for me",
    "education adviser": "helps my school to help me",
    "personal adviser": "helps me plan what comes next",
}


def content(document: PlanDocument, day: date) -> dict[str, Any]:
    mine = for_reader(document, Reader.YOUNG_PERSON)
    plan, child = mine.plan, mine.child
    name = child.preferred_name or child.name
    term = plan.term_words or plan.term
    return {
        "title": f"{name}: my plan for school, {term}",
        "running": f"{name} · My plan for school",
        "council": plan.authority_name or "Virtual school",
        "heading": "My plan for school",
        "sub": f"{name} · {term[:1].upper()}{term[1:]}",
        "me": _me(child, name, day),
        "said": _said(mine),
        "targets": [
            {
                "outcome": each.outcome,
                "childs_words": each.childs_words,
                "breaks": breaks((each.outcome, each.childs_words, each.how, each.who), 45, 14),
                "lines": [
                    [label, words]
                    for label, words in (
                        ("What we will do", each.how),
                        ("Who helps", each.who),
                        ("By", in_words(each.due_on)),
                    )
                    if words
                ],
            }
            for each in sorted(mine.targets, key=lambda each: each.number)
            if each.status not in _ENDED
        ],
        "helpers": [f"{each.name} {_helps(each.role)}." for each in mine.people if each.role.casefold() not in _CHILDS],
        "next": _next(mine),
    }


def _me(child: ChildHead, name: str, day: date) -> list[str]:
    said = [f"My name is {name}."]
    if child.born and child.born <= day:
        said.append(f"I am {age_on(child.born, day)}.")
    if child.year_group is not None and child.year_group >= 0:
        said.append(f"I am in {'Reception' if child.year_group == 0 else f'Year {child.year_group}'}.")
    if child.school:
        said.append(f"My school is {child.school}.")
    return said


def _said(document: PlanDocument) -> list[dict[str, str]]:
    fields = [
        field
        for section in document.sections
        for field in section.fields
        if (section.owner in _CHILDS or field.kind == "voice")
        and field.kind != "observation"
        and not field.key.startswith(_HOW_IT_WAS_SAID)
    ]
    answers = [(field.label, field.words.strip() or value_words(field.value, field.kind)) for field in fields]
    return [{"label": label, "words": words} for label, words in answers if words]


def _helps(role: str) -> str:
    return _HELPS.get(role.replace("_", " ").casefold(), f"is there too ({role})" if role else "is there too")


def _next(document: PlanDocument) -> list[str]:
    found = []
    for action in document.actions:
        if action.done_on:
            continue
        by = f" By {in_words(action.due_on)}." if action.due_on else ""
        found.append(f"{f'{action.who}: ' if action.who else ''}{action.what.rstrip('.')}.{by}")
    if document.meeting and document.meeting.next_on:
        found.append(f"We meet again on {in_words(document.meeting.next_on)}.")
    return found
