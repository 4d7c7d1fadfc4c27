from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "virtual_school.plans"
