"""A colleague who helps with a plan, and the documents kept with it."""

from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.children.file_checks import ALLOWED
from virtual_school.dates.terms import term_words
from virtual_school.design.forms import Checkboxes, TextInput
from virtual_school.schools.undo import offer, offered, taken

from .delegating import delegate, end_delegation, resume_delegation
from .files import KINDS, NOT_FOR_HOME, RefusedFile, keep_file, remove_file
from .models import Delegation, Document
from .opened import OpenedPlan, plan_for
from .presenting import is_being_written
from .rights import OWNED_BY
from .tasks import follow_delegation

ALL, SOME = "all", "some"


class DelegateForm(forms.Form):
    email = forms.EmailField(
        label="Your colleague’s e-mail address",
        widget=TextInput({"autocomplete": "off", "spellcheck": "false", "type": "email"}),
    )
    name = forms.CharField(label="Their name", help_text="Only if they have no account here yet", required=False)
    what = forms.MultipleChoiceField(
        label="Which sections may they write?",
        help_text="None chosen: every section of the school",
        required=False,
        widget=Checkboxes(small=True),
    )

    def __init__(self, opened: OpenedPlan, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        owned = OWNED_BY[Role.DESIGNATED_TEACHER]
        self.fields["what"].choices = [(s.key, s.title) for s in opened.sections if s.owner in owned]


@requires(Permission.CHILD_READ)
def delegate_plan(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    _refuse_others(opened)
    form = DelegateForm(opened, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = delegate(
                child=opened.child,
                plan=opened.plan,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                sections=form.cleaned_data["what"],
                by=request.person.user,  # type: ignore[attr-defined]
                shares_domain=opened.policy.delegates_share_domain,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            _follow(made)
            messages.success(
                request, f"{made.to.name} can write in {opened.child.first_name}’s plan. You still sign it."
            )
            return redirect("plans:delegate", opened.plan.public_id)
    titles = {section.key: section.title for section in opened.sections}
    rows = Delegation.objects.filter(child=opened.child).select_related("to", "by").order_by("ends", "-starts")
    return render(
        request,
        "plans/writing/delegate.html",
        {
            "opened": opened,
            "plan": opened.plan,
            "child": opened.child,
            "form": form,
            "now": [(one, [titles.get(key, key) for key in one.sections]) for one in rows if one.ends is None],
            "before": [one for one in rows if one.ends is not None],
            "undo": offered(request),
        },
    )


def _refuse_others(opened: OpenedPlan) -> None:
    if Role.DESIGNATED_TEACHER not in opened.roles or not is_being_written(opened.plan):
        raise PermissionDenied


def _follow(delegation: Delegation) -> None:
    follow_delegation.configure(lock=f"delegation.{delegation.pk}").defer(
        code=delegation.authority_id, delegation_id=delegation.pk
    )


@require_POST
@requires(Permission.CHILD_READ)
def end_delegate(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    opened = plan_for(request, public_id)
    _refuse_others(opened)
    found = get_object_or_404(Delegation.objects.select_related("to"), pk=pk, child=opened.child)
    end_delegation(found, by=request.person.user)  # type: ignore[attr-defined]
    _follow(found)
    offer(request, "Your colleague no longer sees this plan.", "plans:delegate_undo", opened.plan.public_id, pk)
    return redirect("plans:delegate", opened.plan.public_id)


@require_POST
@requires(Permission.CHILD_READ)
def undo_end(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    opened = plan_for(request, public_id)
    _refuse_others(opened)
    taken(request)
    found = get_object_or_404(Delegation.objects.select_related("to"), pk=pk, child=opened.child)
    try:
        resume_delegation(found, by=request.person.user)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _follow(found)
        messages.success(request, f"{found.to.name} helps again.")
    return redirect("plans:delegate", opened.plan.public_id)


class DocumentForm(forms.Form):
    kind = forms.ChoiceField(label="What is it?", choices=[("", "Choose"), *KINDS.items()])
    file = forms.FileField(label="File", help_text=f"{ALLOWED}, up to 20 MB", allow_empty_file=True)
    is_sensitive = forms.BooleanField(label="Not for the carer or the young person to read here", required=False)


def documents_seen(opened: OpenedPlan) -> QuerySet[Document]:
    rows = Document.objects.filter(child=opened.child, plan=opened.plan).order_by("-at")
    if set(opened.roles) <= {Role.CARER, Role.YOUNG_PERSON}:
        rows = rows.filter(is_sensitive=False).exclude(kind__in=NOT_FOR_HOME)
    return rows


def may_add(opened: OpenedPlan) -> bool:
    return any(opened.may_write(section) for section in opened.sections)


@requires(Permission.CHILD_READ)
def documents(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    adds = may_add(opened)
    if request.method == "POST" and not adds:
        raise PermissionDenied
    form = DocumentForm(request.POST or None, request.FILES or None, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        try:
            keep_file(
                child=opened.child,
                plan=opened.plan,
                kind=form.cleaned_data["kind"],
                sent=form.cleaned_data["file"],
                by=request.person.user,  # type: ignore[attr-defined]
                is_sensitive=form.cleaned_data["is_sensitive"],
            )
        except RefusedFile as why:
            form.add_error("file", f"The file was not taken: {why}")
        else:
            messages.success(request, "The document is kept with this plan.")
            return redirect("plans:documents", opened.plan.public_id)
    return render(
        request,
        "plans/writing/documents.html",
        {
            "opened": opened,
            "plan": opened.plan,
            "child": opened.child,
            "term": term_words(opened.plan.term),
            "form": form if adds else None,
            "rows": [
                (one, KINDS.get(one.kind, one.kind), _may_remove(request, opened, one))
                for one in documents_seen(opened)
            ],
        },
    )


def _may_remove(request: HttpRequest, opened: OpenedPlan, document: Document) -> bool:
    """Whoever sent it, on the same day, while the plan is being written."""
    return (
        document.by_id == request.person.user.pk  # type: ignore[attr-defined]
        and timezone.localdate(document.at) == timezone.localdate()
        and is_being_written(opened.plan)
    )


def _the_document(opened: OpenedPlan, document_id: object) -> Document:
    return get_object_or_404(documents_seen(opened), public_id=document_id)


@requires(Permission.CHILD_READ)
def document(request: HttpRequest, public_id: object, document_id: object) -> HttpResponse:
    """The file itself: to save, never to run in the page."""
    opened = plan_for(request, public_id)
    found = _the_document(opened, document_id)
    path = Path(settings.MEDIA_ROOT, found.stored_as)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@requires(Permission.CHILD_READ)
def remove_document(request: HttpRequest, public_id: object, document_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    found = _the_document(opened, document_id)
    if not _may_remove(request, opened, found):
        raise PermissionDenied
    remove_file(found, by=request.person.user)  # type: ignore[attr-defined]
    messages.success(request, "The document was removed.")
    return redirect("plans:documents", opened.plan.public_id)
