"""Measures as they were counted at a cut-off. Nobody can change or take away a row: the database gives no right to.

A correction is a new row with the next `revision`, beside the one it corrects.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from virtual_school.authorities.models import Authority

BY = {
    "": "Everyone",
    "phase": "Phase",
    "area": "In or out of area",
    "school": "School",
    "adviser": "Adviser",
    "social_worker": "Social worker",
}


class OfMeasure(models.Model):
    """The shape of both tables. `by` and `group` say of which children: "phase", "primary"; both empty: of all."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    term = models.CharField(max_length=14)
    measure = models.CharField(max_length=40)
    by = models.CharField(max_length=14, blank=True, default="", choices=BY)
    group = models.CharField(max_length=30, blank=True, default="")
    revision = models.PositiveSmallIntegerField(default=1)
    on = models.DateField(help_text="the day counted as at")
    unit = models.CharField(max_length=10, default="%")
    numerator = models.PositiveIntegerField(null=True)
    denominator = models.PositiveIntegerField(null=True)
    value = models.FloatField(null=True)
    not_known = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class FrozenMeasure(OfMeasure):
    """Exact, for those who may see the children: with who was counted, and how, and who was left out and why."""

    hits = ArrayField(models.BigIntegerField(), default=list)
    misses = ArrayField(models.BigIntegerField(), default=list)
    left_out = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    parts_unit = models.CharField(max_length=20, blank=True, default="")
    why = models.TextField(blank=True, default="", help_text="of a revision: what it corrects")
    by_name = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["authority", "measure", "by", "group"], name="frozen_measure_trend")]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "term", "measure", "by", "group", "revision"], name="one_frozen_measure"
            )
        ]


class BoardFigure(OfMeasure):
    """The same with small numbers hidden, for those who see figures only. It names nobody and counts nobody few."""

    is_hidden = models.BooleanField(default=False, help_text="there is a number, and it is too small to show")
    left_out = models.JSONField(default=list, help_text="reasons with how many, small numbers hidden")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "term", "measure", "by", "group", "revision"], name="one_board_figure"
            )
        ]
