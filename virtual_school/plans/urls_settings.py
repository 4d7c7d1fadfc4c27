from django.urls import path

from . import views_settings_draft as draft
from . import views_settings_policy as policy
from . import views_settings_templates as forms

FORM = "plans/forms/<slug:phase>/<int:version>"
SECTION = f"{FORM}/sections/<slug:key>"
urlpatterns = [
    path("plans/forms/", forms.templates, name="templates"),
    path("plans/forms/<slug:phase>/start/", forms.start, name="template_start"),
    path(f"{FORM}/", forms.template, name="template"),
    path(f"{FORM}/preview/", forms.template_preview, name="template_preview"),
    path(f"{FORM}/contents/", forms.contents, name="template_contents"),
    path(f"{FORM}/compare/", forms.compare, name="template_compare"),
    path(f"{FORM}/blank/", forms.template_blank, name="template_blank"),
    path(f"{FORM}/move/", draft.move, name="template_move"),
    path(f"{FORM}/undo/", draft.undo, name="template_undo"),
    path(f"{FORM}/discard/", draft.discard, name="template_discard"),
    path(f"{FORM}/put-in-force/", draft.into_force, name="template_put_in_force"),
    path(f"{FORM}/take-back/", draft.taken_back, name="template_take_back"),
    path(f"{SECTION}/", forms.section_of_template, name="template_section"),
    path(f"{SECTION}/change/", draft.change_section, name="template_change_section"),
    path(f"{SECTION}/add/", draft.add_question, name="template_add"),
    path(f"{SECTION}/questions/<slug:name>/", draft.change_field, name="template_field"),
    path("plans/policy/", policy.plan_policy_page, name="policy"),
    path("plans/policy/change/<slug:part>/", policy.change, name="policy_change"),
    path("plans/policy/rights/<slug:role>/", policy.change_rights, name="policy_rights"),
    path("plans/policy/<int:pk>/undo/", policy.undo, name="policy_undo"),
    path("plans/policy/<int:pk>/withdraw/", policy.withdraw, name="policy_withdraw"),
]
