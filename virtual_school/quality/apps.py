from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "virtual_school.quality"

    def ready(self) -> None:
        from virtual_school.plans.beside import PARTS
        from virtual_school.plans.blind import BLIND

        from .second_marks import to_do
        from .views_feedback import beside_plan

        PARTS.append(beside_plan)
        BLIND.append(to_do)
