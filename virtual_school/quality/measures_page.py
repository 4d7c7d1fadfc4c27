"""What the pages of measures show: each measure as a sentence, a number out of a number, and beside what it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from virtual_school.dates.terms import term_words
from virtual_school.design.components import Cell as TableCell
from virtual_school.design.components import Column, Table
from virtual_school.design.dates import in_full
from virtual_school.design.money import pounds
from virtual_school.design.pictures.svg import Picture
from virtual_school.design.pictures.trend import Point, spark, trend
from virtual_school.design.suppression import Cell

from .comparators import NO_FAIR, comparator
from .defining import Definition, shown
from .measured import Measure

FEW = 10
"""Of fewer than this, the count stands in place of a percentage (reports.md 7.3)."""

SEASONS = {"autumn": "Aut", "spring": "Spr", "summer": "Sum"}
HIDDEN = "Hidden: too few to show"
CERTAIN = NormalDist().inv_cdf(0.9)
"""Of an interval that holds the true share four times in five."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one term, as it may be shown to this reader."""

    term: str
    value: float | None
    numerator: int | None
    denominator: int | None
    unit: str
    not_known: str = ""
    """Begins with what stands in the place of the number: “Not known”, “Not shown”, “Not counted”."""

    is_hidden: bool = False
    is_frozen: bool = True
    revision: int = 1

    @property
    def has_number(self) -> bool:
        return not (self.not_known or self.is_hidden) and bool(self.denominator)

    @property
    def big(self) -> str:
        if self.is_hidden:
            return "[c]"
        if self.not_known:
            return " ".join(self.not_known.split()[:2]).rstrip(":")
        if not self.denominator:
            return "None"
        if self.unit == "%" and self.denominator < FEW:
            return f"{self.numerator} of {self.denominator}"
        return shown(self.value, self.unit)

    @property
    def counted(self) -> str:
        if self.is_hidden:
            return HIDDEN
        if self.not_known:
            return self.not_known
        if not self.denominator:
            return "nothing to count"
        if self.unit == "days":
            return f"{self.denominator:,} counted"
        return f"{self.numerator:,} of {self.denominator:,}"

    @property
    def cell(self) -> Cell:
        return Cell(self.numerator, self.denominator, self.value, self.is_hidden)


@dataclass(frozen=True, slots=True)
class Tile:
    id: str
    title: str
    url: str
    big: str
    counted: str
    lines: Sequence[str] = ()
    one: str = ""
    picture: str = ""

    @property
    def drawn(self) -> SafeString:
        """`design.pictures` writes numbers only into it."""
        return mark_safe(self.picture)  # noqa: S308


@dataclass
class Group:
    title: str
    tiles: list[Tile] = field(default_factory=list)


def figure_of(measure: Measure, term: str, *, is_frozen: bool, revision: int = 1) -> Figure:
    return Figure(
        term, measure.value, measure.numerator, measure.denominator, measure.unit, measure.not_known,
        is_frozen=is_frozen, revision=revision,
    )  # fmt: skip


def tile(definition: Definition, now: Figure, before: Sequence[Figure], query: str, on: object) -> Tile:
    """`before` are the frozen figures of earlier terms, the oldest first."""
    lines = [now.not_known] if now.not_known else []
    last = next((one for one in reversed(before) if one.has_number), None)
    if now.has_number and last is not None:
        lines.append(change(last, now, definition.unit))
    fair = comparator(definition.id, on) if now.has_number else None  # type: ignore[arg-type]
    if fair is not None:
        lines.append(f"England: {shown(fair.value, '%')}")
    elif now.has_number and definition.unit == "%":
        lines.append(NO_FAIR)
    url = reverse("quality:measure", args=[definition.id])
    return Tile(
        definition.id, definition.title, f"{url}?{query}" if query else url, now.big,
        "" if now.not_known else now.counted, lines,
        one_is_worth(now, definition.things), spark([one.value if one.has_number else None for one in (*before, now)]),
    )  # fmt: skip


def one_is_worth(now: Figure, things: str) -> str:
    if not now.has_number or now.unit != "%" or not now.denominator:
        return ""
    points = 100 / now.denominator
    shown_points = f"{points:.1f}" if points < 10 else f"{points:.0f}"
    return f"One of the {now.denominator:,} {things} is worth {shown_points} points"


def change(last: Figure, now: Figure, unit: str) -> str:
    """Against the term before: a change smaller than two children, or than chance makes, is about the same."""
    was = f"in the {term_words(last.term)}"
    if not now.is_frozen:  # a term that is not over is not set against one that is
        return f"The {term_words(last.term)} came to {last.big}"
    if last.value is None or now.value is None:
        return f"{last.counted} {was}"
    if is_about_the_same(last, now, unit):
        return f"About the same as {was.removeprefix('in ')}: {shown(last.value, unit)}"
    word = "Up" if now.value > last.value else "Down"
    return f"{word} from {shown(last.value, unit)} {was}"


