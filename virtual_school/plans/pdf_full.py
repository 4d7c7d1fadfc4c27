"""What stands on the paper of a whole plan, in order, as texts only."""

from typing import Any

from .document import AttendeePart, CostPart, FieldPart, MeetingPart, PlanDocument, SectionPart, TargetPart
from .pdf_words import MODES, NOT_GIVEN, breaks, clock, in_words, money, spoken, value_words, year_words
from .reading_levels import COPY_WORDS, Reader

SHORT = (
    "text",
    "choice",
    "number",
    "percent",
    "date",
    "yes_no",
    "money",
    "scale",
    "file",
    "person",
    "school",
)
ELSEWHERE = ("targets", "actions")
GUTTER = 4
_CHILDS = ("young_person", "child")
_NUMBERS = ("number", "percent", "money")


def content(document: PlanDocument) -> dict[str, Any]:
    plan, child = document.plan, document.child
    name = child.preferred_name or child.name
    term = plan.term_words or plan.term
    return {
        "title": f"{name}: personal education plan, {term}",
        "running": f"{name} · Personal education plan, {term}",
        "council": plan.authority_name or "Virtual school",
        "heading": name,
        "sub": " · ".join(filter(None, (term[:1].upper() + term[1:], year_words(child.year_group), child.school))),
        "tags": [spoken(each) for each in (plan.kind, plan.phase, plan.state) if each] + _version(plan.version),
        "copy": _copy(document.copy_for),
        "facts": _facts(document),
        "more": _more(document),
        "people": _table(
            ["Name", "Role", "Organisation", "Contact"],
            [[each.name, each.role, each.organisation, each.contact] for each in document.people],
        ),
        "sections": [_section(each) for each in document.sections if _is_printed(each)],
        "targets": [_target(each) for each in sorted(document.targets, key=lambda each: each.number)],
        "meeting": _meeting(document.meeting) if document.meeting else None,
        "actions": _table(
            ["What", "Who", "By", "Done"],
            [
                [
                    _with(each.what, each.outcome),
                    each.who,
                    in_words(each.due_on),
                    in_words(each.done_on) or "Not yet",
                ]
                for each in document.actions
            ],
        ),
        "documents": _table(
            ["Document", "Kind", "Date"],
            [[each.name, spoken(each.kind), in_words(each.on)] for each in document.documents],
        ),
        "signatures": _table(
            ["Role", "Name", "Signed", "Version signed"],
            [[spoken(each.role), each.name, in_words(each.on), each.hash[:16]] for each in document.signatures],
        ),
        "history": list(document.history),
    }


def _version(version: int) -> list[str]:
    return [f"Version {version}"] if version > 1 else []


def _copy(copy_for: str) -> str:
    if not copy_for:
        return ""
    words = COPY_WORDS.get(Reader(copy_for)) if copy_for in set(Reader) else spoken(copy_for)
    if copy_for in (Reader.VIRTUAL_SCHOOL, Reader.SOCIAL_WORKER, Reader.REVIEWING_OFFICER):
        return f"This copy is for {words}."
    return f"This copy is for {words}. It may leave out parts that are meant for other readers."


def _facts(document: PlanDocument) -> list[list[str]]:
    plan, child = document.plan, document.child
    pairs = [
        ("Full name", child.name if child.preferred_name and child.preferred_name != child.name else ""),
        ("Born", in_words(child.born)),
        ("Unique pupil number", child.upn),
        ("Authority’s number", child.local_id),
        ("Plan due", in_words(plan.due_on)),
        ("Meeting", in_words(plan.meeting_on)),
        ("Sent in", in_words(plan.submitted_on)),
        ("Approved", in_words(plan.approved_on)),
        ("Published", in_words(plan.published_on)),
        ("Rating", plan.rating),
    ]
    return [[label, words] for label, words in pairs if words]


def _more(document: PlanDocument) -> list[list[str]]:
    plan, child = document.plan, document.child
    version = f"edition {plan.template_version}" if plan.template_version else ""
    pairs = [
        ("School", child.school and f"{child.school}{f' (URN {child.urn})' if child.urn else ''}"),
        ("Virtual school head", ", ".join(filter(None, (plan.head_name, plan.head_contact)))),
        ("Form", ", ".join(filter(None, (plan.template_name, version)))),
    ]
    return [[label, words] for label, words in pairs if words]


def _is_printed(section: SectionPart) -> bool:
    return any(each.kind not in ELSEWHERE or each.words for each in section.fields)


def _section(section: SectionPart) -> dict[str, Any]:
    """What nobody answered, and gave no reason for, stands in one line at the end."""
    is_childs = section.owner in _CHILDS
    fields = [_field(each, is_childs) for each in section.fields if each.kind not in ELSEWHERE or each.words]
    blank = [each["label"].rstrip("?") for each in fields if each["words"] == NOT_GIVEN and each["blank"]]
    return {
        "title": section.title,
        "owner": section.owner_words or spoken(section.owner),
        "note": section.note,
        "fields": [each for each in fields if not each["blank"] or each["words"] != NOT_GIVEN],
        "not_given": f"{NOT_GIVEN}: {' · '.join(blank)}" if blank else "",
    }


