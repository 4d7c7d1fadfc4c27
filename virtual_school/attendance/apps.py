from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "virtual_school.attendance"
