import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virtual_school.plans.conditions import Answered, Circumstances, condition_from
from virtual_school.plans.contents import CONTENTS
from virtual_school.plans.template import (
    CARRY,
    CHECKS,
    FORMAT,
    OWNERS,
    REQUIRED,
    STAGES,
    Choice,
    Field,
    NotAsked,
    Section,
    Template,
    is_empty,
    met_contents,
    required_left,
    visible_sections,
)
from virtual_school.plans.template_document import from_document, to_document
from virtual_school.plans.template_faults import FaultyTemplate

PRIMARY = Circumstances(phase="primary", year_group=4, season="autumn")

DOCUMENT: dict[str, Any] = {
    "format": FORMAT,
    "phase": "primary",
    "name": "A small plan",
    "sections": [
        {
            "key": "sen",
            "title": "Special educational needs",
            "owner": "designated_teacher",
            "stage": "before_meeting",
            "fields": [
                {
                    "key": "sen.status",
                    "label": "Special educational needs",
                    "kind": "choice",
                    "required": "before_meeting",
                    "statutory": ["C4"],
                    "choices": [{"value": "none", "label": "None"}, {"value": "ehc_plan", "label": "A plan"}],
                },
                {
                    "key": "sen.outcomes",
                    "label": "Outcomes served",
                    "kind": "long_text",
                    "required": "before_submit",
                    "statutory": ["C23"],
                    "shown_when": {"field": "sen.status", "in": ["ehc_plan"]},
                },
            ],
        },
        {
            "key": "targets",
            "title": "Targets",
            "owner": "designated_teacher",
            "stage": "in_meeting",
            "fields": [
                {
                    "key": "targets.targets",
                    "label": "Targets",
                    "kind": "targets",
                    "required": "before_submit",
                    "statutory": ["C20"],
                    "columns": [{"key": "outcome", "label": "What will be different?", "kind": "text"}],
                }
            ],
        },
    ],
}


def changed(*path: Any, value: Any) -> dict[str, Any]:
    document = deepcopy(DOCUMENT)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


TEXTS = st.text(min_size=1, max_size=30).filter(str.strip)
COLUMNS = st.builds(Field, key=st.sampled_from(["one", "two"]), label=TEXTS, kind=st.just("text"), hint=st.text())
PLAIN = st.fixed_dictionaries(
    {
        "label": TEXTS,
        "required": st.sampled_from(list(REQUIRED)),
        "hint": st.text(max_size=20),
        "carry": st.sampled_from(list(CARRY)),
        "source": st.sampled_from(["", "child.born", "school.name"]),
        "statutory": st.lists(st.sampled_from([c for c in CONTENTS if c != "C10"]), unique=True, max_size=3).map(tuple),
        "shown_when": st.sampled_from([None, condition_from({"is": "remand"}), condition_from({"year_group": [1]})]),
        "checks": st.lists(st.sampled_from(list(CHECKS)), unique=True).map(tuple),
        "limit": st.none() | st.integers(1, 9999),
        "is_on": st.booleans(),
        "added_by_authority": st.booleans(),
    }
)
SHAPES = st.one_of(
    st.fixed_dictionaries({"kind": st.sampled_from(["text", "date", "yes_no", "voice"])}),
    st.fixed_dictionaries(
        {"kind": st.just("choice"), "choices": TEXTS.map(lambda label: (Choice("a", label), Choice("b", "B")))}
    ),
    st.fixed_dictionaries({"kind": st.just("table"), "columns": COLUMNS.map(lambda column: (column,))}),
)


