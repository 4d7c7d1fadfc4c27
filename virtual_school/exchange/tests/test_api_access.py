"""What each token may, walked: each kind × each verb × each child. And who gets in at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from virtual_school.access.person import person_of
from virtual_school.access.tests.factories import MembershipFactory
from virtual_school.access.tests.signing_in import signed_in
from virtual_school.audit.models import Event
from virtual_school.authorities.models import Authority
from virtual_school.exchange import tokens
from virtual_school.exchange.api.calls import CALLS_A_MINUTE, WRONG_TOKENS_A_MINUTE, forget_calls
from virtual_school.exchange.models import ApiCalls, ApiToken
from virtual_school.identity.acting import acting
from virtual_school.identity.seal import service

from .api_world import ADDRESS, ASHBY, BARNET, CAMDEN, MOORCROFT, World, get, held, mark, results, send

pytestmark = pytest.mark.django_db
WRITES = {
    "barnet": {"amy": "created", "ben": "created", "cara": "refused", "dan": "refused"},
    "calls": {"amy": "created", "ben": "created", "cara": "refused", "dan": "refused"},
    "moorcroft": {"amy": "created", "ben": "refused", "cara": "created", "dan": "refused"},
    "reads": None,
}
READS = {"barnet": BARNET, "calls": None, "moorcroft": None, "reads": CAMDEN}


@pytest.mark.parametrize("token", WRITES)
def test_a_token_writes_for_its_own_children_and_no_other(world: World, token: str) -> None:
    expected = WRITES[token]
    response = send(world.secrets[token], *[mark(who) for who in ("amy", "ben", "cara", "dan")])
    if expected is None:
        assert response.status_code == 403
        assert held(world) == set()
        return
    assert dict(zip(expected, results(response), strict=True)) == expected
    assert {who for who, *_ in held(world)} == {who for who, result in expected.items() if result == "created"}


@pytest.mark.parametrize("token", READS)
def test_a_token_reads_the_sums_of_its_own_authority_and_no_other(world: World, token: str) -> None:
    send(world.secrets["moorcroft"], mark("amy"), mark("cara"))
    response = get(world.secrets[token])
    if READS[token] is None:
        assert response.status_code == 403
        return
    told = response.json()
    assert told["authority"] == READS[token]
    assert [row["child"] for row in told["children"]] == [{BARNET: "100", CAMDEN: "102"}[told["authority"]]]
    assert told["children"][0]["possible"] == 2
    assert told["children"][0]["present"] == 2


def test_another_schools_child_and_one_that_is_not_held_get_the_same_words(world: World) -> None:
    rows = [mark("ben"), mark("dan"), mark("amy", upn="Z999999999999"), mark("amy", date_of_birth="2011-03-27")]
    told = send(world.secrets["moorcroft"], *rows).json()["rows"]
    assert len({(row["result"], row["field"], row["reason"]) for row in told}) == 1


def test_a_schools_token_takes_the_days_on_its_roll_only(world: World) -> None:
    from .api_world import LEFT

    told = send(
        world.secrets["moorcroft"], mark("dan", day=LEFT - timedelta(days=1)), mark("dan", day=LEFT)
    )  # fmt: skip
    assert results(told) == ["created", "refused"]


def test_a_schools_token_names_no_other_school(world: World) -> None:
    rows = [mark("amy", urn=MOORCROFT), mark("cara", urn=ASHBY)]
    told = send(world.secrets["moorcroft"], *rows).json()["rows"]
    assert told[0]["result"] == "created"
    assert told[1] | {"reason": ""} == {"row": 2, "result": "refused", "field": "urn", "reason": ""}


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer vs_wrong", "Basic dXNlcjpwYXNz", "vs_"])
def test_without_a_right_token_there_is_nothing(world: World, given: str) -> None:
    for response in [
        Client().get(ADDRESS, headers={"Authorization": given} if given else {}),
        Client().post(ADDRESS, "{}", "application/json", headers={"Authorization": given} if given else {}),
        Client().get("/api/v1/openapi.json", headers={"Authorization": given} if given else {}),
    ]:
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert response.json()["status"] == 401


def test_a_token_that_has_run_out_or_was_withdrawn_counts_no_more(world: World) -> None:
    secret = world.secrets["barnet"]
    ApiToken.objects.filter(name="barnet").update(expires_on=timezone.localdate())
    assert send(secret, mark("amy")).status_code == 401
    ApiToken.objects.filter(name="barnet").update(expires_on=timezone.localdate() + timedelta(days=1))
    assert send(secret, mark("amy")).status_code == 200
    head = MembershipFactory(authority_id=BARNET).user
    with acting(person_of(head).claims):
        assert tokens.withdraw_token(by=head, token=world.tokens["barnet"])
        assert not tokens.withdraw_token(by=head, token=world.tokens["barnet"])
    assert send(secret, mark("amy")).status_code == 401


def test_switching_off_ends_every_token_of_the_authority_and_of_no_other(world: World) -> None:
    head = MembershipFactory(authority_id=BARNET).user
    with acting(person_of(head).claims):
        ended = tokens.withdraw_all(by=head, authority=Authority.objects.get(code=BARNET))
    assert ended == 3
    assert {name: get(secret).status_code for name, secret in world.secrets.items()} == {
        "barnet": 401, "calls": 401, "moorcroft": 401, "reads": 200,
    }  # fmt: skip


def test_a_session_counts_for_nothing_beside_a_token(world: World) -> None:
    """Neither does the token give its right to the person, nor the person theirs to the call."""
    client = signed_in(MembershipFactory(authority_id=CAMDEN).user)
    assert client.get(ADDRESS).status_code == 401
    headers = {"Authorization": f"Bearer {world.secrets['calls']}"}
    assert client.get(f"{ADDRESS}?from=2026-11-02&to=2026-11-02", headers=headers).status_code == 403
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/openapi.json", headers={"Authorization": "Bearer vs_wrong"}).status_code == 401


def test_another_sites_page_calls_nothing(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.secrets['barnet']}", "Sec-Fetch-Site": "cross-site"}
    assert Client().get(ADDRESS, headers=headers).status_code == 403


def test_a_program_that_calls_too_often_waits(world: World) -> None:
    assert get(world.secrets["barnet"]).status_code == 200
    ApiCalls.objects.update(calls=CALLS_A_MINUTE)
    response = get(world.secrets["barnet"])
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response["Content-Type"] == "application/problem+json"
    assert get(world.secrets["reads"]).status_code == 200
    ApiCalls.objects.update(minute=timezone.now() - timedelta(minutes=2))
    assert get(world.secrets["barnet"]).status_code == 200


def test_guesses_from_one_address_are_stopped_and_right_tokens_go_on(world: World) -> None:
    assert send("vs_guess", mark("amy")).status_code == 401
    ApiCalls.objects.update(calls=WRONG_TOKENS_A_MINUTE)
    assert send("vs_guess", mark("amy")).status_code == 429
    assert get(world.secrets["barnet"]).status_code == 200
    kept = set(ApiCalls.objects.values_list("key", flat=True))
    assert not any("127.0.0.1" in key for key in kept)


def test_a_refused_call_counts_as_well(world: World) -> None:
    for _ in range(3):
        assert send(world.secrets["barnet"], body={"nonsense": 1}).status_code == 422
    assert ApiCalls.objects.get(key=f"token:{world.tokens['barnet'].pk}").calls == 3


def test_counts_of_calls_are_forgotten(world: World) -> None:
    get(world.secrets["barnet"])
    assert forget_calls() == 0
    ApiCalls.objects.update(minute=timezone.now() - timedelta(hours=2))
    assert forget_calls() == 1


def test_it_is_kept_when_a_token_was_last_used(world: World) -> None:
    get(world.secrets["barnet"])
    used = dict(ApiToken.objects.values_list("name", "last_used_at"))
    assert used["barnet"] is not None
    assert used["calls"] is None


def test_what_a_program_did_is_recorded_by_its_token_and_names_no_child(world: World) -> None:
    send(world.secrets["moorcroft"], mark("amy"), mark("cara"))
    get(world.secrets["barnet"])
    with acting(service(BARNET, CAMDEN)):
        found = list(Event.objects.filter(action__startswith="attendance.").order_by("id"))
    assert [(one.action, one.authority_id, one.person_id) for one in found] == [
        ("attendance.sent", CAMDEN, None),
        ("attendance.sent", BARNET, None),
        ("attendance.read", BARNET, None),
    ]
    assert {one.details["token"] for one in found[:2]} == {str(world.tokens["moorcroft"].public_id)}
    assert not any(upn in str(one.details) for one in found for upn in ("B801200005001", "C801200005001"))


def test_the_secret_is_not_kept(world: World) -> None:
    secret = world.secrets["barnet"]
    kept = ApiToken.objects.filter(name="barnet").values_list()[0]
    assert not any(secret in str(value) or secret[7:] in str(value) for value in kept)
