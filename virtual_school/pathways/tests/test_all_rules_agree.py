"""What must hold of every rule, for any facts."""

from collections.abc import Iterator
from datetime import date, timedelta
from string import Formatter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from virtual_school.authorities import rules as authorities
from virtual_school.authorities.rules import AppointmentFact, AuthorityFacts, Policy, ReturnFact
from virtual_school.authorities.tests.rule_facts import HOLIDAYS, SCHOOL_DAYS, WORKING
from virtual_school.care import rules as care
from virtual_school.care.rules import CareLeaverFact, EpisodeFact, ReviewFact, SdqFact
from virtual_school.children.rules import SupportFact
from virtual_school.dates.school_days import fallback_calendar
from virtual_school.law.obligation import Obligation, State
from virtual_school.pathways import rules as pathways
from virtual_school.plans import rules as plans
from virtual_school.plans.rules import PlanFact, PlanFacts
from virtual_school.schools import rules as schools
from virtual_school.schools.rules import EnrolmentFact

RULES = care.RULES_FOR_CHILD + schools.RULES_FOR_CHILD + plans.RULES_FOR_CHILD + pathways.RULES_FOR_CHILD
ROLES = {
    "social_worker",
    "designated_teacher",
    "virtual_school_head",
    "reviewing_officer",
    "adviser",
    "personal_adviser",
    "data_officer",
    "director",
    "nominated_officer",
    "carer",
}
USUAL_TERMS = fallback_calendar("Downshire", range(2025, 2028), HOLIDAYS)
DONE = {State.MET, State.MET_LATE}

days = st.integers(0, 860).map(lambda n: date(2025, 1, 15) + timedelta(days=n))
"""Most of the days for which bank holidays and terms are held, and some without terms."""

early_days = st.integers(0, 400).map(lambda n: date(2024, 11, 1) + timedelta(days=n))
"""Some of them before the first bank holidays held."""

flags = st.sampled_from([True, False, None])