@st.composite
def templates(draw: st.DrawFn) -> Template:
    sections = []
    for number in range(draw(st.integers(1, 3))):
        key = f"part_{number}"
        fields = tuple(
            Field(key=f"{key}.field_{place}", **draw(PLAIN), **draw(SHAPES)) for place in range(draw(st.integers(0, 3)))
        )
        sections.append(
            Section(
                key=key,
                title=draw(TEXTS),
                owner=draw(st.sampled_from(list(OWNERS))),
                stage=draw(st.sampled_from(list(STAGES))),
                minutes=draw(st.integers(0, 60)),
                is_on=draw(st.booleans()),
                note_for_child=draw(st.text(max_size=20)),
                fields=fields,
            )
        )
    return Template(
        phase="primary",
        name=draw(TEXTS),
        edition=draw(st.integers(1, 9)),
        note=draw(st.text(max_size=20)),
        sections=tuple(sections),
        does_not_apply=draw(st.sampled_from([(), (NotAsked("C10", "Too old."),)])),
    )


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=50, deadline=None)
@given(templates())
def test_a_template_goes_through_json_without_loss(template: Template) -> None:
    assert from_document(json.loads(json.dumps(to_document(template)))) == template


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("no document", "A template is a document"),
        (changed("format", value="other/1"), "reads 'virtual-school-template/1'"),
        (changed("phase", value="nursery"), "no phase called 'nursery'"),
        (changed("name", value=" "), "has no name"),
        (changed("sections", value=[]), "has no sections"),
        (changed("sections", value="none"), "must be a list"),
        (changed("sections", 0, "owner", value="postman"), "no owner called 'postman'"),
        (changed("sections", 0, "stage", value="later"), "no stage called 'later'"),
        (changed("sections", 1, "key", value="sen"), "The section “sen” stands twice"),
        (changed("sections", 0, "key", value="Sen!"), "a section's key is small letters"),
        (changed("sections", 0, "minutes", value=-1), "less than nought"),
        (changed("sections", 0, "minutes", value="five"), "must be a whole number"),
        (changed("sections", 0, "fields", 1, "key", value="sen.status"), "The field “sen.status” stands twice"),
        (changed("sections", 0, "fields", 1, "key", value="other.field"), "its section's key, a full stop"),
        (changed("sections", 0, "fields", 0, "kind", value="song"), "no kind called 'song'"),
        (changed("sections", 0, "fields", 0, "label", value="x" * 91), "the label has 91 characters"),
        (changed("sections", 0, "fields", 0, "label", value=""), "has no label"),
        (changed("sections", 0, "fields", 0, "statutory", value=["C29"]), "no statutory content called 'C29'"),
        (changed("sections", 0, "fields", 0, "statutory", value=[["C1"]]), "must be a list of texts"),
        (changed("sections", 0, "fields", 0, "source", value="moon.phase"), "no source called 'moon.phase'"),
        (changed("sections", 0, "fields", 0, "checks", value=["spelling"]), "no check called 'spelling'"),
        (changed("sections", 0, "fields", 0, "carry", value="drop"), "no way to carry it called 'drop'"),
        (changed("sections", 0, "fields", 0, "required", value="soon"), "no time it is required called 'soon'"),
        (changed("sections", 0, "fields", 0, "limit", value=0), "at least one"),
        (changed("sections", 0, "fields", 0, "choices", value=[]), "offers nothing to choose"),
        (changed("sections", 0, "fields", 0, "choices", value=["none"]), "not a value with a label"),
        (changed("sections", 0, "fields", 0, "colour", value="red"), "a part called “colour”"),
        (changed("sections", 1, "fields", 0, "columns", value=[]), "a table without columns"),
        (
            changed("sections", 0, "fields", 1, "shown_when", value={"field": "sen.gone", "in": ["x"]}),
            "the field “sen.gone”, which is not in the template",
        ),
        (
            changed("sections", 0, "fields", 1, "shown_when", value={"field": "sen.status", "in": ["maybe"]}),
            "which it does not offer",
        ),
        (
            changed("sections", 0, "fields", 1, "shown_when", value={"field": "sen.outcomes", "in": ["x"]}),
            "only after itself",
        ),
        (
            changed("sections", 0, "shown_when", value={"field": "sen.status", "in": ["none"]}),
            "only after its own field",
        ),
        (changed("sections", 0, "fields", 1, "shown_when", value={"is": "tall"}), "no circumstance called 'tall'"),
        (changed("sections", 0, "fields", 0, "is_on", value=False), "which is switched off"),
        (changed("does_not_apply", value=[{"number": "C4", "why": "x"}]), "C4 is said not to apply, but"),
        (changed("does_not_apply", value=[{"number": "C1", "why": " "}]), "without a reason"),
        (changed("does_not_apply", value=["C1"]), "a number with a reason"),
    ],
)
def test_a_faulty_template_says_what_is_wrong(document: Any, words: str) -> None:
    with pytest.raises(FaultyTemplate) as fault:
        from_document(document)
    assert words in str(fault.value)


