"""Schools of the national register, their designated teachers, and who is on roll where."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from virtual_school.authorities.models import days
from virtual_school.care.models import in_order
from virtual_school.children.models import ChildRecord


class School(models.Model):
    """An establishment in the Department for Education's register (Get Information about Schools)."""

    urn = models.IntegerField(primary_key=True)
    name = models.TextField()
    la_code = models.IntegerField(null=True)
    la_name = models.TextField(blank=True, default="")
    establishment_number = models.CharField(max_length=4, blank=True, default="")
    type_code = models.CharField(max_length=3, blank=True, default="")
    type_name = models.TextField(blank=True, default="")
    type_group = models.TextField(blank=True, default="")
    status = models.TextField(blank=True, default="")
    status_code = models.CharField(max_length=1, blank=True, default="")
    opened_on = models.DateField(null=True)
    opened_why = models.TextField(blank=True, default="")
    closed_on = models.DateField(null=True)
    closed_why = models.TextField(blank=True, default="")
    phase_code = models.CharField(max_length=1, blank=True, default="")
    phase = models.TextField(blank=True, default="")
    low_age = models.PositiveSmallIntegerField(null=True)
    high_age = models.PositiveSmallIntegerField(null=True)
    gender = models.TextField(blank=True, default="")
    religious_character = models.TextField(blank=True, default="")
    boarders = models.TextField(blank=True, default="")
    sixth_form = models.TextField(blank=True, default="")
    capacity = models.IntegerField(null=True)
    number_of_pupils = models.IntegerField(null=True)
    trust = models.TextField(blank=True, default="")
    ukprn = models.CharField(max_length=8, blank=True, default="")
    last_inspected_on = models.DateField(null=True)
    last_overall_grade = models.TextField(
        blank=True, default="", help_text="history: no longer given since September 2024"
    )
    street = models.TextField(blank=True, default="")
    locality = models.TextField(blank=True, default="")
    town = models.TextField(blank=True, default="")
    county = models.TextField(blank=True, default="")
    postcode = models.CharField(max_length=8, blank=True, default="")
    website = models.TextField(blank=True, default="")
    telephone = models.TextField(blank=True, default="")
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    source_as_at = models.DateField(null=True)
    search_text = models.TextField(
        blank=True, default="", help_text="name, place and numbers, lower case, without accents"
    )

    class Meta:
        ordering = ["name"]
        indexes = [
            GinIndex(fields=["search_text"], name="school_search", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["la_code", "name"], name="school_in_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def laestab(self) -> str:
        return f"{self.la_code}/{self.establishment_number}" if self.la_code and self.establishment_number else ""


class SchoolLink(models.Model):
    """One establishment became, came from, or merged with another. Either may be missing from the register held."""

    urn = models.IntegerField()
    other_urn = models.IntegerField()
    kind = models.TextField()
    on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urn", "other_urn", "kind"], name="one_link_of_a_kind")]
        indexes = [models.Index(fields=["other_urn"], name="schoollink_other")]


class DesignatedTeacher(models.Model):
    """Who promotes the achievement of looked-after and previously looked-after pupils at a school."""

    school = models.ForeignKey(School, models.PROTECT, related_name="designated_teachers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="designated_teacher_at")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    telephone = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="designated_teacher_in_order"
            ),
            ExclusionConstraint(
                name="one_designated_teacher",
                expressions=[(F("school"), RangeOperators.EQUAL), (days(), RangeOperators.OVERLAPS)],
                violation_error_message="The school has another designated teacher on some of these days. End that first.",
            ),
        ]


class Enrolment(ChildRecord):
    """A child on the roll of a school, or taught somewhere that is not on the register (`provision`)."""

    class Kind(models.TextChoices):
        MAIN = "main", "Main registration"
        SUBSIDIARY = "subsidiary", "Subsidiary registration"

    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="enrolments")
    provision = models.TextField(blank=True, default="", help_text="name of a place not on the register")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.MAIN)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    year_group = models.SmallIntegerField(
        null=True, blank=True, help_text="as taught, where the school says: 0 is reception"
    )
    left_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["starts"]
        indexes = [
            models.Index(fields=["authority", "child"], name="enrolment_of_child"),
            models.Index(fields=["authority", "school"], name="enrolment_at_school"),
        ]
        constraints = [
            in_order("enrolment_in_order"),
            models.CheckConstraint(condition=Q(school__isnull=False) | ~Q(provision=""), name="enrolment_is_somewhere"),
            ExclusionConstraint(
                name="one_main_enrolment",
                expressions=[
                    (F("authority"), RangeOperators.EQUAL),
                    (F("child"), RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="main"),
                violation_error_message="The child is on the roll of another school on some of these days.",
            ),
        ]
