"""Education that is not simply a full-time place at school, and who does what about it by when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School

from .models_exclusion import Suspension


class Provision(ChildRecord):
    """`ends` is the first day on which it is over, `end_planned` the last day it was agreed for."""

    class Kind(models.TextChoices):
        REDUCED = "reduced", "Reduced timetable"
        ALTERNATIVE = "alternative", "Alternative provision"
        TUITION_HOME = "tuition_home", "Tuition at home"
        TUITION_AWAY = "tuition_away", "Tuition elsewhere"
        ONLINE_LIVE = "online_live", "Online, live"
        ONLINE_OWN_PACE = "online_own", "Online, at the child’s own pace"
        OTHERWISE = "otherwise", "Education otherwise than at school"
        AT_HOME = "home", "Home education"
        HOSPITAL = "hospital", "Hospital or home-and-hospital teaching"
        CUSTODY = "custody", "Education in custody"

    class Outcome(models.TextChoices):
        FULL_TIME = "full_time", "Full time at school"
        OTHER_SCHOOL = "other_school", "Full time at another school"
        ALTERNATIVE = "alternative", "Other provision"
        EXTENDED = "extended", "Agreed anew, with a reason"
        STOPPED = "stopped", "It stopped"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=14, choices=Kind)
    suspension = models.ForeignKey(
        Suspension, models.CASCADE, db_constraint=False, null=True, blank=True, related_name="education"
    )
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    provider = models.TextField(blank=True, default="")
    is_registered = models.BooleanField(null=True, help_text="whether the provider is registered as a school")
    hours = models.DecimalField(max_digits=4, decimal_places=1, help_text="a week")
    hours_due = models.DecimalField(max_digits=4, decimal_places=1, help_text="a week, of full-time education")
    starts = models.DateField()
    end_planned = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")
    tried = models.TextField(blank=True, default="", help_text="what was tried before")
    fills_the_gap = models.TextField(blank=True, default="", help_text="what the child does in the other hours")
    agreed_by = models.TextField(blank=True, default="", help_text="who consented, for the child")
    agreed_on = models.DateField(null=True, blank=True)
    head_agreed_by = models.TextField(blank=True, default="", help_text="who agreed at the virtual school")
    head_agreed_on = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True, help_text="the provider was checked: safety, insurance, staff")
    review_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    outcome_words = models.TextField(blank=True, default="")
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts", "-id"]
        indexes = [
            models.Index(fields=["authority", "child", "starts"], name="provision_of_child"),
            models.Index(fields=["authority", "ends"], name="provision_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="provision_in_order"
            ),
            models.CheckConstraint(condition=Q(hours__gte=0) & Q(hours_due__gt=0), name="provision_hours"),
            models.UniqueConstraint(fields=["authority", "id"], name="provision_in_authority"),
        ]


class ProvisionReview(ChildRecord):
    provision = models.ForeignKey(Provision, models.CASCADE, db_constraint=False, related_name="reviews")
    on = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=1, help_text="a week, from then on")
    words = models.TextField()
    next_on = models.DateField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["authority", "provision"], name="review_of_provision")]


class EducationStep(ChildRecord):
    """For a child without full-time education: what is in the way, who does what about it, by when."""

    class Blocker(models.TextChoices):
        NO_APPLICATION = "application", "No application made yet"
        WAITING = "waiting", "Waiting for a school’s answer"
        REFUSED = "refused", "A school refused"
        CONSULTATION = "consultation", "Consultation on the EHC plan"
        NO_PLACE = "no_place", "No specialist place"
        PLACEMENT = "placement", "The home is not settled"
        DISTANCE = "distance", "Too far from the home"
        CARER = "carer", "The carer or the home"
        NOT_READY = "not_ready", "The child is not ready"
        TRANSPORT = "transport", "Transport"
        LATE_YEAR_11 = "late_year_11", "Year 11, late in the year"
        COURSE_FULL = "course_full", "The course is full"
        AGE = "age", "The age is in dispute"
        PAPERS = "papers", "Immigration papers"
        OTHER_AUTHORITY = "other_authority", "Another authority is slow"
        OTHER = "other", "Something else"

    blocker = models.CharField(max_length=16, choices=Blocker)
    blocker_words = models.TextField(blank=True, default="")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.TextField()
    step = models.TextField()
    by_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child"], condition=Q(done_on__isnull=True), name="one_open_step"
            )
        ]
