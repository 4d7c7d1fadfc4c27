"""Plans out and in: the document made from the tables, files by command, and a plan from elsewhere taken in whole."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import time_machine
from django.core.management import CommandError, call_command

from virtual_school.plans.document_format import from_json, schema, to_json
from virtual_school.plans.exporting import as_service, document_of, whole_json
from virtual_school.plans.importing import import_plan
from virtual_school.plans.models import Action, Answer, CostLine, Plan, PlanCopy, Target
from virtual_school.plans.refused import Refused

from .closing_world import to_state
from .pdf_text import text_of
from .plan_documents import maisies
from .writing_world import HERE, TODAY, World


@pytest.fixture
def world(made_world: World, settings: Any, tmp_path: Any) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with time_machine.travel(f"{TODAY.isoformat()} 10:42:00+00:00", tick=False):
        yield made_world


def theirs(**changes: Any) -> dict[str, Any]:
    """A plan of Maisie's from elsewhere, with things this service has no place for."""
    document = to_json(maisies())
    document["child"] |= {"born": "2014-05-01", "upn": ""}
    document["plan"] |= {"term": "2025/26-summer", "kind": "annual", **changes}
    document["review_panel"] = {"chair": "Somebody", "marks": [1, 2.5, None, True]}
    document["sections"][0]["fields"].append({"key": "their.own", "label": "Their own", "kind": "hologram", "value": 3})
    return document


def taken_in(world: World, document: dict[str, Any]) -> Plan:
    with world.within():
        plan = import_plan(content=json.dumps(document).encode(), child=world.children["maisie"], by=None)
        return Plan.objects.select_related("template", "school", "child__authority").get(pk=plan.pk)


def test_a_published_plan_as_a_document_says_all_that_is_in_the_tables(world: World) -> None:
    to_state(world, "maisie", "published")
    with world.within():
        plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        written = to_json(document_of(as_service(plan)))
        answers = dict(Answer.objects.filter(plan=plan).values_list("field_key", "value"))
    jsonschema.validate(written, schema())
    assert from_json(written) == from_json(json.loads(json.dumps(written)))
    assert written["plan"]["state"] == "published" and written["plan"]["rating"] == "Good"
    assert written["child"]["school"] == "Moorcroft High School"
    fields = {field["key"]: field for section in written["sections"] for field in section["fields"]}
    shown = {key: value for key, value in answers.items() if key in fields}
    assert len(shown) > 80 and all(fields[key]["value"] == value for key, value in shown.items())
    assert fields["about_child.born"]["source"] == "From the child's record"
    (target,) = written["targets"]
    assert target["outcome"] == "Reads 90 words a minute" and target["cost_lines"][0]["amount_pence"] == 30000
    assert {one["name"] for one in written["meeting"]["attendees"]} == {"Asha Khan", "Danielle Frost", "Sue Palmer"}
    assert [one["role"] for one in written["signatures"]] == ["designated_teacher", "social_worker"]
    assert written["actions"][0]["what"] == "Book the tutor"
    assert any("Approved on 24 November 2026 by Priya Nair" in line for line in written["history"])
    assert {one["role"] for one in written["people"]} >= {"Designated teacher", "Social worker", "Carer"}


def test_what_is_taken_in_goes_out_letter_for_letter(world: World) -> None:
    original = theirs()
    plan = taken_in(world, original)
    with world.within():
        assert json.loads(whole_json(as_service(plan))) == original
        assert to_json(document_of(as_service(plan)))["review_panel"] == original["review_panel"]
    assert (plan.state, plan.version, plan.rating, plan.kind) == ("published", 2, "Good", "review")
    assert plan.meeting_on == date(2026, 11, 12)


def test_open_targets_and_known_answers_are_there_for_the_next_plan(world: World) -> None:
    plan = taken_in(world, theirs())
    with world.within():
        held = {target.outcome for target in Target.objects.filter(first_plan=plan)}
        assert held == {target.outcome for target in maisies().targets}
        assert CostLine.objects.filter(plan=plan).count() == sum(len(t.cost_lines) for t in maisies().targets)
        assert Action.objects.filter(plan=plan).count() == len(maisies().actions)
        assert Answer.objects.filter(plan=plan, source="carried").exists()
        assert not Answer.objects.filter(plan=plan, field_key="their.own").exists()


def test_the_meeting_and_the_signatures_of_a_plan_taken_in_are_shown_as_imported(world: World) -> None:
    plan = taken_in(world, theirs())
    teacher = world.client("teacher")
    page = teacher.get(f"/plans/{plan.public_id}/").content.decode()
    assert "Imported" in page and "12 November" in page
    assert "Moorcroft High School, room 4" in page and "Arrange the meeting" not in page
    assert "designated teacher, 20 November 2026" in page
    record = teacher.get(f"/plans/{plan.public_id}/meeting/").content.decode()
    assert "came with the plan from Calderwick Council" in record and "<form" not in record.split("<main")[1]
    for words in ("The reading group goes on after Christmas.", "Began with", "Sent her views on paper",
                  "would have liked tuition at home", "10 March 2027", "Sent apologies"):  # fmt: skip
        assert words in record, words
    for page in ("arrange", "record", "room", "people"):
        assert teacher.get(f"/plans/{plan.public_id}/meeting/{page}/").status_code in {403, 404}


