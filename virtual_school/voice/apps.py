from django.apps import AppConfig
from django.conf.locale import LANG_INFO

from virtual_school.voice.languages import for_django


class VoiceConfig(AppConfig):
    name = "virtual_school.voice"

    def ready(self) -> None:
        """Django does not know most of the languages that arrive, and labels Dari as Persian."""
        for code, info in for_django().items():
            LANG_INFO.setdefault(code, info)
