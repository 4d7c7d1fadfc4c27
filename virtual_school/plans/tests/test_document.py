import json
from dataclasses import MISSING, fields, replace
from datetime import date, time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.plans import document as parts
from virtual_school.plans.document import ChildHead, Part, PlanDocument, PlanHead
from virtual_school.plans.document_format import DocumentError, _slots, from_json, schema, to_json

from .plan_documents import maisies

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(),
    date: st.dates(),
    time: st.times(),
    Any: JSONS,
}


def any_part(part: type[Part]) -> st.SearchStrategy[Any]:
    named = {}
    for slot in _slots(part):
        one = SIMPLE[slot.kind] if slot.kind in SIMPLE else any_part(slot.kind)
        one = st.lists(one, max_size=2).map(tuple) if slot.is_list else one
        named[slot.name] = st.none() | one if slot.may_be_null else one
    if part is PlanDocument:
        named["format"] = st.just(parts.FORMAT)
    taken = {*named, "extra"}
    extra = st.dictionaries(TEXTS.filter(lambda name: name not in taken), JSONS, max_size=2)
    return st.builds(part, extra=extra, **named)


@given(any_part(PlanDocument))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_document_comes_back_from_json_as_it_was(document: PlanDocument) -> None:
    written = to_json(document)
    through_text = json.loads(json.dumps(written))
    assert from_json(through_text) == document
    assert to_json(from_json(through_text)) == written
    jsonschema.Draft202012Validator(schema()).validate(through_text)


def test_the_published_schema_is_the_one_the_code_means() -> None:
    published = json.loads((Path(parts.__file__).parent / "plan.schema.json").read_text())
    assert published == schema()
    jsonschema.Draft202012Validator.check_schema(published)


def test_what_a_newer_writer_added_is_kept_in_its_place() -> None:
    written = to_json(maisies())
    written["weather"] = {"sun": True}
    written["targets"][0]["colour"] = ["green", 1, None]
    document = from_json(written)
    assert document.extra == {"weather": {"sun": True}}
    assert document.targets[0].extra == {"colour": ["green", 1, None]}
    assert to_json(document) == written


def test_a_short_document_of_another_maker_is_read_with_the_rest_empty() -> None:
    document = from_json(
        {
            "plan": {"id": "1", "term": "2026/27-autumn", "phase": "primary", "state": "draft"},
            "child": {"name": "Ali"},
        }
    )
    assert document == PlanDocument(
        plan=PlanHead(id="1", term="2026/27-autumn", phase="primary", state="draft"),
        child=ChildHead(name="Ali"),
    )


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("child", "born"), "2012-13-01", "child.born: '2012-13-01' is not a date as 2026-06-29"),
        (("child", "born"), 2012, "child.born: must be a date as 2026-06-29, not a number"),
        (("child", "name"), None, "child.name: must be text, not null"),
        (("child", "name"), "\ud800", "child.name: holds half a character (a lone surrogate)"),
        (("plan", "version"), True, "plan.version: must be a whole number, not true or false"),
        (("meeting", "at"), "25:00", "meeting.at: '25:00' is not a time as 14:30"),
        (("targets", 1, "cost_lines"), {}, "targets[1].cost_lines: must be a list, not an object"),
        (("sections", 0, "fields", 1), "x", "sections[0].fields[1]: must be an object, not text"),
        (("sections", 0, "fields", 1, "value"), float("nan"), "sections[0].fields[1].value: nan is not a JSON number"),
        (("targets", 0, "cost_lines", 0, "amount_pence"), 3.5,
         "targets[0].cost_lines[0].amount_pence: must be a whole number, not a number"),
        (("format",), "virtual-school-plan/2",
         "format: 'virtual-school-plan/2' is not 'virtual-school-plan/1', which this service reads"),
    ],
)  # fmt: skip
def test_a_wrong_place_is_named_with_its_path_and_reason(path: tuple[Any, ...], value: Any, said: str) -> None:
    written = to_json(maisies())
    place = written
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(DocumentError) as error:
        from_json(written)
    assert str(error.value) == said


def test_every_wrong_place_is_said_at_once() -> None:
    with pytest.raises(DocumentError) as error:
        from_json({"plan": {"id": 1, "term": "t", "phase": "p"}, "child": []})
    assert [problem.path for problem in error.value.problems] == ["plan.id", "plan.state", "child"]


@pytest.mark.parametrize("content", [None, [], "plan", 3, {"extra": {"a": 1}}])
def test_what_is_no_plan_at_all_is_refused(content: Any) -> None:
    with pytest.raises(DocumentError):
        from_json(content)


def test_json_nested_without_end_is_refused_and_not_followed() -> None:
    written = to_json(maisies())
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    written["deep"] = deep
    with pytest.raises(DocumentError, match="nested more than"):
        from_json(written)


def test_extra_cannot_stand_in_for_a_named_place() -> None:
    with pytest.raises(ValueError, match="name"):
        ChildHead(name="Ali", extra={"name": "Ben"})


def test_no_part_has_a_place_for_an_address() -> None:
    every = [each for each in vars(parts).values() if isinstance(each, type) and issubclass(each, Part)]
    assert not [f"{part.__name__}.{f.name}" for part in every for f in fields(part)
                if {"address", "postcode", "home"} & set(f.name.split("_"))]  # fmt: skip


def test_a_meeting_time_is_written_short_and_kept_whole() -> None:
    document = maisies()
    assert document.meeting is not None
    assert to_json(document)["meeting"]["at"] == "14:30"
    odd = replace(document, meeting=replace(document.meeting, at=time(9, 5, 7, 20)))
    assert from_json(to_json(odd)) == odd


def test_what_must_be_there_is_said_by_the_schema_too() -> None:
    required = schema()["$defs"]["ChildHead"]["required"]
    assert required == [f.name for f in fields(ChildHead) if f.default is MISSING and f.default_factory is MISSING]


def test_the_example_in_the_description_for_other_makers_is_valid() -> None:
    description = Path(parts.__file__).parents[2] / "docs" / "plan-format.md"
    example = json.loads(description.read_text().split("```json\n")[1].split("```")[0])
    jsonschema.Draft202012Validator(schema()).validate(example)
    assert from_json(example).child.name == "Maisie Thornton"
