"""Questions to an adult who writes down what they make of a child's words. Questions only: nothing is refused. Pure."""

from collections.abc import Iterator
from difflib import SequenceMatcher

ALIKE = 0.9
ADULT_WORDS = (
    "engages well", "presents as", "attention seeking", "attention-seeking", "dysregulated", "non-compliant", "settled",
    "resilient", "challenging behaviour", "age appropriate", "age-appropriate", "displays",
)  # fmt: skip


def asks_about(reading: str, childs_words: str, last_time: str = "") -> Iterator[str]:
    plain = reading.casefold()
    if used := [words for words in ADULT_WORDS if words in plain]:
        yield f"“{used[0]}” is a phrase of adults. Would the child know themselves in it?"
    if childs_words.strip() and alike(reading, childs_words):
        yield "This says the same as the child’s words. Is there anything to add to them?"
    if last_time.strip() and alike(reading, last_time):
        yield "This is nearly the same as last time. Has nothing changed?"


def alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold().strip(), other.casefold().strip(), autojunk=False).ratio() >= ALIKE
