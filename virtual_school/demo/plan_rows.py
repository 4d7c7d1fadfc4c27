"""The rows that hang on the plans of a term, kept until all are made, then written a table at a time."""

from collections import defaultdict
from datetime import date
from typing import Any

from virtual_school.children import bulk
from virtual_school.plans.models import Plan

from .write import new_ids

TABLES: dict[str, tuple[str, ...]] = {
    "plans_answer": (
        "section_key", "field_key", "value", "source", "source_words", "is_confirmed", "reason_if_blank", "revision",
        "by_id", "by_name", "at",
    ),
    "plans_plansection": (
        "key", "owner", "state", "revision", "completed_at", "completed_by_name", "is_named_in_return", "returned_why",
    ),
    "plans_target": (
        "id", "public_id", "number", "category", "outcome", "why", "how", "who", "due_on", "baseline", "measure",
        "success", "evidence", "need", "childs_words", "state",
    ),
    "plans_targetreview": ("target_id", "judged", "evidence", "impact", "by_name", "on"),
    "plans_costline": (
        "target_id", "fund", "category", "what", "sessions", "rate_pence", "amount_pence", "provider", "starts", "ends",
        "intended_impact", "why_not_ordinary",
    ),
    "plans_meeting": (
        "id", "on", "at", "minutes", "place", "mode", "chair_name", "note_taker_name", "state", "cancelled_why",
        "sequence", "is_child_present", "child_absent_why", "notes", "notes_revision", "dissent", "next_on",
    ),
    "plans_attendee": (
        "meeting_id", "person_id", "name", "role", "organisation", "email", "is_invited", "came", "contribution",
    ),
    "plans_decision": ("meeting_id", "what", "agenda_key", "dissent", "at", "once_key"),
    "plans_action": (
        "public_id", "what", "agenda_key", "owner_id", "owner_name", "due_on", "state", "done_on", "outcome",
        "once_key", "made_at",
    ),
    "plans_signature": (
        "role", "person_id", "name", "at", "content_hash", "says", "withdrawn_at", "withdrawn_why",
    ),
    "plans_copysent": ("version", "form", "to_name", "to_role", "how", "by_name", "at"),
}  # fmt: skip
PLAN = (
    "state", "clocks", "opened_on", "meeting_on", "submitted_on", "approved_on", "approved_by_name", "published_on",
    "returned_why", "returned_due_on", "reviewer_id", "closed_on", "closed_why", "rating",
)  # fmt: skip


def noon(day: date) -> str:
    return f"{day}T12:00:00Z"


class PlanRows:
    def __init__(self, plans: int) -> None:
        self.of: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.confirmed: list[int] = []
        self.judged: list[tuple[int, str]] = []
        self._ids = {
            "plans_target": new_ids("plans_target", 3 * plans),
            "plans_meeting": new_ids("plans_meeting", plans),
        }

    def new_id(self, table: str) -> int:
        return self._ids[table].pop(0)

    def add(self, table: str, plan: Plan, *values: Any) -> None:
        self.of[table].append((plan.authority_id, plan.child_id, plan.pk, *values))

    def write(self, plans: list[Plan]) -> None:
        for table, columns in TABLES.items():
            of_plan = "first_plan_id" if table == "plans_target" else "plan_id"
            bulk.insert(table, ("authority_id", "child_id", of_plan, *columns), self.of.pop(table, []))
        bulk.update("plans_answer", ("is_confirmed",), [(pk, True) for pk in self.confirmed])
        bulk.update("plans_target", ("state",), self.judged)
        bulk.update("plans_plan", PLAN, [(plan.pk, *(getattr(plan, name) for name in PLAN)) for plan in plans])
