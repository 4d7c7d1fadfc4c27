"""The picture of a child's time in care and at school."""

from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.dates.ages import academic_year_label, academic_year_start, year_group
from virtual_school.dates.terms import term_words
from virtual_school.design.components import Link
from virtual_school.design.pictures.marks import Dot, DotLane
from virtual_school.design.pictures.svg import Picture
from virtual_school.design.pictures.timeline import Bar, Lane, timeline

from . import words
from .story import Story, home_words, legal_words

TEMPORARY_STATUS = frozenset({"C1", "L1", "L2", "L3"})
"""Interim and emergency orders, which something else must follow."""

BEFORE, AFTER = timedelta(days=10), timedelta(weeks=4)
MOST_YEARS = 6
GOOD = frozenset({"g", "good", "green", "o", "outstanding", "excellent", "met"})


@dataclass(frozen=True, slots=True)
class Shown:
    picture: Picture
    zoom: list[Link]
    sub: str


def timeline_of(story: Story, today: date, year: int | None) -> Shown | None:
    """None where nothing is held to draw. `year` zooms to the school year that starts in it."""
    starts = [p.starts for p in story.periods] or [e.starts for e in story.enrolments]
    begun = [day for day in starts if day <= today]
    if not begun:
        return None
    first, last = min(begun) - BEFORE, today + AFTER
    ended = max((p.ends for p in story.periods if p.ends), default=None)
    if (
        story.periods
        and all(p.ends and p.ends <= today for p in story.periods)
        and ended
        and not _at_school(story, today)
    ):
        last = min(last, ended + timedelta(days=365))
    years = list(range(academic_year_start(first + BEFORE), academic_year_start(last) + 1))
    chosen = year if year in years else None
    if chosen is not None:
        first, last = date(chosen, 9, 1), min(date(chosen + 1, 8, 31), max(last, date(chosen, 9, 30)))
    born = story.facts.born
    school_years = [(_year_label(y, born), date(y, 9, 1), date(y + 1, 8, 31)) for y in years]
    dots = []
    if story.plans:
        dots.append(DotLane("Plans", _plans(story, today)))
    if story.reviews:
        dots.append(
            DotLane(
                "Reviews",
                [Dot(on, "", "review", planned=on > today, words="Review of the care plan") for on in story.reviews],
            )
        )
    picture = timeline(_lanes(story), dots, prefix="tl", today=today, start=first, end=last, school_years=school_years)
    zoom = [Link("Since care began" if story.periods else "All", "?", chosen is None)]
    zoom += [Link(academic_year_label(y), f"?year={y}", y == chosen) for y in reversed(years[-MOST_YEARS:])]
    return Shown(picture, zoom if len(years) > 1 else [], _sub(story))


def _at_school(story: Story, today: date) -> bool:
    return story.enrolment_on(today) is not None


def _year_label(year: int, born: date | None) -> str:
    label = academic_year_label(year)
    if born is None:
        return label
    group = year_group(born, date(year, 9, 1))
    return f"{label} · {words.year_words(group)}" if 0 <= group <= 13 else label


def _sub(story: Story) -> str:
    parts = []
    if story.plans:
        rated = any(plan.rating for plan in story.plans)
        parts.append("Plans are dots with the letter of their rating, if rated." if rated else "Plans are dots.")
    if story.reviews:
        parts.append("Reviews are squares.")
    if any(home.is_emergency for home in story.homes) or any(s.code in TEMPORARY_STATUS for s in story.legal):
        parts.append("Hatched: temporary.")
    if story.gaps:
        parts.append("Red stripes: no school place.")
    return " ".join(parts)


def _lanes(story: Story) -> list[Lane]:
    care = [
        Bar(p.starts, p.ends, _care_texts(p.kind, p.starts), "care" if p.kind == "looked_after" else "soft")
        for p in story.periods
    ]
    lanes = [Lane("Care", care)] if care else []
    if story.legal:
        lanes.append(
            Lane(
                "Legal status",
                [
                    Bar(
                        s.starts,
                        s.ends,
                        _texts(legal_words(s)),
                        "temporary" if s.code in TEMPORARY_STATUS else _shade(n),
                    )
                    for n, s in enumerate(story.legal)
                ],
            )
        )
    if story.homes:
        lanes.append(
            Lane(
                "Lives with",
                [
                    Bar(
                        h.starts,
                        h.ends,
                        _texts(home_words(h)),
                        "temporary" if h.is_emergency or h.place.startswith("T") else _shade(n),
                    )
                    for n, h in enumerate(story.homes)
                ],
            )
        )
    schools = [
        Bar(e.starts, e.ends, _texts(e.school), _shade(n) if e.kind == "main" else "soft")
        for n, e in enumerate(story.enrolments)
    ]
    schools += [Bar(gap.starts, gap.ends, ("No school place", "None"), "none") for gap in story.gaps]
    if schools:
        lanes.append(Lane("School", sorted(schools, key=lambda bar: bar.start)))
    if story.missing:
        lanes.append(
            Lane(
                "Missing",
                [
                    Bar(starts, ends, ("Missing" if kind == "M" else "Away without leave",), "mid")
                    for starts, ends, kind in story.missing
                ],
            )
        )
    return lanes


def _shade(n: int) -> str:
    """Neighbours are told apart by shade, so that a bar ends where its home or school does."""
    return "mid" if n % 2 == 0 else "soft"


def _care_texts(kind: str, starts: date) -> tuple[str, ...]:
    said = "In care" if kind == "looked_after" else "Short breaks"
    return (f"{said} since {words.in_full(starts)}", said)


def _texts(full: str) -> tuple[str, ...]:
    """The words from the fullest to the shortest: whole, up to a comma or bracket, the first two, the first."""
    found = [full]
    for mark in (" (", ", ", ": "):
        if mark in found[-1] and mark != ": ":
            found.append(found[-1].split(mark)[0])
    pieces = found[-1].split()
    if len(pieces) > 3:
        found.append(" ".join(pieces[:2]))
    if len(pieces) > 1 and len(pieces[0]) > 3:
        found.append(pieces[0])
    return tuple(dict.fromkeys(found))


def _plans(story: Story, today: date) -> list[Dot]:
    dots = []
    for plan in story.plans:
        on = plan.meeting_on or plan.signed_off_on or plan.initiated_on
        if on is None:
            continue
        rating = plan.rating.strip()
        said = f"Plan, {term_words(plan.term_key)}" + (f", rated: {rating}" if rating else "")
        dots.append(
            Dot(on, rating[:1].upper(), "good" if rating.lower() in GOOD else "needs", planned=on > today, words=said)
        )
    return dots
