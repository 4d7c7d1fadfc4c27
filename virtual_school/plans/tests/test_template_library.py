import re
from pathlib import Path

import pytest

from virtual_school.plans.conditions import PHASES, Answered, Circumstances
from virtual_school.plans.contents import CONTENTS
from virtual_school.plans.library import library_template, templates
from virtual_school.plans.template import Field, Template, met_contents, required_left, visible_sections
from virtual_school.plans.template_document import from_document, to_document

KEYS = Path(__file__).with_name("template_keys.txt")
PLANS = [phase for phase in PHASES if phase != "previously_looked_after"]


def held() -> dict[str, str]:
    """Every key of the library with its kind; a column's key behind its field's."""
    found: dict[str, str] = {}
    for template in templates():
        for field in template.fields():
            found[field.key] = field.kind
            found.update(columns(field.key, field.columns))
    return found


def columns(key: str, fields: tuple[Field, ...]) -> dict[str, str]:
    found = {}
    for column in fields:
        found[f"{key}/{column.key}"] = column.kind
        found.update(columns(f"{key}/{column.key}", column.columns))
    return found


def shown(template: Template, answers: dict[str, object] | None = None, **circumstances: object) -> list[str]:
    somebody = Circumstances(phase=template.phase, **circumstances)  # type: ignore[arg-type]
    given = {key: Answered(value) for key, value in (answers or {}).items()}
    return [section.key for section in visible_sections(template, somebody, given)]


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_has_a_template_that_stands(phase: str) -> None:
    template = library_template(phase)
    assert template.phase == phase
    assert from_document(to_document(template)) == template


def test_an_unknown_phase_has_none() -> None:
    with pytest.raises(KeyError, match="no phase called"):
        library_template("university")


@pytest.mark.parametrize("phase", PHASES)
def test_every_content_of_the_law_is_asked_or_said_not_to_apply(phase: str) -> None:
    template = library_template(phase)
    asked = {number for field in template.fields() for number in field.statutory}
    assert asked | {item.number for item in template.does_not_apply} == set(CONTENTS)


@pytest.mark.parametrize("phase", PLANS)
def test_what_the_law_must_have_is_never_optional(phase: str) -> None:
    required = {n for field in library_template(phase).fields() if field.required != "never" for n in field.statutory}
    assert {content.number for content in CONTENTS.values() if content.strength == "must"} <= required


def test_early_years_alone_asks_for_good_early_provision() -> None:
    asks = [t.phase for t in templates() if any("C10" in field.statutory for field in t.fields())]
    assert asks == ["early_years"]


def test_nothing_is_owed_to_a_child_who_has_left_care() -> None:
    assert {item.number for item in library_template("previously_looked_after").does_not_apply} == set(CONTENTS)


def test_no_key_is_lost_or_changes_its_kind() -> None:
    frozen = dict(line.split(" ") for line in KEYS.read_text("utf-8").splitlines())
    now = held()
    assert {key: now.get(key) for key in frozen} == frozen


def test_every_key_held_is_in_the_frozen_list() -> None:
    frozen = {line.split(" ")[0] for line in KEYS.read_text("utf-8").splitlines()}
    assert set(held()) - frozen == set()


@pytest.mark.parametrize("phase", PHASES)
def test_the_words_are_plain(phase: str) -> None:
    template = library_template(phase)
    words = [template.name, template.note]
    for section in template.sections:
        words += [section.title, section.hint, section.note_for_child]
        for field in section.fields:
            words += [field.label, field.hint, *(choice.label for choice in field.choices)]
            words += [column.label for column in field.columns]
    for text in words:
        assert not re.search(r"\bLACs?\b|\bCLA\b|\bDT\b|\bVSH\b|\bPEP\b|\bNEET\b|\bUASC\b|e\.g\.|TODO", text), text
        assert "  " not in text and text == text.strip()
        for sentence in re.split(r"(?<=[.?!:;])\s", text):
            assert len(sentence.split()) <= 25, sentence


