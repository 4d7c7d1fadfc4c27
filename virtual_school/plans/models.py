"""Personal education plans: the forms they are written on, the plans, and what outlives a plan (targets, actions)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from virtual_school.authorities.models import Authority
from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School


class RecordedPlan(ChildRecord):
    """The dates of one term's plan as a council kept them elsewhere before plans were written here: history.

    `term` is a key such as 2026/27-autumn.
    """

    term = models.CharField(max_length=14)
    initiated_on = models.DateField(null=True, blank=True)
    meeting_on = models.DateField(null=True, blank=True)
    signed_off_on = models.DateField(null=True, blank=True)
    rating = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["term"]
        constraints = [models.UniqueConstraint(fields=["authority", "child", "term"], name="one_plan_a_term")]


class PlanTemplate(models.Model):
    """One version of the form for a phase: the shipped library with the authority's changes laid over it.

    `content` is the whole form as `plans.template.to_document` gives it. Once a plan was opened with a version,
    that version never changes.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        RETIRED = "retired", "Replaced"

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="plan_templates")
    phase = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    name = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    library_version = models.PositiveSmallIntegerField(default=1)
    edits = models.JSONField(default=list)
    content = models.JSONField()
    starts = models.DateField(null=True, blank=True)
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["phase", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "phase", "version"], name="one_template_a_version"),
            models.UniqueConstraint(
                fields=["authority", "phase"], condition=Q(state="in_force"), name="one_template_in_force"
            ),
        ]


class Plan(ChildRecord):
    """A personal education plan for one term (or an extra one), from due to published. Overdue is never a state."""

    class Kind(models.TextChoices):
        FIRST = "first", "First plan"
        REVIEW = "review", "Termly review"
        SCHOOL_REVIEW = "school_review", "Review by the school, without a meeting"
        TRANSITION = "transition", "Transition plan"
        EXTRA = "extra", "Extra plan"

    class State(models.TextChoices):
        DUE = "due", "Due"
        OPEN = "open", "Open"
        IN_PROGRESS = "in_progress", "Being written"
        READY_FOR_MEETING = "ready_for_meeting", "Ready for the meeting"
        MEETING_HELD = "meeting_held", "Meeting held"
        AWAITING_SIGNOFF = "awaiting_signoff", "Waiting to be signed"
        SUBMITTED = "submitted", "Submitted"
        IN_QA = "in_qa", "Being checked"
        RETURNED = "returned", "Returned to be mended"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        SUPERSEDED = "superseded", "Replaced by a newer plan"
        CLOSED_MOVED = "closed_moved", "Closed: moved school"
        CLOSED_LEFT_CARE = "closed_left_care", "Closed: left care"
        CLOSED_18 = "closed_18", "Closed: turned 18"
        CLOSED_ERROR = "closed_error", "Closed: opened in error"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    term = models.CharField(max_length=14)
    kind = models.CharField(max_length=14, choices=Kind, default=Kind.REVIEW)
    phase = models.CharField(max_length=30)
    template = models.ForeignKey(PlanTemplate, models.PROTECT, related_name="plans")
    state = models.CharField(max_length=18, choices=State, default=State.DUE)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="following", db_constraint=False)
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="plans")
    opened_why = models.TextField(blank=True, default="")
    opened_on = models.DateField(null=True)
    due_on = models.DateField(null=True, help_text="signed and submitted by")
    meeting_due_on = models.DateField(null=True)
    clocks = models.JSONField(default=dict, help_text="the council's clocks as they stood when it was opened")
    meeting_on = models.DateField(null=True)
    submitted_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    approved_by_name = models.TextField(blank=True, default="")
    published_on = models.DateField(null=True)
    returned_why = models.TextField(blank=True, default="")
    returned_due_on = models.DateField(null=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="plans_checked")
    closed_on = models.DateField(null=True)
    closed_why = models.TextField(blank=True, default="")
    rating = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["authority", "child"], name="plan_of_child"),
            models.Index(fields=["authority", "term", "state", "due_on"], name="plan_of_term"),
            models.Index(fields=["authority", "state", "due_on"], name="plan_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="plan_in_authority"),
            models.UniqueConstraint(
                fields=["authority", "child", "term"],
                condition=Q(kind__in=["first", "review", "school_review", "transition"])
                & ~Q(
                    state__in=[
                        "closed_moved",
                        "closed_left_care",
                        "closed_18",
                        "closed_error",
                        "cancelled",
                        "superseded",
                    ]
                ),
                name="one_live_plan_a_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.term}"


class OfPlan(ChildRecord):
    """The shape of every table that belongs to one plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="%(class)ss")

    class Meta:
        abstract = True


class PlanSection(OfPlan):
    """How far a section has come. `revision` grows with every save."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETE = "complete", "Completed"

    key = models.CharField(max_length=40)
    owner = models.CharField(max_length=30)
    state = models.CharField(max_length=12, choices=State, default=State.NOT_STARTED)
    revision = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    completed_by_name = models.TextField(blank=True, default="")
    is_named_in_return = models.BooleanField(default=False)
    returned_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "plan", "key"], name="one_section_a_plan")]