def mostly(value: Any, otherwise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value, and now and then something else, so that most children have a history to judge."""
    return st.integers(0, 7).flatmap(lambda n: otherwise if n == 7 else st.just(value))


maybe_days = st.none() | days


@st.composite
def authority(draw: st.DrawFn) -> AuthorityFacts:
    policy = Policy(
        entry_when_unknown=draw(st.sampled_from(["emergency", "planned"])),
        event_day_counts=draw(st.booleans()),
        pep_until=draw(st.sampled_from(["18th birthday", "end of year 13"])),
        pep_when_placed_for_adoption=draw(st.booleans()),
        pep_for_remand_only=draw(st.booleans()),
        pep_cutoff_school_days_before_term_end=draw(st.sampled_from([0, 10])),
        pep_late_entry_weeks=draw(st.sampled_from([0, 4])),
        kin_start_date=draw(maybe_days),
    )
    starts = draw(days)
    return AuthorityFacts(
        code=999,
        name="Downshire",
        policy=policy,
        working=WORKING,
        school_days=SCHOOL_DAYS,
        appointments=(
            AppointmentFact(
                kind="virtual_school_head",
                name="Ada",
                employer=draw(st.sampled_from(["", "D"])),
                starts=starts,
                ends=draw(st.none() | st.just(starts + timedelta(days=90))),
            ),
        ),
        returns=tuple(
            ReturnFact(collection_year=y, loaded_on=date(y, 6, 1))
            for y in draw(st.sets(st.sampled_from([2025, 2026, 2027])))
        ),
        evidence_from=draw(st.dictionaries(st.sampled_from(["SCH-10", "P16-02", "P16-04", "P16-05"]), days)),
    )


@st.composite
def children(draw: st.DrawFn) -> PlanFacts:
    episodes = []
    starts = sorted(draw(st.lists(early_days, min_size=1, max_size=4, unique=True)))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        ends = draw(mostly(None, st.integers(1, 400).map(lambda n, since=start: since + timedelta(days=n))))
        if following is not None and (ends is None or ends > following):
            ends = following
        episodes.append(
            EpisodeFact(
                starts=start,
                ends=ends,
                new_reason=draw(mostly("P" if episodes else "S", st.sampled_from("SLPTBU"))),
                legal_status=draw(mostly("C2", st.sampled_from(["V2", "V3", "V4", "J1"]))),
                place=draw(mostly("U6", st.sampled_from(["K2", "R5", "A5", "T1"]))),
                in_area=draw(flags),
                is_emergency=draw(flags),
                end_reason=""
                if ends is None
                else "X1"
                if ends == following
                else draw(st.sampled_from(["E4A", "E11", "E45", "E3", "E8"])),
            )
        )
    held = draw(authority())
    return PlanFacts(
        authority=held,
        school_calendar=draw(st.sampled_from([SCHOOL_DAYS, USUAL_TERMS])),
        born=draw(
            st.one_of(
                *[
                    st.integers(0, 366 * 6).map(lambda n, year=year: date(year, 1, 1) + timedelta(days=n))
                    for year in (2006, 2009, 2012, 2018)
                ],
                mostly(date(2014, 3, 10), st.none()),
            )
        ),
        episodes=tuple(episodes),
        roll_checked_on=draw(maybe_days),
        evidence={
            duty: tuple(draw(st.lists(days, max_size=3)))
            for duty in draw(st.sets(st.sampled_from(["SCH-10", "P16-02", "P16-04", "P16-05", "PEP-04"])))
        },
        support=tuple(
            SupportFact(kind=kind, starts=draw(days))
            for kind in draw(st.sets(st.sampled_from(["child_in_need", "kinship"])))
        ),
        reviews=tuple(ReviewFact(on=on) for on in draw(st.lists(days | early_days, max_size=8))),
        reviews_known=draw(mostly(True, st.just(False))),
        reviews_from=draw(mostly(date(2024, 1, 1), maybe_days)),
        reviews_to=draw(mostly(None, days)),
        is_uasc=draw(st.booleans()),
        uasc_until=draw(mostly(None, days)),
        sdq=tuple(
            SdqFact(year=2026, score=score, reason="" if score is not None else "SDQ2")
            for score in draw(st.lists(st.none() | st.integers(0, 40), max_size=1))
        ),
        care_leaver=tuple(
            CareLeaverFact(year=2026, in_touch=t, activity="F2")
            for t in draw(st.sets(st.sampled_from(["YES", "RHOM"]), max_size=1))
        ),
        enrolments=tuple(
            EnrolmentFact(
                school="Oakfield",
                starts=on,
                ends=draw(st.none() | st.just(on + timedelta(days=60))),
                la_code=draw(st.sampled_from([None, 998, 999])),
                is_early_years=draw(st.booleans()),
            )
            for on in draw(st.lists(days | early_days, max_size=3))
        ),
        enrolments_known=draw(mostly(True, st.just(False))),
        enrolments_from=draw(mostly(None, days)),
        plans=tuple(
            PlanFact(
                term_key=draw(st.sampled_from(["", "2025/26-summer", "2026/27-autumn"])),
                initiated_on=draw(st.none() | days | early_days),
                meeting_on=draw(maybe_days),
                signed_off_on=draw(maybe_days),
            )
            for _ in range(draw(st.integers(0, 6)))
        ),
        plans_known=draw(mostly(True, st.just(False))),
        plans_from=draw(mostly(None, days)),
    )


def answers(child: PlanFacts, day: date) -> Iterator[Obligation]:
    for rule in RULES:
        yield from rule(child, day)
    for rule in authorities.RULES_FOR_AUTHORITY:
        yield from rule(child.authority, day)


@settings(max_examples=300, deadline=None)
@given(children(), days)
def test_every_rule_answers_for_any_facts_and_every_answer_can_be_read(child: PlanFacts, day: date) -> None:
    seen = set()
    for found in answers(child, day):
        assert (found.duty, found.occasion) not in seen
        seen.add((found.duty, found.occasion))
        assert found.who in ROLES
        assert found.reasons
        for step in found.reasons:
            assert step.words
            named = {name for _, name, _, _ in Formatter().parse(step.sentence) if name}
            assert named == set(step.facts)
            assert not any(value is None for value in step.facts.values()), step.sentence


@settings(max_examples=300, deadline=None)
@given(children(), days)
def test_every_answer_is_sound_in_itself(child: PlanFacts, day: date) -> None:
    for found in answers(child, day):
        if found.due_on is not None and found.trigger_on is not None:
            assert found.due_on >= found.trigger_on
        assert found.met_on is None or found.met_on <= day
        if found.state is State.OVERDUE:
            assert found.due_on is not None
            assert found.due_on < day or found.duty == "VS-02"
            assert found.met_on is None
        if found.state in (State.UPCOMING, State.DUE_SOON):
            assert found.due_on is not None
            assert found.due_on >= day
        if found.state is State.MET_LATE:
            assert found.met_on is not None
            assert found.due_on is not None
            assert found.due_on < found.met_on
        if found.state is State.NOT_KNOWN:
            assert found.missing
        if found.clock is not None:
            assert found.due_on is not None


@settings(max_examples=200, deadline=None)
@given(children(), days, st.integers(1, 120))
def test_what_was_met_never_becomes_overdue_as_the_days_go_by(child: PlanFacts, day: date, later: int) -> None:
    met = {(found.duty, found.occasion) for found in answers(child, day) if found.state in DONE}
    for found in answers(child, day + timedelta(days=later)):
        if (found.duty, found.occasion) in met:
            assert found.state is not State.OVERDUE


@settings(max_examples=100, deadline=None)
@given(children(), days)
def test_asking_twice_gives_the_same_answers(child: PlanFacts, day: date) -> None:
    assert list(answers(child, day)) == list(answers(child, day))
