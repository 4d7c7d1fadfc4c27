"""All rows of one invented authority, made from a seed and a day; nothing is written yet."""

from datetime import date
from random import Random

from virtual_school.access.models import Role
from virtual_school.authorities.queries import school_calendars, working_calendar
from virtual_school.dates.ages import add_months
from virtual_school.dates.school_days import Term
from virtual_school.schools.models import DesignatedTeacher

from . import beside, education, record, subjects
from .cast import cast
from .places import Area, England
from .record import FAULTS, Making
from .subjects import Subject
from .team import Team
from .whole import Invented
from .write import Rows

RETURNS_HELD = 3
TERMS_HELD = 4
OTHERS_BESIDE = {"previously_looked_after": 0.35, "care_leavers": 0.45, "others": 0.14}
FEW_BESIDE = {"previously_looked_after": 0.04, "care_leavers": 0.05, "others": 0.01}
"""The other parts of the roll, for each child in care; few for England, to keep it light."""

YOUNG_PEOPLE_WHO_SIGN_IN = 3
SENSITIVE_OF_THE_ADOPTED = 0.15
BEFORE_CARE_CAME_PERMANENCE = {"Z1": 85, "P2": 7, "P1": 3, "P3": 3, "P4": 2}


def invent(one: Invented, ground: England, seed: str, today: date) -> Making:
    """The same rows for the same seed and day, as long as the same schools have a designated teacher already."""
    rng = Random(f"{seed}:{one.code}")
    making = _making(one, ground, rng, today)
    everyone = _everyone(making, one)
    making.team.hire(one.children, sum(subject.cohort == "care_leaver" for subject in everyone))
    _give_faults(rng, everyone)
    stories: dict[int, int] = {}
    for child, subject in enumerate(everyone):
        # Siblings share their story, and so their social worker.
        making.caseload = stories.setdefault(id(subject.story), len(stories))
        _tell(making, child, subject)
    if not one.is_beside:
        _invite_young_people(making, everyone)
    return making


def _making(one: Invented, ground: England, rng: Random, today: date) -> Making:
    calendar, _ = school_calendars(one.code, one.name)
    now = calendar.term_on(today) or calendar.previous_term(calendar.term_or_next(today))
    place = calendar.terms.index(now)
    terms = list(calendar.terms[max(0, place - TERMS_HELD + 1) : place + 1])
    last_return = today.year if today >= date(today.year, 4, 1) else today.year - 1
    team = Team(rng, one.code, one.domain, today, one.is_pictured, one.is_beside)
    team.have_teachers = set(DesignatedTeacher.objects.values_list("school_id", flat=True))
    return Making(
        rng=rng, area=Area(one.code, ground.held(one.area), ground), england=ground, team=team, rows=Rows(one.code),
        today=today, working=working_calendar(), calendar=calendar, terms=terms,
        returns=list(range(last_return - RETURNS_HELD + 1, last_return + 1)),
        term_days={term.key: _school_days(calendar, term) for term in terms},
    )  # fmt: skip


def _school_days(calendar: record.SchoolCalendar, term: Term) -> list[date]:
    days = (date.fromordinal(ordinal) for ordinal in range(term.starts.toordinal(), term.ends.toordinal() + 1))
    return [day for day in days if calendar.is_school_day(day)]


def _everyone(making: Making, one: Invented) -> list[Subject]:
    rng, area, today = making.rng, making.area, making.today
    pictured = cast(rng, area, today) if one.is_pictured else []
    if one.is_beside:
        pictured = beside.pupils(one, rng, area, today)
    in_care = [subject for subject in pictured if subject.cohort == "looked_after"][: one.children]
    left = [subject for subject in pictured if subject.cohort != "looked_after"]
    more = OTHERS_BESIDE if one.is_pictured else FEW_BESIDE
    number = {name: round(one.children * share) for name, share in more.items()}
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


def _tell(making: Making, child: int, of: Subject) -> None:
    """Every row of one child."""
    story = of.story
    history = education.schooling(making, child, of, story)
    first = next((at.school for at in history if at.school and at.school.number), None)
    record.identity(making, child, of, (first.la_code, first.number) if first else None)
    if of.cohort in ("social_worker", "kinship"):
        making.rows.add("children_supportperiod", child, of.support, story.starts, None)
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
            kind = subjects.shares.drawn(making.rng, BEFORE_CARE_CAME_PERMANENCE)
            making.rows.add("care_previouspermanence", child, kind, "", "")
    if of.cohort == "care_leaver":
        record.leaver_outcomes(making, child, of)
    if of.cohort in ("looked_after", "previously_looked_after"):
        record.adoption(making, child, story)
    record.around(making, child, of, story, _is_sensitive(making, child, of))


def _is_sensitive(making: Making, child: int, of: Subject) -> bool:
    story = of.story
    if of.is_pictured:
        return False
    if record.HIDDEN in of.faults:
        kind, since = "protected_address", story.homes[-1].on
    elif story.end_reason in ("E11", "E12") and making.rng.random() < SENSITIVE_OF_THE_ADOPTED:
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
        starts = subject.story.starts
        making.rows.add("children_involvement", child, Role.YOUNG_PERSON, starts, None, "", True, place)
