from django.urls import path

from . import views_writing_list, views_writing_people, views_writing_plan, views_writing_section

PLAN = "plans/<uuid:public_id>"
urlpatterns = [
    path("plans/", views_writing_list.plans, name="list"),
    path("plans/download/", views_writing_list.download, name="download"),
    path("plans/open/", views_writing_list.open_plans, name="open_term"),
    path("children/<uuid:public_id>/plans/", views_writing_plan.of_child, name="of_child"),
    path(f"{PLAN}/", views_writing_plan.plan, name="plan"),
    path(f"{PLAN}/compare/", views_writing_plan.compare, name="compare"),
    path(f"{PLAN}/two-versions/", views_writing_plan.settle_words, name="settle"),
    path(f"{PLAN}/sections/<slug:key>/", views_writing_section.section, name="section"),
    path(f"{PLAN}/sections/<slug:key>/save/", views_writing_section.autosave, name="autosave"),
    path(f"{PLAN}/sections/<slug:key>/open-again/", views_writing_section.reopen, name="reopen_section"),
    path(f"{PLAN}/colleagues/", views_writing_people.delegate_plan, name="delegate"),
    path(f"{PLAN}/colleagues/<int:pk>/end/", views_writing_people.end_delegate, name="delegate_end"),
    path(f"{PLAN}/colleagues/<int:pk>/undo/", views_writing_people.undo_end, name="delegate_undo"),
    path(f"{PLAN}/documents/", views_writing_people.documents, name="documents"),
    path(f"{PLAN}/documents/<uuid:document_id>/", views_writing_people.document, name="document"),
    path(f"{PLAN}/documents/<uuid:document_id>/remove/", views_writing_people.remove_document, name="document_remove"),
]
