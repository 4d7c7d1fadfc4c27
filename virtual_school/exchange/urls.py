from django.urls import path, register_converter

from . import views

app_name = "exchange"


class SheetKind:
    regex = "enrolments|plans|attendance"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SheetKind, "sheet_kind")

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.new, name="new"),
    path("imports/template/<sheet_kind:kind>.csv", views.template, name="template"),
    path("imports/<uuid:public_id>/", views.one, name="import"),
    path("imports/<uuid:public_id>/rows/", views.rows, name="rows"),
    path("imports/<uuid:public_id>/left-out.csv", views.rejected, name="rejected"),
    path("imports/<uuid:public_id>/apply/", views.apply, name="apply"),
    path("imports/<uuid:public_id>/discard/", views.discard, name="discard"),
    path("imports/<uuid:public_id>/undo/", views.undo, name="undo"),
    path("imports/<uuid:public_id>/columns/", views.columns, name="columns"),
    path("imports/<uuid:public_id>/again/", views.again, name="again"),
]
