"""Two years of plans for every child in care in England, inserted a set at a time into a copy of its database."""

import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from .ground import owner

TERMS = 6
"""Two years."""

SECTIONS, ANSWERS = "plans_plansection", "plans_answer"
TABLES = ("plans_plan", SECTIONS, ANSWERS, "plans_target", "plans_targetreview", "plans_action", "plans_meeting",
          "plans_attendee", "plans_signature", "plans_unmergedwords", "plans_costline", "plans_decision",
          "plans_plantemplate")  # fmt: skip
STATES = {
    "open": 12, "in_progress": 26, "ready_for_meeting": 7, "meeting_held": 9, "awaiting_signoff": 6, "submitted": 11,
    "in_qa": 5, "returned": 4, "approved": 6, "published": 12, "closed_moved": 1, "closed_left_care": 1,
}  # fmt: skip
"""In hundredths of this term's plans, towards its end."""

HELD = ("meeting_held", "awaiting_signoff", "submitted", "in_qa", "returned", "approved", "published", "superseded")
SENT = ("submitted", "in_qa", "returned", "approved", "published", "superseded")
FILLED = 30
"""Of a hundred fields that nobody must fill."""

WORDS = (
    "Reads with an adult three times a week and has moved from 70 to 85 words a minute since the summer. Finds long "
    "texts hard after lunch; a break before the lesson has helped, and the class teacher keeps a seat near the door. "
    "At home the carers read together each evening."
)
PHASE = """case when r.school_urn is null and r.year_group between 1 and 11 then 'not_on_roll'
    when r.year_group is null or r.year_group <= 0 then 'early_years' when r.year_group <= 6 then 'primary'
    when r.year_group <= 9 then 'secondary' when r.year_group <= 11 then 'key_stage_4' else 'post_16' end"""
DRAW = "(hashtext({of}) & 2147483647) %% 100"


@dataclass(frozen=True, slots=True)
class PlanTerm:
    key: str
    starts: date
    ends: date


def past_terms(today: date, now: str) -> list[PlanTerm]:
    """The five before the one that is now, oldest first, by usual dates."""
    first = today.year if today.month >= 9 else today.year - 1
    found = []
    for year in range(first - 2, first + 1):
        label = f"{year}/{(year + 1) % 100:02d}"
        found += [
            PlanTerm(f"{label}-autumn", date(year, 9, 2), date(year, 12, 18)),
            PlanTerm(f"{label}-spring", date(year + 1, 1, 5), date(year + 1, 3, 27)),
            PlanTerm(f"{label}-summer", date(year + 1, 4, 13), date(year + 1, 7, 21)),
        ]
    return [term for term in found if term.ends < today and term.key != now][-(TERMS - 1) :]


@contextmanager
def unlocked(database: str) -> Iterator[Any]:
    """The owner, past row-level security and without history of each row: only ever in a copy."""
    with owner(database) as connection:
        for table in (*TABLES, "duties_rollentry", "children_involvement"):
            connection.execute(f"alter table {table} no force row level security")
            connection.execute(f"alter table {table} disable trigger user")
        yield connection
        for table in (*TABLES, "duties_rollentry", "children_involvement"):
            connection.execute(f"alter table {table} enable trigger user")
            connection.execute(f"alter table {table} force row level security")
        connection.execute(f"vacuum analyze {', '.join(TABLES)}")


def forget(connection: Any) -> None:
    connection.execute(f"truncate {', '.join(table for table in TABLES if table != 'plans_plantemplate')} cascade")


def share_templates(connection: Any, code: int) -> None:
    """The forms of one authority become those of all."""
    connection.execute(
        "insert into plans_plantemplate (authority_id, phase, version, name, state, library_version, edits, content, "
        "  starts, by_name, made_at) "
        "select a.code, t.phase, t.version, t.name, t.state, t.library_version, t.edits, t.content, t.starts, '', now() "
        "from authorities_authority a, plans_plantemplate t "
        "where t.authority_id = %s and a.code <> t.authority_id and a.is_invented "
        "on conflict do nothing",
        [code],
    )


