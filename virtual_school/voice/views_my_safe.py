"""A child may not be safe: who is told, and what the child is told. Nothing more is asked than whom not to tell first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from .models import AlertReader, AlertStep, VoiceAlert
from .my import My, my_page, show
from .rules import in_words
from .saying import latest_answers
from .worries import Told, give, raise_alert

NOT_FIRST_MAY_BE = 12


@my_page
@require_POST
def not_safe(request: HttpRequest, my: My) -> HttpResponse:
    """The button, at once."""
    alert = raise_alert(entry=my.entry, source="button", is_urgent=True)
    return redirect("voice:not_first", alert_id=alert.public_id)


def _alert(my: My, alert_id: object) -> VoiceAlert:
    found = VoiceAlert.objects.filter(entry=my.entry, public_id=alert_id).first()
    if found is None:
        raise Http404
    return found


def _typed(my: My, number: int) -> str:
    """What stands on the page from which the button was pressed."""
    if not 0 < number <= len(my.questions):
        return ""
    held = latest_answers(my.entry).get(my.questions[number - 1].key)
    return f"{held.text_shown}\n{held.words}" if held and held.words else ""


@my_page
def not_first(request: HttpRequest, my: My, alert_id: object) -> HttpResponse:
    alert = _alert(my, alert_id)
    number = request.GET.get("page", "")
    typed = _typed(my, int(number)) if number.isdecimal() and len(number) < 3 else ""
    if request.method == "POST":
        give(
            alert=alert, entry=my.entry, not_first=request.POST.getlist("not_first")[:NOT_FIRST_MAY_BE],
            typed=typed if request.POST.get("send_page") == "yes" else "",
        )  # fmt: skip
        return redirect("voice:told", alert_id=alert.public_id)
    if alert.steps.filter(kind=AlertStep.Kind.SCREEN).exists():
        return redirect("voice:told", alert_id=alert.public_id)
    people = list({person["person"]: person for person in my.people if person.get("person")}.values())
    return show(request, "not_first", my, alert=alert, people=people, typed=typed)


@my_page
def told(request: HttpRequest, my: My, alert_id: object) -> HttpResponse:
    alert = _alert(my, alert_id)
    reader = AlertReader.objects.filter(alert=alert).order_by("id").first()
    now = timezone.localtime()
    steps = list(alert.steps.all())
    opened = next((one for one in steps if one.kind == AlertStep.Kind.OPENED), None)
    return show(
        request, "told", my, alert=alert,
        told=Told(
            name=reader.known_as if reader else "",
            when=in_words(timezone.localtime(reader.open_by), now) if reader and reader.open_by else "", is_long=False,
        ),
        is_opened=opened is not None,
        doing=[one.words for one in steps if one.kind == AlertStep.Kind.TOLD_CHILD],
    )  # fmt: skip


@my_page
@require_POST
def heard_something(request: HttpRequest, my: My) -> HttpResponse:
    """The helper's tick. It takes the place of nothing the helper has to do themselves."""
    words = request.POST.get("heard", "").strip()
    told = {"yes": "Safeguarding lead told", "no": "Safeguarding lead not told yet"}.get(
        request.POST.get("lead", ""), ""
    )
    alert = raise_alert(
        entry=my.entry,
        source="helper",
        is_urgent=True,
        words=words,
        question=f"{told} {request.POST.get('when', '')}".strip(),
    )
    give(alert=alert, entry=my.entry, not_first=[str(my.entry.helper_id)] if request.POST.get("about_me") else [])
    return redirect("voice:helper")


@my_page
def helper(request: HttpRequest, my: My) -> HttpResponse:
    """For the adult beside the child: how to listen, and what to do with what worries them."""
    return show(request, "helper", my)