def test_every_fault_is_said_at_once() -> None:
    document = changed("sections", 0, "owner", value="postman")
    document["sections"][1]["fields"][0]["kind"] = "song"
    with pytest.raises(FaultyTemplate) as fault:
        from_document(document)
    assert "postman" in fault.value.faults[0] and "song" in fault.value.faults[1]


def test_only_what_is_asked_is_visible() -> None:
    template = from_document(DOCUMENT)
    keys = [field.key for section in visible_sections(template, PRIMARY, {}) for field in section.fields]
    assert keys == ["sen.status", "targets.targets"]
    answers = {"sen.status": Answered("ehc_plan")}
    keys = [field.key for section in visible_sections(template, PRIMARY, answers) for field in section.fields]
    assert keys == ["sen.status", "sen.outcomes", "targets.targets"]


def test_before_sending_in_everything_required_is_left_and_before_the_meeting_only_its_own() -> None:
    template = from_document(DOCUMENT)
    before = required_left(template, {}, "before_meeting", PRIMARY)
    assert [field.key for field in before] == ["sen.status"]
    sent = required_left(template, {"sen.status": Answered("ehc_plan")}, "before_submit", PRIMARY)
    assert [field.key for field in sent] == ["sen.outcomes", "targets.targets"]


def test_a_reason_stands_for_what_the_law_asks_so_far_as_practicable() -> None:
    template = from_document(DOCUMENT)
    answers = {"sen.status": Answered(None, "The last school has not answered.")}
    assert required_left(template, answers, "before_meeting", PRIMARY) == ()
    met = met_contents(template, answers, PRIMARY)["C4"]
    assert met.state == "reasoned" and "The last school has not answered." in met.why


def test_a_reason_does_not_stand_for_targets() -> None:
    template = from_document(DOCUMENT)
    answers = {"sen.status": Answered("none"), "targets.targets": Answered([], "No time.")}
    assert [field.key for field in required_left(template, answers, "before_submit", PRIMARY)] == ["targets.targets"]
    assert met_contents(template, answers, PRIMARY)["C20"].state == "missing"


def test_a_blank_reason_is_no_reason() -> None:
    template = from_document(DOCUMENT)
    answers = {"sen.status": Answered("", "  ")}
    assert len(required_left(template, answers, "before_meeting", PRIMARY)) == 1


def test_contents_stand_as_met_missing_or_not_asked() -> None:
    template = from_document(DOCUMENT)
    answers = {"sen.status": Answered("none"), "targets.targets": Answered([{"outcome": "To read ten words"}])}
    met = met_contents(template, answers, PRIMARY)
    assert list(met) == list(CONTENTS)
    assert met["C4"].state == "met" and met["C20"].state == "met"
    assert met["C23"].state == "does_not_apply" and met["C1"].state == "does_not_apply"
    assert met_contents(template, {}, PRIMARY)["C4"].state == "missing"


@pytest.mark.parametrize("value", [None, "", "  ", [], [{}], [{"what": "", "who": None}], {}])
def test_nothing_written_is_empty(value: Any) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [0, False, "no", [{"what": "", "hours": 0}], ["x"]])
def test_nought_and_no_are_answers(value: Any) -> None:
    assert not is_empty(value)
