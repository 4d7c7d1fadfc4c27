"""Recording that a duty was done, and taking that back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.roles import Permission
from virtual_school.children.models import Child, Evidence

from . import words
from .actions import put_back_evidence, record_evidence, withdraw_evidence
from .asks import duty_of, register_url
from .forms import EvidenceForm
from .reader import Reader
from .record import child_page, refuse_unless
from .recording import RECORDABLE


@child_page(Permission.EVIDENCE_RECORD)
def evidence(request: HttpRequest, child: Child, reader: Reader, duty: str) -> HttpResponse:
    refuse_unless(reader.can_record)
    what = RECORDABLE.get(duty)
    if what is None:
        raise Http404
    today = timezone.localdate()
    form = EvidenceForm(what, today, request.POST or None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        record_evidence(child, duty=duty, on=given["on"], note=given["note"], by=request.person.user)
        messages.success(
            request,
            f"Recorded for {child.first_name}: {what.done}, {words.in_full(given['on'])}. "
            "What comes next has been worked out again. You can withdraw it below.",
        )
        return redirect("caseload:child", child.public_id)
    context = {"child": child, "form": form, "duty": duty_of(duty), "register_url": register_url(duty)}
    return render(request, "caseload/evidence.html", context)


@require_POST
@child_page(Permission.EVIDENCE_RECORD)
def withdraw(request: HttpRequest, child: Child, reader: Reader, pk: int) -> HttpResponse:
    """Or, where it is withdrawn already and `put_back` says so, back again."""
    refuse_unless(reader.can_record)
    held = get_object_or_404(Evidence.objects.select_related("child"), pk=pk, child=child, authority=child.authority_id)
    said = f"{RECORDABLE[held.duty].done if held.duty in RECORDABLE else held.duty}, {words.in_full(held.on)}"
    if request.POST.get("put_back") == "1":
        put_back_evidence(held, by=request.person.user)
        messages.success(request, f"Put back for {child.first_name}: {said}.")
    else:
        withdraw_evidence(held, by=request.person.user)
        messages.success(
            request, f"Withdrawn for {child.first_name}: {said}. What comes next has been worked out again."
        )
    return redirect("caseload:child", child.public_id)
