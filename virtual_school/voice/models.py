"""What a child, a carer or a parent says, who may read it, and what came of it.

An entry belongs to a child and a cycle (a term's key, such as 2026/27-autumn). What was said is kept apart from the
entry: the database shows words that were not shared to nobody but whoever wrote them (see migration 0002).
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from virtual_school.authorities.models import Authority
from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School

SCOPES = {
    "helper": "my helper",
    "designated_teacher": "my teacher",
    "social_worker": "my social worker",
    "personal_adviser": "my personal adviser",
    "where_i_live": "where I live",
    "everyone_in_meeting": "everyone in the meeting",
    "say_it_for_me": "say it for me",
}
"""Whom an answer may be shared with. Nobody is the empty list, and where every answer starts."""


class Invitation(ChildRecord):
    """That somebody is asked what they think before a meeting, and how they want it done."""

    cycle = models.CharField(max_length=14)
    speaker = models.CharField(max_length=6, default="child")
    speaker_name = models.TextField(blank=True, default="", help_text="of a carer or parent")
    meeting_on = models.DateField(null=True)
    ask_from = models.DateField(null=True)
    ask_again_on = models.DateField(null=True)
    told_on = models.DateField(null=True, help_text="the day the child was told of the meeting, before the others")
    told_how = models.TextField(blank=True, default="")
    when_suits = models.TextField(blank=True, default="")
    who_to_have = models.TextField(blank=True, default="")
    wants_to_come = models.CharField(max_length=10, blank=True, default="")
    who_speaks = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(ChildRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "cycle", "speaker", "speaker_name"], name="one_invitation_a_cycle"
            )
        ]


class Entry(ChildRecord):
    """One person's say in one cycle: how it was given, and how far it has come. It holds nothing they said.

    `shown` is all that somebody with a hand-over code may be shown of the record: a first name, the people they may
    choose by first name or role, and who reads what worries them.
    """

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        STARTED = "started", "Started"
        SHARED = "shared", "Shared"
        TAKEN_BACK = "taken_back", "Taken back"
        NO_VIEWS = "no_views", "No views"

    class Speaker(models.TextChoices):
        CHILD = "child", "Child or young person"
        CARER = "carer", "Carer"
        PARENT = "parent", "Parent"

    class Mode(models.TextChoices):
        ALONE = "alone", "Alone"
        HELPED = "helped", "With somebody who helps"
        SCRIBED = "scribed", "Somebody writes for them"
        INTERPRETER = "interpreter", "With an interpreter"
        OBSERVED = "observed", "Watched by people who know them"
        AAC = "aac", "With a talker or symbols of their own"

    class NoViews(models.TextChoices):
        REFUSED = "refused", "Did not want to say anything"
        ABSENT = "absent", "Was not there"
        NOT_ABLE_YET = "not_able", "Not able yet: we try another way"
        NOT_ASKED = "not_asked", "Was not asked"

    class Practised(models.TextChoices):
        UNDERSTOOD = "understood", "Put two cards where they were expected"
        NOT_UNDERSTOOD = "not_understood", "Did not put two cards where they were expected"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.CharField(max_length=14)
    attempt = models.PositiveSmallIntegerField(default=1)
    speaker = models.CharField(max_length=6, choices=Speaker, default=Speaker.CHILD)
    speaker_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="who has an account"
    )
    speaker_name = models.TextField(blank=True, default="", help_text="of a carer or parent")
    state = models.CharField(max_length=11, choices=State, default=State.NOT_STARTED)
    no_views_why = models.CharField(max_length=9, choices=NoViews, blank=True, default="")
    no_views_words = models.TextField(blank=True, default="")
    no_views_by_name = models.TextField(blank=True, default="")
    no_views_on = models.DateField(null=True)
    mode = models.CharField(max_length=11, choices=Mode, default=Mode.ALONE)
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    helper_name = models.TextField(blank=True, default="")
    helper_role = models.TextField(blank=True, default="")
    is_helper_chosen = models.BooleanField(default=False, help_text="the child asked for this person")
    interpreter = models.TextField(
        blank=True, default="", help_text="agency's reference, dialect, in person or by phone"
    )
    is_interpreter_liked = models.BooleanField(null=True)
    place = models.TextField(blank=True, default="")
    device = models.CharField(max_length=10, blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    set_offered = models.CharField(max_length=30, blank=True, default="")
    set_used = models.CharField(max_length=30, blank=True, default="")
    set_version = models.CharField(max_length=20, blank=True, default="")
    shown = models.JSONField(default=dict)
    practised = models.CharField(max_length=14, choices=Practised, blank=True, default="", help_text="before the mat")
    practised_on = models.DateField(null=True)
    to_say_for_me = models.PositiveSmallIntegerField(default=0, help_text="answers the helper says in the meeting")
    told_first_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="last")
    shared_at = models.DateTimeField(null=True)
    first_shared_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    read_by_id = models.BigIntegerField(null=True)
    read_by_name = models.TextField(blank=True, default="")
    read_at = models.DateTimeField(null=True)
    read_result = models.CharField(
        max_length=11,
        blank=True,
        default="",
        choices={"nothing": "Nothing worrying", "passed_on": "Passed on", "ask_child": "Ask the child"},
    )
    read_note = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(ChildRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "child", "cycle", "speaker", "speaker_name", "attempt"],
                name="one_entry_an_attempt",
            ),
            models.UniqueConstraint(fields=["authority", "id"], name="entry_in_authority"),
        ]


class HandOverCode(models.Model):
    """Eight digits with which an adult hands the page over. Two fours: the first finds the code, the second proves it.

    Kept as a keyed hash. A new code for an entry ends the one before. `spare` is the entry with which a child begins
    again who has forgotten their pictures.
    """

    authority_id = models.IntegerField()
    entry_id = models.BigIntegerField()
    spare_id = models.BigIntegerField(null=True)
    finder = models.CharField(max_length=4)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["finder", "expires_at"], name="handover_by_finder")]


class Sitting(models.Model):
    """One use of the child's own pages, from a hand-over code or an account, by a cookie of its own."""

    token_hash = models.CharField(max_length=64, unique=True)
    authority_id = models.IntegerField()
    entry_id = models.BigIntegerField()
    spare_id = models.BigIntegerField(null=True)
    is_open = models.BooleanField(default=False, help_text="false until the secret pictures were given")
    is_own_account = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class SecretPictures(models.Model):
    """The three pictures, in order, with which somebody comes back to what they had begun."""

    entry_id = models.BigIntegerField(unique=True)
    pictures_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)


