"""Every computed duty of every child: worked out, written down, done again when nothing has changed; one child."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass

from .ground import Scale, check, owner, start_django
from .tables import Table, p95

BAR_ALL = 60
BAR_ONE = 1


@dataclass(frozen=True, slots=True)
class Done:
    children: int
    obligations: int
    written: int = 0


def work_out(code: int) -> Done:
    """Facts from the database and every rule, in the batches of the nightly work; nothing is written."""
    from django.utils import timezone

    from virtual_school.authorities.models import Authority
    from virtual_school.duties.actions import BATCH
    from virtual_school.duties.roll import on_roll
    from virtual_school.duties.rules import obligations_of_authority, obligations_of_child
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.plans.gather import authority_facts, child_facts

    day = timezone.localdate()
    with acting(service(code), action="benchmark"):
        authority = Authority.objects.get(pk=code)
        of = authority_facts(authority, day)
        children, found = 0, len(obligations_of_authority(of, day))
        ids = list(authority.children.order_by("id").values_list("id", flat=True))
        for start in range(0, len(ids), BATCH):
            for facts in child_facts(authority, day, ids[start : start + BATCH], of).values():
                children += 1
                found += len(obligations_of_child(facts, day))
                on_roll(facts, day)
    return Done(children, found)


def refresh(code: int) -> Done:
    """As the nightly job does it."""
    from virtual_school.duties.actions import refresh_children
    from virtual_school.duties.models import RollEntry, StandingObligation
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    with acting(service(code), action="benchmark"):
        written = refresh_children(code)
        kept = StandingObligation.objects.filter(authority=code).count()
        children = RollEntry.objects.filter(authority=code).count()
    return Done(children, kept, written)


def _every(do: Callable[[int], Done], processes: int) -> tuple[float, Done]:
    """The largest authority first, so that no process is left with it at the end."""
    codes = by_size()
    began = time.perf_counter()
    if processes == 1:
        done = [do(code) for code in codes]
    else:
        with multiprocessing.get_context("spawn").Pool(processes, start_django) as pool:
            done = list(pool.imap_unordered(do, codes))
    seconds = time.perf_counter() - began
    return seconds, Done(
        sum(one.children for one in done), sum(one.obligations for one in done), sum(one.written for one in done)
    )


def by_size() -> list[int]:
    from virtual_school.authorities.models import Authority
    from virtual_school.children.models import Child
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    sizes = {}
    for code in Authority.objects.filter(is_invented=True).values_list("code", flat=True):
        with acting(service(code)):
            sizes[code] = Child.objects.filter(authority=code).count()
    return sorted(sizes, key=lambda code: -sizes[code])


def in_words(processes: int) -> str:
    return "one process" if processes == 1 else f"{processes} processes"


def _forget() -> None:
    with owner() as connection:
        connection.execute("truncate duties_standingobligation, duties_rollentry")
        connection.execute("vacuum analyze duties_standingobligation, duties_rollentry")


def measure(scale: Scale) -> Table:
    from virtual_school.duties.rules import RULES_FOR_AUTHORITY, RULES_FOR_CHILD

    rules = f"{len(RULES_FOR_CHILD)} rules of a child and {len(RULES_FOR_AUTHORITY)} of an authority"
    table = Table("Duties", columns=("Children", "Obligations", "Rows written"))
    bar = BAR_ALL if scale.name == "full" else None

    def tell(what: str, seconds: float, done: Done, bar: float | None) -> None:
        table.add(what, seconds, "s", bar, (f"{done.children:,}", f"{done.obligations:,}", f"{done.written:,}"))

    worked_out = None
    for processes in (1, 2):
        seconds, done = _every(work_out, processes)
        check(done.children >= scale.children and done.obligations > done.children, f"found only {done}")
        check(worked_out in (None, done), f"{done} in {processes} processes, {worked_out} in one")
        worked_out = done
        tell(f"Facts gathered and every rule asked, {in_words(processes)}", seconds, done,
             bar if processes == 2 else None)  # fmt: skip
    for processes in (1, 2):
        _forget()
        seconds, done = _every(refresh, processes)
        check(worked_out and done.obligations == worked_out.obligations, f"{done} kept, {worked_out} worked out")
        tell(f"The same, written into empty tables, {in_words(processes)}", seconds, done, None)
    for processes in (1, 2):
        seconds, done = _every(refresh, processes)
        check(done.written == 0, f"{done.written:,} rows written again though nothing had changed")
        tell(f"By night, when nothing has changed, {in_words(processes)}", seconds, done, None)
    with owner() as connection:
        connection.execute("vacuum analyze duties_standingobligation, duties_rollentry, authorities_authority")
    one = _one_child(by_size()[0], scale.requests)
    table.add("One child of the largest authority, half of the times", sorted(one)[len(one) // 2], "s", None)
    table.add("One child of the largest authority, 95 of 100 times", p95(one), "s", BAR_ONE)
    table.notes.append(
        f"{rules}, of every child of the demonstration: those in care, who left it, and others. "
        "Processes share the work by authority; their start is counted in."
    )
    return table


def _one_child(code: int, times: int) -> list[float]:
    """As after a change to a child's record."""
    from virtual_school.children.models import Child
    from virtual_school.duties.actions import refresh_children
    from virtual_school.duties.models import StandingObligation
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service

    with acting(service(code)):
        in_care = Child.objects.filter(authority=code, on_roll__cohort="looked_after")
        ids = list(in_care.order_by("id").values_list("id", flat=True))
    found = []
    for child in ids[:: max(1, len(ids) // times)][:times]:
        began = time.perf_counter()
        with acting(service(code), action="benchmark"):
            refresh_children(code, [child])
        found.append(time.perf_counter() - began)
    with acting(service(code)):
        check(
            StandingObligation.objects.filter(authority=code, child=child).exists(), "a child in care has no obligation"
        )
    return found
