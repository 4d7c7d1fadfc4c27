"""England as the demonstration invents it: made once, kept, brought to today when it was made on another day."""

import json

from .ground import Scale, check, command, home, owner
from .tables import Table


def measure(scale: Scale) -> Table:
    """Needs no Django in this process: it may be the first thing ever run in this home."""
    kept = home(scale) / "made.json"
    arguments = ["demo", "--authorities", str(scale.authorities), "--children", str(scale.children), "--json"]
    is_new = not kept.exists()
    made = command(*arguments)
    there = json.loads(made.out)["authorities"]
    in_care = sum(one["children"] for one in there)
    check(len(there) == scale.authorities, f"{len(there)} authorities, not {scale.authorities}")
    check(in_care >= scale.children * 0.98, f"{in_care:,} children in care, not {scale.children:,}")
    if is_new:
        kept.write_text(json.dumps({"seconds": made.seconds, "megabytes": made.megabytes}))
        made = command(*arguments)
    first = json.loads(kept.read_text())
    table = Table(
        "England", notes=[f"`virtual-school demo --authorities {scale.authorities} --children {scale.children}`"]
    )
    with owner() as connection:
        connection.execute("vacuum analyze")
        size = connection.execute("select pg_database_size('vs')").fetchone()[0]
        children = connection.execute("select reltuples from pg_class where relname = 'children_child'").fetchone()[0]
        duties = connection.execute(
            "select reltuples from pg_class where relname = 'duties_standingobligation'"
        ).fetchone()[0]
    check(duties > children, f"{duties:,.0f} obligations are kept of {children:,.0f} children")
    table.add("Making it", first["seconds"])
    table.add("Most memory while making it", first["megabytes"], "MB")
    table.add("Asking for it again, when it is there", made.seconds)
    table.add("Size of the database", size / 1024**2, "MB")
    table.add("Children", children, "")
    table.add("Of them in care", in_care, "")
    table.add("Obligations kept", duties, "")
    return table
