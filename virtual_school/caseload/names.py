"""Changing what a child is called, and who may see a child at all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from virtual_school.access.roles import Permission
from virtual_school.children.actions import set_names
from virtual_school.children.models import Child, Sensitivity

from .actions import set_sensitive
from .forms import NamesForm, SensitiveForm
from .reader import Reader
from .record import child_page, refuse_unless


@child_page(Permission.CHILD_WRITE)
def names(request: HttpRequest, child: Child, reader: Reader) -> HttpResponse:
    refuse_unless(reader.can_write)
    form = NamesForm(child, request.POST or None)
    if request.method == "POST" and form.is_valid():
        before = child.name
        set_names(child, **form.cleaned_data, by=request.person.user)
        messages.success(request, f"{before} is now shown as {child.name}, and is still found by the name before.")
        return redirect("caseload:child", child.public_id)
    return render(request, "caseload/names.html", {"child": child, "form": form, "reader": reader})


@child_page(Permission.CHILD_WRITE)
def sensitive(request: HttpRequest, child: Child, reader: Reader) -> HttpResponse:
    """Only for those cleared to see sensitive children: anybody else would lose sight of the child by saving."""
    refuse_unless(reader.can_set_sensitive)
    held = Sensitivity.objects.filter(authority=child.authority_id, child=child).first()
    form = SensitiveForm(request.POST or None, initial={"kind": held.kind, "why": held.why} if held else {"kind": ""})
    if request.method == "POST" and form.is_valid():
        set_sensitive(child, **form.cleaned_data, by=request.person.user)
        said = (
            "only named people see this record"
            if form.cleaned_data["kind"]
            else "the roles alone decide who sees this record"
        )
        messages.success(request, f"Saved for {child.first_name}: {said}.")
        return redirect("caseload:child", child.public_id)
    return render(request, "caseload/sensitive.html", {"child": child, "form": form, "reader": reader})
