"""The facts the service may already know, by the name a template's field uses for them."""

SOURCES = {
    "child.legal_name": "the child's record",
    "child.preferred_name": "the child's record",
    "child.born": "the child's record",
    "child.sex": "the child's record",
    "child.ethnicity": "the child's record",
    "child.upn": "the child's record",
    "child.local_id": "the child's record",
    "child.year_group": "the date of birth",
    "care.started_on": "the social care record",
    "care.legal_status": "the social care record",
    "care.placement": "the social care record",
    "care.placement_since": "the social care record",
    "care.placements_count": "the social care record",
    "care.in_area": "the social care record",
    "care.next_review_on": "the social care record",
    "school.name": "the enrolment held",
    "school.enrolled_on": "the enrolment held",
    "school.history": "the enrolments held",
    "school.days_without": "the enrolments held",
    "attendance.terms": "the registers held here",
    "attendance.this_year": "the registers held here",
    "attendance.suspended": "the suspensions held here",
    "sdq.latest": "the social care record",
    "people.social_worker": "the people around the child",
    "people.designated_teacher": "the people around the child",
    "people.virtual_school_adviser": "the people around the child",
    "people.reviewing_officer": "the people around the child",
    "people.carer": "the people around the child",
    "people.personal_adviser": "the people around the child",
    "virtual_school_head.contact": "the council's settings",
    "plan.feedback": "the last plan",
    "funding.eligibility": "the age and the time in care",
}
"""Each name with where the fact comes from, as the page says beside it.

The value of a fact is an answer of its field's kind: true or false for yes_no, one of the choices, rows for a table.
"""

FORMER = frozenset(
    {
        "child.first_language", "care.establishment", "school.rating", "sen.status", "results.phonics", "results.tables_check", "results.key_stage_2",
        "sdq.latest_on", "people.senco",
    }
)  # fmt: skip
"""Named by forms made before, of facts that are not held: such a field is written by hand. A name that SOURCES gives
again counts again."""
