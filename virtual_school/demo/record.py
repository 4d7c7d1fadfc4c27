"""From an invented child to the rows that tell of them: identity, care, reviews and outcomes."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from virtual_school.access.models import Role
from virtual_school.care.history import EpisodeFact, care_periods, placements
from virtual_school.children.actions import search_text
from virtual_school.dates.ages import add_months, age_on, birthday
from virtual_school.dates.school_days import SchoolCalendar, Term
from virtual_school.dates.working_days import WorkingCalendar
from virtual_school.law import constants

from . import names, numbers, shares
from .lives import DAY, FOSTER, Story, episodes, home_on, kind_of
from .places import Area, England
from .subjects import Subject
from .team import Team
from .write import Rows

REVIEW_LATE = 0.04
REVIEW_MISSING = 0.025
BOOKED_AHEAD_DAYS = 30
NO_BIRTH_HELD, NO_SEX, NO_ETHNICITY, NO_UPN, BAD_UPN, NO_AREA, HIDDEN = (
    "no birth date", "no sex", "no ethnicity", "no UPN", "bad UPN", "no area", "hidden address",
)  # fmt: skip
FAULTS = {NO_BIRTH_HELD: 0.003, NO_SEX: 0.003, NO_ETHNICITY: 0.008, NO_UPN: 0.008, BAD_UPN: 0.006, NO_AREA: 0.01,
          HIDDEN: 0.012}  # fmt: skip


@dataclass
class Making:
    """What every child's rows are made with."""

    rng: Random
    area: Area
    england: England
    team: Team
    rows: Rows
    today: date
    working: WorkingCalendar
    calendar: SchoolCalendar
    returns: list[int]
    terms: list[Term]
    term_days: dict[str, list[date]]
    numbers_used: set[str] = field(default_factory=set)
    caseload: int = 0

    def team_name(self, role: str) -> str:
        return self.team.users[self.rng.choice(self.team.by_role[role])][0]

    @property
    def held_from(self) -> date:
        """The first day the earliest return tells of: reviews before it are not held."""
        return date(min(self.returns) - 1, 4, 1)


def identity(making: Making, child: int, of: Subject, upn_of: tuple[int, str] | None) -> None:
    rng, today = making.rng, making.today
    age = age_on(of.born, today)
    number, missing = "", ""
    if NO_UPN in of.faults:
        pass
    elif age < 4 or upn_of is None:
        missing = "UN1" if age < 5 else "UN3" if of.is_alone else "UN2" if age < 18 else ""
    elif of.is_alone and rng.random() < 0.4:
        missing = "UN3"
    else:
        number = numbers.upn(rng, *upn_of, of.born.year + 4)
        while number in making.numbers_used:
            number = numbers.upn(rng, *upn_of, of.born.year + 4)
        making.numbers_used.add(number)
        if BAD_UPN in of.faults:
            number = numbers.faulty(number)
    uln = numbers.uln(rng) if age >= 14 and rng.random() < 0.93 else ""
    local_id = f"{child * 3 + rng.randrange(1, 4):05d}"
    preferred = ""
    if not of.is_pictured and rng.random() < 0.03:
        preferred = of.forename[:3] + ("ie" if of.sex == "F" else "y")
    is_mother = None
    mothers_child = None
    if of.sex == "F" and age >= 14:
        is_mother = rng.random() < 0.02
        if is_mother:
            mothers_child = today - timedelta(days=rng.randrange(40, 500))
    former = ""
    if not of.is_pictured and of.cohort != "previously_looked_after" and rng.random() < 0.03:
        former = rng.choice(names.BRITISH.surnames)
        until = today - timedelta(days=rng.randrange(90, 900))
        making.rows.add("children_formername", child, of.forename, former, until)
    making.rows.children.append(
        (
            uuid.UUID(int=rng.getrandbits(128), version=4), local_id, of.forename, of.surname, preferred,
            None if NO_BIRTH_HELD in of.faults else of.born,
            "U" if NO_SEX in of.faults else of.sex, "" if NO_ETHNICITY in of.faults else of.ethnicity,
            number, missing, uln, is_mother, mothers_child, {},
            search_text([preferred, of.forename, of.surname, of.forename if former else "", former],
                        [number, uln, local_id]),
            today - timedelta(days=rng.randrange(0, 96)) if rng.random() < 0.95 else None,
        )
    )  # fmt: skip


