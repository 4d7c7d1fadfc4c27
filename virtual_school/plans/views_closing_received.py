"""Taking in a plan that was written elsewhere, from its file in the open format."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.children.queries import child_for

from .importing import LARGEST, import_plan
from .refused import Refused


class ReceiveForm(forms.Form):
    file = forms.FileField(
        label="The plan's file", help_text="In the open format (.json), up to 5 MB", allow_empty_file=True
    )


@requires(Permission.CHILD_WRITE)
def receive(request: HttpRequest, public_id: object) -> HttpResponse:
    child = child_for(request, public_id)
    form = ReceiveForm(request.POST or None, request.FILES or None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            if sent.size > LARGEST:
                raise Refused("The file is larger than 5 MB: a plan in the open format is far smaller.")
            plan = import_plan(content=sent.read(), child=child, by=request.person.user)  # type: ignore[attr-defined]
        except Refused as why:
            form.add_error("file", str(why))
        else:
            messages.success(request, "The plan is taken in, with the file as it came.")
            return redirect("plans:plan", plan.public_id)
    return render(request, "plans/closing/receive.html", {"child": child, "form": form})
