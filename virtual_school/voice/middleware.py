"""The narrow right of a hand-over code. It counts on the child's own pages only, and there nothing else counts."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from virtual_school.identity.seal import Claims

from .handover import COOKIE, sitting_of

PAGES = "/my-school/"


class Capability:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.sitting = None
        if request.path.startswith(PAGES) and COOKIE in request.COOKIES:
            request.sitting = sitting = sitting_of(request)
            if sitting is not None:
                request.person = None  # an adult's own rights end where the child's page begins
                if sitting.is_open:
                    request.capability = Claims(voice_entry=sitting.entry_id)
        return self.get_response(request)
