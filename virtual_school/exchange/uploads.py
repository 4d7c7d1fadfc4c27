"""Files sent for an import: checked by content, kept under a random name until the import is applied or discarded."""

import secrets
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from .models import Import
from .readers.text import binary_kind

LARGEST_FILE = 20 * 1024 * 1024
MOST_FILES = 24
START = 4_096
ENDINGS = {
    "ssda903": {".csv", ".txt", ".xml", ".zip"},
    "schools": {".csv"},
    "enrolments": {".csv", ".xlsx"},
    "plans": {".csv", ".xlsx"},
    "attendance": {".csv", ".txt", ".xml", ".xlsx", ".zip"},
}
SEVERAL = frozenset({"ssda903", "attendance"})
ZIPPED = {".zip", ".xlsx"}
NAME_SHOWN = 120


def check(kind: str, files: Sequence[UploadedFile]) -> None:
    """Raises ValidationError that names the file. What is in a file is looked at again when it is read."""
    if kind not in SEVERAL and len(files) > 1:
        raise ValidationError("Send one file at a time for this kind of import.")
    if len(files) > MOST_FILES:
        raise ValidationError(f"Send at most {MOST_FILES} files at once.")
    if sum(file.size or 0 for file in files) > settings.LARGEST_UPLOAD:
        raise ValidationError("The files are more than 100 MB together.")
    for file in files:
        name = shown(file.name or "")
        ending = PurePosixPath(name).suffix.lower()
        if ending not in ENDINGS[kind]:
            allowed = ", ".join(sorted(ENDINGS[kind]))
            raise ValidationError(f"{name} is not a kind of file that can be read here. Send {allowed}.")
        if not file.size:
            raise ValidationError(f"{name} is empty.")
        if file.size > LARGEST_FILE:
            raise ValidationError(f"{name} is larger than 20 MB. Send it as a zip, or ask for the command line.")
        file.seek(0)
        start = file.read(START)
        file.seek(0)
        kind_found = binary_kind(start)
        is_zip = start.startswith(b"PK\x03\x04")
        if is_zip != (ending in ZIPPED) or (kind_found and not is_zip):
            what = kind_found or "text"
            raise ValidationError(f"{name} is {what}, which does not agree with its ending {ending}.")


def shown(name: str) -> str:
    return "".join(c for c in PurePosixPath(name.replace("\\", "/")).name if c.isprintable())[-NAME_SHOWN:]


def folder(public_id: uuid.UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(public_id)


def keep(public_id: uuid.UUID, files: Sequence[UploadedFile]) -> list[dict[str, str]]:
    """The names as sent, and as kept."""
    place = folder(public_id)
    place.mkdir(parents=True, mode=0o700)
    kept = []
    for file in files:
        name = shown(file.name or "")
        stored = secrets.token_hex(16) + PurePosixPath(name).suffix.lower()
        with (place / stored).open("xb") as out:
            out.writelines(file.chunks())
        (place / stored).chmod(0o600)
        kept.append({"name": name, "stored": stored})
    return kept


def paths(imported: Import) -> list[Path]:
    return [folder(imported.public_id) / file["stored"] for file in imported.files]


def as_sent(imported: Import, words: str) -> str:
    """The words of a reader, with a file's name as it was sent."""
    for file in imported.files:
        words = words.replace(file["stored"], file["name"])
    return words


def throw_away(imported: Import) -> None:
    shutil.rmtree(folder(imported.public_id), ignore_errors=True)
