"""Personal education plans: opening a term, the list, a plan, saving what is written, a PDF; two years of them held."""

import itertools
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import lxml.html

from . import plan_rows
from .duties import by_size
from .ground import Scale, WentWrong, check, copy
from .pages import (
    BAR,
    COUNTED,
    ROLES,
    WARM,
    Page,
    bring_to_today,
    in_care,
    people_of,
    queries,
    signed_in,
    timed,
    worked,
)
from .row_security import use
from .tables import Table, amount, p95

BAR_OPENING = 10
BAR_PDF = 0.05
CHILDREN_OF_BAR = 2_000
LIST_ROWS = 50
WRITING = ("in_progress", "ready_for_meeting", "meeting_held")
PHASES_WITH_PROGRESS = ("primary", "secondary", "key_stage_4")
ALL_ROLES = {**ROLES, "worker": "social worker"}


@dataclass(frozen=True, slots=True)
class Around:
    """Of one authority: who asks, and the pages they ask for."""

    in_care: int
    users: dict[str, Any]
    pages: tuple[Page, ...]
    writes: tuple[Page, ...]
    """A section of the school's in each of its plans."""
    states: dict[str, set[str]]
    """By who asks, those of their plans. What is asked of a plan depends on its state, so that two authorities are
    compared by plans in states that both have."""


