"""How long the server takes for a page, and how many queries, in the largest authority."""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .duties import by_size
from .ground import Scale, WentWrong, check
from .tables import Table, amount, p95

BAR = 0.1
WARM = 4
COUNTED = 8
GROUPS = ("child", "adviser", "school", "sw", "duty", "none")


@dataclass(frozen=True, slots=True)
class Page:
    """Asked for at each of `paths` in turn; with `looked_for`, by a search for each of these in turn."""

    what: str
    role: str
    paths: tuple[str, ...]
    looked_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """Of one authority, by role: who asks. With what there is to ask for."""

    code: int
    in_care: int
    users: dict[str, Any]
    pages: tuple[Page, ...]


def people_of(code: int) -> People:
    from django.db.models import Count
    from django.urls import reverse
    from django.utils import timezone

    from virtual_school.access.models import Membership, Role, User
    from virtual_school.children.models import Child, Involvement, Sensitivity
    from virtual_school.duties.models import RollEntry
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    with acting(service(code)):
        hidden = Sensitivity.objects.filter(authority=code)
        roll = RollEntry.objects.filter(authority=code, cohort="looked_after").exclude(child__in=hidden.values("child"))
        children = list(
            Child.objects.filter(authority=code, on_roll__in=roll).order_by("local_id")[:: max(1, len(roll) // 60)]
        )
        at = list(
            roll.exclude(school_urn=None).values("school_urn").annotate(n=Count("id")).order_by("-n", "school_urn")[:60]
        )
        around = Involvement.objects.filter(authority=code, ends=None)

        def busiest(role: str) -> Any:
            one = around.filter(role=role).values("person").annotate(n=Count("id")).order_by("-n", "person").first()
            check(one, f"nobody is {role} in {code}")
            return User.objects.get(pk=one["person"])

        teacher = busiest(Role.DESIGNATED_TEACHER)
        mine = around.filter(person=teacher, role=Role.DESIGNATED_TEACHER, starts__lte=timezone.localdate())
        pupils = list(
            Child.objects.filter(authority=code, involvements__in=mine).exclude(pk__in=hidden.values("child"))
        )
        place = Membership.objects.filter(user=teacher, role=Role.DESIGNATED_TEACHER, ends=None).first()
        head = Membership.objects.filter(authority=code, role=Role.VIRTUAL_SCHOOL_HEAD, ends=None).first()
        users = {
            "head": User.objects.get(pk=head.user_id), "adviser": busiest(Role.ADVISER), "teacher": teacher,
        }  # fmt: skip
        in_care = RollEntry.objects.filter(authority=code, cohort="looked_after").count()
    today, due, every, find = (reverse(f"caseload:{name}") for name in ("today", "due", "children", "search"))

    def about(name: str, found: list[Any]) -> tuple[str, ...]:
        return tuple(reverse(f"caseload:{name}", args=[child.public_id]) for child in found)

    names = tuple(
        itertools.chain.from_iterable((c.surname, c.forename[:3], f"{c.forename} {c.surname}") for c in children)
    )
    pages = (
        Page("Today", "head", (today,)),
        Page("Today", "adviser", (today,)),
        Page("Today", "teacher", (today,)),
        *(Page(f"Due, grouped by {group}", "head", (f"{due}?group={group}",)) for group in GROUPS),
        Page("Due, overdue by law", "head", (f"{due}?strength=must&state=overdue",)),
        Page("Due, all of an adviser's", "adviser", (f"{due}?adviser={users['adviser'].pk}",)),
        Page("Due", "teacher", (due,)),
        Page("Children", "head", (every,)),
        Page("Children, last page", "head", (f"{every}?page=9999",)),
        Page("Children, something overdue, by school", "head", (f"{every}?overdue=1&sort=school",)),
        Page("Children", "teacher", (every,)),
        Page("A child found by name", "head", (find,), names),
        Page("A child found by name", "teacher", (find,), tuple(child.surname for child in pupils)),
        Page("A child's record", "head", about("child", children)),
        Page("A child's record", "adviser", about("child", children)),
        Page("A child's record", "teacher", about("child", pupils)),
        Page("School and care", "head", about("child_school_and_care", children)),
        Page("People around a child", "head", about("child_people", children)),
        Page("History of a record", "head", about("child_history", children)),
        Page("Schools", "head", (reverse("schools:list"),)),
        Page("A school", "head", tuple(reverse("schools:school", args=[one["school_urn"]]) for one in at)),
        Page("A school", "teacher", (reverse("schools:school", args=[place.urn]),)),
        Page("Register of duties", "head", (reverse("duties:register"),)),
        Page("A duty", "head", (reverse("duties:duty", args=["REV-03"]),)),
    )
    return People(code, in_care, users, pages)


def signed_in(user: Any) -> Any:
    """As the demonstration signs its people in, and no test's instruments around the templates."""
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["demo"] = True
    session.save()
    return client


def ask(client: Any, page: Page) -> Iterator[tuple[float, int]]:
    """For ever: how long the next request took, and how long its answer is."""
    for path, words in zip(itertools.cycle(page.paths), itertools.cycle(page.looked_for or ("",)), strict=False):
        began = time.perf_counter()
        answer = client.post(path, {"q": words}) if page.looked_for else client.get(path)
        took = time.perf_counter() - began
        check(answer.status_code == 200, f"{page.what}, {page.role}: {path} answered {answer.status_code}")
        yield took, len(answer.content)


def timed(client: Any, page: Page, requests: int) -> list[float]:
    asked = ask(client, page)
    for _ in range(WARM):
        next(asked)
    return [took for took, _ in itertools.islice(asked, requests)]


def worked() -> float:
    """Seconds of a processor so far, of this process and of the database's for it. Other work does not add to it."""
    from django.db import connection

    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + (int(spent.read_text().split()[0]) / 1e9 if spent.exists() else 0)


def queries(client: Any, page: Page) -> int:
    """The most of a few requests: what is not held of a child is not asked for. But for one of them, for every half
    minute a request notes in the session that somebody is still there."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    asked = ask(client, page)
    next(asked)
    for _ in range(COUNTED):
        with CaptureQueriesContext(connection) as captured:
            next(asked)
        counted.append(len(captured))
    return sorted(counted)[-2]


def measure(scale: Scale) -> Table:
    bring_to_today()
    codes = by_size()
    large = people_of(codes[0])
    small = people_of(min(codes, key=lambda code: abs(in_care(code) - large.in_care // 10)))
    table = Table(
        "Pages", columns=("Half of the times", "Processor time", "Queries", f"Queries at {small.in_care} children")
    )
    table.notes.append(
        f"Time at the server, {scale.requests} requests a page in process, 95 of 100 of them, in an authority of "
        f"{large.in_care:,} children in care among the {scale.children:,} of England. Processor time is the mean of a "
        "request, of this process and the database's for it, and grows little with other work on the machine. The "
        f"number of queries is the most of {COUNTED} requests, in the same authority and in one with {small.in_care} children in care."
    )
    clients = {role: signed_in(user) for role, user in large.users.items()}
    others = {role: signed_in(user) for role, user in small.users.items()}
    growing = 0
    for page, same in zip(large.pages, small.pages, strict=True):
        what = f"{page.what} ({ROLES[page.role]})"
        try:
            before = worked()
            times = timed(clients[page.role], page, scale.requests)
            processor = (worked() - before) / (WARM + scale.requests)
            here, there = queries(clients[page.role], page), queries(others[same.role], same)
        except WentWrong as why:
            table.notes.append(f"**Not measured**, for it went wrong: {why}")
            continue
        growing += here > there
        table.add(
            what, p95(times), "s", BAR, (amount(median(times), "s"), amount(processor, "s"), f"{here}", f"{there}")
        )
    table.add("Pages with more queries where there are more children", growing, "", 0)
    return table


ROLES = {"head": "virtual school head", "adviser": "adviser", "teacher": "designated teacher"}


def in_care(code: int) -> int:
    from virtual_school.duties.models import RollEntry
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    with acting(service(code)):
        return RollEntry.objects.filter(authority=code, cohort="looked_after").count()


def bring_to_today() -> None:
    """England may have been made on another day; a page would then ask for the work first."""
    from django.utils import timezone

    from virtual_school.authorities.models import Authority

    from .duties import refresh

    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for code in Authority.objects.exclude(duties_worked_out_at__gte=midnight).values_list("code", flat=True):
        refresh(code)
