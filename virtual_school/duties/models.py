"""The answers of the rules, kept for fast lists. This table can be dropped and worked out again at any time."""

from django.db import models

from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child


class StandingObligation(models.Model):
    """One obligation as the facts have it. Whether an open one is upcoming, due soon or overdue follows from
    `due_on`, `soon_from` and the day it is read (`duties.queries`), not from the day it was worked out."""

    class State(models.TextChoices):
        OPEN = "open", "To do"
        MET = "met", "Met"
        MET_LATE = "met_late", "Met late"
        NOT_KNOWN = "not_known", "Not known"
        NOT_APPLICABLE = "not_applicable", "Does not apply"

    authority = models.ForeignKey(Authority, models.CASCADE, db_constraint=False, related_name="+", db_index=False)
    child = models.ForeignKey(
        Child, models.CASCADE, db_constraint=False, related_name="obligations", db_index=False, null=True
    )
    duty = models.CharField(max_length=10)
    occasion = models.CharField(max_length=80, blank=True, default="")
    who = models.CharField(max_length=30)
    act = models.TextField()
    state = models.CharField(max_length=14, choices=State)
    trigger_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    soon_from = models.DateField(null=True)
    met_on = models.DateField(null=True)
    is_local = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "child"], name="obligation_of_child"),
            models.Index(fields=["authority", "state", "due_on"], name="obligation_due"),
            models.Index(fields=["authority", "duty", "state", "due_on"], name="obligation_of_duty"),
        ]


class RollEntry(models.Model):
    """A child as the roll shows them, kept for fast lists and worked out with the obligations (`duties.roll`)."""

    authority = models.ForeignKey(Authority, models.CASCADE, db_constraint=False, related_name="+", db_index=False)
    child = models.OneToOneField(Child, models.CASCADE, db_constraint=False, related_name="on_roll")
    cohort = models.CharField(max_length=24, blank=True, default="")
    looked_after_since = models.DateField(null=True)
    left_care_on = models.DateField(null=True)
    twelve_months = models.BooleanField(default=False)
    legal_status = models.CharField(max_length=2, blank=True, default="")
    placement = models.CharField(max_length=3, blank=True, default="")
    placed_on = models.DateField(null=True)
    in_area = models.BooleanField(null=True)
    is_unaccompanied = models.BooleanField(default=False)
    year_group = models.SmallIntegerField(null=True)
    key_stage = models.CharField(max_length=8, blank=True, default="")
    school_urn = models.IntegerField(null=True)
    school_name = models.TextField(blank=True, default="")
    enrolled_on = models.DateField(null=True)
    without_school_since = models.DateField(null=True, help_text="of school age, looked after, on no roll")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "cohort", "year_group"], name="rollentry_cohort"),
            models.Index(fields=["authority", "school_urn"], name="rollentry_school"),
        ]
