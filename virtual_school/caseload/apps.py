from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "virtual_school.caseload"
