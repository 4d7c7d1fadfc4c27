"""The quality of plans: rubrics as data, ratings and what was said of a plan, second marks and moderation.

What is told stands in rows of their own by whom it is for (`side`), so that the database itself keeps each from
the others: the school's, social care's, and the virtual school's own.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from virtual_school.authorities.models import Authority
from virtual_school.children.models import ChildRecord
from virtual_school.plans.models import Plan
from virtual_school.schools.models import School

USER = settings.AUTH_USER_MODEL


class Side(models.TextChoices):
    SCHOOL = "school", "The school"
    SOCIAL_WORK = "social_work", "The social worker"
    INTERNAL = "internal", "The virtual school only"


class RubricVersion(models.Model):
    """One version of an authority's way of rating plans. `content` is the whole rubric as `quality.rubric` reads it.

    Once a plan was rated by a version, that version never changes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        RETIRED = "retired", "Replaced"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="rubrics")
    version = models.PositiveSmallIntegerField()
    name = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField()
    starts = models.DateField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "version"], name="one_rubric_a_version"),
            models.UniqueConstraint(fields=["authority"], condition=Q(state="in_force"), name="one_rubric_in_force"),
            models.UniqueConstraint(fields=["authority"], condition=Q(state="draft"), name="one_rubric_draft"),
        ]


class Phrase(models.Model):
    """Words an authority's raters use often, for one criterion or any. `theme` is what they are counted under."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="phrases")
    side = models.CharField(max_length=12, choices=Side, default=Side.SCHOOL)
    key = models.CharField(max_length=40, blank=True, default="", help_text="criterion; empty: any")
    theme = models.TextField(blank=True, default="")
    words = models.TextField()
    is_praise = models.BooleanField(default=False)
    is_on = models.BooleanField(default=True)
    by_name = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["key", "-is_praise", "id"]


class Middle(models.Model):
    """The middle mark of an authority's plans of one term under one criterion, of five plans or more: what a school
    may see beside its own. `value` is a share of the best mark, 0 to 1."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+")
    term = models.CharField(max_length=14)
    key = models.CharField(max_length=40)
    is_first = models.BooleanField(help_text="of first ratings; else of final ones")
    value = models.FloatField()
    plans = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "term", "key", "is_first"], name="one_middle_a_criterion")
        ]


class Rating(ChildRecord):
    """One person's rating of a plan: a check before it is approved or sent back, or a second mark.

    A plan sent back and sent in again has a rating for each round. `is_last` marks the latest finished check.
    """

    class Kind(models.TextChoices):
        CHECK = "check", "Check"
        SECOND = "second", "Second mark"

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Sent back to be mended"

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="ratings")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.CHECK)
    term = models.CharField(max_length=14)
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    rubric = models.ForeignKey(RubricVersion, models.PROTECT, related_name="ratings")
    rater = models.ForeignKey(USER, models.PROTECT, related_name="plan_ratings")
    rater_name = models.TextField(blank=True, default="")
    begun_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    finished_on = models.DateField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default="")
    is_last = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "plan"], name="rating_of_plan"),
            models.Index(fields=["authority", "term", "kind"], name="rating_of_term"),
            models.Index(fields=["authority", "child"], name="rating_of_child"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="rating_in_authority"),
            models.UniqueConstraint(
                fields=["authority", "plan"],
                condition=Q(kind="check", finished_at__isnull=True),
                name="one_open_check_a_plan",
            ),
            models.UniqueConstraint(
                fields=["authority", "plan"], condition=Q(kind="check", is_last=True), name="one_last_rating_a_plan"
            ),
        ]


class OfRating(ChildRecord):
    """The shape of what belongs to one rating."""

    rating = models.ForeignKey(Rating, models.CASCADE, db_constraint=False, related_name="%(class)ss")
    side = models.CharField(max_length=12, choices=Side)

    class Meta:
        abstract = True


