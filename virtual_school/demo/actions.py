"""Making the invented authorities: each in one transaction, none a second time."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from random import Random
from typing import Any

from django.db import connections

from virtual_school.audit.actions import record as record_event
from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.duties.actions import refresh_children
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.actions import refresh_involvements
from virtual_school.schools.models import DesignatedTeacher

from . import beside
from .alerts import Alerts
from .attendance import write_marks
from .calls import Calls
from .exclusions import Exclusions
from .ground import england, load_calendars, load_schools
from .invent import invent
from .measures import freeze_past_terms
from .places import England
from .plans import Plans
from .quality import Quality
from .team import Team
from .voice import Voices
from .whole import Invented, planned

SIDE_BY_SIDE_FROM = 8
"""So many authorities are worth several processes."""

COLOURS = ("#0d4a52", "#4a2d63", "#7a3b0c", "#1d4f91", "#6b3a5b", "#2f5d3a")
"""In turn, for those that have none of their own."""


class InTheWay(Exception):
    """A real authority holds a code that an invented one would take; nothing was made."""


def make(
    authorities: int, children: int, seed: str, today: date, say: Callable[[str], None] = lambda words: None
) -> list[dict[str, Any]]:
    """Makes what is not there yet, and says what is: code, name and number of children in care of each."""
    wanted = planned(authorities, children)
    with acting(service(), action="demo: schools"):
        real = Authority.objects.filter(code__in=[one.code for one in wanted], is_invented=False)
        if names := ", ".join(f"{authority.name} ({authority.code})" for authority in real):
            raise InTheWay(f"The demonstration would need the place of {names}, which is held here for real.")
        held = set(Authority.objects.filter(code__in=[one.code for one in wanted]).values_list("code", flat=True))
        missing = [one for one in wanted if one.code not in held]
        if load_schools(today):
            say("Loaded the register of schools.")
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
        make_authority(one, ground or _kept[0], seed, today)
    return one


def _appoint_teachers(ground: England, seed: str, today: date) -> None:
    """A designated teacher for every school, before the authorities that share schools are made side by side."""
    team = Team(Random(f"{seed}:designated teachers"), 0, "schools.example", today)
    team.have_teachers = set(DesignatedTeacher.objects.values_list("school_id", flat=True))
    for kinds in ground.by_area.values():
        for schools in kinds.values():
            for school in schools:
                team.teacher(school.urn)
    team.write()


def _there(one: Invented) -> dict[str, Any]:
    with acting(service(one.code)):
        periods = CarePeriod.objects.filter(authority=one.code, kind="looked_after", ends__isnull=True)
        name = Authority.objects.get(code=one.code).name
        return {"code": str(one.code), "name": name, "children": periods.values("child").distinct().count()}


def make_authority(one: Invented, ground: England, seed: str, today: date) -> None:
    authority = Authority.objects.create(
        code=one.code, name=one.name, gss_code=one.gss_code, region=one.region, is_invented=True,
        colour=one.colour or COLOURS[one.code % len(COLOURS)],
    )  # fmt: skip
    making = invent(one, ground, seed, today)
    plans = Plans(making, seed) if one.is_pictured or one.is_beside else None
    making.team.write()
    making.team.appoint(one.name)
    ids = making.rows.write(making.team.ids)
    bulk.insert(
        "care_statutoryreturn",
        ("authority_id", "collection_year", "loaded_on"),
        [(one.code, year, min(date(year, 6, 12), today)) for year in making.returns],
    )
    refresh_involvements(one.code)
    if plans:
        plans.write(authority, ids)
        Voices(authority, seed, today).write()
        write_marks(authority, making.calendar, seed, today)
        Exclusions(authority, making.calendar, seed, today).write()
        Calls(authority, making.calendar, seed, today).write()
        Alerts(authority, making.calendar, seed, today).write()
        Quality(authority, seed, today).write()
        freeze_past_terms(authority, today)
    if one.is_beside:
        beside.ask_her_to_help(authority)
    refresh_children(one.code, None, today)
    record_event("demo.made", by=None, authority=one.code, children=len(making.rows.children))
