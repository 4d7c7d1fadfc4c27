"""One question a page; then, answer by answer, who may read it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .drawing import as_png, read_strokes
from .media import RefusedMedia, bytes_of, keep_media
from .models import Media, VoiceAnswer
from .my import My, my_page, show
from .raw import BadAnswer, read_answer
from .saved import kept, with_media
from .saying import Said, begin, keep, last_shared, latest_answers, scopes_of, share
from .sets import Question
from .views_my_mat import is_asked_by_card, is_to_show, next_card, with_what_was_confirmed
from .worries import entry_read_by, raise_alert, triggered

SKIPS = {"skip", "dont_know", "talk_instead"}


@with_media
@my_page
def question(request: HttpRequest, my: My, number: int) -> HttpResponse:
    if not 0 < number <= len(my.questions):
        raise Http404
    asked = my.questions[number - 1]
    begin(my.entry)
    if my.needs_practice:
        return redirect("voice:practice")
    error: dict[str, Any] = {}
    held = latest_answers(my.entry).get(asked.key)
    if request.method == "GET" and "way" not in request.GET and is_asked_by_card(my, asked, held):
        place = next_card(my, asked, held)
        return redirect("voice:card", number, place) if place else redirect("voice:mat", number)
    if request.method == "POST":
        try:
            before = latest_answers(my.entry).get(asked.key)
            answer = _keep(request, my, asked, number)
        except BadAnswer as wrong:
            error = {"key": wrong.key, "values": wrong.values}
        except RefusedMedia as refused:
            error = {"key": refused.key, "values": {}}
        else:
            return kept(
                request, go_on(my, asked, number, answer if answer != before else None, request.POST.get("do", "next"))
            )
        held = latest_answers(my.entry).get(asked.key)
    return show(
        request, "question", my, question=asked, number=number, answer=held.raw if held else None,
        media=held.media if held else None, skip=held.skip if held else "", way=request.GET.get("way", ""),
        more_cards=my.cards(asked), error=my.phrases.said(error["key"]).filled(**error["values"]) if error else None,
        is_scribed=my.entry.mode == "scribed", is_helped=bool(my.entry.helper_name),
        is_first=number == 1, is_more=number > my.first, keep_key=f"{my.entry.public_id}.{asked.key}",
    )  # fmt: skip


def _keep(request: HttpRequest, my: My, asked: Question, number: int) -> VoiceAnswer | None:
    do = request.POST.get("do", "next")
    if do in SKIPS:
        return keep(entry=my.entry, question=asked, number=number, said=Said(skip=do))
    posted = dict(request.POST.lists())
    held = latest_answers(my.entry).get(asked.key)
    media = _media(request, my, held)
    posted["media"] = [str(media.public_id)] if media else []
    raw = with_what_was_confirmed(read_answer(asked, posted, my.cards(asked)), held.raw if held else None)
    if media is None and raw and raw.get("strokes") and (held is None or held.raw != raw):
        media = keep_media(entry=my.entry, kind="drawing", content=as_png(read_strokes(request.POST["strokes"])))
    elif media is None and raw and raw.get("strokes") and held is not None:
        media = held.media
    if raw is None and held is not None and held.skip:
        return held
    return keep(
        entry=my.entry, question=asked, number=number,
        said=Said(
            raw=raw, media=media, via=",".join(request.POST.getlist("via"))[:10],
            was_read_back=request.POST.get("read_back") == "yes" if my.entry.mode == "scribed" else None,
            order=tuple(request.POST.getlist("shown"))[:60],
        ),
    )  # fmt: skip


def _media(request: HttpRequest, my: My, held: VoiceAnswer | None) -> Media | None:
    """A new file, else the one that was kept before."""
    for sent in request.FILES.getlist("media"):
        if sent.size:
            kind = (
                "audio"
                if "say" in request.POST.getlist("via") or (sent.content_type or "").startswith("audio")
                else "photo"
            )
            seconds = request.POST.get("seconds", "")
            return keep_media(
                entry=my.entry, kind=kind, content=sent.read(), seconds=int(seconds) if seconds.isdecimal() else None
            )
    wanted = [value for value in request.POST.getlist("media") if value]
    if wanted and held is not None and held.media and str(held.media.public_id) in wanted:
        return held.media
    return None


def go_on(my: My, asked: Question, number: int, new: VoiceAnswer | None, do: str) -> str:
    """Where the page goes when the answer is kept. `new`: not where Next is pressed again on what was told already."""
    if do == "not_safe":
        alert = raise_alert(entry=my.entry, source="button", is_urgent=True)
        return f"{reverse('voice:not_first', args=[alert.public_id])}?page={number}"
    if new is not None and (urgent := triggered(asked, new)) is not None:
        alert = raise_alert(
            entry=my.entry, source="answer", is_urgent=urgent, question=new.text_shown, words=new.words,
            sound=new.media.sha256 if new.media and new.media.kind == "audio" else "",
        )  # fmt: skip
        return reverse("voice:not_first", args=[alert.public_id])
    if do == "back":
        return reverse("voice:question", args=[number - 1]) if number > 1 else reverse("voice:first")
    if do == "stop":
        return f"{reverse('voice:stop')}?from={number}"
    if do == "next" and is_to_show(my, asked, latest_answers(my.entry).get(asked.key)):
        return reverse("voice:mat", args=[number])
    return after(my, number)


def after(my: My, number: int) -> str:
    if number in {my.first, len(my.questions)}:
        return reverse("voice:share")
    return reverse("voice:question", args=[number + 1])


@my_page
def share_answers(request: HttpRequest, my: My) -> HttpResponse:
    """Every answer starts at nobody; the same for all is the child's own press."""
    scopes = scopes_of(my.entry)
    answers = sorted(latest_answers(my.entry).values(), key=lambda one: one.number)
    if request.method == "POST":
        same = request.POST.get("do") == "same"
        chosen = {one.question_key: request.POST.getlist("all" if same else f"who_{one.pk}") for one in answers}
        share(entry=my.entry, choices=chosen)
        return redirect("voice:done") if request.POST.get("do") != "same" else redirect("voice:share")
    before = last_shared(my.entry)
    rows = [
        {"answer": one, "chosen": list(one.seen_by), "before": [] if one.seen_by else before.get(one.question_key, [])}
        for one in answers
    ]
    return show(
        request, "share", my, rows=rows, choices=[(scope, f"share.{scope}", _names(my, scope)) for scope in scopes],
        more=len(my.questions) > my.first, more_number=my.first + 1, helper=my.entry.helper_name,
    )  # fmt: skip


