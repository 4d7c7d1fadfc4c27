"""A plan on paper or as a file: as it stands, as it was published, the empty form; and who was given a copy."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.components import Column, Table
from virtual_school.design.dates import in_full

from . import pdf
from .models import CopySent
from .opened import OpenedPlan, plan_for
from .publishing import BY_HAND, FORMS, HOW, File, copy_file, current_file, give_copy, reader_of, versions, without_copy
from .reading_levels import COPY_WORDS
from .refused import Refused
from .template import OWNERS
from .views_closing import about
from .workflow import VIRTUAL_SCHOOL

GIVE = (*VIRTUAL_SCHOOL, Role.SOCIAL_WORKER, Role.DESIGNATED_TEACHER)
SEE_WHO = {*VIRTUAL_SCHOOL, Role.DATA_OFFICER, Role.NOMINATED_OFFICER, Role.INSPECTOR, Role.SOCIAL_WORKER,
           Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER, Role.DESIGNATED_TEACHER}  # fmt: skip


class GiveForm(forms.Form):
    to_role = forms.ChoiceField(label="To whom?", choices=[("", "Choose"), *BY_HAND.items()])
    to_name = forms.CharField(label="Their name", required=False, max_length=200)
    form = forms.ChoiceField(label="Which copy?", choices=[("full", "Full plan"), ("plain", "In plain words")])
    how = forms.ChoiceField(label="How?", choices=[("", "Choose"), *HOW.items()])


@requires(Permission.CHILD_READ)
def print_page(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    try:
        reader = reader_of(opened)
    except Refused as why:
        raise PermissionDenied from why
    plan = opened.plan
    published = versions(opened)
    gives = bool(set(opened.roles) & set(GIVE)) and plan.version in published
    form = GiveForm(request.POST or None, auto_id="f_%s") if gives else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            try:
                give_copy(opened=opened, by=request.person.user, **form.cleaned_data)  # type: ignore[attr-defined]
            except Refused as why:
                form.add_error(None, str(why))
            else:
                messages.success(request, "Written down: they have their copy.")
                return redirect("plans:print", plan.public_id)
    context = {
        **about(opened),
        "form": form,
        "reader_words": COPY_WORDS[reader],
        "forms": list(FORMS.items()),
        "published": published,
        "is_published": plan.version in published,
        "sent": _sent(opened) if set(opened.roles) & SEE_WHO else None,
        "without": [BY_HAND[role].lower() for role in without_copy(opened)] if gives else [],
        "owners": [(key, words) for key, words in OWNERS.items() if any(s.owner == key for s in opened.sections)],
    }
    return render(request, "plans/closing/print.html", context)


def _sent(opened: OpenedPlan) -> Table | None:
    rows = CopySent.objects.filter(plan=opened.plan).order_by("-at")
    lines = [
        [BY_HAND.get(row.to_role, row.to_role.replace("_", " ").capitalize()), row.to_name, FORMS.get(row.form, row.form),
         "Reads it here" if row.how == "here" else HOW.get(row.how, row.how), str(row.version),
         in_full(timezone.localdate(row.at))]
        for row in rows
    ]  # fmt: skip
    columns = [Column("Who"), Column("Name"), Column("Copy"), Column("How"), Column("Version"), Column("On")]
    return Table("Who was given a copy", columns, lines) if lines else None


@requires(Permission.CHILD_READ)
def copy(request: HttpRequest, public_id: object, version: int, form: str) -> HttpResponse:
    """A published version, as this reader's own copy."""
    opened = plan_for(request, public_id)
    try:
        return sent_as_file(copy_file(opened=opened, version=version, form=form, by=request.person.user))  # type: ignore[attr-defined]
    except Refused as why:
        raise Http404(str(why)) from why


@requires(Permission.CHILD_READ)
def file(request: HttpRequest, public_id: object, form: str) -> HttpResponse:
    """The plan as it stands now."""
    opened = plan_for(request, public_id)
    try:
        return sent_as_file(current_file(opened=opened, form=form, by=request.person.user))  # type: ignore[attr-defined]
    except Refused as why:
        raise Http404(str(why)) from why


@requires(Permission.CHILD_READ)
def blank(request: HttpRequest, public_id: object) -> HttpResponse:
    """The empty form, with the sections this child's plan has. `?owner=carer` prints one role's part."""
    opened = plan_for(request, public_id)
    owner = request.GET.get("owner", "")
    if owner and owner not in OWNERS:
        raise Http404
    content = pdf.blank(
        opened.plan.template.content,
        authority_name=str(opened.child.authority),
        printed_by=request.person.user.name,  # type: ignore[attr-defined]
        printed_on=timezone.localdate(),
        reference=str(opened.plan.public_id)[:8],
        colour=opened.child.authority.colour,
        owner=owner,
        sections=[section.key for section in opened.sections],
    )
    return sent_as_file(File(content, "application/pdf", "plan-blank-form.pdf"))


def sent_as_file(found: File) -> HttpResponse:
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
