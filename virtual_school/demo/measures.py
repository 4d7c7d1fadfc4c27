"""The measures of the terms before, frozen at their cut-offs as they would have been."""

from datetime import date, timedelta

from virtual_school.authorities.models import Authority
from virtual_school.plans.gather import authority_facts
from virtual_school.plans.opened import policy_for
from virtual_school.quality.measure_facts import counted_term
from virtual_school.quality.snapshots import freeze

BACK = timedelta(days=365)
"""Of so long there are figures: before that, few plans were recorded."""


def freeze_past_terms(authority: Authority, today: date) -> None:
    of, policy = authority_facts(authority, today), policy_for(authority.code, today)
    first = today - BACK
    for term in of.school_days.terms:
        if not first <= term.ends < today:
            continue
        counted = counted_term(of, policy, term.key, today)
        if counted is not None and counted.cut_off < today:
            freeze(authority=authority, term=term.key, by=None, on=counted.cut_off)
