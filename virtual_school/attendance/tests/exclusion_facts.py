"""A child in care, ten years old in July 2026, for the tests of the rules."""

from datetime import date
from typing import Any

from virtual_school.attendance.facts import AttendanceFacts, MarksFact, SuspensionFact
from virtual_school.authorities.tests.rule_facts import a_child
from virtual_school.care.rules import EpisodeFact
from virtual_school.law.obligation import Obligation, Rule
from virtual_school.schools.rules import EnrolmentFact

DAY = date(2026, 11, 24)
FIRST_OUT = date(2026, 11, 16)
"""A Monday: the sixth school day is Monday 23 November."""


def suspended(starts: date = FIRST_OUT, back_on: date | None = None, **more: Any) -> SuspensionFact:
    category = more.pop("category", "SUSP")
    usual: dict[str, Any] = {
        "key": f"{starts.isoformat()} {category}",
        "category": category,
        "starts": starts,
        "back_on": back_on,
        "sessions": more.pop("sessions", 0 if category == "PERM" else 10),
        "decided_on": starts,
        "school": "Oakfield",
    }
    return SuspensionFact(**{**usual, **more})


def facts(*suspensions: SuspensionFact, **more: Any) -> AttendanceFacts:
    policy = more.pop("policy", None)
    usual: dict[str, Any] = {
        **a_child(policy),
        "born": date(2016, 7, 10),
        "episodes": (EpisodeFact(starts=date(2024, 3, 4), new_reason="S", legal_status="C2", place="U4"),),
        "enrolments": (EnrolmentFact(school="Oakfield", starts=date(2022, 9, 5)),),
        "suspensions": suspensions,
    }
    return AttendanceFacts(**{**usual, **more})


def marked(last: date = DAY, **more: Any) -> AttendanceFacts:
    return facts(marks=MarksFact(last_marked_on=last, **more))


def asked(rule: Rule, of: AttendanceFacts, day: date = DAY) -> list[Obligation]:
    return list(rule(of, day))


def only(rule: Rule, of: AttendanceFacts, day: date = DAY) -> Obligation:
    (found,) = rule(of, day)
    return found


def words(obligation: Obligation) -> str:
    return " ".join(step.words for step in obligation.reasons)
