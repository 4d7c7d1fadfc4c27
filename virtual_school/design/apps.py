from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "virtual_school.design"
    label = "design"
