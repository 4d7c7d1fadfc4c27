"""When an alert about attendance is raised: a child's marks and a day in, what was found in plain sentences out. Pure.

Their numbers are council policy (`alert_settings`). Asked again of the same day with corrected marks, a rule that finds
its occasion no more takes its alert back.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from virtual_school.dates.ages import academic_year_start

from .alert_settings import PERSISTENT_PERCENT, Rule, Setting
from .codes import ABSENT, EXCLUDED, NOT_YET_KNOWN, Counts, codes
from .pattern import WEEKDAYS
from .sums import percentage

UNEXPLAINED = frozenset({NOT_YET_KNOWN, "O"})
ONE_DAY = timedelta(days=1)
STILL_NEW = timedelta(days=4)
"""An absence is still going on while its last day is the last one marked, and that was not longer ago."""

LATELY = timedelta(days=14)
CROSSED = timedelta(days=28)
"""That a line was crossed is told for so long after: who came late with their marks is told of all the same."""

GAP = timedelta(days=4)
"""Days further apart, with no mark between them, are two absences: holidays lie between."""

BEFORE_WEEKS = 12
LEAST_LATELY, LEAST_BEFORE = 20, 40
"""Half days: fewer make no trend."""


class DayMarks(NamedTuple):
    """The marks of a day that count, "" for none."""

    day: date
    am: str
    pm: str

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code in (self.am, self.pm) if code)


@dataclass(frozen=True)
class AlertFacts:
    """A child's days with a mark, in the order of time, from at least the start of the school year and 16 weeks back.

    `due` are the school days on which marks were to come: none for a child who is not of an age at which they must be
    in school. `sent` are days of which the school sent marks of any child.
    """

    days: tuple[DayMarks, ...]
    due: tuple[date, ...] = ()
    sent: frozenset[date] = frozenset()

    @cached_property
    def when(self) -> list[date]:
        return [one.day for one in self.days]

    @cached_property
    def totals(self) -> list[tuple[int, int]]:
        """Possible and missed half days up to each day, from the first that is held."""
        possible = missed = 0
        found = [(0, 0)]
        for one in self.days:
            for code in one.codes:
                counts = codes()[code].counts
                possible += counts is not Counts.NOT_POSSIBLE
                missed += counts in ABSENT
            found.append((possible, missed))
        return found

    def up_to(self, day: date) -> int:
        """How many of the days lie on or before it."""
        return bisect_right(self.when, day)

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Possible and missed half days of the days from one place up to another, which is left out."""
        (a, b), (c, d) = self.totals[first], self.totals[last]
        return c - a, d - b


class Found(NamedTuple):
    """`occasion` is the same for as long as it is the same thing that was found."""

    rule: Rule
    occasion: str
    reasons: tuple[str, ...]


def found(facts: AlertFacts, settings: Mapping[Rule, Setting], day: date) -> Iterator[Found]:
    """What the rules that are on find, asked on a day."""
    for rule, setting in settings.items():
        if setting.is_on:
            yield from RULES[rule](facts, setting, day)


def still_found(facts: AlertFacts, setting: Setting, day: date, occasion: str) -> bool:
    return any(one.occasion == occasion for one in RULES[setting.rule](facts, setting, day))