class Answer(OfPlan):
    """What stands in one field, who put it there, and where it came from."""

    class Source(models.TextChoices):
        TYPED = "typed", "Written here"
        SERVICE = "service", "Known to the service"
        CARRIED = "carried", "Carried over from last time"

    section_key = models.CharField(max_length=40)
    field_key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.TYPED)
    source_words = models.TextField(blank=True, default="")
    is_confirmed = models.BooleanField(default=True, help_text="carried words count as new only once confirmed")
    reason_if_blank = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "plan", "field_key"], name="one_answer_a_field")]


class UnmergedWords(OfPlan):
    """What somebody wrote while somebody else saved other words in the same field: both are kept until one chooses."""

    field_key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    based_on_revision = models.PositiveIntegerField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "plan"], name="unmerged_of_plan")]


class Target(ChildRecord):
    """What the child is helped to reach. It outlives the plan it was first written in."""

    class State(models.TextChoices):
        OPEN = "open", "Working on it"
        MET = "met", "Met"
        PARTLY_MET = "partly_met", "Partly met"
        NOT_MET = "not_met", "Not met"
        DROPPED = "dropped", "Dropped"

    first_plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="first_targets")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(max_length=20, blank=True, default="")
    outcome = models.TextField()
    why = models.TextField(blank=True, default="")
    how = models.TextField(blank=True, default="")
    who = models.TextField(blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    baseline = models.TextField(blank=True, default="")
    measure = models.TextField(blank=True, default="")
    success = models.TextField(blank=True, default="")
    evidence = models.TextField(blank=True, default="")
    need = models.TextField(blank=True, default="")
    childs_words = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    broken_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="smaller", db_constraint=False
    )

    class Meta:
        ordering = ["number", "id"]
        indexes = [models.Index(fields=["authority", "child", "state"], name="target_of_child")]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="target_in_authority")]


class TargetReview(OfPlan):
    """How a target stood when a later plan judged it."""

    target = models.ForeignKey(Target, models.CASCADE, db_constraint=False, related_name="reviews")
    judged = models.CharField(max_length=10, choices=Target.State)
    evidence = models.TextField(blank=True, default="")
    impact = models.TextField(blank=True, default="")
    by_name = models.TextField(blank=True, default="")
    on = models.DateField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "plan", "target"], name="one_judgement_a_plan")]


class CostLine(OfPlan):
    """What a target costs, and out of which money it is asked for."""

    target = models.ForeignKey(Target, models.CASCADE, db_constraint=False, related_name="cost_lines")
    fund = models.CharField(max_length=20, default="pupil_premium_plus")
    category = models.CharField(max_length=20, blank=True, default="")
    what = models.TextField()
    sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    rate_pence = models.PositiveIntegerField(null=True, blank=True)
    amount_pence = models.PositiveIntegerField()
    provider = models.TextField(blank=True, default="")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    intended_impact = models.TextField(blank=True, default="")
    why_not_ordinary = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["authority", "plan"], name="costline_of_plan")]


