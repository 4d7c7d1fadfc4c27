from django.urls import path

from . import views_cohort, views_marking, views_today
from .urls_alerts import urlpatterns as of_alerts
from .urls_calls import urlpatterns as of_calls
from .urls_exclusion import urlpatterns as of_exclusion

app_name = "attendance"
urlpatterns = [
    path("attendance/", views_today.today, name="today"),
    path("attendance/download/", views_today.download, name="today_download"),
    path("attendance/over-time/", views_cohort.group, name="group"),
    path("attendance/over-time/download/", views_cohort.group_download, name="group_download"),
    path("attendance/schools/<int:urn>/", views_cohort.school, name="school"),
    path("attendance/schools/<int:urn>/download/", views_cohort.school_download, name="school_download"),
    path("attendance/registers/", views_marking.registers, name="registers"),
    path("attendance/registers/<int:urn>/", views_marking.marks, name="marks"),
    *of_alerts,
    *of_calls,
    *of_exclusion,
]
