from django.urls import path

from . import views, views_changes, views_dates_file

app_name = "schools"
TEACHER = "schools/<int:urn>/designated-teacher/"
urlpatterns = [
    path("schools/", views.school_list, name="list"),
    path("schools/download.csv", views.school_csv, name="csv"),
    path("schools/mine/", views.my_school, name="my_school"),
    path("schools/<int:urn>/", views.school, name="school"),
    path(TEACHER, views_changes.appoint, name="appoint"),
    path(f"{TEACHER}<int:pk>/end/", views_changes.end_appointment, name="end_appointment"),
    path(f"{TEACHER}<int:pk>/undo/", views_changes.undo_appointment, name="undo_appointment"),
    path(f"{TEACHER}<int:pk>/reopen/", views_changes.reopen, name="reopen"),
    path("schools/<int:urn>/dates/", views_changes.add_dates, name="add_dates"),
    path("schools/<int:urn>/dates/file/", views_dates_file.dates_file, name="dates_file"),
    path("schools/<int:urn>/dates/<int:pk>/remove/", views_changes.remove_dates, name="remove_dates"),
    path("schools/<int:urn>/dates/remove-all/", views_changes.drop_own_dates, name="drop_own_dates"),
]
