from django.urls import URLPattern, path

from . import (
    views_provision,
    views_provisions,
    views_suspension,
    views_suspension_steps,
    views_suspensions,
    views_without,
    views_year,
)

CHILD = "children/<uuid:public_id>"
SUSPENSION = "attendance/suspensions/<uuid:public_id>"
PROVISION = "attendance/provision/<uuid:public_id>"
urlpatterns: list[URLPattern] = [
    path("attendance/without-education/", views_without.without, name="without_education"),
    path("attendance/without-education/download/", views_without.download, name="without_education_download"),
    path("attendance/suspensions/", views_suspensions.suspensions, name="suspensions"),
    path("attendance/suspensions/download/", views_suspensions.download, name="suspensions_download"),
    path("attendance/suspensions/new/", views_suspension.choose, name="choose_pupil"),
    path(f"{SUSPENSION}/", views_suspension.suspension, name="suspension"),
    path(f"{SUSPENSION}/letters/<uuid:letter_id>/", views_suspension.letter, name="suspension_letter"),
    path(f"{SUSPENSION}/<slug:step>/", views_suspension_steps.step, name="suspension_step"),
    path("attendance/provision/", views_provisions.provisions, name="provisions"),
    path("attendance/provision/download/", views_provisions.download, name="provisions_download"),
    path(f"{PROVISION}/", views_provision.provision, name="provision"),
    path(f"{PROVISION}/change/", views_provision.change, name="provision_change"),
    path(f"{PROVISION}/review/", views_provision.review, name="provision_review"),
    path(f"{PROVISION}/end/", views_provision.end, name="provision_end"),
    path(f"{CHILD}/attendance/", views_year.of_child, name="of_child"),
    path(f"{CHILD}/attendance/download/", views_year.download, name="of_child_download"),
    path(f"{CHILD}/suspend/", views_suspension.suspend, name="suspend"),
    path(f"{CHILD}/risk-of-exclusion/", views_suspension_steps.risk_meeting, name="risk_meeting"),
    path(f"{CHILD}/provision/add/", views_provision.add, name="provision_add"),
    path(f"{CHILD}/education-step/", views_without.education_step, name="education_step"),
]
