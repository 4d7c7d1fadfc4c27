"""What happens to a child in care: the legal steps, the homes, and the episodes of the return that tell of them."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from virtual_school.care.history import EpisodeFact

from . import names, shares
from .places import Area, Home, SchoolPlace, miles_between
from .shares import drawn

DAY = timedelta(days=1)
FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
KIN = ("U1", "U2", "U3")


@dataclass(slots=True)
class HomeStart:
    on: date
    home: Home
    why: str = ""
    is_emergency: bool | None = False
    is_same_carer: bool = False


@dataclass(slots=True)
class Story:
    """One time in care. `legal` and `homes` each begin on the day care began."""

    starts: date
    family: SchoolPlace
    legal: list[tuple[date, str]] = field(default_factory=list)
    homes: list[HomeStart] = field(default_factory=list)
    need: str = "N1"
    ends: date | None = None
    end_reason: str = ""


def a_home(rng: Random, area: Area, family: SchoolPlace, kind: str, place: str, where: str = "") -> Home:
    """`where` says in, near or far; left out, it falls as England's do."""
    group = "kin" if place in KIN else kind
    if not where:
        chance = rng.random()
        far = shares.FAR[group]
        where = "far" if chance < far else "near" if chance < far + shares.NEAR_OUTSIDE else "in"
    spot = area.spot(rng, where, family)
    area.homes_made += 1
    registered = kind in ("home", "supported") or (kind == "foster" and group != "kin")
    return Home(
        place=place,
        provider=drawn(rng, shares.PROVIDERS[group]),
        postcode=spot.postcode,
        la_code=area.code if spot.la_code in area.codes else spot.la_code,
        in_area=spot.la_code in area.codes,
        miles=round(miles_between(family, spot), 1),
        urn=f"SC{area.code:03d}{area.homes_made % 1000:03d}" if registered else "",
        carer=names.couple(rng) if kind in ("foster", "adoption") else "",
        near=spot,
    )


def kind_of(place: str) -> str:
    for kind, places in shares.PLACES.items():
        if place in places:
            return kind
    return "other"


def in_care(rng: Random, area: Area, band: str, born: date, starts: date, kind: str, moves: int, today: date) -> Story:
    """A child in care from `starts` until today, now in a home of that kind, after so many moves in the last year."""
    story = Story(starts=starts, family=rng.choice(area.inside), need=drawn(rng, shares.NEEDS))
    if band == "alone":
        story.need = "N8"
    days = (today - starts).days
    story.homes = _homes(rng, area, band, story, kind, moves, today)
    story.legal = _legal(rng, band, born, starts, days, kind)
    if kind == "adoption":
        _wait_for_order(story)
    first = story.homes[0]
    if story.legal[0][1] in ("L1", "L2"):
        first.is_emergency = True
    elif first.is_emergency is not None:
        first.is_emergency = rng.random() < 0.22
    return story


