"""What is measured of children's voice: what adults did, never how a child feels. Pure.

Each measure has its numerator, its denominator, what stands beside it, and who is not counted and why.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from virtual_school.dates.counted_days import BeyondCalendar
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.dates.working_days import WorkingCalendar

ASKED_SCHOOL_DAYS_BEFORE = 10
ADULTS_ONLY = frozenset({"observed"})
FEWEST = 5
"""Of fewer no share is drawn: the number alone stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneChild:
    """One child with a meeting in the term. `how`: in which way they were heard; `why_not`: why there are no views."""

    meeting_on: date
    asked_on: date | None = None
    heard_on: date | None = None
    read_on: date | None = None
    how: str = ""
    why_not: str = ""
    watched_on: date | None = None

    @property
    def is_heard(self) -> bool:
        return self.heard_on is not None and self.how not in ADULTS_ONLY


@dataclass(frozen=True, slots=True, kw_only=True)
class OneAsk:
    """`tell_by`: the day by which the child was to be told; None while there is no answer. `judged`: the last word."""

    meeting_on: date | None = None
    tell_by: date | None = None
    told_on: date | None = None
    is_in_plan: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePromise:
    due_on: date
    state: str
    done_on: date | None = None
    judged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    key: str
    title: str
    n: int
    of: int
    of_words: str
    all_beside: tuple[tuple[str, int], ...] = ()
    left_out: str = ""

    @property
    def beside(self) -> tuple[tuple[str, int], ...]:
        """Those of which there are any."""
        return tuple(one for one in self.all_beside if one[1])

    @property
    def share(self) -> str:
        """ "" where so few are counted that a share would say more than there is."""
        return f"{round(100 * self.n / self.of)}%" if self.of >= FEWEST else ""


def asked_in_time(children: Iterable[OneChild], calendar: SchoolCalendar) -> Measure:
    """A refusal counts as asked."""
    n = of = beyond = never = 0
    for one in children:
        try:
            in_time = one.asked_on is not None and (
                calendar.between(one.asked_on, one.meeting_on) >= ASKED_SCHOOL_DAYS_BEFORE
            )
        except BeyondCalendar:
            beyond += 1
            continue
        of += 1
        n += in_time
        never += one.asked_on is None
    return Measure(
        key="asked", title=f"Asked {ASKED_SCHOOL_DAYS_BEFORE} school days before the meeting, or sooner", n=n, of=of,
        of_words="children with a meeting", all_beside=(("no day on which they were asked", never),),
        left_out=f"{beyond} beyond the term dates held" if beyond else "",
    )  # fmt: skip


def heard_from(children: Iterable[OneChild], today: date, words: dict[str, str]) -> Measure:
    """By the child's own answer. What adults saw, and why there are none, stand beside it and never count for it."""
    held = [one for one in children if one.meeting_on <= today]
    silent = [one for one in held if not one.is_heard]
    how = Counter(one.how for one in held if one.is_heard)
    beside = [(words.get(key, key), count) for key, count in sorted(how.items())]
    beside.append(("watched by two adults, not asked", sum(one.watched_on is not None for one in silent)))
    beside.append(("a reason why there are no views", sum(bool(one.why_not) for one in silent)))
    beside.append(("nothing at all", sum(one.watched_on is None and not one.why_not for one in silent)))
    return Measure(
        key="heard", title="Heard from: the child's own answer was shared", n=len(held) - len(silent), of=len(held),
        of_words="children whose meeting was held or due", all_beside=tuple(beside),
        left_out="children who shared with nobody count as not heard",
    )  # fmt: skip


def read_in_time(children: Iterable[OneChild], today: date, calendar: WorkingCalendar, days: int) -> Measure:
    n = of = late = waiting = 0
    for one in children:
        if one.heard_on is None:
            continue
        try:
            by = calendar.after(one.heard_on, days)
        except BeyondCalendar:
            continue
        if one.read_on is None and today <= by:
            waiting += 1
            continue
        of += 1
        n += one.read_on is not None and one.read_on <= by
        late += one.read_on is None
    return Measure(
        key="read", title=f"Read by a person within {days} working days", n=n, of=of, of_words="entries that were shared",
        all_beside=(("not read yet, and late", late),), left_out=f"{waiting} whose time is not over" if waiting else "",
    )  # fmt: skip


def told_in_time(asks: Sequence[OneAsk], today: date) -> Measure:
    """Each thing asked for has an answer, and the child was told of it in time."""
    due = [one for one in asks if one.told_on is not None or _is_over(one, today)]
    return Measure(
        key="answered", title="Told what became of what they asked for, in time",
        n=sum(one.told_on is not None and one.tell_by is not None and one.told_on <= one.tell_by for one in due),
        of=len(due), of_words="things asked for",
        all_beside=(("told late", sum(one.told_on is not None and one.tell_by is not None and one.told_on > one.tell_by
                                  for one in due)),
                ("no answer of the meeting", sum(one.tell_by is None and one.told_on is None for one in due))),
        left_out=f"{len(asks) - len(due)} whose time is not over" if len(asks) > len(due) else "",
    )  # fmt: skip


def _is_over(one: OneAsk, today: date) -> bool:
    by = one.tell_by or one.meeting_on
    return by is not None and by < today


def kept(promises: Sequence[OnePromise], today: date) -> Measure:
    due = [one for one in promises if one.due_on <= today and one.state != "withdrawn"]
    on_time = [one for one in due if one.state == "done" and (one.done_on is None or one.done_on <= one.due_on)]
    states = Counter(one.state for one in due)
    open_late = states["made"] + states["under_way"]
    return Measure(
        key="kept", title="Promises kept by their day", n=len(on_time), of=len(due), of_words="promises due",
        all_beside=(("done late", states["done"] - len(on_time)), ("changed", states["changed"]),
                ("not kept, and said so", states["broken"]), ("late", open_late)),
        left_out="promises the child does not want any more",
    )  # fmt: skip


def made_a_difference(promises: Iterable[OnePromise]) -> Measure:
    """Whether it was what the child wanted: read one by one, never by teacher."""
    said = Counter(one.judged for one in promises if one.judged)
    return Measure(
        key="difference", title="The child says it is what they wanted, or a bit", n=said["yes"] + said["a_bit"],
        of=sum(said.values()), of_words="promises the child judged", all_beside=(("no", said["no"]),),
        left_out="promises a child said nothing about",
    )  # fmt: skip


def changed_the_plan(asks: Iterable[OneAsk]) -> Measure:
    answered = [one for one in asks if one.tell_by is not None]
    return Measure(
        key="plan", title="An action of the plan carries it out", n=sum(one.is_in_plan for one in answered),
        of=len(answered), of_words="things asked for that the meeting answered",
    )  # fmt: skip
