"""How a question to a child is worded, and what is never asked: for our own sets, and for what an authority writes."""

import re

MOST_WORDS = 13

NEVER_ASK = (
    "Why a child is in care; family time or contact; what happened to them.",
    "Their journey, age, papers or asylum claim, or where their parents are.",
    "Whether they hurt themselves or want to die: nobody reads a form at night. Offer the help button.",
    "Whether they like their carer, teacher or social worker, by name.",
    "Bodies, sex or relationships.",
    "Diagnosis, or anything the strengths and difficulties questionnaire already asks.",
    "To rate themselves out of ten.",
    "“Why did you …”, “don’t you think …”, “everyone likes …, do you?”. Under 12, no question that asks why.",
    "The lives of their brothers and sisters.",
    "Anything a record already answers.",
)
"""Shown to whoever edits a set. No list of words can find these: a person has to."""

_WORD = re.compile(r"[\w’'-]+")
_NEGATIVE = re.compile(r"\b(?:\w+n[’']t|never|cannot|(?<!or )(?<!, )not)\b", re.IGNORECASE)


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


def faults(text: str, *, is_under_12: bool = False, is_under_16: bool = True) -> tuple[str, ...]:
    """What is wrong with the wording, in words; empty when nothing a rule can see is."""
    found = []
    words = words_in(text)
    lower = {word.lower() for word in words}
    if not words:
        return ("Write the question.",)
    if len(words) > MOST_WORDS:
        found.append(f"It has {len(words)} words. Use {MOST_WORDS} or fewer.")
    if text.count("?") > 1:
        found.append("It asks two things. Ask one.")
    if is_under_16 and "if" in lower:
        found.append("It has an “if” in it. Ask about what is, not what might be.")
    if _NEGATIVE.search(text):
        found.append("It says what is not. Say it the other way round.")
    if is_under_12 and "why" in lower:
        found.append("Under 12, do not ask why.")
    return tuple(found)
