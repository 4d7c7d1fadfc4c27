"""Pictures a council or a child has of their own: kept in files under random names, found by the card they stand for."""

import io
import uuid
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from virtual_school.access.models import User
from virtual_school.audit.actions import record
from virtual_school.children.models import Child

from .media import FOLDER, forget_files
from .models import ChildPack, CouncilPack, Entry, OwnPictures
from .packs import LARGEST_PACK, BadPack, PackPicture, picture, read_pack
from .people import around, person_key
from .sets import library
from .symbols import symbols
from .widgets import Packs

MOST_FILES = 6_000
SINGLE = "Single pictures"
Address = Callable[[OwnPictures, str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Packs in the order they are looked in."""

    packs: tuple[OwnPictures, ...]
    address: Address

    def _of(self, key: str) -> OwnPictures | None:
        return next((pack for pack in self.packs if key in pack.pictures), None)

    def url(self, key: str) -> str:
        pack = self._of(key)
        return self.address(pack, key) if pack else ""

    def licence_of(self, key: str) -> str:
        pack = self._of(key)
        return pack.licence if pack else ""


def packs_of_entry(entry: Entry) -> Packs:
    """On a child's own pages: theirs first, then the council's. Each file is asked for with the right of the entry."""
    own = ChildPack.objects.filter(child_id=entry.child_id) if entry.speaker == Entry.Speaker.CHILD else ()
    councils = CouncilPack.objects.filter(authority=entry.authority_id)
    return Packs(Kept(tuple(own), my_address), Kept(tuple(councils), my_address))


def packs_of_council(code: int) -> Packs:
    """As an adult who works there sees them."""
    return Packs(None, Kept(tuple(CouncilPack.objects.filter(authority=code)), council_address))


def council_address(pack: OwnPictures, key: str) -> str:
    return reverse("voice:pack_picture", args=[pack.public_id, key])


def my_address(pack: OwnPictures, key: str) -> str:
    return reverse("voice:my_picture", args=[pack.public_id, key])


def keys() -> dict[str, str]:
    """Every card and point that is drawn, with its words: key to label."""
    cards = {card.symbol: card.label for card in library().cards.values() if card.symbol}
    return {key: cards.get(key, found.meaning) for key, found in symbols().items()} | cards


def keys_of(of: Child | int) -> dict[str, str]:
    """And for a child, those around them: a photograph says more than a role."""
    people = {person_key(row.person_id): row.person.name for row in around(of)} if isinstance(of, Child) else {}
    return keys() | people


def files_of(sent: bytes) -> dict[str, bytes]:
    """The files of a zip. Raises BadPack."""
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as opened:
            held = [one for one in opened.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
            if len(held) > MOST_FILES:
                raise BadPack(f"The zip holds more than {MOST_FILES:,} files.")
            if sum(one.file_size for one in held) > LARGEST_PACK:
                raise BadPack(f"Unpacked, the pack is larger than {LARGEST_PACK // 1024 // 1024} MB.")
            return {one.filename: opened.read(one) for one in held}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise BadPack("The file is no zip that can be opened.") from error


def add_zip(*, of: Child | int, sent: bytes, by: User) -> tuple[OwnPictures, tuple[str, ...]]:
    """The pack, and the names of files that no card uses. Raises BadPack; then nothing of it is kept."""
    mulberry = {one.mulberry: key for key, one in symbols().items() if one.mulberry}
    content = read_pack(files_of(sent), mulberry, frozenset(keys_of(of)))
    if not content.pictures:
        raise BadPack("No picture in the pack has a name that a card uses.")
    made = _new(of, content.name, content.licence, _write(content.pictures), by)
    return made, content.unused


def add_picture(*, of: Child | int, key: str, name: str, sent: bytes, licence: str, by: User) -> OwnPictures:
    """One picture for one card. Raises BadPack."""
    if key not in keys_of(of):
        raise BadPack("Choose the card.")
    if not licence.strip():
        raise BadPack("Say whose picture it is, and what allows its use.")
    kept = _write([picture(key, name, sent)])
    held = _all(of).filter(name=SINGLE, licence=licence.strip()).first()
    if held is None:
        return _new(of, SINGLE, licence.strip(), kept, by)
    if before := held.pictures.get(key):
        _forget([before["file"]])
    held.pictures = {**held.pictures, **kept}
    held.save(update_fields=["pictures"])
    return held


def remove(*, pack: OwnPictures, by: User) -> None:
    _forget([one["file"] for one in pack.pictures.values()])
    _record("voice.pictures_removed", pack, by)
    pack.delete()


def remove_picture(*, pack: OwnPictures, key: str, by: User) -> None:
    """One picture: somebody takes back that they may be shown, or a room is another. The last one takes the pack."""
    if set(pack.pictures) <= {key}:
        return remove(pack=pack, by=by)
    _forget([pack.pictures[key]["file"]])
    pack.pictures = {name: held for name, held in pack.pictures.items() if name != key}
    pack.save(update_fields=["pictures"])
    _record("voice.picture_removed", pack, by)
    return None


def _forget(files: list[str]) -> None:
    transaction.on_commit(lambda: forget_files(files))


def content_of(pack: OwnPictures, key: str) -> tuple[bytes, str] | None:
    """The file and its type."""
    found = pack.pictures.get(key)
    path = Path(settings.MEDIA_ROOT, found["file"]) if found else None
    return (path.read_bytes(), found["type"]) if path and path.is_file() else None


def _all(of: Child | int) -> Any:
    return ChildPack.objects.filter(child=of) if isinstance(of, Child) else CouncilPack.objects.filter(authority=of)


def _new(of: Child | int, name: str, licence: str, pictures: Mapping[str, Any], by: User) -> OwnPictures:
    told = {"name": name[:200], "licence": licence[:300], "pictures": pictures, "by_name": by.name}
    made: OwnPictures
    if isinstance(of, Child):
        made = ChildPack.objects.create(authority_id=of.authority_id, child=of, **told)
    else:
        made = CouncilPack.objects.create(authority_id=of, **told)
    _record("voice.pictures_added", made, by)
    return made


def _record(action: str, pack: OwnPictures, by: User) -> None:
    child = pack.child_id if isinstance(pack, ChildPack) else None
    authority: int = pack.authority_id  # type: ignore[attr-defined]
    record(action, by=by.pk, authority=authority, child=child, count=len(pack.pictures))


def _write(pictures: Iterable[PackPicture]) -> dict[str, dict[str, str]]:
    kept = {}
    for one in pictures:
        stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
        path = Path(settings.MEDIA_ROOT, stored_as)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(one.content)
        kept[one.key] = {"file": stored_as, "type": one.content_type}
    return kept
