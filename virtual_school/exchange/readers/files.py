"""Files as they arrive: a folder, a zip, loose files. Opened within limits, and never written anywhere."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

from virtual_school.exchange.readers.faults import Unreadable

MEMBERS = 2_000
UNPACKED = 200 * 1024 * 1024
RATIO = 100
SMALL = 5 * 1024 * 1024  # honest small files can be very compressible
CHUNK = 256 * 1024
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    content: bytes


def sources(paths: Sequence[Path]) -> list[Source]:
    """Every file in the paths: folders walked, zips unpacked in memory. Raises Unreadable past a limit."""
    found: list[Source] = []
    total = 0
    for path in _files(paths):
        content = read_limited(path)
        members = zip_members(content, path.name) if _is_plain_zip(content) else [Source(path.name, content)]
        found += members
        total += sum(len(member.content) for member in members)
        if total > UNPACKED:
            raise Unreadable(f"{path.name}: the files are more than 200 MB together. Send them in parts.")
    return found


def read_limited(path: Path) -> bytes:
    """The bytes of one file of at most 200 MB."""
    try:
        with path.open("rb") as file:
            content = file.read(UNPACKED + 1)
    except FileNotFoundError:
        raise Unreadable(f"{path.name} is not there.") from None
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be opened ({error.strerror}).") from error
    if len(content) > UNPACKED:
        raise Unreadable(f"{path.name} is larger than 200 MB.")
    return content


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    count = 0
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            if path.is_dir() and (file.is_symlink() or not file.is_file() or _is_junk(file.relative_to(path).parts)):
                continue
            count += 1
            if count > MEMBERS:
                raise Unreadable(f"{path.name} holds more than {MEMBERS:,} files.")
            yield file


def _is_junk(parts: Sequence[str]) -> bool:
    return any(part in JUNK or part.startswith(".") for part in parts)


def _is_plain_zip(content: bytes) -> bool:
    if not content.startswith((ZIP, EMPTY_ZIP)):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "[Content_Types].xml" not in archive.NameToInfo
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return True


def zip_members(content: bytes, file: str, nested: bool = False) -> list[Source]:
    """The files of a zip, within the limits on number, size, ratio and names. `nested` allows zips in it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return list(_members(archive, file, nested))
    except Unreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise Unreadable(f"{file} is a damaged zip, or one packed in a way that cannot be read.") from error


def _members(archive: zipfile.ZipFile, file: str, nested: bool) -> Iterator[Source]:
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise Unreadable(f"{file} holds more than {MEMBERS:,} files.")
    left = UNPACKED
    for info in infos:
        check_name(info, file)
        if info.is_dir() or _is_junk(PurePosixPath(info.filename).parts):
            continue
        if info.flag_bits & 0x1:
            raise Unreadable(f"{file}: {info.filename} has a password. Send a zip without one.")
        unpacked = read_member(archive, info, left, file)
        left -= len(unpacked)
        if unpacked.startswith((ZIP, EMPTY_ZIP)) and not nested:
            raise Unreadable(
                f"{file}: {info.filename} is itself a zip or a workbook. Unpack it and send the CSV files."
            )
        yield Source(info.filename, unpacked)


def check_name(info: zipfile.ZipInfo, file: str) -> None:
    """Raises Unreadable for a name that leads out of the zip, or a link."""
    name = info.filename
    windows = PureWindowsPath(name)
    if windows.drive or windows.root or ".." in windows.parts:
        raise Unreadable(f"{file}: the name {name} inside it leads to another folder. Make the zip again.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise Unreadable(f"{file}: {name} is a link, not a file. Send the file itself.")


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, file: str) -> bytes:
    """One member, counted while it is unpacked: what the zip says about its own sizes is not believed."""
    unpacked = bytearray()
    with archive.open(info) as member:
        while chunk := member.read(CHUNK):
            unpacked += chunk
            if len(unpacked) > left:
                raise Unreadable(f"{file} unpacks to more than 200 MB.")
            if len(unpacked) > SMALL and len(unpacked) > RATIO * max(info.compress_size, 1):
                raise Unreadable(
                    f"{file}: {info.filename} unpacks to more than {RATIO} times its size, "
                    "as a zip bomb does. Send the file itself."
                )
    return bytes(unpacked)
