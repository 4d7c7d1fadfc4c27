from virtual_school.plans.gather import authority_facts, child_facts

__all__ = ["authority_facts", "child_facts"]
