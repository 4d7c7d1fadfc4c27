"""Attendance as sums, without marks: out of a common transfer file, or the session tables of the school census."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from virtual_school.attendance.codes import read_code
from virtual_school.attendance.sums import sums_of_counts
from virtual_school.exchange.readers.faults import Caution, Fault, Rejection, Unreadable
from virtual_school.exchange.readers.files import Source
from virtual_school.exchange.readers.text import open_csv

LARGEST_COUNT = 1_000
CENSUS_NAME = re.compile(r"(20\d\d)[_ -]*(spring|summer|autumn)", re.IGNORECASE)
WHOLE = re.compile(r"(\d{1,6})(?:\.0*)?")
PUPIL_KEYS = {"pupilonrolltableid": "pupilonroll", "pupilnolongeronrolltableid": "pupilnolongeronroll"}
MORE_THAN_POSSIBLE = "the sessions of absence add up to more than were possible"


@dataclass(slots=True)
class Totals:
    """Of one pupil and period. `possible`, `authorised` and `unauthorised` are None where the file does not say."""

    file: str
    line: int
    upn: str
    born: str
    urn: str
    laestab: str
    period: str
    possible: int | None
    authorised: int | None
    unauthorised: int | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def doubt(self) -> str:
        absent = (self.authorised or 0) + (self.unauthorised or 0)
        return MORE_THAN_POSSIBLE if self.possible is not None and absent > self.possible else ""


@dataclass
class TotalsFile:
    source: Literal["census", "transfer"]
    rows: list[Totals] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: int = 0


def is_transfer_file(content: bytes) -> bool:
    start = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return start.startswith(b"<")


def is_census(source: Source) -> bool:
    return b"tableid" in source.content[:4_000].lower() and not is_transfer_file(source.content)


def read_transfer_file(source: Source) -> TotalsFile:
    """Unknown elements are passed over; a missing one is "not said". Raises Unreadable."""
    found = TotalsFile("transfer")
    try:
        root, pupils = _pupils(source)
        for number, pupil in enumerate(pupils, start=1):
            _transfer_pupil(source.name, number, pupil, root, found)
    except DefusedXmlException as error:
        raise Unreadable(
            f"{source.name} declares a document type or entities (DOCTYPE), which a transfer file never needs. "
            "It was not opened."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{source.name} is not well-formed XML ({error}).") from error
    if not found.read:
        raise Unreadable(f"{source.name} tells nothing of attendance.")
    return found


def _pupils(source: Source) -> tuple[dict[str, str], list[Element]]:
    """The source school, and the pupils' elements."""
    pupils: list[Element] = []
    school: dict[str, str] = {}
    is_first = True
    for event, element in iterparse(BytesIO(source.content), events=("start", "end"), forbid_dtd=True):
        if is_first:
            is_first = False
            if element.tag != "CTfile":
                raise Unreadable(f"{source.name} is XML, but not a common transfer file (CTfile).")
        if event == "end" and element.tag == "SourceSchool":
            school = {child.tag: (child.text or "").strip() for child in element}
        if event == "end" and element.tag == "Pupil":
            pupils.append(element)
    return school, pupils


def _transfer_pupil(file: str, number: int, pupil: Element, school: dict[str, str], found: TotalsFile) -> None:
    for year in pupil.iterfind("Attendance/YearData"):
        found.read += 1
        values: dict[str, int | None] = {}
        for name in ("SessionsPossible", "SessionsAuthorised", "SessionsUnauthorised"):
            text = year.findtext(name, "").strip()
            values[name] = _count(text) if text else None
            if text and values[name] is None:
                found.faults.append(
                    Rejection(file, number, name, text[:80], "this is not a number of sessions", "Ask the school.")
                )
                break
        else:
            totals = Totals(
                file, number, pupil.findtext("UPN", "").strip(), pupil.findtext("DOB", "").strip(), "",
                school.get("LEA", "") + school.get("Estab", ""), f"year {year.findtext('Year', '').strip()[:12]}",
                *values.values(),
            )  # fmt: skip
            _told(totals, found)


def _count(text: str) -> int | None:
    match = WHOLE.fullmatch(text.strip())
    return int(match[1]) if match and int(match[1]) <= LARGEST_COUNT else None


