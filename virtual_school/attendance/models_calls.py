"""Telephoning schools for marks, and asking for those that are missing: places off the register too."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from virtual_school.authorities.models import Authority
from virtual_school.children.models import ChildRecord
from virtual_school.schools.models import School

CLAIM_LASTS = timedelta(minutes=10)
NOT_ON_THE_REGISTER = "A place that is not on the register"


def key_of(name: str) -> str:
    """Of a place that is not on the register: its name as enrolments have it, case and spaces aside."""
    return " ".join(name.split()).casefold()


def site_key(urn: int | None, name: str) -> int | str:
    """Tells schools and places apart within an authority: the URN, else the key of the place."""
    return urn or key_of(name)


class UnregisteredPlace(models.Model):
    """A place that is not on the register of schools, kept once somebody rings it or keeps its number.

    Which places there are is known by the enrolments; a place of which nothing is kept has no row.
    """

    urn = 0
    """In the store of marks."""

    authority = models.ForeignKey(Authority, models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.TextField()
    name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="one_place_of_a_name"),
            models.UniqueConstraint(fields=["authority", "id"], name="place_in_authority"),
        ]

    def __str__(self) -> str:
        return self.name


def named(authority: int, name: str) -> UnregisteredPlace:
    """A place without a row. Its public id is the same each time, and tells nothing of the name."""
    key = key_of(name)
    digest = salted_hmac("attendance.unregistered_place", f"{authority}:{key}", algorithm="sha256").digest()
    return UnregisteredPlace(
        authority_id=authority, public_id=uuid.UUID(bytes=digest[:16]), key=key, name=" ".join(name.split())
    )


Site = School | UnregisteredPlace


def at(site: Site) -> dict[str, int]:
    """As a filter of `OfAuthority` rows. Of a place without a row there are none."""
    return {"school": site.urn} if isinstance(site, School) else {"place": site.pk or 0}


def ids_of(site: Site) -> dict[str, int]:
    """As an `OfAuthority` row names it; a place must have a row."""
    return {"school_id": site.urn} if isinstance(site, School) else {"place_id": site.pk}


class PlaceContact(models.Model):
    """Whom one asks for at such a place. Only added to: the latest counts, those before are its history."""

    authority = models.ForeignKey(Authority, models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    place = models.ForeignKey(UnregisteredPlace, models.CASCADE, db_constraint=False, related_name="contacts")
    telephone = models.TextField(blank=True, default="")
    contact = models.TextField(blank=True, default="", help_text="the person one asks for, and what they do there")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]


class OfAuthority(models.Model):
    """An authority's own row about a school, or about a place that is not on the register: it names no child."""

    authority = models.ForeignKey(Authority, models.PROTECT, db_constraint=False, related_name="+", db_index=False)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(
        UnregisteredPlace, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def site(self) -> Site:
        return self.school or self.place  # type: ignore[return-value]


def somewhere(name: str) -> models.CheckConstraint:
    """At a school or at a place, not at both."""
    one_of_them = Q(school__isnull=False, place__isnull=True) | Q(school__isnull=True, place__isnull=False)
    return models.CheckConstraint(condition=one_of_them, name=name)


class SchoolCall(OfAuthority):
    """A school or place was rung for the marks of a day. What it said of each child is a `CallAnswer`.

    Struck out: it was a mistake, and the marks it brought are taken back. The call stays.
    """

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        NO_ANSWER = "no_answer", "No answer"
        ENGAGED = "engaged", "Engaged"
        MESSAGE = "message", "Message left"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.DateField(help_text="the day whose marks were asked for")
    outcome = models.CharField(max_length=9, choices=Outcome)
    spoke_to = models.TextField(blank=True, default="")
    rung_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(null=True, blank=True)
    pupils = models.PositiveSmallIntegerField(default=0, help_text="of how many something was said")
    delivery = models.IntegerField(null=True, help_text="with which its marks came in, if it brought any")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by_name = models.TextField(blank=True, default="")
    struck_why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-rung_at", "-id"]
        indexes = [models.Index(fields=["authority", "about", "school"], name="call_about_day")]
        constraints = [
            models.UniqueConstraint(fields=["authority", "id"], name="call_in_authority"),
            somewhere("call_is_somewhere"),
        ]


class CallAnswer(ChildRecord):
    """What a school said of one child: a mark for each session, "" where it did not say."""

    call = models.ForeignKey(SchoolCall, models.CASCADE, db_constraint=False, related_name="answers")
    urn = models.IntegerField()
    day = models.DateField()
    am = models.CharField(max_length=2, blank=True, default="")
    pm = models.CharField(max_length=2, blank=True, default="")
    words = models.TextField(blank=True, default="", help_text="the reason, as the school put it")
    rung_at = models.DateTimeField()
    by_name = models.TextField(blank=True, default="")
    is_struck = models.BooleanField(default=False)

    class Meta:
        ordering = ["-rung_at", "-id"]
        indexes = [models.Index(fields=["authority", "child", "day"], name="callanswer_of_child")]
        constraints = [models.UniqueConstraint(fields=["authority", "call", "child"], name="one_answer_a_call")]


class CallClaim(OfAuthority):
    """Somebody is ringing this school now. It lapses by itself (`CLAIM_LASTS`)."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "school"], name="one_claim_a_school"),
            models.UniqueConstraint(fields=["authority", "place"], name="one_claim_a_place"),
            somewhere("claim_is_somewhere"),
        ]


class MarksAsked(OfAuthority):
    """A school was asked for marks of past days that are missing."""

    class How(models.TextChoices):
        MAIL = "mail", "By mail from here"
        OWN_MAIL = "own_mail", "By my own mail"
        TELEPHONE = "telephone", "By telephone"
        IN_PERSON = "in_person", "In person"

    how = models.CharField(max_length=9, choices=How)
    spoke_to = models.TextField(blank=True, default="")
    promised_on = models.DateField(null=True, blank=True, help_text="by when the school said it would send them")
    words = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["authority", "school", "asked_at"], name="asked_of_school")]
        constraints = [somewhere("asked_somewhere")]
        verbose_name_plural = "marks asked"


class DayNotExpected(OfAuthority):
    """No marks are expected of a school's pupils on a day, though its calendar says it is a school day."""

    day = models.DateField()
    why = models.TextField()
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "school", "day"], name="one_reason_a_day"),
            models.UniqueConstraint(fields=["authority", "place", "day"], name="one_reason_a_day_at_a_place"),
            somewhere("not_expected_somewhere"),
        ]
        verbose_name_plural = "days not expected"