class Meeting(OfPlan):
    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    on = models.DateField()
    at = models.TimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.TextField(blank=True, default="")
    mode = models.CharField(
        max_length=12, default="in_person", choices={"in_person": "In person", "online": "Online", "both": "Both"}
    )
    chair_name = models.TextField(blank=True, default="")
    note_taker_name = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    cancelled_why = models.TextField(blank=True, default="")
    sequence = models.PositiveSmallIntegerField(default=0, help_text="of the calendar file")
    is_child_present = models.BooleanField(null=True)
    child_absent_why = models.TextField(blank=True, default="")
    notes = models.TextField(blank=True, default="")
    notes_revision = models.PositiveIntegerField(default=0)
    dissent = models.TextField(blank=True, default="")
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "plan"], name="meeting_of_plan")]


class Attendee(OfPlan):
    meeting = models.ForeignKey(Meeting, models.CASCADE, db_constraint=False, related_name="attendees")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.TextField()
    role = models.TextField(blank=True, default="")
    organisation = models.TextField(blank=True, default="")
    email = models.EmailField(blank=True, default="")
    is_invited = models.BooleanField(default=True)
    came = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices={"present": "Here", "apologies": "Apologies", "absent": "Not here"},
    )
    contribution = models.TextField(blank=True, default="", help_text="what they sent, if they could not come")

    class Meta:
        ordering = ["id"]


class Decision(OfPlan):
    """Something decided in a meeting, perhaps against somebody's view."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, db_constraint=False, related_name="decisions")
    what = models.TextField()
    agenda_key = models.CharField(max_length=40, blank=True, default="")
    dissent = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)
    once_key = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ["id"]


class Action(ChildRecord):
    """What somebody promised to do. It lives on after the plan until it is done, or somebody says why not."""

    class State(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        NOT_DONE = "not_done", "Will not be done"

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="actions", null=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.TextField()
    agenda_key = models.CharField(max_length=40, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="plan_actions"
    )
    owner_name = models.TextField(blank=True, default="")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    done_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True, default="")
    once_key = models.UUIDField(null=True, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["authority", "child", "state"], name="action_of_child")]


class Document(ChildRecord):
    """A file about a child, kept under a random name; the name it was sent with is only text."""

    plan = models.ForeignKey(Plan, models.CASCADE, db_constraint=False, related_name="documents", null=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=30)
    name = models.TextField()
    stored_as = models.TextField()
    content_type = models.TextField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    is_sensitive = models.BooleanField(default=False)
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["authority", "child"], name="document_of_child")]


class Signature(OfPlan):
    """Somebody signed what stood in the plan, named by its hash. Changing it takes the signature away."""

    role = models.CharField(max_length=30)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    content_hash = models.CharField(max_length=64)
    says = models.CharField(
        max_length=10,
        blank=True,
        default="",
        choices={"agreed": "Seen and agreed", "not_agreed": "Seen, not agreed", "not_shown": "Not shown"},
        help_text="of a young person or carer: what they said of the plan, which another may have written down",
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "plan", "role"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_signature_a_role",
            )
        ]


class Delegation(ChildRecord):
    """A designated teacher lets a colleague write for a pupil: every section of the school's, or those named.

    Never the signature.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held")
    sections = models.JSONField(default=list, help_text="keys; empty means all of the designated teacher's")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "to"], condition=Q(ends__isnull=True), name="one_open_delegation"
            )
        ]


class Addendum(OfPlan):
    """Words added to an approved plan, which itself no longer changes."""

    words = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField(auto_now_add=True)


class PlanCopy(OfPlan):
    """A version of the plan as it was published: the file, and its hash."""

    version = models.PositiveSmallIntegerField()
    form = models.CharField(
        max_length=6, choices={"full": "Full plan", "plain": "In plain words", "json": "Open format"}
    )
    stored_as = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "plan", "version", "form"], name="one_copy_a_version")
        ]


class CopySent(OfPlan):
    """Who was given a copy, how and when."""

    version = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=6)
    to_name = models.TextField()
    to_role = models.TextField(blank=True, default="")
    how = models.TextField(default="here")
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)


class Reminder(OfPlan):
    """That a person was reminded of a rung of the ladder, so that nobody is told twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rung = models.CharField(max_length=30)
    sent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "plan", "person", "rung"], name="one_reminder_a_rung")
        ]
