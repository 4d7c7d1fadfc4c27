"""Registers taken in as the command and the worker do."""

import csv
import json
import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from virtual_school import shipped
from virtual_school.attendance.models import ColumnLayout, EarlierMark, MarkedDay, MonthSums, SessionTotals
from virtual_school.authorities.actions import open_authority
from virtual_school.authorities.models import Authority
from virtual_school.children.models import Child
from virtual_school.exchange.actions import undo
from virtual_school.exchange.models import Import
from virtual_school.exchange.readers.faults import Unreadable
from virtual_school.exchange.undo import BuiltOn, what_is_built_on
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service
from virtual_school.schools.models import Enrolment
from virtual_school.schools.tests.factories import SchoolFactory

from .loading import CODE, look_at, take_in

CHECKOUT = Path(__file__).resolve().parents[3]
UPN, BORN = "B801200005001", date(2012, 3, 27)
WHO = f"{UPN},27/03/2012"
HEAD = "UPN,Date of birth,Date,AM,PM\n"
MONDAY = date(2026, 11, 2)


def a_child(authority: Authority, local_id: str, upn: str, born: date, urn: int | None) -> Child:
    child = Child.objects.create(authority=authority, local_id=local_id, upn=upn, born=born)
    if urn:
        Enrolment.objects.create(authority=authority, child=child, school_id=urn, starts=date(2025, 9, 1))
    return child


@pytest.fixture
def held(db: None) -> Authority:
    authority = open_authority(CODE)
    SchoolFactory(urn=100000, la_code=CODE, establishment_number="4000")
    SchoolFactory(urn=100001, la_code=CODE, establishment_number="4001")
    with acting(service(CODE)):
        a_child(authority, "100123", UPN, BORN, 100000)
        a_child(authority, "100124", "P207000016049", BORN, 100001)
    return authority


def file(tmp_path: Path, text: str, name: str = "marks.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def marks() -> list[tuple]:
    with acting(service(CODE)):
        return list(MarkedDay.objects.order_by("day", "child").values_list("child__local_id", "day", "urn", "am", "pm"))


def test_marks_go_in_at_the_childs_school_and_again_change_nothing(held: Authority, tmp_path: Path) -> None:
    path = file(tmp_path, HEAD + f"{WHO},02/11/2026,/,\\\n{WHO},03/11/2026,l,O\n")
    changes, _ = take_in("attendance", held, path)
    assert (changes.total.rows_read, changes.total.created, changes.total.rejected) == (2, 2, 0)
    assert marks() == [("100123", MONDAY, 100000, "/", "\\"), ("100123", date(2026, 11, 3), 100000, "L", "O")]
    again = look_at("attendance", held, path).total
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)


def test_a_correction_is_told_and_what_was_before_is_kept(held: Authority, tmp_path: Path) -> None:
    take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,N,\\\n"))
    changes, _ = take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,I,\\\n"))
    [entry] = changes.of("changed")
    assert (entry.local_id, entry.now, entry.new) == ("100123", {"Morning": "N"}, {"Morning": "I"})
    with acting(service(CODE)):
        assert list(EarlierMark.objects.values_list("code", "why")) == [("N", "replaced")]


def test_pupils_who_are_not_held_are_counted_and_nothing_is_kept_of_them(held: Authority, tmp_path: Path) -> None:
    other = "A801200005002,01/01/2011"
    text = HEAD + f"{WHO},02/11/2026,/,\n{other},02/11/2026,I,\n{other},03/11/2026,I,\n{UPN},01/01/2010,02/11/2026,/,\n"
    changes, _ = take_in("attendance", held, file(tmp_path, text))
    assert changes.total.rejected == 3
    assert [(entry.row, entry.column, entry.reason, entry.value) for entry in changes.of("rejected")] == [
        (3, "UPN", "no child with this UPN and date of birth (2 days)", ""),
        (5, "Date of birth", "this UPN is held with another date of birth", ""),
    ]


def test_the_file_may_name_the_school(held: Authority, tmp_path: Path) -> None:
    text = f"UPN,DOB,LAESTAB,Date,AM\n{WHO},{CODE}/4001,02/11/2026,/\n"
    take_in("attendance", held, file(tmp_path, text))
    assert marks() == [("100123", MONDAY, 100001, "/", "")]


def test_two_rows_that_say_otherwise_of_one_session_are_not_both_taken(held: Authority, tmp_path: Path) -> None:
    text = f"UPN,DOB,Date,Session,Mark\n{WHO},02/11/2026,AM,/\n{WHO},02/11/2026,PM,\\\n{WHO},02/11/2026,AM,O\n"
    changes, _ = take_in("attendance", held, file(tmp_path, text))
    assert (changes.total.rows_read, changes.total.created, changes.total.rejected) == (3, 2, 1)
    assert changes.of("rejected")[0].row == 4
    assert marks() == [("100123", MONDAY, 100000, "/", "\\")]


