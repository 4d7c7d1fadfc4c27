from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "virtual_school.demo"