def care(making: Making, child: int, of: Subject, story: Story) -> list[EpisodeFact]:
    rows, rng = making.rows, making.rng
    told = [_as_recorded(of, episode) for episode in episodes(story)]
    for episode in told:
        at = home_on(story, episode.starts)
        unknown = episode.in_area is None
        rows.add(
            "care_episode", child, episode.starts, episode.new_reason, episode.legal_status, episode.need,
            episode.place, episode.provider, episode.ends, episode.end_reason, episode.change_reason,
            episode.home_postcode, episode.place_postcode, episode.home_urn, "" if unknown else str(at.la_code),
            "" if unknown else "IN" if episode.in_area else "OUT", episode.distance_miles, episode.is_emergency, {},
        )  # fmt: skip
    for period in care_periods(told):
        rows.add("care_careperiod", child, period.kind, period.starts, period.ends, period.end_reason)
    for placement in placements(told):
        rows.add(
            "care_placement", child, placement.starts, placement.ends, placement.place, placement.provider,
            placement.postcode, placement.home_urn, home_on(story, placement.starts).carer, "", placement.in_area,
            placement.is_emergency,
        )  # fmt: skip
        if placement.in_area is False and of.cohort == "looked_after" and rng.random() < 0.94:
            on = placement.starts + timedelta(days=rng.choice((0, 1, 2, 3, 4, 5, 6, 9, 14)))
            if on <= making.today and placement.ends is None:
                adviser = making.team_name(Role.ADVISER)
                _evidence(making, child, "SCH-10", on, "Spoke with the area's virtual school", adviser)
    if of.is_alone:
        rows.add("care_unaccompaniedchild", child, birthday(of.born, 18))
    return told


def _as_recorded(of: Subject, episode: EpisodeFact) -> EpisodeFact:
    """What the council holds of it, where that is less than there was."""
    if HIDDEN in of.faults and episode.ends is None:
        episode = replace(episode, home_postcode="", place_postcode="", distance_miles=None)
    if NO_AREA in of.faults:
        episode = replace(episode, in_area=None, distance_miles=None)
    return episode


def _evidence(making: Making, child: int, duty: str, on: date, note: str, by_name: str) -> None:
    making.rows.add("children_evidence", child, duty, on, note, by_name, f"{on}T12:00:00Z", None)


def reviews(making: Making, child: int, of: Subject, story: Story) -> list[date]:
    """Reviews as the regulations space them, a few late, a few missing, the next perhaps booked."""
    rng, today = making.rng, making.today
    held = of.first_reviews if of.first_reviews is not None else _review_days(making, story)
    for on in held:
        if on >= making.held_from:
            under_four = age_on(of.born, on) < 4
            code = "PN0" if under_four else "" if on > today else shares.drawn(rng, shares.TOOK_PART)
            making.rows.add("care_review", child, on, code)
    return held


def _review_days(making: Making, story: Story) -> list[date]:
    rng, today = making.rng, making.today
    end = story.ends or today
    earliest = making.working.known_from
    late = rng.random() < REVIEW_LATE
    count = rng.randrange(21, 27) if late else rng.randrange(14, constants.FIRST_REVIEW_WORKING_DAYS + 1)
    following = story.starts + timedelta(days=27)
    if story.starts > earliest:
        following = making.working.after(story.starts, count)
    held: list[date] = []
    while following <= end:
        held.append(following)
        months = constants.SECOND_REVIEW_MONTHS if len(held) == 1 else constants.LATER_REVIEW_MONTHS
        limit = add_months(following, months)
        slack = -rng.randrange(1, 20) if rng.random() < REVIEW_LATE else rng.randrange(0, 24)
        following = limit - timedelta(days=slack)
        while following.weekday() > 4:
            following -= DAY
    if story.ends:
        return held
    if held and (today - held[-1]).days < 30 and rng.random() < REVIEW_MISSING * 4:
        held.pop()
    elif (following - today).days <= BOOKED_AHEAD_DAYS and rng.random() < 0.6:
        held.append(following)
    return held


