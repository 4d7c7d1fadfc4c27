from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "virtual_school.children"
