"""Figures of many children from the sums of each month: a cohort's, its trend, England's by authority."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from virtual_school.children import bulk

from .codes import ATTENDED, codes
from .recounting import COLUMNS
from .sums import Cohort, Sums, cohort_of

SUMMED = ", ".join(f"sum({name})::int" for name in COLUMNS)

OF_CHILDREN = f"""
    select child_id, {SUMMED} from attendance_monthsums
    where authority_id = any(%(authorities)s::int[]) and month between %(first)s and %(last)s {{of}}
    group by child_id
"""  # noqa: S608
BY_MONTH = f"""
    select month, child_id, {SUMMED} from attendance_monthsums
    where authority_id = any(%(authorities)s::int[]) and month between %(first)s and %(last)s {{of}}
    group by month, child_id
"""  # noqa: S608
OF_MONTHS = f"""
    select month, {SUMMED} from attendance_monthsums
    where authority_id = any(%(authorities)s::int[]) and month between %(first)s and %(last)s {{of}}
    group by month
"""  # noqa: S608
COUNTED = f"""
    count(*)::int, {SUMMED},
    (count(*) filter (where 10 * (authorised + unauthorised) >= possible))::int,
    (count(*) filter (where 2 * (authorised + unauthorised) >= possible))::int
"""
COHORT = f"""
    with children as (
        select child_id, {", ".join(f"sum({name}) as {name}" for name in COLUMNS)} from attendance_monthsums
        where authority_id = any(%(authorities)s::int[]) and month between %(first)s and %(last)s {{of}}
        group by authority_id, child_id
    )
    select {COUNTED} from children where possible > 0
"""  # noqa: S608
TOGETHER = f"""
    with sums as (
        select child_id, year, month, {", ".join(f"sum({name})::int as {name}" for name in COLUMNS)} from (
            select *, case when month >= %(this)s then 1 when month >= %(before)s then 0 end as year
            from attendance_monthsums
            where authority_id = any(%(authorities)s::int[]) and month between %(first)s and %(last)s
              and child_id = any(%(children)s::bigint[])
        ) marks group by grouping sets ((child_id, year), (month))
    ), children as (select * from sums where month is null and year is not null and possible > 0)
    select month, null, null, null, {", ".join(COLUMNS)}, null, null from sums where month is not null
    union all select null, year, false, {COUNTED} from children group by year
    union all select null, year, true, {COUNTED} from children where child_id = any(%(some)s::bigint[]) group by year
"""  # noqa: S608
BY_AUTHORITY = f"""
    with children as (
        select authority_id, child_id, {", ".join(f"sum({name}) as {name}" for name in COLUMNS)}
        from attendance_monthsums where month >= %s and month <= %s group by authority_id, child_id
    )
    select authority_id, {COUNTED} from children where possible > 0 group by authority_id order by authority_id
"""  # noqa: S608
WITHOUT_PROVISION = """
    with days as (
        select child_id, day,
               bool_or(am_counts and am = any (%(attended)s) or pm_counts and pm = any (%(attended)s)) as was_in,
               bool_or(am_counts and am = any (%(possible)s) or pm_counts and pm = any (%(possible)s)) as was_due
        from attendance_markedday
        where authority_id = any (%(authorities)s) and child_id = any (%(children)s) and day between %(first)s and %(last)s
        group by child_id, day
    )
    select child_id, count(*)::int from days where was_due and not was_in group by child_id
"""


@dataclass(frozen=True, slots=True)
class Months:
    """Whole calendar months, both included, each named by its first day."""

    first: date
    last: date


def academic_year(year: int) -> Months:
    """September of `year` to August."""
    return Months(date(year, 9, 1), date(year + 1, 8, 1))


def _select(statement: str, authorities: Sequence[int], months: Months, children: Sequence[int] | None) -> list[tuple]:
    """A condition on the children stands there only when it is asked: after an "or", each row would be held against
    each of them."""
    asked = {"authorities": list(authorities), "first": months.first, "last": months.last}
    if children is None:
        return bulk.select(statement.format(of=""), asked)
    return bulk.select(
        statement.format(of="and child_id = any(%(children)s::bigint[])"), {**asked, "children": list(children)}
    )


def children_sums(authorities: Sequence[int], months: Months, children: Sequence[int] | None = None) -> dict[int, Sums]:
    """By child; `children` narrows it to those."""
    return {child: Sums(*sums) for child, *sums in _select(OF_CHILDREN, authorities, months, children)}


def days_without_provision_of(
    authorities: Sequence[int], children: Sequence[int], first: date, last: date
) -> dict[int, int]:
    """By child, as `sums.days_without_provision` counts them. Of a school's pupils: it reads every day of each."""
    every = codes().values()
    asked = {
        "authorities": list(authorities), "children": list(children), "first": first, "last": last,
        "attended": [one.code for one in every if one.counts in ATTENDED],
        "possible": [one.code for one in every if one.is_possible],
    }  # fmt: skip
    return dict(bulk.select(WITHOUT_PROVISION, asked))


def cohort(authorities: Sequence[int], months: Months, children: Sequence[int] | None = None) -> Cohort:
    (found,) = _select(COHORT, authorities, months, children)
    return _cohort(found) if found[0] else Cohort()


def _cohort(counted: Sequence[int]) -> Cohort:
    pupils, *sums, persistent, severe = counted
    return Cohort(pupils, Sums(*sums), persistent, severe)


def trend(
    authorities: Sequence[int], months: Months, children: Sequence[int] | None = None
) -> list[tuple[date, Cohort]]:
    """Month by month; months without a possible session are left out."""
    found: dict[date, list[Sums]] = defaultdict(list)
    for month, _, *sums in _select(BY_MONTH, authorities, months, children):
        found[month].append(Sums(*sums))
    together = [(month, cohort_of(of)) for month, of in sorted(found.items())]
    return [(month, one) for month, one in together if one.pupils]


def by_month(authorities: Sequence[int], months: Months, children: Sequence[int]) -> dict[date, Sums]:
    """Of all the children together."""
    return {month: Sums(*sums) for month, *sums in _select(OF_MONTHS, authorities, months, children)}


@dataclass(frozen=True, slots=True)
class Together:
    """Of the same children: their sums by month, and the cohorts they are in a school year and the one before, all of
    them and some of them."""

    by_month: dict[date, Sums]
    every: dict[int, Cohort]
    some: dict[int, Cohort]


def together(
    authorities: Sequence[int], children: Sequence[int], year: int, first: date, some: Sequence[int]
) -> Together:
    """By month from the earlier of `first` and the school year before `year`. Their months are read once for it all."""
    before, this = date(year - 1, 9, 1), date(year, 9, 1)
    asked = {
        "authorities": list(authorities), "children": bulk.array_of(children), "some": bulk.array_of(some),
        "before": before, "this": this, "first": min(first, before), "last": date(year + 1, 8, 1),
    }  # fmt: skip
    found = Together({}, {year - 1: Cohort(), year: Cohort()}, {year - 1: Cohort(), year: Cohort()})
    for month, of, is_some, *counted in bulk.select(TOGETHER, asked):
        if month:
            found.by_month[month] = Sums(*counted[1:-2])
        else:
            (found.some if is_some else found.every)[year - 1 + of] = _cohort(counted)
    return found


def by_authority(months: Months) -> dict[int, Cohort]:
    """Of every authority whose children this transaction may read."""
    return {
        authority: _cohort(counted) for authority, *counted in bulk.select(BY_AUTHORITY, [months.first, months.last])
    }
