"""Reads the register of schools (Get Information about Schools) and the links between old and new schools.

Columns are found by name, so the 30-column extract and the full daily file of 111 to 130 columns both read.
The file names head teachers: nothing about them is kept.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from virtual_school import shipped
from virtual_school.exchange.readers.dates import read_date
from virtual_school.exchange.readers.faults import Caution, Rejection, Unreadable
from virtual_school.exchange.readers.files import read_limited
from virtual_school.exchange.readers.text import CsvText, Line, open_csv

TEXT = {
    "la_code": "LA (code)",
    "la_name": "LA (name)",
    "establishment_number": "EstablishmentNumber",
    "name": "EstablishmentName",
    "type_code": "TypeOfEstablishment (code)",
    "type_name": "TypeOfEstablishment (name)",
    "group_code": "EstablishmentTypeGroup (code)",
    "group_name": "EstablishmentTypeGroup (name)",
    "status_code": "EstablishmentStatus (code)",
    "status_name": "EstablishmentStatus (name)",
    "reason_opened": "ReasonEstablishmentOpened (name)",
    "reason_closed": "ReasonEstablishmentClosed (name)",
    "phase_code": "PhaseOfEducation (code)",
    "phase_name": "PhaseOfEducation (name)",
    "gender": "Gender (name)",
    "religious_character": "ReligiousCharacter (name)",
    "boarders": "Boarders (name)",
    "sixth_form": "OfficialSixthForm (name)",
    "nursery": "NurseryProvision (name)",
    "trust": "Trusts (name)",
    "ukprn": "UKPRN",
    "last_rating": "OfstedRating (name)",
    "street": "Street",
    "locality": "Locality",
    "address3": "Address3",
    "town": "Town",
    "county": "County (name)",
    "postcode": "Postcode",
    "region": "GOR (name)",
    "website": "SchoolWebsite",
    "telephone": "TelephoneNum",
    "section41": "Section41Approved (name)",
    "resourced_provision": "TypeOfResourcedProvision (name)",
    "gssla_code": "GSSLACode (name)",
    "source_as_at": "SourceAsAt",
}
NUMBERS = {
    "low_age": "StatutoryLowAge",
    "high_age": "StatutoryHighAge",
    "capacity": "SchoolCapacity",
    "number_of_pupils": "NumberOfPupils",
    "easting": "Easting",
    "northing": "Northing",
}
DATES = {"open_date": "OpenDate", "close_date": "CloseDate", "last_inspection": "OfstedLastInsp"}
SEN_TYPES = tuple(f"SEN{number} (name)" for number in range(1, 14))
NEEDED = ("URN", "EstablishmentName")

STATUS_CODES = {"Open": "1", "Closed": "2", "Open, but proposed to close": "3", "Proposed to open": "4"}
PHASE_CODES = {
    "Not applicable": "0",
    "Nursery": "1",
    "Primary": "2",
    "Middle deemed primary": "3",
    "Secondary": "4",
    "Middle deemed secondary": "5",
    "16 plus": "6",
    "All-through": "7",
}
OLDEST = 1000  # some schools say that they opened in the Middle Ages
LINK_COLUMNS = ("URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate")


@dataclass(slots=True)
class SchoolRow:
    """Text that the file does not give is blank; numbers and dates are None.

    `last_rating` is the last overall grade, given up for state schools in September 2024: history, not a
    ranking. `source_as_at` says how old the row is, as the file writes it.
    """

    urn: int
    line: int
    la_code: str
    la_name: str
    establishment_number: str
    name: str
    type_code: str
    type_name: str
    group_code: str
    group_name: str
    status_code: str
    status_name: str
    reason_opened: str
    reason_closed: str
    phase_code: str
    phase_name: str
    gender: str
    religious_character: str
    boarders: str
    sixth_form: str
    nursery: str
    trust: str
    ukprn: str
    last_rating: str
    street: str
    locality: str
    address3: str
    town: str
    county: str
    postcode: str
    region: str
    website: str
    telephone: str
    section41: str
    resourced_provision: str
    gssla_code: str
    source_as_at: str
    low_age: int | None = None
    high_age: int | None = None
    capacity: int | None = None
    number_of_pupils: int | None = None
    easting: int | None = None
    northing: int | None = None
    open_date: date | None = None
    close_date: date | None = None
    last_inspection: date | None = None
    sen_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolLink:
    """`urn` was or became `link_urn`, as `link_type` says of the linked school."""

    urn: int
    line: int
    link_urn: int
    link_name: str
    link_type: str
    established: date | None


@dataclass
class Schools:
    rows: list[SchoolRow] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    missing_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Links:
    rows: list[SchoolLink] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    warnings: list[Caution] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_schools(path: Path) -> Schools:
    """Every school in the file, open and closed. Raises Unreadable when it is not the register."""
    table = open_csv(_content(path), path.name)
    places = _places(table, NEEDED, "the register of schools")
    found = Schools(notes=list(table.notes))
    found.missing_columns = [
        name for name in (*TEXT.values(), *NUMBERS.values(), *DATES.values()) if name not in places
    ]
    types = _type_codes()
    first: dict[int, int] = {}
    for line, cells in _lines(table, found):
        urn = _urn(cells[places["URN"]])
        if urn is None or (not cells[places["EstablishmentName"]].strip()):
            column = "URN" if urn is None else "EstablishmentName"
            reason = "URN is not a number of 5 or 6 digits" if urn is None else "the school has no name"
            found.rejected.append(
                Rejection(path.name, line.number, column, cells[places[column]], reason, f"Correct {column}.")
            )
            continue
        if urn in first:
            reason = f"row {line.number} is for the same URN as row {first[urn]}"
            found.rejected.append(
                Rejection(path.name, line.number, "URN", str(urn), reason, "Keep one of the two rows.")
            )
            continue
        first[urn] = line.number
        found.rows.append(_school(urn, line, cells, places, types, found, path.name))
    return found


def read_links(path: Path) -> Links:
    """Predecessors and successors. Raises Unreadable when it is not the links file."""
    table = open_csv(_content(path), path.name)
    places = _places(table, ("URN", "LinkURN", "LinkType"), "the links between schools")
    found = Links(notes=list(table.notes))
    for line, cells in _lines(table, found):
        given = {name: cells[place].strip() for name, place in places.items() if name in LINK_COLUMNS}
        urn, link_urn = _urn(given["URN"]), _urn(given["LinkURN"])
        if urn is None or link_urn is None:
            column = "URN" if urn is None else "LinkURN"
            found.rejected.append(
                Rejection(
                    path.name,
                    line.number,
                    column,
                    given[column],
                    f"{column} is not a number of 5 or 6 digits",
                    f"Correct {column}.",
                )
            )
            continue
        day = _date("LinkEstablishedDate", given.get("LinkEstablishedDate", ""), line, found, path.name)
        found.rows.append(SchoolLink(urn, line.number, link_urn, given.get("LinkName", ""), given["LinkType"], day))
    return found


def _content(path: Path) -> bytes:
    """A shipped register is kept as .xz; a downloaded one is plain."""
    if path.suffix == ".xz" and path.is_relative_to(shipped.DATA):
        return shipped.content(str(path.relative_to(shipped.DATA)))
    return read_limited(path)


def _places(table: CsvText, needed: tuple[str, ...], what: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(table.header):
        places.setdefault(heading.replace("\ufeff", "").strip(), place)
    absent = [name for name in needed if name not in places]
    if absent:
        raise Unreadable(f"{table.file} is not {what}: it has no column {', '.join(absent)}.")
    return places


def _lines(table: CsvText, found: Schools | Links) -> Iterator[tuple[Line, list[str]]]:
    """Rows as wide as the header. Longer rows are kept: real extracts have commas without quotation marks."""
    width = len(table.header)
    for line in table.lines:
        if line.wrong:
            found.rejected.append(Rejection(table.file, line.number, "", "", line.wrong, "Correct the row."))
            continue
        cells = line.cells
        if len(cells) > width and any(cells[width:]):
            reason = f"the row has {len(cells)} values for {width} columns; the last ones were joined together"
            found.warnings.append(
                Caution(
                    table.file,
                    line.number,
                    table.header[-1],
                    ",".join(cells[width - 1 :])[:80],
                    reason,
                    "Check the row.",
                )
            )
            cells = [*cells[: width - 1], ",".join(cells[width - 1 :])]
        yield line, cells + [""] * (width - len(cells))


def _urn(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and 5 <= len(text) <= 6 else None


def _school(
    urn: int,
    line: Line,
    cells: list[str],
    places: dict[str, int],
    types: dict[str, tuple[str, str]],
    found: Schools,
    file: str,
) -> SchoolRow:
    def given(column: str) -> str:
        return cells[places[column]].strip() if column in places else ""

    text = {name: given(column) for name, column in TEXT.items()}
    text["status_code"] = text["status_code"] or STATUS_CODES.get(text["status_name"], "")
    text["phase_code"] = text["phase_code"] or PHASE_CODES.get(text["phase_name"], "")
    type_code, group_code = types.get(text["type_name"], ("", ""))
    text["type_code"] = text["type_code"] or type_code
    text["group_code"] = text["group_code"] or group_code
    return SchoolRow(
        urn=urn,
        line=line.number,
        **text,
        **{name: _number(column, given(column), line, found, file) for name, column in NUMBERS.items()},
        **{name: _date(column, given(column), line, found, file) for name, column in DATES.items()},
        sen_types=tuple(kind for column in SEN_TYPES if (kind := given(column)) not in ("", "Not Applicable")),
    )


def _number(column: str, text: str, line: Line, found: Schools, file: str) -> int | None:
    if not text:
        return None
    whole = text.removesuffix(".0")
    if whole.isascii() and whole.isdigit() and len(whole) < 10:
        return int(whole)
    found.warnings.append(
        Caution(
            file,
            line.number,
            column,
            text[:80],
            f"{column} is not a whole number, so it was left out",
            "Correct it.",
        )
    )
    return None


def _date(column: str, text: str, line: Line, found: Schools | Links, file: str) -> date | None:
    if not text:
        return None
    day, wrong, _ = read_date(text, OLDEST)
    if wrong:
        reason = f"{column} is not a real date: {wrong}. It was left out"
        found.warnings.append(Caution(file, line.number, column, text[:80], reason, "Correct the date."))
    return day


def _type_codes() -> dict[str, tuple[str, str]]:
    """Type and group codes by the name of the type, for extracts that give names only."""
    with shipped.open_text("schools/establishment_types.csv") as file:
        return {
            row["type-of-establishment-name"]: (
                row["type-of-establishment-code"],
                row["establishment-type-group-code"],
            )
            for row in csv.DictReader(file)
        }
