"""Files people send about a child, checked by what is in them before they are kept.

The ending, the declared type and the content must agree; macros, scripts and bombs are refused; pictures are drawn
anew, so that nothing but the picture is kept.
"""

import io
import warnings
import zipfile
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile

LARGEST = 20 * 1024 * 1024
MOST_A_DAY = 200 * 1024 * 1024
"""Of one person."""

MOST_MEMBERS, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 1024 * 1024, 100
MOST_PIXELS = 40_000_000

TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".csv": "text/csv",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
ALLOWED = "PDF, Word (.docx), Excel (.xlsx), OpenDocument text (.odt), CSV, JPEG and PNG"


class RefusedFile(ValueError):
    """Why a file is not taken, in words for the sender."""


def name_kept(name: str) -> str:
    """Text only: without a path or characters that turn or hide others."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable() and c not in '"<>|').strip()[:120] or "file"


def checked_content(sent: UploadedFile, sent_today: int) -> tuple[bytes, str]:
    """The content as it is kept, and its type. `sent_today`: the bytes this person has sent already today."""
    ending = Path(sent.name or "").suffix.lower()
    if ending not in TYPES:
        raise RefusedFile(f"this kind of file is not taken. Send {ALLOWED}.")
    if sent.size is None or sent.size > LARGEST:
        raise RefusedFile("the file is larger than 20 MB.")
    if not sent.size:
        raise RefusedFile("the file is empty.")
    if sent_today + sent.size > MOST_A_DAY:
        raise RefusedFile("you have sent 200 MB today. Send it tomorrow, or ask the virtual school.")
    content_type = TYPES[ending]
    declared = (sent.content_type or "").split(";")[0]
    if declared not in {"", "application/octet-stream", content_type} and not _fits(declared, content_type):
        raise RefusedFile("its ending and its type do not agree. Save it again and send it.")
    content = sent.read()
    if content_type.startswith("image/"):
        return _image(content, content_type), content_type
    if content_type == "application/pdf":
        _pdf(content)
    elif content_type == "text/csv":
        _text(content)
    else:
        _office(io.BytesIO(content), content_type)
    return content, content_type


def _fits(declared: str, content_type: str) -> bool:
    """Browsers name CSV as they please."""
    return content_type == "text/csv" and declared in {"text/plain", "application/vnd.ms-excel", "application/csv"}


def _pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise RefusedFile("it is not a whole PDF.")
    if any(mark in content for mark in (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile")):
        raise RefusedFile("it holds a script or another file inside. Print it to PDF again and send that.")


def _text(content: bytes) -> None:
    if b"\0" in content:
        raise RefusedFile("it is not a CSV file.")


def _office(content: IO[bytes], content_type: str) -> None:
    """Counted while reading: what a container says of its own size may be untrue."""
    try:
        with zipfile.ZipFile(content) as container:
            members = container.infolist()
            if len(members) > MOST_MEMBERS:
                raise RefusedFile("it holds too many parts.")
            names = {member.filename for member in members}
            unpacked = 0
            for member in members:
                if ".." in member.filename.split("/") or member.filename.startswith("/") or _is_link(member):
                    raise RefusedFile("it holds parts that do not belong in a document.")
                with container.open(member) as part:
                    size = 0
                    while piece := part.read(1 << 20):
                        size += len(piece)
                        unpacked += len(piece)
                        if unpacked > MOST_UNPACKED or size > max(member.compress_size, 1024) * MOST_RATIO:
                            raise RefusedFile("it unpacks to far more than it should.")
                        if b'TargetMode="External"' in piece and b"attachedTemplate" in piece:
                            raise RefusedFile("it loads something from outside.")
            _holds(names, content_type, container)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError) as fault:
        raise RefusedFile("it cannot be opened. Save it again and send it.") from fault


def _is_link(member: zipfile.ZipInfo) -> bool:
    return (member.external_attr >> 16) & 0o170000 == 0o120000


def _holds(names: set[str], content_type: str, container: zipfile.ZipFile) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusedFile("it holds macros. Save it without them and send it.")
    wanted = {
        TYPES[".docx"]: "word/document.xml",
        TYPES[".xlsx"]: "xl/workbook.xml",
        TYPES[".odt"]: "content.xml",
    }[content_type]
    if wanted not in names:
        raise RefusedFile("its ending and what is in it do not agree.")
    if content_type == TYPES[".odt"] and container.read("mimetype")[:80].decode("ascii", "replace") != content_type:
        raise RefusedFile("its ending and what is in it do not agree.")


def _image(content: bytes, content_type: str) -> bytes:
    """Drawn anew, so that nothing but the picture is kept: no place, no time, no camera."""
    try:
        from PIL import Image, ImageOps
    except ImportError as missing:
        raise RefusedFile(
            "this service cannot take pictures as it is set up, because it cannot clear them of what a camera adds. "
            "Put the picture into a PDF or a Word document."
        ) from missing
    form = "JPEG" if content_type == "image/jpeg" else "PNG"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[form]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise RefusedFile("the picture is larger than 40 million points. Make it smaller and send it.")
                upright = ImageOps.exif_transpose(picture)
                clean: Any = upright.convert("RGB" if form == "JPEG" else "RGBA")
    except RefusedFile:
        raise
    except Exception as fault:
        raise RefusedFile("it is not a picture that can be opened.") from fault
    clean.info.clear()
    kept = io.BytesIO()
    clean.save(kept, form, **({"quality": 88} if form == "JPEG" else {}))
    return kept.getvalue()
