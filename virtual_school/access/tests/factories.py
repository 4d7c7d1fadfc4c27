"""People and roles, for tests of every app."""

import datetime

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from virtual_school.access.models import Membership, Role, User

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory):
    """Somebody who has accepted an invitation, and signs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Faker("name", locale="en_GB")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def address(self, create: bool, given: object, **kwargs: object) -> None:
        if create and self.email and given is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.VIRTUAL_SCHOOL_HEAD
    starts = datetime.date(2026, 1, 5)
