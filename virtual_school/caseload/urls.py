from django.urls import path

from . import children, done, due, evidence, history, names, people, record, school_and_care, today

app_name = "caseload"
CHILD = "children/<uuid:public_id>"
urlpatterns = [
    path("", today.today, name="today"),
    path("due/", due.due, name="due"),
    path("due/download/", due.due_export, name="due_export"),
    path("children/", children.children, name="children"),
    path("children/find/", children.search, name="search"),
    path("children/download/", children.children_export, name="children_export"),
    path(f"{CHILD}/", record.child, name="child"),
    path(f"{CHILD}/school-and-care/", school_and_care.school_and_care, name="child_school_and_care"),
    path(f"{CHILD}/people/", people.people, name="child_people"),
    path(f"{CHILD}/people/add/", people.add, name="person_add"),
    path(f"{CHILD}/people/<int:pk>/end/", people.end, name="person_end"),
    path(f"{CHILD}/people/<int:pk>/undo/", people.undo, name="person_undo"),
    path(f"{CHILD}/history/", history.history, name="child_history"),
    path(f"{CHILD}/done/<str:duty>/", evidence.evidence, name="evidence"),
    path(f"{CHILD}/done/<int:pk>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path(f"{CHILD}/name/", names.names, name="names"),
    path(f"{CHILD}/who-may-see/", names.sensitive, name="sensitive"),
    path("done/", done.done, name="done"),
]
