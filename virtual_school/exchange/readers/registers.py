"""Marks out of a school system's export: a CSV file or a workbook, whichever way it lays them out.

Three ways: a row a day (morning and afternoon), a row a session, and the register sheet (a row a pupil, a column a
session, its heading a date). Columns are found by their headings, or as they were matched for this sender before.
Names are never read.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple

from virtual_school.attendance.codes import read_code
from virtual_school.exchange.readers.dates import read_date
from virtual_school.exchange.readers.faults import Fault, Rejection, Unreadable
from virtual_school.exchange.readers.files import Source
from virtual_school.exchange.readers.sheets import EXCEL_ERRORS, TYPED_AS_TEXT, Column, plain_heading
from virtual_school.exchange.readers.text import Line, binary_kind, open_csv
from virtual_school.exchange.readers.workbook import read_workbook

Shape = Literal["day", "session", "sheet"]
Unit = Literal["days", "marks"]

MOST_COLUMNS = 400
HEADER_WITHIN = 20
MOST_FAULTS = 5_000
"""Of more faults than these of a file, the first are told and the rest counted."""

COLUMNS = [
    Column("CHILD", aliases=("Child ID", "Local ID", "Identifier"), hint="100123"),
    Column("UPN", aliases=("Unique pupil number", "Student UPN", "Pupil UPN"), hint="B801200005001"),
    Column("Date of birth", "date", aliases=("DOB", "Born", "Birth date", "Student DOB"), hint="27/03/2012"),
    Column("School URN", aliases=("URN", "GIAS URN", "Establishment URN"), hint="100000"),
    Column("LAESTAB", aliases=("DfE number", "LA Estab", "School DfE number"), hint="201/3614"),
    Column(
        "Date", "date", aliases=("Attendance date", "Session date", "Mark date", "Register date", "Day"),
        hint="07/09/2026",
    ),
    Column("AM", aliases=("Morning", "AM mark", "Morning mark", "AM code", "AM session"), hint="/"),
    Column("PM", aliases=("Afternoon", "PM mark", "Afternoon mark", "PM code", "PM session"), hint="\\"),
    Column("AM minutes late", "int", aliases=("Minutes late AM", "AM late"), hint=""),
    Column("PM minutes late", "int", aliases=("Minutes late PM", "PM late"), hint=""),
    Column("Session", aliases=("AM/PM", "Session name", "Register session", "Session type"), hint=""),
    Column(
        "Mark", aliases=("Attendance mark", "Attendance code", "Mark code", "Code", "Register mark", "Session mark"),
        hint="",
    ),
    Column("Minutes late", "int", aliases=("Mins late", "Late minutes"), hint=""),
]  # fmt: skip
SESSIONS = {"am": "am", "morning": "am", "a": "am", "1": "am", "pm": "pm", "afternoon": "pm", "p": "pm", "2": "pm"}
IN_HEADING = re.compile(r"(.*?)[\s:_-]*\b(am|pm|morning|afternoon)?\s*", re.IGNORECASE | re.DOTALL)


class UnknownColumns(Unreadable):
    """The headings do not say enough; a person can match them. `headings` are those of the file."""

    def __init__(self, words: str, headings: Sequence[str]) -> None:
        super().__init__(words)
        self.headings = list(headings)


class Pupil(NamedTuple):
    """Who the row is about and at which school, as the file names them."""

    child: str
    upn: str
    born: str
    urn: str
    laestab: str


Row = tuple[int, Pupil, date, str, str, int, int]
"""One row of the file: its line, whose it is, the day, the marks of morning and afternoon ready to keep ("" where it
says nothing), and the minutes late of each. A plain tuple: there are a million of them."""


@dataclass
class Register:
    file: str
    shape: Shape
    columns: dict[str, str]
    """Our names of the columns: the file's headings."""
    digest: str
    rows: Iterator[Row]
    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    read: int = 0
    """So many rows (in a sheet: marks) have been read."""
    notes: list[str] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        return "days" if self.shape == "day" else "marks"

    def refuse(self, line: int, column: str, value: str, reason: str, fix: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Rejection(self.file, line, column, value[:80], reason, fix))
        else:
            self.more_faults += 1

    @property
    def refused(self) -> int:
        return len(self.faults) + self.more_faults


