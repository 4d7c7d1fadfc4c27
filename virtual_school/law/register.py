"""The register of duties, read from `register.toml` and checked as it is read."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

REGISTER_FILE = Path(__file__).with_name("register.toml")

LONGEST_TITLE = 90

STRENGTH_WORDS = {
    "must": "Law: must",
    "should": "Guidance: should",
    "grant": "Condition of grant",
    "good": "Good practice",
    "power": "Law: may",
    "none": "For information",
}

COVERAGE_WORDS = {
    "rule": "Worked out from the facts held",
    "record": "The evidence is kept on a screen",
    "appointment": "The evidence is who is appointed",
    "guidance": "Shown, not tracked",
}

REQUIRED = ("id", "title", "area", "who", "strength", "confidence", "citation", "coverage", "plain")
OPTIONAL = (
    "trigger",
    "deadline",
    "evidence",
    "exceptions",
    "policy",
    "strength_note",
    "strength_words",
    "switch",
    "in_force_from",
    "in_force_to",
    "not_yet_in_force",
)
DATES = ("in_force_from", "in_force_to")
UNVERIFIED = (
    ("(¶n/v)", "(paragraph not verified)"),
    (", ¶n/v)", ", paragraph not verified)"),
    ("¶n/v", "(paragraph not verified)"),
    ("n/v", "not verified"),
)
PLACES = (
    r"ss?\d",
    r"regs?\s",
    r"Sch\s",
    r"paras?\s",
    r"p\d",
    r"ch\s",
    r"section\s",
    r"Annex\s",
    r"\d{4}-\d\d",
)
HEADINGS = ("Summary", "MoU", "responsibilities", '"')
PLACE_IN_SOURCE = rf"(?=\s(?:{'|'.join((*PLACES, *HEADINGS))}))"


class FaultyRegister(ValueError):
    """The register breaks its own rules; the message names the entry and the fault."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document the register cites by a short code."""

    code: str
    short: str
    title: str
    read: str
    """What of it was read when the register was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What somebody must or should do, by which law or guidance, and how this service covers it."""

    id: str
    title: str
    area: str
    who: str
    strength: str
    strength_words: str
    strength_note: str = ""
    confidence: str
    confidence_words: str
    citation: str
    """In words; `citation_in_codes` is as the register writes it."""
    citation_in_codes: str
    coverage: str
    plain: str
    trigger: str = ""
    deadline: str = ""
    evidence: str = ""
    exceptions: str = ""
    policy: str = ""
    """What the sources leave uncertain or to convention, so that the council decides."""
    uncertain: bool = False
    in_force_from: date | None = None
    in_force_to: date | None = None
    not_yet_in_force: bool = False
    switch: str = ""
    """The council's setting that turns the duty on, where its start was not known."""

    @property
    def coverage_words(self) -> str:
        return COVERAGE_WORDS[self.coverage]

    def is_in_force_on(self, day: date, started_on: date | None = None) -> bool:
        """Whether the duty binds on a day. `started_on` is the start the council has set for its switch."""
        if self.not_yet_in_force:
            return started_on is not None and started_on <= day
        if self.in_force_from is not None and day < self.in_force_from:
            return False
        return self.in_force_to is None or day <= self.in_force_to

    def matches(self, words: list[str]) -> bool:
        held = " ".join((self.id, self.title, self.area, self.who, self.plain, self.citation)).casefold()
        return all(word in held for word in words)


@dataclass(frozen=True, slots=True)
class Register:
    position_on: date
    duties: Mapping[str, Duty]
    sources: Mapping[str, Source] = field(default_factory=dict)

    def areas(self) -> dict[str, tuple[Duty, ...]]:
        """The duties by area, both in the order of the register."""
        areas: dict[str, list[Duty]] = {}
        for duty in self.duties.values():
            areas.setdefault(duty.area, []).append(duty)
        return {area: tuple(duties) for area, duties in areas.items()}

    def search(self, text: str) -> tuple[Duty, ...]:
        """The duties that hold every word of a text in id, title, area, who, plain words or citation."""
        words = text.casefold().split()
        return tuple(duty for duty in self.duties.values() if duty.matches(words)) if words else ()

    def as_json(self) -> list[dict[str, Any]]:
        return [
            {
                "id": duty.id,
                "title": duty.title,
                "area": duty.area,
                "who": duty.who,
                "strength": duty.strength,
                "confidence": duty.confidence,
                "citation": duty.citation,
                "coverage": duty.coverage,
                "in_force_from": duty.in_force_from.isoformat() if duty.in_force_from else None,
                "in_force_to": duty.in_force_to.isoformat() if duty.in_force_to else None,
                "not_yet_in_force": duty.not_yet_in_force,
                "plain": duty.plain,
                "uncertain": duty.uncertain,
                "policy": duty.policy,
            }
            for duty in self.duties.values()
        ]


