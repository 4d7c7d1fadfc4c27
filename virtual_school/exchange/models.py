"""What came in from outside: looked at first, then applied whole, or not at all."""

import uuid

from django.db import models

from virtual_school.authorities.models import Authority

from .models_api import ApiAnswer, ApiCalls, ApiToken

__all__ = ["ApiAnswer", "ApiCalls", "ApiToken", "Import", "StagedRow"]


class Import(models.Model):
    class Kind(models.TextChoices):
        SSDA903 = "ssda903", "Statutory return (SSDA903)"
        SCHOOLS = "schools", "Register of establishments"
        ENROLMENTS = "enrolments", "Who is on roll where"
        PLANS = "plans", "Dates of personal education plans"
        ATTENDANCE = "attendance", "Attendance registers"

    class State(models.TextChoices):
        READING = "reading", "Being read"
        REFUSED = "refused", "Could not be read"
        READY = "ready", "Ready to check"
        APPLYING = "applying", "Being applied"
        APPLIED = "applied", "Applied"
        UNDOING = "undoing", "Being taken back"
        UNDONE = "undone", "Taken back"
        DISCARDED = "discarded", "Discarded"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="imports", db_constraint=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    files = models.JSONField(default=list, help_text="of each: its name as sent, and the name it is kept under")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    started_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    counts = models.JSONField(
        default=dict, help_text="by table: rows_read, created, changed, ended, unchanged, rejected"
    )
    fingerprint = models.CharField(
        max_length=64, blank=True, default="", help_text="of what would be changed, as it was looked at"
    )
    collection_year = models.PositiveSmallIntegerField(null=True, help_text="of a return: the year it ends")
    notes = models.JSONField(default=list)
    refusal = models.TextField(blank=True, default="")
    options = models.JSONField(default=dict, help_text="of registers: sender, columns, headings of the file")
    upload = models.UUIDField(
        null=True, help_text="of a file about pupils of several authorities: shared by the imports it became"
    )
    apply_on_read = models.BooleanField(default=False)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["authority", "-started_at"], name="imports_of_authority")]


class StagedRow(models.Model):
    """One row of an import that would change something, or that is left out, or that needs a question answered."""

    class Kind(models.TextChoices):
        ENDED = "ended", "Ended"
        REJECTED = "rejected", "Left out"
        CHANGED = "changed", "Changed"
        CREATED = "created", "Created"
        MISSING = "missing", "Not in the file"
        WARNING = "warning", "To look at"

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    of_import = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    kind = models.CharField(max_length=8, choices=Kind)
    table = models.CharField(max_length=30)
    local_id = models.CharField(max_length=20, blank=True, default="")
    file = models.TextField(blank=True, default="")
    row = models.IntegerField(null=True)
    column = models.TextField(blank=True, default="")
    value = models.TextField(blank=True, default="")
    reason = models.TextField(blank=True, default="")
    fix = models.TextField(blank=True, default="")
    now = models.JSONField(default=dict, help_text="what is held, of what would change")
    new = models.JSONField(default=dict, help_text="what the file says")

    class Meta:
        indexes = [models.Index(fields=["of_import", "kind", "table"], name="stagedrow_of_import")]
