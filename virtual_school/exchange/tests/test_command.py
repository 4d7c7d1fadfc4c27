"""The command `import`: one JSON document, a clear error, nothing half done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.conninfo import make_conninfo

from virtual_school.authorities.models import Authority, BankHoliday
from virtual_school.care.models import CarePeriod, Episode
from virtual_school.children.models import Child
from virtual_school.exchange.models import Import
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from . import samples
from .loading import CODE

CHECKOUT = Path(__file__).resolve().parents[3]


def run(capsys, *arguments: object) -> dict:
    call_command("import", *map(str, arguments), "--json")
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def folder(files, tmp_path) -> Path:
    return samples.write(tmp_path / "return", files)


@pytest.mark.django_db
def test_without_apply_it_says_what_would_change_and_opens_the_authority(folder, capsys):
    told = run(capsys, "ssda903", folder, "--authority", CODE)
    assert (told["kind"], told["authority"], told["applied"], told["import"]) == ("ssda903", "330", False, None)
    assert told["created"] > 0 and told["rejected"] == [] and told["missing"] == []
    assert told["tables"]["Header"]["created"] == 11
    assert Authority.objects.get().name == "Birmingham"
    assert BankHoliday.objects.exists()
    with acting(service(CODE)):
        assert not Child.objects.exists()
        assert not Import.objects.exists()


@pytest.mark.django_db
def test_with_apply_it_goes_in_and_can_be_taken_back(folder, capsys):
    told = run(capsys, "ssda903", folder, "--authority", CODE, "--apply")
    with acting(service(CODE)):
        assert Child.objects.count() == 11
        imported = Import.objects.get()
        assert (str(imported.public_id), imported.state) == (told["import"], "applied")
    job = ProcrastinateJob.objects.get(task_name="duties.refresh")
    assert (job.args["code"], len(job.args["child_ids"])) == (CODE, 11)
    again = run(capsys, "ssda903", folder, "--authority", CODE, "--apply")
    assert (again["created"], again["changed"], again["ended"]) == (0, 0, 0)
    with pytest.raises(CommandError, match="later import"):
        call_command("import", "undo", told["import"])
    call_command("import", "undo", again["import"])
    call_command("import", "undo", told["import"])
    with acting(service(CODE)):
        assert not Child.objects.exists()
    with pytest.raises(CommandError, match="not applied"):
        call_command("import", "undo", told["import"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ssda903"], "Name the file"),
        (["ssda903", "/nowhere/at/all"], "is not there"),
        (["ssda903", __file__, "--authority", CODE], "columns of no table"),
        (["ssda903", __file__], "--authority"),
        (["ssda903", __file__, "--authority", 999], "not the code of an authority"),
        (["ssda903", __file__, "--authority", 909], "became 942 or 943"),
        (["ssda903", __file__, "--authority", "birmingham"], "not the code"),
        (["enrolments", __file__, __file__, "--authority", CODE], "one file at a time"),
        (["undo", "x"], "not the id"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left_behind(arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("import", *map(str, arguments))
    assert not Authority.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["enrolments", "plans"])
def test_the_template_is_printed(kind, capsys):
    call_command("import", kind, "--template")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("CHILD,UPN,Date of birth")
    assert len(lines) == 2


@pytest.mark.django_db
def test_an_invented_authority_is_marked_so(folder, capsys):
    run(capsys, "ssda903", folder, "--authority", CODE, "--invented")
    assert Authority.objects.get().is_invented


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_leaves_nothing_and_goes_in_whole_the_next_time(capsys):
    params = connection.get_connection_params()
    kept = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": make_conninfo(**kept)}
    arguments = ["import", "ssda903", str(samples.RETURN), "--authority", str(CODE), "--apply"]
    process = subprocess.Popen(
        [sys.executable, "-m", "django", *arguments],
        cwd=CHECKOUT,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as told:
        assert any("Writing twelve months" in line for line in told)
        os.kill(process.pid, signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    with acting(service(CODE)):
        assert not Child.objects.exists()
        assert not Import.objects.exists()
    told = run(capsys, "ssda903", samples.RETURN, "--authority", CODE, "--apply")
    with acting(service(CODE)):
        assert Child.objects.count() == told["tables"]["Header"]["created"] == 2675
        assert Episode.objects.count() == told["tables"]["Episodes"]["created"] == 4847
        assert (
            CarePeriod.objects.values("child").distinct().count() == Episode.objects.values("child").distinct().count()
        )
