"""Every rule of every app, asked together. This module adds none of its own."""

from collections.abc import Callable, Iterator
from datetime import date

from virtual_school.attendance import rules as attendance
from virtual_school.authorities import rules as authorities
from virtual_school.authorities.rules import AuthorityFacts
from virtual_school.care import rules as care
from virtual_school.children import rules as children
from virtual_school.funding import rules as funding
from virtual_school.law.obligation import Obligation
from virtual_school.pathways import rules as pathways
from virtual_school.plans import rules as plans
from virtual_school.plans.rules import PlanFacts
from virtual_school.quality import rules as quality
from virtual_school.schools import rules as schools

MODULES = (authorities, children, care, schools, attendance, plans, funding, pathways, quality)
RULES_FOR_CHILD: tuple[Callable[..., Iterator[Obligation]], ...] = tuple(
    rule for module in MODULES for rule in getattr(module, "RULES_FOR_CHILD", ())
)
RULES_FOR_AUTHORITY: tuple[Callable[..., Iterator[Obligation]], ...] = tuple(
    rule for module in MODULES for rule in getattr(module, "RULES_FOR_AUTHORITY", ())
)


def obligations_of_child(facts: PlanFacts, day: date) -> list[Obligation]:
    return [obligation for rule in RULES_FOR_CHILD for obligation in rule(facts, day)]


def obligations_of_authority(facts: AuthorityFacts, day: date) -> list[Obligation]:
    return [obligation for rule in RULES_FOR_AUTHORITY for obligation in rule(facts, day)]
