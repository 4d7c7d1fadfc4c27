from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "virtual_school.authorities"
