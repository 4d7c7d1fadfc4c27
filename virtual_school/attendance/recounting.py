"""What follows from marks: which school's mark counts, and the sums of each month."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby

from django.db import connection

from virtual_school.children import bulk
from virtual_school.schools.models import Enrolment

from .codes import codes
from .models import MarkedDay
from .sums import Mark, count_once, sums_of_counts

COLUMNS = (
    "possible", "present", "approved", "authorised", "unauthorised", "late_before_close", "late_after_close",
)  # fmt: skip

# A row held by another transaction is waited for, so that two who write marks of one child's month follow on each
# other. In the order of the key, so that neither waits for the other.
KEEP_STILL = """
    insert into attendance_monthsums (authority_id, child_id, month, possible, present, approved, authorised,
                                      unauthorised, late_before_close, late_after_close)
    select %(authority)s, child, month::date, 0, 0, 0, 0, 0, 0, 0
    from unnest(%(children)s::bigint[]) as child,
         generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') as month
    order by child, month
    on conflict (authority_id, child_id, month) do update set month = excluded.month
"""
# Grouped before the codes are looked up: thirty thousand lookups instead of a million.
RECOUNT = f"""
    with code as (
        select * from unnest(%(codes)s::text[], {", ".join(f"%({name})s::int[]" for name in COLUMNS)})
            as code (code, {", ".join(COLUMNS)})
    ), alike as materialized (
        select child_id, date_trunc('month', day::timestamp)::date as month, am, pm, am_counts, pm_counts, count(*) as n
        from attendance_markedday
        where authority_id = %(authority)s and child_id = any(%(children)s::bigint[])
          and day >= %(first)s and day < %(after)s
        group by 1, 2, 3, 4, 5, 6
    ), sessions as (
        select child_id, month, am as code, n from alike where am_counts
        union all select child_id, month, pm, n from alike where pm_counts
    )
    insert into attendance_monthsums (authority_id, child_id, month, {", ".join(COLUMNS)})
    select %(authority)s, child_id, month, {", ".join(f"sum(n * {name})" for name in COLUMNS)}
    from sessions join code using (code) group by child_id, month
    on conflict (authority_id, child_id, month)
    do update set {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608
EMPTIED = f"""
    update attendance_monthsums t set {", ".join(f"{name} = 0" for name in COLUMNS)}
    where t.authority_id = %(authority)s and t.child_id = any(%(children)s::bigint[])
      and t.month >= %(first)s and t.month < %(after)s
      and not exists (
          select from attendance_markedday m
          where m.authority_id = t.authority_id and m.child_id = t.child_id
            and m.day >= t.month and m.day < t.month + interval '1 month' and m.day >= %(first)s and m.day < %(after)s
      )
"""  # noqa: S608
TWO_SCHOOLS = """
    select child_id, day, urn, am, pm, am_counts, pm_counts from attendance_markedday
    where authority_id = %s and child_id = any(%s::bigint[]) and day between %s and %s
    order by child_id, day, urn
"""
AT_SEVERAL = """
    select child_id, min(day), max(day) from (
        select child_id, day from attendance_markedday
        where authority_id = %s and child_id = any(%s::bigint[])
        group by child_id, day having count(*) > 1
    ) days group by child_id
"""


def months(first: date, last: date) -> tuple[date, date]:
    """The first day of the first month, and of the month after the last."""
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first.replace(day=1), after


def keep_still(authority: int, children: Iterable[int], first: date, last: date) -> None:
    """Until the transaction ends, no other writes marks of these children and months."""
    _execute(
        KEEP_STILL,
        {
            "authority": authority,
            "children": sorted(children),
            "first": first.replace(day=1),
            "last": last.replace(day=1),
        },
    )


def recount(authority: int, children: Iterable[int], first: date, last: date, *, may_be_empty: bool = False) -> None:
    """The sums of the months from one day to another, from the marks as they are held. `may_be_empty`: marks were
    taken away, so that a month may have none left."""
    wanted = sorted(children)
    keep_still(authority, wanted, first, last)
    from_day, after = months(first, last)
    one_of_each = {code: sums_of_counts({code: 1}) for code in codes()}
    asked = {
        "authority": authority, "children": wanted, "first": from_day, "after": after, "codes": list(one_of_each),
        **{name: [getattr(sums, name) for sums in one_of_each.values()] for name in COLUMNS},
    }  # fmt: skip
    # Marks just written are not in the planner's statistics: taken for few, they would be met by a loop in a loop.
    _execute("set local enable_nestloop = off", {})
    _execute(RECOUNT, asked)
    _execute("set local enable_nestloop = on", {})
    if may_be_empty:
        _execute(EMPTIED, asked)


def count_once_by_school(authority: int, children: Iterable[int], first: date, last: date) -> set[int]:
    """Where several schools marked a child's session, only one of the marks counts (data 5.2). Gives the children
    for whom that changed."""
    wanted = sorted(children)
    main = main_schools(authority, wanted)
    rows = bulk.select(TWO_SCHOOLS, [authority, wanted, first, last])
    changed: list[tuple[int, date, int, bool, bool]] = []
    for (child, day), group in groupby(rows, key=lambda row: row[:2]):
        held = list(group)
        if len(held) == 1 and held[0][5] and held[0][6]:
            continue
        at_main = main_on(main.get(child, ()), day)
        counts = {}
        for place, session in ((3, "am"), (4, "pm")):
            marks = [Mark(day, session, row[place], row[2], at_main.get(row[2])) for row in held]  # type: ignore[arg-type]
            clashing = {mark.urn for clash in count_once(marks).clashes for mark in clash[1:]}
            counts[session] = clashing
        for row in held:
            now = (row[2] not in counts["am"], row[2] not in counts["pm"])
            if now != (row[5], row[6]):
                changed.append((child, day, row[2], *now))
    for child, day, urn, am, pm in changed:
        MarkedDay.objects.filter(authority=authority, child=child, day=day, urn=urn).update(am_counts=am, pm_counts=pm)
    return {row[0] for row in changed}


CHANGED_SINCE = """
    select distinct child_id from audit_change
    where authority_id = %s and table_name = 'schools_enrolment' and at >= %s and child_id is not null
"""


def enrolments_changed_since(authority: int, when: datetime) -> None:
    """However they were changed: by an import, or by hand."""
    enrolments_changed(authority, {row[0] for row in bulk.select(CHANGED_SINCE, [authority, when])})


Spells = list[tuple[date, date | None, int, bool]]


def main_schools(authority: int, children: Iterable[int]) -> dict[int, Spells]:
    """By child: from, until, URN (0: not on the register) and whether it was the main registration."""
    found: dict[int, Spells] = defaultdict(list)
    rows = Enrolment.objects.filter(authority=authority, child__in=list(children))
    for child, starts, ends, urn, kind in rows.values_list("child_id", "starts", "ends", "school_id", "kind"):
        found[child].append((starts, ends, urn or 0, kind == Enrolment.Kind.MAIN))
    return dict(found)


def main_on(spells: Iterable[tuple[date, date | None, int, bool]], day: date) -> dict[int, bool]:
    """By URN of the schools whose roll the child was on: whether it was the main registration."""
    held: dict[int, bool] = {}
    for starts, ends, urn, is_main in spells:
        if starts <= day and (ends is None or ends > day):
            held[urn] = held.get(urn, False) or is_main
    return held


def enrolments_changed(authority: int, children: Iterable[int]) -> None:
    """A main registration that became another's may change which mark counts."""
    wanted = sorted(children)
    for child, first, last in bulk.select(AT_SEVERAL, [authority, wanted]):
        if count_once_by_school(authority, [child], first, last):
            recount(authority, [child], first, last)


def _execute(statement: str, asked: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