def test_withdrawn_codes_come_in_and_are_told(held: Authority, tmp_path: Path) -> None:
    text = HEAD + f"{WHO},02/11/2026,H,Y\n{WHO},03/11/2026,H,H\n{WHO},01/05/2024,J,H\n{WHO},01/11/2026,/,\n"
    changes, _ = take_in("attendance", held, file(tmp_path, text))
    assert [(entry.column, entry.value, entry.reason) for entry in changes.of("warning")] == [
        ("AM", "H (3 times)", "the code H was withdrawn after 18/08/2024"),
        ("PM", "Y", "the code Y was withdrawn after 18/08/2024, now Y1 to Y7"),
        ("Date", "01/11/2026", "this is a Sunday"),
    ]
    assert len(marks()) == 4


def test_columns_that_were_matched_are_remembered_by_sender(held: Authority, tmp_path: Path, capsys) -> None:
    path = file(tmp_path, f"Pupil no,Birthday,When,Vorm,Nachm\n{WHO},02/11/2026,/,\\\n")
    with pytest.raises(Unreadable, match="say what each column holds"):
        look_at("attendance", held, path)
    columns = "UPN=Pupil no;Date of birth=Birthday;Date=When;AM=Vorm;PM=Nachm"
    call_command(
        "import", "attendance", str(path), "--authority", str(CODE), "--apply", "--sender", "Hill School",
        "--columns", columns,
    )  # fmt: skip
    with acting(service(CODE)):
        assert ColumnLayout.objects.get().sender == "Hill School"
    assert look_at("attendance", held, path).total.unchanged == 1
    with pytest.raises(CommandError, match="does not name a column"):
        call_command("import", "attendance", str(path), "--authority", str(CODE), "--columns", "Nonsense=X")


