"""A plan as the open document: made from the tables, or as it was published or received."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from operator import is_
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.access.person import Person
from virtual_school.authorities.models import Appointment
from virtual_school.care.models import Episode, Placement
from virtual_school.children.models import Child, Involvement
from virtual_school.dates.terms import term_words
from virtual_school.design.dates import in_full

from .addresses import LEFT_OUT, held_pattern, without_addresses
from .answer_words import columns_of, words_of
from .childs_voice import said_in_meeting, watched
from .document import (
    ActionPart,
    AttendeePart,
    ChildHead,
    ColumnPart,
    CostPart,
    DocumentPart,
    FieldPart,
    MeetingPart,
    Part,
    PersonLine,
    PlanDocument,
    PlanHead,
    SectionPart,
    SignaturePart,
    TargetPart,
)
from .document_format import from_json, to_json
from .models import Answer, CostLine, Meeting, Plan, PlanCopy, PlanTemplate, Signature
from .opened import WRITTEN, OpenedPlan, policy_for
from .readers import for_reader
from .reading_levels import Reader
from .template import OWNERS, Field, Section
from .template_versions import template_of
from .workflow import STEP_WORDS, Step

SEES_ADDRESSES = frozenset({Reader.VIRTUAL_SCHOOL})
AROUND = (
    Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER, Role.ADVISER, Role.REVIEWING_OFFICER, Role.CARER,
    Role.PERSONAL_ADVISER,
)  # fmt: skip
REACHED_AT_WORK = frozenset(
    {Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER, Role.ADVISER, Role.REVIEWING_OFFICER, Role.PERSONAL_ADVISER}
)
MODES = {"both": "mixed"}


def document_of(
    opened: OpenedPlan, reader: Reader | str | None = None, *, is_blind: bool = False
) -> PlanDocument:  # fmt: skip
    """The plan as it stands, or as it was received; for a reader, the copy meant for them. No address is in it."""
    received = received_document(opened.plan)
    if reader is not None:
        return copy_for(received or _from_tables(opened), opened.child, reader, is_blind=is_blind)
    return received or _without_held(_from_tables(opened), opened.child)


def copy_for(
    document: PlanDocument, child: Child, reader: Reader | str, *, is_blind: bool = False
) -> PlanDocument:  # fmt: skip
    """An address may stand in somebody's words: what is held is left out of every copy; for those who may not see
    where a child lives, whatever looks like one. They see no record of it either, so the look is all there is.
    `is_blind`: for somebody who is to judge a plan again, without how it was judged."""
    copy = _without_held(for_reader(document, reader, withheld=("quality",) if is_blind else None), child)
    if is_blind:
        back = STEP_WORDS[Step.RETURN].capitalize()
        copy = replace(copy, history=tuple(line for line in copy.history if not line.startswith(f"{back} on ")))
    return copy if Reader(reader) in SEES_ADDRESSES else _rewritten(copy, without_addresses)


def received_document(plan: Plan) -> PlanDocument | None:
    """Of a plan that was taken in from elsewhere: the document as it came."""
    if not plan.clocks.get("received"):
        return None
    return copied_document(plan, plan.version)


def copied_document(plan: Plan, version: int) -> PlanDocument | None:
    """A version as it was published."""
    copy = PlanCopy.objects.filter(plan=plan, version=version, form="json").first()
    return from_json(json.loads(stored(copy))) if copy is not None else None


def stored(copy: PlanCopy) -> bytes:
    return Path(settings.MEDIA_ROOT, copy.stored_as).read_bytes()


def as_json(document: PlanDocument) -> str:
    return json.dumps(to_json(document), ensure_ascii=False, indent=1)


def whole_json(opened: OpenedPlan) -> bytes:
    """Everything. What was received goes out letter for letter as it came."""
    if opened.plan.clocks.get("received"):
        copy = PlanCopy.objects.filter(plan=opened.plan, version=opened.plan.version, form="json").first()
        if copy is not None:
            return stored(copy)
    return as_json(document_of(opened)).encode()


def as_service(plan: Plan) -> OpenedPlan:
    """The plan as the service itself has it open: for commands and tasks, with no role in it."""
    forms = PlanTemplate.objects.defer("content", "edits")
    children = Child.objects.select_related("authority")
    prefetch_related_objects([plan], Prefetch("template", forms), Prefetch("child", children), *WRITTEN)
    return OpenedPlan(
        plan=plan,
        child=plan.child,
        person=Person(User(name="this service")),
        roles=(),
        template=template_of(plan),
        policy=policy_for(plan.authority_id, timezone.localdate()),
        answers={answer.field_key: answer for answer in plan.answers.all()},
        parts={part.key: part for part in plan.plansections.all()},
        delegated=None,
    )


def _from_tables(opened: OpenedPlan) -> PlanDocument:
    plan, child = opened.plan, opened.child
    return PlanDocument(
        plan=_head(opened),
        child=ChildHead(
            local_id=child.local_id,
            name=f"{child.forename} {child.surname}".strip() or child.name,
            preferred_name=child.preferred_name,
            born=child.born,
            upn=child.upn,
            year_group=opened.circumstances.year_group,
            school=plan.school.name if plan.school else "",
            urn=plan.school_id,
        ),
        people=tuple(_people(opened)),
        sections=tuple(_section(opened, section) for section in opened.sections),
        targets=tuple(_targets(plan)),
        meeting=_meeting(plan),
        actions=tuple(
            ActionPart(
                what=action.what,
                who=action.owner.name if action.owner else action.owner_name,
                due_on=action.due_on,
                done_on=action.done_on,
                outcome=action.outcome,
            )
            for action in plan.actions.all()
        ),
        signatures=tuple(
            SignaturePart(
                role=signature.role,
                name=f"{signature.name}: {signature.get_says_display().lower()}" if signature.says else signature.name,
                on=timezone.localdate(signature.at),
                hash=signature.content_hash,
            )
            for signature in Signature.objects.filter(plan=plan, withdrawn_at__isnull=True).order_by("at")
        ),
        documents=tuple(
            DocumentPart(kind=one.kind, name=one.name, on=timezone.localdate(one.at))
            for one in plan.documents.order_by("at")
        ),
        history=tuple(_history(plan)),
    )


def _head(opened: OpenedPlan) -> PlanHead:
    plan = opened.plan
    on = plan.approved_on or timezone.localdate()
    head = (
        Appointment.objects.filter(
            authority=plan.authority_id, kind=Appointment.Kind.VIRTUAL_SCHOOL_HEAD, starts__lte=on
        )
        .filter(Q(ends__isnull=True) | Q(ends__gt=on))
        .first()
    )
    return PlanHead(
        id=str(plan.public_id),
        term=plan.term,
        term_words=term_words(plan.term),
        phase=plan.phase,
        kind=plan.kind,
        state=plan.state,
        version=plan.version,
        template_name=plan.template.name,
        template_version=str(plan.template.version),
        due_on=plan.due_on,
        meeting_on=plan.meeting_on,
        submitted_on=plan.submitted_on,
        approved_on=plan.approved_on,
        published_on=plan.published_on,
        rating=plan.rating,
        authority_name=str(opened.child.authority),
        authority_code=plan.authority_id,
        head_name=head.name if head else "",
        head_contact=", ".join(filter(None, (head.email, head.telephone))) if head else "",
    )


def _people(opened: OpenedPlan) -> Iterable[PersonLine]:
    """Those around the child today, with how to reach them at work. Nobody's home is named."""
    today = timezone.localdate()
    rows = (
        Involvement.objects.filter(child=opened.child, starts__lte=today, role__in=AROUND)
        .filter(Q(ends__isnull=True) | Q(ends__gt=today))
        .select_related("person")
        .order_by("role", "starts")
    )
    school = opened.plan.school.name if opened.plan.school else ""
    for row in rows:
        at_school = row.role == Role.DESIGNATED_TEACHER
        yield PersonLine(
            name=row.person.name,
            role=row.get_role_display(),
            organisation=school if at_school else "" if row.role == Role.CARER else str(opened.child.authority),
            contact=row.person.email if row.role in REACHED_AT_WORK else "",
        )


