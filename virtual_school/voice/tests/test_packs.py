"""A council's own pictures: what is taken, what is cleaned and what is refused."""

import io

import pytest
from PIL import Image

from virtual_school.voice.packs import LARGEST_SVG, BadPack, PackContent, clean_svg, read_pack

KNOWN = frozenset({"class_room", "toilet"})
MULBERRY = {"class_room": "class_room", "toilet": "toilet"}
HEAD = b'name = "Our school"\nlicence = "Our own photographs"\n'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9" fill="red"/></svg>'


def photo() -> bytes:
    image = Image.new("RGB", (1200, 900), "green")
    exif = image.getexif()
    exif[0x8825] = {1: "N", 2: (53.0, 22.0, 0.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def read(files: dict[str, bytes]) -> PackContent:
    return read_pack(files, MULBERRY, KNOWN)


def test_a_photograph_is_made_anew_smaller_and_without_its_place() -> None:
    sent = photo()
    assert Image.open(io.BytesIO(sent)).getexif()
    pack = read({"pack/symbols.toml": HEAD + b'[symbols]\nclass_room = "room.jpg"\n', "pack/room.jpg": sent})
    made = Image.open(io.BytesIO(pack.pictures[0].content))
    assert (pack.name, pack.pictures[0].key, pack.pictures[0].content_type) == (
        "Our school",
        "class_room",
        "image/jpeg",
    )
    assert made.size == (800, 600)
    assert not made.getexif()


def test_a_folder_in_mulberrys_form_needs_no_list() -> None:
    pack = read({"symbols.toml": HEAD + b'form = "mulberry"\n', "class_room.svg": DRAWING, "zebra.svg": DRAWING})
    assert [picture.key for picture in pack.pictures] == ["class_room"]
    assert pack.unused == ("zebra.svg",)


@pytest.mark.parametrize(
    "bad",
    [
        b"<script>alert(1)</script>",
        b'<path d="M0 0" onload="alert(1)"/>',
        b'<image href="https://elsewhere.example/a.png"/>',
        b'<use href="https://elsewhere.example/a.svg#x"/>',
        b'<path style="fill:url(https://elsewhere.example/x)"/>',
        b"<style>@import 'https://elsewhere.example/x';</style>",
        b'<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">text</p></foreignObject>',
        b'<a href="javascript:alert(1)"><path d="M0 0"/></a>',
        b'<animate attributeName="href" to="javascript:alert(1)"/>',
        b'<set attributeName="onclick" to="alert(1)"/>',
    ],
)
def test_only_what_draws_is_kept_of_a_drawing(bad: bytes) -> None:
    cleaned = clean_svg("x.svg", DRAWING.replace(b"</svg>", bad + b"</svg>"))
    for word in (b"alert", b"elsewhere", b"script", b"foreignObject", b"animate", b"<set"):
        assert word not in cleaned
    assert b"M0 0h9v9" in cleaned


def test_colours_that_a_drawing_keeps_in_its_own_style_stay() -> None:
    inside = b'<defs><linearGradient id="a"/></defs><style>.b{fill:url(#a)}</style><use href="#c"/>'
    cleaned = clean_svg("x.svg", DRAWING.replace(b"</svg>", inside + b"</svg>"))
    assert b".b{fill:url(#a)}" in cleaned
    assert b"#c" in cleaned


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.svg": DRAWING}, "symbols.toml is missing"),
        ({"symbols.toml": b"name = "}, "symbols.toml: "),
        ({"symbols.toml": b'name = "A"\n'}, "licence is missing"),
        ({"symbols.toml": HEAD}, r"neither \[symbols\]"),
        ({"symbols.toml": HEAD + b'[symbols]\nzebra = "a.svg"\n'}, "no card with the key zebra"),
        ({"symbols.toml": HEAD + b'[symbols]\ntoilet = "b.svg"\n', "a.svg": DRAWING}, "b.svg, which is not in"),
        ({"symbols.toml": HEAD + b'[symbols]\ntoilet = "b.png"\n', "b.png": b"MZ program"}, "b.png: it is neither"),
        (
            {"symbols.toml": HEAD + b'[symbols]\ntoilet = "b.svg"\n', "b.svg": b"<html><body/></html>"},
            "neither a picture",
        ),
        ({"symbols.toml": HEAD + b'[symbols]\ntoilet = "b.svg"\n', "b.svg": b" " * (LARGEST_SVG + 1)}, "larger than"),
        ({"symbols.toml": HEAD + b'[symbols]\ntoilet = "b.png"\n', "b.png": b"\x89PNG\r\n\x1a\nxx"}, "no picture"),
        (
            {
                "symbols.toml": HEAD + b'[symbols]\ntoilet = "b.svg"\n',
                "b.svg": b'<!DOCTYPE s [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
            },
            "neither a picture nor",
        ),
    ],
)
def test_a_faulty_pack_is_refused_whole_with_the_file_and_reason(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(BadPack, match=words):
        read(files)
