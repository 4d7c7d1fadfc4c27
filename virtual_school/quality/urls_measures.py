from django.urls import path

from . import measures_export as export
from . import views_measures as views

urlpatterns = [
    path("measures/", views.measures, name="measures"),
    path("measures/download/", export.download, name="measures_download"),
    path("measures/freeze/", views.freeze_term, name="freeze"),
    path("measures/<slug:id_>/", views.measure, name="measure"),
    path("measures/<slug:id_>/download/", export.download_children, name="measure_download"),
]