def plans(connection: Any, term: PlanTerm, *, without: Sequence[int] = (), is_past: bool = True) -> None:
    """One for each child in care; where a later one is published, the earlier are replaced by it."""
    connection.execute(
        f"""
        insert into plans_plan (authority_id, child_id, public_id, term, kind, phase, template_id, state, version,
            school_id, opened_why, opened_on, due_on, meeting_due_on, clocks, approved_by_name, returned_why,
            closed_why, rating)
        select r.authority_id, r.child_id, gen_random_uuid(), %(term)s::text, 'review', f.phase, f.id,
            case when {DRAW.format(of="r.child_id::text || %(term)s::text")} < 96 then 'superseded' else 'closed_moved' end,
            1, r.school_urn, 'Termly review', %(starts)s::date, %(ends)s::date, %(ends)s::date - 14,
            jsonb_build_object('circumstances', jsonb_build_object('year_group', r.year_group, 'is', '{{}}'::jsonb)),
            '', '', '', ''
        from duties_rollentry r
        join plans_plantemplate f on f.authority_id = r.authority_id and f.phase = {PHASE} and f.state = 'in_force'
        where r.cohort = 'looked_after' and r.authority_id <> all (%(without)s)
        """,
        {"term": term.key, "starts": term.starts, "ends": term.ends, "without": list(without)},
    )
    connection.execute("analyze plans_plan")  # or a table is joined to itself row by row
    if not is_past:
        spread(connection, term)
    days(connection, term)


def spread(connection: Any, term: PlanTerm) -> None:
    """This term's plans in the states they have towards its end."""
    cases, least = [], 0
    for state, share in STATES.items():
        least += share
        cases.append(f"when d.draw < {least} then '{state}'")
    connection.execute(
        f"update plans_plan p set opened_on = %(starts)s::date, state = case {' '.join(cases)} end "
        f"from (select id, {DRAW.format(of='id::text')} as draw from plans_plan where term = %(term)s::text) d "
        "where d.id = p.id",
        {"starts": term.starts, "term": term.key},
    )


def days(connection: Any, term: PlanTerm) -> None:
    connection.execute(
        """
        update plans_plan set
            meeting_on = case when state = any (%(held)s) then met end,
            submitted_on = case when state = any (%(sent)s) then met + 6 end,
            approved_on = case when state in ('approved', 'published', 'superseded') then met + 10 end,
            published_on = case when state in ('published', 'superseded') then met + 11 end,
            closed_on = case when state like 'closed%%' then met end,
            rating = case when state in ('approved', 'published', 'superseded') then 'Good' else '' end,
            returned_due_on = case when state = 'returned' then met + 20 end,
            clocks = clocks || jsonb_build_object('begun_on', opened_on)
        from (select id as of, (opened_on + 30 + (hashtext(id::text) & 2147483647) %% 30) as met from plans_plan
              where term = %(term)s::text) d
        where d.of = id
        """,
        {"held": list(HELD), "sent": list(SENT), "term": term.key},
    )


def value_of(asked: Any) -> Any:
    """A lifelike answer to a field of a form."""
    if asked.kind in {"choice", "scale"}:
        return asked.choices[0].value
    if asked.kind == "choices":
        return [asked.choices[0].value]
    if asked.kind in {"table", "attendance"}:
        return [{column.key: value_of(column) for column in asked.columns}] * 2 if asked.columns else None
    plain = {"number": 4, "percent": 96, "date": "2026-11-02", "yes_no": False, "money": 12000, "file": None}
    if asked.kind in plain:
        return plain[asked.kind]
    return WORDS[:60] if asked.kind in {"text", "person", "school"} else WORDS


def form_rows(templates: Any) -> tuple[str, str]:
    """Of each phase's form as JSON: the sections, and the fields with an answer: those that must have one, and of the
    others as many as in the demonstration."""
    sections, fields = [], []
    for phase, template in templates:
        for section in template.sections:
            sections.append({"phase": phase, "key": section.key, "owner": section.owner})
            for asked in section.fields:
                is_filled = asked.required != "never" or zlib.crc32(asked.key.encode()) % 100 < FILLED
                value = value_of(asked) if is_filled and asked.kind not in {"targets", "actions", "voice"} else None
                if value is not None:
                    row = {"phase": phase, "section_key": section.key, "field_key": asked.key, "value": value}
                    fields.append(row)
    return json.dumps(sections), json.dumps(fields)


