"""Figures of many children from the sums of each month: a cohort's, its trend, England's by authority."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from virtual_school.children import bulk

from .recounting import COLUMNS
from .sums import Cohort, Sums, cohort_of

SUMMED = ", ".join(f"sum({name})::int" for name in COLUMNS)

OF_CHILDREN = f"""
    select child_id, {SUMMED} from attendance_monthsums
    where authority_id = any(%s::int[]) and month >= %s and month <= %s
      and (%s::bigint[] is null or child_id = any (%s::bigint[]))
    group by child_id
"""  # noqa: S608
BY_MONTH = f"""
    select month, child_id, {SUMMED} from attendance_monthsums
    where authority_id = any(%s::int[]) and month >= %s and month <= %s
      and (%s::bigint[] is null or child_id = any (%s::bigint[]))
    group by month, child_id
"""  # noqa: S608
OF_MONTHS = f"""
    select month, {SUMMED} from attendance_monthsums
    where authority_id = any(%s::int[]) and month >= %s and month <= %s and child_id = any (%s::bigint[])
    group by month
"""  # noqa: S608
BY_AUTHORITY = f"""
    with children as (
        select authority_id, child_id, {", ".join(f"sum({name}) as {name}" for name in COLUMNS)}
        from attendance_monthsums where month >= %s and month <= %s group by authority_id, child_id
    )
    select authority_id, count(*)::int, {SUMMED},
           (count(*) filter (where 10 * (authorised + unauthorised) >= possible))::int,
           (count(*) filter (where 2 * (authorised + unauthorised) >= possible))::int
    from children where possible > 0 group by authority_id order by authority_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Months:
    """Whole calendar months, both included, each named by its first day."""

    first: date
    last: date


def academic_year(year: int) -> Months:
    """September of `year` to August."""
    return Months(date(year, 9, 1), date(year + 1, 8, 1))


def children_sums(authorities: Sequence[int], months: Months, children: Sequence[int] | None = None) -> dict[int, Sums]:
    """By child; `children` narrows it to those."""
    asked = [list(authorities), months.first, months.last, children, children]
    return {child: Sums(*sums) for child, *sums in bulk.select(OF_CHILDREN, asked)}


def cohort(authorities: Sequence[int], months: Months, children: Sequence[int] | None = None) -> Cohort:
    return cohort_of(children_sums(authorities, months, children).values())


def trend(
    authorities: Sequence[int], months: Months, children: Sequence[int] | None = None
) -> list[tuple[date, Cohort]]:
    """Month by month; months without a possible session are left out."""
    found: dict[date, list[Sums]] = defaultdict(list)
    asked = [list(authorities), months.first, months.last, children, children]
    for month, _, *sums in bulk.select(BY_MONTH, asked):
        found[month].append(Sums(*sums))
    together = [(month, cohort_of(of)) for month, of in sorted(found.items())]
    return [(month, one) for month, one in together if one.pupils]


def by_month(authorities: Sequence[int], months: Months, children: Sequence[int]) -> dict[date, Sums]:
    """Of all the children together."""
    asked = [list(authorities), months.first, months.last, list(children)]
    return {month: Sums(*sums) for month, *sums in bulk.select(OF_MONTHS, asked)}


def by_authority(months: Months) -> dict[int, Cohort]:
    """Of every authority whose children this transaction may read."""
    width = len(COLUMNS)
    return {
        authority: Cohort(pupils, Sums(*rest[:width]), rest[width], rest[width + 1])
        for authority, pupils, *rest in bulk.select(BY_AUTHORITY, [months.first, months.last])
    }
