"""Two append-only streams: what was done, and who looked at whom. They hold ids and labels, never keys to
live data, so that a log neither blocks nor changes it. A third, `Change`, is written by the database itself."""

from django.db import models


class Change(models.Model):
    """One row changed by one statement (`identity.record_change`). `before` holds what it said before:
    the changed columns of an update, the whole row of a delete, nothing for an insert."""

    authority_id = models.IntegerField(null=True)
    child_id = models.BigIntegerField(null=True)
    table_name = models.TextField()
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    before = models.JSONField(null=True)
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    context = models.UUIDField(null=True)
    action = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["authority_id", "child_id", "at"], name="change_of_child"),
            models.Index(fields=["context"], name="change_in_context"),
            models.Index(fields=["table_name", "row_id"], name="change_of_row"),
        ]


class Event(models.Model):
    """Something a person or the service did: signing in, a refusal, an import applied, a policy changed."""

    authority_id = models.IntegerField(null=True)
    child_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    role = models.TextField(blank=True, default="")
    action = models.TextField()
    details = models.JSONField(default=dict)
    context = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority_id", "at"], name="event_of_authority"),
            models.Index(fields=["authority_id", "child_id", "at"], name="event_of_child"),
        ]


class Read(models.Model):
    """Somebody opened a child's record."""

    authority_id = models.IntegerField()
    child_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    role = models.TextField(blank=True, default="")
    page = models.TextField()
    why = models.TextField(blank=True, default="")
    context = models.UUIDField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority_id", "child_id", "at"], name="read_of_child"),
            models.Index(fields=["person_id", "at"], name="read_by_person"),
        ]
