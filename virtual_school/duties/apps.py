from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "virtual_school.duties"
