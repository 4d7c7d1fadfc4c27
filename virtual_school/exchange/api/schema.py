"""What the API takes and answers, as its description in openapi.json says it."""

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, WithJsonSchema

from virtual_school.attendance.codes import codes

MOST_MARKS = 10_000
Result = Literal["created", "unchanged", "corrected", "kept_beside", "refused"]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", json_schema_extra={"format": "date"})]
Minutes = Annotated[int, Field(ge=0, le=999)]
CODES = ", ".join(codes())


class DayMarks(Schema):
    """A pupil's day at one school."""

    model_config = ConfigDict(extra="forbid", strict=True)

    upn: Annotated[str, Field(max_length=20, description="Unique pupil number, as now or as before")]
    date_of_birth: Day
    date: Annotated[Day, Field(description="The day of the marks; not in the future")]
    am: Annotated[str, Field(max_length=4, description=f"Morning. One of {CODES}; empty where it is not told")] = ""
    pm: Annotated[str, Field(max_length=4, description="Afternoon, likewise")] = ""
    am_minutes_late: Minutes = 0
    pm_minutes_late: Minutes = 0
    urn: Annotated[
        int | None, Field(description="Of the school, six digits. Without it: the school whose roll the pupil was on")
    ] = None


class Marks(Schema):
    """Up to 10,000 days of any number of pupils."""

    model_config = ConfigDict(extra="forbid")

    marks: Annotated[
        list[Any],
        # Each is read on its own, so that one that is wrong does not spoil the others.
        WithJsonSchema({"type": "array", "maxItems": MOST_MARKS, "items": DayMarks.model_json_schema()}),
    ]
    all_or_nothing: Annotated[bool, Field(description="Keep nothing when any row is refused", strict=True)] = False


class Answered(Schema):
    """What became of a row. Rows count from 1, as they were sent."""

    row: int
    result: Annotated[
        Result,
        Field(
            description="created: there was no mark; corrected: it stands in place of another, which is kept; "
            "kept_beside: it disagrees with the school's own mark, which stands; unchanged; refused"
        ),
    ]
    field: Annotated[str | None, Field(description="Of a refusal: what is wrong")] = None
    reason: str | None = None
    note: Annotated[str | None, Field(description="It was kept; something about it should be looked at")] = None


class Taken(Schema):
    counts: dict[Result, int]
    rows: list[Answered]


class ChildSums(Schema):
    """Sessions of one child, from the marks that count."""

    child: Annotated[str, Field(description="The authority's own identifier")]
    possible: int
    present: int
    approved: int
    authorised: int
    unauthorised: int
    late: int
    late_before_close: int
    late_after_close: int
    absence_pct: float | None
    persistent: bool
    severe: bool


class SumsTold(Schema):
    model_config = ConfigDict(populate_by_name=True)

    authority: int
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    children: list[ChildSums]


class ProblemTold(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    rows: Annotated[list[Answered] | None, Field(description="Refused rows, where all or nothing was asked")] = None