def written(connection: Any, codes: Sequence[int], sections: str, fields: str, terms: Sequence[str]) -> None:
    """Everything a whole plan holds, in those of these authorities and terms that got so far."""
    of = {"codes": list(codes), "terms": list(terms), "held": list(HELD), "sections": sections, "fields": fields,
          "words": WORDS, "sent": list(SENT)}  # fmt: skip
    begun = "p.authority_id = any (%(codes)s) and p.term = any (%(terms)s) and p.state <> 'open'"
    met = "p.authority_id = any (%(codes)s) and p.term = any (%(terms)s) and p.state = any (%(held)s)"
    whose = "p.authority_id, p.child_id, p.id"
    for statement in (
        f"""insert into {SECTIONS} (authority_id, child_id, plan_id, key, owner, state, revision, completed_at,
                completed_by_name, is_named_in_return, returned_why)
            select {whose}, s.key, s.owner, 'complete', 1, p.opened_on + 20, 'Somebody', false, ''
            from plans_plan p join json_to_recordset(%(sections)s::json) s (phase text, key text, owner text)
                on s.phase = p.phase
            where {begun} on conflict do nothing""",
        f"""insert into {ANSWERS} (authority_id, child_id, plan_id, section_key, field_key, value, source, source_words,
                is_confirmed, reason_if_blank, revision, by_id, by_name, at)
            select {whose}, f.section_key, f.field_key, f.value, 'typed', '', true, '', 1, null, 'Somebody',
                p.opened_on + 20
            from plans_plan p join json_to_recordset(%(fields)s::json)
                f (phase text, section_key text, field_key text, value jsonb) on f.phase = p.phase
            where {begun} on conflict do nothing""",
        f"""insert into plans_target (authority_id, child_id, first_plan_id, public_id, number, category, outcome, why,
                how, who, due_on, baseline, measure, success, evidence, need, childs_words, state)
            select {whose}, gen_random_uuid(), n, 'academic', 'Reads 90 words a minute', '', %(words)s,
                'Class teacher', p.due_on + 60, '70 words', 'Words a minute', '90 words', '', '', 'I want to',
                case when p.state = 'superseded' then 'met' else 'open' end
            from plans_plan p, generate_series(1, 3) n where {met}""",
        f"""insert into plans_targetreview (authority_id, child_id, plan_id, target_id, judged, evidence, impact, by_name,
                "on")
            select {whose}, t.id, 'met', 'Measured weekly', 'significant', 'Somebody', p.meeting_on
            from plans_plan p join plans_target t on t.authority_id = p.authority_id and t.child_id = p.child_id
            join plans_plan before on before.authority_id = p.authority_id and before.id = t.first_plan_id
            where {met} and before.opened_on between p.opened_on - 150 and p.opened_on - 50""",
        f"""insert into plans_action (authority_id, child_id, plan_id, public_id, what, agenda_key, owner_name, due_on,
                state, outcome, made_at)
            select {whose}, gen_random_uuid(), 'Ring the clinic about the hearing test', 'actions', 'Somebody',
                p.meeting_on + 14, case when p.state = 'superseded' then 'done' else 'open' end, '', p.meeting_on
            from plans_plan p, generate_series(1, 2) where {met}""",
        f"""insert into plans_meeting (authority_id, child_id, plan_id, "on", minutes, place, mode, chair_name,
                note_taker_name, state, cancelled_why, sequence, is_child_present, child_absent_why, notes,
                notes_revision, dissent)
            select {whose}, p.meeting_on, 60, 'At school', 'in_person', 'Somebody', '', 'held', '', 0, true, '',
                %(words)s, 1, '' from plans_plan p where {met}""",
        """insert into plans_attendee (authority_id, child_id, plan_id, meeting_id, person_id, name, role, organisation,
                email, is_invited, came, contribution)
            select m.authority_id, m.child_id, m.plan_id, m.id, i.person_id, u.name, i.role, '', '', true, 'present', ''
            from plans_meeting m
            join children_involvement i on i.authority_id = m.authority_id and i.child_id = m.child_id
                and i.ends is null
            join access_user u on u.id = i.person_id
            where m.authority_id = any (%(codes)s) and m.plan_id not in (select plan_id from plans_attendee)""",
        f"""insert into plans_signature (authority_id, child_id, plan_id, role, person_id, name, at, content_hash, says,
                withdrawn_why)
            select distinct on (p.id, i.role) {whose}, i.role, i.person_id, u.name, p.submitted_on, md5('') || md5(''),
                '', ''
            from plans_plan p join children_involvement i on i.authority_id = p.authority_id
                and i.child_id = p.child_id and i.ends is null and i.role in ('designated_teacher', 'social_worker')
            join access_user u on u.id = i.person_id
            where p.authority_id = any (%(codes)s) and p.term = any (%(terms)s) and p.state = any (%(sent)s)
            order by p.id, i.role, i.id on conflict do nothing""",
    ):
        connection.execute(statement, of)


def carry_on(connection: Any) -> None:
    """Each plan follows on that of the term before."""
    connection.execute("analyze plans_plan")  # it was filled in this very transaction
    connection.execute(
        "update plans_plan p set previous_id = o.before from (select id, lag(id) over (partition by authority_id, "
        "child_id order by opened_on) as before from plans_plan) o "
        "where o.id = p.id and o.before is not null and p.previous_id is null"
    )
