from datetime import date

from django.core.management.base import CommandError

from virtual_school.duties.command import AuthorityCommand
from virtual_school.duties.roll import roll

COLUMNS = ("child", "cohort", "looked_after_since", "placement", "age", "year_group", "school_urn")


class Command(AuthorityCommand):
    help = "Who is on the roll, on any day."
    columns = COLUMNS

    def answer(self, *, day: date, **options) -> list[dict]:
        entries = roll(self.authority, day)
        if not entries and not self.authority.children.exists():
            raise CommandError(
                f"{self.authority.name} has no children yet. Load a return: virtual-school import ssda903 …"
            )
        return entries