def open_register(
    source: Source, today: date, layouts: Sequence[Mapping[str, str]] = (), given: Mapping[str, str] | None = None
) -> Register:
    """Raises Unreadable, and UnknownColumns when a person can help. `given` says which heading holds what and goes
    before what is found; each of `layouts` was matched before and is tried where nothing is found."""
    content = source.content
    notes: list[str] = []
    lines = _lines(source.name, content, notes)
    found = _header(source.name, lines, layouts, given or {})
    digest = hashlib.sha256(content).hexdigest()
    register = Register(source.name, found.shape, found.columns, digest, iter(()), notes=notes)
    has_formulas = b"=" in content or not content.isascii() or binary_kind(content) is not None
    reader = _Reader(register, found, today, has_formulas)
    register.rows = reader.read(found.lines)
    return register


def _lines(file: str, content: bytes, notes: list[str]) -> Iterator[Line]:
    kind = binary_kind(content)
    if kind is None:
        csv = open_csv(content, file)
        notes += csv.notes
        yield Line(csv.header_line, csv.header_line, csv.header)
        yield from csv.lines
        return
    if not kind.startswith(("a zip", "an old Excel")):
        raise Unreadable(f"{file} is {kind}. Send a CSV file or an Excel workbook (.xlsx).")
    sheets = read_workbook(Path(file), content)
    name, rows = max(sheets, key=lambda sheet: len(sheet[1]), default=("", []))
    if len(sheets) > 1:
        notes.append(f"{file}: the sheet {name} was read, the others were not.")
    for number, cells in rows:
        yield Line(number, number, [_text(cell) for cell in cells])


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if hasattr(cell, "strftime"):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@dataclass
class _Found:
    shape: Shape
    columns: dict[str, str]
    places: dict[str, int]
    sessions: list[tuple[int, date, str, str]]
    lines: Iterator[Line]


def _header(file: str, lines: Iterator[Line], layouts: Sequence[Mapping[str, str]], given: Mapping[str, str]) -> _Found:
    """A title and a few notes may stand above the headings."""
    seen: list[Line] = []
    for line in lines:
        if line.wrong:
            raise Unreadable(f"{file} row {line.number}: {line.wrong}.")
        if len(line.cells) > MOST_COLUMNS:
            raise Unreadable(
                f"{file} row {line.number} has {len(line.cells):,} columns. A register has at most {MOST_COLUMNS}: "
                "is it the right file?"
            )
        seen.append(line)
        for layout in ({**given}, *[{**layout, **given} for layout in layouts]):
            if found := _as_header(line, layout, lines):
                return found
        if len(seen) == HEADER_WITHIN:
            break
    if not seen:
        raise Unreadable(f"{file} is empty.")
    widest = max(seen, key=lambda line: sum(1 for cell in line.cells if cell.strip()))
    raise UnknownColumns(
        f"{file} does not have the headings it needs: UPN and Date of birth (or CHILD); and Date with AM and PM, or "
        "Date, Session and Mark, or a column for each session headed by its date. Use the template, or say what each "
        "column holds.",
        [cell.strip()[:80] for cell in widest.cells if cell.strip()],
    )


def _as_header(line: Line, given: Mapping[str, str], rest: Iterator[Line]) -> _Found | None:
    headings: dict[str, int] = {}
    for number, cell in enumerate(line.cells):
        headings.setdefault(plain_heading(cell), number)
    places: dict[str, int] = {}
    for column in COLUMNS:
        wanted = [given[column.name]] if column.name in given else [column.name, *column.aliases]
        place = next((headings[plain] for name in wanted if (plain := plain_heading(name)) in headings), None)
        if place is not None and place not in places.values():
            places[column.name] = place
    if "CHILD" not in places and not {"UPN", "Date of birth"} <= set(places):
        return None
    columns = {name: line.cells[place].strip() for name, place in places.items()}
    if "Date" in places and places.keys() & {"AM", "PM"}:
        return _Found("day", columns, places, [], rest)
    if {"Date", "Session", "Mark"} <= set(places):
        return _Found("session", columns, places, [], rest)
    sessions = _sessions(line.cells, set(places.values()))
    return _Found("sheet", columns, places, sessions, rest) if sessions else None