def _field(field: FieldPart, is_childs: bool) -> dict[str, Any]:
    words = field.words.strip() or value_words(field.value, field.kind).strip()
    table = None
    if field.columns and isinstance(field.value, list):
        rows = [each for each in field.value if isinstance(each, dict)]
        cells = [[value_words(row.get(column.key), column.kind) for column in field.columns] for row in rows]
        numbers = [column.kind in _NUMBERS for column in field.columns]
        table = _table([column.label for column in field.columns], cells, numbers)
    reason = f"{NOT_GIVEN}: {field.reason_if_blank}" if field.reason_if_blank else NOT_GIVEN
    is_blank = not words and not table
    return {
        "label": field.label,
        "words": reason if is_blank else words,
        "blank": is_blank,
        "source": field.source,
        "said": not is_blank and not table and field.kind != "observation" and (is_childs or field.kind == "voice"),
        "short": field.kind in SHORT and len(words) < 160 and not table,
        "table": table,
    }


def _target(target: TargetPart) -> dict[str, Any]:
    lines = [
        ("How we will do it", target.how),
        ("Who", target.who),
        ("By", in_words(target.due_on)),
        ("Where it stands now", target.baseline),
        ("How we will measure it", target.measure),
        ("What success looks like", target.success),
        ("Evidence", target.evidence),
        ("Why", target.why),
        ("Need it meets", target.need),
        ("How it went", target.review_words),
        ("What difference it made", target.impact),
    ]
    costs = ["\n".join(_cost(each)) for each in target.cost_lines]
    return {
        "title": f"Target {target.number}" + (f": {spoken(target.category).lower()}" if target.category else ""),
        "status": spoken(target.status),
        "outcome": target.outcome,
        "childs_words": target.childs_words,
        "lines": [[label, words] for label, words in lines if words],
        "breaks": breaks((target.outcome, target.childs_words, *(w for _, w in lines), *costs), 55, 32),
        "costs": _table(
            ["What", "Fund", "Provider and dates", "Meant to bring", "Amount"],
            [_cost(each) for each in target.cost_lines],
            [False, False, False, False, True],
        ),
    }


def _cost(cost: CostPart) -> list[str]:
    dates = " to ".join(filter(None, (in_words(cost.starts), in_words(cost.ends))))
    return [
        _with(cost.what, spoken(cost.category)),
        spoken(cost.fund),
        _with(cost.provider, dates),
        cost.intended_impact,
        money(cost.amount_pence, cost.per).replace(" ", "\N{NO-BREAK SPACE}"),
    ]


def _meeting(meeting: MeetingPart) -> dict[str, Any]:
    when = in_words(meeting.on) + (f", {clock(meeting.at)}" if meeting.at else "")
    pairs = [
        ("When", when),
        ("Where", ", ".join(filter(None, (meeting.place, MODES.get(meeting.mode, spoken(meeting.mode)))))),
        ("Chair", meeting.chair),
        ("Notes taken by", meeting.note_taker),
        ("Next meeting", in_words(meeting.next_on)),
    ]
    return {
        "facts": [[label, words] for label, words in pairs if words],
        "attendees": _table(
            ["Name", "Role", "There", "What they brought"],
            [
                [each.name, _with(each.role, each.organisation), _presence(each), each.contribution]
                for each in meeting.attendees
            ],
        ),
        "notes": meeting.notes,
        "decisions": list(meeting.decisions),
        "dissent": meeting.dissent,
    }


def _presence(attendee: AttendeePart) -> str:
    if attendee.attended:
        return "Yes"
    if attendee.apology:
        return f"Sent apologies: {attendee.apology}"
    if attendee.attended is False:
        return "No" if attendee.invited is not False else "No, not invited"
    return "Invited" if attendee.invited else "Not recorded"


def _with(first: str, second: str) -> str:
    return "\n".join(filter(None, (first, second)))


def _table(header: list[str], rows: list[list[str]], numbers: list[bool] | None = None) -> dict[str, Any] | None:
    """Columns nobody filled are left out; the rest share the width by what is in them."""
    if not rows:
        return None
    kept = [at for at in range(len(header)) if any(row[at] for row in rows)] or [0]
    longest = [max(len(header[at]), *(_widest(row[at]) for row in rows)) for at in kept]
    return {
        "header": [header[at] for at in kept],
        "rows": [[row[at] or "–" for at in kept] for row in rows],
        "widths": [min(max(each, 6), 40) + GUTTER for each in longest],
        "numbers": [bool(numbers and numbers[at]) for at in kept],
    }


def _widest(cell: str) -> int:
    return max(map(len, cell.split("\n")), default=0)