@cache
def register() -> Register:
    """The register this service ships with."""
    return read_register(REGISTER_FILE.read_text(encoding="utf-8"))


def read_register(text: str) -> Register:
    """A register out of TOML, or FaultyRegister."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyRegister(f"The register of duties is no valid TOML: {error}.") from error
    sources = {code: Source(code, **source) for code, source in held.get("sources", {}).items()}
    confidences: dict[str, str] = held.get("confidence", {})
    position_on = held.get("position_on")
    if not isinstance(position_on, date):
        raise FaultyRegister("The register of duties does not say on which day its position stood (position_on).")
    duties: dict[str, Duty] = {}
    ids_by_title: dict[str, str] = {}
    for place, entry in enumerate(held.get("duty", []), start=1):
        duty = _duty(entry, place, sources, confidences)
        if duty.id in duties:
            raise FaultyRegister(f"Two duties have the id {duty.id}.")
        if duty.title in ids_by_title:
            raise FaultyRegister(f"{ids_by_title[duty.title]} and {duty.id} have one title: {duty.title!r}.")
        ids_by_title[duty.title] = duty.id
        duties[duty.id] = duty
    if not duties:
        raise FaultyRegister("The register of duties holds no duty.")
    return Register(position_on, MappingProxyType(duties), MappingProxyType(sources))


def _duty(entry: Mapping[str, Any], place: int, sources: Mapping[str, Source], confidences: Mapping[str, str]) -> Duty:
    name = entry.get("id") or f"duty number {place}"
    for key in REQUIRED:
        if not str(entry.get(key, "")).strip():
            raise FaultyRegister(f"{name} has no {key}.")
    unknown = sorted(set(entry) - {*REQUIRED, *OPTIONAL})
    if unknown:
        raise FaultyRegister(f"{name} has a field the register does not know: {', '.join(unknown)}.")
    if entry["strength"] not in STRENGTH_WORDS:
        raise FaultyRegister(f"{name} has the strength {entry['strength']!r}, not one of {_listed(STRENGTH_WORDS)}.")
    if entry["coverage"] not in COVERAGE_WORDS:
        raise FaultyRegister(f"{name} has the coverage {entry['coverage']!r}, not one of {_listed(COVERAGE_WORDS)}.")
    if len(entry["title"]) > LONGEST_TITLE:
        raise FaultyRegister(f"{name} has a title of {len(entry['title'])} characters; {LONGEST_TITLE} is the most.")
    for key in DATES:
        if key in entry and not isinstance(entry[key], date):
            raise FaultyRegister(f"{name} has {key} {entry[key]!r}, which is not a date.")
    if entry.get("not_yet_in_force") and ("in_force_from" in entry or "switch" not in entry):
        raise FaultyRegister(f"{name} is not yet in force: it needs a switch and can have no in_force_from.")
    grades = _grades(entry["confidence"])
    if not grades or any(grade not in confidences for grade in grades):
        raise FaultyRegister(f"{name} has the confidence {entry['confidence']!r}, not of {_listed(confidences)}.")
    citation = entry["citation"]
    return Duty(
        **{key: value for key, value in entry.items() if key not in ("citation", "strength_words")},
        strength_words=entry.get("strength_words") or STRENGTH_WORDS[entry["strength"]],
        confidence_words="; ".join(confidences[grade] for grade in grades),
        citation=_in_words(citation, sources),
        citation_in_codes=citation,
        uncertain="U" in grades or "n/v" in citation,
    )


def _grades(confidence: str) -> list[str]:
    """The grades named in a confidence such as "R/U", "U?" or "R (15 days S)", each once, in order."""
    return list(dict.fromkeys(re.findall(r"\b[RSU]\b|\?|^-$", confidence)))


def _in_words(citation: str, sources: Mapping[str, Source]) -> str:
    codes = "|".join(re.escape(code) for code in sorted(sources, key=len, reverse=True))
    if codes:
        # A comma parts a source from the place in it: "Care Planning Regulations 2010, reg 33(1)".
        citation = re.sub(rf"\b(?:{codes})\b{PLACE_IN_SOURCE}", lambda found: f"{sources[found[0]].short},", citation)
        citation = re.sub(rf"\b(?:{codes})\b", lambda found: sources[found[0]].short, citation)
    for codes_for_unverified, words in UNVERIFIED:
        citation = citation.replace(codes_for_unverified, words)
    return citation[:1].upper() + citation[1:]


def _listed(words: Mapping[str, str]) -> str:
    return ", ".join(words)
