"""Pupil identifiers: the check letter of a UPN and the check digit of a ULN."""

import re
from dataclasses import dataclass
from typing import Literal

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
NOT_KNOWN = frozenset({"UN1", "UN2", "UN3", "UN4", "UN5"})
NO_ULN_YET = "9999999999"

UPN_SHAPE = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")

Kind = Literal["length", "shape", "letter not used", "wrong check letter"]
UlnKind = Literal["length", "shape", "outside the issued range", "wrong check digit", "placeholder"]


@dataclass(frozen=True)
class Fault:
    kind: Kind
    words: str


@dataclass(frozen=True)
class UlnFault:
    kind: UlnKind
    words: str


def clean_upn(text: str) -> str:
    return "".join(text.split()).upper()


def check_letter(body: str) -> str:
    """The letter that goes before these 12 characters: 12 digits, or 11 digits and a letter in use."""
    total = sum(weight * _worth(character) for weight, character in enumerate(body, start=2))
    return LETTERS[total % len(LETTERS)]


def _worth(character: str) -> int:
    return int(character) if character.isdigit() else LETTERS.index(character)


def upn_fault(text: str) -> Fault | None:
    """The first thing wrong with a UPN. UN1 to UN5 are reasons for having none: no fault."""
    upn = clean_upn(text)
    if upn in NOT_KNOWN:
        return None
    if len(upn) != 13:
        return Fault("length", f"A UPN has 13 characters. This has {len(upn)}.")
    if not UPN_SHAPE.fullmatch(upn):
        return Fault("shape", "A UPN is a letter, 11 digits, then a digit or a letter.")
    unused = [place for place in (upn[0], upn[-1]) if place in "IOS"]
    if unused:
        return Fault("letter not used", f"The letter {unused[0]} is not used in a UPN.")
    if upn[0] != check_letter(upn[1:]):
        return Fault(
            "wrong check letter",
            "The first letter does not agree with the rest of the UPN. One or more characters are wrong.",
        )
    return None


def upn_kind(text: str) -> Literal["permanent", "temporary"] | None:
    """Permanent ends in a digit, temporary in a letter. None when it is not a valid UPN."""
    upn = clean_upn(text)
    if upn in NOT_KNOWN or upn_fault(upn):
        return None
    return "permanent" if upn[-1].isdigit() else "temporary"


def uln_fault(text: str) -> UlnFault | None:
    """The first thing wrong with a unique learner number."""
    uln = "".join(text.split())
    if len(uln) != 10:
        return UlnFault("length", f"A ULN has 10 digits. This has {len(uln)} characters.")
    if not (uln.isascii() and uln.isdigit()):
        return UlnFault("shape", "A ULN is 10 digits and nothing else.")
    if uln == NO_ULN_YET:
        return UlnFault("placeholder", "9999999999 means that the learner has no ULN yet.")
    if uln[0] == "0":
        return UlnFault("outside the issued range", "A ULN does not begin with 0.")
    remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), uln[:9], strict=True)) % 11
    if remainder == 0 or int(uln[-1]) != 10 - remainder:
        return UlnFault(
            "wrong check digit",
            "The last digit does not agree with the rest of the ULN. Some digits are wrong.",
        )
    return None
