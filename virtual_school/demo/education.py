"""The rows of a child's schooling and plans."""

from datetime import date, timedelta

from virtual_school.dates.ages import age_on, birthday, year_group
from virtual_school.dates.school_days import Term
from virtual_school.law import constants

from . import shares
from .lives import DAY, Story
from .record import Making
from .schooling import Attended, Lived, attended
from .subjects import Subject

NO_PLACE = 0.012
OFF_THE_REGISTER, OFF_FOR_DAYS = 0.004, 40
OUT_OF_YEAR = 0.012
PLAN_MISSING = 0.03
PLAN_SIGNED_LATE = 0.04


def schooling(making: Making, child: int, of: Subject, story: Story) -> list[Attended]:
    rng, today = making.rng, making.today
    history = of.attended
    if history is None:
        lived = [Lived(date.min, story.family)]
        lived += [Lived(start.on, start.home.near) for start in story.homes if start.home.near]
        history = attended(
            rng, making.england, of.born, of.sex, lived, today, is_special=of.is_special,
            from_day=story.starts if of.is_alone else None,
        )  # fmt: skip
        if of.cohort == "looked_after":
            _lose_place(making, of, history)
        if of.cohort == "care_leaver":
            history = history[-2:]
    group = year_group(of.born, today)
    for at in history:
        now = at.ends is None
        taught_in = None
        if now and 1 <= group <= 11 and at.kind == "main":
            out_of_year = rng.random() < (0.08 if of.is_alone else OUT_OF_YEAR)
            taught_in = max(group - 1, 0) if out_of_year else group if rng.random() < 0.6 else None
        if at.ends is not None and at.ends < at.starts:
            at.ends = at.starts
        if at.school:
            making.team.teacher(at.school.urn) if now or (today - (at.ends or today)).days < 200 else None
        making.rows.add(
            "schools_enrolment", child, at.school.urn if at.school else None, at.provision, at.kind, at.starts, at.ends,
            taught_in, at.left_why,
        )  # fmt: skip
    return history


def _lose_place(making: Making, of: Subject, history: list[Attended]) -> None:
    """A few have no school now, a few are taught elsewhere beside their school, or only there."""
    rng, today = making.rng, making.today
    if not history or history[-1].ends is not None or not 5 <= age_on(of.born, today) < 16:
        return
    last = history[-1]
    chance = rng.random()
    if chance < NO_PLACE:
        left = today - timedelta(days=rng.randrange(3, 55))
        if left > last.starts:
            last.ends = left
            last.left_why = rng.choice(("place ended after a move", "permanently excluded", "moved home"))
    elif chance < NO_PLACE + 0.012 and last.school:
        starts = max(last.starts, today - timedelta(days=rng.randrange(10, 90)))
        provision = rng.choice(("Alternative provision centre", "Hospital and home tuition service", "Forest school"))
        history.append(Attended(None, provision, starts, kind="subsidiary"))
    elif chance > 1 - OFF_THE_REGISTER and last.school and (today - last.starts).days > OFF_FOR_DAYS:
        last.ends = today - timedelta(days=OFF_FOR_DAYS)
        last.left_why = "moved to tuition"
        history.append(Attended(None, "Riverside Tuition", last.ends))


def plans(making: Making, child: int, of: Subject, story: Story, reviews: list[date]) -> None:
    """The first plan of the time in care, and each term's since, as far as they are held."""
    expected_from = max(story.starts, birthday(of.born, 3))
    until = min(making.today, birthday(of.born, 18))
    if expected_from >= until:
        return
    first = making.calendar.term_or_next(max(expected_from, making.calendar.terms[0].starts))
    written: dict[str, tuple[date | None, date | None, date | None, str]] = {}
    begun = of.first_plan or _first_plan(making, of, story, expected_from, reviews)
    if begun != (None, None, None, ""):
        written[first.key] = begun
    for term in making.terms:
        if term.starts > expected_from and term.starts < until and term.key not in written:
            plan = _plan(making, term)
            if term is making.terms[-1] and of.this_term:
                plan = of.this_term
            if plan != (None, None, None, ""):
                written[term.key] = plan
    for key, plan in written.items():
        making.rows.add("plans_recordedplan", child, key, *plan)


def _first_plan(
    making: Making, of: Subject, story: Story, expected_from: date, reviews: list[date]
) -> tuple[date | None, date | None, date | None, str]:
    rng, today = making.rng, making.today
    chance = rng.random()
    recent = (today - story.starts).days < 120
    if recent and chance < 0.05:
        return None, None, None, ""
    if expected_from > story.starts:
        initiated = expected_from + timedelta(days=rng.randrange(-20, 1) if chance < 0.9 else rng.randrange(1, 30))
    elif story.homes[0].is_emergency is False:
        initiated = story.starts + timedelta(days=-rng.randrange(0, 9) if chance < 0.86 else rng.randrange(1, 16))
    else:
        limit = constants.PEP_INITIATE_EMERGENCY_WORKING_DAYS
        after = rng.randrange(1, limit + 4) if chance < 0.9 else rng.randrange(15, 26)
        initiated = story.starts + timedelta(days=after)
    if initiated > today:
        return None, None, None, ""
    meeting = initiated + timedelta(days=rng.randrange(6, 16))
    while meeting.weekday() > 4:
        meeting += DAY
    signed: date | None = meeting + timedelta(days=rng.randrange(1, 9))
    review = next((on for on in reviews if on > story.starts), None)
    if review and rng.random() < 0.8 and meeting < review:
        signed = min(signed or review, review - DAY)
    if signed and signed > today:
        signed = None
    return initiated, meeting, signed, _rating(making, signed)


def _rating(making: Making, signed: date | None) -> str:
    if signed is None or signed > making.today - timedelta(days=7):
        return ""
    return shares.drawn(making.rng, shares.RATINGS) if making.rng.random() < 0.92 else ""


def _plan(making: Making, term: Term) -> tuple[date | None, date | None, date | None, str]:
    """A meeting on some school day of the term; a past term's plan now and then missing or signed late."""
    rng, today = making.rng, making.today
    days = making.term_days[term.key]
    meeting = days[min(int(len(days) * rng.triangular(0.2, 0.98, 0.72)), len(days) - 1)]
    if rng.random() < PLAN_MISSING:
        return None, None, None, ""
    initiated = days[rng.randrange(0, min(12, len(days)))]
    if initiated > today:
        return None, None, None, ""
    if meeting > today:
        # Booked, where the day is near.
        booked = meeting if (meeting - today).days < 25 and rng.random() < 0.75 else None
        return initiated, booked, None, ""
    late = rng.random() < PLAN_SIGNED_LATE
    signed: date | None = meeting + timedelta(days=rng.randrange(25, 50) if late else rng.randrange(2, 14))
    if signed and signed > today:
        signed = None
    return initiated, meeting, signed, _rating(making, signed)
