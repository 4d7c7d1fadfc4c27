"""A pack of pictures that a council adds: its own photographs, or a symbol set it may use. Read, checked and cleaned.

A pack is a folder (or zip) of SVG, PNG and JPEG files with a `symbols.toml`:

    name = "Our school"
    licence = "Photographs of Calderwick Council"
    [symbols]
    class_room = "room-3.jpg"

or, for a folder in Mulberry's form, `form = "mulberry"` in place of [symbols]: its own file names are known.
What a file is, its content says, never its name. A photograph is made anew, so that no place or time hides in it.
"""

import io
import re
import tomllib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from pi_heif import register_heif_opener
from PIL import Image, ImageOps

register_heif_opener()

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_SVG = 300 * 1024
LARGEST_PACK = 60 * 1024 * 1024
LONGEST_SIDE = 800
MOST_PIXELS = 40_000_000

SVG = "http://www.w3.org/2000/svg"
register_namespace("", SVG)
_ELEMENTS = """
    svg g path rect circle ellipse line polyline polygon defs use symbol title desc clipPath mask linearGradient 
    radialGradient stop pattern style
"""
ELEMENTS = frozenset(_ELEMENTS.split())
_ATTRIBUTES = """
    id class d x y x1 y1 x2 y2 cx cy r rx ry fx fy width height points transform viewBox preserveAspectRatio 
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit 
    stroke-dasharray stroke-dashoffset opacity clip-path clip-rule mask offset stop-color stop-opacity 
    gradientUnits gradientTransform spreadMethod patternUnits patternTransform clipPathUnits maskUnits color display 
    visibility style version vector-effect href
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@|expression|javascript:|\\|<", re.IGNORECASE)


class BadPack(ValueError):
    """Says which file and why; nothing of the pack is taken."""


@dataclass(frozen=True, slots=True)
class PackPicture:
    key: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PackContent:
    """`unused`: files that no key names, and keys of a Mulberry folder that has no such file are in neither."""

    name: str
    licence: str
    pictures: tuple[PackPicture, ...]
    unused: tuple[str, ...]


def read_pack(files: Mapping[str, bytes], mulberry: Mapping[str, str], known: frozenset[str]) -> PackContent:
    """`mulberry`: our keys by Mulberry's names; `known`: every key there is."""
    if sum(len(content) for content in files.values()) > LARGEST_PACK:
        raise BadPack(f"The pack is larger than {LARGEST_PACK // 1024 // 1024} MB.")
    by_name = {name.rsplit("/", 1)[-1]: content for name, content in files.items()}
    if "symbols.toml" not in by_name:
        raise BadPack("symbols.toml is missing.")
    try:
        content = tomllib.loads(by_name.pop("symbols.toml").decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPack(f"symbols.toml: {error}") from error
    for name in ("name", "licence"):
        if not isinstance(content.get(name), str) or not content[name].strip():
            raise BadPack(f"symbols.toml: {name} is missing.")
    wanted = _wanted(content, by_name, mulberry, known)
    pictures = tuple(picture(key, file, by_name[file]) for key, file in wanted.items())
    unused = tuple(sorted(set(by_name) - set(wanted.values())))
    return PackContent(content["name"].strip(), content["licence"].strip(), pictures, unused)


def _wanted(
    content: Mapping[str, object], files: Mapping[str, bytes], mulberry: Mapping[str, str], known: frozenset[str]
) -> dict[str, str]:
    """Which file each key is drawn with."""
    if content.get("form") == "mulberry":
        return {key: f"{name}.svg" for name, key in mulberry.items() if f"{name}.svg" in files}
    rows = content.get("symbols")
    if not isinstance(rows, dict) or not rows:
        raise BadPack('symbols.toml: it has neither [symbols] nor form = "mulberry".')
    for key, file in rows.items():
        if key not in known:
            raise BadPack(f"symbols.toml: there is no card with the key {key}.")
        if file not in files:
            raise BadPack(f"symbols.toml: {key} names the file {file}, which is not in the pack.")
    return dict(rows)


def picture(key: str, name: str, content: bytes) -> PackPicture:
    """One file, checked by its content and cleaned."""
    if len(content) > LARGEST_FILE:
        raise BadPack(f"{name}: larger than {LARGEST_FILE // 1024 // 1024} MB.")
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or content[4:8] == b"ftyp":
        return PackPicture(key, *_raster(name, content))
    return PackPicture(key, "image/svg+xml", clean_svg(name, content))


def _raster(name: str, content: bytes) -> tuple[str, bytes]:
    is_png = content.startswith(b"\x89PNG")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "HEIF"]) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise BadPack(f"{name}: more than {MOST_PIXELS // 1_000_000} million dots.")
                made = ImageOps.exif_transpose(opened).convert("RGBA" if is_png else "RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombWarning) as error:
        if isinstance(error, BadPack):
            raise
        raise BadPack(f"{name}: it is no picture that can be read.") from error
    made.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    made.info.clear()
    out = io.BytesIO()
    if is_png:
        made.save(out, "PNG", optimize=True)
        return "image/png", out.getvalue()
    made.save(out, "JPEG", quality=85)
    return "image/jpeg", out.getvalue()


def clean_svg(name: str, content: bytes) -> bytes:
    """Only what draws is kept: shapes and their looks. Script, links, pictures from elsewhere and comments go."""
    if len(content) > LARGEST_SVG:
        raise BadPack(f"{name}: a drawing larger than {LARGEST_SVG // 1024} kB.")
    try:
        root = ElementTree.fromstring(content, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise BadPack(f"{name}: it is neither a picture nor a drawing that can be read.") from error
    if root.tag != f"{{{SVG}}}svg":
        raise BadPack(f"{name}: it is neither a picture nor a drawing.")
    _clean(root)
    return tostring(root, encoding="utf-8")


def _clean(element: Element) -> None:
    for name in list(element.attrib):
        local = name.rsplit("}", 1)[-1]
        value = element.attrib[name]
        is_link = local == "href"
        if (
            local not in ATTRIBUTES
            or (is_link and not value.startswith("#"))
            or (not is_link and _OUTSIDE.search(value))
        ):
            del element.attrib[name]
    for child in list(element):
        tag = child.tag if isinstance(child.tag, str) else ""
        local = tag.removeprefix(f"{{{SVG}}}")
        if local not in ELEMENTS or (local == "style" and _OUTSIDE.search(child.text or "")):
            element.remove(child)
        else:
            _clean(child)
