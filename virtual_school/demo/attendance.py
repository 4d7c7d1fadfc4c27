"""Two years of marks of an invented authority's children in care: illness in winter, Mondays and Fridays, a bad time
before a move, suspensions, a part-time timetable, and this morning's register from most schools."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.authorities.models import Authority
from virtual_school.care.models import CarePeriod
from virtual_school.children.models import Child
from virtual_school.dates.ages import academic_year_start, of_compulsory_school_age, year_group
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.schools.models import Enrolment

YEARS = 2
DAY = timedelta(days=1)
LATEST_YEAR, EARLIEST_YEAR = 11, 0
SHARES = {"steady": 62, "often ill": 16, "slipping": 13, "persistent": 6, "severe": 3}
AWAY = {"steady": 0.012, "often ill": 0.035, "slipping": 0.03, "persistent": 0.11, "severe": 0.45}
TRUANT = {"steady": 0.1, "often ill": 0.1, "slipping": 0.55, "persistent": 0.6, "severe": 0.7}
LATE = {"steady": 0.008, "often ill": 0.012, "slipping": 0.05, "persistent": 0.06, "severe": 0.05}
WINTER = {11: 1.6, 12: 1.9, 1: 2.0, 2: 1.5, 3: 1.1}
WEEKDAY = (1.35, 0.9, 0.85, 0.95, 1.3)
UNSETTLED_BEFORE_MOVE = 30
SUSPENDED, PART_TIME, TUTORED = 0.045, 0.008, 0.006
NOT_SENT_TODAY = 0.12
NOT_SENT_LATELY, LATELY = 0.03, timedelta(days=9)
"""Of schools: those whose marks of the last days are still to come."""

NOT_YET_KNOWN = 0.25
"""Of unexplained absence: first marked N, and settled some days later."""

SYSTEMS = ("Arbor", "SIMS", "Bromcom")


@dataclass(slots=True)
class Pupil:
    child: int
    born: date | None
    spells: list[tuple[date, date | None, int]]
    care: list[tuple[date, date | None]]


def write_marks(authority: Authority, calendar: SchoolCalendar, seed: str, today: date) -> None:
    """A delivery for each term, then the corrections to it, and today's."""
    pupils = _pupils(authority.code)
    first = date(academic_year_start(today) - YEARS + 1, 9, 1)
    days = _school_days(calendar, first, today)
    of_term: dict[str, list[Given]] = defaultdict(list)
    settled: dict[str, list[Given]] = defaultdict(list)
    terms = {day: term.key for day in days if (term := calendar.term_on(day))}
    for pupil in pupils:
        rng = Random(f"{seed}:{authority.code}:attendance:{pupil.child - pupils[0].child}")
        for row in _marks(rng, pupil, days, today):
            key = terms[row.day]
            if "O" in (row.am, row.pm) and row.day < today - 7 * DAY and rng.random() < NOT_YET_KNOWN:
                settled[key].append(row)
                row = row._replace(am="N" if row.am == "O" else row.am, pm="N" if row.pm == "O" else row.pm)
            of_term[key].append(row)
    last_day = {term.key: min(term.ends, today) for term in calendar.terms}
    for key, rows in of_term.items():
        system = SYSTEMS[authority.code % len(SYSTEMS)]
        _deliver(authority, Delivery.Source.FILE, f"Registers ({system})", rows, last_day[key])
        if settled[key]:
            _deliver(authority, Delivery.Source.FILE, f"Registers ({system})", settled[key], last_day[key])
    _telephone(authority, of_term, seed, today)


def _deliver(authority: Authority, source: str, name: str, rows: Sequence[Given], on: date) -> None:
    at = datetime.combine(on, time(9, 40), UTC)
    deliver(Sender(source, name, at=at), {authority.code: rows})


def _telephone(authority: Authority, of_term: dict[str, list[Given]], seed: str, today: date) -> None:
    """A few carers or schools said otherwise on the telephone: both are kept, and the difference is shown."""
    rng = Random(f"{seed}:{authority.code}:telephone")
    rows = [row for rows in of_term.values() for row in rows if row.am == "O" and row.day >= today - 60 * DAY]
    said = [row._replace(am="I", pm="") for row in rng.sample(rows, min(4, len(rows)))]
    if said:
        _deliver(authority, Delivery.Source.PHONE, "Call list", said, today)


