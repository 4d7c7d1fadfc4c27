from django.urls import URLPattern, path

from . import views_calls, views_chase

CALLS, CHASE = "attendance/calls", "attendance/missing"
urlpatterns: list[URLPattern] = [
    path(f"{CALLS}/", views_calls.calls, name="calls"),
    path(f"{CALLS}/download/", views_calls.download, name="calls_download"),
    path(f"{CALLS}/<int:urn>/", views_calls.call, name="call"),
    path(f"{CALLS}/<int:urn>/ring/", views_calls.ring, name="call_ring"),
    path(f"{CALLS}/<uuid:public_id>/strike-out/", views_calls.strike_out, name="call_strike"),
    path(f"{CHASE}/", views_chase.chase, name="chase"),
    path(f"{CHASE}/download/", views_chase.download, name="chase_download"),
    path(f"{CHASE}/<int:urn>/", views_chase.chase_school, name="chase_school"),
    path(f"{CHASE}/<int:urn>/not-expected/", views_chase.not_expected, name="not_expected"),
]
