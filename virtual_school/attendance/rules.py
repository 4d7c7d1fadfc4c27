"""Every rule of attendance, suspension and exclusion. None of them reaches Django, a database or a clock."""

from . import exclusion_rules, mark_rules, provision_rules

RULES_FOR_CHILD = (*exclusion_rules.RULES, *mark_rules.RULES, *provision_rules.RULES)
