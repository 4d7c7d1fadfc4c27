"""Programs that send or read attendance: what lets each in, how often it has called, what it was answered.

Read before anyone is known, so nothing here is about a child.
"""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from virtual_school.authorities.models import Authority


class Verb(models.TextChoices):
    WRITE = "attendance:write", "Send marks"
    READ = "attendance:read", "Read the sums of attendance"


class ApiToken(models.Model):
    """What a program shows to be let in. Only the hash of its secret is kept.

    It is for the children of one authority; with a `urn`, for the pupils of that school, whichever authority looks
    after them.
    """

    class Told(models.TextChoices):
        REGISTER = "register", "Taken from the school’s own register"
        CALLS = "calls", "Asked of schools by telephone"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="api_tokens")
    urn = models.IntegerField(null=True)
    name = models.TextField(help_text="what the program is called where its marks are shown")
    verbs = ArrayField(models.CharField(max_length=20, choices=Verb))
    told = models.CharField(max_length=8, choices=Told, default=Told.REGISTER)
    secret_hash = models.CharField(max_length=64, unique=True)
    begins = models.CharField(max_length=12, help_text="the secret's first characters, to know it by")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by_name = models.TextField(blank=True, default="")
    expires_on = models.DateField(help_text="the first day on which it no longer counts")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.TextField(blank=True, default="")
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name

    def is_open(self, day: date) -> bool:
        return self.withdrawn_at is None and day < self.expires_on


class ApiCalls(models.Model):
    """How often one token, or one address without a right token, has called in a minute."""

    key = models.TextField(primary_key=True)
    minute = models.DateTimeField()
    calls = models.IntegerField()

    class Meta:
        verbose_name_plural = "API calls"


class ApiAnswer(models.Model):
    """What a call with a key of its own was answered, so that the same call again gets the same answer.

    The answer tells of rows by their number; the call itself is kept as a hash.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key_hash = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    answer = models.BinaryField(default=b"", help_text="compressed")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key_hash"], name="one_answer_a_key")]
