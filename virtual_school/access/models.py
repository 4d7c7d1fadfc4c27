"""People who sign in or are around a child, and the roles they hold."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from virtual_school.authorities.models import Authority


class UserManager(BaseUserManager):
    def create_user(self, email: str | None, name: str = "", password: str | None = None, **more: object) -> "User":
        user = self.model(email=self.normalize_email(email) if email else None, name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Somebody named as being around a child need not be able to sign in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(null=True, blank=True)
    name = models.TextField()
    is_active = models.BooleanField(default=True)
    is_invented = models.BooleanField(default=False, help_text="made by the demo")
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return (parts[0][:1] + parts[-1][:1] if len(parts) > 1 else self.name[:2]).upper()


class Role(models.TextChoices):
    VIRTUAL_SCHOOL_HEAD = "virtual_school_head", "Virtual school head"
    ADVISER = "adviser", "Education adviser"
    DATA_OFFICER = "data_officer", "Data officer"
    ADMINISTRATOR = "administrator", "Authority administrator"
    NOMINATED_OFFICER = "nominated_officer", "Nominated officer"
    DESIGNATED_TEACHER = "designated_teacher", "Designated teacher"
    DELEGATE = "delegate", "Colleague of the designated teacher"
    SOCIAL_WORKER = "social_worker", "Social worker"
    SOCIAL_WORK_MANAGER = "social_work_manager", "Social work manager"
    REVIEWING_OFFICER = "reviewing_officer", "Independent reviewing officer"
    CARER = "carer", "Carer"
    PERSONAL_ADVISER = "personal_adviser", "Personal adviser"
    YOUNG_PERSON = "young_person", "Young person"
    BOARD_MEMBER = "board_member", "Corporate parenting board member"
    INSPECTOR = "inspector", "Inspector"


class Membership(models.Model):
    """A role a person holds in an authority, for a designated teacher or delegate at a school (`urn`)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="memberships", null=True, blank=True)
    urn = models.IntegerField(null=True, blank=True)
    role = models.CharField(max_length=30, choices=Role)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    given_by_name = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["authority", "role"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="membership_in_order"
            ),
            models.CheckConstraint(
                condition=Q(authority__isnull=False) | Q(urn__isnull=False), name="membership_is_somewhere"
            ),
            models.UniqueConstraint(
                fields=["user", "authority", "urn", "role"],
                condition=Q(ends__isnull=True),
                nulls_distinct=False,
                name="one_open_membership",
            ),
        ]


class Invitation(models.Model):
    """A one-use link, sent by mail, with which a person makes their account. Only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    sent_by_name = models.TextField(blank=True, default="")
