from django.urls import path

from . import (
    views_closing,
    views_closing_check,
    views_closing_copies,
    views_closing_received,
    views_closing_sign,
    views_without_meeting,
)
from .workflow import Step

PLAN = "plans/<uuid:public_id>"
urlpatterns = [
    *[
        path(f"{PLAN}/{str(step).replace('_', '-')}/", views_closing.step_view(step), name=str(step))
        for step in views_closing.PAGES
    ],
    path(f"{PLAN}/return/", views_closing_check.send_back, name=str(Step.RETURN)),
    path(f"{PLAN}/close/", views_closing.close, name="close"),
    path(f"{PLAN}/addendum/", views_closing.addendum, name="addendum"),
    path(f"{PLAN}/without-meeting/", views_without_meeting.without_meeting, name="without_meeting"),
    path(f"{PLAN}/with-meeting/", views_without_meeting.with_meeting, name="with_meeting"),
    path(f"{PLAN}/sign/", views_closing_sign.sign, name="sign"),
    path(f"{PLAN}/sign/take-back/", views_closing_sign.take_back, name="sign_take_back"),
    path(f"{PLAN}/print/", views_closing_copies.print_page, name="print"),
    path(f"{PLAN}/print/<slug:form>/", views_closing_copies.file, name="file"),
    path(f"{PLAN}/copies/<int:version>/<slug:form>/", views_closing_copies.copy, name="copy"),
    path(f"{PLAN}/blank/", views_closing_copies.blank, name="blank"),
    path("children/<uuid:public_id>/plans/receive/", views_closing_received.receive, name="receive"),
]
