from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "virtual_school.access"

    def ready(self) -> None:
        from . import sign_ins

        sign_ins.connect()
