"""virtual-school translation_file ar: the words of the children's pages, for whoever translates or checks them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from virtual_school.voice.languages import ENGLISH, LANGUAGES
from virtual_school.voice.translating import as_file
from virtual_school.voice.words import SOURCES, english, translations


class Command(BaseCommand):
    help = "Prints library/words_LANGUAGE.toml: what is translated, what is missing, and the English of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", help="a code such as ar, ps, fa-af, ckb, ti")
        parser.add_argument("--source", choices=SOURCES, help="who translated; left out: as the file says")

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"]
        if language not in LANGUAGES or language == ENGLISH:
            known = ", ".join(code for code in LANGUAGES if code != ENGLISH)
            raise CommandError(f"There is no language {language} here. Known: {known}.")
        held = translations(language)
        source = options["source"] or next((found.source for found in held.values()), "volunteer")
        self.stdout.write(as_file(language, source, held, english()), ending="")
