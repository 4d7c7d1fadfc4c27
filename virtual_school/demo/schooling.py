"""Where a child went to school, year by year, with the moves that new homes brought."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from virtual_school.dates.ages import academic_year_start, year_group

from . import names
from .places import COLLEGE, PRIMARY, SECONDARY, SPECIAL, England, SchoolPlace, miles_between

TOO_FAR_MILES = 12
LAST_YEAR = 13
NURSERY_YEAR = -1


@dataclass(slots=True)
class Attended:
    """`school` None: a place that is not on the register, by name in `provision`."""

    school: SchoolPlace | None
    provision: str
    starts: date
    ends: date | None = None
    left_why: str = ""
    kind: str = "main"


@dataclass(frozen=True, slots=True)
class Lived:
    """From a day on, near this school of the register."""

    on: date
    near: SchoolPlace


def first_day(year: int) -> date:
    """The Tuesday or so on which schools open in September."""
    day = date(year, 9, 3)
    return day + timedelta(days=(7 - day.weekday()) % 7) if day.weekday() > 4 else day


def _near(lived: list[Lived], day: date) -> SchoolPlace:
    near = lived[0].near
    for place in lived:
        if place.on <= day:
            near = place.near
    return near


def attended(
    rng: Random, england: England, born: date, sex: str, lived: list[Lived], today: date,
    *, is_special: bool = False, from_day: date | None = None, until: date | None = None,
) -> list[Attended]:  # fmt: skip
    """Every school since nursery, or since `from_day` for a child who came to the country then."""
    history: list[Attended] = []
    stop = until or today
    first = max(born.year + 3, academic_year_start(from_day) if from_day else 0)
    for year in range(first, academic_year_start(stop) + 1):
        opens = first_day(year)
        group = year_group(born, opens)
        if group < NURSERY_YEAR or group > LAST_YEAR or opens > stop:
            continue
        closes = min(date(year + 1, 8, 31), stop)
        current = history[-1] if history and history[-1].ends is None else None
        begins = opens
        if from_day and from_day > opens:
            if from_day > closes:
                continue
            begins = from_day + timedelta(days=rng.randrange(6, 26))
            if begins >= today:
                continue
        if current and current.starts >= begins:
            continue
        if current is None or not _goes_on(current, group, sex):
            new = _place(rng, england, group, sex, _near(lived, begins), is_special)
            if current:
                current.ends, current.left_why = begins, "moved up"
            if new:
                history.append(Attended(*new, begins))
        _moves(rng, england, history, group, sex, lived, begins, closes, is_special)
    if history and history[-1].ends is None and year_group(born, stop) > LAST_YEAR:
        history[-1].ends, history[-1].left_why = date(academic_year_start(stop), 7, 20), "course ended"
        if history[-1].ends <= history[-1].starts:
            history.pop()
    return history


def _goes_on(current: Attended, group: int, sex: str) -> bool:
    if current.school is None:
        return group < 0
    if group in (7, 12) and current.school.kind == PRIMARY:
        return False
    return current.school.takes(group, sex)


def _place(
    rng: Random, england: England, group: int, sex: str, near: SchoolPlace, is_special: bool
) -> tuple[SchoolPlace | None, str] | None:
    if group == NURSERY_YEAR:
        if rng.random() < 0.12:
            return None
        return None, rng.choice(names.NURSERIES)
    if is_special:
        fits = england.nearest(near, SPECIAL, group, sex)
        if fits:
            return rng.choice(fits), ""
    if group >= 12:
        chance = rng.random()
        if chance < 0.17:
            return None
        if chance < 0.27:
            return None, rng.choice(names.TRAINING)
        fits = england.nearest(near, COLLEGE if chance < 0.82 else SECONDARY, group, sex)
    else:
        fits = england.nearest(near, PRIMARY if group <= 6 else SECONDARY, group, sex) or england.nearest(
            near, SECONDARY, group, sex
        )
    if not fits:
        return None
    return rng.choices(fits, [2**-place for place in range(len(fits))])[0], ""


def _moves(
    rng: Random, england: England, history: list[Attended], group: int, sex: str, lived: list[Lived],
    opens: date, closes: date, is_special: bool,
) -> None:  # fmt: skip
    """New schools in the year, after a new home too far away, and now and then for another reason."""
    for place in lived[1:]:
        if not (opens < place.on < closes and history):
            continue
        current = history[-1]
        if current.ends is not None or current.starts >= place.on:
            continue
        far = current.school is not None and miles_between(current.school, place.near) > TOO_FAR_MILES
        stays = 0.45 if group >= 10 else 0.3
        if rng.random() < (1 - stays if far else 0.05):
            new = _place(rng, england, group, sex, place.near, is_special)
            if new is None or new[0] is current.school:
                continue
            left = min(place.on + timedelta(days=rng.choice((0, 0, 1, 7))), closes)
            current.ends, current.left_why = left, "moved home"
            starts = left + timedelta(days=rng.choice((1, 3, 5, 8, 12, 17, 24)))
            if starts <= closes:
                history.append(Attended(*new, starts))
