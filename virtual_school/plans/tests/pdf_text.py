"""What stands on the paper, for tests."""

import io

import pypdf


def lines_of(made: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return [line for page in pages for line in page.extract_text().replace("\N{NO-BREAK SPACE}", " ").split("\n")]


def text_of(made: bytes) -> str:
    """All text with single spaces."""
    return " ".join(" ".join(lines_of(made)).split())
