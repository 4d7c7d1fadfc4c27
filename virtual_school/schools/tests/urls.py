"""The service's addresses with the schools' pages among them, whatever the order in which apps join."""

from django.urls import include, path

from config import urls as service

urlpatterns = [path("", include("virtual_school.schools.urls")), *service.urlpatterns]
