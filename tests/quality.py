"""What stands in the address of a page of quality, made when a page first asks for it."""

import datetime
from typing import Any

from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.quality.models import (
    Mark,
    ModeratedPlan,
    Moderation,
    Phrase,
    Rating,
    Result,
    RubricVersion,
    Sample,
    SecondMark,
)
from virtual_school.quality.versions import draft_of, kept_in_force

from .cast import BORCHESTER, FELPERSHAM, SCHOOL_A, Arguments, Cast
from .plans import plan_of


def made(cast: Cast, relation: str) -> dict[str, Any]:
    """A rated plan of a child, drawn to be marked again, and looked at in a session."""
    code = FELPERSHAM if relation == "other_authority" else BORCHESTER
    if ("quality", code) not in cast.records:
        plan = plan_of(cast, relation).before
        looked_at = plan_of(cast, "other_school").before if code == BORCHESTER else plan
        with acting(service(code)):
            cast.records["quality", code] = _made(cast, code, plan, looked_at)
    return cast.records["quality", code]


def _made(cast: Cast, code: int, plan: Any, looked_at: Any) -> dict[str, Any]:
    authority, today = Authority.objects.get(code=code), timezone.localdate()
    rater = cast.users[Role.VIRTUAL_SCHOOL_HEAD] if code == BORCHESTER else cast.other_head
    marker = cast.users[Role.ADVISER] if code == BORCHESTER else cast.other_head
    of = {"authority": authority, "child_id": plan.child_id}
    rubric = kept_in_force(code)
    rating = Rating.objects.create(
        **of, plan=plan, term=plan.term, school_id=SCHOOL_A, rubric=rubric, rater=rater, rater_name=rater.name,
        finished_at=timezone.now(), finished_on=today, outcome="approved", is_last=True,
    )  # fmt: skip
    Mark.objects.create(**of, rating=rating, side="school", key="voice", level="2", points=2, most=3)
    Result.objects.create(**of, rating=rating, side="school", level="good", label="Good", is_good=True)
    if looked_at != plan:  # the adviser marks the other one again, and so sees no rating of it
        other = {"authority": authority, "child_id": looked_at.child_id}
        told = Rating.objects.create(
            **other, plan=looked_at, term=plan.term, rubric=rubric, rater=rater, school_id=SCHOOL_A,
            rater_name=rater.name, finished_at=timezone.now(), finished_on=today, outcome="approved", is_last=True,
        )  # fmt: skip
        Mark.objects.create(**other, rating=told, side="school", key="voice", level="2", points=2, most=3)
    sample = Sample.objects.create(
        authority=authority, term=plan.term, percent=10, seed="x", drawn_from=1, drawn_on=today, by_name="Helen"
    )
    session = Moderation.objects.create(
        authority=authority, name="Moderation", on=today - datetime.timedelta(days=1), by_name="Helen"
    )
    return {
        "sample": sample,
        "second": SecondMark.objects.create(
            **of, sample=sample, plan=plan, first=rating, marker=marker, marker_name=marker.name, rubric=rubric,
        ),
        "moderation": session,
        "moderated": ModeratedPlan.objects.create(
            authority=authority, child_id=looked_at.child_id, moderation=session, plan=looked_at
        ),
        "phrase": Phrase.objects.create(authority=authority, words="Say who does this.", theme="Who"),
    }  # fmt: skip


def _draft(cast: Cast, relation: str) -> dict[str, Any]:
    if ("rubric", BORCHESTER) not in cast.records:
        now = kept_in_force(BORCHESTER)
        cast.records["rubric", BORCHESTER] = draft_of(BORCHESTER) or RubricVersion.objects.create(
            authority_id=BORCHESTER, version=now.version + 1, name=now.name, content=now.content
        )
    return {}


def _school(cast: Cast, relation: str) -> dict[str, Any]:
    made(cast, "own")
    return {"urn": SCHOOL_A}


def _named(name: str) -> Arguments:
    return lambda cast, relation: {"public_id": made(cast, relation)[name].public_id}


ARGUMENTS: dict[str, Arguments] = {
    **{
        f"quality:{name}": lambda cast, relation: {"public_id": plan_of(cast, relation).plan.public_id}
        for name in ["rate", "finish", "feedback", "ask"]
    },
    "quality:school": _school,
    "quality:sample": _named("sample"),
    "quality:second": _named("second"),
    "quality:moderation": _named("moderation"),
    "quality:moderated": lambda cast, relation: {
        "public_id": made(cast, relation)["moderation"].public_id,
        "pk": made(cast, relation)["moderated"].pk,
    },
    "quality:phrase_switch": lambda cast, relation: {"pk": made(cast, relation)["phrase"].pk},
    **{f"quality:{name}": _draft for name in ["draft", "add_criterion", "rule", "try", "put", "discard"]},
}
