from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "virtual_school.voice"
