"""Authorities, whom they appointed, their calendars and their policy."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


def days(starts: str = "starts", ends: str = "ends") -> Func:
    """The days from one column up to, but not including, the other, as a range."""
    return Func(F(starts), F(ends), Value("[)"), function="daterange", output_field=DateRangeField())


class Authority(models.Model):
    """A local authority that uses this service. `code` is the Department for Education's three digits."""

    code = models.IntegerField(primary_key=True)
    name = models.TextField()
    gss_code = models.CharField(max_length=9, blank=True, default="")
    region = models.TextField(blank=True, default="")
    is_invented = models.BooleanField(default=False, help_text="made by the demo: no real child is in it")
    colour = models.CharField(max_length=7, default="#0d4a52")
    label_for_children = models.TextField(default="children in care")
    duties_worked_out_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """An officer appointed under the Children Act 1989 or nominated under its regulations.

    `post` tells job shares apart; one post has one holder at a time.
    """

    class Kind(models.TextChoices):
        VIRTUAL_SCHOOL_HEAD = "virtual_school_head", "Virtual school head (looked-after children)"
        PREVIOUSLY_LOOKED_AFTER = "previously_looked_after", "Officer for previously looked-after children"
        NOMINATED_OFFICER = "nominated_officer", "Nominated officer"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="appointments")
    kind = models.CharField(max_length=30, choices=Kind)
    post = models.PositiveSmallIntegerField(default=1)
    name = models.TextField()
    email = models.EmailField(blank=True, default="")
    telephone = models.TextField(blank=True, default="")
    employer = models.TextField(help_text="the local authority that employs this officer")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="appointment_in_order"
            ),
            ExclusionConstraint(
                name="one_holder_of_a_post",
                expressions=[
                    (F("authority"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (F("post"), RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Somebody else holds this post on some of these days. End that first.",
            ),
        ]


class PolicyVersion(models.Model):
    """The council's own choices from a day on: only what differs from the register's defaults."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="policy_versions")
    starts = models.DateField()
    choices = models.JSONField(default=dict)
    why = models.TextField(blank=True, default="")
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts", "-id"]
        constraints = [models.UniqueConstraint(fields=["authority", "starts"], name="one_policy_a_day")]


class TermDates(models.Model):
    """A term, or days within terms on which schools are closed, of an authority's schools or of one school.

    Both days are included.
    """

    class Kind(models.TextChoices):
        TERM = "term", "Term"
        HOLIDAY = "holiday", "Holiday or half term"
        CLOSURE = "closure", "Staff training or closure"

    la_code = models.IntegerField(null=True)
    urn = models.IntegerField(null=True)
    academic_year = models.CharField(max_length=7)
    kind = models.CharField(max_length=8, choices=Kind)
    label = models.TextField()
    starts = models.DateField()
    ends = models.DateField()
    source = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["starts"]
        verbose_name_plural = "term dates"
        constraints = [
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="termdates_in_order"),
            models.CheckConstraint(
                condition=Q(la_code__isnull=False, urn__isnull=True) | Q(la_code__isnull=True, urn__isnull=False),
                name="termdates_of_one_calendar",
            ),
            models.UniqueConstraint(
                fields=["la_code", "urn", "kind", "starts"], name="termdates_once", nulls_distinct=False
            ),
        ]


class BankHoliday(models.Model):
    """In England and Wales."""

    on = models.DateField(primary_key=True)
    title = models.TextField()

    class Meta:
        ordering = ["on"]
