"""The figures a reader may see: exact for those who see the children, with small numbers hidden for the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.http import QueryDict

from virtual_school.access.models import Role
from virtual_school.access.person import Person
from virtual_school.authorities.models import Authority
from virtual_school.authorities.queries import school_calendars
from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.terms import in_time

from .groups import ON_BOARD, by_group, chosen
from .measure_facts import gather
from .measured import LeftOut, Measure, TermFacts
from .measures import DEFINITIONS, measured
from .measures_asked import (
    GROUPINGS,
    MeasureFilters,
    board_keys,
    frozen_keys,
    keys_in,
    terms_to_choose,
)
from .measures_page import Figure, figure_of
from .models_measures import BoardFigure, FrozenMeasure
from .second_marks import to_do
from .snapshots import as_measure, latest_rows, revisions

MANY_GROUPS = "Not known for several filters at once: days and medians are frozen for one group at a time."


BLIND = "Not shown to you yet: you are to mark plans of this term again, and not to know how they were rated."

NOT_COUNTED = "Not counted: this measure was not there yet when the term was frozen."


@dataclass
class Reading:
    """One authority, one term and some filters, for a reader who sees exact figures."""

    authority: Authority
    given: QueryDict
    day: date
    is_exact: bool = True
    groupings: Sequence[str] = GROUPINGS
    _facts: dict[str, TermFacts | None] = field(default_factory=dict)

    @cached_property
    def frozen(self) -> dict[str, int]:
        return revisions(self.authority)

    @cached_property
    def current(self) -> str | None:
        """The present term; in the holidays the one that has ended. None where no term dates are held."""
        calendar, _ = school_calendars(self.authority.code, self.authority.name)
        try:
            term = calendar.term_on(self.day) or calendar.previous_term(calendar.term_or_next(self.day))
        except BeyondCalendar:
            return None
        return term.key if term else None

    @cached_property
    def term(self) -> str:
        asked = self.given.get("term", "")
        if asked in self.frozen or asked == self.current:
            return asked
        return self.current or max(self.frozen, key=in_time, default="")

    @property
    def is_frozen(self) -> bool:
        return self.term in self.frozen

    @cached_property
    def facts(self) -> TermFacts | None:
        """The records as they are now, of a term that is not frozen."""
        return gather(self.authority, self.term, self.day) if self.term and not self.is_frozen else None

    @cached_property
    def form(self) -> MeasureFilters:
        keys = frozen_keys(self.authority, self.term) if self.is_frozen else keys_in(self.facts) if self.facts else {}
        return MeasureFilters(self.given, terms_to_choose(set(self.frozen), self.current, self.day), self.term, keys)

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        return self.form.groups

    @cached_property
    def blind(self) -> frozenset[str]:
        """The terms of which this reader is to mark plans again."""
        return frozenset(to_do().filter(authority=self.authority).values_list("plan__term", flat=True))

    def hides(self, id_: str, term: str) -> bool:
        return DEFINITIONS[id_].tells_ratings and term in self.blind

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """Of the term and the children chosen, without what this reader is not to know yet."""
        return {
            id_: Measure(id=id_, title=one.title, on=one.on, unit=one.unit, not_known=BLIND)
            if self.hides(id_, self.term)
            else one
            for id_, one in self._counted().items()
        }

    def _counted(self) -> dict[str, Measure]:
        if not self.is_frozen:
            return measured(chosen(self.facts, self.narrowed)) if self.facts else {}
        if len(self.narrowed) < 2:
            by, group = self.narrowed[0] if self.narrowed else ("", "")
            return self._held(by, group)
        return self._in_every_group()

    def _held(self, by: str, group: str) -> dict[str, Measure]:
        rows = latest_rows(self.authority, term=self.term, by=by, group=group)
        found = {row.measure: as_measure(row) for row in rows.values()}
        return {id_: found.get(id_) or self._nothing(id_) for id_ in DEFINITIONS}

    @cached_property
    def _frozen_ids(self) -> set[str]:
        rows = FrozenMeasure.objects.filter(authority=self.authority, term=self.term, by="")
        return set(rows.order_by().values_list("measure", flat=True).distinct())

    def _nothing(self, id_: str) -> Measure:
        """A group in which nothing of this kind was counted has no row; nor has a measure made since."""
        not_known = "" if id_ in self._frozen_ids else NOT_COUNTED
        return Measure(
            id=id_, title=DEFINITIONS[id_].title, on=self.on, unit=DEFINITIONS[id_].unit, not_known=not_known
        )

    def _in_every_group(self) -> dict[str, Measure]:
        held = self._held("", "")
        groups = [self._held(by, group) for by, group in self.narrowed]
        return {id_: _shared(one, [of_group[id_] for of_group in groups]) for id_, one in held.items()}

    @cached_property
    def on(self) -> date:
        if self.is_frozen:
            row = FrozenMeasure.objects.filter(authority=self.authority, term=self.term, measure="I-PEP-01", by="")
            return row.values_list("on", flat=True)[0]
        return self.facts.on if self.facts else self.day

    def figure(self, id_: str) -> Figure:
        return figure_of(
            self.measures[id_], self.term, is_frozen=self.is_frozen, revision=self.frozen.get(self.term, 1)
        )  # fmt: skip

    @cached_property
    def _before(self) -> dict[str, list[Figure]]:
        if len(self.narrowed) > 1:
            return {}
        by, group = self.narrowed[0] if self.narrowed else ("", "")
        rows = FrozenMeasure.objects.filter(authority=self.authority, by=by, group=group).order_by("revision")
        return _figures_before(rows, self.term)

    def before(self, id_: str) -> list[Figure]:
        """The frozen figures of the terms before, the oldest first. None for several filters at once."""
        return [
            Figure(one.term, None, None, None, one.unit, BLIND) if self.hides(id_, one.term) else one
            for one in self._before.get(id_, [])
        ]

    def breakdown(self, id_: str, by: str) -> dict[str, Figure]:
        """By the key of the group, of the children chosen."""
        if self.hides(id_, self.term):
            return {}
        if self.facts is not None:
            groups = by_group(chosen(self.facts, self.narrowed), by)
            found = {key: measured(of_group, [id_])[id_] for key, of_group in groups.items()}
        elif self.is_frozen:
            rows = latest_rows(self.authority, term=self.term, by=by, measure=id_)
            held = self.measures[id_]
            found = {row.group: as_measure(row) for row in rows.values()}
            if self.narrowed:
                found = {key: _shared(one, [held]) for key, one in found.items()}
        else:
            found = {}
        return {key: figure_of(one, self.term, is_frozen=self.is_frozen) for key, one in found.items()
                if one.denominator or one.not_known}  # fmt: skip


def _shared(one: Measure, groups: list[Measure]) -> Measure:
    """What of a measure is about children in every group. Each group holds the same things of a child."""
    if one.not_known:
        return one
    if one.unit == "days":
        return replace(one, hits=(), misses=(), left_out=(), parts=(), value=None, not_known=MANY_GROUPS)
    members = set(one.hits) | set(one.misses) | {c for out in one.left_out for c in out.children}
    for group in groups:
        members &= {*group.hits, *group.misses, *(c for out in group.left_out for c in out.children)}
    hits = tuple(child for child in one.hits if child in members)
    misses = tuple(child for child in one.misses if child in members)
    left_out = tuple(
        LeftOut(out.why, kept) for out in one.left_out if (kept := tuple(c for c in out.children if c in members))
    )
    whole = len(hits) + len(misses)
    value = (100 * len(hits) / whole if whole else None) if one.unit == "%" else float(len(hits))
    return replace(one, hits=hits, misses=misses, left_out=left_out, parts=(), value=value)


def _figures_before(rows: object, term: str) -> dict[str, list[Figure]]:
    names = ("term", "measure", "value", "numerator", "denominator", "unit", "not_known", "revision")
    held: dict[tuple[str, str], Figure] = {}
    for key, id_, value, n, d, unit, not_known, revision in rows.values_list(*names):  # type: ignore[attr-defined]
        if in_time(key) < in_time(term):
            held[id_, key] = Figure(key, value, n, d, unit, not_known, revision=revision)
    found: dict[str, list[Figure]] = {}
    for (id_, _), figure in sorted(held.items(), key=lambda pair: in_time(pair[0][1])):
        found.setdefault(id_, []).append(figure)
    return found


@dataclass
class BoardReading:
    """The frozen terms with small numbers hidden, and nothing else: no child, no term that still moves."""

    authority: Authority
    given: QueryDict
    day: date
    is_exact: bool = False
    is_frozen: bool = True
    groupings: Sequence[str] = ON_BOARD

    @cached_property
    def _terms(self) -> set[str]:
        rows = BoardFigure.objects.filter(authority=self.authority, by="", measure="I-PEP-01")
        return set(rows.values_list("term", flat=True))

    @cached_property
    def term(self) -> str:
        asked = self.given.get("term", "")
        return asked if asked in self._terms else max(self._terms, key=in_time, default="")

    @cached_property
    def form(self) -> MeasureFilters:
        """One filter at a time: two together would be too near to a child."""
        given = self.given.copy()
        if given.get("phase") and given.get("area"):
            given["area"] = ""
        return MeasureFilters(
            given, terms_to_choose(self._terms, None, self.day), self.term, board_keys(self.authority, self.term)
        )  # fmt: skip

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        return self.form.groups

    @cached_property
    def _rows(self) -> dict[tuple[str, str], BoardFigure]:
        by, group = self.narrowed[0] if self.narrowed else ("", "")
        rows = BoardFigure.objects.filter(authority=self.authority, by=by, group=group).order_by("revision")
        return {(row.measure, row.term): row for row in rows}

    @cached_property
    def on(self) -> date:
        row = self._rows.get(("I-PEP-01", self.term))
        return row.on if row else self.day

    def row(self, id_: str) -> BoardFigure | None:
        return self._rows.get((id_, self.term))

    def figure(self, id_: str) -> Figure:
        row = self.row(id_)
        if (
            row is None
            and not BoardFigure.objects.filter(authority=self.authority, term=self.term, by="", measure=id_).exists()
        ):
            return Figure(self.term, None, None, None, DEFINITIONS[id_].unit, NOT_COUNTED)
        return _shown_figure(row, self.term, DEFINITIONS[id_].unit)

    def before(self, id_: str) -> list[Figure]:
        terms = sorted((t for t in self._terms if in_time(t) < in_time(self.term)), key=in_time)
        return [_shown_figure(self._rows.get((id_, term)), term, DEFINITIONS[id_].unit) for term in terms]

    def breakdown(self, id_: str, by: str) -> dict[str, Figure]:
        rows = BoardFigure.objects.filter(authority=self.authority, term=self.term, by=by, measure=id_)
        found = {row.group: row for row in rows.order_by("revision")}
        return {key: _shown_figure(row, self.term, row.unit) for key, row in found.items()}


def _shown_figure(row: BoardFigure | None, term: str, unit: str) -> Figure:
    if row is None:
        return Figure(term, None, None, 0, unit)
    return Figure(
        term, row.value, row.numerator, row.denominator, row.unit, row.not_known, row.is_hidden, revision=row.revision
    )  # fmt: skip


def reading_of(person: Person, authority: Authority, given: QueryDict, day: date) -> Reading | BoardReading:
    """Exact only for the staff of the authority, in a role of theirs that sees its children."""
    if authority.code in person.staff_of and person.role != Role.BOARD_MEMBER:
        return Reading(authority, given, day)
    return BoardReading(authority, given, day)