class Mark(OfRating):
    """The level given under one criterion or for one section. `points` of `most`, as the scale counts it."""

    key = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "rating", "key"], name="one_mark_a_criterion")]


class Result(OfRating):
    """What the marks of one side come to by the rule in force when it was rated."""

    level = models.CharField(max_length=20)
    label = models.TextField()
    is_good = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "rating", "side"], name="one_result_a_side")]


class Comment(OfRating):
    """Words said of a plan to one side. `theme` where they are the authority's own phrase."""

    key = models.CharField(max_length=40, blank=True, default="", help_text="criterion; empty: the whole plan")
    words = models.TextField()
    theme = models.TextField(blank=True, default="")
    is_praise = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["authority", "rating"], name="comment_of_rating")]


class OpinionAsked(ChildRecord):
    """A rater asks the head of the virtual school about a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="opinions")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_by_name = models.TextField()
    question = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, default="")
    answered_by_name = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "plan"], name="opinion_of_plan")]


class Appeal(ChildRecord):
    """The school does not agree with a rating, and says why; the virtual school answers."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="appeals")
    rating = models.ForeignKey(Rating, models.CASCADE, db_constraint=False, related_name="appeals")
    words = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, default="")
    answered_by_name = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "plan"], name="appeal_of_plan")]


class Sample(models.Model):
    """A share of a term's rated plans, drawn by chance to be marked by somebody else who does not see the rating.

    The same seed draws the same plans.
    """

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.CharField(max_length=14)
    percent = models.PositiveSmallIntegerField()
    strata = models.CharField(max_length=6, choices={"rater": "Rater", "school": "School"}, default="rater")
    seed = models.CharField(max_length=20)
    drawn_from = models.PositiveIntegerField()
    drawn_on = models.DateField()
    by_name = models.TextField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="sample_in_authority")]


class SecondMark(ChildRecord):
    """One plan of a sample, and who marks it again. Until it is finished its marker sees no other rating of it."""

    sample = models.ForeignKey(Sample, models.CASCADE, db_constraint=False, related_name="second_marks")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="second_marks")
    first = models.ForeignKey(Rating, models.CASCADE, db_constraint=False, related_name="second_marks")
    marker = models.ForeignKey(USER, models.PROTECT, related_name="second_marks")
    marker_name = models.TextField()
    rubric = models.ForeignKey(RubricVersion, models.PROTECT, related_name="+", help_text="that of the first rating")
    second = models.ForeignKey(Rating, models.SET_NULL, db_constraint=False, null=True, related_name="marks_again")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["authority", "plan"], name="second_mark_of_plan"),
            models.Index(fields=["marker"], condition=Q(finished_at__isnull=True), name="second_mark_to_do"),
        ]
        constraints = [models.UniqueConstraint(fields=["authority", "sample", "plan"], name="one_second_mark_a_sample")]


class Moderation(models.Model):
    """People look at a set of plans together and agree how they are rated. `people` are names: some have no account."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.TextField()
    on = models.DateField()
    people = models.JSONField(default=list)
    decided = models.TextField(blank=True, default="")
    rubric_notes = models.TextField(blank=True, default="", help_text="what is to change in the rubric")
    closed_on = models.DateField(null=True)
    by_name = models.TextField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="moderation_in_authority")]


class ModeratedPlan(ChildRecord):
    """A plan of a session: the marks agreed on (`agreed`, by criterion) and what was said. It changes no rating."""

    moderation = models.ForeignKey(Moderation, models.CASCADE, db_constraint=False, related_name="plans")
    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="moderations")
    agreed = models.JSONField(default=dict)
    level = models.CharField(max_length=20, blank=True, default="")
    label = models.TextField(blank=True, default="")
    said = models.TextField(blank=True, default="")
    discussed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "moderation", "plan"], name="one_plan_a_moderation")
        ]


from .models_measures import BoardFigure, FrozenMeasure  # noqa: E402, F401 (tables of the same app)
