"""Who calls the API. A token counts alone: whatever a browser carries beside it is nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from virtual_school.exchange import tokens

from .calls import counted, counted_wrong
from .problems import as_problem, problem

PLACE = "/api/v1/"
SCHEME = "bearer "
WAIT = "60"


class Program:
    """Sets `request.token` and what its transaction may see. Every error leaves as a problem a program can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PLACE):
            return self.get_response(request)
        request.token = None
        given = request.headers.get("Authorization", "")
        if given:
            request.person = None
            secret = given[len(SCHEME) :].strip() if given.lower().startswith(SCHEME) else ""
            request.token = tokens.token_of(secret)
            is_within = counted(request.token) if request.token else counted_wrong(request)
            if not is_within:
                response = problem(429, "Too many calls. Wait a minute, then send more marks in each call.")
                response["Retry-After"] = WAIT
                return response
        if request.token:
            request.capability = tokens.claims_of(request.token)
        return as_problem(self.get_response(request))
