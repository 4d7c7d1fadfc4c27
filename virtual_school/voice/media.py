"""Photographs, sounds and drawings: known by their content, drawn anew, kept in files under random names."""

import hashlib
import io
import uuid
import warnings
from pathlib import Path
from typing import Any

from django.conf import settings
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

from .models import Entry, GoneFile, Media

register_heif_opener()  # as telephones take photographs

FOLDER = "voice"
LARGEST = {"photo": 15 * 1024 * 1024, "audio": 3 * 1024 * 1024, "drawing": 2 * 1024 * 1024}
MOST_OF_AN_ENTRY = 60 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1_600
QUALITY = 82
LONGEST_SECONDS = 190

AUDIO = ((b"\x1a\x45\xdf\xa3", 0, "audio/webm"), (b"ftyp", 4, "audio/mp4"), (b"OggS", 0, "audio/ogg"))
"""By what the bytes say, never by the name or type a browser gives."""


class RefusedMedia(ValueError):
    """`key` names the words that say why."""

    def __init__(self, key: str = "error.media") -> None:
        super().__init__(key)
        self.key = key


def keep_media(*, entry: Entry, kind: str, content: bytes, seconds: int | None = None) -> Media:
    if kind not in LARGEST or not content:
        raise RefusedMedia
    if len(content) > LARGEST[kind]:
        raise RefusedMedia("error.photo_large" if kind == "photo" else "error.media")
    if sum(Media.objects.filter(entry=entry).values_list("size", flat=True)) + len(content) > MOST_OF_AN_ENTRY:
        raise RefusedMedia
    clean, content_type = (content, _audio_type(content)) if kind == "audio" else _picture(content, kind)
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    path = Path(settings.MEDIA_ROOT, stored_as)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_bytes(clean)
    return Media.objects.create(
        authority_id=entry.authority_id, child_id=entry.child_id, entry=entry, kind=kind, stored_as=stored_as,
        content_type=content_type, size=len(clean), sha256=hashlib.sha256(clean).hexdigest(),
        seconds=min(seconds, LONGEST_SECONDS) if seconds else None,
    )  # fmt: skip


def _audio_type(content: bytes) -> str:
    for mark, at, content_type in AUDIO:
        if content[at : at + len(mark)] == mark:
            return content_type
    raise RefusedMedia


def _picture(content: bytes, kind: str) -> tuple[bytes, str]:
    """Drawn anew, so that no place, time or camera is in it."""
    form = "JPEG" if kind == "photo" else "PNG"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP", "HEIF"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise RefusedMedia("error.photo_large")
                upright = ImageOps.exif_transpose(picture)
                clean: Any = upright.convert("RGB" if form == "JPEG" else "RGBA")
    except RefusedMedia:
        raise
    except Exception as fault:
        raise RefusedMedia("error.photo" if kind == "photo" else "error.media") from fault
    clean.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean.info.clear()
    kept = io.BytesIO()
    clean.save(kept, form, **({"quality": QUALITY} if form == "JPEG" else {"optimize": True}))
    return kept.getvalue(), f"image/{form.lower()}"


def bytes_of(media: Media) -> bytes:
    return Path(settings.MEDIA_ROOT, media.stored_as).read_bytes()


def forget_files(stored: list[str]) -> None:
    for name in stored:
        Path(settings.MEDIA_ROOT, name).unlink(missing_ok=True)


def forget_gone() -> int:
    """Files whose rows went away, by whatever way. Returns how many were noted."""
    held = list(GoneFile.objects.values_list("id", "stored_as"))
    forget_files([name for _, name in held])
    GoneFile.objects.filter(pk__in=[pk for pk, _ in held]).delete()
    return len(held)
