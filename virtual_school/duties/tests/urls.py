"""The service's addresses with these pages among them, whatever the order in which apps join."""

from django.urls import include, path

from config import urls as service

OURS = [
    path("", include("virtual_school.schools.urls")),
    path("", include("virtual_school.duties.urls")),
]
urlpatterns = [*OURS, *service.urlpatterns]
