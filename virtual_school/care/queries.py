"""Care histories as the rules take them: a fixed number of queries for any number of children."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import QuerySet

from virtual_school.authorities.models import Authority
from virtual_school.children.bulk import among, read

from .facts import CareLeaverFact, ReviewFact, SdqFact
from .history import EpisodeFact
from .models import CareLeaverOutcomes, Episode, PreviousPermanence, Review, TwelveMonthOutcomes, UnaccompaniedChild

Fact = TypeVar("Fact")


def of_children(rows: QuerySet, authority: Authority, child_ids: Sequence[int] | None) -> QuerySet:
    """The rows of these children, or of every child of the authority."""
    rows = rows.filter(authority=authority)
    if child_ids is not None and len(child_ids) == 1:
        return rows.filter(child=child_ids[0])
    return rows if child_ids is None else rows.filter(child__in=among(child_ids))


def is_in_area(place_la: str, place_location: str, authority: Authority) -> bool | None:
    """Whether a placement lies in the authority's own area, from what the case system added to the return."""
    if place_la:
        return place_la.strip().casefold() in {
            str(authority.code),
            authority.name.casefold(),
            authority.gss_code.casefold(),
        }
    return {"IN": True, "OUT": False}.get(place_location.strip().upper())


def episode_facts(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, tuple[EpisodeFact, ...]]:
    found: dict[int, list[EpisodeFact]] = defaultdict(list)
    rows = of_children(Episode.objects.order_by("child_id", "starts"), authority, child_ids).values_list(
        "child_id",
        "starts",
        "ends",
        "new_reason",
        "legal_status",
        "place",
        "provider",
        "end_reason",
        "place_postcode",
        "home_urn",
        "place_la",
        "place_location",
        "distance_miles",
        "is_emergency",
    )
    for row in read(rows, child_ids):
        (
            child,
            starts,
            ends,
            new_reason,
            legal_status,
            place,
            provider,
            end_reason,
            postcode,
            home_urn,
            la,
            location,
            miles,
            is_emergency,
        ) = row
        found[child].append(
            EpisodeFact(
                starts=starts,
                ends=ends,
                new_reason=new_reason,
                legal_status=legal_status,
                place=place,
                provider=provider,
                end_reason=end_reason,
                place_postcode=postcode,
                home_urn=home_urn,
                distance_miles=miles,
                in_area=is_in_area(la, location, authority),
                is_emergency=is_emergency,
            )
        )
    return {child: tuple(episodes) for child, episodes in found.items()}


def review_facts(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, tuple[ReviewFact, ...]]:
    rows = of_children(Review.objects.order_by("on"), authority, child_ids).values_list("child_id", "on", "code")
    return _grouped((child, ReviewFact(on=on, code=code)) for child, on, code in read(rows, child_ids))


def sdq_facts(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, tuple[SdqFact, ...]]:
    rows = of_children(TwelveMonthOutcomes.objects.order_by("collection_year"), authority, child_ids).values_list(
        "child_id", "collection_year", "sdq_score", "sdq_reason"
    )
    return _grouped((child, SdqFact(year=year, score=score, reason=reason)) for child, year, score, reason in rows)


def care_leaver_facts(
    authority: Authority, child_ids: Sequence[int] | None = None
) -> dict[int, tuple[CareLeaverFact, ...]]:
    rows = of_children(CareLeaverOutcomes.objects.order_by("collection_year"), authority, child_ids).values_list(
        "child_id", "collection_year", "in_touch", "activity", "accommodation"
    )
    return _grouped(
        (child, CareLeaverFact(year=year, in_touch=in_touch, activity=activity, accommodation=accommodation))
        for child, year, in_touch, activity, accommodation in rows
    )


def unaccompanied(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, object]:
    """The children who are or were unaccompanied, with the day that status ends, if it is known."""
    return dict(of_children(UnaccompaniedChild.objects.all(), authority, child_ids).values_list("child_id", "until"))


def previous_permanence(authority: Authority, child_ids: Sequence[int] | None = None) -> dict[int, str]:
    return dict(of_children(PreviousPermanence.objects.all(), authority, child_ids).values_list("child_id", "kind"))


def _grouped(pairs: Iterable[tuple[int, Fact]]) -> dict[int, tuple[Fact, ...]]:
    found: dict[int, list[Fact]] = defaultdict(list)
    for child, fact in pairs:
        found[child].append(fact)
    return {child: tuple(facts) for child, facts in found.items()}
