"""Pages about attendance, whole, in the largest authority of England with its marks."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from .attendance_marks import days, this_year
from .ground import Scale, check
from .pages import BAR, ROLES, WARM, Page, ask, queries, signed_in, timed, worked
from .tables import Table, amount, p95


def asked(table: Table, scale: Scale) -> None:
    from django.utils import timezone

    from .duties import by_size

    them = _them(by_size()[0])
    clients = {"head": signed_in(them.head), "teacher": signed_in(them.teacher)}
    for page, rows in _pages(timezone.localdate(), them):
        client = clients[page.role]
        before = worked()
        times = timed(client, page, scale.requests)
        processor = (worked() - before) / (WARM + scale.requests)
        n = queries(client, page)
        _, length = next(ask(client, page))
        check(length > 5_000, f"{page.what} answered only {length} bytes")
        table.add(f"{page.what} ({ROLES[page.role]}), 95 of 100 times", p95(times), "s", BAR,
                  (f"{rows:,}" if rows else "", f"half of the times {amount(median(times), 's')}, processor time {amount(processor, 's')}, "
                                f"{n} queries"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Them:
    """Of one authority: who asks (the designated teacher is the one with most children), and what there is."""

    head: Any
    teacher: Any
    teachers_school: int
    children: list[Any]
    schools: list[int]
    """Those with most children in care first."""


def _them(code: int) -> Them:
    from virtual_school.access.models import Membership, Role, User
    from virtual_school.care.models import CarePeriod
    from virtual_school.children.models import Child, Involvement
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.schools.models import Enrolment

    with acting(service(code)):
        head = Membership.objects.filter(authority=code, role=Role.VIRTUAL_SCHOOL_HEAD, ends=None).order_by("id")[0]
        periods = CarePeriod.objects.filter(authority=code, kind="looked_after", ends=None)
        children = list(Child.objects.filter(authority=code, id__in=periods.values("child")).order_by("id"))
        at = Enrolment.objects.filter(authority=code, ends=None, kind="main", child__in=children).exclude(school=None)
        schools = Counter(at.values_list("school_id", flat=True)).most_common(40)
        teachers = Involvement.objects.filter(authority=code, ends=None, role=Role.DESIGNATED_TEACHER)
        [(teacher, _)] = Counter(teachers.values_list("person", flat=True)).most_common(1)
        place = Membership.objects.filter(user=teacher, role=Role.DESIGNATED_TEACHER, ends=None)[0]
        return Them(
            User.objects.get(pk=head.user_id), User.objects.get(pk=teacher), place.urn, children, [urn for urn, _ in schools]
        )  # fmt: skip


def _pages(today: date, them: Them) -> list[tuple[Page, int]]:
    from django.urls import reverse

    day = max(day for day in days(this_year(today)) if day <= today)
    year = this_year(today) - 1
    n = len(them.children)
    some = them.children[:: max(1, n // 60)]
    who = reverse("attendance:today")
    one = [reverse("attendance:of_child", args=[child.public_id]) for child in some]
    at = tuple(reverse("attendance:school", args=[urn]) for urn in them.schools)
    return [
        (Page("Attendance today of an authority's children", "head", (f"{who}?day={day}",)), n),
        (Page("Attendance today, those in school", "head", (f"{who}?day={day}&show=in",)), n),
        (Page("Attendance today", "teacher", (f"{who}?day={day}",)), 0),
        (Page("A child's year", "head", tuple(f"{url}?year={year}" for url in one)), 1),
        (Page("A child's last twelve months", "head", tuple(one)), 1),
        (Page("Attendance over time of an authority's children", "head", (reverse("attendance:group"),)), n),
        (Page("Attendance at a school", "head", at), 0),
        (
            Page(
                "A school's register of the week",
                "teacher",
                (reverse("attendance:marks", args=[them.teachers_school]),),
            ),
            0,
        ),
    ]