def _told(totals: Totals, found: TotalsFile) -> None:
    found.rows.append(totals)
    if totals.doubt:
        absent = (totals.authorised or 0) + (totals.unauthorised or 0)
        found.faults.append(
            Caution(
                totals.file, totals.line, "sessions", f"{absent} of {totals.possible}", totals.doubt,
                "It was kept as it was sent, apart from what is counted from marks. Ask the school.",
            )
        )  # fmt: skip


@dataclass
class _Pupil:
    file: str
    line: int
    upn: str
    born: str
    school: str
    possible: int | None
    counts: dict[str, int] = field(default_factory=dict)
    line_of_counts: int = 0


def read_census(sources: Sequence[Source]) -> TotalsFile:
    """The tables of pupils and of their sessions, joined by the id of the pupil's row. Raises Unreadable.

    Marks of presence are not in them: attended = possible - authorised - unauthorised (data 5.3).
    """
    found = TotalsFile("census")
    pupils: dict[tuple[str, str], _Pupil] = {}
    sessions: list[tuple[Source, list[str], Iterator]] = []
    for source in sources:
        csv = open_csv(source.content, source.name)
        names = [heading.strip().casefold() for heading in csv.header]
        found.notes += csv.notes
        key = next((key for key in PUPIL_KEYS if key in names), None)
        if key and {"attendancereason", "sessions"} <= set(names):
            sessions.append((source, names, csv.lines))
        elif key and {"upn", "dob"} <= set(names):
            _read_pupils(source, names, key, csv.lines, pupils)
        else:
            found.notes.append(f"{source.name} holds neither pupils nor their sessions: it was passed over.")
    if not sessions:
        raise Unreadable("There is no table of sessions (attendancereason, sessions) among the files.")
    if not pupils:
        raise Unreadable("There is no table of pupils (pupilonroll or pupilnolongeronroll) beside the sessions.")
    for source, names, lines in sessions:
        _read_sessions(source, names, lines, pupils, found)
    periods = {source.name: _period(source.name) for source in sources}
    for pupil in pupils.values():
        if pupil.counts or pupil.possible is not None:
            sums = sums_of_counts(pupil.counts)
            _told(
                Totals(
                    pupil.file, pupil.line, pupil.upn, pupil.born, pupil.school, "", periods[pupil.file],
                    pupil.possible, sums.authorised, sums.unauthorised, pupil.counts,
                ),
                found,
            )  # fmt: skip
    return found


def _period(name: str) -> str:
    match = CENSUS_NAME.search(name)
    return f"{match[1]} {match[2].lower()} census" if match else "census"


def _read_pupils(
    source: Source, names: list[str], key: str, lines: Iterator, pupils: dict[tuple[str, str], _Pupil]
) -> None:
    places = {name: place for place, name in enumerate(names)}

    def cell(cells: Sequence[str], name: str) -> str:
        place = places.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    for line in lines:
        if not line.wrong:
            pupils[key, cell(line.cells, key)] = _Pupil(
                source.name, line.number, cell(line.cells, "upn"), cell(line.cells, "dob"),
                cell(line.cells, "urn") or cell(line.cells, "nativeid"),
                _count(cell(line.cells, "termlysessionspossible")),
            )  # fmt: skip


def _read_sessions(
    source: Source, names: list[str], lines: Iterator, pupils: dict[tuple[str, str], _Pupil], found: TotalsFile
) -> None:
    key = next(name for name in PUPIL_KEYS if name in names)
    places = names.index(key), names.index("attendancereason"), names.index("sessions")
    unmatched: dict[str, int] = defaultdict(int)
    for line in lines:
        found.read += 1
        cells = [line.cells[place].strip() if place < len(line.cells) else "" for place in places]
        pupil = pupils.get((key, cells[0]))
        code, number = read_code(cells[1]), _count(cells[2])
        if line.wrong or not code or number is None:
            column, value = ("attendancereason", cells[1]) if not code else ("sessions", cells[2])
            reason = line.wrong or (
                "this is not an attendance code" if not code else "this is not a number of sessions"
            )
            found.faults.append(Rejection(source.name, line.number, column, value[:80], reason, "Ask the school."))
        elif pupil is None:
            unmatched[source.name] += 1
        else:
            pupil.counts[code] = pupil.counts.get(code, 0) + number
    for file, count in unmatched.items():
        found.notes.append(f"{file}: {count:,} rows are of pupils who are in no table of pupils that was sent.")
