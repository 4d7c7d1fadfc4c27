"""Pupil and learner numbers that pass, or fail on purpose, the check in `children.identifiers`."""

from random import Random

from virtual_school.children.identifiers import LETTERS, check_letter

LEFT_OUT = "2000"


def upn(rng: Random, la_code: int, school_number: str, year: int) -> str:
    body = f"{la_code:03d}{school_number or LEFT_OUT}{year % 100:02d}{rng.randrange(1, 1000):03d}"
    return check_letter(body) + body


def faulty(number: str) -> str:
    """The same UPN with a check letter that does not agree."""
    return LETTERS[(LETTERS.index(number[0]) + 3) % len(LETTERS)] + number[1:]


def uln(rng: Random) -> str:
    while True:
        digits = str(rng.randrange(100_000_000, 1_000_000_000))
        remainder = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11
        if remainder:
            return digits + str(10 - remainder)
