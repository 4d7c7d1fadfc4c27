from django.urls import path

from . import views_actions, views_costs, views_meeting, views_meeting_people, views_meeting_room, views_targets

PLAN = "plans/<uuid:public_id>"
MEETING = f"{PLAN}/meeting"
TARGETS = f"{PLAN}/targets"
urlpatterns = [
    path(f"{MEETING}/", views_meeting.meeting, name="meeting"),
    path(f"{MEETING}/arrange/", views_meeting.arrange_meeting, name="meeting_arrange"),
    path(f"{MEETING}/change/", views_meeting.change_meeting, name="meeting_change"),
    path(f"{MEETING}/cancel/", views_meeting.cancel_meeting, name="meeting_cancel"),
    path(f"{MEETING}/calendar/", views_meeting.calendar, name="meeting_calendar"),
    path(f"{MEETING}/record/", views_meeting.record_meeting, name="meeting_record"),
    path(f"{MEETING}/people/", views_meeting_people.people, name="meeting_people"),
    path(f"{MEETING}/people/<int:pk>/apologies/", views_meeting_people.apologies, name="meeting_apologies"),
    path(f"{MEETING}/people/<int:pk>/coming/", views_meeting_people.coming, name="meeting_coming"),
    path(f"{MEETING}/people/<int:pk>/remove/", views_meeting_people.remove, name="meeting_uninvite"),
    path(f"{MEETING}/room/", views_meeting_room.room, name="meeting_room"),
    path(f"{MEETING}/room/<slug:step>/", views_meeting_room.room, name="meeting_step"),
    path(f"{TARGETS}/", views_targets.targets, name="targets"),
    path(f"{TARGETS}/add/", views_targets.add, name="target_add"),
    path(f"{TARGETS}/<uuid:target_id>/", views_targets.change, name="target"),
    path(f"{TARGETS}/<uuid:target_id>/judge/", views_targets.judge_target, name="target_judge"),
    path(f"{TARGETS}/<uuid:target_id>/smaller/", views_targets.smaller, name="target_smaller"),
    path(f"{TARGETS}/<uuid:target_id>/remove/", views_targets.remove, name="target_remove"),
    path(f"{TARGETS}/<uuid:target_id>/costs/add/", views_costs.add, name="cost_add"),
    path(f"{TARGETS}/<uuid:target_id>/costs/<int:pk>/", views_costs.change, name="cost"),
    path(f"{TARGETS}/<uuid:target_id>/costs/<int:pk>/remove/", views_costs.remove, name="cost_remove"),
    path("actions/", views_actions.actions, name="actions"),
    path("children/<uuid:public_id>/actions/", views_actions.of_child, name="child_actions"),
    path("actions/<uuid:action_id>/", views_actions.action, name="action"),
    path("actions/<uuid:action_id>/reopen/", views_actions.reopen, name="action_reopen"),
]
