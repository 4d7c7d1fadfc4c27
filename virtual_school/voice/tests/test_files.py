"""Photographs as telephones take them; and no file outlives the row that names it, whatever takes the row."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from virtual_school.access.models import Role
from virtual_school.children import bulk
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import Claims, service
from virtual_school.voice import packs
from virtual_school.voice.media import forget_gone
from virtual_school.voice.models import ChildPack, GoneFile, Media
from virtual_school.voice.tests.test_packs import photo
from virtual_school.voice.tests.world import CODE, World, begun, make_world, say

pytestmark = pytest.mark.django_db(transaction=True)
HEIC = Path(__file__).parent / "data" / "colours.heic"


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


def files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


def sent(world: World, content: bytes, name: str = "IMG_0001.HEIC") -> Any:
    return say(begun(world), "k2.good", via="photo", media=SimpleUploadedFile(name, content, "image/heic"))


def test_a_photograph_of_a_telephone_is_made_anew_as_one_that_every_screen_can_show(
    world: World, tmp_path: Path
) -> None:
    assert sent(world, HEIC.read_bytes()).status_code == 302
    with acting(Claims(voice_entry=world.entry().pk)):
        held = Media.objects.get()
    with Image.open(tmp_path / held.stored_as) as kept:
        assert (kept.format, kept.size, len(kept.getexif())) == ("JPEG", (64, 48), 0)


def test_what_is_no_photograph_is_refused_in_words_a_child_reads(world: World) -> None:
    page = sent(world, HEIC.read_bytes()[:200])
    assert "We could not open that photo. Please take it again, or use a different one." in page.content.decode()


def test_a_photograph_of_more_dots_than_can_be_kept_is_called_too_big(world: World) -> None:
    page = sent(world, wide_png(), "wide.png")
    assert "That photo is too big." in page.content.decode()


def wide_png() -> bytes:
    """50 million white dots in a few bytes."""
    size = struct.pack(">IIBBBBB", 10_000, 5_000, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", size), (b"IDAT", zlib.compress(b"\0" * (1251 * 5_000))), (b"IEND", b"")]
    chunks = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_councils_photograph_may_come_from_a_telephone_too() -> None:
    made = packs.picture("bus", "IMG_0002.HEIC", HEIC.read_bytes())
    assert made.content_type == "image/jpeg" and Image.open(io.BytesIO(made.content)).format == "JPEG"


def test_files_go_with_the_child_they_are_of(world: World, tmp_path: Path) -> None:
    sent(world, HEIC.read_bytes())
    given = {"do": "picture", "key": "bus", "licence": "Taken by the school"}
    picture = SimpleUploadedFile("bus.jpg", photo(), "image/jpeg")
    world.client(Role.DESIGNATED_TEACHER).post(f"{world.url}pictures/", {**given, "file": picture})
    assert len(files(tmp_path)) == 2
    with acting(service(CODE)):
        bulk.delete("children_child", [world.child.pk])
    assert GoneFile.objects.count() == 2
    assert forget_gone() == 2
    assert files(tmp_path) == [] and not GoneFile.objects.exists()


def test_one_picture_of_a_pack_can_be_withdrawn_and_the_others_stay(world: World, tmp_path: Path) -> None:
    teacher = world.client(Role.DESIGNATED_TEACHER)
    for key in ("bus", "taxi"):
        given = {"do": "picture", "key": key, "licence": "Taken by the school"}
        teacher.post(f"{world.url}pictures/", {**given, "file": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")})
    with acting(service(CODE)):
        pack = ChildPack.objects.get()
    url = f"{world.url}pictures/{pack.public_id}/remove/"
    teacher.post(url, {"key": "bus"})
    with acting(service(CODE)):
        assert list(ChildPack.objects.get().pictures) == ["taxi"]
    assert len(files(tmp_path)) == 1
    assert teacher.post(url, {"key": "bus"}).status_code == 404
    teacher.post(url, {"key": "taxi"})
    with acting(service(CODE)):
        assert not ChildPack.objects.exists()
    assert files(tmp_path) == []
