"""The pictures, fonts and styles that are shipped."""

import re
from pathlib import Path

import pytest

from virtual_school.voice import drawing
from virtual_school.voice.packs import ATTRIBUTES, clean_svg
from virtual_school.voice.sets import library
from virtual_school.voice.symbols import Pack, symbol, symbols
from virtual_school.voice.words import english

STATIC = Path(__file__).parents[1] / "static" / "voice"
SYMBOLS = STATIC / "symbols"
APP_CSS = Path(__file__).parents[2] / "design" / "static" / "design" / "app.css"
PHYSICAL = re.compile(
    r"(?<![-\w])(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|text-align:\s*(?:left|right)|"
    r"float:\s*(?:left|right)"
)


class Own:
    """A child's pack with one picture of its own."""

    def __init__(self, key: str) -> None:
        self.key = key

    def url(self, key: str) -> str:
        return f"/pack/{key}" if key == self.key else ""

    def licence_of(self, key: str) -> str:
        return "Photographs of the school"


def test_every_key_has_its_file_and_every_file_its_key() -> None:
    named = {found.file for found in symbols().values() if found.file}
    assert {file.stem for file in SYMBOLS.glob("*.svg")} == named


def test_what_has_no_picture_says_why() -> None:
    assert all(found.caution for found in symbols().values() if not found.file)


def test_every_picture_a_card_point_question_or_sticker_names_is_known() -> None:
    held = library()
    named = {card.symbol for card in held.cards.values()}
    named |= {point.symbol for scale in held.scales.values() for point in scale.points}
    named |= {question.symbol for found in held.sets.values() for question in found.questions}
    named |= set(drawing.STICKERS)
    assert named - {""} - set(symbols()) == set()


def test_every_sticker_has_words() -> None:
    assert all(key in library().cards or f"sticker.{key}" in english() for key in drawing.STICKERS)


def test_the_pictures_are_small_and_only_draw() -> None:
    files = list(SYMBOLS.glob("*.svg"))
    assert sum(file.stat().st_size for file in files) < 2_000_000
    for file in files:
        before = file.read_bytes()
        names = set(re.findall(rb"\s([\w:-]+)=", before)) - {b"xmlns"}
        assert {name.decode() for name in names} <= ATTRIBUTES, file.name
        assert clean_svg(file.name, before).count(b"<") == before.count(b"<"), file.name


def test_the_licences_lie_beside_what_they_cover() -> None:
    assert "Attribution-ShareAlike 4.0" in (SYMBOLS / "LICENSE.txt").read_text()
    for name in ("arabic", "ethiopic"):
        assert "SIL Open Font License" in (STATIC / "fonts" / f"noto-sans-{name}.LICENCE.txt").read_text()
    assert "MIT License" in (STATIC / "vendor" / "signature_pad.LICENCE.txt").read_text()


@pytest.mark.parametrize(
    ("child", "council", "url"),
    [
        (Own("toilet"), Own("toilet"), "/pack/toilet"),
        (Own("bus"), Own("toilet"), "/pack/toilet"),
        (None, Own("bus"), "/static/voice/symbols/1F6BD.svg"),
        (None, None, "/static/voice/symbols/1F6BD.svg"),
    ],
)
def test_a_picture_is_the_childs_own_else_the_councils_else_ours(
    child: Pack | None, council: Pack | None, url: str
) -> None:
    found = symbol("toilet", child, council)
    assert found is not None
    assert found.url == url
    assert found.licence == ("Photographs of the school" if url.startswith("/pack") else "OpenMoji, CC BY-SA 4.0")


def test_where_there_is_no_picture_the_words_stand_alone() -> None:
    assert symbol("swing") is None
    assert symbol("unheard_of") is None


MULBERRY = """
    IT_class PE art assembly bed_time book_shelf break_time_1 bus class_room communication_book computer_1
    computer_game cook_,_to dance_,_to drama_class draw_,_to eat_,_to english football geography_class
    group_work head_teacher_1a headphones help_,_to history_class hungry lego loud lunch_time maths music noisy
    outside paint_1_,_to play_,_to play_area prayer queue_,_to quiet read_,_to rest_,_to sand_pit science
    sing_,_to speech_language_therapist_1a swim_,_to swing talk_1_,_to talk_2_,_to taxi teacher_1a test toilet
    trampoline wait_,_to walk_,_to water_table write_,_to
"""


def test_every_card_the_specification_draws_with_mulberry_has_its_name_once() -> None:
    names = [found.mulberry for found in symbols().values() if found.mulberry]
    assert sorted(names) == sorted(MULBERRY.split())


def test_our_own_styles_of_childrens_pages_know_no_left_and_no_right() -> None:
    own = (STATIC / "voice.css").read_text()
    section = APP_CSS.read_text().split("/* 12.", 1)[1].split("\n/* ", 1)[0]
    assert PHYSICAL.findall(own) == []
    assert PHYSICAL.findall(section) == []


def test_each_font_is_named_only_by_the_languages_that_need_it() -> None:
    for name in ("arabic", "ethiopic"):
        style = (STATIC / "fonts" / f"{name}.css").read_text()
        for file in re.findall(r'url\("([^"]+)"\)', style):
            assert (STATIC / "fonts" / file).read_bytes()[:4] == b"wOF2"
