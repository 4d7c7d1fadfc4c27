"""A personal education plan as one open document: what is published, exchanged and printed.

Described for other makers in docs/plan-format.md. Reading and writing are in `document_format`.
No address of anyone has a place in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Annotated, Any

FORMAT = "virtual-school-plan/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """`extra` holds what a newer writer put here and this reader has no name for; it is written back."""

    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = set(type(self).__dataclass_fields__) & set(self.extra)
        if known:
            raise ValueError(f"{type(self).__name__}.extra may not hold {', '.join(sorted(known))}: it has a place")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead(Part):
    """The plan: which term, which version, in what state, by which authority."""

    id: Annotated[str, "The plan's identifier in the system that wrote it; says nothing about the child"]
    term: Annotated[str, "Academic year and season, as 2026/27-autumn"]
    term_words: Annotated[str, "The term in words, as autumn term 2026"] = ""
    phase: Annotated[str, "early_years, primary, secondary, key_stage_4, post_16, not_on_roll, custody, ..."]
    kind: Annotated[str, "What kind of plan: first, review, transition, ..."] = ""
    state: Annotated[str, "Where the plan is in its work: draft, submitted, approved, published, ..."]
    version: Annotated[int, "1 for the first; one more each time an approved plan is reopened"] = 1
    template_name: str = ""
    template_version: str = ""
    due_on: date | None = None
    meeting_on: date | None = None
    submitted_on: date | None = None
    approved_on: date | None = None
    published_on: date | None = None
    rating: Annotated[str, "The virtual school's judgement of the plan, in the authority's own words"] = ""
    authority_name: str = ""
    authority_code: Annotated[int | None, "The Department for Education's three digits"] = None
    head_name: Annotated[str, "Who discharges the duty in section 22(3A) of the Children Act 1989"] = ""
    head_contact: Annotated[str, "How to reach the virtual school head"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildHead(Part):
    """Whose plan it is. There is no address, and no name by which the child was known before."""

    local_id: Annotated[str, "The authority's own identifier for the child"] = ""
    name: str
    preferred_name: str = ""
    born: date | None = None
    upn: Annotated[str, "Unique pupil number"] = ""
    year_group: Annotated[int | None, "0 is Reception; below 0 is before Reception"] = None
    school: str = ""
    urn: Annotated[int | None, "The school's number in the national register of establishments"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine(Part):
    """Someone around the child. `contact` is a work telephone number or e-mail, never where someone lives."""

    name: str
    role: Annotated[str, "The role in words: Social worker, Designated teacher, Foster carer, ..."]
    organisation: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPart(Part):
    """One column of a field that is a table; rows are objects with this key."""

    key: str
    label: str
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPart(Part):
    """One question and its answer: `value` for programs, `words` for people."""

    key: Annotated[str, "Stable, as attendance.plan; never used again with another meaning"]
    label: str
    kind: Annotated[str, "text, long_text, choice, choices, number, percent, date, yes_no, money, table, scale, ..."]
    value: Annotated[Any, "JSON by kind: text, number, boolean, list of texts, list of row objects, null"] = None
    words: Annotated[str, "The answer as printed"] = ""
    source: Annotated[str, "Where a filled-in answer came from, in words"] = ""
    statutory: Annotated[tuple[str, ...], "Numbers of the statutory contents it helps to meet, as C14"] = ()
    reason_if_blank: Annotated[str, "Why there is no answer"] = ""
    level: Annotated[str, "For whom it is meant; empty: decided by the key"] = ""
    columns: Annotated[tuple[ColumnPart, ...], "The columns, when kind is table"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPart(Part):
    key: str
    title: str
    owner: Annotated[str, "The role that fills it in: social_worker, designated_teacher, carer, young_person, ..."] = ""
    owner_words: str = ""
    note: str = ""
    fields: tuple[FieldPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPart(Part):
    """Money spent to reach a target."""

    fund: Annotated[str, "pupil_premium_plus, early_years_pupil_premium, post_16, additional, ..."]
    category: str = ""
    what: str
    amount_pence: Annotated[int, "Whole pence"]
    per: Annotated[str, "What the amount is for: term, week, session, once"] = ""
    provider: str = ""
    starts: date | None = None
    ends: date | None = None
    intended_impact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPart(Part):
    number: int
    category: str = ""
    outcome: str
    why: str = ""
    how: str = ""
    who: str = ""
    due_on: date | None = None
    baseline: str = ""
    measure: str = ""
    success: Annotated[str, "What success looks like"] = ""
    evidence: str = ""
    cost_lines: tuple[CostPart, ...] = ()
    need: str = ""
    childs_words: Annotated[str, "What the child said that this target answers"] = ""
    status: Annotated[str, "draft, agreed, under_way, met, partly_met, not_met, not_tried, dropped"] = ""
    review_words: str = ""
    impact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeePart(Part):
    name: str
    role: str = ""
    organisation: str = ""
    invited: bool | None = None
    attended: bool | None = None
    apology: str = ""
    contribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPart(Part):
    on: date
    at: Annotated[time | None, "Local time"] = None
    place: Annotated[str, "A room or a building where people work, never a home"] = ""
    mode: Annotated[str, "in_person, online, mixed"] = ""
    chair: str = ""
    note_taker: str = ""
    attendees: tuple[AttendeePart, ...] = ()
    notes: str = ""
    decisions: tuple[str, ...] = ()
    dissent: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPart(Part):
    what: str
    who: str = ""
    due_on: date | None = None
    done_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignaturePart(Part):
    role: str
    name: str
    on: date | None = None
    hash: Annotated[str, "Fingerprint of the version that was signed"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPart(Part):
    """A file kept with the plan: named here, never inside."""

    kind: str
    name: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument(Part):
    format: str = FORMAT
    copy_for: Annotated[str, "The reader this copy was made for; empty: the whole plan"] = ""
    plan: PlanHead
    child: ChildHead
    people: tuple[PersonLine, ...] = ()
    sections: tuple[SectionPart, ...] = ()
    targets: tuple[TargetPart, ...] = ()
    meeting: MeetingPart | None = None
    actions: tuple[ActionPart, ...] = ()
    signatures: tuple[SignaturePart, ...] = ()
    documents: tuple[DocumentPart, ...] = ()
    history: Annotated[tuple[str, ...], "What happened to the plan, oldest first, in sentences"] = ()