def _section(opened: OpenedPlan, section: Section) -> SectionPart:
    return SectionPart(
        key=section.key,
        title=section.title,
        owner=section.owner,
        owner_words=OWNERS[section.owner],
        note=section.note_for_child,
        fields=tuple(part for asked in section.fields for part in _parts(opened, asked)),
    )


def _parts(opened: OpenedPlan, asked: Field) -> tuple[FieldPart, ...]:
    if asked.kind != "voice":
        return (_field(asked, opened.answers.get(asked.key)),)
    seen = _what_adults_saw(opened, asked)
    return (_childs_pages(opened, asked), seen) if seen else (_childs_pages(opened, asked),)


def _field(asked: Field, answer: Answer | None) -> FieldPart:
    columns = tuple(ColumnPart(key=one.key, label=one.label, kind=one.kind) for one in columns_of(asked))
    return FieldPart(
        key=asked.key,
        label=asked.label,
        kind=asked.kind,
        value=answer.value if answer else None,
        words=words_of(asked, answer.value) if answer else "",
        source=_source(answer),
        statutory=tuple(asked.statutory),
        reason_if_blank=answer.reason_if_blank if answer else "",
        columns=columns if asked.kind in {"table", "attendance"} else (),
    )


def _childs_pages(opened: OpenedPlan, asked: Field) -> FieldPart:
    """The child's words first, then carers' and parents': only what everybody in the meeting may read."""
    told = [
        {"question": one.question, "words": one.words, "said_by": said.entry.speaker_name}
        for said in said_in_meeting(opened)
        for one in said.spoken
        if one.words
    ]
    lines = [f"{one['said_by'] + ': ' if one['said_by'] else ''}{one['question']}\n{one['words']}" for one in told]
    return FieldPart(
        key=asked.key, label=asked.label, kind=asked.kind, value=told or None, words="\n\n".join(lines),
        statutory=tuple(asked.statutory),
    )  # fmt: skip


