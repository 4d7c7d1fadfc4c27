"""The way in and the way out: the code, the secret pictures, what is told first, and leaving."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from . import handover
from .handover import PICTURES, Refused
from .my import My, closed_to_others, my_page, show
from .saying import begin, change_set, latest_answers
from .words import Phrases

TOLD_FIRST = ("space", "stop", "draft", "choose", "safe", "night")


@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    error = ""
    if request.method == "POST":
        try:
            token = handover.redeem(request.POST.get("code", ""), handover.address_of(request))
        except Refused as refused:
            error = refused.key
        else:
            response = redirect("voice:first")
            handover.give_cookie(response, token)
            return closed_to_others(response)
    return closed_to_others(render(request, "voice/my/code.html", {"phrases": Phrases("en"), "error": error}))


@login_not_required
def pictures(request: HttpRequest) -> HttpResponse:
    """To come back to what was begun. Nobody without the pictures sees any of it, the adult with the code included."""
    sitting = request.sitting  # type: ignore[attr-defined]
    if sitting is None:
        return closed_to_others(redirect("voice:code"))
    if sitting.is_open:
        return closed_to_others(redirect("voice:first"))
    error, is_shut = "", not handover.has_pictures(sitting.entry_id)
    if request.method == "POST" and not is_shut:
        try:
            if handover.open_with(sitting, _chosen(request)):
                return closed_to_others(redirect("voice:questions"))
            error = "code.pictures_wrong"
        except Refused:
            is_shut = True
    context = {"phrases": Phrases("en"), "choices": PICTURES, "places": (1, 2, 3), "error": error, "is_shut": is_shut}
    return closed_to_others(render(request, "voice/my/pictures.html", context))


def _chosen(request: HttpRequest) -> list[str]:
    return [request.POST.get(f"picture_{place}", "") for place in (1, 2, 3)]


@login_not_required
@require_POST
def begin_again(request: HttpRequest) -> HttpResponse:
    sitting = request.sitting  # type: ignore[attr-defined]
    if sitting is None or sitting.is_open or not handover.begin_again(sitting):
        return closed_to_others(redirect("voice:code"))
    return closed_to_others(redirect("voice:first"))


@my_page
def first(request: HttpRequest, my: My, number: int = 1) -> HttpResponse:
    """What a child is told before the first question: one thing a screen."""
    if number > len(TOLD_FIRST):
        return redirect("voice:choose_pictures")
    key = TOLD_FIRST[number - 1]
    values: dict[str, Any] = {"childline": my.policy.childline} if key == "night" else {}
    return show(
        request, "first", my, number=number, words=my.phrases.said(f"privacy.{key}").filled(**values) if values
        else my.phrases.said(f"privacy.{key}"), back=number - 1, go_on=number + 1, is_last=number == len(TOLD_FIRST),
        days=my.policy.keep_drafts_days,
    )  # fmt: skip


@my_page
def choose_pictures(request: HttpRequest, my: My) -> HttpResponse:
    """Three pictures to come back with; whoever has an account needs none."""
    if my.sitting.is_own_account:
        return redirect("voice:questions")
    error = ""
    if request.method == "POST":
        if request.POST.get("do") == "not_now":
            return redirect("voice:questions")
        chosen = _chosen(request)
        if handover.are_pictures(chosen):
            handover.keep_pictures(my.entry.pk, chosen)
            return redirect("voice:questions" if request.GET.get("to") != "stop" else "voice:stop")
        error = "code.pictures_three"
    return show(request, "choose_pictures", my, choices=PICTURES, places=(1, 2, 3), error=error,
                has_pictures=handover.has_pictures(my.entry.pk))  # fmt: skip


@my_page
def questions(request: HttpRequest, my: My) -> HttpResponse:
    """To the first question that has no answer yet."""
    begin(my.entry)
    answered = latest_answers(my.entry)
    for number, question in enumerate(my.questions[: my.first], 1):
        if question.key not in answered:
            return redirect("voice:question", number=number)
    return redirect("voice:share")


@my_page
@require_POST
def other_questions(request: HttpRequest, my: My) -> HttpResponse:
    change_set(my.entry, request.POST.get("to", ""))
    return redirect("voice:question", number=1)


@my_page
def stop(request: HttpRequest, my: My) -> HttpResponse:
    """What was said is kept. Pictures are offered to whoever has none, so that they can come back."""
    has_pictures = my.sitting.is_own_account or handover.has_pictures(my.entry.pk)
    return show(request, "stop", my, has_pictures=has_pictures, last=request.GET.get("from", ""))


@login_not_required
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """To a plain page; going back from it shows nothing."""
    response = redirect("voice:left")
    handover.leave(request, response)
    return closed_to_others(response)


@login_not_required
def left(request: HttpRequest) -> HttpResponse:
    return closed_to_others(render(request, "voice/my/left.html", {"phrases": Phrases("en")}))
