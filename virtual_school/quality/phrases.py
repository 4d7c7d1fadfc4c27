"""An authority's own phrases for raters, begun with those shipped."""

import tomllib
from typing import Any

from django.db import transaction

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.authorities.models import Authority

from .models import Phrase, Side
from .rubric import SHELF


def shipped() -> list[dict[str, Any]]:
    return list(tomllib.loads((SHELF / "phrases.toml").read_text("utf-8"))["phrase"])


@transaction.atomic
def take_shipped(*, authority: Authority, by_name: str) -> int:
    """Those the authority does not hold yet."""
    held = set(Phrase.objects.filter(authority=authority).values_list("words", flat=True))
    made = [
        Phrase(authority=authority, by_name=by_name, **{"side": Side.SCHOOL, **one})
        for one in shipped()
        if one["words"] not in held
    ]
    Phrase.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def add_phrase(
    *, authority: Authority, words: str, side: str, key: str, theme: str, is_praise: bool, by: User
) -> Phrase:
    made = Phrase.objects.create(
        authority=authority, words=words.strip(), side=side, key=key, theme=theme.strip(), is_praise=is_praise,
        by_name=by.name,
    )  # fmt: skip
    record("phrase added", by=by.pk, authority=authority.code, phrase=made.pk)
    return made


@transaction.atomic
def switch_phrase(*, phrase: Phrase, by: User) -> Phrase:
    """Off for those who rate from now on; on again."""
    phrase.is_on = not phrase.is_on
    phrase.save(update_fields=["is_on"])
    record("phrase switched", by=by.pk, authority=phrase.authority_id, phrase=phrase.pk, is_on=phrase.is_on)
    return phrase
