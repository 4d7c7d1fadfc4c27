"""Offering to undo what was just saved: shown once on the next page, with what is needed to take it back."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse


def offer(request: HttpRequest, words: str, name: str, *args: Any, **needed: Any) -> None:
    """`words` say what was done; the named URL takes it back by POST, with `needed` (JSON) at hand."""
    request.session["undo"] = {"words": words, "url": reverse(name, args=args), "needed": needed}


def offered(request: HttpRequest) -> dict[str, Any] | None:
    """What the page shows; it can be taken back until something else is saved."""
    undo = request.session.pop("undo", None)
    if undo:
        request.session["undo_shown"] = undo
    return undo


def taken(request: HttpRequest) -> dict[str, Any]:
    """What is needed to take back the thing whose URL this is, once; 404 where it was not offered."""
    undo = request.session.pop("undo_shown", None) or request.session.pop("undo", None)
    if not undo or undo["url"] != request.path:
        raise Http404
    return undo["needed"]