class OfEntry(ChildRecord):
    entry = models.ForeignKey(Entry, models.CASCADE, db_constraint=False, related_name="%(class)ss")

    class Meta:
        abstract = True


class Media(OfEntry):
    """A drawing, photograph or sound. The bytes stand in a file under a random name."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=7, choices={"photo": "Photograph", "audio": "Sound", "drawing": "Drawing"})
    stored_as = models.TextField()
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    seconds = models.PositiveSmallIntegerField(null=True, help_text="as the page counted them")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="media_in_authority")]


class VoiceAnswer(OfEntry):
    """What was said to one question. A change is a new version; the last one counts. Only `seen_by`, and when it was
    shared or taken back, change: each change of those is kept in `SharedWith`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveSmallIntegerField(help_text="place in the order asked")
    version = models.PositiveSmallIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    set_key = models.CharField(max_length=30)
    set_version = models.CharField(max_length=20)
    question_key = models.CharField(max_length=40)
    question_version = models.CharField(max_length=20, default="1")
    text_shown = models.TextField()
    language_shown = models.CharField(max_length=10)
    scale = models.CharField(max_length=20, blank=True, default="")
    order_shown = models.JSONField(default=list)
    raw = models.JSONField(null=True)
    words = models.TextField(blank=True, default="", help_text="exactly as said")
    language = models.CharField(max_length=10, blank=True, default="")
    media = models.ForeignKey(Media, models.SET_NULL, null=True, related_name="answers", db_constraint=False)
    author = models.CharField(max_length=6, choices={"child": "In their own hand", "scribe": "Written for them"})
    via = models.CharField(max_length=10, blank=True, default="")
    was_read_back = models.BooleanField(null=True)
    skip = models.CharField(
        max_length=12,
        blank=True,
        default="",
        choices={"skip": "Skipped", "dont_know": "I don’t know", "talk_instead": "I want to talk instead"},
    )
    seen_by = ArrayField(models.CharField(max_length=20), default=list, help_text="empty: nobody")
    started_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "entry", "question_key", "version"], name="one_answer_a_version"
            ),
            models.UniqueConstraint(fields=["authority", "id"], name="voiceanswer_in_authority"),
        ]


class SharedWith(OfEntry):
    """Every change of who may read an answer."""

    answer = models.ForeignKey(VoiceAnswer, models.CASCADE, db_constraint=False, related_name="sharings")
    seen_by = ArrayField(models.CharField(max_length=20), default=list)
    at = models.DateTimeField(auto_now_add=True)


