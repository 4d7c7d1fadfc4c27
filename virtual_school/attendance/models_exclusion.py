"""Suspension and permanent exclusion: the school's notice, who was told of it, and what came of it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School


class Suspension(ChildRecord):
    """As the school gave notice of it. `starts` is the first day out, of a permanent exclusion the day it took
    place; `back_on` the first day back."""

    class Category(models.TextChoices):
        SUSPENSION = "SUSP", "Suspension"
        PERMANENT = "PERM", "Permanent exclusion"
        LUNCHTIME = "LNCH", "Lunchtime suspension"

    class Decision(models.TextChoices):
        UPHELD = "upheld", "The child does not come back"
        REINSTATED = "reinstated", "The child comes back"

    class Review(models.TextChoices):
        UPHELD = "upheld", "The decision stands"
        RECOMMENDS = "recommends", "The governors are asked to think again"
        QUASHED = "quashed", "The decision is quashed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    provision = models.TextField(blank=True, default="", help_text="name of a place not on the register")
    category = models.CharField(max_length=4, choices=Category)
    decided_on = models.DateField()
    starts = models.DateField()
    back_on = models.DateField(null=True, blank=True)
    sessions = models.PositiveSmallIntegerField(default=0, help_text="half days; a lunchtime counts as one")
    reasons = ArrayField(models.CharField(max_length=2), default=list, blank=True, size=3)
    words = models.TextField(blank=True, default="", help_text="what happened, as the school tells it")
    exam_lost = models.BooleanField(default=False, help_text="a public examination or national test")
    notified_at = models.DateTimeField(default=timezone.now, help_text="when the virtual school had the notice")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    is_from_school = models.BooleanField(default=True, help_text="the school recorded it here itself")
    representations_on = models.DateField(null=True, blank=True)
    work_set_on = models.DateField(null=True, blank=True)
    invited_on = models.DateField(null=True, blank=True)
    governors_on = models.DateField(null=True, blank=True)
    governors_decision = models.CharField(max_length=10, choices=Decision, blank=True, default="")
    decision_told_on = models.DateField(null=True, blank=True)
    review_asked_on = models.DateField(null=True, blank=True)
    review_invited_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    review_decision = models.CharField(max_length=10, choices=Review, blank=True, default="")
    review_told_on = models.DateField(null=True, blank=True)
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_why = models.TextField(blank=True, default="")
    cancellation_told_on = models.DateField(null=True, blank=True)
    returned_on = models.DateField(null=True, blank=True, help_text="taken back after it was cancelled or reinstated")
    checked_on = models.DateField(null=True, blank=True)
    check_note = models.TextField(blank=True, default="")
    checked_by_name = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "child", "starts"], name="suspension_of_child"),
            models.Index(fields=["authority", "starts"], name="suspension_in_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gt=F("starts")), name="suspension_in_order"
            ),
            models.UniqueConstraint(
                fields=["authority", "child", "starts", "category"],
                condition=Q(cancelled_on__isnull=True),
                name="one_suspension_a_day",
            ),
            models.UniqueConstraint(fields=["authority", "id"], name="suspension_in_authority"),
        ]


class SuspensionTold(ChildRecord):
    """That somebody was told of it: here, with the times they were told and first read it, or in another way."""

    class How(models.TextChoices):
        HERE = "here", "Here, with a message"
        ANOTHER_WAY = "other", "Another way"

    suspension = models.ForeignKey(Suspension, models.CASCADE, db_constraint=False, related_name="told")
    role = models.CharField(max_length=30)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField(blank=True, default="")
    how = models.CharField(max_length=5, choices=How, default=How.HERE)
    told_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["told_at", "id"]
        indexes = [models.Index(fields=["authority", "suspension"], name="told_of_suspension")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "suspension", "person", "role"],
                condition=Q(person__isnull=False),
                name="told_once_here",
            )
        ]


class SuspensionLetter(ChildRecord):
    """A letter about it, kept under a random name; the name it was sent with is only text."""

    suspension = models.ForeignKey(Suspension, models.CASCADE, db_constraint=False, related_name="letters")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        max_length=12,
        choices={"notice": "The notice", "cancelled": "That it is cancelled", "decision": "A decision"},
        default="notice",
    )
    name = models.TextField()
    stored_as = models.TextField()
    content_type = models.TextField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["authority", "suspension"], name="letter_of_suspension")]


class RiskMeeting(ChildRecord):
    """School and virtual school met, before it came to an exclusion, about what else would help."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField()
    who = models.TextField(blank=True, default="")
    weighed = models.TextField(help_text="what was weighed and agreed")
    next_on = models.DateField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["authority", "child", "on"], name="risk_meeting_of_child")]
