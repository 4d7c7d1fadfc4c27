from django.urls import path

from . import views_marking

app_name = "attendance"
urlpatterns = [
    path("attendance/registers/", views_marking.registers, name="registers"),
    path("attendance/registers/<int:urn>/", views_marking.marks, name="marks"),
]
