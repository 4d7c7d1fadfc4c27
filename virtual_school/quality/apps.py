from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "virtual_school.quality"
