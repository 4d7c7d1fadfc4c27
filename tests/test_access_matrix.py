"""Every page, as every role, for every relation, with every verb, against access/matrix.toml."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse
from django.views.defaults import page_not_found, permission_denied

from config import urls
from virtual_school.access.matrix import MatrixError, Page, matrix, parse
from virtual_school.access.person import Person

from .cast import Cast, arguments_for, undone
from .pages import our_pages, patterns

SIGN_IN = ("/accounts/login/", "/accounts/second-factor/")


DRAWN: set[tuple[int, str]] = set()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of refusals are asked for. Writing each to the log with its traceback takes longer than the answer,
    and the page that says no is the same whatever was asked for: it is drawn once for each role."""

    def drawn_once(status: int, draw: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, exception: Exception) -> HttpResponse:
            person: Person | None = request.person  # type: ignore[attr-defined]
            whose = (status, person.role if person else "")
            if whose in DRAWN:
                return HttpResponse(status=status)
            DRAWN.add(whose)
            return draw(request, exception)

        return answer

    monkeypatch.setattr(urls, "handler403", drawn_once(403, permission_denied), raising=False)
    monkeypatch.setattr(urls, "handler404", drawn_once(404, page_not_found), raising=False)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def answer_of(response: HttpResponse) -> str:
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "sign_in"
    named = {401: "token", 403: "refuse", 404: "hide", 409: "conflict"}
    return named.get(response.status_code, "allow" if response.status_code < 400 else str(response.status_code))


def ask(client: Client, verb: str, path: str) -> str:
    with undone():
        response = client.generic(verb, path) if verb == "GET" else client.post(path)
        answer = answer_of(response)
        if response.streaming:
            b"".join(response)  # which closes the file
    client.cookies.pop("messages", None)  # of what was taken back
    return answer


def test_every_page_has_a_row_and_every_row_a_page() -> None:
    pages, rows = set(our_pages()), {page.name for page in matrix()}
    assert "" not in pages, [route for name, route in patterns() if not name]
    assert pages - rows == set(), "pages without a row in access/matrix.toml"
    assert rows - pages == set(), "rows of access/matrix.toml without a page"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("page", matrix(), ids=lambda page: f"{page.name} {'/'.join(page.verbs)}")
def test_every_role_gets_the_answer_the_matrix_says(page: Page, cast: Cast) -> None:
    wrong, paths = [], {}
    for verb, relation, role, expected in page.cases():
        if relation not in paths:
            paths[relation] = reverse(page.name, kwargs=arguments_for(page.name, page.about, cast, relation))
        got = ask(cast.client(role), verb, paths[relation])
        if got != expected:
            wrong.append(f"{verb} {page.name}, {relation}, as {role}: {got}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize("page", [page for page in matrix() if page.about == "child"], ids=lambda page: page.name)
def test_a_hidden_child_and_one_that_is_not_there_get_the_same_words(page: Page, cast: Cast) -> None:
    absent = "00000000-0000-4000-8000-000000000000"
    own = arguments_for(page.name, page.about, cast, "own")
    named = next(key for key in ("public_id", "action_id", "promise_id", "alert_id") if key in own)
    hidden = arguments_for(page.name, page.about, cast, "other_authority")[named]
    client = cast.client("virtual_school_head")
    for verb in page.verbs:
        answers = []
        for public_id in [hidden, absent]:
            response = client.generic(verb, reverse(page.name, kwargs={**own, named: public_id}))
            assert response.content or response.status_code < 400, "nothing to compare"
            answers.append((response.status_code, _without_tokens(response, str(public_id))))
        assert answers[0] == answers[1]


def _without_tokens(response: HttpResponse, public_id: str) -> str:
    words = response.content.decode().replace(public_id, "")
    return "\n".join(line for line in words.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"page": [{"name": "x", "verbs": ["GET"], "answers": {"nobody": "allow"}}]}, "no such role"),
        ({"page": [{"name": "x", "verbs": ["GET"], "answers": {"carer": "perhaps"}}]}, "no such answer"),
        ({"page": [{"name": "x", "verbs": ["GET"], "answers": {"carer": "allow"}}]}, "no answer for"),
        ({"page": [{"name": "x", "verbs": ["GET"], "like": "y"}]}, "no preset"),
        ({"page": [{"name": "x", "verbs": ["GET"], "like": "y", "roles": []}]}, "means nothing"),
        ({"page": [{"name": "x", "answers": {"everyone": "allow"}}]}, "verbs"),
        ({"groups": {"g": ["dinner_lady"]}}, "no such role as dinner_lady"),
        ({"page": [{"name": "x", "verbs": ["GET"], "answers": {"everyone": "allow"}}] * 2}, "Two rows"),
    ],
)
def test_a_row_that_says_nothing_clear_is_an_error(told: dict, words: str) -> None:
    with pytest.raises(MatrixError, match=words):
        parse(told)


def test_a_role_goes_before_a_group_and_a_group_before_everyone() -> None:
    answers = {"carer": "allow", "g": "hide", "everyone": "refuse"}
    told = {
        "groups": {"g": ["carer", "adviser"]},
        "page": [{"name": "x", "verbs": ["GET"], "answers": answers}],
    }
    found = parse(told)[0].answers["own"]
    assert [found[role] for role in ["carer", "adviser", "inspector", "anonymous"]] == [
        "allow",
        "hide",
        "refuse",
        "sign_in",
    ]
