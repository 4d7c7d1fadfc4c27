"""For those who read what worries a child: what came in, what was done, and a second person to close it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.models import Membership, User
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.audit.actions import record

from .forms import AlertForm, CloseForm, ReaderForm
from .models import AlertReader, AlertStep, SafeguardingReader, VoiceAlert
from .settings_of import policy_for, readers_of
from .tasks import give_on
from .worries import OUTCOMES, Refused, act, close, is_closed, open_alert

# Whoever has signed in may ask, whatever their role: what they find is what was given to them, for nearly all nothing.


def alerts(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    mine = {one.alert_id: one for one in AlertReader.objects.filter(person=person.user)}
    found = VoiceAlert.objects.filter(pk__in=list(mine)).prefetch_related("steps")
    now = timezone.now()
    rows = [_row(one, mine[one.pk], now) for one in found]
    rows.sort(key=lambda row: (row["is_closed"], not row["is_new"], -row["alert"].pk))
    is_reader = SafeguardingReader.objects.filter(person=person.user, ends__isnull=True).exists()
    if not rows and not is_reader and not person.can(Permission.POLICY_WRITE):
        raise Http404
    return render(request, "voice/alerts/alerts.html", {"rows": rows, "may_set": person.can(Permission.POLICY_WRITE)})


def _row(one: VoiceAlert, reader: AlertReader, now: Any) -> dict[str, Any]:
    kinds = {step.kind for step in one.steps.all()}
    is_new = AlertStep.Kind.OPENED not in kinds
    return {
        "alert": one, "open_by": reader.open_by, "is_new": is_new, "is_closed": AlertStep.Kind.CLOSED in kinds,
        "is_late": is_new and reader.open_by is not None and reader.open_by < now,
        "is_done": bool(kinds & set(OUTCOMES)), "is_phone": AlertStep.Kind.PHONE in kinds,
    }  # fmt: skip


def _given(request: HttpRequest, alert_id: object) -> VoiceAlert:
    """Only to those it was given to; to everybody else it is not there."""
    person: Person = request.person  # type: ignore[attr-defined]
    found = VoiceAlert.objects.filter(public_id=alert_id, readers__person=person.user).first()
    if found is None:
        raise Http404
    return found


def alert(request: HttpRequest, alert_id: object) -> HttpResponse:
    found = _given(request, alert_id)
    user = request.person.user  # type: ignore[attr-defined]
    if request.method == "GET":
        open_alert(alert=found, by=user)
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        words = f"{given['words']}\n{given['when']}".strip()
        try:
            act(alert=found, kind=given["kind"], words=words, reference=given["reference"], by=user)
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, "Written down. It cannot be changed any more.")
            return redirect("voice:alert", alert_id=found.public_id)
    return render(request, "voice/alerts/alert.html", {**_page(found, user), "form": form})


def _page(found: VoiceAlert, user: User) -> dict[str, Any]:
    steps = list(found.steps.all())
    acted = {one.person_id for one in steps if one.kind in {*OUTCOMES, AlertStep.Kind.TOLD_CHILD}}
    return {
        "alert": found, "steps": steps, "is_closed": is_closed(found), "close_form": CloseForm(),
        "is_done": any(one.kind in OUTCOMES for one in steps),
        "is_told": any(one.kind == AlertStep.Kind.TOLD_CHILD for one in steps),
        "may_close": user.pk not in acted, "policy": policy_for(found.authority_id, timezone.localdate()),
        "first_name": next((one.words for one in steps if one.kind == AlertStep.Kind.ABOUT), "") or "the child",
        "needs_phone": any(one.kind == AlertStep.Kind.PHONE for one in steps),
    }  # fmt: skip


@require_POST
def close_alert(request: HttpRequest, alert_id: object) -> HttpResponse:
    found = _given(request, alert_id)
    form = CloseForm(request.POST)
    try:
        close(
            alert=found,
            words=form.data.get("close_words", "") if form.is_valid() else "",
            by=request.person.user,  # type: ignore[attr-defined]
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Closed.")
    return redirect("voice:alert", alert_id=found.public_id)


@require_POST
def second(request: HttpRequest, alert_id: object) -> HttpResponse:
    found = _given(request, alert_id)
    user = request.person.user  # type: ignore[attr-defined]
    others = [one for one in readers_of(found.authority_id, timezone.localdate()) if one.person_id != user.pk]
    if others:
        give_on.defer(code=found.authority_id, alert_id=found.pk)
        messages.success(request, "The next reader is told.")
    else:
        messages.error(request, "There is nobody else to ask. Name another reader first.")
    return redirect("voice:alert", alert_id=found.public_id)


@requires(Permission.POLICY_WRITE)
def readers(request: HttpRequest) -> HttpResponse:
    """Who reads, in which order, and when they are away."""
    person: Person = request.person  # type: ignore[attr-defined]
    code = person.authority_code
    today = timezone.localdate()
    people = _people(code)
    held = SafeguardingReader.objects.filter(authority=code, ends__isnull=True).select_related("person")
    form = ReaderForm(request.POST or None, people=people)
    if request.method == "POST" and request.POST.get("end", "").isdecimal():
        held.filter(pk=int(request.POST["end"])).update(ends=today)
        record("voice.reader_ended", by=person.user.pk, authority=code)
        messages.success(request, "They read no new alerts from now on.")
        return redirect("voice:readers")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        SafeguardingReader.objects.filter(authority=code, person_id=int(given["person"]), ends__isnull=True).delete()
        SafeguardingReader.objects.create(
            authority_id=code, person_id=int(given["person"]), known_as=given["known_as"].strip(),
            rank=int(given["rank"]), away_from=given["away_from"], away_to=given["away_to"], starts=today,
        )  # fmt: skip
        record("voice.reader_named", by=person.user.pk, authority=code)
        messages.success(request, "Kept. Children are told this name.")
        return redirect("voice:readers")
    return render(
        request, "voice/alerts/readers.html", {"form": form, "held": held, "policy": policy_for(code or 0, today)}
    )


def _people(code: int | None) -> list[User]:
    """Those who work for the authority and sign in with a second factor."""
    roles = [role for role, rights in RIGHTS.items() if rights.needs_second_factor]
    rows = Membership.objects.filter(authority=code, role__in=roles, ends__isnull=True).select_related("user")
    return sorted({one.user for one in rows if one.user.email}, key=lambda user: user.name)