class AdultReading(OfEntry):
    """What an adult makes of it: always beside the child's own words, never in their place. Without an answer it is
    what was observed, or said of the whole."""

    class Kind(models.TextChoices):
        READING = "reading", "What this may mean"
        OBSERVATION = "observation", "What was seen"
        TRANSLATION = "translation", "Translation"
        TRANSCRIPT = "transcript", "Typed from the recording"
        SUMMARY = "summary", "Summary"

    answer = models.ForeignKey(VoiceAnswer, models.CASCADE, null=True, db_constraint=False, related_name="readings")
    kind = models.CharField(max_length=11, choices=Kind)
    words = models.TextField()
    language = models.CharField(max_length=10, default="en")
    how_sure = models.CharField(
        max_length=6, blank=True, default="", choices={"guess": "A guess", "likely": "Likely", "sure": "Sure"}
    )
    told_child = models.TextField(blank=True, default="", help_text="how the child was told or shown")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.TextField()
    by_role = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Ask(OfEntry):
    """Something asked for. The words stand in the answer, and are read by those who may read that."""

    class State(models.TextChoices):
        OPEN = "open", "Not answered yet"
        ANSWERED = "answered", "Answered"
        WITHDRAWN = "withdrawn", "Taken back"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    answer = models.ForeignKey(VoiceAnswer, models.CASCADE, db_constraint=False, related_name="asks")
    cycle = models.CharField(max_length=14)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    heard_at = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="ask_in_authority")]


class Outcome(OfEntry):
    """What the meeting said to what was asked. The last one counts."""

    class Kind(models.TextChoices):
        AGREED = "agreed", "Yes: we promise something"
        NOT_NOW = "not_now", "Not now: why, and when we look again"
        NO = "no", "No: why"
        OTHERS = "others", "Somebody else must decide: who"

    ask = models.ForeignKey(Ask, models.CASCADE, db_constraint=False, related_name="outcomes")
    kind = models.CharField(max_length=7, choices=Kind)
    words = models.TextField(help_text="as it is told to the child")
    look_again_on = models.DateField(null=True)
    who = models.TextField(blank=True, default="")
    tell_by = models.DateField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by_name = models.TextField(blank=True, default="")
    told_how = models.TextField(blank=True, default="")
    by_name = models.TextField()
    once_key = models.UUIDField(null=True, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Promise(OfEntry):
    """Who does what by when, because a child asked for it. Late is not a state but worked out."""

    class State(models.TextChoices):
        MADE = "made", "Promised"
        UNDER_WAY = "under_way", "Under way"
        DONE = "done", "Done"
        CHANGED = "changed", "Changed"
        BROKEN = "broken", "Not kept"
        WITHDRAWN = "withdrawn", "Not wanted any more"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ask = models.ForeignKey(Ask, models.CASCADE, db_constraint=False, related_name="promises")
    what = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="voice_promises")
    person_name = models.TextField()
    person_role = models.TextField(blank=True, default="")
    due_on = models.DateField()
    how_known = models.TextField(blank=True, default="", help_text="how we will know it is done")
    state = models.CharField(max_length=9, choices=State, default=State.MADE)
    state_on = models.DateField(null=True)
    words_to_child = models.TextField(blank=True, default="")
    closed_by = models.CharField(
        max_length=8, blank=True, default="", choices={"child": "The child", "evidence": "Evidence, and the child told"}
    )
    closed_on = models.DateField(null=True)
    plan_action = models.UUIDField(null=True, help_text="the action of the plan that carries it out")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="promise_in_authority")]


class PromiseStep(OfEntry):
    """Each thing that happened to a promise, with the words the child is told."""

    promise = models.ForeignKey(Promise, models.CASCADE, db_constraint=False, related_name="steps")
    state = models.CharField(max_length=12)
    words = models.TextField(blank=True, default="")
    by_name = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Judged(OfEntry):
    """What the child says to what was done: "Is this what you wanted?" """

    ask = models.ForeignKey(Ask, models.CASCADE, db_constraint=False, related_name="judgements")
    promise = models.ForeignKey(Promise, models.CASCADE, null=True, db_constraint=False, related_name="judgements")
    outcome = models.ForeignKey(Outcome, models.CASCADE, null=True, db_constraint=False, related_name="judgements")
    wanted = models.CharField(max_length=5, choices={"yes": "Yes", "a_bit": "A bit", "no": "No"})
    more = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class PromiseReminder(OfEntry):
    """That somebody was reminded of a promise on a day."""

    promise = models.ForeignKey(Promise, models.CASCADE, db_constraint=False, related_name="reminders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rung = models.CharField(max_length=20)
    sent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "promise", "person", "rung"], name="one_reminder_a_promise")
        ]


