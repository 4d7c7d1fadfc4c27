from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "virtual_school.children"

    def ready(self) -> None:
        from virtual_school.access.actions import ON_ROLE_ENDED

        from .tasks import when_role_ended

        ON_ROLE_ENDED.append(when_role_ended)
