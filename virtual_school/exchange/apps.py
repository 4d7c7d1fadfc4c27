from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "virtual_school.exchange"
