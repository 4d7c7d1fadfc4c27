"""The marks of many children as the rules take them: three queries, and work only for those with absences."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from virtual_school.authorities.models import Authority
from virtual_school.children import bulk
from virtual_school.dates.ages import academic_year_start
from virtual_school.dates.school_days import SchoolCalendar

from .facts import MarksFact
from .figures import academic_year, children_sums
from .marks_facts import WATCHED, AbsentDay, marks_fact

WEEKS_BACK = 16
"""Ten school weeks, with the holidays among them."""

LAST_MARKED = """
    select c.id, (select max(m.day) from attendance_markedday m
                  where m.authority_id = %(authority)s and m.child_id = c.id and m.day >= %(first)s and m.day <= %(day)s)
    from children_child c
    where c.authority_id = %(authority)s and (%(children)s::bigint[] is null or c.id = any (%(children)s))
"""
ABSENT = """
    select child_id, day, case when am_counts then am else '' end, case when pm_counts then pm else '' end
    from attendance_markedday
    where authority_id = %(authority)s and day >= %(first)s and day <= %(day)s
      and (%(children)s::bigint[] is null or child_id = any (%(children)s))
      and (am = any (%(watched)s) or pm = any (%(watched)s))
    order by child_id, day
"""


def marks_facts(
    authority: Authority, day: date, child_ids: Sequence[int] | None, calendar_of: Callable[[int], SchoolCalendar]
) -> dict[int, MarksFact]:
    """By child, of those with a mark in this school year. Worked out for those who were absent; the others' are short."""
    year_starts = date(academic_year_start(day), 9, 1)
    asked = {
        "authority": authority.code,
        "children": None if child_ids is None else list(child_ids),
        "day": day,
        "first": min(year_starts, day - timedelta(weeks=WEEKS_BACK)),
        "watched": list(WATCHED),
    }
    last = {child: on for child, on in bulk.select(LAST_MARKED, asked) if on is not None and on >= year_starts}
    if not last:
        return {}
    absent: dict[int, dict[date, tuple[str, ...]]] = defaultdict(dict)
    for child, on, am, pm in bulk.select(ABSENT, asked):
        held = absent[child].get(on, ())
        absent[child][on] = (*held, *(code for code in (am, pm) if code))
    sums = children_sums([authority.code], academic_year(year_starts.year), asked["children"])
    found = {}
    for child, on in last.items():
        of = sums.get(child)
        possible, missed = (of.possible, of.absent) if of else (0, 0)
        if child not in absent:
            found[child] = MarksFact(last_marked_on=on, possible=possible, absent=missed)
            continue
        found[child] = marks_fact(
            [AbsentDay(at, codes) for at, codes in absent[child].items()],
            last_marked_on=on,
            possible=possible,
            missed=missed,
            year_starts=year_starts,
            calendar=calendar_of(child),
        )
    return found
