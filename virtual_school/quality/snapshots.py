"""Freezing the measures of a term at its cut-off. What was frozen never changes; a correction stands beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import part_on
from virtual_school.design.suppression import Cell, differs_little, is_small, of_one_whole, suppressed
from virtual_school.plans.gather import authority_facts
from virtual_school.plans.models import Plan, RecordedPlan
from virtual_school.plans.policy import plan_policy

from .groups import ON_BOARD, by_group
from .measure_facts import counted_term, gather
from .measured import LeftOut, Measure, TermFacts
from .measures import DEFINITIONS, measured
from .models_measures import BY, BoardFigure, FrozenMeasure
from .second_marks import to_do

PARTS_OF_ONE = (("I-PEP-12-met", "I-PEP-12-partly", "I-PEP-12-not"),)
"""Measures that are parts of the same whole: hiding one, another may have to be hidden with it."""

WITHIN = {"I-PEP-14": ("I-PEP-01", "phase", "post_16")}
"""A measure that is all but the same as a group of another: hidden together."""

OF_THE_HITS = {"I-PEP-08": "I-PEP-07"}
"""A measure whose whole is what another found: hidden wherever that is, and so is who was left out of it."""

LATEST_DAYS = 120
"""For so long after a cut-off the nightly task freezes it; then only a person does."""


class NotYet(ValueError):
    """Why a term cannot be frozen, in words."""


@dataclass(frozen=True, slots=True)
class Frozen:
    term: str
    on: date
    revision: int
    rows: int


@transaction.atomic
def freeze(
    *, authority: Authority, term: str, by: User | None, on: date | None = None, why: str = "", facts: TermFacts | None = None,
) -> Frozen:  # fmt: skip
    """The term as it stands at its cut-off. A term frozen before gets a revision, which needs a reason."""
    day = on or timezone.localdate()
    _one_at_a_time(authority)
    facts = facts or gather(authority, term, day)
    if facts is None:
        raise NotYet("This term has not begun, or its dates are not held.")
    if to_do().filter(authority=authority, plan__term=term).exists():
        raise NotYet(
            "You are to mark plans of this term again, so their ratings are kept from you and from what you count. "
            "Somebody else can freeze it, or the service does after the cut-off."
        )
    if day < facts.cut_off:
        raise NotYet("The cut-off of this term has not come: its figures still move.")
    held = revisions(authority).get(term, 0)
    if held and not why.strip():
        raise NotYet("This term is frozen. Say what is corrected.")
    revision = held + 1
    rows, counted = _rows(authority, facts, revision, why.strip(), by.name if by else "")
    FrozenMeasure.objects.bulk_create(rows, batch_size=2_000)
    before = _exact(authority, term, held) if held else {}
    BoardFigure.objects.bulk_create(_board(authority, facts, counted, revision, before), batch_size=2_000)
    record(
        "measures frozen", by=by.pk if by else None, authority=authority.code, term=term, revision=revision, rows=len(rows)
    )  # fmt: skip
    return Frozen(term, facts.on, revision, len(rows))


def _one_at_a_time(authority: Authority) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('quality.freezing'), %s)", [authority.code])


def revisions(authority: Authority) -> dict[str, int]:
    """By term, how often it was frozen."""
    found: dict[str, int] = {}
    for term, revision in FrozenMeasure.objects.filter(authority=authority, by="", measure="I-PEP-01").values_list(
        "term", "revision"
    ):
        found[term] = max(found.get(term, 0), revision)
    return found


Grouped = dict[tuple[str, str], dict[str, Measure]]


def _rows(
    authority: Authority, facts: TermFacts, revision: int, why: str, by_name: str
) -> tuple[list[FrozenMeasure], Grouped]:
    counted: Grouped = {}
    for by in BY:
        for key, of_group in by_group(facts, by).items():
            counted[by, key] = measured(of_group)
    rows = [
        FrozenMeasure(
            authority=authority, term=facts.term.key, by=by, group=key, revision=revision, why=why, by_name=by_name,
            hits=list(one.hits), misses=list(one.misses), parts=[list(part) for part in one.parts],
            parts_unit=one.parts_unit, left_out=[{"why": out.why, "children": list(out.children)} for out in one.left_out],
            **_numbers(one),
        )
        for (by, key), measures in counted.items()
        for one in measures.values()
        if not by or one.denominator or one.left_out
    ]  # fmt: skip
    return rows, counted


def _numbers(one: Measure) -> dict[str, Any]:
    return {"measure": one.id, "on": one.on, "unit": one.unit, "numerator": one.numerator,
            "denominator": one.denominator, "value": one.value, "not_known": one.not_known}  # fmt: skip


def _exact(authority: Authority, term: str, revision: int) -> dict[tuple[str, str, str], Cell]:
    rows = FrozenMeasure.objects.filter(authority=authority, term=term, revision=revision, by__in=["", *ON_BOARD])
    return {
        (measure, by, group): Cell(n, d, value)
        for measure, by, group, n, d, value in rows.values_list(
            "measure", "by", "group", "numerator", "denominator", "value"
        )
    }


def board_cells(counted: Grouped) -> dict[tuple[str, str, str], Cell]:
    """Every figure a board member sees, by measure, breakdown and group, with small numbers hidden across all of them."""
    every = {
        (id_, by, key): Cell(one.numerator, one.denominator, one.value)
        for (by, key), measures in counted.items()
        if not by or by in ON_BOARD
        for id_, one in measures.items()
    }
    for id_ in DEFINITIONS:
        for by in ON_BOARD:
            total = Cell(*_values(every[id_, "", ""]))
            parts = {key: every[id_, by, key] for (i, b, key) in every if i == id_ and b == by}
            total, parts = suppressed(total, parts)
            every[id_, "", ""] = total if total.is_hidden else every[id_, "", ""]
            every.update({(id_, by, key): cell for key, cell in parts.items()})
    _hide_parts_of_one(every, counted)
    _hide_within(every)
    for (id_, by, key), cell in list(every.items()):
        other = OF_THE_HITS.get(id_)
        if other is not None and every[other, by, key].is_hidden:
            every[id_, by, key] = cell.hidden
    return every


def _values(cell: Cell) -> tuple[int | None, int | None, float | None, bool]:
    return cell.numerator, cell.denominator, cell.value, cell.is_hidden


def _hide_parts_of_one(every: dict[tuple[str, str, str], Cell], counted: Grouped) -> None:
    for ids in PARTS_OF_ONE:
        for (by, key), measures in counted.items():
            if by and by not in ON_BOARD:
                continue
            found = [measures[id_] for id_ in ids]
            if any(one.denominator is None for one in found):
                continue
            shown = of_one_whole([one.numerator or 0 for one in found], found[0].denominator or 0)
            for one, count in zip(found, shown, strict=True):
                if count is None and one.denominator:
                    every[one.id, by, key] = every[one.id, by, key].hidden


def _hide_within(every: dict[tuple[str, str, str], Cell]) -> None:
    for id_, (other, by, key) in WITHIN.items():
        inner, outer = every.get((id_, "", "")), every.get((other, by, key))
        if inner is None or outer is None or not (inner.is_hidden or outer.is_hidden):
            continue
        every[id_, "", ""] = inner.hidden
        groups = {k: cell for (i, b, k), cell in every.items() if i == other and b == by}
        groups[key] = outer.hidden
        if every[other, "", ""].is_hidden:
            continue
        _, parts = _hidden_again(every[other, "", ""], groups)
        every.update({(other, by, k): cell for k, cell in parts.items()})


def _hidden_again(total: Cell, parts: Mapping[str, Cell]) -> tuple[Cell, dict[str, Cell]]:
    """After one more part was hidden: with it alone hidden, the next smallest is hidden too."""
    hidden = [key for key, cell in parts.items() if cell.is_hidden]
    shown = sorted(
        (k for k, c in parts.items() if not c.is_hidden and c.denominator), key=lambda k: parts[k].denominator or 0
    )
    found = dict(parts)
    if len(hidden) == 1 and shown:
        found[shown[0]] = parts[shown[0]].hidden
    return total, found


def _board(
    authority: Authority, facts: TermFacts, counted: Grouped, revision: int, before: Mapping[tuple[str, str, str], Cell]
) -> Iterable[BoardFigure]:
    for (id_, by, key), cell in board_cells(counted).items():
        one = counted[by, key][id_]
        if by and not one.denominator:
            continue
        exact = Cell(one.numerator, one.denominator, one.value)
        if (was := before.get((id_, by, key))) is not None and differs_little(was, exact):
            cell = cell.hidden
        yield BoardFigure(
            authority=authority, term=facts.term.key, measure=id_, by=by, group=key, revision=revision, on=one.on,
            unit=one.unit, numerator=cell.numerator, denominator=cell.denominator, value=cell.value,
            not_known=one.not_known, is_hidden=cell.is_hidden,
            left_out=[
                {"why": out.why, "n": None if is_small(len(out.children)) else len(out.children)}
                for out in one.left_out
            ] if not by and not (cell.is_hidden and id_ in OF_THE_HITS) else [],
        )  # fmt: skip


def due_to_freeze(authority: Authority, day: date) -> list[str]:
    """The terms whose cut-off has passed lately and that are not frozen. Nothing before a plan was known here."""
    of = authority_facts(authority, day)
    policy = plan_policy(part_on(authority, "plans", day))
    has_plans = Plan.objects.filter(authority=authority).exists() or RecordedPlan.objects.filter(
        authority=authority
    ).exists()  # fmt: skip
    if not has_plans:
        return []
    held = revisions(authority)
    found = []
    for term in of.school_days.terms:
        if term.starts > day or (day - term.ends).days > LATEST_DAYS:
            continue
        counted = counted_term(of, policy, term.key, day)
        if counted and counted.cut_off < day and (day - counted.cut_off).days <= LATEST_DAYS and term.key not in held:
            found.append(term.key)
    return found


def latest_rows(authority: Authority, **narrowed: Any) -> dict[tuple[str, str, str, str], FrozenMeasure]:
    """The frozen rows as they stand: of each the last revision, by term, measure, breakdown and group."""
    rows = FrozenMeasure.objects.filter(authority=authority, **narrowed).order_by("revision")
    return {(row.term, row.measure, row.by, row.group): row for row in rows}


def as_measure(row: FrozenMeasure) -> Measure:
    """A frozen row as the measure it was."""
    title = DEFINITIONS[row.measure].title if row.measure in DEFINITIONS else row.measure
    return Measure(
        id=row.measure, title=title, on=row.on, unit=row.unit, hits=tuple(row.hits), misses=tuple(row.misses),
        left_out=tuple(LeftOut(out["why"], tuple(out["children"])) for out in row.left_out), value=row.value,
        parts=tuple((words, n) for words, n in row.parts), parts_unit=row.parts_unit, not_known=row.not_known,
    )  # fmt: skip
