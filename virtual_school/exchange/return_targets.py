"""Where each table of the SSDA903 return is kept, and how its values become ours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models

from virtual_school.care import models as care
from virtual_school.children.models import Child

from .readers.ssda903 import Row

OC2 = {
    "SDQ_SCORE": "sdq_score",
    "SDQ_REASON": "sdq_reason",
    "CONVICTED": "is_convicted",
    "HEALTH_CHECK": "has_health_check",
    "IMMUNISATIONS": "has_immunisations",
    "TEETH_CHECK": "has_teeth_check",
    "HEALTH_ASSESSMENT": "has_health_assessment",
    "SUBSTANCE_MISUSE": "has_substance_misuse",
    "INTERVENTION_RECEIVED": "was_intervention_received",
    "INTERVENTION_OFFERED": "was_intervention_offered",
}
EPISODE = {
    "DECOM": "starts",
    "RNE": "new_reason",
    "LS": "legal_status",
    "CIN": "need",
    "PLACE": "place",
    "PLACE_PROVIDER": "provider",
    "DEC": "ends",
    "REC": "end_reason",
    "REASON_PLACE_CHANGE": "change_reason",
    "HOME_POST": "home_postcode",
    "PL_POST": "place_postcode",
    "URN": "home_urn",
    "PL_LA": "place_la",
    "PL_LOCATION": "place_location",
    "PL_DISTANCE": "distance_miles",
}
HEADER = {
    "SEX": "sex",
    "DOB": "born",
    "ETHNIC": "ethnicity",
    "MOTHER": "is_mother",
    "MC_DOB": "mothers_child_born",
}

Convert = Callable[[Row, str], Any]


@dataclass(frozen=True)
class Target:
    """One table of the return. `key` is our column that, with the child, names a row; "" where there is one row a
    child. A row of a `yearly` table is for the return's collection year."""

    name: str
    words: str
    model: type[models.Model]
    columns: dict[str, str]
    key: str = ""
    ends: str = ""
    yearly: bool = False
    keeps_received: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @cached_property
    def own(self) -> list[str]:
        """Our columns, in the order of a row's values."""
        more = ["collection_year"] if self.yearly else []
        return [*more, *self.columns.values(), *(["received"] if self.keeps_received else [])]

    @cached_property
    def label(self) -> dict[str, str]:
        return {ours: theirs for theirs, ours in self.columns.items()}

    @cached_property
    def key_column(self) -> str:
        return "collection_year" if self.yearly else self.key

    @cached_property
    def converters(self) -> list[tuple[str, Convert]]:
        return [(theirs, converter(self.model, ours)) for theirs, ours in self.columns.items()]

    def values(self, row: Row, year: int | None, too_long: list[str]) -> tuple[Any, ...]:
        """The row as we keep it. A text longer than is kept is left out, and its column named in `too_long`."""
        found: list[Any] = [year] if self.yearly else []
        for theirs, convert in self.converters:
            try:
                found.append(convert(row, theirs))
            except TooLong:
                too_long.append(theirs)
                found.append("")
        if self.keeps_received:
            found.append(dict(row.received))
        return tuple(found)


class TooLong(ValueError):
    pass


def converter(model: type[models.Model], column: str) -> Convert:
    field = model._meta.get_field(column)
    if isinstance(field, models.BooleanField):
        return lambda row, name: None if (value := row.values.get(name)) is None else bool(value)
    if isinstance(field, models.FloatField):
        return lambda row, name: _number(row.values.get(name))
    if isinstance(field, models.DateField | models.IntegerField):
        return lambda row, name: row.values.get(name)
    longest = field.max_length

    def text(row: Row, name: str) -> str:
        value = row.values.get(name)
        if value is None:
            # A date of which parts are not known ("zz/05/2016") is kept as it came.
            value = row.received.get(name, "") if column == "on" else ""
        elif isinstance(value, date):
            value = f"{value:%d/%m/%Y}"
        value = str(value)
        if longest is not None and len(value) > longest:
            raise TooLong(name)
        return value

    return text


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


CHILDREN = Target("Header", "Children", Child, HEADER, keeps_received=True)
TARGETS = (
    Target("Episodes", "Episodes", care.Episode, EPISODE, "starts", "ends", keeps_received=True),
    Target("Reviews", "Reviews", care.Review, {"REVIEW": "on", "REVIEW_CODE": "code"}, "on"),
    Target("UASC", "Unaccompanied children", care.UnaccompaniedChild, {"DUC": "until"}),
    Target("OC2", "Twelve months in care", care.TwelveMonthOutcomes, OC2, yearly=True),
    Target(
        "OC3",
        "Care leavers",
        care.CareLeaverOutcomes,
        {"IN_TOUCH": "in_touch", "ACTIV": "activity", "ACCOM": "accommodation"},
        yearly=True,
    ),
    Target(
        "AD1",
        "Adopted children",
        care.Adoption,
        {
            "DATE_INT": "decided_on",
            "DATE_MATCH": "matched_on",
            "FOSTER_CARE": "was_by_foster_carer",
            "NB_ADOPTR": "number_of_adopters",
            "SEX_ADOPTR": "sex_of_adopters",
            "LS_ADOPTR": "legal_status_of_adopters",
        },
    ),
    Target(
        "PlacedAdoption",
        "Placed for adoption",
        care.AdoptionPlacement,
        {"DATE_PLACED": "starts", "DATE_PLACED_CEASED": "ends", "REASON_PLACED_CEASED": "end_reason"},
        "starts",
        "ends",
    ),
    Target(
        "PrevPerm",
        "Previous permanence",
        care.PreviousPermanence,
        {"PREV_PERM": "kind", "LA_PERM": "authority_of_order", "DATE_PERM": "on"},
    ),
    Target(
        "Missing",
        "Missing",
        care.MissingEpisode,
        {"MISSING": "kind", "MIS_START": "starts", "MIS_END": "ends"},
        "starts",
        "ends",
    ),
    Target(
        "SWEpisodes",
        "Social workers",
        care.SocialWorkerEpisode,
        {"SW_ID": "worker_code", "SW_DECOM": "starts", "SW_DEC": "ends", "SW_REASON": "reason"},
        "starts",
        "ends",
    ),
    Target(
        "DoLo",
        "Deprivation of liberty",
        care.DeprivationOfLiberty,
        {"DOLO_START": "starts", "DOLO_END": "ends"},
        "starts",
        "ends",
    ),
)
EPISODES = TARGETS[0]
WORDS = {target.name: target.words for target in (CHILDREN, *TARGETS)}
