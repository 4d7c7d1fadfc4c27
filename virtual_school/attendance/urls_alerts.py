from django.urls import URLPattern, path

from . import views_alert_rules, views_alerts

ALERT = "attendance/alerts/<uuid:public_id>"
urlpatterns: list[URLPattern] = [
    path("attendance/alerts/", views_alerts.alerts, name="alerts"),
    path("attendance/alerts/download/", views_alerts.download, name="alerts_download"),
    path("attendance/alerts/rules/", views_alert_rules.rules, name="alert_rules"),
    path("attendance/alerts/rules/<slug:rule>/", views_alert_rules.change, name="alert_rule"),
    path(f"{ALERT}/", views_alerts.alert, name="alert"),
    path(f"{ALERT}/close/", views_alerts.alert_close, name="alert_close"),
    path(f"{ALERT}/actions/add/", views_alerts.action_add, name="alert_action_add"),
    path(f"{ALERT}/<slug:kind>/", views_alerts.step, name="alert_step"),
    path("attendance/actions/<uuid:public_id>/", views_alerts.action_done, name="alert_action_done"),
    path("account/messages/", views_alerts.mail, name="mail"),
]
