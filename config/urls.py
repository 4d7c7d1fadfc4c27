from django.urls import include, path

from config import health
from virtual_school.access.views_account import address_is_fixed

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("", include("virtual_school.access.urls")),
    path("accounts/email/", address_is_fixed, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("", include("virtual_school.caseload.urls")),
    path("", include("virtual_school.exchange.urls")),
    path("api/v1/", include(("virtual_school.exchange.api.endpoints", "api"))),
    path("", include("virtual_school.quality.urls")),
    path("", include("virtual_school.plans.urls")),
    path("", include("virtual_school.attendance.urls")),
    path("", include("virtual_school.voice.urls")),
    path("", include("virtual_school.duties.urls")),
    path("", include("virtual_school.schools.urls")),
    path("", include("virtual_school.design.urls")),
]
