"""Errors as programs read them: application/problem+json (RFC 9457). Nothing in them but what the caller sent."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse

PROBLEM_JSON = "application/problem+json"
DETAILS = {
    400: "The request cannot be understood.",
    401: "Send a token that is known and in force: Authorization: Bearer vs_…",
    403: "This token does not give the right to that.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    500: "A fault in this service stopped it, and nothing was changed. It has been recorded.",
}
KEPT = ("Allow", "WWW-Authenticate", "Retry-After")


class Problem(Exception):
    """Ends the call. `more` are further members of the answer."""

    def __init__(self, status: int, detail: str = "", **more: Any) -> None:
        super().__init__(status, detail)
        self.status, self.detail, self.more = status, detail, more


def problem(status: int, detail: str = "", **more: Any) -> JsonResponse:
    told = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or DETAILS.get(status, ""),
        **more,
    }
    response = JsonResponse(told, status=status, content_type=PROBLEM_JSON)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Virtual School"'
    return response


def as_problem(response: HttpResponse) -> HttpResponse:
    """An error that was made for people, said again for a program."""
    if response.status_code < 400 or response["Content-Type"] == PROBLEM_JSON:
        return response
    said = problem(response.status_code)
    for name in KEPT:
        if name in response:
            said[name] = response[name]
    return said
