"""The trap of forced row-level security for whoever writes a data migration, and the way through it.

The owner of a protected table is bound by its policies as well and acts for nobody, so a data migration
changes no row and says nothing. It must, in one transaction: `set local row_security = off` (what is still
forgotten then fails aloud), `alter table … no force row level security` on the table and on audit_change,
where its trigger writes, change, and `force` both again.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from config import roles
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """As a migration is connected; a child is there to be changed."""
    borchester = Authority.objects.create(code=896, name="Borchester")
    with acting(service(896)):
        Child.objects.create(authority=borchester, local_id="0001", surname="Okafor")
    info = {**roles.connection_info("vs_owner"), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(make_conninfo(**info)) as as_owner:
        yield as_owner
        as_owner.rollback()


BOTH = ("children_child", "audit_change")
CHANGE = "update children_child set surname = upper(surname)"


def test_the_owner_changes_no_row_and_hears_nothing(owner: psycopg.Connection[Any]) -> None:
    assert owner.execute(CHANGE).rowcount == 0


def test_with_row_security_off_the_owner_hears_of_it(owner: psycopg.Connection[Any]) -> None:
    owner.execute("set local row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        owner.execute(CHANGE)


def test_without_force_for_the_length_of_the_change_the_owner_changes_every_row(
    owner: psycopg.Connection[Any],
) -> None:
    owner.execute("set local row_security = off")
    for table in BOTH:
        owner.execute(f"alter table {table} no force row level security")
    assert owner.execute(CHANGE).rowcount == 1
    for table in BOTH:
        owner.execute(f"alter table {table} force row level security")
    owner.commit()
    with acting(service(896)):
        assert Child.objects.get().surname == "OKAFOR"
    assert owner.execute("select count(*) from children_child").fetchone() == (0,)
