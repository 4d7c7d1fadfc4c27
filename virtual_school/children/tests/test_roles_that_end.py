from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from virtual_school.access.models import Membership, User
from virtual_school.authorities.models import Authority
from virtual_school.children.actions import involve
from virtual_school.children.models import Child, Involvement
from virtual_school.children.tasks import role_ended
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

CODE = 373
pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> User:
    authority = Authority.objects.create(code=CODE, name="Sheffield")
    user = User.objects.create_user("joe@sheffield.example", "Joe Kavanagh")
    Membership.objects.create(user=user, authority=authority, role="social_worker", starts=date(2020, 1, 1))
    with acting(service(CODE)):
        child = Child.objects.create(authority=authority, local_id="1")
        Involvement.objects.create(
            authority=authority, child=child, person=user, role="social_worker", starts=date(2026, 1, 1)
        )
    return user


def around(user: User) -> list[date | None]:
    with acting(service(CODE)):
        return list(Involvement.objects.filter(person=user).values_list("ends", flat=True))


def test_a_social_worker_whose_role_ended_is_around_nobody(worker):
    membership = worker.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(ends=timezone.localdate())
    role_ended.func(membership.pk)
    assert around(worker) == [timezone.localdate()]


def test_a_role_given_back_before_the_job_ran_ends_nothing(worker):
    role_ended.func(worker.memberships.get().pk)
    assert around(worker) == [None]


def test_a_second_involvement_in_the_same_role_is_refused_in_words(worker):
    with acting(service(CODE)):
        child = Child.objects.get()
        with pytest.raises(ValidationError, match="already holds this role"):
            involve(child, person=worker, role="social_worker", starts=date(2026, 1, 1) + timedelta(days=9), by=None)


def test_the_same_person_may_be_around_another_child(worker):
    with acting(service(CODE)):
        other = Child.objects.create(authority_id=CODE, local_id="2")
        involve(other, person=worker, role="social_worker", starts=date(2026, 1, 1), by=None)
