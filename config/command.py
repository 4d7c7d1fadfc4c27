"""The command `virtual-school`: Django's own commands and ours, with the database up and up to date."""

import os
import subprocess
import sys

BY_OWNER = {"migrate", "makemigrations", "sqlmigrate", "flush", "squashmigrations", "optimizemigration"}
BY_IMPORTER = {"import", "demo", "worker"}
WITHOUT_DATABASE = {
    "help",
    "--help",
    "-h",
    "version",
    "--version",
    "register",
    "collectstatic",
    "prepare-database",
    "check",
}


def main(argv: list[str] | None = None) -> None:
    argv = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    name = argv[1] if len(argv) > 1 else "help"
    if name in BY_OWNER:
        os.environ["VS_DB_ROLE"] = "vs_owner"
    elif name in BY_IMPORTER:
        os.environ["VS_DB_ROLE"] = "vs_import"
    from config import database
    from config.roles import UnsafeDatabase

    try:
        if name == "prepare-database":
            return database.prepare_other_server(argv[2:])
        if name == "run":
            from config.run import run

            return run(argv[2:])
        if name not in WITHOUT_DATABASE and "--help" not in argv:
            database.bring_up()
            if name not in BY_OWNER:
                database.bring_up_to_date()
    except (UnsafeDatabase, database.ServerError, subprocess.CalledProcessError) as problem:
        sys.exit(f"virtual-school: {problem}")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(argv)
    except UnsafeDatabase as problem:
        sys.exit(f"virtual-school: {problem}")


if __name__ == "__main__":
    main()