def test_the_published_example_gives_its_sums_through_import_and_command(held: Authority, tmp_path: Path, capsys):
    with shipped.open_text("vectors/attendance.csv") as source:
        rows = list(csv.DictReader(source))
    out = ["CHILD,Date,AM,PM"]
    with acting(service(CODE)):
        for row in rows:
            a_child(held, row["pupil"], "", BORN, 100000)
    days = [
        date(2026, 1, 5) + timedelta(days=n) for n in range(26) if (date(2026, 1, 5) + timedelta(days=n)).weekday() < 5
    ]
    for row in rows:
        sessions = row["marks"].split()
        for day, am, pm in zip(days, sessions[::2], sessions[1::2], strict=True):
            out.append(f"{row['pupil']},{day:%d/%m/%Y},{am},{pm}")
    take_in("attendance", held, file(tmp_path, "\n".join(out)))
    capsys.readouterr()
    call_command("attendance", "--authority", str(CODE), "--from", "2026-01-05", "--to", "2026-01-30", "--json")
    found = {one["child"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(found) == {row["pupil"] for row in rows}
    for row in rows:
        one = found[row["pupil"]]
        assert (one["possible"], one["present"], one["authorised"], one["unauthorised"]) == tuple(
            int(row[name]) for name in ("sessions_possible", "present", "authorised", "unauthorised")
        )
        assert one["late"] == int(row["late_before_close"]) + int(row["late_after_close"])
        assert f"{one['absence_pct']:.4f}" == row["absence_pct"]
        assert (one["persistent"], one["severe"]) == (row["persistent"] == "Y", row["severe"] == "Y")


def test_the_command_answers_for_one_child_and_refuses_what_it_cannot(held: Authority, capsys) -> None:
    call_command(
        "attendance",
        "--authority",
        str(CODE),
        "--from",
        "2026-01-05",
        "--to",
        "2026-01-30",
        "--child",
        "100123",
        "--json",
    )
    [one] = json.loads(capsys.readouterr().out)
    assert (one["possible"], one["absence_pct"], one["persistent"]) == (0, None, False)
    for arguments, why in [
        (["--from", "2026-01-05", "--to", "2026-01-01"], "is before"),
        (["--from", "05/01/2026", "--to", "2026-01-30"], "is not a date"),
        (["--from", "2026-01-05", "--to", "2026-01-30", "--child", "nobody"], "has no child nobody"),
    ]:
        with pytest.raises(CommandError, match=why):
            call_command("attendance", "--authority", str(CODE), *arguments)


def test_the_template_can_be_filled_in_and_sent(held: Authority, tmp_path: Path, capsys) -> None:
    call_command("import", "attendance", "--template")
    changes = look_at("attendance", held, file(tmp_path, capsys.readouterr().out))
    assert (changes.total.created, changes.total.rejected) == (1, 0)


def test_an_import_is_taken_back_whole(held: Authority, tmp_path: Path) -> None:
    take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,N,\\\n"))
    before = marks()
    _, imported = take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,I,\\\n{WHO},03/11/2026,O,O\n"))
    assert marks() != before
    with acting(service(CODE), action="import undo"):
        undo(imported)
    assert marks() == before
    with acting(service(CODE)):
        sums = MonthSums.objects.get()
        assert (sums.possible, sums.unauthorised, sums.authorised) == (2, 1, 0)
        assert set(EarlierMark.objects.filter(why="taken_back").values_list("code", flat=True)) == {"I", "O"}


def test_an_import_whose_marks_were_corrected_since_cannot_be_taken_back(held: Authority, tmp_path: Path) -> None:
    _, imported = take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,N,\n"))
    take_in("attendance", held, file(tmp_path, HEAD + f"{WHO},02/11/2026,I,\n"))
    with acting(service(CODE)):
        assert what_is_built_on(imported) == "Corrected since: 1 mark."
    with pytest.raises(BuiltOn), acting(service(CODE), action="import undo"):
        undo(imported)


def test_sums_of_a_transfer_file_and_of_the_census_are_kept_apart_from_marks(held: Authority, tmp_path: Path) -> None:
    from virtual_school.exchange.readers.tests.test_session_totals import PUPILS, SESSIONS, TRANSFER

    text = TRANSFER.replace("Z373248013782", UPN).replace("2010-11-12", "2012-03-27").replace(">373<", f">{CODE}<")
    path = file(tmp_path, text, "transfer.xml")
    changes, _ = take_in("attendance", held, path)
    assert changes.total.created == 1
    census = tmp_path / "census"
    census.mkdir()
    file(census, PUPILS.replace("2020-Apr-25", "2012-Mar-27").replace("126.0", "9"), "2025_summer_pupilonroll.csv")
    file(census, SESSIONS, "2025_summer_termlysessiondetailsonroll.csv")
    changes, imported = take_in("attendance", held, census)
    assert [entry.reason for entry in changes.of("warning")] == [
        "the sessions of absence add up to more than were possible"
    ]
    with acting(service(CODE)):
        rows = list(SessionTotals.objects.order_by("id").values_list("source", "period", "urn", "possible", "doubt"))
        assert not MarkedDay.objects.exists()
    assert rows == [
        ("transfer", "year 2025", 100000, 268, ""),
        ("census", "2025 summer census", 0, 9, "the sessions of absence add up to more than were possible"),
    ]
    assert look_at("attendance", held, census).total.unchanged == 1
    with acting(service(CODE), action="import undo"):
        undo(imported)
        assert SessionTotals.objects.get().source == "transfer"


DAYS, CHILDREN = 190, 60


def a_large_file(tmp_path: Path) -> Path:
    days = [date(2025, 9, 1) + timedelta(days=n) for n in range(DAYS)]
    path = tmp_path / "large.csv"
    with path.open("w") as out:
        out.write("CHILD,Date,AM,PM\n")
        for child in range(CHILDREN):
            out.writelines(f"{200_000 + child},{day:%d/%m/%Y},/,{'O' if child % 7 == 0 else 'I'}\n" for day in days)
    return path


@pytest.mark.django_db(transaction=True)
def test_killed_while_it_writes_it_leaves_nothing_and_started_again_it_ends_with_the_same_marks(
    tmp_path: Path, capsys
) -> None:
    authority = open_authority(CODE)
    with acting(service(CODE)):
        for child in range(CHILDREN):
            a_child(authority, str(200_000 + child), "", BORN, None)
    path = a_large_file(tmp_path)
    params = connection.get_connection_params()
    kept = {key: params[key] for key in ("host", "port", "user", "password", "dbname") if params.get(key)}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": make_conninfo(**kept)}
    process = subprocess.Popen(
        [sys.executable, "-m", "django", "import", "attendance", str(path), "--authority", str(CODE), "--apply"],
        cwd=CHECKOUT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr as told:
        assert any("Written" in line for line in told)
        os.kill(process.pid, signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    with acting(service(CODE)):
        assert not MarkedDay.objects.exists()
        assert not Import.objects.exists()
    take_in("attendance", authority, path)
    with acting(service(CODE)):
        assert MarkedDay.objects.count() == DAYS * CHILDREN
        assert MarkedDay.objects.filter(pm="O").count() == DAYS * len(range(0, CHILDREN, 7))
    assert look_at("attendance", authority, path).total.unchanged == DAYS * CHILDREN
