"""Who is on roll where, who is designated teacher, and which children a designated teacher is around."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from virtual_school.access.models import Role, User
from virtual_school.audit.actions import record
from virtual_school.children import bulk
from virtual_school.children.models import Child

from .models import DesignatedTeacher, Enrolment, School

BECAUSE_ON_ROLL = "Designated teacher of a school whose roll the child is on"
"""Why such an involvement stands. It marks those that follow from the roll; those made by hand are left alone."""

# A child in care is seen from the day they came into care until the day they left; a child with no time in care
# (previously looked after elsewhere, with a social worker) for as long as they are on the roll.
WANTED = """
    with care as (
        select child_id, starts, ends from care_careperiod
        where authority_id = %(authority)s and (%(children)s::bigint[] is null or child_id = any (%(children)s))
    ), enrolled as (
        select e.child_id, e.school_id, e.starts, e.ends from schools_enrolment e
        where e.authority_id = %(authority)s and e.school_id is not null
          and (%(children)s::bigint[] is null or e.child_id = any (%(children)s))
    ), spells as (
        select e.child_id, d.person_id, greatest(e.starts, d.starts, care.starts) as starts,
               least(e.ends, d.ends, care.ends) as ends
        from enrolled e
        join schools_designatedteacher d on d.school_id = e.school_id
        left join care on care.child_id = e.child_id
    ), by_hand as (
        select child_id, person_id, range_agg(daterange(starts, ends)) as days from children_involvement
        where authority_id = %(authority)s and role = %(role)s and why <> %(why)s
          and (%(children)s::bigint[] is null or child_id = any (%(children)s))
        group by child_id, person_id
    ), merged as (
        select child_id, person_id, range_agg(daterange(starts, ends)) as days from spells
        where ends is null or starts < ends
        group by child_id, person_id
    )
    select child_id, person_id, lower(span), upper(span)
    from merged left join by_hand using (child_id, person_id),
         unnest(merged.days - coalesce(by_hand.days, '{}'::datemultirange)) as span
"""
HELD = """
    select id, child_id, person_id, starts, ends from children_involvement
    where authority_id = %(authority)s and role = %(role)s and why = %(why)s
      and (%(children)s::bigint[] is null or child_id = any (%(children)s))
"""


def refresh_involvements(authority_code: int, child_ids: Sequence[int] | None = None) -> set[int]:
    """Brings the designated teachers' involvements into step with rolls, appointments and time in care.

    Gives the children around whom somebody changed.
    """
    asked = {
        "authority": authority_code,
        "children": None if child_ids is None else list(child_ids),
        "role": Role.DESIGNATED_TEACHER.value,
        "why": BECAUSE_ON_ROLL,
    }
    held = {(child, person, starts): (pk, ends) for pk, child, person, starts, ends in bulk.select(HELD, asked)}
    new, changed, touched = [], [], set()
    for child, person, starts, ends in bulk.select(WANTED, asked):
        found = held.pop((child, person, starts), None)
        if found is None:
            new.append((authority_code, child, person, asked["role"], starts, ends, BECAUSE_ON_ROLL, False))
        elif found[1] != ends:
            changed.append((found[0], ends))
        else:
            continue
        touched.add(child)
    bulk.delete("children_involvement", [pk for pk, _ in held.values()])
    bulk.update("children_involvement", ["ends"], changed)
    bulk.insert(
        "children_involvement",
        ["authority_id", "child_id", "person_id", "role", "starts", "ends", "why", "is_named"],
        new,
    )
    return touched | {child for child, _, _ in held}


def refresh_around(school: School, authority_codes: Sequence[int]) -> None:
    """The children of these authorities on the roll of one school."""
    for code in authority_codes:
        children = Enrolment.objects.filter(authority=code, school=school).values_list("child_id", flat=True)
        refresh_involvements(code, sorted(set(children)))


@transaction.atomic
def appoint_designated_teacher(
    school: School, *, person: User, starts: date, telephone: str = "", authorities: Sequence[int] = (), by: User | None
) -> DesignatedTeacher:
    """The one before must have ended: ValidationError says so. `authorities` are those whose children `by` may
    change; children of others are caught up with overnight."""
    appointment = DesignatedTeacher(school=school, person=person, starts=starts, telephone=telephone)
    appointment.clean_fields(exclude=["school", "person"])
    appointment.validate_constraints()
    appointment.save()
    refresh_around(school, authorities)
    _tell("designated_teacher.appointed", appointment, authorities, by)
    return appointment


@transaction.atomic
def end_designated_teacher(
    appointment: DesignatedTeacher, *, ends: date, authorities: Sequence[int] = (), by: User | None
) -> None:
    """`ends` is the first day on which they are no longer designated teacher."""
    if ends <= appointment.starts:
        raise ValidationError("The last day must come after the first.")
    appointment.ends = ends
    appointment.save(update_fields=["ends"])
    refresh_around(appointment.school, authorities)
    _tell("designated_teacher.ended", appointment, authorities, by)


def _tell(action: str, appointment: DesignatedTeacher, authorities: Sequence[int], by: User | None) -> None:
    """A school belongs to no authority here, so each of those asked about is told."""
    for code in authorities:
        record(
            action,
            by=by.pk if by else None,
            authority=code,
            urn=appointment.school_id,
            person=appointment.person_id,
        )


@transaction.atomic
def enrol(
    child: Child,
    *,
    school: School | None = None,
    provision: str = "",
    starts: date,
    ends: date | None = None,
    kind: str = Enrolment.Kind.MAIN,
    year_group: int | None = None,
    by: User | None,
) -> Enrolment:
    """Raises ValidationError when the child is on the roll of another school on some of these days."""
    enrolment = Enrolment(
        authority_id=child.authority_id,
        child=child,
        school=school,
        provision=provision,
        kind=kind,
        starts=starts,
        ends=ends,
        year_group=year_group,
    )
    enrolment.clean_fields(exclude=["authority", "child", "school"])
    enrolment.validate_constraints()
    enrolment.save()
    refresh_involvements(child.authority_id, [child.pk])
    record(
        "enrolment.begun",
        by=by.pk if by else None,
        authority=child.authority_id,
        child=child.pk,
        urn=school.urn if school else None,
    )
    return enrolment


@transaction.atomic
def leave(enrolment: Enrolment, *, ends: date, why: str = "", by: User | None) -> None:
    """`ends` is the first day no longer on the roll."""
    if ends < enrolment.starts:
        raise ValidationError("A child cannot leave before they start.")
    if not Enrolment.objects.filter(pk=enrolment.pk).update(ends=ends, left_why=why):
        raise ValidationError("This enrolment is no longer there.")
    enrolment.ends, enrolment.left_why = ends, why
    refresh_involvements(enrolment.authority_id, [enrolment.child_id])
    record(
        "enrolment.ended",
        by=by.pk if by else None,
        authority=enrolment.authority_id,
        child=enrolment.child_id,
        urn=enrolment.school_id,
    )