def _what_adults_saw(opened: OpenedPlan, asked: Field) -> FieldPart | None:
    """Of a child who cannot be asked; under a key of its own, so that nobody takes it for the child's words."""
    held = watched(opened)
    if not held.sheets:
        return None
    told = [
        {"on": sheet.on.isoformat(), "by": sheet.by_name, "role": sheet.by_role, "seen": dict(lines)}
        for sheet, lines in held.lines
    ]
    words = [
        f"{sheet.by_name}{f', {sheet.by_role.lower()}' if sheet.by_role else ''}, {in_full(sheet.on)}\n"
        + "\n".join(f"{label}: {said}" for label, said in lines)
        for sheet, lines in held.lines
    ]
    counts = (
        f"Two people, on two occasions: counts as views gathered since {in_full(held.counts_on)}."
        if held.counts_on else "One person or one occasion: does not count as views gathered yet."
    )  # fmt: skip
    return FieldPart(
        key=f"{asked.key}_observed", label="What adults saw: their reading, not the child’s words", kind="observation",
        value=told, words="\n\n".join([counts, *words]), level="watched",
    )  # fmt: skip


def _source(answer: Answer | None) -> str:
    if answer is None or answer.source == Answer.Source.TYPED or not answer.source_words:
        return ""
    kept = "Carried over from" if answer.source == Answer.Source.CARRIED else "From"
    unsure = "" if answer.is_confirmed else ", not confirmed since"
    return f"{kept} {answer.source_words}{unsure}"


def _targets(plan: Plan) -> Iterable[TargetPart]:
    """Last time's, as this plan judged them, and those first written here."""
    for review in sorted(plan.targetreviews.all(), key=lambda one: one.target.number):
        yield replace(
            _target(review.target, ()), status=review.judged, evidence=review.evidence, impact=review.impact,
            extra={"first_written": term_words(review.target.first_plan.term)},
        )  # fmt: skip
    costs: dict[int, list[CostPart]] = {}
    for line in CostLine.objects.filter(plan=plan).order_by("id"):
        costs.setdefault(line.target_id, []).append(_cost(line))
    for target in plan.first_targets.all():
        yield _target(target, tuple(costs.get(target.pk, ())))


def _target(target: Any, costs: tuple[CostPart, ...]) -> TargetPart:
    return TargetPart(
        number=target.number, category=target.category, outcome=target.outcome, why=target.why, how=target.how,
        who=target.who, due_on=target.due_on, baseline=target.baseline, measure=target.measure,
        success=target.success, evidence=target.evidence, cost_lines=costs, need=target.need,
        childs_words=target.childs_words, status=target.state,
    )  # fmt: skip


