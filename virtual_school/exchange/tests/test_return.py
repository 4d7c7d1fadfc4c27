"""What a return creates, changes and ends, and what it leaves alone."""

import json
from collections import Counter
from datetime import date

import pytest

from virtual_school import shipped
from virtual_school.care.history import current_episode, in_short_breaks, twelve_months_at_31_march
from virtual_school.care.models import Adoption, CarePeriod, Episode, Placement, Review, StatutoryReturn
from virtual_school.care.queries import episode_facts
from virtual_school.children.models import Child, FormerIdentifier, Sensitivity
from virtual_school.dates.ages import age_on
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from . import samples
from .loading import CODE, TODAY

pytestmark = pytest.mark.django_db
AT = date(2026, 3, 31)


def totals(changes) -> tuple[int, int, int]:
    total = changes.total
    return total.created, total.changed, total.ended


def of(child: str):
    return lambda row: row["CHILD"] == child


def episodes(child: str) -> list[tuple]:
    with acting(service(CODE)):
        return list(
            Episode.objects.filter(child__local_id=child).values_list("starts", "ends", "legal_status", "place")
        )


def test_the_shipped_return_gives_the_expected_cohorts(authority, tmp_path, whole_return, load):
    changes, _ = load(whole_return)
    expected = json.loads(shipped.content("vectors/ssda903_2025_26_cohorts_set_aside.json"))
    with acting(service(CODE)):
        facts = episode_facts(authority)
        children = {child.pk: child for child in Child.objects.all()}
        current = {pk: found for pk, all_ in facts.items() if (found := current_episode(all_, AT))}
        assert len(children) == expected["children_in_header"]
        assert Episode.objects.count() == expected["episodes"]
        assert len(current) == expected["cla_31_march"]
        with_breaks = {pk for pk, all_ in facts.items() if in_short_breaks(all_, AT)} | set(current)
        assert len(with_breaks) == expected["cla_31_march_incl_short_breaks"]
        year = sum(twelve_months_at_31_march(all_, 2026) for all_ in facts.values())
        assert year == expected["cla_12_months_31_march"]
        assert Counter(episode.place for episode in current.values()) == expected["placement_31_march"]
        ages = Counter(age_on(children[pk].born, AT) >= 16 for pk in current)
        assert ages[True] == expected["age_31_march"]["16 and over"]
        open_periods = CarePeriod.objects.filter(kind="looked_after", starts__lte=AT).exclude(ends__lte=AT)
        assert set(open_periods.values_list("child_id", flat=True)) == set(current)
        homes = Placement.objects.filter(starts__lte=AT).exclude(ends__lte=AT)
        assert set(homes.values_list("child_id", flat=True)) == with_breaks
        assert StatutoryReturn.objects.get().collection_year == 2026
    aside = {entry.local_id for entry in changes.of("rejected") if entry.table == "Episodes"}
    assert aside == set(expected["children_set_aside"])
    total = changes.total
    assert total.rows_read == total.created + total.changed + total.ended + total.unchanged + total.rejected


def test_the_same_return_twice_changes_nothing(files, load):
    first, _ = load(files)
    second, _ = load(files)
    assert first.total.created > 0
    assert totals(second) == (0, 0, 0)
    assert second.total.unchanged == first.total.created


def test_a_corrected_first_day_changes_that_row_and_no_other(files, load):
    load(files)
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "19/11/2025", DECOM="21/11/2025")
    samples.change(files["episodes.csv"], lambda row: row["DEC"] == "19/11/2025", DEC="21/11/2025")
    changes, _ = load(files)
    assert totals(changes) == (0, 2, 0)
    assert [row[:2] for row in episodes("550084")] == [
        (date(2025, 2, 18), date(2025, 11, 5)),
        (date(2025, 11, 5), date(2025, 11, 21)),
        (date(2025, 11, 21), None),
    ]