def _homes(rng: Random, area: Area, band: str, story: Story, kind: str, moves: int, today: date) -> list[HomeStart]:
    days = (today - story.starts).days
    moved: set[int] = set()
    recent = max(3, days - 360)
    for _ in range(moves):
        if days - recent > 6:
            moved.add(rng.randrange(recent, days - 1))
    if days > 400:
        moved.add(rng.randrange(20, min(days - 366, 210)))  # from a short stay to a home meant to last
        for _ in range((days - 366) // 365):
            if rng.random() < 0.22:
                moved.add(rng.randrange(30, days - 366))
    at = [0]
    for day in sorted(moved):
        if day - at[-1] > 5:
            at.append(day)
    homes = [
        HomeStart(
            on=story.starts + timedelta(days=day),
            home=_earlier_home(rng, area, band, story, kind),
            why=drawn(rng, shares.CHANGES),
            is_emergency=None if rng.random() < 0.10 else rng.random() < 0.13,
        )
        for day in at[:-1]
    ]
    homes.append(
        HomeStart(
            on=story.starts + timedelta(days=at[-1]),
            home=a_home(rng, area, story.family, kind, drawn(rng, shares.PLACES[kind])),
            why=drawn(rng, shares.CHANGES),
            is_emergency=None if rng.random() < 0.10 else rng.random() < 0.13,
        )
    )
    return homes


def _earlier_home(rng: Random, area: Area, band: str, story: Story, kind: str) -> Home:
    before = "foster"
    if kind in ("home", "supported") and band in ("10-15", "16-17") and rng.random() < 0.4:
        before = "home"
    place = "K2" if before == "home" else rng.choices(("U6", "U3", "U4"), (76, 14, 10))[0]
    return a_home(rng, area, story.family, before, place)


def _legal(rng: Random, band: str, born: date, starts: date, days: int, kind: str) -> list[tuple[date, str]]:
    """From the way in to a care order, as far as the time in care has gone."""
    if band == "alone":
        return [(starts, "V2")]
    way_in = drawn(rng, shares.WAYS_IN)
    steps = [(0, way_in)]
    if way_in == "L1":
        steps.append((rng.choice((1, 2, 3)), "V2" if rng.random() < 0.6 else "C1"))
    elif way_in == "L2":
        steps.append((rng.choice((6, 7, 8)), "C1"))
    goes_to_court = rng.random() < {"0": 0.85, "1-4": 0.85, "5-9": 0.8, "10-15": 0.72, "16-17": 0.5}[band]
    if steps[-1][1] == "V2" and (goes_to_court or kind in ("parents", "adoption")):
        steps.append((steps[-1][0] + rng.randrange(15, 120), "C1"))
    if steps[-1][1] == "C1":
        decided = steps[-1][0] + rng.randrange(150, 330)
        steps.append((decided, "C2"))
        if kind == "adoption" or (band == "1-4" and rng.random() < 0.10):
            steps.append((decided + rng.randrange(1, 30), "E1"))
    held = [(starts + timedelta(days=day), code) for day, code in steps if day <= days]
    if kind == "parents" and held[-1][1] == "V2":
        held = [(starts, "C1")]  # only a child in care under an order is placed with parents
    return held


def _wait_for_order(story: Story) -> None:
    """A placement for adoption follows the placement order; without one yet, it is by consent."""
    last = story.homes[-1]
    if story.legal[-1][1] == "E1" and last.home.place in ("A5", "A6"):
        if last.on < story.legal[-1][0]:
            if len(story.homes) == 1 or story.homes[-2].on >= story.legal[-1][0]:
                story.legal[-1] = (last.on, "E1") if last.on > story.legal[0][0] else story.legal[-1]
            else:
                last.on = story.legal[-1][0]
        story.legal = [step for step in story.legal[:-1] if step[0] < story.legal[-1][0]] + [story.legal[-1]]
    if story.legal[-1][1] != "E1":
        last.home = replace(last.home, place="A4")


def episodes(story: Story) -> list[EpisodeFact]:
    """The rows of the return: one for every change of legal status or home."""
    legal = {on: code for on, code in story.legal if story.ends is None or on < story.ends}
    homes = {start.on: start for start in story.homes if story.ends is None or start.on < story.ends}
    changes = sorted({*legal, *homes})
    rows: list[EpisodeFact] = []
    status, at = "", story.homes[0]
    for place, on in enumerate(changes):
        last = place == len(changes) - 1
        reason = "S"
        if place:
            reason = "L" if on not in homes else _reason(on in legal, homes[on].is_same_carer)
        status = legal.get(on, status)
        at = homes.get(on, at)
        moves_next = not last and changes[place + 1] in homes
        home = at.home
        rows.append(
            EpisodeFact(
                starts=on,
                ends=story.ends if last else changes[place + 1],
                new_reason=reason,
                legal_status=status,
                need=story.need,
                place=home.place,
                provider=home.provider,
                end_reason=(story.end_reason if story.ends else "") if last else "X1",
                change_reason=homes[changes[place + 1]].why if moves_next else "",
                home_postcode=story.family.postcode if story.need != "N8" else "",
                place_postcode=home.postcode,
                home_urn=home.urn,
                in_area=home.in_area,
                distance_miles=home.miles,
                is_emergency=at.is_emergency,
            )
        )
    return rows


def _reason(legal_too: bool, same_carer: bool) -> str:
    if same_carer:
        return "U" if legal_too else "T"
    return "B" if legal_too else "P"


def home_on(story: Story, day: date) -> Home:
    at = story.homes[0].home
    for start in story.homes:
        if start.on <= day:
            at = start.home
    return at