def _cost(line: CostLine) -> CostPart:
    per = f"{line.sessions} sessions" if line.sessions else ""
    return CostPart(
        fund=line.fund, category=line.category, what=line.what, amount_pence=line.amount_pence, per=per,
        provider=line.provider, starts=line.starts, ends=line.ends, intended_impact=line.intended_impact,
    )  # fmt: skip


def _meeting(plan: Plan) -> MeetingPart | None:
    meetings = Meeting.objects.filter(plan=plan).exclude(state=Meeting.State.CANCELLED)
    meeting = meetings.order_by("state", "-on").first()  # held before planned
    if meeting is None:
        return None
    return MeetingPart(
        on=meeting.on,
        at=meeting.at,
        place=meeting.place,
        mode=MODES.get(meeting.mode, meeting.mode),
        chair=meeting.chair_name,
        note_taker=meeting.note_taker_name,
        attendees=tuple(
            AttendeePart(
                name=one.name,
                role=_role_words(one.role),
                organisation=one.organisation,
                invited=one.is_invited,
                attended=one.came == "present" if one.came else None,
                apology="Sent" if one.came == "apologies" else "",
                contribution=one.contribution,
            )
            for one in meeting.attendees.all()
        ),
        notes=meeting.notes,
        decisions=tuple(
            f"{one.what} (Not agreed by all: {one.dissent})" if one.dissent else one.what
            for one in meeting.decisions.all()
        ),
        dissent=meeting.dissent,
        next_on=meeting.next_on,
    )


def _role_words(role: str) -> str:
    return Role(role).label if role in set(Role) else role


def _history(plan: Plan) -> Iterable[str]:
    """What happened to the plan, oldest first."""
    told: list[tuple[date, str]] = []
    if plan.opened_on:
        why = f": {plan.opened_why}" if plan.opened_why else ""
        told.append((plan.opened_on, f"Opened on {in_full(plan.opened_on)}{why}."))
    if plan.meeting_on:
        told.append((plan.meeting_on, f"Meeting on {in_full(plan.meeting_on)}."))
    for line in plan.clocks.get("way", []):
        on, step = date.fromisoformat(line["on"]), line["step"]
        words = STEP_WORDS[Step(step)] if step in set(Step) else step
        by = f" by {line['by']}" if line["by"] else ""
        why = f": {line['why'].rstrip('.')}" if line["why"] else ""
        told.append((on, f"{words.capitalize()} on {in_full(on)}{by}{why}."))
    for added in plan.addendums.order_by("at"):
        on = timezone.localdate(added.at)
        told.append((on, f"Added on {in_full(on)} by {added.by_name}: {added.words}"))
    return [words for _, words in sorted(told, key=lambda pair: pair[0])]


def _without_held(document: PlanDocument, child: Child) -> PlanDocument:
    """Without the postcodes of where the child lives or lived, as far as whoever asks may know them."""
    found = set(Placement.objects.filter(child=child).exclude(postcode="").values_list("postcode", flat=True))
    for home, place in Episode.objects.filter(child=child).values_list("home_postcode", "place_postcode"):
        found |= {home, place} - {""}
    pattern = held_pattern(found)
    return _rewritten(document, lambda text: pattern.sub(LEFT_OUT, text)) if pattern else document


def _rewritten(document: PlanDocument, change: Callable[[str], str]) -> PlanDocument:
    """Everything but the heads, which hold names, numbers and days alone. What nothing is changed in stays as it is."""

    def rewrite(value: Any) -> Any:
        if isinstance(value, str):
            new = change(value)
            return value if new == value else new
        if isinstance(value, PlanHead | ChildHead):
            return value
        if isinstance(value, Part):
            held = [(name, getattr(value, name)) for name in type(value).__dataclass_fields__]
            changed = {name: new for name, each in held if (new := rewrite(each)) is not each}
            return replace(value, **changed) if changed else value
        if isinstance(value, tuple | list):
            every = [rewrite(each) for each in value]
            return value if all(map(is_, every, value)) else type(value)(every)
        if isinstance(value, dict):
            items = {name: rewrite(each) for name, each in value.items()}
            return value if all(map(is_, items.values(), value.values())) else items
        return value

    found: PlanDocument = rewrite(document)
    return found