def test_an_open_episode_that_gets_its_last_day_is_ended_and_says_who_leaves_care(files, load):
    load(files)
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", DEC="10/03/2026", REC="E11")
    changes, _ = load(files)
    assert totals(changes) == (0, 0, 1)
    assert changes.leaving == 1
    ended = changes.of("ended")[0]
    assert (ended.local_id, ended.new["DEC"], ended.fix) == (
        "566910",
        "10/03/2026",
        "Leaves care and becomes previously looked-after",
    )
    with acting(service(CODE)):
        period = CarePeriod.objects.get(child__local_id="566910")
        assert (period.ends, period.end_reason) == (date(2026, 3, 10), "E11")


def test_an_episode_of_the_year_that_the_return_no_longer_has_is_taken_out_and_said(files, load):
    load(files)
    files["episodes.csv"] = [row for row in files["episodes.csv"] if row["DECOM"] != "19/11/2025"]
    changes, _ = load(files)
    assert (changes.total.ended, changes.total.removed) == (1, 1)
    assert "No longer in the return" in changes.of("ended")[0].reason
    assert [row[0] for row in episodes("550084")] == [date(2025, 2, 18), date(2025, 11, 5)]


def test_history_that_ended_before_the_year_stays(authority, files, load):
    load(files)
    with acting(service(CODE)):
        child = Child.objects.get(local_id="550084")
        Episode.objects.create(
            authority=authority, child=child, starts=date(2019, 1, 1), ends=date(2019, 6, 1), new_reason="S",
            legal_status="C2", place="U6", end_reason="E4A",
        )  # fmt: skip
    changes, _ = load(files)
    assert totals(changes) == (0, 0, 0)
    assert episodes("550084")[0][0] == date(2019, 1, 1)


def test_rows_that_overlap_history_of_another_year_are_left_out_and_what_is_held_stays(authority, files, load):
    load(files)
    before = episodes("550084")
    with acting(service(CODE)):
        child = Child.objects.get(local_id="550084")
        Episode.objects.create(
            authority=authority, child=child, starts=date(2026, 5, 1), new_reason="P", legal_status="C2", place="U6"
        )
    changes, _ = load(files)
    assert len(changes.of("rejected")) == 3
    assert "overlaps the episode held from 1 May 2026" in changes.of("rejected")[0].reason
    assert episodes("550084") == [*before, (date(2026, 5, 1), None, "C2", "U6")]


def test_episodes_that_overlap_are_set_aside_whole_and_what_was_held_is_untouched(files, load):
    load(files)
    before = episodes("550084")
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "19/11/2025", DECOM="10/11/2025")
    changes, _ = load(files)
    assert {entry.local_id for entry in changes.of("rejected")} == {"550084"}
    assert len(changes.of("rejected")) == 3
    assert sum("are both open on 10 November 2025" in entry.reason for entry in changes.of("rejected")) == 3
    assert totals(changes) == (0, 0, 0)
    assert episodes("550084") == before


def test_a_child_in_care_who_is_not_in_the_file_is_asked_about_and_nothing_is_done(files, load):
    load(files)
    before = episodes("384923")
    for name in files:
        files[name] = [row for row in files[name] if row["CHILD"] != "384923"]
    changes, _ = load(files)
    assert [(entry.local_id, entry.now["DECOM"]) for entry in changes.of("missing")] == [("384923", "09/05/2025")]
    assert totals(changes) == (0, 0, 0)
    assert episodes("384923") == before


def test_a_row_left_out_for_a_bad_date_does_not_take_out_what_is_held(files, load):
    load(files)
    with acting(service(CODE)):
        held = Review.objects.count()
    row = samples.change(
        files["reviews.csv"], lambda row: "/2025" in row["REVIEW"] and not row["REVIEW"].startswith("0")
    )
    row["REVIEW"] = "31/02/2025"
    changes, _ = load(files)
    assert changes.total.rejected == 1
    fault = changes.of("rejected")[0]
    assert (fault.file, fault.column, fault.value) == ("reviews.csv", "REVIEW", "31/02/2025")
    assert fault.local_id == row["CHILD"]
    assert totals(changes) == (0, 0, 0)
    with acting(service(CODE)):
        assert Review.objects.count() == held


