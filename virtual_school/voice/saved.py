"""Answers of the voice pages to a form that was kept, and the headers those pages need."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

View = Callable[..., HttpResponse]


def kept(request: HttpRequest, next_url: str) -> HttpResponse:
    """The answer is in the database: the page's script may delete the device's copy and go on."""
    if request.headers.get("Accept", "") == "application/json":
        return JsonResponse({"next": next_url})
    return HttpResponseRedirect(next_url)


def with_media(view: View) -> View:
    """A page where sound is recorded or a photo taken: its own blobs may be shown, and the microphone asked for."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.uses_microphone = True  # type: ignore[attr-defined]  # read by access.middleware.Headers
        return response

    return csp_update({"img-src": ["blob:"], "media-src": ["'self'", "blob:"]})(answered)  # type: ignore[no-any-return]
