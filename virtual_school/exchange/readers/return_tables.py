"""The twelve tables of the SSDA903 return: columns, kinds, keys (guide to 2026-27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "date", "number", "upn"]


@dataclass(frozen=True, slots=True)
class Column:
    """`needed`: a row without it is refused. `decides`: a row with an unreadable value here is refused.

    Elsewhere a value that cannot be read is a caution and the row is kept.
    """

    name: str
    kind: Kind = "text"
    needed: bool = False
    decides: bool = False
    optional: bool = False  # added by case systems: kept as supplied when present
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    spans: tuple[tuple[str, str], ...] = ()

    @property
    def marks(self) -> frozenset[str]:
        """Columns that tell this table from the others."""
        return frozenset(column.name for column in self.columns if not column.optional) - {
            "CHILD",
            "DOB",
            "SEX",
        }

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.needed)


def _text(name: str, optional: bool = False) -> Column:
    return Column(name, optional=optional)


def _code(name: str, needed: bool = False, decides: bool = False) -> Column:
    return Column(name, "code", needed=needed, decides=decides)


def _date(name: str, needed: bool = False, decides: bool = False) -> Column:
    return Column(name, "date", needed=needed, decides=decides)


def _number(name: str, most: int) -> Column:
    return Column(name, "number", most=most)


CHILD = Column("CHILD", needed=True, decides=True)
DOB = _date("DOB")  # outside Header it only confirms who the child is

TABLES = (
    Table(
        "Header",
        (
            CHILD,
            _code("SEX", decides=True),
            _date("DOB", needed=True, decides=True),
            _code("ETHNIC"),
            Column("UPN", "upn"),
            _number("MOTHER", 1),
            _date("MC_DOB"),
        ),
        ("CHILD",),
    ),
    Table(
        "Episodes",
        (
            CHILD,
            _date("DECOM", needed=True, decides=True),
            _code("RNE", needed=True, decides=True),
            _code("LS", needed=True, decides=True),
            _code("CIN"),
            _code("PLACE", decides=True),
            _code("PLACE_PROVIDER"),
            _date("DEC", decides=True),
            _code("REC", decides=True),
            _code("REASON_PLACE_CHANGE"),
            _text("HOME_POST"),
            _text("PL_POST"),
            _text("URN"),  # the Ofsted social-care URN of the home or agency: not a school's
            _text("PL_LA", optional=True),
            _text("PL_LOCATION", optional=True),
            _text("PL_DISTANCE", optional=True),
        ),
        ("CHILD", "DECOM"),
        (("DECOM", "DEC"),),
    ),
    Table(
        "Reviews",
        (CHILD, DOB, _date("REVIEW", needed=True, decides=True), _code("REVIEW_CODE", decides=True)),
        ("CHILD", "REVIEW"),
    ),
    Table("UASC", (CHILD, _code("SEX"), DOB, _date("DUC")), ("CHILD",)),
    Table(
        "OC2",
        (
            CHILD,
            DOB,
            _number("SDQ_SCORE", 40),
            _code("SDQ_REASON"),
            _number("CONVICTED", 1),
            _number("HEALTH_CHECK", 1),
            _number("IMMUNISATIONS", 1),
            _number("TEETH_CHECK", 1),
            _number("HEALTH_ASSESSMENT", 1),
            _number("SUBSTANCE_MISUSE", 1),
            _number("INTERVENTION_RECEIVED", 1),
            _number("INTERVENTION_OFFERED", 1),
        ),
        ("CHILD",),
    ),
    Table("OC3", (CHILD, DOB, _code("IN_TOUCH"), _code("ACTIV"), _code("ACCOM")), ("CHILD",)),
    Table(
        "AD1",
        (
            CHILD,
            DOB,
            _date("DATE_INT"),
            _date("DATE_MATCH"),
            _number("FOSTER_CARE", 1),
            _number("NB_ADOPTR", 2),
            _code("SEX_ADOPTR"),
            _code("LS_ADOPTR"),
        ),
        ("CHILD",),
    ),
    Table(
        "PlacedAdoption",
        (
            CHILD,
            DOB,
            _date("DATE_PLACED", needed=True, decides=True),
            _date("DATE_PLACED_CEASED", decides=True),
            _code("REASON_PLACED_CEASED"),
        ),
        ("CHILD", "DATE_PLACED"),
        (("DATE_PLACED", "DATE_PLACED_CEASED"),),
    ),
    Table("PrevPerm", (CHILD, DOB, _code("PREV_PERM"), _text("LA_PERM"), _date("DATE_PERM")), ("CHILD",)),
    Table(
        "Missing",
        (
            CHILD,
            DOB,
            _code("MISSING"),
            _date("MIS_START", needed=True, decides=True),
            _date("MIS_END", decides=True),
        ),
        ("CHILD", "MIS_START"),
        (("MIS_START", "MIS_END"),),
    ),
    Table(
        "SWEpisodes",
        (
            CHILD,
            DOB,
            _text("SW_ID"),
            _date("SW_DECOM", needed=True, decides=True),
            _date("SW_DEC", decides=True),
            _code("SW_REASON"),
        ),
        ("CHILD", "SW_DECOM"),
        (("SW_DECOM", "SW_DEC"),),
    ),
    Table(
        "DoLo",
        (CHILD, DOB, _date("DOLO_START", needed=True, decides=True), _date("DOLO_END", decides=True)),
        ("CHILD", "DOLO_START"),
        (("DOLO_START", "DOLO_END"),),
    ),
)
TABLE = {table.name: table for table in TABLES}

ALSO_WRITTEN = {"CHILDID": "CHILD", "CHILD_ID": "CHILD", "PL": "PLACE", "DATE_OF_BIRTH": "DOB"}


def canonical(heading: str) -> str:
    """DECOM from ' decom ', PL_POST from 'Pl Post', CHILD from 'Child ID'."""
    name = "_".join(heading.replace("\ufeff", "").replace("_", " ").split()).upper()
    return ALSO_WRITTEN.get(name, name)


def recognise(headings: Iterable[str]) -> Table | None:
    """The table these headings hold most columns of; None when they hold under half of any table's own."""
    names = set(headings)
    likely = [table for table in TABLES if 2 * len(table.marks & names) >= len(table.marks)]
    return max(likely, key=lambda table: len(table.marks & names), default=None)
