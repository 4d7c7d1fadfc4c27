"""The XML form of the SSDA903 return, read one child at a time into the rows of the CSV tables."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.readers.return_rows import Return, read_rows
from virtual_school.exchange.readers.return_tables import TABLE
from virtual_school.exchange.readers.text import Line

ROOT = "EXPSSDA903"
DEEPEST = 8
HEADER = ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
UASC = ("CHILD", "SEX", "DOB", "DUC")
GROUPS = {  # elements inside HEADER that are rows of their own
    "AREVIEW": ("Reviews", ("REVIEW", "REVIEW_CODE")),
    "AMISSING": ("Missing", ("MISSING", "MIS_START", "MIS_END")),
    "AD_PLACED": ("PlacedAdoption", ("DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED")),
    "PERMANENCE": ("PrevPerm", ("PREV_PERM", "LA_PERM", "DATE_PERM")),
    "OC2": (
        "OC2",
        tuple(column.name for column in TABLE["OC2"].columns if column.name not in ("CHILD", "DOB")),
    ),
}
FLAT = {  # elements of HEADER that make a row of another table when one is filled
    "OC3": ("IN_TOUCH", "ACTIV", "ACCOM"),
    "AD1": ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR", "LS_ADOPTR"),
}
EPISODE = {"PLACE": "PL"} | {
    column.name: column.name
    for column in TABLE["Episodes"].columns
    if column.name not in ("CHILD", "PLACE") and not column.optional
}
COLUMNS = (
    {"Header": HEADER, "UASC": UASC, "Episodes": ("CHILD", *EPISODE)}
    | {table: ("CHILD", "DOB", *names) for table, names in GROUPS.values()}
    | {table: ("CHILD", "DOB", *names) for table, names in FLAT.items()}
)
KNOWN = {"CHILDID", "UASC", "DUC", *HEADER[1:], *GROUPS, *(name for names in FLAT.values() for name in names)}


def read_xml(content: bytes, file: str, into: Return) -> None:
    """Adds every table of the file to the answer. A row's number is that of its element, counted from 1."""
    rows: dict[str, list[list[str]]] = {table: [] for table in COLUMNS}
    unknown: Counter[str] = Counter()
    try:
        for child in _children(content, file):
            _read_child(child, rows, unknown)
    except DefusedXmlException as error:
        raise Unreadable(
            f"{file} declares a document type or entities (DOCTYPE), which a return never needs "
            "and which can be used for an attack. It was not opened. Export it again without them."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{file} is not well-formed XML ({error}).") from error
    into.notes.append(f"{file} is XML: the row is the number of the element of that kind, counting from 1.")
    if unknown:
        names = ", ".join(f"{name} ({count})" for name, count in unknown.most_common(20))
        into.notes.append(f"{file}: elements that are not in the return were ignored: {names}.")
    for table, found in rows.items():
        lines = (Line(number, number, cells) for number, cells in enumerate(found, start=1))
        read_rows(TABLE[table], file, COLUMNS[table], lines, into)


def _children(content: bytes, file: str) -> Iterator[Element]:
    depth = 0
    root: Element | None = None
    for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            depth += 1
            if root is None:
                root = element
                if element.tag != ROOT:
                    raise Unreadable(f"{file} is XML but not an SSDA903 return: it begins with {element.tag[:40]}.")
            if depth > DEEPEST:
                raise Unreadable(f"{file} is XML but not an SSDA903 return: its elements are nested too deep.")
            continue
        depth -= 1
        if depth == 1 and root is not None:
            if element.tag == "CHILD":
                yield element
            root.clear()


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _read_child(child: Element, rows: dict[str, list[list[str]]], unknown: Counter[str]) -> None:
    header = child.find("HEADER")
    if header is None:
        header = Element("HEADER")
    groups: dict[str, list[Element]] = defaultdict(list)
    filled: dict[str, str] = {}
    for element in header:
        if element.tag in GROUPS:
            groups[element.tag].append(element)
        elif element.tag in KNOWN:
            filled.setdefault(element.tag, _text(element))
        else:
            unknown[element.tag] += 1
    filled["CHILD"] = filled.get("CHILDID", "")
    who = [filled["CHILD"], filled.get("DOB", "")]
    rows["Header"].append([filled.get(name, "") for name in HEADER])
    if filled.get("UASC") == "1" or filled.get("DUC"):
        rows["UASC"].append([filled.get(name, "") for name in UASC])
    for tag, (table, names) in GROUPS.items():
        for element in groups[tag]:
            rows[table].append(who + [_text(element.find(name)) for name in names])
    for table, names in FLAT.items():
        if any(filled.get(name) for name in names):
            rows[table].append(who + [filled.get(name, "") for name in names])
    for element in child:
        if element.tag == "EPISODE":
            rows["Episodes"].append([who[0]] + [_text(element.find(tag)) for tag in EPISODE.values()])
        elif element.tag != "HEADER":
            unknown[element.tag] += 1
