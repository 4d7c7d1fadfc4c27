"""A file of translations, written out for whoever translates or checks: what is there, what is missing, the English."""

from collections.abc import Mapping

from virtual_school.voice.languages import LANGUAGES
from virtual_school.voice.words import ONLY_WHEN_REVIEWED, Translation, fingerprint

FIRST = ("privacy", "safety", "page", "bar", "code", "share", "point", "n", "new", "said")
"""The order in which to translate: what keeps a child safe, how to get about, then the rest."""


def as_file(language: str, source: str, held: Mapping[str, Translation], english: Mapping[str, str]) -> str:
    """A translation of English that has changed since goes back among the missing, its old text beside it."""
    current = {key: found for key, found in held.items() if english.get(key) and found.of == fingerprint(english[key])}
    lines = [
        f"# {LANGUAGES[language].english}. Each text stands with the fingerprint of the English it translates; when that",
        "# English changes, the English is shown again. A text counts as checked once its key stands under [reviewed]:",
        '# "bar.next" = { by = "A Name", role = "interpreter", on = "2026-11-24" }',
        f"# Words that begin with {' or '.join(ONLY_WHEN_REVIEWED)} are shown only when checked.",
        f"source = {_quoted(source)}",
        "",
        "[words]",
    ]
    for key in in_order(english):
        found = current.get(key)
        text = found.text if found else held[key].text if key in held else ""
        start = "" if found else "# "
        lines.append(
            f"{start}{_quoted(key)} = [{_quoted(fingerprint(english[key]))}, {_quoted(text)}] # {english[key]}"
        )
    lines += ["", "[reviewed]"]
    for key in in_order(english):
        found = current.get(key)
        if found and found.is_reviewed:
            who = f"by = {_quoted(found.reviewed_by)}, role = {_quoted(found.role)}, on = {_quoted(found.on)}"
            lines.append(f"{_quoted(key)} = {{ {who} }}")
    return "\n".join(lines) + "\n"


def in_order(english: Mapping[str, str]) -> list[str]:
    def place(key: str) -> int:
        group = key.split(".")[0]
        return FIRST.index(group) if group in FIRST else len(FIRST)

    return sorted(english, key=place)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
