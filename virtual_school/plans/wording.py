"""Whether a text is that of last term, what of it changed, and what its everyday words say.

The looking is by plain rules on words. It finds what is usual and misses what is not: a person judges.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

REPEATED_FROM = 0.9
"""From this share of the same words a text counts as last term's. Practice, not law."""

TOKEN = re.compile(r"^\s+|\S+\s*")
WORD = re.compile(r"[\w'’%-]+")

FIVE = ("what", "when", "where", "who", "how_often")
FIVE_WORDS = {"what": "what", "when": "when", "where": "where", "who": "by whom", "how_often": "how often"}

DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
SPAN = (
    rf"(?:day|week|fortnight|month|half[- ]term|term|night|morning|afternoon|evening|lesson|session|"
    rf"lunch(?:time)?|break(?:time)?|weekend|{DAY})"
)
PLACE = (
    r"(?:class(?:room|es)?|lessons?|library|hall|room|hub|base|unit|office|gym|playground|home|house|school|college|"
    r"nursery|setting|clubs?|centre|corner|corridor|garden|kitchen|park|bedroom|lab|studio|workshop|establishment|"
    r"placement|provision|car|bus|community|assembly|group)"
)
ROLE = (
    r"(?:class teacher|designated teacher|teaching assistant|teacher|tutor|senco|mentor|foster carer|carer|"
    r"social worker|key (?:adult|person|worker)|elsa|therapist|coach|adviser|advisor|nurse|psychologist|counsellor|"
    r"head of year|health visitor|childminder|parents?|mum|dad|grandmother|grandfather|employer|assistant|librarian|"
    r"interpreter)"
)
ACTIVITY = (
    r"(?:reads?|reading|phonics|practi[sc](?:e[sd]?|ing)|tuition|tutoring|interventions?|mentoring|coaching|"
    r"counselling|therapy|sessions?|groups?|check[- ]?ins?|meets?|meeting|talks?|talking|plays?|playing|teach(?:es)?|"
    r"teaching|learns?|writes?|writing|spellings?|revision|revises?|homework|maths|mathematics|quiz(?:zes)?|"
    r"flash ?cards?|timers?|cards?|charts?|stor(?:y|ies)|rewards?|timetable|music|sports?|football|swim(?:ming)?|"
    r"draws?|drawing|cooks?|cooking|rehears(?:es|al)|visits?|games?|courses?|workshops?|programme|lessons?|tests?|"
    r"tables|vocabulary|words?|breaks?|movement|diary|journal|scripts?|rehearse|apply|applications?|interviews?)"
)
NOT_NAMES = (
    r"(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May\b|June|July|August|September|"
    r"October|November|December|The\b|This\b|That\b|It\b|She\b|He\b|They\b|We\b|There\b|Each\b|Every\b|Year\b|English|"
    r"Maths|Mathematics|Science|Reading|Writing|French|History|Geography|School|Autumn|Spring|Summer|Easter|Christmas)"
)
NAME = rf"{NOT_NAMES}[A-Z][a-z’'-]+(?: [A-Z][a-z’'-]+)?"