def _names(my: My, scope: str) -> str:
    return ", ".join(dict.fromkeys(one["name"] for one in my.people if one["scope"] == scope))


@my_page
def take_back(request: HttpRequest, my: My) -> HttpResponse:
    """One answer, from the page that says what was shared."""
    if request.method == "POST":
        share(entry=my.entry, choices={request.POST.get("question", ""): ()})
    return redirect("voice:done")


@my_page
def done(request: HttpRequest, my: My) -> HttpResponse:
    answers = sorted(latest_answers(my.entry).values(), key=lambda one: one.number)
    rows = [
        (
            one,
            [(f"share.{scope}", _names(my, scope)) for scope in one.seen_by],
            bool(one.taken_back_at and not one.seen_by),
        )
        for one in answers
    ]
    return show(
        request,
        "done",
        my,
        rows=rows,
        is_shared=any(one.seen_by for one in answers),
        is_any_back=any(row[2] for row in rows),
        read=entry_read_by(my.entry),
    )


@my_page
def media(request: HttpRequest, my: My, media_id: object) -> HttpResponse:
    found = Media.objects.filter(entry=my.entry, public_id=media_id).first()
    if found is None:
        raise Http404
    return file_of(found)


def file_of(found: Media) -> HttpResponse:
    response = HttpResponse(bytes_of(found), content_type=found.content_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
