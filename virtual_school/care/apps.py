from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "virtual_school.care"
