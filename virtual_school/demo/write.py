"""The rows of one authority's children, kept until all are made, then written a table at a time."""

from collections import defaultdict
from typing import Any

from virtual_school.children import bulk

TABLES: dict[str, tuple[str, ...]] = {
    "children_formername": ("forename", "surname", "until"),
    "children_sensitivity": ("kind", "since", "why"),
    "children_supportperiod": ("kind", "starts", "ends"),
    "children_evidence": ("duty", "on", "note", "by_name", "recorded_at", "withdrawn_at"),
    "care_episode": (
        "starts", "new_reason", "legal_status", "need", "place", "provider", "ends", "end_reason", "change_reason",
        "home_postcode", "place_postcode", "home_urn", "place_la", "place_location", "distance_miles", "is_emergency",
        "received",
    ),
    "care_careperiod": ("kind", "starts", "ends", "end_reason"),
    "care_placement": (
        "starts", "ends", "place", "provider", "postcode", "home_urn", "carer", "place_la", "in_area", "is_emergency",
    ),
    "care_review": ("on", "code"),
    "care_unaccompaniedchild": ("until",),
    "care_twelvemonthoutcomes": (
        "collection_year", "sdq_score", "sdq_reason", "is_convicted", "has_health_check", "has_immunisations",
        "has_teeth_check", "has_health_assessment", "has_substance_misuse", "was_intervention_received",
        "was_intervention_offered",
    ),
    "care_careleaveroutcomes": ("collection_year", "in_touch", "activity", "accommodation"),
    "care_adoption": (
        "decided_on", "matched_on", "was_by_foster_carer", "number_of_adopters", "sex_of_adopters",
        "legal_status_of_adopters",
    ),
    "care_adoptionplacement": ("starts", "ends", "end_reason"),
    "care_previouspermanence": ("kind", "authority_of_order", "on"),
    "care_missingepisode": ("kind", "starts", "ends"),
    "care_socialworkerepisode": ("worker_code", "starts", "ends", "reason"),
    "schools_enrolment": ("school_id", "provision", "kind", "starts", "ends", "year_group", "left_why"),
    "plans_recordedplan": ("term", "initiated_on", "meeting_on", "signed_off_on", "rating"),
    "children_involvement": ("role", "starts", "ends", "why", "is_named", "person_id"),
}  # fmt: skip
CHILD = (
    "id", "authority_id", "public_id", "local_id", "forename", "surname", "preferred_name", "born", "sex", "ethnicity",
    "upn", "upn_missing_why", "uln", "is_mother", "mothers_child_born", "received", "search_text", "roll_checked_on",
)  # fmt: skip


def new_ids(table: str, number: int) -> list[int]:
    rows = bulk.select("select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, number])
    return [row[0] for row in rows]


class Rows:
    """`child` is a child's place among those made; the last value of an involvement a person's in the team."""

    def __init__(self, authority: int) -> None:
        self.authority = authority
        self.children: list[tuple[Any, ...]] = []
        self.of: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def add(self, table: str, child: int, *values: Any) -> None:
        self.of[table].append((child, *values))

    def write(self, people: list[int]) -> list[int]:
        """The children's ids, in their order."""
        ids = new_ids("children_child", len(self.children))
        code = self.authority
        bulk.insert("children_child", CHILD, [(pk, code, *row) for pk, row in zip(ids, self.children, strict=True)])
        for table, columns in TABLES.items():
            rows = self.of.pop(table, [])
            if table == "children_involvement":
                rows = [(*row[:-1], people[row[-1]]) for row in rows]
            bulk.insert(
                table, ("authority_id", "child_id", *columns), [(code, ids[child], *rest) for child, *rest in rows]
            )
        return ids
