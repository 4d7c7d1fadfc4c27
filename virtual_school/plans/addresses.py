"""Where a child lives, or lived, left out of words somebody typed. Pure.

No plan has a field for an address, and somebody may write one down all the same. What is held is looked for letter
for letter; what is not held, by the look of it: a postcode, or a number with the name of a street.
"""

import re
from collections.abc import Collection

LEFT_OUT = "[address left out]"

_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR)[ \t\u00a0-]*(?!\d(?:st|nd|rd|th)\b)[0-9][ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9])"
    r"|(?<![A-Za-z0-9])[a-z]{1,2}[0-9][a-z0-9]?[ \t\u00a0-]*(?!\d(?:st|nd|rd|th)\b)[0-9][abd-hjlnp-uw-z]{2}(?![A-Za-z0-9])"
)
_ALWAYS = "road|street|avenue|lane|crescent|terrace|grove"
_WITH_A_CAPITAL = "Close|Court|Drive|Gardens|Green|Hill|Mews|Parade|Park|Place|Rise|Row|Square|View|Walk|Way|Rd|St|Ave"
"""In small letters these are everyday words: a 10 minute walk, 5 times in a row."""

_NOT_A_NAME = (
    "a|across|along|and|at|away|by|cars?|days?|different|down|each|from|further|hours?|in|into|lights?|main|metres|miles?|"
    "minutes?|more|new|of|off|on|or|other|over|people|per|the|times|to|up|weeks?|x"
)
_NUMBER = r"(?<![\w/.-])(?<![Yy]ear )(?:[Ff]lat\s+\w{1,4},?\s+)?(?:[Nn]o\.?\s+)?\d{1,4}[A-Za-z]?,?\s+"
_NAMED = rf"(?:[A-Z][\w'’-]*\.?\s+){{1,3}}?(?:(?i:{_ALWAYS})|{_WITH_A_CAPITAL})\b"
_SMALL = rf"(?:(?!(?:{_NOT_A_NAME})\s)[a-z][\w'’-]*\s+){{1,2}}?(?:{_ALWAYS})\b"
_NUMBERED = re.compile(rf"{_NUMBER}(?:{_NAMED}|{_SMALL})")
_LIVING = re.compile(
    r"\b((?i:live[sd]?|living|placed|stay(?:s|ed|ing)?|mov(?:e[sd]?|ing)|home)\s+(?:\w+\s+){0,2}?(?:on|in|at|to|off|near)\s+(?:the\s+)?)"
    + rf"{_NAMED}(?!\s+(?:School|Primary|Infant|Junior|Nursery|Academy|College))"
)


def without_held(text: str, postcodes: Collection[str]) -> str:
    """These postcodes, however they are spaced."""
    pattern = held_pattern(postcodes)
    return pattern.sub(LEFT_OUT, text) if pattern else text


def held_pattern(postcodes: Collection[str]) -> re.Pattern[str] | None:
    bare = {"".join(postcode.split()) for postcode in postcodes}
    written = [r"[\s-]*".join(map(re.escape, postcode)) for postcode in sorted(bare) if len(postcode) >= 5]
    return re.compile(rf"(?<!\w)(?:{'|'.join(written)})(?!\w)", re.IGNORECASE) if written else None


def without_addresses(text: str) -> str:
    """Whatever looks like an address."""
    text = _NUMBERED.sub(LEFT_OUT, _POSTCODE.sub(LEFT_OUT, text))
    return _LIVING.sub(rf"\1{LEFT_OUT}", text)
