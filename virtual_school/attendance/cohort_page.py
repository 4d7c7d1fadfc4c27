"""Several children together: their sums, the trend by half term, and the published figures they may stand beside."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.care.models import CarePeriod
from virtual_school.children import bulk
from virtual_school.dates.ages import academic_year_label
from virtual_school.dates.school_days import BeyondCalendar, SchoolCalendar
from virtual_school.design.pictures.svg import Picture
from virtual_school.design.pictures.trend import Point, trend

from .comparators import Published, published
from .figures import Months, academic_year, by_month, cohort
from .recounting import months as whole_months
from .sums import Cohort, Sums, percentage, sums_of_counts
from .whose import Whose
from .words import plural

BY_DAY = """
    with alike as (
        select day, am, pm, am_counts, pm_counts, count(*) as n from attendance_markedday
        where authority_id = any(%s::int[]) and child_id = any(%s::bigint[]) and day between %s and %s
          and day = any(%s::date[]) group by 1, 2, 3, 4, 5
    )
    select day, am, n::int from alike where am_counts and am <> ''
    union all select day, pm, n from alike where pm_counts and pm <> ''
"""
ONE_DAY = timedelta(days=1)
HALF_TERM_DAYS = 4
"""So many weekdays closed together within a term part it in two."""


@dataclass(frozen=True, slots=True)
class Stretch:
    label: str
    full_label: str
    first: date
    last: date


def half_terms(calendar: SchoolCalendar, first: date, last: date) -> list[Stretch]:
    """The halves of each term between the days; a whole term where no half-term holiday is held."""
    found = []
    for term in calendar.terms:
        if term.ends < first or term.starts > last:
            continue
        try:
            closed = calendar.skipped_between(term.starts, term.ends)
        except BeyondCalendar:
            closed = ()
        longest = max(closed, key=lambda span: span[1] - span[0], default=None)
        short, words = term.season[:3].capitalize(), term.words
        year = f"{(term.first_year + (term.season != 'autumn')) % 100:02}"
        if longest is None or (longest[1] - longest[0]).days + 1 < HALF_TERM_DAYS:
            found.append(Stretch(f"{short} {year}", words[:1].upper() + words[1:], term.starts, term.ends))
            continue
        found.append(Stretch(f"{short} {year} 1", f"First half of the {words}", term.starts, longest[0] - ONE_DAY))
        found.append(Stretch(f"{short} {year} 2", f"Second half of the {words}", longest[1] + ONE_DAY, term.ends))
    return [one for one in found if one.first <= last]


def sums_by(
    authorities: Sequence[int],
    children: Sequence[int],
    stretches: Sequence[Stretch],
    held: Mapping[date, Sums] | None = None,
) -> list[Sums]:
    """From the sums of the months (`held` where they are known), each given to the stretch that most of its weekdays
    lie in; marks of its other days are read one by one and moved to where they belong."""
    if not stretches or not children:
        return [Sums() for _ in stretches]
    place_of = {day: place for place, one in enumerate(stretches) for day in _days(one.first, one.last)}
    months, after = whole_months(stretches[0].first, stretches[-1].last)
    every = _days(months, after - ONE_DAY)
    in_month: dict[date, Counter[int | None]] = defaultdict(Counter)
    for day in every:
        in_month[day.replace(day=1)][place_of.get(day)] += day.weekday() < 5
    mostly = {month: found.most_common(1)[0][0] for month, found in in_month.items()}
    moved: dict[int | None, Counter[str]] = defaultdict(Counter)
    elsewhere = [day for day in every if place_of.get(day) != mostly[day.replace(day=1)]]
    if elsewhere:
        asked = [list(authorities), list(children), elsewhere[0], elsewhere[-1], elsewhere]
        for day, code, n in bulk.select(BY_DAY, asked):
            moved[mostly[day.replace(day=1)]][code] -= n
            moved[place_of.get(day)][code] += n
    total = [sums_of_counts(moved[place]) for place in range(len(stretches))]
    if held is None:
        held = by_month(authorities, Months(months, stretches[-1].last.replace(day=1)), children)
    for month, sums in held.items():
        if (place := mostly.get(month)) is not None:
            total[place] += sums
    return total


def _days(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def trend_picture(
    stretches: Sequence[Stretch], sums: Sequence[Sums], today: date, prefix: str
) -> tuple[Picture, str] | None:
    """The picture and its finding; None without a figure."""
    points = [
        Point(
            one.label, one.full_label, float(of.attendance_pct) if of.attendance_pct is not None else None,
            f"{of.attendance_pct:.1f}" if of.attendance_pct is not None else "–",
            f"{of.attendance_pct:.1f}% attended" if of.attendance_pct is not None else "No marks held",
            f"{of.present:,} of {of.possible:,} half days; {of.unauthorised:,} without leave or not known" if of.possible else "",
            one.last >= today,
        )
        for one, of in zip(stretches, sums, strict=True)
    ]  # fmt: skip
    known = [point for point in points if point.value is not None]
    if not known:
        return None
    said = f"{known[-1].mark}% attended in the {known[-1].full_label[:1].lower()}{known[-1].full_label[1:]}"
    if len(known) > 1:
        moved = (known[-1].value or 0) - (known[-2].value or 0)
        how = "about the same as" if abs(moved) < 1 else f"{abs(moved):.1f} points {'above' if moved > 0 else 'below'}"
        said += f", {how} the half term before"
    return trend(
        points,
        prefix=prefix,
        what="attendance by half term",
        finding=said,
        top=100.0,
        columns=("Half term", "Attended", "Counted"),
    ), said


def twelve_months_at(of: Whose, year: int, children: Sequence[int]) -> list[int]:
    """Of the children, those looked after without a break for twelve months at 31 March of the year (data 5.1)."""
    held = CarePeriod.objects.filter(
        authority__in=of.authorities, kind="looked_after", starts__lte=date(year - 1, 4, 1)
    ).exclude(ends__lte=date(year, 3, 31))
    wanted = set(children)
    return sorted(wanted & set(held.values_list("child_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Beside:
    """One line of the comparison."""

    who: str
    pupils: str
    absence: str
    unauthorised: str
    persistent: str
    severe: str


def own_line(words: str, of: Cohort) -> Beside:
    def rate(value: object) -> str:
        return "–" if value is None else f"{value:.1f}"

    return Beside(
        words, f"{of.pupils:,}", rate(of.sums.absence_pct), rate(of.sums.unauthorised_pct), rate(of.persistent_pct),
        rate(of.severe_pct),
    )  # fmt: skip


def published_line(one: Published) -> Beside:
    symbols = dict(one.symbols)

    def rate(name: str) -> str:
        value = getattr(one, name)
        return symbols.get(name, "–") if value is None else f"{value:.1f}"

    return Beside(
        f"{one.area}, published for {one.year}",
        f"{int(one.pupils):,}" if one.pupils.isdigit() else one.pupils,
        rate("absence"),
        rate("unauthorised"),
        rate("persistent"),
        rate("severe"),
    )


@dataclass(frozen=True, slots=True)
class YearBeside:
    """A school year: ours by the published definition, and what is published of the same year."""

    label: str
    lines: list[Beside]
    said: str


def beside_published(
    of: Whose, children: Sequence[int], years: Sequence[int], known: Mapping[int, Cohort]
) -> list[YearBeside]:
    """`known` are cohorts of children in care for twelve months that are counted already."""
    (authority,) = of.authorities
    rows = published(authority)
    by_year: dict[str, list[Published]] = defaultdict(list)
    for row in rows:
        by_year[row.year].append(row)
    latest = rows[0].year if rows else ""
    found = []
    for year in years:
        label = academic_year_label(year)
        ours = known.get(year)
        if ours is None:
            ours = cohort([authority], academic_year(year), twelve_months_at(of, year + 1, children))
        lines = [own_line("Ours, in care 12 months at 31 March", ours)] if ours.pupils else []
        same = by_year.get(f"{year}/{(year + 1) % 100:02}", [])
        said = (
            "" if same else f"No fair comparator: {label} is not published yet. The latest published year is {latest}."
        )
        if not ours.pupils:
            said = f"{said} No marks of ours are held of {label}.".strip()
        found.append(YearBeside(label, [*lines, *map(published_line, same or by_year.get(latest, []))], said))
    return found


def weight(n: int) -> str:
    """What one child is worth in a share of the group."""
    return f"one child is worth {percentage(1, n, 1)} points" if n else ""


def of_children(n: int) -> str:
    return plural(n, "child", "children")
