from django.urls import path

from . import (
    views_feedback,
    views_moderation,
    views_queue,
    views_rate,
    views_risk,
    views_rubric,
    views_schools,
    views_second,
)
from .urls_measures import urlpatterns as of_measures

app_name = "quality"
PLAN = "plans/<uuid:public_id>"
urlpatterns = [
    path("quality/", views_queue.queue, name="queue"),
    path("quality/first/", views_risk.first, name="first"),
    path(f"{PLAN}/rate/", views_rate.rate, name="rate"),
    path(f"{PLAN}/rate/result/", views_rate.finish, name="finish"),
    path(f"{PLAN}/feedback/", views_feedback.feedback, name="feedback"),
    path(f"{PLAN}/ask/", views_feedback.ask, name="ask"),
    path("quality/schools/", views_schools.schools, name="schools"),
    path("quality/schools/<int:urn>/", views_schools.school, name="school"),
    path("quality/own/", views_schools.own, name="own"),
    path("quality/second/", views_second.samples, name="samples"),
    path("quality/second/draw/", views_second.draw_page, name="draw"),
    path("quality/second/<uuid:public_id>/", views_second.second, name="second"),
    path("quality/samples/<uuid:public_id>/", views_second.sample, name="sample"),
    path("quality/moderation/", views_moderation.moderations, name="moderations"),
    path("quality/moderation/call/", views_moderation.call_page, name="call"),
    path("quality/moderation/<uuid:public_id>/", views_moderation.moderation, name="moderation"),
    path("quality/moderation/<uuid:public_id>/<int:pk>/", views_moderation.moderated, name="moderated"),
    path("quality/rubric/", views_rubric.rubrics, name="rubrics"),
    path("quality/rubric/start/", views_rubric.start, name="start"),
    path("quality/rubric/draft/", views_rubric.draft, name="draft"),
    path("quality/rubric/draft/add/", views_rubric.add_criterion, name="add_criterion"),
    path("quality/rubric/draft/rule/", views_rubric.rule, name="rule"),
    path("quality/rubric/draft/try/", views_rubric.try_draft, name="try"),
    path("quality/rubric/draft/put-in-force/", views_rubric.put, name="put"),
    path("quality/rubric/draft/discard/", views_rubric.discard, name="discard"),
    path("quality/phrases/", views_rubric.phrases, name="phrases"),
    path("quality/phrases/<int:pk>/switch/", views_rubric.switch, name="phrase_switch"),
    *of_measures,
]
