"""Personal education plans. Until plans are written here, their dates come from the council's spreadsheet."""

from django.db import models

from virtual_school.children.models import ChildRecord


class RecordedPlan(ChildRecord):
    """The dates of one term's personal education plan as kept elsewhere. `term` is a key such as 2026/27-autumn."""

    term = models.CharField(max_length=14)
    initiated_on = models.DateField(null=True, blank=True)
    meeting_on = models.DateField(null=True, blank=True)
    signed_off_on = models.DateField(null=True, blank=True)
    rating = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["term"]
        constraints = [models.UniqueConstraint(fields=["authority", "child", "term"], name="one_plan_a_term")]
