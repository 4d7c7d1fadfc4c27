"""What a plan held when it was sent in, in few words: kept with it, so that rules need not read every answer."""

from typing import Any

from .advice import TargetDraft, advise_target
from .around import ROLE_OF_WORDS
from .childs_voice import said_as_fact
from .models import Meeting, Plan, Target
from .opened import OpenedPlan
from .template import is_empty, met_contents
from .workflow import NEVER_WAS

CHILD = ("young_person", "child", "child or young person", "pupil")


def keep_summary(opened: OpenedPlan) -> None:
    """Within the plan's own row; nothing is written when nothing has changed."""
    plan = opened.plan
    summary = summary_of(opened)
    if plan.clocks.get("summary") == summary:
        return
    plan.clocks = {**plan.clocks, "summary": summary}
    Plan.objects.filter(pk=plan.pk).update(clocks=plan.clocks)


def summary_of(opened: OpenedPlan) -> dict[str, Any]:
    plan = opened.plan
    met = met_contents(opened.template, opened.answered, opened.circumstances)
    targets = list(Target.objects.filter(first_plan=plan))
    return {
        "missing": [number for number, found in met.items() if found.state == "missing"],
        "reasoned": [number for number, found in met.items() if found.state == "reasoned"],
        "wrote": sorted({s.owner for s in opened.sections if _is_written(opened, s.fields)}),
        "came": _came(plan),
        "child": _child(opened, plan),
        "targets": len(targets),
        "specific": sum(_is_specific(target) for target in targets),
        "to_judge": Target.objects.filter(child=plan.child_id, state="open")
        .exclude(first_plan=plan)
        .exclude(reviews__plan=plan)
        .exclude(first_plan__state__in=NEVER_WAS)
        .count(),
        "head": _any(opened, "people.head"),
        "english": _any(opened, "unaccompanied.english") or _any(opened, "unaccompanied.english_help"),
        "schooling": _any(opened, "unaccompanied.schooling") or _any(opened, "history.places"),
        "release": _any(opened, "custody.release"),
        "pathway": _any(opened, "next_step.pathway"),
    }


def _is_written(opened: OpenedPlan, fields: Any) -> bool:
    """Somebody wrote here: what the service filled in or carried over is nobody's contribution."""
    return any(
        (answer := opened.answers.get(field.key)) is not None
        and answer.by_id is not None
        and not is_empty(answer.value)
        for field in fields
    )


def _any(opened: OpenedPlan, *starts: str) -> bool:
    return any(
        key.startswith(start) and not is_empty(answer.value)
        for key, answer in opened.answers.items()
        for start in starts
    )


def _came(plan: Plan) -> list[str]:
    """The roles of those present at the meeting."""
    meeting = Meeting.objects.filter(plan=plan, state=Meeting.State.HELD).order_by("-on").first()
    if meeting is None:
        return []
    roles = {role_of(words) for words in meeting.attendees.filter(came="present").values_list("role", flat=True)}
    if meeting.is_child_present:
        roles.add("young_person")
    return sorted(role for role in roles if role)


def role_of(words: str) -> str:
    plain = " ".join(words.replace("_", " ").casefold().split())
    return ROLE_OF_WORDS.get(plain, plain.replace(" ", "_"))


def _child(opened: OpenedPlan, plan: Plan) -> str:
    """said: the child's own view is there. reason: why there is none. Empty: neither."""
    own = [f.key for s in opened.sections if s.owner == "young_person" for f in s.fields]
    said = [key for key in own if not key.startswith(("voice.reason_none", "voice.try_next", "voice.who", "voice.how"))]
    if any((answer := opened.answers.get(key)) and not is_empty(answer.value) for key in said):
        return "said"
    if any(plan.first_targets.exclude(childs_words="").values_list("id", flat=True)[:1]):
        return "said"
    if own_pages := said_as_fact(opened):
        return own_pages
    return "reason" if _any(opened, "voice.reason_none") else ""


def _is_specific(target: Target) -> bool:
    """It says who acts, by when, and how one will know; the advice on it asks for nothing of these."""
    if not (target.outcome.strip() and target.who.strip() and target.due_on):
        return False
    if not (target.measure.strip() or target.success.strip()):
        return False
    draft = TargetDraft(
        number=target.number, category=target.category, outcome=target.outcome, need=target.need,
        childs_words=target.childs_words, why=target.why, how=target.how, who=target.who, due_on=target.due_on,
        baseline=target.baseline, measure=target.measure, success=target.success,
    )  # fmt: skip
    return not any(one.says for one in advise_target(draft) if one.field_key == "targets.measure")
