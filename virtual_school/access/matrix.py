"""The access matrix: `matrix.toml` and the `matrix_<app>.toml` beside it, read and checked.

The one place that says who gets which answer where. Groups and presets stand in `matrix.toml`; a file of an app
may add its own.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .models import Role

ANSWERS = {"allow", "hide", "refuse", "sign_in", "conflict", "token"}
VERBS = {"GET", "POST"}
RELATIONS: dict[str, tuple[str, ...]] = {
    "nothing": ("own",),
    "child": ("own", "other_school", "other_authority", "ended"),
    "person": ("own", "other_authority"),
    "role": ("own", "other_authority"),
    "school": ("own", "other_school"),
    "record": ("own", "other_authority"),
}
SIGNED_IN = (*Role.values, "no_role")
NOT_SIGNED_IN = ("anonymous", "hand_over")
EVERYONE = (*SIGNED_IN, *NOT_SIGNED_IN)


class MatrixError(ValueError):
    """The file is not a matrix; the words name the row."""


@dataclass(frozen=True, slots=True)
class Page:
    """One row. `answers` is by relation, then by role."""

    name: str
    verbs: tuple[str, ...]
    about: str
    answers: Mapping[str, Mapping[str, str]]

    def cases(self) -> Iterator[tuple[str, str, str, str]]:
        """(verb, relation, role, answer), all of them."""
        for verb in self.verbs:
            for relation, by_role in self.answers.items():
                for role, answer in by_role.items():
                    yield verb, relation, role, answer


@cache
def matrix() -> tuple[Page, ...]:
    told: dict[str, Any] = {"groups": {}, "presets": {}, "page": []}
    for path in sorted(Path(__file__).parent.glob("matrix*.toml")):
        part = tomllib.loads(path.read_text(encoding="utf-8"))
        told["groups"] |= part.get("groups", {})
        told["presets"] |= part.get("presets", {})
        told["page"] += part.get("page", [])
    return parse(told)


@cache
def verbs_of(name: str) -> frozenset[str]:
    """What the page of this URL name takes; nothing for a page that is not in the matrix."""
    verbs = {verb for page in matrix() if page.name == name for verb in page.verbs}
    return frozenset(verbs | {"HEAD"} if "GET" in verbs else verbs)


def parse(told: Mapping[str, Any]) -> tuple[Page, ...]:
    groups: Mapping[str, list[str]] = told.get("groups", {})
    for group, roles in groups.items():
        if unknown := set(roles) - set(EVERYONE):
            raise MatrixError(f"Group {group}: no such role as {', '.join(sorted(unknown))}.")
    pages = tuple(_page(row, groups, told.get("presets", {})) for row in told.get("page", []))
    seen = [(page.name, verb) for page in pages for verb in page.verbs]
    if twice := {one for one in seen if seen.count(one) > 1}:
        raise MatrixError(f"Two rows for {sorted(twice)}.")
    return pages


def _page(row: Mapping[str, Any], groups: Mapping[str, list[str]], presets: Mapping[str, Any]) -> Page:
    name = row.get("name", "?")
    if unknown := set(row) - {"name", "verbs", "about", "like", "answers"}:
        raise MatrixError(f"{name}: {', '.join(sorted(unknown))} means nothing here.")
    about, verbs = row.get("about", "nothing"), row.get("verbs", [])
    if about not in RELATIONS or not verbs or not set(verbs) <= VERBS:
        raise MatrixError(f"{name}: say about as one of {', '.join(RELATIONS)} and verbs as GET, POST.")
    if ("like" in row) == ("answers" in row):
        raise MatrixError(f"{name}: give either answers or the preset it is like.")
    if "like" in row and row["like"] not in presets:
        raise MatrixError(f"{name}: no preset {row['like']}.")
    given = presets[row["like"]] if "like" in row else row["answers"]
    if any(isinstance(value, str) for value in given.values()):
        given = {"own": given}
    if unknown := set(given) - {relation for all_of in RELATIONS.values() for relation in all_of}:
        raise MatrixError(f"{name}: no such relation as {', '.join(sorted(unknown))}.")
    answers = {
        relation: {role: _answer(name, role, given.get(relation, given.get("own", {})), groups) for role in EVERYONE}
        for relation in RELATIONS[about]
    }
    return Page(name, tuple(verbs), about, answers)


def _answer(name: str, role: str, given: Mapping[str, str], groups: Mapping[str, list[str]]) -> str:
    if wrong := set(given.values()) - ANSWERS:
        raise MatrixError(f"{name}: no such answer as {', '.join(sorted(wrong))}.")
    if unknown := set(given) - set(EVERYONE) - set(groups) - {"everyone"}:
        raise MatrixError(f"{name}: no such role or group as {', '.join(sorted(unknown))}.")
    if role in given:
        return given[role]
    for key, answer in given.items():
        if role in groups.get(key, ()) or (key == "everyone" and role not in NOT_SIGNED_IN):
            return answer
    if role == "hand_over":
        return _answer(name, "anonymous", given, groups)
    if role == "anonymous":
        return "sign_in"
    raise MatrixError(f"{name}: no answer for {role}.")
