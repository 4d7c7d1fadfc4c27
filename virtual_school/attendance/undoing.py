"""Taking back what came with a delivery: each mark gives its place to the one before, and is kept as taken back."""

import uuid
from collections.abc import Callable
from datetime import date

from django.db import connection, transaction

from virtual_school.children import bulk

from .models import Delivery, EarlierMark
from .recounting import count_once_by_school, keep_still, recount
from .writing import Sender, new_delivery

CHILDREN = """
    select child_id from attendance_markedday
    where authority_id = %s and day between %s and %s and (am_from = %s or pm_from = %s) group by child_id
"""
KEEP = """
    insert into attendance_earliermark (authority_id, child_id, day, urn, session, code, minutes,
                                        from_delivery, by_delivery, why)
    select authority_id, child_id, day, urn, '{session}', {session}, {session}_minutes, {session}_from, %(by)s,
           'taken_back'
    from attendance_markedday
    where authority_id = %(authority)s and day between %(first)s and %(last)s and {session}_from = %(this)s
"""
PUT_BACK = """
    update attendance_markedday m
    set {session} = coalesce(before.code, ''), {session}_minutes = coalesce(before.minutes, 0),
        {session}_from = coalesce(before.from_delivery, 0)
    from attendance_markedday held
    left join attendance_earliermark before
        on before.authority_id = held.authority_id and before.child_id = held.child_id and before.day = held.day
        and before.urn = held.urn and before.session = '{session}' and before.by_delivery = %(this)s
        and before.why = 'replaced'
    where held.authority_id = %(authority)s and held.day between %(first)s and %(last)s
      and held.{session}_from = %(this)s
      and m.authority_id = held.authority_id and m.child_id = held.child_id and m.day = held.day and m.urn = held.urn
      and m.day between %(first)s and %(last)s
"""
EMPTY = """
    delete from attendance_markedday
    where authority_id = %s and child_id = any(%s::bigint[]) and day between %s and %s and am = '' and pm = ''
"""


def deliveries_of(context: uuid.UUID) -> list[Delivery]:
    return list(Delivery.objects.filter(context=context).order_by("pk"))


def built_on(context: uuid.UUID, authority: int) -> int:
    """How many of these marks were corrected since by another delivery."""
    mine = [delivery.pk for delivery in deliveries_of(context)]
    later = EarlierMark.objects.filter(authority=authority, from_delivery__in=mine, why=EarlierMark.Why.REPLACED)
    return later.count() if mine else 0


@transaction.atomic
def take_back(
    context: uuid.UUID, authority: int, undo: uuid.UUID, say: Callable[[str], None] = lambda words: None
) -> set[int]:
    """Gives the children whose marks changed."""
    touched: set[int] = set()
    for delivery in deliveries_of(context):
        if delivery.first_day is None or delivery.last_day is None:
            continue
        say("Taking marks back …")
        touched |= _take_back(delivery, delivery.first_day, delivery.last_day, authority, undo)
    return touched


@transaction.atomic
def take_back_one(delivery_id: int, authority: int, undo: uuid.UUID | None) -> set[int]:
    """Of one delivery. Gives the children whose marks changed."""
    delivery = Delivery.objects.get(pk=delivery_id)
    if delivery.first_day is None or delivery.last_day is None:
        return set()
    return _take_back(delivery, delivery.first_day, delivery.last_day, authority, undo)


def _take_back(delivery: Delivery, first: date, last: date, authority: int, undo: uuid.UUID | None) -> set[int]:
    children = {row[0] for row in bulk.select(CHILDREN, [authority, first, last, delivery.pk, delivery.pk])}
    if not children:
        return set()
    keep_still(authority, children, first, last)
    by = new_delivery(Sender(Delivery.Source.UNDO, delivery.sender), undo)
    asked = {"authority": authority, "first": first, "last": last, "this": delivery.pk, "by": by.pk}
    with connection.cursor() as cursor:
        for session in ("am", "pm"):
            cursor.execute(KEEP.format(session=session), asked)
            cursor.execute(PUT_BACK.format(session=session), asked)
        cursor.execute(EMPTY, [authority, sorted(children), first, last])
    count_once_by_school(authority, children, first, last)
    recount(authority, children, first, last, may_be_empty=True)
    return children
