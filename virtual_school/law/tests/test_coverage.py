from importlib import import_module
from importlib.util import find_spec

import pytest

from virtual_school.law.obligation import RULES
from virtual_school.law.register import register
from virtual_school.law.tests.ids import RULES_PROMISED

AREAS_WITH_RULES = (
    "authorities",
    "children",
    "care",
    "schools",
    "attendance",
    "plans",
    "funding",
    "pathways",
    "quality",
)


def test_the_register_promises_rules_for_exactly_these_duties() -> None:
    assert {duty.id for duty in register().duties.values() if duty.coverage == "rule"} == RULES_PROMISED


def test_every_duty_the_register_says_is_worked_out_has_a_rule_and_every_rule_its_duty() -> None:
    modules = [f"virtual_school.{area}.rules" for area in AREAS_WITH_RULES]
    absent = [module for module in modules if find_spec(module) is None]
    for module in set(modules) - set(absent):
        import_module(module)
    ours = {duty for duty, rule in RULES.items() if rule.__module__.startswith("virtual_school.")}
    promised = {duty.id for duty in register().duties.values() if duty.coverage == "rule"}
    if absent:
        pytest.fail(f"No rules at {absent}: duties without a rule {sorted(promised - ours)}")
    assert sorted(promised - ours) == [], "duties with no rule"
    assert sorted(ours - promised) == [], "rules with no duty"
