"""The adults' side: who was asked, how far it has come, handing the page over. Never what was not shared."""

import base64
import io
from datetime import date
from typing import Any

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import Role, User
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.children.models import Child
from virtual_school.children.queries import child_for, involved
from virtual_school.dates.ages import age_on
from virtual_school.dates.terms import term_words

from . import handover
from .asking import Helping, Refused, hand_over, invite, latest_entry, no_views, offered_set, own_entry
from .cycles import current_cycle
from .forms import HandOverForm, InvitationForm, NoViewsForm
from .languages import LANGUAGES
from .models import Entry, Invitation
from .people import BARRED_UNLESS_CHOSEN, HELPERS, around
from .queries import entries_of, promises_to, spoken_of
from .rights import may_start, roles_of
from .rules import standing_of
from .sets import is_observed_first, library
from .tasks import show_people
from .views_clubs import school_of

LANGUAGE_CHOICES = [
    (one.code, f"{one.english} – {one.own}" if one.own != one.english else one.own) for one in LANGUAGES.values()
]
COLOURS = {"shared": "green", "started": "blue", "not_started": "grey", "taken_back": "purple", "no_views": "orange"}


def _starting(request: HttpRequest, public_id: object) -> tuple[Child, tuple[str, ...]]:
    child = child_for(request, public_id)
    roles = roles_of(request.person, child)  # type: ignore[attr-defined]
    if not may_start(roles):
        raise PermissionDenied
    return child, roles


def is_watched_first(child: Child, on: date) -> bool:
    return is_observed_first(age_on(child.born, on) if child.born else None)


@requires(Permission.CHILD_READ)
def of_child(request: HttpRequest, public_id: object) -> HttpResponse:
    child = child_for(request, public_id)
    roles = roles_of(request.person, child)  # type: ignore[attr-defined]
    today = timezone.localdate()
    cycle = current_cycle(child, today)
    entries = entries_of(child)
    now = next((one for one in entries if one.cycle == cycle and one.speaker == "child"), None)
    is_home = Role.CARER in roles
    return render(
        request,
        "voice/adults/of_child.html",
        {
            "child": child, "cycle": cycle, "term": term_words(cycle), "may_start": may_start(roles), "now": now,
            "colour": COLOURS.get(now.state, "grey") if now else "grey",
            "invitation": Invitation.objects.filter(child=child, cycle=cycle, speaker="child").first(),
            "rows": [
                {"entry": one, "term": term_words(one.cycle), "colour": COLOURS.get(one.state, "grey"),
                 "count": len(spoken_of(one, roles))}
                for one in entries if one.state != Entry.State.NOT_STARTED
            ],
            "promises": [(one, standing_of(one.state, one.due_on, today)) for one in promises_to(child)],
            "is_carer": is_home, "is_watched_first": is_watched_first(child, today),
            "at_school": school_of(request.person),  # type: ignore[attr-defined]
        },
    )  # fmt: skip


@requires(Permission.CHILD_READ)
def invitation(request: HttpRequest, public_id: object) -> HttpResponse:
    child, _ = _starting(request, public_id)
    cycle = current_cycle(child, timezone.localdate())
    held = Invitation.objects.filter(child=child, cycle=cycle, speaker="child").first()
    names = list(InvitationForm.base_fields)
    form = InvitationForm(request.POST or None, initial={name: getattr(held, name) for name in names} if held else {})
    if request.method == "POST" and form.is_valid():
        if held is None:
            held = invite(child=child, cycle=cycle, meeting_on=None, by=request.person.user)  # type: ignore[attr-defined]
        for name in names:
            setattr(held, name, form.cleaned_data[name])
        held.save(update_fields=names)
        messages.success(request, "Kept. The helper sees it when the page is handed over.")
        return redirect("voice:of_child", public_id=child.public_id)
    return render(request, "voice/adults/invitation.html", {"child": child, "form": form, "invitation": held})


def _helpers(child: Child, me: User) -> tuple[list[tuple[str, str]], frozenset[str]]:
    found = {str(me.pk): f"{me.name} (you)"}
    barred = set()
    for row in around(child):
        if row.role in HELPERS:
            found.setdefault(str(row.person_id), f"{row.person.name}, {str(Role(row.role).label).lower()}")
            if row.role in BARRED_UNLESS_CHOSEN:
                barred.add(str(row.person_id))
    return list(found.items()), frozenset(barred)


