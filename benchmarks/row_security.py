"""What the database's own floor of access costs: the same pages with row-level security and without."""

from statistics import geometric_mean
from typing import Any

from .duties import by_size
from .ground import Scale, WentWrong, copy, owner
from .pages import ROLES, WARM, Page, ask, bring_to_today, people_of, signed_in, worked
from .tables import Table

ROUNDS = 3


def measure(scale: Scale) -> Table:
    bring_to_today()
    people = people_of(by_size()[0])
    table = Table("What row-level security costs", columns=("With", "Without"))
    table.notes.append(
        "Processor time of a request, of this process and of the database's for it, in the database as it is and in a "
        "copy in which row-level security is switched off on every table, in turns. Measured is the one divided by "
        "the other."
    )
    ratios = []
    with copy("vs_open") as database:
        switch_off(database)
        clients = {
            base: {role: signed_in(user) for role, user in people.users.items()}
            for base in (database, "vs")
            if use(base)
        }
        for page in people.pages:
            try:
                closed, open_ = in_turns(clients, page, database, max(6, scale.requests // (2 * ROUNDS)))
            except WentWrong as why:
                table.notes.append(f"**Not measured**, for it went wrong: {why}")
                continue
            ratios.append(closed / open_)
            table.add(f"{page.what} ({ROLES[page.role]})", closed / open_, "", None,
                      (f"{closed * 1000:.0f} ms", f"{open_ * 1000:.0f} ms"))  # fmt: skip
        use("vs")
    table.add("All pages", geometric_mean(ratios), "")
    return table


def in_turns(clients: dict[str, dict[str, Any]], page: Page, other: str, requests: int) -> tuple[float, float]:
    """Seconds of a processor a request, the least of the rounds: other work on the machine blurs them least."""
    spent: dict[str, list[float]] = {"vs": [], other: []}
    for _ in range(ROUNDS):
        for base, found in spent.items():
            use(base)
            asked = ask(clients[base][page.role], page)
            for _ in range(WARM):
                next(asked)
            before = worked()
            for _ in range(requests):
                next(asked)
            found.append((worked() - before) / requests)
    return min(spent["vs"]), min(spent[other])


def use(database: str) -> bool:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    return True


def switch_off(database: str) -> None:
    with owner(database) as connection:
        tables = connection.execute("select oid::regclass::text from pg_class where relrowsecurity").fetchall()
        for (table,) in tables:
            connection.execute(f"alter table {table} disable row level security")
        connection.execute("vacuum analyze")
