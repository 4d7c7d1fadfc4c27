from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

LAST_APP_WITH_MODELS = "procrastinate"


class IdentityConfig(AppConfig):
    name = "virtual_school.identity"

    def ready(self) -> None:
        from .rights import apply_rights

        post_migrate.connect(apply_rights, sender=apps.get_app_config(LAST_APP_WITH_MODELS))
