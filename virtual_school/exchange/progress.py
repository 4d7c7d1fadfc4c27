"""How far a step of an import has come, for the page that waits for it.

What a transaction writes is seen by nobody before it ends. So the words stand where PostgreSQL keeps what each of its
connections says of itself: that needs no table, and is gone with a worker that was lost.
"""

from virtual_school.children import bulk

from .kinds import Say
from .models import Import

LONGEST = 63
"""PostgreSQL keeps so many characters of a name, in ASCII."""


def saying(imported: Import) -> Say:
    """For the length of the transaction. The words name tables and numbers, never a child."""

    def say(words: str) -> None:
        name = f"{_mark(imported)}{words.removesuffix('…').strip()}"
        bulk.select("select set_config('application_name', %s, true)", [name[:LONGEST]])

    return say


def said(imported: Import) -> str:
    """The last words, or "" when nobody works at it now."""
    mark = _mark(imported)
    held = bulk.select("select application_name from pg_stat_activity where starts_with(application_name, %s)", [mark])
    return str(held[0][0]).removeprefix(mark) if held else ""


def _mark(imported: Import) -> str:
    return f"import {imported.public_id.hex[:8]}: "