def _sessions(cells: Sequence[str], taken: set[int]) -> list[tuple[int, date, str, str]]:
    """The columns whose heading is a date, with "am" or "pm"; of two alike without, the first is the morning."""
    found: list[tuple[int, date, str, str]] = []
    for place, cell in enumerate(cells):
        if place in taken or not (match := IN_HEADING.fullmatch(cell.strip())):
            continue
        day = read_date(match[1].strip()).day
        if day is None:
            continue
        said = SESSIONS.get((match[2] or "").casefold(), "")
        is_second = any(other == day for _, other, _, _ in found)
        found.append((place, day, said or ("pm" if is_second else "am"), cell.strip()))
    return found


class _Reader:
    """Reads the rows one by one, keeping in mind what a value means: the same few come again a million times."""

    def __init__(self, register: Register, found: _Found, today: date, has_formulas: bool) -> None:
        self.register, self.found, self.today, self.has_formulas = register, found, today, has_formulas
        self.days: dict[str, date | str] = {}
        self.right_days: dict[str, date] = {}
        self.right_marks: dict[str, str] = {}
        self.pupils: dict[Any, Pupil] = {}
        places = found.places
        self.who = [places.get(name, -1) for name in ("CHILD", "UPN", "Date of birth", "School URN", "LAESTAB")]
        # One place twice, so that what is picked is always a tuple.
        named = [place for place in self.who if place >= 0]
        self.pick = itemgetter(*named, named[0])
        self.date_at, self.am_at, self.pm_at = (places.get(name, -1) for name in ("Date", "AM", "PM"))
        self.has_minutes = bool(places.keys() & {"AM minutes late", "PM minutes late"})
        self.widest = max([*places.values(), *[place for place, *_ in found.sessions]]) + 1

    def read(self, lines: Iterator[Line]) -> Iterator[Row]:
        """Refusals go to the register."""
        if self.found.shape == "day":
            yield from self._days(lines)
            return
        read = self._session if self.found.shape == "session" else self._sheet
        for line in self._sound(lines):
            yield from read(line.number, line.cells)

    def _days(self, lines: Iterator[Line]) -> Iterator[Row]:
        """A row whose every value was met before and found right is looked up; any other goes the long way."""
        register, pick, days, marks, pupils = self.register, self.pick, self.right_days, self.right_marks, self.pupils
        day_at, am_at, pm_at = self.date_at, self.am_at, self.pm_at
        is_plain = am_at >= 0 and pm_at >= 0 and not self.has_minutes and not self.has_formulas
        for line in lines:
            if is_plain and not line.wrong:
                cells = line.cells
                try:
                    of, day = pupils[pick(cells)], days[cells[day_at]]
                    row = (line.number, of, day, marks[cells[am_at]], marks[cells[pm_at]], 0, 0)
                except (KeyError, IndexError):
                    pass
                else:
                    register.read += 1
                    yield row
                    continue
            for sound in self._sound((line,)):
                if found := self._day(sound.number, sound.cells):
                    yield found

    def _sound(self, lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            if line.wrong:
                self.register.read += 1
                self.register.refuse(line.number, "", "", line.wrong, "Correct the row.")
                continue
            if len(line.cells) < self.widest:
                line.cells.extend([""] * (self.widest - len(line.cells)))
            if self.has_formulas and (fault := self._formula(line.cells)):
                self.register.read += 1
                self.register.refuse(line.number, *fault)
                continue
            yield line

    def _formula(self, cells: list[str]) -> tuple[str, str, str, str] | None:
        """Into no cell of a register belongs a formula; a value marked as text is one."""
        for place, cell in enumerate(cells):
            text = cell.strip()
            if text.startswith("="):
                if marked := TYPED_AS_TEXT.fullmatch(text):
                    cells[place] = marked[1].strip()
                    continue
                return self._heading(place), text, "it begins with =, as a formula does", "Write the value itself."
            if text in EXCEL_ERRORS:
                return (
                    self._heading(place),
                    text,
                    "it is an error that the spreadsheet shows",
                    "Write the value itself.",
                )
        return None

    def _heading(self, place: int) -> str:
        return next((name for name, at in self.found.places.items() if at == place), f"column {place + 1}")

    def _pupil(self, cells: list[str]) -> Pupil:
        key = self.pick(cells)
        found = self.pupils.get(key)
        if found is None:
            found = self.pupils[key] = Pupil(*(cells[place].strip() if place >= 0 else "" for place in self.who))
        return found

    def _on(self, text: str) -> date | str:
        """The day, or what is wrong with it."""
        found = self.days.get(text)
        if found is None:
            day, wrong, _ = read_date(text) if text.strip() else (None, "it is blank", "")
            if day is None:
                found = wrong
            elif day > self.today:
                found = "it is in the future"
            else:
                found = day
            self.days[text] = found
        return found

    def _day(self, line: int, cells: list[str]) -> Row | None:
        self.register.read += 1
        written = cells[self.date_at]
        day = self._on(written)
        if isinstance(day, str):
            self.register.refuse(line, "Date", written, day, "Write the day like this: 07/09/2026.")
            return None
        am = read_code(cells[self.am_at]) if self.am_at >= 0 else ""
        pm = read_code(cells[self.pm_at]) if self.pm_at >= 0 else ""
        if am is None or pm is None:
            name, place = ("AM", self.am_at) if am is None else ("PM", self.pm_at)
            self._not_a_code(line, name, cells[place])
            return None
        self.right_days[written] = day
        self.right_marks |= {cells[at]: mark for at, mark in ((self.am_at, am), (self.pm_at, pm)) if at >= 0}
        minutes = self._minutes(line, cells, "AM minutes late"), self._minutes(line, cells, "PM minutes late")
        return line, self._pupil(cells), day, am, pm, *minutes

    def _session(self, line: int, cells: list[str]) -> Iterator[Row]:
        places, register = self.found.places, self.register
        register.read += 1
        written = cells[places["Date"]]
        day = self._on(written)
        if day.__class__ is str:
            register.refuse(line, "Date", written, str(day), "Write the day like this: 07/09/2026.")
            return
        session = SESSIONS.get(cells[places["Session"]].strip().casefold())
        if session is None:
            register.refuse(line, "Session", cells[places["Session"]], "this is not a session", "Write AM or PM.")
            return
        code = read_code(cells[places["Mark"]])
        if code is None:
            self._not_a_code(line, "Mark", cells[places["Mark"]])
            return
        minutes = self._minutes(line, cells, "Minutes late")
        pupil = self._pupil(cells)
        if session == "am":
            yield line, pupil, day, code, "", minutes, 0  # type: ignore[misc]
        else:
            yield line, pupil, day, "", code, 0, minutes  # type: ignore[misc]

    def _sheet(self, line: int, cells: list[str]) -> Iterator[Row]:
        pupil = self._pupil(cells)
        for place, day, session, heading in self.found.sessions:
            if not cells[place].strip():
                continue
            self.register.read += 1
            code = read_code(cells[place])
            if code is None:
                self._not_a_code(line, heading, cells[place])
            elif day > self.today and code:
                self.register.refuse(line, heading, cells[place], "it is in the future", "Leave it blank.")
            elif session == "am":
                yield line, pupil, day, code, "", 0, 0
            else:
                yield line, pupil, day, "", code, 0, 0

    def _minutes(self, line: int, cells: list[str], name: str) -> int:
        """Not worth refusing a mark for."""
        place = self.found.places.get(name)
        text = cells[place].strip() if place is not None else ""
        return min(int(text), 999) if text.isdecimal() and text.isascii() else 0

    def _not_a_code(self, line: int, column: str, value: str) -> None:
        self.register.refuse(
            line, column, value.strip(), "this is not an attendance code", "Use the codes of the regulations."
        )
