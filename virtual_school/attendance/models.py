"""Registers: what was marked, where it came from, and what was held before (decision 0005)."""

from django.db import models

from virtual_school.authorities.models import Authority
from virtual_school.children.models import ChildRecord

from .models_alerts import AlertMail, AttendanceAction, AttendanceAlert, AttendanceAlertStep
from .models_calls import (
    CallAnswer,
    CallClaim,
    DayNotExpected,
    MarksAsked,
    PlaceContact,
    SchoolCall,
    UnregisteredPlace,
)
from .models_exclusion import RiskMeeting, Suspension, SuspensionLetter, SuspensionTold
from .models_provision import EducationStep, Provision, ProvisionReview

__all__ = [
    "AlertMail",
    "AttendanceAction",
    "AttendanceAlert",
    "AttendanceAlertStep",
    "CallAnswer",
    "CallClaim",
    "ColumnLayout",
    "DayNotExpected",
    "Delivery",
    "EarlierMark",
    "EducationStep",
    "MarkedDay",
    "MarksAsked",
    "MonthSums",
    "PlaceContact",
    "Provision",
    "ProvisionReview",
    "RiskMeeting",
    "SchoolCall",
    "SessionTotals",
    "Suspension",
    "SuspensionLetter",
    "SuspensionTold",
    "UnregisteredPlace",
]


class Delivery(models.Model):
    """Marks that came in together. It says whose they are and when they came; it names no child."""

    class Source(models.TextChoices):
        FILE = "file", "File from a school's system"
        API = "api", "Sent by a school's system"
        PAGE = "page", "Typed by the school"
        PHONE = "phone", "Told to the virtual school"
        UNDO = "undo", "Taken back"

    id = models.AutoField(primary_key=True)
    source = models.CharField(max_length=5, choices=Source)
    sender = models.TextField(blank=True, default="", help_text="the school or system, as it calls itself")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    context = models.UUIDField(null=True, help_text="of the request, or the public id of the import")
    received_at = models.DateTimeField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["context"], name="delivery_in_context")]
        verbose_name_plural = "deliveries"


class MarkedDay(ChildRecord):
    """A child's day at one school: a mark for each session, "" where there is none.

    A table in parts, one a school year (migration 0001). `urn` 0: a place that is not on the register. `am_from`
    is the delivery that the mark came with. `am_counts` is false where another school's mark for the session
    counts instead (dual registration).
    """

    pk = models.CompositePrimaryKey("authority", "child", "day", "urn")
    urn = models.IntegerField(default=0)
    day = models.DateField()
    am_from = models.IntegerField(default=0)
    pm_from = models.IntegerField(default=0)
    am_minutes = models.SmallIntegerField(default=0, help_text="late")
    pm_minutes = models.SmallIntegerField(default=0)
    am_counts = models.BooleanField(default=True)
    pm_counts = models.BooleanField(default=True)
    am = models.CharField(max_length=2, blank=True, default="")
    pm = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        indexes: list[models.Index] = []


class EarlierMark(ChildRecord):
    """A mark that does not stand: it was replaced, or it came from a source that gives way to the one held.

    Only added to. `by_delivery` is the delivery whose mark stands instead.
    """

    class Why(models.TextChoices):
        REPLACED = "replaced", "A later mark took its place"
        GAVE_WAY = "gave_way", "The school's own mark stands"
        TAKEN_BACK = "taken_back", "The import or call was taken back"

    urn = models.IntegerField(default=0)
    day = models.DateField()
    session = models.CharField(max_length=2, choices={"am": "Morning", "pm": "Afternoon"})
    code = models.CharField(max_length=2, blank=True, default="")
    minutes = models.SmallIntegerField(default=0)
    from_delivery = models.IntegerField()
    by_delivery = models.IntegerField()
    why = models.CharField(max_length=10, choices=Why)

    class Meta:
        indexes = [models.Index(fields=["authority", "child", "day"], name="earliermark_of_child")]


class MonthSums(ChildRecord):
    """A child's sums of a calendar month, kept in step with the marks by `writing.recount`."""

    pk = models.CompositePrimaryKey("authority", "child", "month")
    month = models.DateField(help_text="its first day")
    possible = models.SmallIntegerField(default=0)
    present = models.SmallIntegerField(default=0)
    approved = models.SmallIntegerField(default=0)
    authorised = models.SmallIntegerField(default=0)
    unauthorised = models.SmallIntegerField(default=0)
    late_before_close = models.SmallIntegerField(default=0)
    late_after_close = models.SmallIntegerField(default=0)

    class Meta:
        indexes: list[models.Index] = []


class SessionTotals(ChildRecord):
    """Sums of a period as a school sent them, without the marks: from the school census or a common transfer file.

    Kept apart from what is counted from marks. `counts` is by code where the source gives it.
    """

    class Source(models.TextChoices):
        CENSUS = "census", "School census"
        TRANSFER = "transfer", "Common transfer file"

    source = models.CharField(max_length=8, choices=Source)
    period = models.CharField(max_length=20, help_text="2025 summer census; 2025/26")
    urn = models.IntegerField(default=0)
    possible = models.IntegerField(null=True)
    authorised = models.IntegerField(null=True)
    unauthorised = models.IntegerField(null=True)
    counts = models.JSONField(default=dict)
    doubt = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "source", "period", "urn"], name="one_sessiontotals_a_period"
            )
        ]
        verbose_name_plural = "session totals"


class ColumnLayout(models.Model):
    """Which of a sender's columns holds what, so that it is asked once."""

    authority = models.ForeignKey(Authority, models.CASCADE, db_constraint=False, related_name="+", db_index=False)
    sender = models.TextField()
    columns = models.JSONField(default=dict, help_text="our name of a column: theirs")
    by_name = models.TextField(blank=True, default="")
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "sender"], name="one_layout_a_sender")]