def _pupils(code: int) -> list[Pupil]:
    spells: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    enrolments = Enrolment.objects.filter(authority=code, kind=Enrolment.Kind.MAIN, school__isnull=False)
    for child, starts, ends, urn in enrolments.order_by("starts").values_list("child", "starts", "ends", "school"):
        spells[child].append((starts, ends, urn))
    care: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    periods = CarePeriod.objects.filter(authority=code, kind="looked_after").order_by("starts")
    for child, starts, ends in periods.values_list("child", "starts", "ends"):
        care[child].append((starts, ends))
    born = dict(Child.objects.filter(authority=code, id__in=care).order_by("id").values_list("id", "born"))
    return [Pupil(child, day, spells[child], care[child]) for child, day in born.items() if spells[child]]


def _school_days(calendar: SchoolCalendar, first: date, last: date) -> list[date]:
    days = (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
    return [day for day in days if calendar.holds(day) and calendar.is_school_day(day)]


def _holds(spells: Sequence[tuple], day: date) -> tuple | None:
    return next((spell for spell in spells if spell[0] <= day and (spell[1] is None or spell[1] > day)), None)


def _marks(rng: Random, pupil: Pupil, days: Sequence[date], today: date) -> Iterator[Given]:
    kind = rng.choices(list(SHARES), list(SHARES.values()))[0]
    away: list[tuple[str, str]] = []
    tutored = rng.random() < TUTORED
    part_time_from = rng.choice(days) if rng.random() < PART_TIME and days else None
    suspended_on = (
        {rng.choice(days) for _ in range(1 + (kind == "persistent"))} if rng.random() < _suspended(kind) else set()
    )
    for day in days:
        spell = _holds(pupil.spells, day)
        if spell is None or _holds(pupil.care, day) is None:
            continue
        if pupil.born and not EARLIEST_YEAR <= year_group(pupil.born, day) <= LATEST_YEAR:
            continue
        if day == today and Random(f"{spell[2]}:{day}").random() < NOT_SENT_TODAY:
            continue
        if today - LATELY < day < today and Random(f"{spell[2]}:lately").random() < NOT_SENT_LATELY:
            continue
        if day in suspended_on and not away:
            away = [("E", "E")] * rng.choice((1, 1, 2, 3, 5))
        elif not away:
            away = _goes_away(rng, kind, day, spell[1], today)
        am, pm = away.pop(0) if away else _present(rng, kind)
        if part_time_from and part_time_from <= day < part_time_from + 42 * DAY and am in "/L":
            of_age = pupil.born is None or of_compulsory_school_age(pupil.born, day)
            pm = "C2" if of_age else "X"
        if tutored and day.weekday() in (1, 3) and am in "/L":
            am = pm = "K"
        if day == today:
            pm = ""
        minutes = rng.randrange(4, 40) if am in ("L", "U") else 0
        yield Given(pupil.child, day, spell[2], am, pm, minutes)


def _suspended(kind: str) -> float:
    return SUSPENDED * (4 if kind in ("persistent", "slipping") else 1)


def _goes_away(rng: Random, kind: str, day: date, moves_on: date | None, today: date) -> list[tuple[str, str]]:
    """The days of a spell that begins today, if one does."""
    chance = AWAY[kind] * WINTER.get(day.month, 0.7) * WEEKDAY[day.weekday()]
    if moves_on and (moves_on - day).days < UNSETTLED_BEFORE_MOVE:
        chance *= 2.5
    if kind == "slipping":
        chance *= 1 + max(0, 240 - (today - day).days) / 60
    if rng.random() >= chance:
        return []
    if rng.random() < TRUANT[kind]:
        return [rng.choice((("O", "O"), ("O", "O"), ("/", "O"), ("U", "\\"), ("G", "G")))] * rng.choice((1, 1, 1, 2, 3))
    if rng.random() < 0.25:
        return [rng.choice((("M", "\\"), ("/", "M"), ("M", "M")))]
    return [("I", "I")] * rng.choice((1, 1, 2, 2, 3, 5))


def _present(rng: Random, kind: str) -> tuple[str, str]:
    chance = rng.random()
    if chance < LATE[kind]:
        return "L", "\\"
    if chance > 0.994:
        return rng.choice((("V", "V"), ("P", "\\"), ("/", "P"), ("B", "B")))
    return "/", "\\"
