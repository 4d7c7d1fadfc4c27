from django.urls import path

from . import views_marking
from .urls_exclusion import urlpatterns as of_exclusion

app_name = "attendance"
urlpatterns = [
    path("attendance/registers/", views_marking.registers, name="registers"),
    path("attendance/registers/<int:urn>/", views_marking.marks, name="marks"),
    *of_exclusion,
]
