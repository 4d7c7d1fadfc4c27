from django.urls import path

from . import views_own_plan

urlpatterns = [
    path("my-plan/", views_own_plan.my_plan, name="my_plan"),
    path("my-plan/<uuid:public_id>/", views_own_plan.my_plan_of, name="my_plan_of"),
    path("my-plan/<uuid:public_id>/print/", views_own_plan.my_plan_file, name="my_plan_file"),
]
