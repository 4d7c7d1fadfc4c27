"""The roll: who the authority is responsible for on a day, and how each child stands on it."""

from dataclasses import dataclass
from datetime import date

from virtual_school.authorities.models import Authority
from virtual_school.care.facts import cohort, is_unaccompanied, last_left, legal_status_on, period_on, placement_on
from virtual_school.care.history import current_episode, twelve_months_at_31_march
from virtual_school.children.models import Child
from virtual_school.dates.ages import age_on, collection_year, key_stage
from virtual_school.plans.gather import child_facts
from virtual_school.plans.rules import PlanFacts
from virtual_school.schools.rules import enrolment_on, is_of_school_age, year_group_on


@dataclass(frozen=True, slots=True)
class RollFacts:
    """`twelve_months` is for the last 31 March on or before the day."""

    cohort: str
    looked_after_since: date | None
    left_care_on: date | None
    twelve_months: bool
    legal_status: str
    placement: str
    placed_on: date | None
    in_area: bool | None
    is_unaccompanied: bool
    year_group: int | None
    key_stage: str
    school_urn: int | None
    school_name: str
    enrolled_on: date | None
    without_school_since: date | None


def last_31_march(day: date) -> date:
    year = collection_year(day)
    return date(year, 3, 31) if day == date(year, 3, 31) else date(year - 1, 3, 31)


def on_roll(facts: PlanFacts, day: date) -> RollFacts:
    group = cohort(facts, day)
    period = period_on(facts, day)
    # Of faulty histories, with two episodes open at once, the one that started last gives these.
    episode = current_episode(facts.episodes, day)
    placement = placement_on(facts, day)
    legal = legal_status_on(facts, day)
    left = None if period else last_left(facts, day)
    year = year_group_on(facts, day)
    enrolment = enrolment_on(facts, day)
    return RollFacts(
        cohort=group,
        looked_after_since=period.starts if period and group in {"looked_after", "short_breaks"} else None,
        left_care_on=left.ends if left else None,
        twelve_months=twelve_months_at_31_march(facts.episodes, last_31_march(day).year),
        legal_status=episode.legal_status if episode else legal.code if legal else "",
        placement=episode.place if episode else placement.place if placement else "",
        placed_on=placement.starts if placement else None,
        in_area=placement.in_area if placement else None,
        is_unaccompanied=is_unaccompanied(facts, day),
        year_group=year,
        key_stage=key_stage(year) if year is not None else "",
        school_urn=enrolment.urn if enrolment else None,
        school_name=enrolment.school if enrolment else "",
        enrolled_on=enrolment.starts if enrolment else None,
        without_school_since=_without_school_since(facts, day) if group == "looked_after" and not enrolment else None,
    )


def _without_school_since(facts: PlanFacts, day: date) -> date | None:
    """Since the last enrolment ended, or since care began. None where it is not known, or the child is not of age."""
    period = period_on(facts, day)
    if not facts.enrolments_known or period is None or not is_of_school_age(facts, day):
        return None
    ended = max((e.ends for e in facts.enrolments if e.ends is not None and e.ends <= day), default=None)
    return max(ended, period.starts) if ended else period.starts


def roll(authority: Authority, day: date) -> list[dict[str, object]]:
    """Everyone in a cohort on the day, as `virtual-school roll` prints it, in the order of their identifiers."""
    entries: list[dict[str, object]] = []
    names = dict(Child.objects.filter(authority=authority).values_list("id", "local_id"))
    for child, facts in child_facts(authority, day).items():
        entry = on_roll(facts, day)
        if not entry.cohort:
            continue
        entries.append(
            {
                "child": names[child],
                "cohort": entry.cohort,
                "looked_after_since": entry.looked_after_since,
                "twelve_months": entry.twelve_months,
                "legal_status": entry.legal_status,
                "placement": entry.placement,
                "in_area": entry.in_area,
                "age": age_on(facts.born, day) if facts.born else None,
                "year_group": _year_group_words(entry.year_group),
                "key_stage": entry.key_stage,
                "school_urn": entry.school_urn,
                "uasc": entry.is_unaccompanied,
            }
        )
    return sorted(entries, key=lambda entry: str(entry["child"]))


def _year_group_words(year: int | None) -> str | None:
    if year is None:
        return None
    return "R" if year == 0 else "before reception" if year < 0 else str(year)