def is_about_the_same(last: Figure, now: Figure, unit: str) -> bool:
    if last.value is None or now.value is None:
        return False
    if unit != "%":
        return abs(now.value - last.value) < 1
    apart = abs(now.value - last.value) / 100
    if apart * (now.denominator or 0) < 2:
        return True
    low, high = interval(now.numerator or 0, now.denominator or 0)
    return low <= last.value <= high


def interval(numerator: int, denominator: int) -> tuple[float, float]:
    """Wilson's interval for a share, in per cent."""
    share, z2 = numerator / denominator, CERTAIN**2
    middle = (share + z2 / (2 * denominator)) / (1 + z2 / denominator)
    spread = share * (1 - share) / denominator + z2 / (4 * denominator**2)
    half = CERTAIN / (1 + z2 / denominator) * spread**0.5
    return 100 * max(middle - half, 0), 100 * min(middle + half, 1)


def label_of(term: str) -> str:
    years, _, season = term.partition("-")
    year = int(years[:4]) + (season != "autumn")
    return f"{SEASONS[season]} {year % 100:02d}"


def over_the_terms(definition: Definition, figures: Sequence[Figure]) -> tuple[Picture, str] | None:
    """The picture and its finding; None before there are two terms to show."""
    known = [one for one in figures if one.has_number]
    if len(known) < 2:
        return None
    points = [
        Point(
            label_of(one.term), _full(one), one.value if one.has_number else None, _mark(one), one.big, one.counted,
            is_open=not one.is_frozen,
        )
        for one in figures
    ]  # fmt: skip
    finding = _finding(definition, known)
    top = 100.0 if definition.unit == "%" else None
    return trend(points, prefix="trend", what=definition.title, finding=f"{finding}.", top=top), finding


def _mark(one: Figure) -> str:
    """Beside a dot there is room for a number only."""
    return shown(one.value, one.unit).split(" ")[0] if one.has_number else ""


def _full(one: Figure) -> str:
    words = term_words(one.term)
    words = f"{words[0].upper()}{words[1:]}"
    return words + (", so far" if not one.is_frozen else f", corrected {one.revision - 1} times" if one.revision > 2
                    else ", corrected" if one.revision > 1 else "")  # fmt: skip


def _finding(definition: Definition, known: Sequence[Figure]) -> str:
    over = [one for one in known if one.is_frozen]
    if len(over) < 2:
        return f"{definition.title}: {known[-1].big} so far, {known[0].big} in the {term_words(known[0].term)}"
    first, last = over[0], over[-1]
    span = f"since the {term_words(first.term)}"
    if is_about_the_same(first, last, definition.unit):
        return f"{definition.title}: about the same {span}, {last.big} in the {term_words(last.term)}"
    word = "up" if (last.value or 0) > (first.value or 0) else "down"
    return f"{definition.title}: {word} from {first.big} in the {term_words(first.term)} to {last.big} in the {term_words(last.term)}"


def breakdown_table(title: str, of: str, cells: Mapping[str, Figure], urls: Mapping[str, str]) -> Table:
    """By group, by name; the number of children always beside the share."""
    rows = [
        [TableCell(name, urls.get(name, "")), *_numbers(figure), figure.big if figure.has_number else "–"]
        for name, figure in cells.items()
    ]
    columns = [of, *(Column(name, number=True) for name in ("Number", "Of", "Figure"))]
    return Table(title, columns, rows)


def _numbers(figure: Figure) -> tuple[str, str]:
    if figure.is_hidden:
        return "[c]", "[c]"
    if figure.not_known:
        return "–", "–"
    if figure.unit == "days":
        return "–", f"{figure.denominator:,}"
    return f"{figure.numerator:,}", f"{figure.denominator:,}"


def parts_table(title: str, parts: Sequence[tuple[str, int]], unit: str) -> Table | None:
    if not parts:
        return None
    rows = [
        [words.capitalize() if words else "Not said", f"£{pounds(n)}" if unit == "pence" else f"{n:,}"]
        for words, n in parts
    ]
    heading = {"pence": "Asked for"}.get(unit, unit.capitalize() or "How many")
    return Table(title, ["What", Column(heading, number=True)], rows)


def stamp(frozen_on: object, is_frozen: bool, revision: int, why: str) -> str:
    """What kind of figures these are, in a sentence."""
    if not is_frozen:
        return f"So far: worked out now from the records, as at {in_full(frozen_on)}."  # type: ignore[arg-type]
    said = f"Frozen at the cut-off, {in_full(frozen_on)}: these figures do not move."  # type: ignore[arg-type]
    return f"{said} Corrected since: {why}" if revision > 1 else said
