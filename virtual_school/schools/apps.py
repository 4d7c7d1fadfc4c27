from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    name = "virtual_school.schools"
