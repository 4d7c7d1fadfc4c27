"""`virtual-school invite`: the first way into an authority, when nobody can invite anybody yet."""

import argparse
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from virtual_school.access.actions import invite
from virtual_school.access.models import Role
from virtual_school.authorities.actions import NoSuchAuthority, open_authority
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service


class Command(BaseCommand):
    help = "Gives somebody a role in an authority, sends them an invitation and prints its link."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--authority", required=True, type=int, metavar="CODE", help="three digits")
        parser.add_argument("--urn", type=int, help="the school, for a designated teacher or their colleague")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["authority"]
        try:
            validate_email(options["email"])
        except ValidationError as problem:
            raise CommandError(f"{options['email']} is not an e-mail address.") from problem
        try:
            open_authority(code)
            with acting(service(code), action="invite"):
                membership, link = invite(
                    by=None,
                    name=options["name"],
                    email=options["email"],
                    role=options["role"],
                    authority=code,
                    urn=options["urn"],
                )
        except NoSuchAuthority as problem:
            raise CommandError(str(problem)) from problem
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        what = f"{membership.user.name} is now {membership.get_role_display().lower()} in {membership.authority}."
        if link:
            self.stdout.write(f"{what}\nThe invitation was sent. Its link, good once within 7 days:\n{link}")
        else:
            self.stdout.write(f"{what}\nThey have an account already and sign in as before.")
