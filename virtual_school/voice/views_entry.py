"""What was shared, as the adults it was shared with read it: the child's words first, adults' readings beside them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.models import Role
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.models import Child
from virtual_school.children.queries import child_for
from virtual_school.dates.terms import term_words

from .came_of_it import Refused, told_child
from .forms import ReadForm, ReadingForm
from .models import AdultReading, Ask, Entry, Media, Outcome, VoiceAnswer
from .queries import spoken_of
from .reading import asks_about
from .rights import STARTS, roles_of
from .settings_of import readers_of
from .views_my_answers import file_of
from .worries import give, raise_alert


def _entry(request: HttpRequest, public_id: object, entry_id: object) -> tuple[Child, Entry, tuple[str, ...]]:
    child = child_for(request, public_id)
    entry = Entry.objects.filter(child=child, public_id=entry_id).first()
    if entry is None:
        raise Http404
    return child, entry, roles_of(request.person, child)  # type: ignore[attr-defined]


@requires(Permission.CHILD_READ)
def entry(request: HttpRequest, public_id: object, entry_id: object) -> HttpResponse:
    child, found, roles = _entry(request, public_id, entry_id)
    said = spoken_of(found, roles)
    asks = Ask.objects.filter(entry=found).exclude(state=Ask.State.WITHDRAWN).prefetch_related("outcomes", "promises")
    return render(
        request, "voice/adults/entry.html",
        {
            "child": child, "entry": found, "term": term_words(found.cycle), "said": said,
            "observed": AdultReading.objects.filter(entry=found, answer__isnull=True),
            "asks": list(asks), "may_read_in": bool(set(roles) & STARTS), "form": ReadingForm(),
            "read_form": ReadForm() if said and not found.read_at and _reads_all(request.person, found) else None,  # type: ignore[attr-defined]
            "kinds": AdultReading.Kind.choices, "is_carer": Role.CARER in roles,
        },
    )  # fmt: skip


def _reads_all(person: Person, found: Entry) -> bool:
    """The named readers of the council, and the virtual school's own."""
    named = {one.person_id for one in readers_of(found.authority_id, timezone.localdate())}
    return person.user.pk in named or any(
        m.authority_id == found.authority_id and m.role in {Role.VIRTUAL_SCHOOL_HEAD, Role.ADVISER}
        for m in person.memberships
    )


@requires(Permission.CHILD_READ)
@require_POST
def add_reading(request: HttpRequest, public_id: object, entry_id: object) -> HttpResponse:
    child, found, roles = _entry(request, public_id, entry_id)
    if not set(roles) & STARTS:
        raise PermissionDenied
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write what you make of it.")
        return redirect("voice:entry", child.public_id, found.public_id)
    given = form.cleaned_data
    answer = None
    if given["answer"].isdecimal():
        answer = VoiceAnswer.objects.filter(entry=found, pk=int(given["answer"])).first()
        if answer is None:
            raise Http404
    user = request.person.user  # type: ignore[attr-defined]
    AdultReading.objects.create(
        authority_id=child.authority_id, child=child, entry=found, answer=answer, kind=given["kind"],
        words=given["words"].strip(), how_sure=given["how_sure"], told_child=given["told_child"].strip(), by=user,
        by_name=user.name, by_role=str(Role(roles[0]).label) if roles else "",
    )  # fmt: skip
    for question in asks_about(given["words"], answer.words if answer else ""):
        messages.warning(request, question)
    messages.success(request, "Kept beside the child’s words, under your name.")
    return redirect("voice:entry", child.public_id, found.public_id)


@requires(Permission.CHILD_READ)
@require_POST
def read(request: HttpRequest, public_id: object, entry_id: object) -> HttpResponse:
    """Every entry that was shared is read by a person, who says what they found."""
    child, found, _ = _entry(request, public_id, entry_id)
    person: Person = request.person  # type: ignore[attr-defined]
    if not _reads_all(person, found):
        raise PermissionDenied
    form = ReadForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect("voice:entry", child.public_id, found.public_id)
    result, note = form.cleaned_data["result"], form.cleaned_data["note"].strip()
    Entry.objects.filter(pk=found.pk).update(
        read_by_id=person.user.pk, read_by_name=person.user.name, read_at=timezone.now(), read_result=result,
        read_note=note if result == "ask_child" else "",
    )  # fmt: skip
    if result == "passed_on":
        alert = raise_alert(entry=found, source="reading", is_urgent=True, words=note, raised_by=person.user)
        give(alert=alert, entry=found, not_first=[])
    record("voice.read", by=person.user.pk, authority=child.authority_id, child=child.pk, result=result)
    messages.success(request, "Thank you. It is noted that you have read it.")
    return redirect("voice:entry", child.public_id, found.public_id)


@requires(Permission.CHILD_READ)
def answer_media(request: HttpRequest, public_id: object, entry_id: object, media_id: object) -> HttpResponse:
    """A drawing, photograph or sound that goes with an answer this person may read."""
    _, found, _ = _entry(request, public_id, entry_id)
    held = Media.objects.filter(entry=found, public_id=media_id).first()
    if held is None:
        raise Http404
    return file_of(held)


@requires(Permission.CHILD_READ)
@require_POST
def outcome_told(request: HttpRequest, public_id: object, entry_id: object, outcome_id: int) -> HttpResponse:
    child, found, roles = _entry(request, public_id, entry_id)
    if not set(roles) & STARTS:
        raise PermissionDenied
    outcome = Outcome.objects.filter(entry=found, pk=outcome_id).first()
    if outcome is None:
        raise Http404
    try:
        told_child(outcome=outcome, how=request.POST.get("how", ""), by=request.person.user)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Noted.")
    return redirect("voice:entry", child.public_id, found.public_id)
