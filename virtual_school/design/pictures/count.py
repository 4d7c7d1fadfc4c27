"""The count picture: which days were counted from an event to a day due, and which were skipped and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from virtual_school.design.pictures import svg
from virtual_school.design.pictures.svg import (
    BOLD,
    DATA,
    INK,
    MUTED,
    WHITE,
    Picture,
    Textures,
    fits,
    rect,
    text,
    width_of,
)

WIDTH = 304.0
GUTTER, CELL, STEP = 62.0, 45.0, 48.0
HEIGHT, PITCH, TOP = 30.0, 33.0, 20.0
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
SATURDAY = 5
LONG_WEEKS = 9
"""More rows than this (two months), and whole weeks with nothing skipped are left out."""

DUE_FILL, DUE_EDGE, DUE_WORDS = "#fde4d7", "#7a3c1c", "#5c2a10"
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Week:
    """The days from Monday to Friday that the picture shows: (day, number or None, reason skipped or "")."""

    monday: date
    days: tuple[tuple[date, int | None, str], ...]

    @property
    def has_skipped(self) -> bool:
        return any(reason for _, _, reason in self.days)


def short(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def named(day: date) -> str:
    weekday = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    return f"{weekday} {day.day} {MONTHS[day.month - 1]}"


def weeks(start: date, due: date, skipped: Callable[[date], str | None]) -> list[Week]:
    """Weekdays after `start`, numbered from 1 to `due` where nothing says they are skipped."""
    found, n = [], 0
    monday = start - timedelta(days=start.weekday())
    while monday <= due:
        days = []
        for day in (monday + timedelta(days=d) for d in range(SATURDAY)):
            if day <= start or day > due:
                continue
            reason = skipped(day) or ""
            n += not reason
            days.append((day, None if reason else n, reason))
        found.append(Week(monday, tuple(days)))
        monday += timedelta(days=7)
    return found


def count(
    start: date, due: date, today: date, skipped: Callable[[date], str | None], *, prefix: str, unit: str
) -> Picture:
    """From day 0 to the day due. `skipped` gives the reason a weekday is not counted, or None; `unit` is what is
    counted ("school days")."""
    if due < start:
        raise ValueError(f"A count cannot end on {due} before it starts on {start}.")
    textures = Textures(prefix)
    every = weeks(start, due, skipped)
    description = _description(start, due, today, every, unit)
    drawn = [text(day, GUTTER + n * STEP + CELL / 2, 13, anchor="middle", fill=MUTED) for n, day in enumerate(WEEKDAYS)]
    y = TOP
    for entry in _shown(every):
        if isinstance(entry, int):
            words = f"… {entry} whole week{'s' if entry > 1 else ''}"
            drawn.append(text(words, GUTTER, y + 15, fill=MUTED))
            y += 24
            continue
        parts, below = _week(entry, start, due, today, y, textures)
        drawn += parts
        y += PITCH + below
    rows = [(named(day), reason or str(n)) for week in every for day, n, reason in week.days]
    return Picture(
        wide=svg.drawing(drawn, WIDTH, y, description, textures),
        narrow="",
        description=description,
        columns=("Day", "Counted as"),
        rows=((named(start), "start, day 0"), *rows),
    )


def _shown(every: list[Week]) -> list[Week | int]:
    """The weeks drawn, and for a long count the number of whole weeks left out between them."""
    if len(every) <= LONG_WEEKS:
        return list(every)
    shown: list[Week | int] = []
    for place, week in enumerate(every):
        if place in (0, len(every) - 1) or week.has_skipped:
            shown.append(week)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown


def _week(week: Week, start: date, due: date, today: date, y: float, textures: Textures) -> tuple[list[str], float]:
    """One week's cells, and the height of a line beneath it where the day due needs one."""
    drawn = [text(short(week.monday), 0, y + 20, fill=MUTED)]
    below = 0.0
    if week.monday <= start < week.monday + timedelta(days=7):
        if start.weekday() < SATURDAY:
            x = _x(start)
            drawn.append(rect(x, y, CELL, HEIGHT, INK, rx=3))
            drawn.append(text("start", x + CELL / 2, y + 20, bold=True, fill=WHITE, anchor="middle"))
        else:
            drawn.append(text(f"start, {named(start)}", GUTTER, y + 20, bold=True))
    for day, n, _ in week.days:
        x = _x(day)
        if day == due:
            drawn.append(rect(x + 1, y + 1, CELL - 2, HEIGHT - 2, DUE_FILL, rx=3, stroke=DUE_EDGE, stroke_width=2.5))
            drawn.append(text(str(n or "due"), x + CELL / 2, y + 20, bold=True, fill=DUE_WORDS, anchor="middle"))
        elif n is None:
            drawn.append(rect(x + 0.5, y + 0.5, CELL - 1, HEIGHT - 1, textures.temporary, rx=3, stroke=svg.SHADE))
        else:
            past = day <= today
            drawn.append(rect(x + 0.5, y + 0.5, CELL - 1, HEIGHT - 1, DATA if past else WHITE, rx=3, stroke=DATA))
            drawn.append(text(str(n), x + CELL / 2, y + 20, anchor="middle", fill=WHITE if past else INK))
    drawn += _reasons(week, due, y)
    if week.monday <= due < week.monday + timedelta(days=7):
        words, below = _due_words(due, y)
        drawn.append(words)
    return drawn, below


