"""Children, what they were called, and who is around them."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast

from virtual_school.access.models import Role
from virtual_school.authorities.models import Authority, days


class Child(models.Model):
    """A child or young person this authority is, was, or is asked to be responsible for.

    `local_id` is the authority's own identifier, the CHILD of its statutory return: text, leading zeros kept.
    """

    class Sex(models.TextChoices):
        MALE = "M", "Male"
        FEMALE = "F", "Female"
        NOT_RECORDED = "U", "Not recorded"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="children")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    local_id = models.CharField(max_length=20)
    forename = models.TextField(blank=True, default="")
    surname = models.TextField(blank=True, default="")
    preferred_name = models.TextField(blank=True, default="")
    born = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.NOT_RECORDED)
    ethnicity = models.CharField(max_length=4, blank=True, default="")
    upn = models.CharField(max_length=13, blank=True, default="")
    upn_missing_why = models.CharField(max_length=3, blank=True, default="", help_text="UN1 to UN5")
    uln = models.CharField(max_length=10, blank=True, default="")
    is_mother = models.BooleanField(null=True)
    mothers_child_born = models.DateField(null=True, blank=True, help_text="MC_DOB of the return")
    received = models.JSONField(default=dict, blank=True, help_text="codes as received, where they were mapped")
    search_text = models.TextField(
        blank=True, default="", help_text="names, former names and numbers, lower case, without accents"
    )
    roll_checked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "local_id"], name="one_child_an_identifier"),
            models.UniqueConstraint(fields=["authority", "id"], name="child_in_authority"),
        ]
        indexes = [
            models.Index(fields=["authority", "upn"], name="child_upn"),
            models.Index(fields=["authority", "surname", "forename"], name="child_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        known_as = self.preferred_name or self.forename
        return f"{known_as} {self.surname}".strip() or f"Child {self.local_id}"

    @property
    def first_name(self) -> str:
        return self.preferred_name or self.forename or f"Child {self.local_id}"


class ChildRecord(models.Model):
    """The shape of every table about a child: its keys carry the authority (`identity.operations.SameAuthority`)."""

    authority = models.ForeignKey(Authority, models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    child = models.ForeignKey(Child, models.CASCADE, db_constraint=False, related_name="%(class)ss", db_index=False)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["authority", "child"])]


class FormerName(ChildRecord):
    forename = models.TextField(blank=True, default="")
    surname = models.TextField(blank=True, default="")
    until = models.DateField(null=True, blank=True)

    class Meta(ChildRecord.Meta):
        pass


class FormerIdentifier(ChildRecord):
    """A pupil number a child had before. Never that of a child adopted since."""

    kind = models.CharField(max_length=3, choices={"upn": "UPN", "uln": "ULN"})
    value = models.CharField(max_length=13)
    until = models.DateField()

    class Meta(ChildRecord.Meta):
        pass


class Sensitivity(ChildRecord):
    """A child whom only named people may see: adopted, or at an address that must not be known."""

    kind = models.CharField(max_length=20, choices={"adoption": "Adoption", "protected_address": "Protected address"})
    since = models.DateField()
    why = models.TextField(blank=True, default="")

    class Meta(ChildRecord.Meta):
        constraints = [models.UniqueConstraint(fields=["authority", "child"], name="one_sensitivity_a_child")]


_CHILD_PERSON_ROLE = Func(
    Cast("child", models.TextField()),
    Cast("person", models.TextField()),
    F("role"),
    arg_joiner=" || ' ' || ",  # in the order of their names, as a migration writes them
    template="(%(expressions)s)",
    output_field=models.TextField(),
)
"""As one text: the index of three columns would be taken, at great cost, for every question of who is around whom."""


class Involvement(ChildRecord):
    """Somebody is around a child in a role, for a time. This is how anyone outside the virtual school's own
    team comes to see a child. `ends` is the first day on which they are no longer."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=30, choices=Role)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    why = models.TextField(blank=True, default="")
    is_named = models.BooleanField(default=False, help_text="may see a sensitive child")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "child"], name="involvement_of_child"),
            models.Index(fields=["person", "starts"], name="involvement_of_person"),
            models.Index(fields=["authority", "role", "person"], name="involvement_caseload"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="involvement_in_order"
            ),
            ExclusionConstraint(
                name="one_involvement_at_a_time",
                expressions=[(_CHILD_PERSON_ROLE, RangeOperators.EQUAL), (days(), RangeOperators.OVERLAPS)],
                violation_error_message="This person already holds this role for the child on some of these days.",
            ),
        ]


class SupportPeriod(ChildRecord):
    """A time with a social worker without being looked after, or in kinship care."""

    class Kind(models.TextChoices):
        CHILD_IN_NEED = "child_in_need", "Child in need"
        CHILD_PROTECTION = "child_protection", "Child protection plan"
        KINSHIP = "kinship", "Kinship care"

    kind = models.CharField(max_length=20, choices=Kind)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta(ChildRecord.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")), name="support_in_order"),
            ExclusionConstraint(
                name="support_cannot_overlap",
                expressions=[
                    (F("authority"), RangeOperators.EQUAL),
                    (F("child"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (days(), RangeOperators.OVERLAPS),
                ],
                violation_error_message="A period of this kind already covers some of these days.",
            ),
        ]


class Evidence(ChildRecord):
    """Somebody recorded that a duty was done for this child on a day (a liaison, an assessment, a review)."""

    duty = models.CharField(max_length=10)
    on = models.DateField()
    note = models.TextField(blank=True, default="")
    by_name = models.TextField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(ChildRecord.Meta):
        pass