def outcomes(making: Making, child: int, of: Subject, story: Story) -> None:
    """OC2 for each collection year held at whose end the child had been in care for twelve months."""
    rng = making.rng
    for year in making.returns:
        end = date(year, 3, 31)
        if story.starts > date(year - 1, 4, 1) or (story.ends and story.ends <= end):
            continue
        age = age_on(of.born, end)
        if age >= 18:
            continue
        score, reason = None, ""
        if constants.SDQ_FROM_AGE <= age <= constants.SDQ_TO_AGE:
            if rng.random() < shares.SCORE_RECEIVED:
                low, high = shares.drawn(rng, shares.SCORE_BANDS)
                score = max(rng.randrange(low, high + 1), rng.randrange(low, high + 1)) if high == 13 else (
                    min(rng.randrange(low, high + 1), rng.randrange(low, high + 1))
                )  # fmt: skip
            elif rng.random() < 0.8:
                reason = rng.choice(("SDQ2", "SDQ2", "SDQ4", "SDQ5"))
        else:
            reason = "SDQ1"
        had = {name: rng.random() < share for name, share in shares.HAD.items()}
        misuse = had["has_substance_misuse"] and age >= 12
        making.rows.add(
            "care_twelvemonthoutcomes", child, year, score, reason, had["is_convicted"] and age >= 10,
            rng.random() < 0.88 if age <= 4 else None, had["has_immunisations"], had["has_teeth_check"],
            had["has_health_assessment"], misuse, rng.random() < 0.5 if misuse else None, True if misuse else None,
        )  # fmt: skip


def leaver_outcomes(making: Making, child: int, of: Subject) -> None:
    """OC3 around each birthday from the 17th, and the pathway work recorded here."""
    rng, today = making.rng, making.today
    for year in making.returns[-2:]:
        age = age_on(of.born, date(year, 3, 31))
        if not 17 <= age <= 25 or of.story.ends is None or of.story.ends > date(year, 3, 31):
            continue
        in_touch = rng.choices(("YES", "NO", "REFU", "NREQ"), (90, 5, 3, 2))[0]
        table = shares.ACTIVITIES["17-18" if age <= 18 else "19-21"]
        activity = shares.drawn(rng, table) if in_touch == "YES" else "0"
        accommodation = shares.drawn(rng, shares.ACCOMMODATION) if in_touch == "YES" else "0"
        making.rows.add("care_careleaveroutcomes", child, year, in_touch, activity, accommodation)
    adviser = making.team_name(Role.PERSONAL_ADVISER)
    if of.story.ends is None:
        return
    # Pathway plans reviewed about every six months until 21, some late.
    eighteen, twenty_one = birthday(of.born, 18), birthday(of.born, 21)
    on = of.story.ends + timedelta(days=rng.randrange(30, 88))
    while on <= min(today, twenty_one):
        if on >= making.held_from:
            duty = "P16-04" if on < eighteen else "P16-05"
            _evidence(making, child, duty, on, "Pathway plan reviewed", adviser)
        on += timedelta(days=rng.randrange(185, 230) if rng.random() < 0.09 else rng.randrange(150, 181))


def pathway(making: Making, child: int, of: Subject, story: Story) -> None:
    """The needs assessment of a young person in care at 16, within three months or a little late."""
    sixteen = max(birthday(of.born, 16), story.starts + timedelta(days=91))
    if sixteen > making.today:
        return
    on = sixteen + timedelta(days=making.rng.randrange(20, 100))
    if on <= making.today and making.rng.random() < 0.9:
        _evidence(making, child, "P16-02", on, "Pathway needs assessment", making.team_name(Role.SOCIAL_WORKER))


