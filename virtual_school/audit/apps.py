from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "virtual_school.audit"