@requires(Permission.CHILD_READ)
def start(request: HttpRequest, public_id: object) -> HttpResponse:
    """A code for another device, or this one: then the adult's own session ends before the child's page opens."""
    child, _ = _starting(request, public_id)
    user = request.person.user  # type: ignore[attr-defined]
    today = timezone.localdate()
    cycle = current_cycle(child, today)
    helpers, barred = _helpers(child, user)
    sets = [(key, held.title) for key, held in library().sets.items() if key not in {"carer", "parent"}]
    form = HandOverForm(
        request.POST or None, helpers=helpers, barred=barred, sets=sets,
        languages=LANGUAGE_CHOICES,
        initial={"question_set": offered_set(child, today), "language": "en", "mode": "alone", "helper": ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        helping = _helping(form.cleaned_data, child)
        return _handed_over(request, child, cycle, helping)
    entry = latest_entry(child, cycle)
    return render(
        request, "voice/adults/start.html",
        {"child": child, "form": form, "entry": entry, "term": term_words(cycle),
         "is_watched_first": is_watched_first(child, today),
         "invitation": Invitation.objects.filter(child=child, cycle=cycle, speaker="child").first()},
    )  # fmt: skip


def _helping(given: dict[str, Any], child: Child) -> Helping:
    helper, name, role = given["helper"], given["helper_name"].strip(), given["helper_role"].strip()
    person = User.objects.get(pk=int(helper)) if helper.isdecimal() else None
    if person is not None:
        name = person.name
        role = next((str(Role(r.role).label) for r in around(child) if r.person_id == person.pk), role)
    is_alone = given["mode"] == Entry.Mode.ALONE
    return Helping(
        mode=given["mode"], helper=None if is_alone else person, helper_name="" if is_alone else name,
        helper_role="" if is_alone else role, is_helper_chosen=bool(given["is_helper_chosen"]),
        interpreter=given["interpreter"].strip(), place=given["place"].strip(), language=given["language"],
        question_set=given["question_set"],
    )  # fmt: skip


def _handed_over(
    request: HttpRequest, child: Child, cycle: str, helping: Helping, speaker: str = "child", name: str = ""
) -> HttpResponse:
    user = request.person.user  # type: ignore[attr-defined]
    entry, code = hand_over(child=child, cycle=cycle, helping=helping, by=user, speaker=speaker, speaker_name=name)
    show_people.defer(code=child.authority_id, entry_id=entry.pk)
    if request.POST.get("do") == "here":
        token = handover.redeem(code.digits, handover.address_of(request))
        logout(request)
        response = redirect("voice:first")
        handover.give_cookie(response, token)
        response["Cache-Control"] = "no-store"
        return response
    address = f"{settings.BASE_URL}{reverse('voice:code')}"
    return render(
        request, "voice/adults/code.html",
        {"child": child, "code": code, "address": address, "picture": _picture(f"{address}#{code.digits}"),
         "is_begun": entry.state != Entry.State.NOT_STARTED, "speaker": speaker},
    )  # fmt: skip


def _picture(text: str) -> str:
    """The digits stand after the #, which no browser sends and no log keeps."""
    drawn = io.BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathImage, border=2).save(drawn)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()


@requires(Permission.CHILD_READ)
def start_parent(request: HttpRequest, public_id: object) -> HttpResponse:
    """A parent's own short questions, by a code of their own. They stand beside the child's words, never instead."""
    child, _ = _starting(request, public_id)
    cycle = current_cycle(child, timezone.localdate())
    name = request.POST.get("name", "").strip()[:100]
    if request.method == "POST" and name and request.POST.get("safe") == "yes":
        invite(child=child, cycle=cycle, meeting_on=None, by=request.person.user, speaker="parent", speaker_name=name)  # type: ignore[attr-defined]
        return _handed_over(request, child, cycle, Helping(mode="alone"), "parent", name)
    error = "Write the parent’s name, and say that it is safe to ask them." if request.method == "POST" else ""
    return render(request, "voice/adults/start_parent.html", {"child": child, "name": name, "error": error})


@requires(Permission.CHILD_READ)
def say_no_views(request: HttpRequest, public_id: object) -> HttpResponse:
    child, _ = _starting(request, public_id)
    form = NoViewsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            no_views(
                child=child, cycle=current_cycle(child, timezone.localdate()), why=form.cleaned_data["why"],
                words=form.cleaned_data["words"], by=request.person.user,  # type: ignore[attr-defined]
            )  # fmt: skip
        except Refused as refused:
            form.add_error("words", str(refused))
        else:
            messages.success(request, "Recorded. Ask again whenever it suits them.")
            return redirect("voice:of_child", public_id=child.public_id)
    return render(request, "voice/adults/no_views.html", {"child": child, "form": form})


@requires(Permission.TODAY_READ)
def own(request: HttpRequest, public_id: object) -> HttpResponse:
    """With an account of one's own: a young person's own page, or a carer's about the child who lives with them."""
    person = request.person  # type: ignore[attr-defined]
    roles = set(involved(person.user.pk).filter(child__public_id=public_id).values_list("role", flat=True))
    if not roles & {Role.YOUNG_PERSON, Role.CARER}:
        raise PermissionDenied
    child = child_for(request, public_id)
    if request.method != "POST":
        return render(request, "voice/adults/own.html", {"child": child, "is_young": Role.YOUNG_PERSON in roles})
    speaker = "child" if Role.YOUNG_PERSON in roles else "carer"
    entry = own_entry(
        child=child, cycle=current_cycle(child, timezone.localdate()), speaker=speaker, person=person.user
    )
    token = handover.begin(child.authority_id, entry.pk, None, is_own_account=True)
    response = redirect("voice:you_said" if request.POST.get("to") == "you_said" else "voice:first")
    handover.give_cookie(response, token)
    return response