def adoption(making: Making, child: int, story: Story) -> None:
    """AD1 and the decision that the child be placed for adoption."""
    placed = next((start.on for start in story.homes if kind_of(start.home.place) == "adoption"), None)
    if placed is None:
        return
    rng = making.rng
    decided = placed - timedelta(days=rng.randrange(60, 260))
    by_order = story.end_reason in ("E11", "E12")
    making.rows.add("care_adoptionplacement", child, decided, story.ends if by_order else None, "")
    if by_order:
        two = rng.random() < 0.88
        making.rows.add(
            "care_adoption", child, decided, placed - timedelta(days=rng.randrange(7, 50)), rng.random() < 0.12,
            "2" if two else "1", rng.choice(("MF", "MF", "MF", "MM", "FF")) if two else rng.choice(("F1", "F1", "M1")),
            rng.choice(("L11", "L11", "L2", "L3")) if two else "L0",
        )  # fmt: skip


def went_missing(making: Making, child: int, of: Subject, story: Story) -> None:
    rng, today = making.rng, making.today
    if story.ends or age_on(of.born, today) < 11 or rng.random() > 0.12:
        return
    on = max(story.starts, today - timedelta(days=360))
    for _ in range(rng.choice((1, 1, 2, 3))):
        on += timedelta(days=rng.randrange(5, 120))
        if on < today - timedelta(days=4):
            kind = "M" if rng.random() < 0.8 else "A"
            making.rows.add("care_missingepisode", child, kind, on, on + timedelta(days=rng.choice((1, 1, 1, 2, 3))))


def around(making: Making, child: int, of: Subject, story: Story, is_sensitive: bool) -> None:
    """Social worker, manager, reviewing officer, adviser, carer or personal adviser, since when they are."""
    rng, team, today = making.rng, making.team, making.today

    def involve(role: str, place: int, starts: date, is_named: bool = False) -> None:
        making.rows.add("children_involvement", child, role, min(starts, today), None, "", is_named, place)

    if of.cohort == "care_leaver":
        advisers = team.by_role[Role.PERSONAL_ADVISER]
        involve(Role.PERSONAL_ADVISER, advisers[child % len(advisers)], story.ends or today)
        return
    if of.cohort == "previously_looked_after":
        if is_sensitive:
            involve(Role.ADVISER, team.by_role[Role.ADVISER][-1], story.ends or today, True)
        return
    workers, managers = team.by_role[Role.SOCIAL_WORKER], team.by_role[Role.SOCIAL_WORK_MANAGER]
    worker = making.caseload % len(workers)
    since = max(story.starts, today - timedelta(days=rng.randrange(20, 700)))
    involve(Role.SOCIAL_WORKER, workers[worker], since, is_sensitive)
    involve(Role.SOCIAL_WORK_MANAGER, managers[worker * len(managers) // len(workers)], story.starts)
    making.rows.add("care_socialworkerepisode", child, f"SW{workers[worker]:05d}", since, None, "")
    if of.cohort != "looked_after":
        return
    officers, advisers = team.by_role[Role.REVIEWING_OFFICER], team.by_role[Role.ADVISER]
    involve(Role.REVIEWING_OFFICER, officers[making.caseload % len(officers)], story.starts)
    adviser = of.adviser if of.adviser is not None else making.caseload
    involve(Role.ADVISER, advisers[adviser % len(advisers)], story.starts, is_sensitive)
    home = story.homes[-1]
    if home.home.place in FOSTER and home.home.carer:
        involve(Role.CARER, team.carer(home.home.carer), home.on, is_sensitive)
    if age_on(of.born, today) >= 16:
        personal = team.by_role[Role.PERSONAL_ADVISER]
        involve(Role.PERSONAL_ADVISER, personal[child % len(personal)], max(birthday(of.born, 16), story.starts))