WHEN = re.compile(
    rf"\b{DAY}s?\b|\b(?:before|after|during|at the (?:start|end|beginning) of)\s+(?:the\s+)?\w+|"
    rf"\b(?:mornings?|afternoons?|evenings?|lunch ?times?|break ?times?|registration|weekends?|bedtime|at night)\b|"
    rf"\bperiod \d\b|\b\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}} ?[ap]m\b|\b\d{{1,2}} {MONTH}\b|\b{MONTH}\b(?<!\bmay)|"
    r"\b(?:first|second|last|next|this) (?:week|half|half[- ]term|month)\b",
    re.IGNORECASE,
)
HOW_OFTEN = re.compile(
    rf"\b(?:(?:\w+ )?times |once |twice |\d+ ?x )?(?:a|per|each|every) {SPAN}s?\b|"
    rf"\bevery (?:other|second|third|two|three|\d+) \w+|\b(?:daily|nightly|weekly|fortnightly|monthly|termly)\b|"
    rf"\b{DAY}s\b|\b(?:\d+|two|three|four|five|six|eight|ten|twelve) (?:weekly |short )?(?:sessions|lessons)\b",
    re.IGNORECASE,
)
WHERE = re.compile(
    rf"\b(?:at|in|into|on|near|outside)\s+(?:the |her |his |their |a |an |our |your )?(?:[\w-]+ )?{PLACE}\b|\bonline\b",
    re.IGNORECASE,
)
WHO = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z][\w’'-]+|\b(?i:{ROLE})\b|\bTAs?\b|(?<=\bwith ){NAME}|(?<=\bby ){NAME}|"
    rf"\b{NAME}(?= will\b)"
)
WHAT = re.compile(rf"\b{ACTIVITY}\b", re.IGNORECASE)
CAPITAL = rf"{NOT_NAMES}[A-Z][a-z’'-]+"
NAMED = re.compile(rf"\b{CAPITAL} {CAPITAL}|(?<=[a-z,;:(] ){CAPITAL}|^{CAPITAL}$")
NOBODY = ("none", "nobody", "no", "yes", "unknown", "awaited")
MEASURE = re.compile(
    r"\d[\d.,]*(?:\s?%| (?:out )?of \d+)?|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|half|"
    r"twice|double|all|none|no more than|at least|per cent|percentage|score|grade|level|reading age)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. `kind`: same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class StrategyFound:
    """The words in which each of the five was found; empty: not found."""

    what: str = ""
    when: str = ""
    where: str = ""
    who: str = ""
    how_often: str = ""

    @property
    def found(self) -> tuple[str, ...]:
        return tuple(name for name in FIVE if getattr(self, name))

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in FIVE if not getattr(self, name))


def unchanged(last: str, now: str) -> bool:
    """Whether a text is last term's, or so near it that nine words in ten are the same."""
    before, after = _words(last), _words(now)
    if not before or not after:
        return False
    if before == after:
        return True
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return matcher.quick_ratio() >= REPEATED_FROM and matcher.ratio() >= REPEATED_FROM


def changed_words(last: str, now: str) -> tuple[Piece, ...]:
    """The change from one text to the next. The pieces that are not removed make up `now`, to the letter.

    Words removed are set apart by a space, so that the pieces can be shown one behind the other.
    """
    before, after = TOKEN.findall(last), TOKEN.findall(now)
    matcher = SequenceMatcher(
        None, [token.strip() for token in before], [token.strip() for token in after], autojunk=False
    )
    pieces = []
    for kind, from_before, to_before, from_after, to_after in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(after[from_after:to_after])))
            continue
        if to_before > from_before:
            text = "".join(before[from_before:to_before])
            if pieces and not pieces[-1].text[-1:].isspace():
                text = f" {text}"
            has_more = to_after > from_after or to_after < len(after)
            pieces.append(Piece("removed", text if text[-1:].isspace() or not has_more else f"{text} "))
        if to_after > from_after:
            pieces.append(Piece("added", "".join(after[from_after:to_after])))
    return tuple(pieces)


def strategy_found(how: str, who: str = "") -> StrategyFound:
    """Which of what, when, where, by whom and how often a strategy says. `who`: what its own box says."""
    return StrategyFound(
        what=_first(WHAT, how),
        when=_first(WHEN, how),
        where=_first(WHERE, how),
        who=who.strip() or _first(WHO, how),
        how_often=_first(HOW_OFTEN, how),
    )


def measure_found(text: str) -> str:
    """The first number or word of measure in a text, or nothing."""
    return _first(MEASURE, text)


def adult_found(text: str) -> str:
    """The first name or role of an adult in a text, or nothing."""
    found = _first(WHO, text) or _first(NAMED, text.strip())
    return "" if found.casefold() in NOBODY else found


def count_of_words(text: str) -> int:
    return len(_words(text))


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group().strip() if found else ""