def test_of_an_imported_meeting_everyone_reads_what_their_level_reads(world: World) -> None:
    plan = taken_in(world, theirs())
    with world.within():
        Plan.objects.filter(pk=plan.pk).update(state="published")
    record = world.client("carer").get(f"/plans/{plan.public_id}/meeting/").content.decode()
    assert "Sue Palmer" in record and "The reading group goes on after Christmas." in record


def test_an_imported_plan_without_a_meeting_says_so(world: World) -> None:
    document = theirs() | {"meeting": None, "signatures": []}
    plan = taken_in(world, document)
    page = world.client("teacher").get(f"/plans/{plan.public_id}/").content.decode()
    assert "came without a record of a meeting" in page and "came without signatures" in page


def test_a_plan_exported_here_is_taken_in_elsewhere_as_the_same(world: World) -> None:
    to_state(world, "maisie", "published")
    with world.within():
        plan = Plan.objects.select_related("template", "school", "child__authority").get(pk=world.plans["maisie"].pk)
        out = json.loads(whole_json(as_service(plan)))
        out["child"]["upn"], out["child"]["born"] = "", "2013-02-03"
        out["plan"]["term"] = "2025/26-spring"
        taken = import_plan(content=json.dumps(out).encode(), child=world.children["zainab"], by=None)
        again = Plan.objects.select_related("template", "school", "child__authority").get(pk=taken.pk)
        assert json.loads(whole_json(as_service(again))) == out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"term": "autumn 2026"}, "is no term"),
        ({"term": "2025/27-summer"}, "is no term"),
        ({"term": "2026/27-autumn", "kind": "review"}, "There is a plan for the autumn term 2026 already"),
        ({"version": 0}, "plan.version"),
        ({"due_on": "soon"}, "plan.due_on: 'soon' is not a date"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_place_and_nothing_is_kept(
    world: World, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words.replace("(", r"\(")):
        taken_in(world, theirs(**change))
    with world.within():
        assert not PlanCopy.objects.exists() and not Plan.objects.filter(state="published").exists()


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [("born", "2011-01-01", "child.born"), ("upn", "Z999000110042", "child.upn")],
)
def test_another_childs_plan_is_not_laid_to_this_child(world: World, place: str, value: str, words: str) -> None:
    document = theirs()
    document["child"][place] = value
    with pytest.raises(Refused, match=words):
        taken_in(world, document)


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"[1]", b"\xff\xfe", b'{"plan": "x", "child": []}', b"[" * 100_000]
)
def test_a_file_that_is_no_plan_is_refused(world: World, content: bytes) -> None:
    with world.within(), pytest.raises(Refused):
        import_plan(content=content, child=world.children["maisie"], by=None)


def test_the_same_file_is_not_taken_in_twice(world: World) -> None:
    taken_in(world, theirs())
    with pytest.raises(Refused, match="taken in already"):
        taken_in(world, theirs())


def run(*args: str) -> Any:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return json.loads(out.getvalue()) if "--json" in args else out.getvalue()


def test_plans_are_listed_by_command_as_promised(world: World) -> None:
    rows = run("plans", "--authority", str(HERE), "--term", "2026/27-autumn", "--json")
    assert [row["child"] for row in rows] == ["00001", "00002", "00003"]
    assert set(rows[0]) == {"id", "child", "term", "phase", "state", "due_on", "meeting_on", "submitted_on",
                            "approved_on", "rating"}  # fmt: skip
    assert run("plans", "--authority", str(HERE), "--term", "2025/26-autumn", "--json") == []
    assert "00001" in run("plans", "--authority", str(HERE))
    for args in (["--authority", "999"], ["--authority", str(HERE), "--term", "summer"]):
        with pytest.raises(CommandError):
            run("plans", *args)


def test_one_plan_is_written_whole_by_command(world: World, tmp_path: Path) -> None:
    to_state(world, "maisie", "published")
    public_id = str(world.plans["maisie"].public_id)
    pdf, document = tmp_path / "plan.pdf", tmp_path / "plan.json"
    run("plan", public_id, "--out", str(pdf))
    assert run("plan", public_id, "--out", str(document), "--json")["id"] == public_id
    assert "Reads 90 words a minute" in text_of(pdf.read_bytes())
    jsonschema.validate(json.loads(document.read_text()), schema())
    assert document.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["nonsense", "--out", "x.pdf"], "not the id of a plan"),
        (["00000000-0000-0000-0000-000000000000", "--out", "x.pdf"], "There is no plan"),
        (["00000000-0000-0000-0000-000000000000"], "Say where to write"),
        (["00000000-0000-0000-0000-000000000000", "--out", "x.docx"], "x.docx"),
        (["import"], "Say which file, and whose"),
        (["import", "nowhere.json", "--authority", str(HERE), "--child", "00001"], "cannot be read"),
    ],
)
def test_a_command_says_what_is_wrong(world: World, args: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run("plan", *args)


def test_a_plan_is_taken_in_and_written_again_by_command(world: World, tmp_path: Path) -> None:
    came, went = tmp_path / "came.json", tmp_path / "went.json"
    came.write_text(json.dumps(theirs()))
    told = run("plan", "import", str(came), "--authority", str(HERE), "--child", "00001", "--json")
    assert told["state"] == "published"
    run("plan", told["id"], "--out", str(went))
    assert json.loads(went.read_text()) == theirs()
    with pytest.raises(CommandError, match=r"came\.json: This plan has been taken in already"):
        run("plan", "import", str(came), "--authority", str(HERE), "--child", "00001")
    with pytest.raises(CommandError, match="no child 99999"):
        run("plan", "import", str(came), "--authority", str(HERE), "--child", "99999")
