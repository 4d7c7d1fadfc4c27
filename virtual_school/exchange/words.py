"""The columns of files, and their codes, in words a reader knows."""

from collections.abc import Iterable
from datetime import date, datetime

from virtual_school.care.history import END_WORDS, LEGAL_WORDS, PLACEMENT_WORDS

from .kinds import TABLE_WORDS
from .readers.dates import in_full

COLUMNS = {
    "SEX": "Sex",
    "DOB": "Date of birth",
    "ETHNIC": "Ethnicity",
    "MOTHER": "Is a mother",
    "MC_DOB": "Their child's date of birth",
    "DECOM": "First day",
    "RNE": "Reason for the episode",
    "LS": "Legal status",
    "CIN": "Need",
    "PLACE": "Placement",
    "PLACE_PROVIDER": "Provider",
    "DEC": "Last day",
    "REC": "Reason for the end",
    "REASON_PLACE_CHANGE": "Reason for the move",
    "HOME_POST": "Home postcode",
    "PL_POST": "Placement postcode",
    "URN": "Home or agency",
    "PL_LA": "Authority of the placement",
    "PL_LOCATION": "In or out of area",
    "PL_DISTANCE": "Distance from home (miles)",
    "REVIEW": "Review",
    "REVIEW_CODE": "How the child took part",
    "DUC": "Until",
    "SDQ_SCORE": "SDQ score",
    "SDQ_REASON": "Reason for no SDQ score",
    "collection_year": "Year to 31 March",
    "received": "Codes as received",
}
CODES = {"LS": LEGAL_WORDS, "PLACE": PLACEMENT_WORDS, "REC": {**END_WORDS, "X1": "Next episode the same day"}}
ORDER = {name: place for place, name in enumerate(COLUMNS)}
"""JSON as the database keeps it forgets the order of its keys."""

ROWS = {
    "Header": "Child",
    "Episodes": "Episode",
    "Reviews": "Review",
    "UASC": "Unaccompanied child",
    "OC2": "Outcomes, twelve months in care",
    "OC3": "Care leaver",
    "AD1": "Adopted",
    "PlacedAdoption": "Placed for adoption",
    "PrevPerm": "Previous permanence",
    "Missing": "Missing",
    "SWEpisodes": "Social worker",
    "DoLo": "Deprivation of liberty",
    "Enrolments": "Enrolment",
    "Plans": "Plan",
    "Attendance": "Marks",
    "AttendanceTotals": "Sums of a term",
    "Schools": "Establishment",
    "Links": "Link",
}
KINDS = {
    "created": "Created",
    "changed": "Changed",
    "ended": "Ended",
    "rejected": "Left out",
    "missing": "Not in the file",
    "warning": "To look at",
}


def in_order(tables: Iterable[str]) -> list[str]:
    """Tables as the guide to the return has them."""
    order = list(TABLE_WORDS)
    return sorted(tables, key=lambda name: order.index(name) if name in order else len(order))


def column(name: str) -> str:
    return COLUMNS.get(name, name)


def table(name: str) -> str:
    return TABLE_WORDS.get(name, name)


def a_date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def value(name: str, text: str) -> str:
    if not text:
        return "blank"
    if day := a_date(text):
        return in_full(day)
    words = CODES.get(name, {}).get(text)
    return f"{text}, {words[:1].lower()}{words[1:]}" if words else text


def what(table_name: str, key: str) -> str:
    """Episode from 5 May 2025; Review of 3 June 2026; Plan 2026/27-autumn."""
    row = ROWS.get(table_name, table_name)
    day = a_date(key)
    if day is None:
        return f"{row} {key}".strip()
    return f"{row} of {in_full(day)}" if table_name == "Reviews" else f"{row} from {in_full(day)}"


def values(told: dict[str, str], only: dict[str, str] | None = None) -> str:
    """ "Legal status C2, full care order; Placement U6, foster care", of the columns of `only` where given."""
    names = sorted(only if only is not None else told, key=lambda name: ORDER.get(name, len(ORDER)))
    return "; ".join(f"{column(name)}: {value(name, told.get(name, ''))}" for name in names)