class SafeguardingReader(models.Model):
    """Who reads what worries a child, in this order: the reader, the deputy, the head of the virtual school."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="safeguarding_readers")
    rank = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    known_as = models.TextField(help_text="the first name a child is told")
    away_from = models.DateField(null=True, blank=True)
    away_to = models.DateField(null=True, blank=True)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "id"]


class VoiceAlert(OfEntry):
    """A child may not be safe. Added to, never changed or deleted, whatever becomes of the entry."""

    class Source(models.TextChoices):
        BUTTON = "button", "Pressed “I am not safe”"
        ANSWER = "answer", "Chose an answer that asks for help"
        HELPER = "helper", "The person helping heard something"
        READING = "reading", "Found when it was read"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(max_length=7, choices=Source)
    is_urgent = models.BooleanField()
    question_shown = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    language = models.CharField(max_length=10, default="en")
    audio_sha256 = models.CharField(max_length=64, blank=True, default="")
    who_was_there = models.TextField(blank=True, default="")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["authority", "id"], name="alert_in_authority")]


class AlertReader(OfEntry):
    """To whom an alert was given, and why. Nobody else sees it."""

    alert = models.ForeignKey(VoiceAlert, models.CASCADE, db_constraint=False, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    known_as = models.TextField()
    rank = models.PositiveSmallIntegerField()
    open_by = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)


class AlertStep(OfEntry):
    """What was done about an alert. Added to, never changed."""

    class Kind(models.TextChoices):
        ABOUT = "about", "Who it is about"
        NOT_FIRST = "not_first", "Not to be told first"
        PAGE = "page", "What was typed on the page, sent by the child"
        SCREEN = "screen", "What the child’s screen said"
        OPENED = "opened", "Opened"
        SOCIAL_CARE = "social_care", "Told children’s social care"
        POLICE = "police", "Told the police"
        SCHOOL = "school", "Told the school’s safeguarding lead"
        LADO = "lado", "Told the designated officer: it is about somebody who works with or fosters children"
        TALKED = "talked", "Talked with the child"
        NO_CONCERN = "no_concern", "Not a concern"
        TOLD_CHILD = "told_child", "Told the child what is being done"
        ESCALATED = "escalated", "Nobody had opened it in time"
        PHONE = "phone", "Phone the duty team"
        CLOSED = "closed", "Closed by a second person"

    alert = models.ForeignKey(VoiceAlert, models.CASCADE, db_constraint=False, related_name="steps")
    kind = models.CharField(max_length=11, choices=Kind)
    words = models.TextField(blank=True, default="")
    reference = models.TextField(blank=True, default="")
    happened_at = models.DateTimeField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class SetVersion(models.Model):
    """A question set as an authority edited it: the shipped set with its edits laid over. Never changed once used."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="voice_sets")
    key = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    edits = models.JSONField(default=list)
    starts = models.DateField(null=True)
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [models.UniqueConstraint(fields=["authority", "key", "version"], name="one_voice_set_a_version")]


class OwnPictures(models.Model):
    """Pictures somebody may use in place of ours, and under which licence. `pictures`: by the card's key, the file's
    random name and its type."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.TextField()
    licence = models.TextField()
    pictures = models.JSONField(default=dict)
    by_name = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class CouncilPack(OwnPictures):
    """A symbol set or photographs of a council. The last one added is looked in first."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="voice_packs")

    class Meta:
        ordering = ["-id"]


class ChildPack(OwnPictures, ChildRecord):
    """The symbols a child already uses, and photographs of their own room and people."""

    class Meta(ChildRecord.Meta):
        ordering = ["-id"]


class ObservationSheet(ChildRecord):
    """What one adult saw on one occasion of a child who cannot be asked: always the adult's reading. Never changed."""

    cycle = models.CharField(max_length=14)
    on = models.DateField()
    filled = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_name = models.TextField()
    by_role = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(ChildRecord.Meta):
        ordering = ["on", "id"]


class SchoolClubs(models.Model):
    """The clubs of a school, as those who work there list them: cards for the children at it."""

    school = models.OneToOneField(School, models.CASCADE, related_name="voice_clubs")
    names = ArrayField(models.CharField(max_length=60), default=list)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now=True)


class GoneFile(models.Model):
    """A file whose row was deleted, perhaps with its child: written by a trigger, so that none is forgotten."""

    stored_as = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