@pytest.mark.parametrize("phase", PHASES)
def test_every_section_says_what_good_looks_like_and_what_the_child_may_know(phase: str) -> None:
    for section in library_template(phase).sections:
        assert section.hint and section.note_for_child and section.minutes > 0, section.key


@pytest.mark.parametrize("phase", PLANS)
def test_the_childs_section_holds_the_childs_pages_and_asks_adults_only_how_they_came(phase: str) -> None:
    voice = library_template(phase).section("voice")
    assert voice is not None and voice.fields[0].kind == "voice"
    assert [field.key for field in voice.fields[1:]] == [
        "voice.how",
        "voice.reason_none",
        "voice.try_next",
        "voice.who_helped",
        "voice.on",
        "voice.changes",
    ]


def test_no_views_asks_for_a_reason_and_for_what_is_tried_next() -> None:
    template = library_template("primary")
    somebody = Circumstances(phase="primary", year_group=3)
    left = {f.key for f in required_left(template, {"voice.how": Answered("none")}, "before_submit", somebody)}
    assert {"voice.reason_none", "voice.try_next"} <= left and "voice.changes" not in left
    left = {f.key for f in required_left(template, {"voice.how": Answered("alone")}, "before_submit", somebody)}
    assert "voice.reason_none" not in left and "voice.changes" in left


def test_a_child_who_came_alone_is_asked_what_they_bring() -> None:
    for phase in PLANS:
        assert "unaccompanied" in shown(library_template(phase), is_unaccompanied=True), phase
        assert "unaccompanied" not in shown(library_template(phase)), phase


def test_a_first_plan_has_no_last_targets() -> None:
    assert "last_targets" not in shown(library_template("primary"), is_first_plan=True)
    assert "last_targets" in shown(library_template("primary"))


def test_a_move_is_planned_for_when_near_or_when_school_says_so() -> None:
    template = library_template("primary")
    assert "transition" not in shown(template)
    assert "transition" in shown(template, is_transition_year=True)
    assert "transition" in shown(template, {"changes.move": True})


def test_without_a_school_place_the_plan_says_what_the_child_learns_now() -> None:
    assert "no_school" in shown(library_template("secondary"), has_no_school=True)
    assert "no_school" not in shown(library_template("secondary"))
    assert "no_school" in shown(library_template("not_on_roll"))


def test_options_are_asked_in_year_9() -> None:
    assert "options" in shown(library_template("secondary"), year_group=9)
    assert "options" not in shown(library_template("secondary"), year_group=8)


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ("college", {"course", "attendance_after_16"}),
        ("apprenticeship", {"course", "employment", "attendance_after_16"}),
        ("job", {"seeking", "employment", "attendance_after_16"}),
        ("looking", {"seeking"}),
        ("parent", {"seeking"}),
    ],
)
def test_after_16_the_plan_fits_what_the_young_person_does(status: str, asked: set[str]) -> None:
    variable = {"course", "employment", "seeking", "attendance_after_16"}
    assert set(shown(library_template("post_16"), {"status.now": status})) & variable == asked


def test_a_high_score_wants_strategies() -> None:
    template = library_template("primary")
    high = Circumstances(phase="primary", is_sdq_over_cut_off=True)
    assert "wellbeing.sdq_strategies" in {f.key for f in required_left(template, {}, "before_submit", high)}
    low = Circumstances(phase="primary")
    assert "wellbeing.sdq_strategies" not in {f.key for f in required_left(template, {}, "before_submit", low)}


@pytest.mark.parametrize("phase", PLANS)
def test_an_empty_plan_meets_nothing_and_a_full_one_everything(phase: str) -> None:
    template = library_template(phase)
    somebody = Circumstances(phase=phase)
    empty = met_contents(template, {}, somebody)
    assert {met.state for met in empty.values()} == {"missing", "does_not_apply"}
    full = {}
    for field in template.fields():
        answer: object = "words"
        if field.choices:
            answer = field.choices[0].value
        elif field.kind == "yes_no":
            answer = True
        full[field.key] = Answered(answer)
    assert {met.state for met in met_contents(template, full, somebody).values()} == {"met", "does_not_apply"}
    assert required_left(template, full, "before_submit", somebody) == ()
