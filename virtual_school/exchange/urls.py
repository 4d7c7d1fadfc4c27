from django.urls import path, register_converter

from . import views, views_tokens

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
    path("systems/", views_tokens.tokens, name="tokens"),
    path("systems/new/", views_tokens.new, name="new_token"),
    path("systems/switch-off/", views_tokens.withdraw_all, name="withdraw_all_tokens"),
    path("systems/<uuid:public_id>/withdraw/", views_tokens.withdraw, name="withdraw_token"),
]
