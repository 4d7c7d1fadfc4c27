from django.urls import URLPattern, path

from . import views_calls, views_chase, views_marking, views_places

CALLS, CHASE, AT_PLACE = "attendance/calls", "attendance/missing", "places/<uuid:public_id>"
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
    # The same of places that are not on the register, whose name may say too much to stand in an address.
    path(f"{CALLS}/{AT_PLACE}/", views_calls.call, name="call_at_place"),
    path(f"{CALLS}/{AT_PLACE}/ring/", views_calls.ring, name="call_ring_at_place"),
    path(f"{CALLS}/{AT_PLACE}/contact/", views_places.contact, name="contact_at_place"),
    path(f"{CALLS}/{AT_PLACE}/marks/", views_marking.marks_at_place, name="marks_at_place"),
    path(f"{CHASE}/{AT_PLACE}/", views_chase.chase_school, name="chase_school_at_place"),
    path(f"{CHASE}/{AT_PLACE}/not-expected/", views_chase.not_expected, name="not_expected_at_place"),
]
