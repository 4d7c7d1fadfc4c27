from django.urls import path

from . import authority_views, policy_views, public_views, term_views, views

app_name = "duties"
urlpatterns = [
    path("register/", views.duty_register, name="register"),
    path("register/<str:duty_id>/", views.one_duty, name="duty"),
    path("appointments/", authority_views.appointments, name="appointments"),
    path("appointments/add/", authority_views.add_appointment, name="add_appointment"),
    path("appointments/<int:pk>/end/", authority_views.end_appointment, name="end_appointment"),
    path("appointments/<int:pk>/undo/", authority_views.undo_appointment, name="undo_appointment"),
    path("appointments/<int:pk>/reopen/", authority_views.reopen_appointment, name="reopen_appointment"),
    path("policy/", policy_views.policy, name="policy"),
    path("policy/change/", policy_views.change_policy, name="change_policy"),
    path("policy/<int:pk>/undo/", policy_views.undo_policy, name="undo_policy"),
    path("policy/<int:pk>/withdraw/", policy_views.withdraw_policy, name="withdraw_policy"),
    path("policy/appearance/", policy_views.appearance, name="appearance"),
    path("term-dates/", term_views.term_dates, name="term_dates"),
    path("term-dates/add/", term_views.add_dates, name="add_dates"),
    path("term-dates/load/", term_views.load_dates, name="load_dates"),
    path("term-dates/put-back/", term_views.put_back_dates, name="put_back_dates"),
    path("term-dates/<int:pk>/", term_views.change_dates, name="change_dates"),
    path("term-dates/<int:pk>/remove/", term_views.remove_dates, name="remove_dates"),
    path("help/", public_views.help_page, name="help"),
    path("accessibility/", public_views.accessibility, name="accessibility"),
    path("privacy/", public_views.privacy, name="privacy"),
    path("attributions/", public_views.attributions, name="attributions"),
]
