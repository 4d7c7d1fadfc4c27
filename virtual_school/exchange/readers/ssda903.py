"""Reads the SSDA903 return: a folder, a zip, loose CSV files, or one XML file, of any year."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from virtual_school.exchange.readers.faults import Caution, Rejection, Unreadable
from virtual_school.exchange.readers.files import Source, sources
from virtual_school.exchange.readers.return_checks import (
    Overlap,
    check,
    collection_year,
    count_mapped,
    guess_year,
    overlapping,
    set_aside,
)
from virtual_school.exchange.readers.return_rows import Mapped, Return, Row, UnrecognisedFile, read_rows
from virtual_school.exchange.readers.return_tables import TABLES, canonical, recognise
from virtual_school.exchange.readers.return_xml import read_xml
from virtual_school.exchange.readers.text import open_csv

__all__ = [
    "Caution",
    "Mapped",
    "Overlap",
    "Rejection",
    "Return",
    "Row",
    "Unreadable",
    "UnrecognisedFile",
    "collection_year",
    "overlapping",
    "read",
    "set_aside",
]

XML_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


def read(paths: Sequence[Path], today: date | None = None) -> Return:
    """The good rows, and what is wrong with the others. Raises Unreadable when nothing can be read.

    `today` is the day against which a date is in the future.
    """
    files = sources(paths)
    xml = [source for source in files if source.content[:200].lstrip().startswith(XML_STARTS)]
    found = Return()
    if xml:
        _read_one_xml(xml, files, found)
    else:
        for source in files:
            _read_csv(source, found)
    if not found.tables:
        raise Unreadable(_nothing_read(found))
    check(found, today or date.today())
    found.missing_tables = [table.name for table in TABLES if table.name not in found.tables]
    if "Header" not in found.tables:
        found.notes.append("There is no Header table, so it was not checked that each child is listed there.")
    found.mapped = count_mapped(found)
    found.collection_year = guess_year(found)
    return found


def _read_one_xml(xml: list[Source], files: list[Source], found: Return) -> None:
    if len(xml) > 1:
        raise Unreadable(f"{xml[0].name} and {xml[1].name} are both XML. Load one XML return at a time.")
    others = Return()
    for source in files:
        if source is not xml[0]:
            _read_csv(source, others)
    if others.tables:
        raise Unreadable(f"{xml[0].name} is XML and other files are CSV. Load the one or the other, not a mix.")
    found.unrecognised_files = others.unrecognised_files
    read_xml(xml[0].content, xml[0].name, found)


def _read_csv(source: Source, found: Return) -> None:
    try:
        csv = open_csv(source.content, source.name)
    except Unreadable as error:
        found.unrecognised_files.append(UnrecognisedFile(source.name, str(error)))
        return
    names = [canonical(heading) for heading in csv.header]
    table = recognise(names)
    if table is None:
        reason = f"{source.name} has the columns of no table of the return."
        found.unrecognised_files.append(UnrecognisedFile(source.name, reason))
        return
    absent = [name for name in table.needed if name not in names]
    if absent:
        reason = f"{source.name} looks like the {table.name} table but has no column {', '.join(absent)}."
        found.unrecognised_files.append(UnrecognisedFile(source.name, reason))
        return
    if table.name in found.tables:
        found.notes.append(f"{source.name} is a second file of the {table.name} table. Both were read.")
    found.notes += csv.notes
    read_rows(table, source.name, csv.header, csv.lines, found)


def _nothing_read(found: Return) -> str:
    if not found.unrecognised_files:
        return "There are no files to read."
    reasons = " ".join(file.reason for file in found.unrecognised_files[:10])
    if len(found.unrecognised_files) == 1:
        return reasons
    return f"None of the {len(found.unrecognised_files)} files is a table of the SSDA903 return. {reasons}"
