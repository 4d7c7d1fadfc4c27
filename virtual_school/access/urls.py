from django.urls import path, re_path

from . import views_account, views_people

app_name = "access"
urlpatterns = [
    re_path(r"^colours/(?P<colour>[0-9a-f]{6})\.css$", views_account.colours, name="colours"),
    path("accounts/second-factor/", views_account.second_factor, name="second_factor"),
    path("accounts/invitation/<str:token>/", views_account.accept_invitation, name="accept_invitation"),
    path("accounts/demonstration/<uuid:public_id>/", views_account.demo_sign_in, name="demo_sign_in"),
    path("account/", views_account.account, name="account"),
    path("account/roles/", views_account.roles, name="roles"),
    path("people/", views_people.people, name="people"),
    path("people/invite/", views_people.invite_person, name="invite"),
    path("people/<uuid:public_id>/", views_people.person_detail, name="person_detail"),
    path("people/<uuid:public_id>/give-role/", views_people.give_role, name="give_role"),
    path("people/<uuid:public_id>/end-sessions/", views_people.end_sessions, name="end_sessions"),
    path("people/<uuid:public_id>/start-afresh/", views_people.start_afresh, name="start_afresh"),
    path("people/<uuid:public_id>/invite-again/", views_people.invite_again, name="invite_again"),
    path("people/<uuid:public_id>/cancel-invitation/", views_people.cancel_invitation, name="cancel_invitation"),
    path("people/roles/<int:pk>/end/", views_people.end_role, name="end_role"),
    path("people/roles/<int:pk>/give-back/", views_people.give_back_role, name="give_back_role"),
]