def measure(scale: Scale) -> Table:
    bring_to_today()
    codes = by_size()
    large = codes[0]
    small = min(codes, key=lambda code: abs(in_care(code) - in_care(large) // 10))
    table = Table(
        "Plans", columns=("Half of the times", "Processor time", "Queries", f"Queries at {in_care(small)} children")
    )
    with copy("vs_plans") as database:
        use(database)
        try:
            held = _two_years(table, database, large, small)
            _pdf(table, large, scale.requests)
            here, there = _around(large), _around(small)
            alike = {role: here.states[role] & there.states[role] for role in here.states}
            here, there = _around(large, alike), _around(small, alike)
            _pages(table, scale, here, there)
        finally:
            use("vs")
    table.notes.append(
        f"{held['plans']:,} plans of {plan_rows.TERMS} terms, {held['now']:,} of them of this term, in a copy of "
        f"England's database; what is written in them ({held['answers']:,} answers) is there for the two authorities "
        f"that are asked. Pages as above: {scale.requests} requests a page in process, 95 of 100 of them, in an "
        f"authority of {in_care(large):,} children in care; queries also in one with {in_care(small)}."
    )
    return table


def _two_years(table: Table, database: str, large: int, small: int) -> dict[str, int]:
    from django.utils import timezone

    from virtual_school.authorities.models import Authority
    from virtual_school.authorities.queries import school_calendars
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.plans.conditions import PHASES
    from virtual_school.plans.models import PlanTemplate
    from virtual_school.plans.opening import template_in_force
    from virtual_school.plans.template_document import from_document

    today = timezone.localdate()
    authority = Authority.objects.get(pk=large)
    term = school_calendars(large, authority.name)[0].term_or_next(today)
    now = plan_rows.PlanTerm(term.key, min(term.starts, today), term.ends)
    first = _open_term(table, large, term, "Opening a term, no plan held before", len_at_least=0)
    with acting(service(large), action="benchmark"):
        for phase in PHASES:
            template_in_force(authority, phase)
        templates = [
            (one.phase, from_document(one.content))
            for one in PlanTemplate.objects.filter(authority=large, state="in_force")
        ]
    sections, fields = plan_rows.form_rows(templates)
    past = plan_rows.past_terms(today, term.key)
    with plan_rows.unlocked(database) as connection:
        plan_rows.forget(connection)
        plan_rows.share_templates(connection, large)
        for one in past:
            plan_rows.plans(connection, one)
        plan_rows.carry_on(connection)
        plan_rows.written(connection, (large, small), sections, fields, [one.key for one in past])
    _open_term(table, large, term, f"Opening a term after {len(past)} others", len_at_least=first)
    _open_term(None, small, term, "", len_at_least=1)
    with plan_rows.unlocked(database) as connection:
        plan_rows.plans(connection, now, without=(large, small), is_past=False)
        plan_rows.carry_on(connection)
        plan_rows.written(connection, (large, small), sections, fields, [now.key])
        return {
            name: connection.execute(statement, values).fetchone()[0]
            for name, statement, values in (
                ("plans", "select count(*) from plans_plan", []),
                ("now", "select count(*) from plans_plan where term = %s", [now.key]),
                ("answers", "select count(*) from plans_answer", []),
            )
        }


def _open_term(table: Table | None, code: int, term: Any, what: str, *, len_at_least: int) -> int:
    """How many plans were made."""
    from virtual_school.authorities.models import Authority
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.plans.opening import open_term

    began = time.perf_counter()
    with acting(service(code), action="benchmark"):
        made = len(open_term(authority=Authority.objects.get(pk=code), term=term, by=None).made)
    seconds = time.perf_counter() - began
    check(made and made >= len_at_least, f"{made} plans were opened in {code}, not {len_at_least}")
    if table:
        bar = BAR_OPENING if in_care(code) >= CHILDREN_OF_BAR else None
        table.add(f"{what}: {made:,} plans for {in_care(code):,} children", seconds, "s", bar)
    return made


def _pdf(table: Table, code: int, times: int) -> None:
    """Of whole plans: from what is read to the file, and of that the making alone."""
    from django.utils import timezone

    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.plans import pdf
    from virtual_school.plans.exporting import as_service, document_of
    from virtual_school.plans.models import Plan

    more = {"printed_by": "Somebody", "printed_on": timezone.localdate(), "reference": "1", "colour": "#0d4a52"}
    for what, make in (("Full plan", pdf.full), ("In plain words", pdf.plain)):
        made, whole = [], []
        with acting(service(code), action="benchmark"):
            plans = list(Plan.objects.filter(authority=code, state="published").order_by("id")[: WARM + times])
            check(plans, f"no plan is published in {code}")
            for plan in itertools.islice(itertools.cycle(plans), WARM + times):
                began = time.perf_counter()
                document = document_of(as_service(plan))
                read = time.perf_counter()
                content = make(document, **more)
                made.append(time.perf_counter() - read)
                whole.append(time.perf_counter() - began)
                check(content.startswith(b"%PDF-") and len(content) > 20_000, "no PDF was made")
        made, whole = made[WARM:], whole[WARM:]
        pages = len(re.findall(rb"/Type\s*/Page\b", content))
        table.add(f"{what} as PDF/UA-1, made from its document ({pages} pages)", p95(made), "s", BAR_PDF,
                  (amount(median(made), "s"),))  # fmt: skip
        table.add(f"{what}, read from the tables and made", p95(whole), "s", None, (amount(median(whole), "s"),))


def _around(code: int, alike: dict[str, set[str]] | None = None) -> Around:
    from django.db.models import Count
    from django.urls import reverse

    from virtual_school.access.models import Role, User
    from virtual_school.children.models import Involvement, Sensitivity
    from virtual_school.dates.terms import term_words
    from virtual_school.identity.acting import acting
    from virtual_school.identity.seal import service
    from virtual_school.plans.models import Plan

    users = people_of(code).users
    with acting(service(code)):
        around = Involvement.objects.filter(authority=code, ends=None)
        worker = around.filter(role=Role.SOCIAL_WORKER).values("person").annotate(n=Count("id")).order_by("-n")[0]
        users["worker"] = User.objects.get(pk=worker["person"])
        terms = sorted(set(Plan.objects.filter(authority=code).values_list("term", flat=True)))
        now = Plan.objects.filter(authority=code, term=terms[-1]).exclude(state__startswith="closed")
        now = now.exclude(child__in=Sensitivity.objects.filter(authority=code).values("child"))

        def plans_of(role: str, **more: Any) -> list[Any]:
            kinds = {"teacher": Role.DESIGNATED_TEACHER, "worker": Role.SOCIAL_WORKER}
            rows = now.filter(**more).order_by("id")
            if role in kinds:
                rows = rows.filter(child__involvements__in=around.filter(person=users[role], role=kinds[role]))
            if alike and not more:
                rows = rows.filter(state__in=alike[role])
            return list(rows.values_list("public_id", flat=True)[:60])

        of = {role: plans_of(role) for role in users}
        states = {role: set(now.filter(public_id__in=ids).values_list("state", flat=True)) for role, ids in of.items()}
        open_to = plans_of("head", state__in=WRITING, phase__in=PHASES_WITH_PROGRESS)
        published = plans_of("head", state="published")
        busiest = Plan.objects.filter(authority=code, school__isnull=False).values("school").annotate(n=Count("id"))
        school = busiest.order_by("-n")[0]["school"]
    check(all(of.values()) and open_to and published, f"somebody has no plan in {code}")
    every = reverse("plans:list")

    def about(name: str, found: Sequence[Any], *more: str) -> tuple[str, ...]:
        return tuple(reverse(f"plans:{name}", args=[public_id, *more]) for public_id in found)

    pages = (
        *(Page("Plans", role, (every,)) for role in users),
        Page("Plans, to check", "head", (f"{every}?state=to_check",)),
        Page("Plans, overdue", "head", (f"{every}?state=overdue",)),
        Page("Plans, last page", "head", (f"{every}?page=9999",)),
        Page(f"Plans, {term_words(terms[0])}", "head", (f"{every}?term={terms[0]}",)),
        Page("Plans of a school", "head", (f"{every}?school={school}",)),
        Page("Plans of an adviser", "head", (f"{every}?adviser={users['adviser'].pk}",)),
        Page("Plans of their own children", "adviser", (f"{every}?mine=1",)),
        *(Page("A plan", role, about("plan", of[role])) for role in users),
        Page("A section to write in", "head", about("section", open_to, "progress")),
        Page("What changed since last term", "head", about("compare", of["head"])),
        Page("A plan as PDF, asked for", "head", about("file", published, "full")),
    )
    writes = (Page("Saving a section while it is written", "head", about("autosave", open_to, "progress")),
              Page("Saving a section by its button", "head", about("section", open_to, "progress")))  # fmt: skip
    return Around(in_care(code), users, pages, writes, states)


def _pages(table: Table, scale: Scale, here: Around, there: Around) -> None:
    clients = {role: signed_in(user) for role, user in here.users.items()}
    others = {role: signed_in(user) for role, user in there.users.items()}
    found = clients["head"].get(here.pages[0].paths[0]).content.decode()
    check(found.count('href="/plans/') > LIST_ROWS, "the list shows no page full of plans")
    growing = 0
    for page, same in zip(here.pages, there.pages, strict=True):
        what = f"{page.what} ({ALL_ROLES[page.role]})"
        try:
            before = worked()
            times = timed(clients[page.role], page, scale.requests)
            processor = (worked() - before) / (WARM + scale.requests)
            asked = queries(clients[page.role], page), queries(others[page.role], same)
        except WentWrong as why:
            table.notes.append(f"**Not measured**, for it went wrong: {why}")
            continue
        growing += asked[0] > asked[1]
        table.add(what, p95(times), "s", BAR, (amount(median(times), "s"), amount(processor, "s"), *map(str, asked)))
    for page, same in zip(here.writes, there.writes, strict=True):
        times, asked = _saved(clients["head"], page, scale.requests), (
            _queries_of_save(clients["head"], page), _queries_of_save(others["head"], same)
        )  # fmt: skip
        growing += asked[0] > asked[1]
        what = f"{page.what} ({ALL_ROLES[page.role]})"
        table.add(what, p95(times), "s", BAR, (amount(median(times), "s"), "", *map(str, asked)))
    table.add("Pages with more queries where there are more children", growing, "", 0)


def _saves(client: Any, page: Page) -> Iterator[Any]:
    """For ever: the next request that saves a section, with new words in its first long field."""
    for path in itertools.cycle(page.paths):
        shown = client.get(path.removesuffix("save/"))
        check(shown.status_code == 200, f"{path} answered {shown.status_code}")
        form = next(one for one in lxml.html.fromstring(shown.content).forms if one.get("data-save-url"))
        data = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
        longest = next(one.name for one in form.iter("textarea") if not one.name.startswith("why-"))
        data |= {longest: f"{plan_rows.WORDS} Looked at {time.monotonic_ns()}.", "do": "save"}

        def save(path: str = path, data: dict[str, Any] = data) -> None:
            answer = client.post(path, data)
            is_kept = answer.status_code == 302 or (answer.status_code == 200 and answer.json()["was"])
            check(is_kept, f"saving {path} answered {answer.status_code}")

        yield save


def _saved(client: Any, page: Page, requests: int) -> list[float]:
    found = []
    for save in itertools.islice(_saves(client, page), WARM + requests):
        began = time.perf_counter()
        save()
        found.append(time.perf_counter() - began)
    return found[WARM:]


def _queries_of_save(client: Any, page: Page) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for save in itertools.islice(_saves(client, page), COUNTED):
        with CaptureQueriesContext(connection) as captured:
            save()
        counted.append(len(captured))
    return sorted(counted)[-2]
