"""The file a translator gets."""

import tomllib

import pytest
from django.core.management import CommandError, call_command

from virtual_school.voice.translating import as_file, in_order
from virtual_school.voice.words import Translation, english, fingerprint, read_translations, translations

ENGLISH = {"bar.next": "Next", "privacy.stop": "You can stop.", "zoo.said": 'He said "hello"'}


def test_a_file_read_and_written_again_says_the_same() -> None:
    held = {key: found for key, found in translations("ar").items() if found.of == fingerprint(english().get(key, ""))}
    written = as_file("ar", "machine", held, english())
    assert len(held) > 300
    assert read_translations("words_ar.toml", tomllib.loads(written)) == held


def test_what_is_missing_or_no_longer_counts_stands_there_to_be_filled_in_safety_first() -> None:
    held = {
        "bar.next": Translation("التالي", fingerprint("Go on"), "machine", False),
        "zoo.said": Translation('"مرحبا"', fingerprint(ENGLISH["zoo.said"]), "machine", True, "A Name", "teacher", "2026-11-20"),
    }  # fmt: skip
    written = as_file("ar", "volunteer", held, ENGLISH)
    assert in_order(ENGLISH) == ["privacy.stop", "bar.next", "zoo.said"]
    assert '# "privacy.stop" = ["' in written
    assert f'# "bar.next" = ["{fingerprint("Next")}", "التالي"] # Next' in written
    read = read_translations("x", tomllib.loads(written))
    assert list(read) == ["zoo.said"]
    assert (read["zoo.said"].text, read["zoo.said"].reviewed_by) == ('"مرحبا"', "A Name")


def test_the_command_prints_the_file_and_names_the_languages_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("translation_file", "so")
    assert "# Somali." in capsys.readouterr().out
    with pytest.raises(CommandError, match=r"no language xx here\. Known: ar,"):
        call_command("translation_file", "xx")
