"""The figures a member of the corporate parenting board sees: small ones hidden, and no child."""

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from virtual_school.duties.models import RollEntry, StandingObligation
from virtual_school.duties.queries import StandingOn

from . import words
from .due_filters import of_strength

SMALLEST_SHOWN = 6
"""One to five children are too few to say how many."""


def hidden_if_few(n: int) -> str:
    return f"{n:,}" if n == 0 or n >= SMALLEST_SHOWN else "1 to 5"


def key_of(code: int) -> str:
    return f"caseload.board.{code}"


def work_out(code: int) -> dict[str, object]:
    """Counts of whole cohorts, already hidden where few. Runs in a task, for a board member sees no row."""
    day = timezone.localdate()
    roll = RollEntry.objects.filter(authority=code).aggregate(
        **{cohort: Count("id", filter=Q(cohort=cohort)) for cohort in words.COHORTS if cohort != "other"},
        without_school=Count("id", filter=Q(without_school_since__isnull=False)),
        out_of_area=Count("id", filter=Q(cohort="looked_after", in_area=False)),
    )
    rows = StandingObligation.objects.filter(authority=code, child__isnull=False).annotate(standing=StandingOn(day))
    late = rows.filter(of_strength("must"), standing="overdue").aggregate(n=Count("child", distinct=True))["n"]
    plans = rows.filter(duty="PEP-08", standing="overdue").count()
    found = {
        "day": day,
        "cohorts": [
            (label, hidden_if_few(roll[cohort])) for cohort, label in words.COHORTS.items() if cohort != "other"
        ],
        "others": [
            ("Looked after, of school age, without a school place", hidden_if_few(roll["without_school"])),
            ("Looked after and living outside the area", hidden_if_few(roll["out_of_area"])),
            ("With something the law asks overdue", hidden_if_few(late)),
            ("With this term’s plan late", hidden_if_few(plans)),
        ],
    }
    cache.set(key_of(code), found, timeout=None)
    return found
