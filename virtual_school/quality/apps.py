from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "virtual_school.quality"

    def ready(self) -> None:
        from virtual_school.plans.beside import PARTS

        from .views_feedback import beside_plan

        PARTS.append(beside_plan)