def _first_day(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    place = facts.up_to(day) - 1
    if place < 0 or facts.days[place].day < day - STILL_NEW or not _is_unexplained(facts.days[place]):
        return
    first = place
    while (
        first > 0
        and _is_unexplained(facts.days[first - 1])
        and facts.days[first].day - facts.days[first - 1].day <= GAP
    ):
        first -= 1
    one = facts.days[first]
    said = [f"{_halves(one, UNEXPLAINED)} {_on(one.day)}: {_reason_words(one)}."]
    if place > first:
        said.append(f"Still so {_on(facts.days[place].day)}.")
    yield Found(Rule.FIRST_DAY, one.day.isoformat(), tuple(said))


def _is_unexplained(one: DayMarks) -> bool:
    return bool(UNEXPLAINED & {one.am, one.pm})


def _reason_words(one: DayMarks) -> str:
    given = [code for code in one.codes if code in UNEXPLAINED]
    return "the reason is not known yet" if NOT_YET_KNOWN in given else "no reason the school could accept"


def _halves(one: DayMarks, wanted: frozenset[str]) -> str:
    am, pm = one.am in wanted, one.pm in wanted
    return "Absent" if am and pm else "Absent in the morning" if am else "Absent in the afternoon"


def _run(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    """The latest run that is long enough, if it came to an end no longer than two weeks ago."""
    run: list[tuple[date, str]] = []
    for at, session, code in _backwards(facts, day):
        if codes()[code].counts is Counts.UNAUTHORISED:
            run.append((at, session))
        elif len(run) >= setting["running"] or at < day - LATELY:
            break
        else:
            run = []
    if len(run) < setting["running"] or run[0][0] < day - LATELY:
        return
    (last, _), (first, session) = run[0], run[-1]
    words = (
        f"{len(run)} half days running without leave or with no reason known, from the "
        f"{'morning' if session == 'am' else 'afternoon'} of {_day(first)} to {_day(last)}."
    )
    yield Found(Rule.RUN, f"{first.isoformat()}-{session}", (words,))


def _backwards(facts: AlertFacts, day: date) -> Iterator[tuple[date, str, str]]:
    """The half days that were possible, the latest first."""
    for one in reversed(facts.days[: facts.up_to(day)]):
        for session, code in (("pm", one.pm), ("am", one.am)):
            if code and codes()[code].is_possible:
                yield one.day, session, code


def _no_marks(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    """Today is not over yet: it is asked of the days before. A child marked today is accounted for. Where no
    mark of the child has ever come, the days count on which the school sent those of others."""
    marked = set(facts.when[: facts.up_to(day)])
    if day in marked:
        return
    missing = []
    for one in reversed(facts.due):
        if one >= day:
            continue
        if one in marked:
            break
        missing.append(one)
    if not marked:
        missing = [one for one in missing if one in facts.sent]
    if len(missing) < setting["days"]:
        return
    place = facts.up_to(day) - 1
    last = f"The last mark held is of {_day(facts.days[place].day)}." if place >= 0 else "No mark is held before that."
    words = f"No mark for {len(missing)} school {'day' if len(missing) == 1 else 'days'} running, from {_day(missing[-1])} to {_day(missing[0])}."
    yield Found(Rule.NO_MARKS, missing[-1].isoformat(), (words, last))


def _reached(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    since, (possible, missed) = _over(facts, PERSISTENT_PERCENT, setting["least"], day)
    if since is None or since < day - CROSSED:
        return
    words = f"{missed} of {possible} half days missed this school year ({_pct(missed, possible)}): 10% or more counts as persistent absence."
    yield Found(Rule.REACHED, season_of(since), (words, f"So since {_day(since)}."))


def _nearing(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    since, (possible, missed) = _over(facts, setting["percent"], setting["least"], day)
    if since is None or since < day - CROSSED or 100 * missed >= PERSISTENT_PERCENT * possible:
        return
    left = _left(possible, missed)
    words = f"{missed} of {possible} half days missed this school year ({_pct(missed, possible)})."
    more = f"{left} more running {'makes' if left == 1 else 'make'} it 10%, which counts as persistent absence."
    yield Found(Rule.NEARING, season_of(since), (words, more))


def _over(facts: AlertFacts, percent: int, least: int, day: date) -> tuple[date | None, tuple[int, int]]:
    """Since when the share missed this school year has been so high without a break, and what it is now. Whether it
    was so longer than `CROSSED` ago is all that is asked of earlier days."""
    start = facts.up_to(date(academic_year_start(day), 9, 1) - ONE_DAY)
    last = facts.up_to(day)
    now = facts.between(start, last)
    since: date | None = None
    for place in range(last, start, -1):
        possible, missed = facts.between(start, place)
        if possible < least or 100 * missed < percent * possible:
            break
        since = facts.days[place - 1].day
        if since < day - CROSSED:
            break
    return since, now


def _left(possible: int, missed: int) -> int:
    """How many more half days missed in a row make 10%: the least n with 100 (missed + n) >= 10 (possible + n)."""
    short = PERSISTENT_PERCENT * possible - 100 * missed
    return max(1, -(-short // (100 - PERSISTENT_PERCENT)))


def _falling(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    """Counted back from the last day marked, so that a holiday is no fall."""
    end = facts.up_to(day)
    if not end or (last := facts.days[end - 1].day) < day - LATELY:
        return
    cut = facts.up_to(last - timedelta(weeks=setting["weeks"]))
    start = facts.up_to(last - timedelta(weeks=setting["weeks"] + BEFORE_WEEKS))
    (possible, missed), (possible_before, missed_before) = facts.between(cut, end), facts.between(start, cut)
    if possible < LEAST_LATELY or possible_before < LEAST_BEFORE:
        return
    # the share attended before, less that of now, is at least so many hundredths
    fell = (possible_before - missed_before) * possible - (possible - missed) * possible_before
    if 100 * fell < setting["points"] * possible * possible_before:
        return
    now, before = _pct(possible - missed, possible), _pct(possible_before - missed_before, possible_before)
    words = (
        f"{now} attended in the {setting['weeks']} weeks to {_day(last)}, {before} in the {BEFORE_WEEKS} weeks before."
    )
    yield Found(Rule.FALLING, season_of(last), (words,))


def _weekday(facts: AlertFacts, setting: Setting, day: date) -> Iterator[Found]:
    """At least so many times, and at least half of all days missed. Suspensions are no pattern of the child's."""
    end = facts.up_to(day)
    first = facts.up_to(day - timedelta(weeks=setting["weeks"]))
    missed = [one for one in facts.days[first:end] if any(_is_missed(code) for code in one.codes)]
    if len(missed) < setting["times"]:
        return
    (weekday, times) = min(Counter(one.day.weekday() for one in missed).items(), key=lambda pair: (-pair[1], pair[0]))
    of_it = [one.day for one in missed if one.day.weekday() == weekday]
    if weekday >= len(WEEKDAYS) or times < setting["times"] or 2 * times < len(missed) or of_it[-1] < day - LATELY:
        return
    name = WEEKDAYS[weekday]
    words = f"{times} of the {len(missed)} days missed in the last {setting['weeks']} weeks were {name}s."
    listed = f"{', '.join(_short(one) for one in of_it)}. Worth asking what happens then."
    yield Found(Rule.WEEKDAY, f"{weekday}-{season_of(day)}", (words, listed))


def _is_missed(code: str) -> bool:
    return code != EXCLUDED and codes()[code].counts in ABSENT


RULES: Mapping[Rule, Callable[[AlertFacts, Setting, date], Iterator[Found]]] = {
    Rule.FIRST_DAY: _first_day,
    Rule.RUN: _run,
    Rule.NO_MARKS: _no_marks,
    Rule.REACHED: _reached,
    Rule.NEARING: _nearing,
    Rule.FALLING: _falling,
    Rule.WEEKDAY: _weekday,
}


def season_of(day: date) -> str:
    """2026-autumn: what is told once a term is told once in these months."""
    season = "autumn" if day.month >= 9 else "spring" if day.month <= 3 else "summer"
    return f"{academic_year_start(day)}-{season}"


def _pct(part: int, whole: int) -> str:
    return f"{percentage(part, whole, 1)}%"


def _on(day: date) -> str:
    return f"on {_day(day)}"


def _day(day: date) -> str:
    name = (*WEEKDAYS, "Saturday", "Sunday")[day.weekday()]
    return f"{name} {_short(day)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