def test_blanks_never_wipe_what_is_held_of_a_child(files, load):
    load(files)
    with acting(service(CODE)):
        Child.objects.filter(local_id="566910").update(forename="Alex", surname="Example")
        upn = Child.objects.get(local_id="566910").upn
    samples.change(files["header.csv"], of("566910"), UPN="", ETHNIC="", SEX="")
    changes, _ = load(files)
    assert totals(changes) == (0, 0, 0)
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
        assert (child.forename, child.upn, child.ethnicity != "") == ("Alex", upn, True)


def test_a_changed_upn_keeps_the_old_one_and_is_found_by_both(files, load):
    load(files)
    old = next(row["UPN"] for row in files["header.csv"] if row["CHILD"] == "566910")
    samples.change(files["header.csv"], of("566910"), UPN="B801200005001")
    changes, _ = load(files)
    assert totals(changes) == (0, 1, 0)
    with acting(service(CODE)):
        former = FormerIdentifier.objects.get()
        assert (former.value, former.until, former.child.upn) == (old, TODAY, "B801200005001")
        assert old.lower() in former.child.search_text
        assert "b801200005001" in former.child.search_text


def test_the_new_upn_of_an_adopted_child_is_never_joined_to_the_old_record(files, load):
    load(files)
    with acting(service(CODE)):
        adopted = Adoption.objects.get().child
    samples.change(files["header.csv"], of(adopted.local_id), UPN="B801200005001")
    changes, _ = load(files)
    assert totals(changes) == (0, 0, 0)
    assert any("adopted" in entry.reason and "B801200005001" not in entry.value for entry in changes.of("warning"))
    with acting(service(CODE)):
        assert Child.objects.get(pk=adopted.pk).upn == adopted.upn
        assert not FormerIdentifier.objects.exists()


def test_the_old_upn_of_a_sensitive_child_is_not_kept(authority, files, load):
    load(files)
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
        Sensitivity.objects.create(authority=authority, child=child, kind="protected_address", since=TODAY)
    samples.change(files["header.csv"], of("566910"), UPN="B801200005001")
    load(files)
    with acting(service(CODE)):
        assert Child.objects.get(local_id="566910").upn == "B801200005001"
        assert not FormerIdentifier.objects.exists()


def test_a_reason_for_having_no_upn_is_kept_apart(files, load):
    samples.change(files["header.csv"], of("566910"), UPN="UN3")
    load(files)
    with acting(service(CODE)):
        child = Child.objects.get(local_id="566910")
        assert (child.upn, child.upn_missing_why) == ("", "UN3")


def test_a_retired_code_is_mapped_and_kept_as_received(files, load):
    samples.change(files["episodes.csv"], of("566910"), PLACE="Z1")
    changes, _ = load(files)
    assert changes.mapped == [{"table": "Episodes", "column": "PLACE", "from_code": "Z1", "to_code": "Z11", "count": 1}]
    with acting(service(CODE)):
        episode = Episode.objects.get(child__local_id="566910", place="Z11")
        assert episode.received == {"PLACE": "Z1"}


def test_an_identifier_too_long_to_keep_is_left_out_with_all_its_rows(files, load):
    long = "9" * 21
    for name in files:
        for row in files[name]:
            if row["CHILD"] == "69112":
                row["CHILD"] = long
    changes, _ = load(files)
    with acting(service(CODE)):
        assert Child.objects.count() == 10
    assert changes.total.rows_read == changes.total.created + changes.total.rejected


def test_leading_noughts_of_an_identifier_are_kept(files, load):
    for name in files:
        for row in files[name]:
            if row["CHILD"] == "69112":
                row["CHILD"] = "0069112"
    load(files)
    with acting(service(CODE)):
        assert Child.objects.filter(local_id="0069112").exists()


def test_tables_without_header_go_in_for_children_who_are_held(files, load):
    load(files)
    samples.change(files["episodes.csv"], lambda row: row["DECOM"] == "14/08/2025", LS="C1")
    files["episodes.csv"].append({**files["episodes.csv"][0], "CHILD": "42"})
    files["header.csv"] = []
    changes, _ = load(files)
    assert changes.total.changed == 1
    assert [entry.value for entry in changes.of("rejected")] == ["42"]


def test_another_authority_sees_nothing_of_it(files, load):
    load(files)
    with acting(service(331)):
        assert not Child.objects.exists()
        assert not Episode.objects.exists()