def _x(day: date) -> float:
    return GUTTER + day.weekday() * STEP


def _reasons(week: Week, due: date, y: float) -> list[str]:
    """Each run of days skipped for one reason has it written across, on white."""
    runs: list[tuple[str, list[date]]] = []
    for day, _, reason in week.days:
        if day == due or not reason:
            continue
        if runs and runs[-1][0] == reason and runs[-1][1][-1] == day - timedelta(days=1):
            runs[-1][1].append(day)
        else:
            runs.append((reason, [day]))
    drawn = []
    for reason, days in runs:
        left, right = _x(days[0]), _x(days[-1]) + CELL
        words = svg.first_that_fits((f"{reason}: skipped", reason), right - left)
        if words:
            middle, width = (left + right) / 2, width_of(words) + 5
            drawn.append(rect(middle - width / 2, y + 5, width, 20, WHITE))
            drawn.append(text(words, middle, y + 20, anchor="middle"))
    return drawn


def _due_words(due: date, y: float) -> tuple[str, float]:
    """Beside the day due where there is room, else on a line beneath; at the weekend the line is all there is."""
    if due.weekday() >= SATURDAY:
        return text(f"due, {named(due)}", GUTTER, y + HEIGHT + 17, bold=True, fill=DUE_WORDS), 22
    x = _x(due) + CELL + 9
    for words in (f"due, {named(due)}", f"due, {short(due)}"):
        if fits(words, WIDTH - x + 12, letter=BOLD):
            return text(words, x, y + 20, bold=True, fill=DUE_WORDS), 0
    words = f"due, {named(due)}"
    return text(words, _x(due) + CELL, y + HEIGHT + 17, bold=True, fill=DUE_WORDS, anchor="end"), 22


def _description(start: date, due: date, today: date, every: list[Week], unit: str) -> str:
    days = [day for week in every for day in week.days]
    numbers = [n for day, n, _ in days if n is not None and day <= today]
    last = max((n for _, n, _ in days if n is not None), default=0)
    reasons: dict[str, int] = {}
    for _, _, reason in days:
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
    left_out = ", ".join(f"{reason} ({n} day{'s' if n > 1 else ''})" for reason, n in reasons.items())
    return " ".join(
        part
        for part in (
            f"Days counted. Day 0 is {named(start)}.",
            f"Skipped: {left_out}." if left_out else "",
            f"{max(numbers, default=0)} {unit} counted to today.",
            f"Day {last}, the day due, is {named(due)}.",
        )
        if part
    )
