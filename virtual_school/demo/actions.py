"""Making the invented authorities: each in one transaction, none a second time."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from random import Random
from typing import Any

from django.db import connections
from django.db.models import Q

from virtual_school.access.models import Membership, Role
from virtual_school.audit.actions import record as record_event
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.dates.ages import add_months
from virtual_school.duties.actions import refresh_children
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import DesignatedTeacher

from . import education, record, subjects
from .cast import cast
from .ground import england, load_calendars, load_schools
from .places import Area, England
from .record import FAULTS, Making
from .subjects import Subject
from .team import Team
from .whole import Invented, planned
from .write import Rows

SIDE_BY_SIDE_FROM = 8
"""So many authorities are worth several processes."""

RETURNS_HELD = 3
TERMS_HELD = 4
DEFAULT_EXTRAS = {"previously_looked_after": 0.35, "care_leavers": 0.45, "others": 0.14}
ENGLAND_EXTRAS = {"previously_looked_after": 0.04, "care_leavers": 0.05, "others": 0.01}
"""The other parts of the roll, for each child in care; few for England, to keep it light."""

YOUNG_PEOPLE_WHO_SIGN_IN = 3
COLOURS = ("#0d4a52", "#4a2d63", "#7a3b0c", "#1d4f91", "#6b3a5b", "#2f5d3a")


class InTheWay(Exception):
    """A real authority holds a code that an invented one would take; nothing was made."""


def make(
    authorities: int, children: int, seed: str, today: date, say: Callable[[str], None] = lambda words: None
) -> list[dict[str, Any]]:
    """Makes what is not there yet, and says what is: code, name and number of children in care of each."""
    with acting(service(), action="demo: schools"):
        if load_schools():
            say("Loaded the register of schools.")
        wanted = planned(authorities, children)
        real = Authority.objects.filter(code__in=[one.code for one in wanted], is_invented=False)
        if names := ", ".join(f"{authority.name} ({authority.code})" for authority in real):
            raise InTheWay(f"The demonstration would need the place of {names}, which is held here for real.")
        held = set(Authority.objects.filter(code__in=[one.code for one in wanted]).values_list("code", flat=True))
        missing = [one for one in wanted if one.code not in held]
        if missing:
            load_calendars([one.code for one in missing], today)
    if missing:
        ground = england()
        if len(missing) >= SIDE_BY_SIDE_FROM:
            with acting(service(), action="demo: designated teachers"):
                _appoint_teachers(ground, seed, today)
        for number, one in enumerate(_made(missing, ground, seed, today), start=1):
            say(f"{number} of {len(missing)}: made {one.name}, {one.children} children in care.")
    return [_there(one) for one in wanted]


def _made(missing: list[Invented], ground: England, seed: str, today: date) -> Iterator[Invented]:
    """Each as it is done; many are made by several processes side by side."""
    if len(missing) < SIDE_BY_SIDE_FROM:
        for one in missing:
            yield _make_one(one, ground, seed, today)
        return
    connections.close_all()
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers, get_context("fork"), _keep, (ground,)) as pool:
        begun = [pool.submit(_make_one, one, None, seed, today) for one in missing]
        for done in as_completed(begun):
            yield done.result()


_kept: list[England] = []


def _keep(ground: England) -> None:
    """In each of the processes: the schools they were all started with."""
    _kept.append(ground)


def _make_one(one: Invented, ground: England | None, seed: str, today: date) -> Invented:
    with acting(service(one.code), action="demo"):
        _make_authority(one, ground or _kept[0], seed, today)
    return one


def _appoint_teachers(ground: England, seed: str, today: date) -> None:
    """A designated teacher for every school, before the authorities that share schools are made side by side."""
    team = Team(Random(f"{seed}:designated teachers"), 0, "schools.example", today)
    held = set(DesignatedTeacher.objects.values_list("school_id", flat=True))
    for kinds in ground.by_area.values():
        for schools in kinds.values():
            for school in schools:
                if school.urn not in held:
                    team.teacher(school.urn)
    team.write()


def _there(one: Invented) -> dict[str, Any]:
    with acting(service(one.code)):
        periods = CarePeriod.objects.filter(authority=one.code, kind="looked_after", ends__isnull=True)
        name = Authority.objects.get(code=one.code).name
        return {"code": one.code, "name": name, "children": periods.values("child").distinct().count()}


def _make_authority(one: Invented, ground: England, seed: str, today: date) -> None:
    rng = Random(f"{seed}:{one.code}")
    Authority.objects.create(
        code=one.code, name=one.name, gss_code=one.gss_code, region=one.region, is_invented=True,
        colour=COLOURS[0] if one.is_pictured else COLOURS[one.code % len(COLOURS)],
    )  # fmt: skip
    making = _making(one, ground, rng, today)
    everyone = _everyone(making, one)
    leavers = sum(subject.cohort == "care_leaver" for subject in everyone)
    making.team.hire(one.children, leavers)
    making.team.teachers = dict.fromkeys(DesignatedTeacher.objects.values_list("school_id", flat=True), -1)
    _give_faults(rng, everyone)
    stories: dict[int, int] = {}
    for child, subject in enumerate(everyone):
        # Siblings share their story, and so their social worker.
        making.caseload = stories.setdefault(id(subject.story), len(stories))
        _write_child(making, child, subject)
    _invite_young_people(making, everyone)
    making.team.teachers = {urn: place for urn, place in making.team.teachers.items() if place >= 0}
    making.team.write()
    making.team.appoint(one.name)
    making.rows.write(making.team.ids)
    bulk.insert(
        "care_statutoryreturn",
        ("authority_id", "collection_year", "loaded_on"),
        [(one.code, year, min(date(year, 6, 12), today)) for year in making.returns],
    )
    refresh_involvements(one.code)
    refresh_children(one.code, None, today)
    record_event("demo.made", by=None, authority=one.code, children=len(everyone))


def _making(one: Invented, ground: England, rng: Random, today: date) -> Making:
    calendar, _ = school_calendars(one.code, one.name)
    now = calendar.term_on(today) or calendar.previous_term(calendar.term_or_next(today))
    place = calendar.terms.index(now)
    terms = list(calendar.terms[max(0, place - TERMS_HELD + 1) : place + 1])
    last_return = today.year if today >= date(today.year, 4, 1) else today.year - 1
    return Making(
        rng=rng, area=Area(one.code, one.area, ground), england=ground,
        team=Team(rng, one.code, one.domain, today, one.is_pictured), rows=Rows(one.code), today=today,
        working=working_calendar(), calendar=calendar, terms=terms,
        returns=list(range(last_return - RETURNS_HELD + 1, last_return + 1)),
        term_days={
            term.key: [
                day
                for ordinal in range(term.starts.toordinal(), term.ends.toordinal() + 1)
                if calendar.is_school_day(day := date.fromordinal(ordinal))
            ]
            for term in terms
        },
    )  # fmt: skip


def _everyone(making: Making, one: Invented) -> list[Subject]:
    rng, area, today = making.rng, making.area, making.today
    pictured = cast(rng, area, today) if one.is_pictured else []
    in_care = [subject for subject in pictured if subject.cohort == "looked_after"][: one.children]
    left = [subject for subject in pictured if subject.cohort != "looked_after"]
    extras = DEFAULT_EXTRAS if one.is_pictured else ENGLAND_EXTRAS
    number = {name: round(one.children * share) for name, share in extras.items()}
    return [
        *in_care,
        *subjects.looked_after(rng, area, one.children - len(in_care), today),
        *left,
        *subjects.previously_looked_after(rng, area, number["previously_looked_after"], today),
        *subjects.care_leavers(rng, area, number["care_leavers"], today),
        *subjects.others(rng, area, number["others"], today),
    ]


def _give_faults(rng: Random, everyone: list[Subject]) -> None:
    """Records with something missing or wrong, a few of each kind, so that the pages have them to show."""
    plain = [subject for subject in everyone if not subject.is_pictured]
    for fault, share in FAULTS.items():
        for subject in rng.sample(plain, min(len(plain), max(1, round(len(plain) * share)))):
            subject.faults.add(fault)


def _write_child(making: Making, child: int, of: Subject) -> None:
    story = of.story
    if story is None:
        return
    history = education.schooling(making, child, of, story)
    schools = [at.school for at in history if at.school]
    first = next((s for s in schools if s.number), None)
    record.identity(making, child, of, (first.la_code, first.number) if first else None)
    if of.support:
        making.rows.add("children_supportperiod", child, of.support, story.starts, None)
    if of.cohort in ("social_worker", "kinship"):
        record.around(making, child, of, story, is_sensitive=False)
        return
    record.care(making, child, of, story)
    held = record.reviews(making, child, of, story)
    if of.cohort == "looked_after":
        education.plans(making, child, of, story, held)
        record.outcomes(making, child, of, story)
        record.pathway(making, child, of, story)
        record.went_missing(making, child, of, story)
        if making.rng.random() < 0.2:
            kind = making.rng.choices(("Z1", "P2", "P1", "P3", "P4"), (85, 7, 3, 3, 2))[0]
            making.rows.add("care_previouspermanence", child, kind, "", "")
    if of.cohort == "care_leaver":
        record.leaver_outcomes(making, child, of)
    if of.cohort in ("looked_after", "previously_looked_after"):
        record.adoption(making, child, story)
    is_sensitive = _is_sensitive(making, child, of)
    record.around(making, child, of, story, is_sensitive)


def _is_sensitive(making: Making, child: int, of: Subject) -> bool:
    story = of.story
    if of.is_pictured or story is None:
        return False
    if record.HIDDEN in of.faults:
        kind, since = "protected_address", story.homes[-1].on
    elif story.end_reason in ("E11", "E12") and making.rng.random() < 0.15:
        kind, since = "adoption", story.ends or making.today
    else:
        return False
    making.rows.add("children_sensitivity", child, kind, since, "")
    return True


def _invite_young_people(making: Making, everyone: list[Subject]) -> None:
    oldest = add_months(making.today, -12 * 15)
    asked = [
        (child, subject)
        for child, subject in enumerate(everyone)
        if subject.cohort == "looked_after" and subject.born <= oldest and not subject.faults
    ][:YOUNG_PEOPLE_WHO_SIGN_IN]
    for child, subject in asked:
        place = making.team.add(Role.YOUNG_PERSON, f"{subject.forename} {subject.surname}")
        making.rows.add(
            "children_involvement", child, Role.YOUNG_PERSON, subject.story.starts, None, "", True, place
        )


def sign_in_people(code: int) -> list[tuple[str, str, str]]:
    """Role, name and address of those who may sign in and are not at a school or at home."""
    roles = [Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER, Role.DATA_OFFICER, Role.ADMINISTRATOR, Role.NOMINATED_OFFICER,
             Role.BOARD_MEMBER, Role.INSPECTOR]  # fmt: skip
    rows = Membership.objects.filter(Q(authority=code), role__in=roles, user__email__isnull=False)
    return list(rows.order_by("id").values_list("role", "user__name", "user__email"))

