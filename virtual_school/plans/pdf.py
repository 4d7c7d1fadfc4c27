"""A plan on paper: whole, in plain words for the child, and blank to fill in by hand. PDF/UA-1, made with Typst.

Everything a person wrote reaches the page as data in one quoted text, never as markup, and files are read from
typst/ only.
"""

import json
import re
import threading
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from . import pdf_blank, pdf_full, pdf_plain
from .document import PlanDocument
from .pdf_words import Look, in_words
from .printable import FONTS, plainly, printable

_HERE = Path(__file__).parent / "typst"
_SIMPLE = re.compile("[\x00-\u02ff\u200b\u2010-\u203a\u20ac]*")
"""Latin letters, each in one piece, and the usual signs: no mark to set on a letter, nothing to join."""

JOINED = {"calt": 0}
PLAIN = {**JOINED, "ccmp": 0, "locl": 0}
"""Features of the fonts that are off. Looking for marks to set and letters to change takes an eighth of the time."""

_NO_GLYPH = "could not be displayed with font"
_one_at_a_time = threading.Lock()
MARKING = "OFFICIAL-SENSITIVE"


def full(
    document: PlanDocument,
    *,
    printed_by: str,
    printed_on: date,
    reference: str,
    colour: str,
    marking: str = MARKING,
) -> bytes:
    """All that is in the document given: make the reader's copy first (`readers.for_reader`)."""
    content = pdf_full.content(document)
    return _made("full", content, printed_by, printed_on, reference, Look.of(colour), marking)


def plain(
    document: PlanDocument,
    *,
    printed_by: str,
    printed_on: date,
    reference: str,
    colour: str,
    marking: str = MARKING,
) -> bytes:
    """For the child to keep: large type, short sentences, no money and no adults' notes, whatever is given."""
    content = pdf_plain.content(document, printed_on)
    return _made("plain", content, printed_by, printed_on, reference, Look.of(colour), marking)


def blank(
    template: Mapping[str, Any],
    *,
    authority_name: str,
    printed_by: str,
    printed_on: date,
    reference: str,
    colour: str,
    owner: str = "",
    sections: Collection[str] | None = None,
    marking: str = MARKING + " when filled in",
) -> bytes:
    """The form of a template document, empty. `owner` prints only the sections of one role, as the carer's sheet;
    `sections` only those with these keys, as those that concern one child."""
    content = pdf_blank.content(template, authority_name, owner, sections)
    return _made("blank", content, printed_by, printed_on, reference, Look.of(colour), marking)


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(root=str(_HERE), font_paths=fonts, ignore_system_fonts=True)


def _made(form: str, content: dict[str, Any], by: str, on: date, reference: str, look: Look, marking: str) -> bytes:
    whole = {
        **content,
        "form": form,
        "look": look._asdict(),
        "foot": [f"Printed by {by} on {in_words(on)}", f"Reference {reference}"],
        "marking": marking,
    }
    stamp = datetime(on.year, on.month, on.day, tzinfo=UTC)
    try:
        return _compiled(_each_text(whole, printable), stamp)
    except typst.TypstError as error:
        if _NO_GLYPH not in str(error):
            raise
        return _compiled(_each_text(whole, plainly), stamp)


def _compiled(content: dict[str, Any], stamp: datetime) -> bytes:
    written = json.dumps(content, ensure_ascii=False)
    features = PLAIN if _SIMPLE.fullmatch(written) else JOINED
    source = _source(content["form"], {**content, "features": features})
    with _one_at_a_time:
        made = _compiler().compile(source, format="pdf", pdf_standards=["ua-1"], timestamp=stamp)
    if not isinstance(made, bytes):
        raise TypeError("Typst made no single PDF.")
    return made


def _source(form: str, content: dict[str, Any]) -> bytes:
    """Only this differs from paper to paper: what else is read, Typst keeps."""
    quoted = json.dumps(content, ensure_ascii=False).replace("\\", "\\\\").replace('"', '\\"')
    return f'#import "{form}.typ": {form}\n#{form}(json(bytes("{quoted}")))'.encode()


def _each_text(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(each, change) for name, each in value.items()}
    return [_each_text(each, change) for each in value] if isinstance(value, list | tuple) else value
