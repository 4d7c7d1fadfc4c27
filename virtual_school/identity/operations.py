"""Migration operations that put a table under the database's own floor of access."""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

STAFF = "authority_id = any ((select identity.staff_of())::int[])"
WRITERS = "authority_id = any ((select identity.writes_for())::int[])"
NOT_WITHHELD = "{child} is null or {child} <> all ((select identity.withheld())::bigint[])"
AROUND = """{child} = any (array(
    select i.child_id from children_involvement i
    where i.person_id = (select identity.person()) and i.starts <= current_date
      and (i.ends is null or i.ends > current_date){roles}))"""


def _statements(text: str) -> str:
    return text.strip() + "\n"


def withhold(table: str, child: str) -> str:
    """Sensitive children are kept from those not named. An update or delete without a condition asks no policy
    for SELECT, so each command has its own."""
    hidden = NOT_WITHHELD.format(child=child)
    return f"""
        create policy withheld on {table} as restrictive for select to vs_app using ({hidden});
        create policy withheld_update on {table} as restrictive for update to vs_app using ({hidden}) with check ({hidden});
        create policy withheld_delete on {table} as restrictive for delete to vs_app using ({hidden});
    """


def _around(child: str, roles: Sequence[str] | None) -> str:
    named = ", ".join(f"'{role}'" for role in roles or ())
    return AROUND.format(child=child, roles=f" and i.role in ({named})" if roles else "")


class Protect(RunSQL):
    """Forced row-level security. Staff of the authority read and change; people around the child read.

    `child` is the column that names the child, None for a table of the authority's own. `around` lists the
    roles of involvement that may read here (None: every role; (): nobody but staff), `writes` those that may
    also add and change rows here.
    """

    def __init__(
        self,
        table: str,
        child: str | None = "child_id",
        around: Sequence[str] | None = None,
        writes: Sequence[str] = (),
    ) -> None:
        self.table, self.child, self.around = table, child, None if around is None else tuple(around)
        self.writes = tuple(writes)
        forward = f"""
            alter table {table} enable row level security;
            alter table {table} force row level security;
            create policy staff_select on {table} for select to vs_app using ({STAFF});
            create policy staff_insert on {table} for insert to vs_app with check ({WRITERS});
            create policy staff_update on {table} for update to vs_app using ({WRITERS}) with check ({WRITERS});
            create policy staff_delete on {table} for delete to vs_app using ({WRITERS});
        """
        backward = f"""
            drop policy staff_select on {table};
            drop policy staff_insert on {table};
            drop policy staff_update on {table};
            drop policy staff_delete on {table};
        """
        if child:
            forward += withhold(table, child)
            backward += f"""
                drop policy withheld on {table};
                drop policy withheld_update on {table};
                drop policy withheld_delete on {table};
            """
        if child and self.around != ():
            seen = _around(child, self.around)
            forward += f"create policy those_around_select on {table} for select to vs_app using ({seen});"
            backward += f"drop policy those_around_select on {table};"
        if child and self.writes:
            mine = _around(child, self.writes)
            forward += f"""
                create policy those_around_insert on {table} for insert to vs_app with check ({mine});
                create policy those_around_update on {table} for update to vs_app using ({mine}) with check ({mine});
                create policy those_around_delete on {table} for delete to vs_app using ({mine});
            """
            backward += f"""
                drop policy those_around_insert on {table};
                drop policy those_around_update on {table};
                drop policy those_around_delete on {table};
            """
        backward += f"alter table {table} no force row level security; alter table {table} disable row level security;"
        super().__init__(_statements(forward), _statements(backward))

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, [self.table, self.child, self.around, self.writes], {}


class Track(RunSQL):
    """Keeps what every statement changes in the table (audit_change). `child` names the child's column."""

    def __init__(self, table: str, child: str = "child_id") -> None:
        self.table, self.child = table, child
        call = f"for each statement execute function identity.record_change('{child}')"
        super().__init__(
            f"""
            create trigger track_insert after insert on {table} referencing new table as new_rows {call};
            create trigger track_update after update on {table}
                referencing old table as old_rows new table as new_rows {call};
            create trigger track_delete after delete on {table} referencing old table as old_rows {call};
            """,
            f"""
            drop trigger track_insert on {table};
            drop trigger track_update on {table};
            drop trigger track_delete on {table};
            """,
        )

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, [self.table, self.child], {}


class SameAuthority(RunSQL):
    """A key that carries the authority, so that it tells nothing of another authority's child."""

    def __init__(
        self, table: str, column: str = "child_id", parent: str = "children_child", on_delete: str = "cascade"
    ) -> None:
        self.args = [table, column, parent, on_delete]
        name = f"{table}_{column.removesuffix('_id')}_key"
        super().__init__(
            f"alter table {table} add constraint {name} foreign key (authority_id, {column}) "
            f"references {parent} (authority_id, id) on delete {on_delete};",
            f"alter table {table} drop constraint {name};",
        )

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, self.args, {}


class ChangesOwn(RunSQL):
    """Those around a child in some roles may change the rows that name themselves, and no other row.

    `person` is the column that names them.
    """

    def __init__(self, table: str, person: str, roles: Sequence[str], child: str = "child_id") -> None:
        self.args = [table, person, tuple(roles), child]
        own = f"{person} = (select identity.person()) and {_around(child, roles)}"
        super().__init__(
            f"create policy own_update on {table} for update to vs_app using ({own}) with check ({own});",
            f"drop policy own_update on {table};",
        )

    def deconstruct(self) -> tuple[str, list, dict]:
        return self.__class__.__name__, self.args, {}
