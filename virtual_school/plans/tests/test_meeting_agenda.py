"""The notes of a meeting, step by step, and the words of two who write at once."""

from hypothesis import given
from hypothesis import strategies as st

from virtual_school.plans.agenda import AGENDA, joined, merged, split_notes, steps_for

LINE = st.text(alphabet="ab c:", max_size=6)
TEXT = st.lists(LINE, max_size=5).map("\n".join)
NOTES = st.dictionaries(st.sampled_from([step.key for step in AGENDA]), TEXT.map(lambda text: text.strip("\n")))


def test_the_agenda_is_that_of_the_guide_and_open_promises_lead_it() -> None:
    assert [step.key for step in steps_for(any_promised=False)] == [
        "celebrate", "child", "progress", "last", "needs", "targets", "transition", "actions", "next",
    ]  # fmt: skip
    assert steps_for(any_promised=True)[0].key == "promised"


def test_the_child_is_there_for_the_first_steps_only() -> None:
    with_child = [step.with_child for step in AGENDA]
    assert with_child == sorted(with_child, reverse=True)
    assert not {step.key for step in AGENDA if step.with_child} & {"needs", "targets", "transition", "actions", "next"}


@given(NOTES)
def test_notes_come_back_by_step(notes: dict[str, str]) -> None:
    held = {key: words for key, words in notes.items() if words.strip()}
    assert split_notes(joined(notes)) == held


def test_a_line_that_reads_like_a_heading_stays_in_its_step() -> None:
    assert split_notes(joined({"child": "Actions:\nto play"})) == {"child": "Actions\nto play"}


def test_old_notes_without_headings_are_kept() -> None:
    assert split_notes("All went well") == {"celebrate": "All went well"}


def test_words_in_two_places_are_put_together() -> None:
    base = "Otter drawing\n\nMaths"
    words, clash = merged(base, "Otter drawing on the wall\n\nMaths", "Otter drawing\n\nMaths is at 104")
    assert (words, clash) == ("Otter drawing on the wall\n\nMaths is at 104", False)


def test_words_in_the_same_place_are_both_kept_and_said_so() -> None:
    words, clash = merged("", "Sue will ring", "Danielle will ring")
    assert clash
    assert words.split("\n") == ["Danielle will ring", "Sue will ring"]


def test_the_same_words_sent_twice_stand_once() -> None:
    assert merged("", "Otter", "Otter") == ("Otter", False)
    assert merged("", "Otter drawing", "Otter")[0] == "Otter drawing"


@given(TEXT, TEXT)
def test_alone_one_always_gets_what_one_wrote(base: str, mine: str) -> None:
    assert merged(base, mine, base) == (mine, False)


@given(TEXT, TEXT, TEXT)
def test_no_line_somebody_added_is_lost(base: str, mine: str, theirs: str) -> None:
    kept, _ = merged(base, mine, theirs)
    before = set(base.split("\n"))
    for line in [*mine.split("\n"), *theirs.split("\n")]:
        if line not in before:
            assert any(line.strip() in one for one in kept.split("\n"))
