"""Why a pupil was suspended or excluded, by the codes of the school census (data/codes/codes.csv)."""

import csv
from functools import cache

from virtual_school import shipped

FIELD = "Exclusion reason (up to three)"
MOST = 3


@cache
def reasons() -> dict[str, str]:
    """Those in use: a code withdrawn is known (`words_of`) but no longer offered."""
    return {code: words for code, (words, is_in_use) in _every().items() if is_in_use}


@cache
def _every() -> dict[str, tuple[str, bool]]:
    with shipped.open_text("codes/codes.csv") as file:
        return {
            row["code"]: (row["description"], not row["to"] and "retired" not in row["note"])
            for row in csv.DictReader(file)
            if row["standard"] == "School census" and row["field"] == FIELD
        }


def words_of(code: str) -> str:
    return _every().get(code, (code, False))[0]
