"""Marks sent by programs: what becomes of each row, once-only calls, all or nothing, and errors."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import undone
from virtual_school.attendance.comparing import Given
from virtual_school.attendance.models import Delivery, EarlierMark
from virtual_school.attendance.writing import Sender, deliver
from virtual_school.exchange.api.once import forget_answers
from virtual_school.exchange.api.reading_rows import Refused, read_row
from virtual_school.exchange.models import ApiAnswer
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .api_world import ADDRESS, ASHBY, BARNET, MONDAY, MOORCROFT, UPNS, World, get, held, mark, results, send

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)


def earlier() -> list[tuple[str, str, str]]:
    with acting(service(BARNET)):
        return list(EarlierMark.objects.order_by("id").values_list("session", "code", "why"))


def test_marks_are_created_then_unchanged_then_corrected_and_the_earlier_is_kept(world: World) -> None:
    secret = world.secrets["moorcroft"]
    assert results(send(secret, mark("amy"))) == ["created"]
    assert results(send(secret, mark("amy"))) == ["unchanged"]
    assert results(send(secret, mark("amy", "N"))) == ["corrected"]
    assert results(send(secret, mark("amy", "I"))) == ["corrected"]
    assert held(world) == {("amy", "I", "\\", MOORCROFT)}
    assert earlier() == [("am", "/", "replaced"), ("am", "N", "replaced")]


def test_the_afternoon_comes_later_and_takes_nothing_away(world: World) -> None:
    secret = world.secrets["moorcroft"]
    assert results(send(secret, mark("amy", "L", "", am_minutes_late=12))) == ["created"]
    assert results(send(secret, mark("amy", "", "\\"))) == ["created"]
    assert held(world) == {("amy", "L", "\\", MOORCROFT)}
    assert earlier() == []


def test_what_was_told_by_telephone_is_kept_beside_the_schools_own_mark(world: World) -> None:
    send(world.secrets["moorcroft"], mark("amy", "M"))
    assert results(send(world.secrets["calls"], mark("amy", "I"), mark("ben", "I"))) == ["kept_beside", "created"]
    assert results(send(world.secrets["calls"], mark("amy", "I"))) == ["kept_beside"]
    assert held(world) == {("amy", "M", "\\", MOORCROFT), ("ben", "I", "\\", ASHBY)}
    assert earlier() == [("am", "I", "gave_way")]


def test_the_school_corrects_what_was_told_by_telephone(world: World) -> None:
    send(world.secrets["calls"], mark("amy", "I"))
    assert results(send(world.secrets["moorcroft"], mark("amy", "M"))) == ["corrected"]
    with acting(service(BARNET)):
        assert set(Delivery.objects.values_list("source", "sender")) == {("phone", "calls"), ("api", "moorcroft")}


def test_marks_of_a_file_and_of_a_program_meet_in_one_store(world: World) -> None:
    with acting(service(BARNET)):
        deliver(Sender("file", "Arbor"), {BARNET: [Given(world.children["amy"].pk, MONDAY, MOORCROFT, "/", "\\")]})
    assert results(send(world.secrets["barnet"], mark("amy"))) == ["unchanged"]


def test_the_school_is_the_one_whose_roll_the_pupil_was_on_unless_it_is_named(world: World) -> None:
    rows = [mark("ben"), mark("ben", day=TUESDAY, urn=MOORCROFT), mark("amy", urn=999999)]
    told = send(world.secrets["barnet"], *rows).json()["rows"]
    assert [row["result"] for row in told] == ["created", "created", "refused"]
    assert told[2]["field"] == "urn"
    assert held(world) == {("ben", "/", "\\", ASHBY), ("ben", "/", "\\", MOORCROFT)}


def test_a_pupil_is_found_by_a_former_upn_and_however_it_is_written(world: World) -> None:
    rows = [mark("ben", upn="Q207000016049"), mark("amy", upn=" b80120 0005001 ")]
    assert results(send(world.secrets["barnet"], *rows)) == ["created", "created"]


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("upn", {"upn": 5}),
    ("upn", {"upn": "B" * 21}),
    ("date_of_birth", {"date_of_birth": "27/03/2012"}),
    ("date_of_birth", {"date_of_birth": "2011-03-27"}),
    ("date_of_birth", {"date_of_birth": 1333000000}),
    ("date", {"date": "2026-02-30"}),
    ("date", {"date": "2026-W10-1"}),
    ("date", {"date": "2011-11-02"}),
    ("am", {"am": "QQ"}),
    ("am", {"am": "=1+1"}),
    ("am", {"am": "", "pm": ""}),
    ("pm", {"pm": None}),
    ("am_minutes_late", {"am_minutes_late": -1}),
    ("am_minutes_late", {"am_minutes_late": "12"}),
    ("urn", {"urn": "130001"}),
    ("forename", {"forename": "Amy"}),
]


@pytest.mark.parametrize(("field", "wrong"), WRONG, ids=[f"{field} {wrong}" for field, wrong in WRONG])
def test_a_wrong_row_is_refused_by_its_field_and_spoils_no_other(
    world: World, field: str, wrong: dict[str, Any]
) -> None:
    told = send(world.secrets["barnet"], mark("ben"), mark("amy", **wrong), mark("amy", day=TUESDAY)).json()
    assert [row["result"] for row in told["rows"]] == ["created", "refused", "created"]
    assert told["rows"][1]["row"] == 2
    assert told["rows"][1]["field"] == field
    assert told["rows"][1]["reason"]
    assert told["counts"] == {"created": 2, "unchanged": 0, "corrected": 0, "kept_beside": 0, "refused": 1}


@pytest.mark.parametrize("wrong", [5, "x", None, [], {}])
def test_what_is_no_row_at_all_is_refused_as_one(world: World, wrong: Any) -> None:
    assert results(send(world.secrets["barnet"], wrong, mark("ben"))) == ["refused", "created"]


def test_marks_in_the_future_are_refused(world: World) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    told = send(world.secrets["barnet"], mark("amy", day=tomorrow)).json()["rows"]
    assert told == [{"row": 1, "result": "refused", "field": "date", "reason": "it is in the future"}]
    assert held(world) == set()


def test_a_refusal_repeats_nothing_that_was_sent(world: World) -> None:
    rows = [mark("amy", upn="X000000000001"), mark("amy", "ZZ"), mark("amy", date_of_birth="2009-01-31")]
    words = send(world.secrets["barnet"], *rows).content.decode()
    assert not any(told in words for told in ["X000000000001", "ZZ", "2009", UPNS["amy"]])


def test_two_rows_of_one_session_that_disagree_are_not_both_kept(world: World) -> None:
    rows = [mark("amy", "/", ""), mark("amy", "", "\\"), mark("amy", "N", ""), mark("amy", "/", "")]
    assert results(send(world.secrets["barnet"], *rows)) == ["created", "created", "refused", "created"]
    assert held(world) == {("amy", "/", "\\", MOORCROFT)}


def test_an_odd_mark_is_kept_with_a_note(world: World) -> None:
    saturday = MONDAY - timedelta(days=2)
    told = send(world.secrets["barnet"], mark("amy", "H", ""), mark("amy", day=saturday), mark("ben")).json()["rows"]
    assert [row["result"] for row in told] == ["created"] * 3
    assert "withdrawn" in told[0]["note"]
    assert told[1]["note"] == "this is a Saturday"
    assert "note" not in told[2]


def test_all_or_nothing_keeps_nothing_when_a_row_is_refused(world: World) -> None:
    body = {"marks": [mark("amy"), mark("amy", "ZZ", day=TUESDAY)], "all_or_nothing": True}
    response = send(world.secrets["barnet"], body=body)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["rows"] == [
        {"row": 2, "result": "refused", "field": "am", "reason": "this is not an attendance code"}
    ]
    assert held(world) == set()
    body["marks"].pop()
    assert results(send(world.secrets["barnet"], body=body)) == ["created"]


def test_the_same_call_again_gets_the_very_same_answer(world: World) -> None:
    secret = world.secrets["barnet"]
    first, again = send(secret, mark("amy"), key="k1"), send(secret, mark("amy"), key="k1")
    assert again.content == first.content
    assert results(again) == ["created"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert results(send(secret, mark("amy"))) == ["unchanged"]


def test_the_same_key_with_another_body_is_a_conflict_and_changes_nothing(world: World) -> None:
    secret = world.secrets["barnet"]
    send(secret, mark("amy"), key="k1")
    response = send(secret, mark("amy", "I"), key="k1")
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert held(world) == {("amy", "/", "\\", MOORCROFT)}


def test_a_key_is_of_one_token(world: World) -> None:
    assert results(send(world.secrets["barnet"], mark("amy"), key="k1")) == ["created"]
    assert results(send(world.secrets["moorcroft"], mark("cara"), key="k1")) == ["created"]


def test_a_key_is_free_again_after_a_call_that_failed_and_after_a_week(world: World) -> None:
    secret = world.secrets["barnet"]
    body = {"marks": [mark("amy", "ZZ")], "all_or_nothing": True}
    assert send(secret, body=body, key="k1").status_code == 422
    assert results(send(secret, mark("amy"), key="k1")) == ["created"]
    ApiAnswer.objects.update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    assert results(send(secret, mark("amy", "I"), key="k1")) == ["corrected"]
    assert forget_answers() == 0
    ApiAnswer.objects.update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    assert forget_answers() == 1


@pytest.mark.parametrize("key", [" ", "k" * 256])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    assert send(world.secrets["barnet"], mark("amy"), key=key).status_code in {400, 422}
    assert held(world) == set()


def test_an_answer_kept_names_no_child_and_no_key(world: World) -> None:
    send(world.secrets["barnet"], mark("amy"), mark("amy", "ZZ", day=TUESDAY), key="secret-key")
    kept = ApiAnswer.objects.get()
    assert kept.key_hash != "secret-key"
    assert len(kept.body_hash) == 64
    assert UPNS["amy"].encode() not in bytes(kept.answer)


def call(world: World, content: Any, content_type: str = "application/json", **headers: str) -> Any:
    headers = {"Authorization": f"Bearer {world.secrets['barnet']}", **headers}
    return Client().post(ADDRESS, content, content_type, headers=headers)


@pytest.mark.parametrize(
    ("status", "content", "content_type", "headers"),
    [
        (400, "{", "application/json", {}),
        (422, "", "application/json", {}),
        (400, b"\xff\xfe{}", "application/json", {}),
        (400, "[" * 50_000, "application/json", {}),
        (415, "marks=1", "application/x-www-form-urlencoded", {}),
        (415, "{}", "text/plain", {}),
        (415, "{}", "application/json; charset=latin-1", {}),
        (415, "{}", "application/json", {"Content-Encoding": "gzip"}),
        (422, "{}", "application/json", {}),
        (422, "[]", "application/json", {}),
        (422, "5", "application/json", {}),
        (422, '{"marks": {}}', "application/json", {}),
        (422, '{"marks": [], "all_or_nothing": "yes"}', "application/json", {}),
        (422, '{"marks": [], "authority": 202}', "application/json", {}),
        (413, json.dumps({"marks": [1] * 10_001}), "application/json", {}),
        (413, json.dumps({"marks": ["x" * 2_200_000]}), "application/json", {}),
    ],
    ids=range(16),
)
def test_a_call_that_is_not_right_is_a_problem_a_program_can_read(
    world: World, status: int, content: Any, content_type: str, headers: dict[str, str]
) -> None:
    response = call(world, content, content_type, **headers)
    told = response.json()
    assert (response.status_code, told["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert told["title"]
    assert told["detail"]
    assert len(response.content) < 2_000


def test_no_rows_are_no_error(world: World) -> None:
    assert send(world.secrets["barnet"]).json()["rows"] == []


def test_an_address_or_method_that_is_not_there_is_a_problem_too(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.secrets['barnet']}"}
    gone = Client().get("/api/v1/pupils", headers=headers)
    assert (gone.status_code, gone["Content-Type"]) == (404, "application/problem+json")
    wrong = Client().delete(ADDRESS, headers=headers)
    assert (wrong.status_code, wrong["Content-Type"]) == (405, "application/problem+json")
    assert set(wrong["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


@pytest.mark.parametrize("query", ["", "?from=2026-11-02", "?from=x&to=y", "?from=2026-11-02&to=2026-11-01", "?from=2020-01-01&to=2026-11-01"])  # fmt: skip
def test_sums_are_asked_for_between_two_days(world: World, query: str) -> None:
    response = Client().get(ADDRESS + query, headers={"Authorization": f"Bearer {world.secrets['barnet']}"})
    assert response.status_code == 422


def test_the_sums_are_those_the_command_prints(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    send(world.secrets["barnet"], mark("amy", "I"), mark("amy", "L", "U", day=TUESDAY), mark("ben"))
    told = get(world.secrets["barnet"], MONDAY, TUESDAY).json()["children"]
    asked = ["--authority", str(BARNET), "--from", MONDAY.isoformat(), "--to", TUESDAY.isoformat(), "--json"]
    call_command("attendance", *asked)
    assert told == json.loads(capsys.readouterr().out)
    assert [row["child"] for row in told] == ["100", "101"]


def test_the_description_is_openapi_and_names_what_a_row_holds(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.secrets['reads']}"}
    told = Client().get("/api/v1/openapi.json", headers=headers).json()
    assert told["openapi"].startswith("3.1")
    assert set(told["paths"]) == {"/api/v1/attendance"}
    row = told["components"]["schemas"]["Marks"]["properties"]["marks"]["items"]
    assert set(row["required"]) == {"upn", "date_of_birth", "date"}
    assert told["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"
    errors = told["paths"]["/api/v1/attendance"]["post"]["responses"]["409"]["content"]
    assert set(errors) == {"application/problem+json"}


def test_many_rows_take_as_many_questions_as_few(world: World, django_assert_max_num_queries: Any) -> None:
    days = [date(2026, 9, 7) + timedelta(days=7 * week + day) for week in range(8) for day in range(5)]
    send(world.secrets["barnet"], mark("amy"))
    with django_assert_max_num_queries(40):
        send(world.secrets["barnet"], *[mark(who, day=day) for who in ("amy", "ben") for day in days])


ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=15) | st.dates().map(str)
FIELDS = st.sampled_from(["upn", "date", "date_of_birth", "am", "pm", "urn", "x"])


@given(ANYTHING | st.dictionaries(FIELDS, ANYTHING, max_size=7))
def test_whatever_stands_in_a_row_it_is_read_or_refused(given_row: Any) -> None:
    found = read_row(1, given_row, MONDAY)
    if isinstance(found, Refused):
        assert found.reason
    else:
        assert found.day <= MONDAY


MARKS = st.lists(
    st.tuples(st.sampled_from(["amy", "ben"]), st.integers(0, 4), st.sampled_from("/LINC"), st.sampled_from(["", "\\", "I"])),
    max_size=12,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(MARKS)
def test_sent_twice_nothing_is_created_or_corrected(world: World, marks: list[tuple[str, int, str, str]]) -> None:
    rows = [mark(who, am, pm, day=MONDAY + timedelta(days=n)) for who, n, am, pm in marks]
    with undone():
        first = results(send(world.secrets["barnet"], *rows))
        again = results(send(world.secrets["barnet"], *rows))
    assert again == ["refused" if result == "refused" else "unchanged" for result in first]
