"""What the service filled in follows the records while a plan is being written: a name, a home, the people around.

Words that somebody wrote, or confirmed by writing, never change by themselves; a fact that is no longer known stays.
"""

from collections.abc import Sequence
from datetime import date

from virtual_school.authorities.models import Authority

from .gather import child_facts
from .known import Known, known
from .models import Answer, Plan
from .opened import circumstances_in
from .opening import fits
from .part_clocks import BEFORE_MEETING
from .sources import SOURCES
from .template import Template, visible_sections
from .template_versions import templates_of


def follow_facts(authority: Authority, plans: Sequence[Plan], on: date) -> int:
    """Of plans whose meeting is still to come. How many answers were filled in or filled in anew."""
    waiting = [plan for plan in plans if plan.state in BEFORE_MEETING]
    if not waiting:
        return 0
    facts = child_facts(authority, on, [plan.child_id for plan in waiting])
    already = known(authority, facts, on)
    templates = templates_of(waiting)
    held: dict[int, dict[str, Answer]] = {}
    for answer in Answer.objects.filter(plan__in=[plan.pk for plan in waiting]):
        held.setdefault(answer.plan_id, {})[answer.field_key] = answer
    changed: list[Answer] = []
    new: list[Answer] = []
    for plan in waiting:
        fact = facts.get(plan.child_id)
        if fact is not None:
            _follow(plan, templates[plan.template_id], already[plan.child_id], held.get(plan.pk, {}), changed, new)
    Answer.objects.bulk_update(changed, ["value", "revision", "at"], batch_size=500)
    Answer.objects.bulk_create(new, batch_size=500)
    return len(changed) + len(new)


def _follow(
    plan: Plan, template: Template, facts: Known, held: dict[str, Answer], changed: list[Answer], new: list[Answer]
) -> None:
    for section in visible_sections(template, circumstances_in(plan, None), {}):
        for asked in section.fields:
            value = facts.get(asked.source) if asked.source else None
            if value is None or not fits(asked, value):
                continue
            answer = held.get(asked.key)
            if answer is None:
                new.append(
                    Answer(
                        authority_id=plan.authority_id, child_id=plan.child_id, plan=plan, section_key=section.key,
                        field_key=asked.key, value=value, source=Answer.Source.SERVICE,
                        source_words=SOURCES[asked.source],
                    )
                )  # fmt: skip
            elif _is_ours(answer, asked.source) and answer.value != value:
                answer.value = value
                answer.revision += 1
                changed.append(answer)


def _is_ours(answer: Answer, source: str) -> bool:
    return answer.source == Answer.Source.SERVICE and answer.source_words == SOURCES[source]
