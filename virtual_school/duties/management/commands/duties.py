from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from virtual_school.children.models import Child
from virtual_school.duties.command import AuthorityCommand
from virtual_school.duties.rules import obligations_of_authority, obligations_of_child
from virtual_school.law.obligation import Obligation
from virtual_school.law.register import register
from virtual_school.plans.gather import authority_facts, child_facts


class Command(AuthorityCommand):
    help = "What the law asks, of whom, by when and why, on any day."
    columns = ("child", "duty", "who", "strength", "due_on", "met_on", "state")

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--child", metavar="ID", help="the authority's own identifier of one child")
        parser.add_argument("--duty", metavar="ID", help="one duty of the register, such as REV-03")

    def answer(self, *, day: date, child: str | None, duty: str | None, **options: Any) -> list[dict[str, Any]]:
        if duty and duty not in register().duties:
            raise CommandError(f"There is no duty {duty} in the register.")
        children = Child.objects.filter(authority=self.authority)
        if child:
            children = children.filter(local_id=child)
            if not children.exists():
                raise CommandError(f"{self.authority.name} has no child {child}.")
        names = dict(children.values_list("id", "local_id"))
        of = authority_facts(self.authority, day)
        found = [] if child else [(None, o) for o in obligations_of_authority(of, day)]
        facts = child_facts(self.authority, day, list(names) if child else None, of)
        for pk in sorted(facts, key=lambda pk: names[pk]):
            found.extend((names[pk], obligation) for obligation in obligations_of_child(facts[pk], day))
        return [_row(name, obligation) for name, obligation in found if not duty or obligation.duty == duty]


def _row(child: str | None, obligation: Obligation) -> dict[str, Any]:
    entry = register().duties[obligation.duty]
    return {
        "child": child,
        "duty": obligation.duty,
        "title": entry.title,
        "who": obligation.who,
        "act": obligation.act,
        "strength": "local" if obligation.is_local else entry.strength,
        "citation": entry.citation,
        "occasion": obligation.occasion,
        "trigger_on": obligation.trigger_on,
        "due_on": obligation.due_on,
        "met_on": obligation.met_on,
        "state": str(obligation.state),
        "reasons": [step.words for step in obligation.reasons],
        "held": list(obligation.held),
        "missing": list(obligation.missing),
    }
