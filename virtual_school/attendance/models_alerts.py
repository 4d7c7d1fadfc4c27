"""Alerts about attendance: what was seen, whose it is to see to, what was done, and what came of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School


class AttendanceAlert(ChildRecord):
    """Raised once an occasion (`alert_rules`). `as_of` is the day it was asked of and `numbers` the policy then, so
    that it can be asked again: one that corrected marks no longer bear out is withdrawn."""

    class State(models.TextChoices):
        OPEN = "open", "To see to"
        ACKNOWLEDGED = "acknowledged", "In hand"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Outcome(models.TextChoices):
        BACK = "back", "Back in school"
        EXPLAINED = "explained", "There is a good reason"
        PLAN = "plan", "A plan is agreed, and followed elsewhere"
        REFERRED = "referred", "Given to another service"
        NOTHING = "nothing", "Nothing more to be done"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField(max_length=10)
    occasion = models.CharField(max_length=30)
    as_of = models.DateField()
    numbers = models.JSONField(default=dict)
    reasons = models.JSONField(default=list, help_text="in plain sentences, as it was when it was raised")
    urgency = models.PositiveSmallIntegerField(default=0, help_text="less is more urgent")
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    to_role = models.CharField(max_length=30, help_text="whose it is to see to, until somebody takes it")
    then_role = models.CharField(max_length=30, blank=True, default="")
    answer_by = models.DateField(null=True, blank=True, help_text="left unseen after this day, it goes further")
    raised_at = models.DateTimeField(default=timezone.now)
    escalated_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.TextField(blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="closed or withdrawn")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    outcome_words = models.TextField(blank=True, default="", help_text="or why it was withdrawn")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "child", "state"], name="attendancealert_of_child"),
            models.Index(fields=["authority", "state"], name="attendancealert_in_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "rule", "occasion"],
                condition=~Q(state="withdrawn"),
                name="one_alert_an_occasion",
            ),
            models.UniqueConstraint(fields=["authority", "id"], name="attendancealert_in_authority"),
        ]


class AttendanceAlertStep(ChildRecord):
    """Who did what with it, and when. Nobody: the service itself."""

    class Kind(models.TextChoices):
        RAISED = "raised", "Raised"
        GIVEN_ON = "given_on", "Given on"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        TAKEN_OVER = "taken_over", "Taken over"
        ACTION = "action", "Action agreed"
        DONE = "done", "Action done"
        CLOSED = "closed", "Closed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    alert = models.ForeignKey(AttendanceAlert, models.CASCADE, db_constraint=False, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.TextField(blank=True, default="")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["authority", "alert"], name="step_of_attendancealert")]


class AttendanceAction(ChildRecord):
    """What somebody does about an alert, by when, and what came of it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(AttendanceAlert, models.CASCADE, db_constraint=False, related_name="actions")
    what = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.TextField()
    by_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True, default="")
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["by_on", "id"]
        indexes = [models.Index(fields=["authority", "child", "done_on"], name="attendanceaction_of_child")]


class AlertMail(models.Model):
    """Whether a person wants the day's message that there is something to read, and when they last had one."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_wanted = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True, blank=True)
