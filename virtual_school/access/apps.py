from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "virtual_school.access"
