"""Changing a draft of a form, putting it in force, taking that back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.dates import in_full
from virtual_school.schools.undo import offer, taken

from .conditions import condition_words
from .contents import CONTENTS
from .forms_settings import FieldSettings, OwnQuestion, SectionSettings, StartsForm
from .opened import policy_for
from .refused import Refused
from .settings_actions import discard_draft, edit_draft, put_in_force, take_back, undo_edit
from .settings_policy import without_writer
from .template_differences import KIND_WORDS, count, differences
from .template_document import from_document
from .template_faults import FaultyTemplate
from .template_versions import is_draft, keys_used
from .views_settings import OpenForm, open_form, person_of
from .views_settings_templates import open_plans

CHANGES = Permission.POLICY_WRITE


def _draft(request: HttpRequest, phase: str, version: int) -> OpenForm:
    """404 for a version that is no draft: its page offers no change."""
    form = open_form(request, phase, version, CHANGES)
    if not is_draft(form.row):
        raise Http404
    return form


def _seen(request: HttpRequest, form: OpenForm) -> int:
    given = request.POST.get("seen", "")
    return int(given) if given.isdecimal() and len(given) < 6 else -1


def _made(request: HttpRequest, of: OpenForm, edits: Sequence[Mapping[str, Any]], form: forms.Form) -> bool:
    """Makes the edits; what is wrong with them stands in the form."""
    if not edits:
        form.add_error(None, "Nothing is different yet: change something, or go back")
        return False
    try:
        edit_draft(draft=of.row, edits=edits, by=person_of(request).user, seen=_seen(request, of))
    except FaultyTemplate as faulty:
        for fault in faulty.faults:
            words = fault.partition(": ")[2] if fault.startswith("Change ") else fault
            form.add_error(None, _with_labels(words, of).rstrip("."))
    except Refused as refused:
        form.add_error(None, str(refused).rstrip("."))
    else:
        return True
    return False


def _with_labels(words: str, of: OpenForm) -> str:
    """A fault names keys; people know sections and questions by their words."""
    template = of.template
    named = [(one.key, one.title) for one in template.sections] + [(one.key, one.label) for one in template.fields()]
    for key, label in named:
        words = words.replace(f"“{key}”", f"“{label}”")
    return words


@require_http_methods(["GET", "POST"])
@requires(CHANGES)
def change_section(request: HttpRequest, phase: str, version: int, key: str) -> HttpResponse:
    of = _draft(request, phase, version)
    section = of.template.section(key)
    if section is None:
        raise Http404
    form = SectionSettings(section, request.POST or None)
    if request.method == "POST" and form.is_valid() and _made(request, of, form.edits(), form):
        messages.success(request, f"“{form.cleaned_data['title']}” is changed in the draft.")
        return redirect("plans:template_section", phase, version, key)
    numbers = {number for field in section.fields for number in field.statutory}
    context = {
        "form": form,
        "form_of": of,
        "section": section,
        "contents": [content for number, content in CONTENTS.items() if number in numbers],
    }
    return render(request, "plans/settings/change_section.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGES)
def change_field(request: HttpRequest, phase: str, version: int, key: str, name: str) -> HttpResponse:
    of = _draft(request, phase, version)
    template = of.template
    section, field = template.section(key), template.field(f"{key}.{name}")
    if section is None or field is None:
        raise Http404
    form = FieldSettings(field, request.POST or None)
    if request.method == "POST" and form.is_valid() and _made(request, of, form.edits(), form):
        messages.success(request, f"“{form.cleaned_data['label']}” is changed in the draft.")
        return redirect("plans:template_section", phase, version, key)
    labels = template.labels()
    context = {
        "form": form,
        "form_of": of,
        "section": section,
        "field": field,
        "kind": KIND_WORDS[field.kind],
        "contents": [CONTENTS[number] for number in field.statutory],
        "asked_when": condition_words(field.shown_when, labels) if field.shown_when else "",
    }
    return render(request, "plans/settings/change_field.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGES)
def add_question(request: HttpRequest, phase: str, version: int, key: str) -> HttpResponse:
    of = _draft(request, phase, version)
    section = of.template.section(key)
    if section is None:
        raise Http404
    form = OwnQuestion(of.template, section, keys_used(of.rows), request.POST or None)
    if request.method == "POST" and form.is_valid() and _made(request, of, [form.edit()], form):
        messages.success(request, f"Your question “{form.cleaned_data['label']}” is in the draft.")
        return redirect("plans:template_section", phase, version, key)
    return render(request, "plans/settings/add_question.html", {"form": form, "form_of": of, "section": section})


@require_POST
@requires(CHANGES)
def move(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    """One step `up` or `down`: of a section by its key, or of a question by its."""
    of = _draft(request, phase, version)
    template = of.template
    step = "up" if "up" in request.POST else "down"
    key = request.POST.get(step, "")
    section = template.section(key.partition(".")[0])
    if section is None:
        raise Http404
    if "." in key:
        edit: dict[str, Any] = {"edit": "reorder", "section": section.key}
        keys = [field.key for field in section.fields]
        where = reverse("plans:template_section", args=[phase, version, section.key])
    else:
        edit, keys = {"edit": "reorder"}, [one.key for one in template.sections]
        where = reverse("plans:template", args=[phase, version])
    if key not in keys:
        raise Http404
    at = keys.index(key)
    to = at - 1 if step == "up" else at + 1
    if 0 <= to < len(keys):
        keys[at], keys[to] = keys[to], keys[at]
        edit["fields" if "." in key else "sections"] = keys
        try:
            edit_draft(draft=of.row, edits=[edit], by=person_of(request).user, seen=_seen(request, of))
        except (Refused, FaultyTemplate) as refused:
            messages.error(request, str(refused))
    return redirect(f"{where}#{key.replace('.', '__')}")


@require_POST
@requires(CHANGES)
def undo(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    of = _draft(request, phase, version)
    try:
        undo_edit(draft=of.row, by=person_of(request).user, seen=_seen(request, of))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The last change is undone.")
    return redirect("plans:template", phase, version)


@require_http_methods(["GET", "POST"])
@requires(CHANGES)
def discard(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    of = _draft(request, phase, version)
    if request.method == "POST":
        try:
            discard_draft(draft=of.row, by=person_of(request).user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"The draft of “{of.row.name}” is discarded. The version in force stays.")
        return redirect("plans:templates")
    found = differences(from_document(of.in_force.content), of.template)
    context = {"form_of": of, "template": of.template, "changes": found, "count": count(found)}
    return render(request, "plans/settings/discard.html", context)


@require_http_methods(["GET", "POST"])
@requires(CHANGES)
def into_force(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    of = _draft(request, phase, version)
    form = StartsForm(of.today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        starts = form.cleaned_data["starts"]
        try:
            put_in_force(draft=of.row, starts=starts, by=person_of(request).user, seen=_seen(request, of))
        except (Refused, FaultyTemplate) as refused:
            form.add_error(None, str(refused).rstrip("."))
        else:
            when = "today" if starts == of.today else in_full(starts)
            words = f"“{of.row.name}”, version {version}, is in force from {when}. Plans open now keep their form."
            offer(request, words, "plans:template_take_back", phase, version)
            return redirect("plans:template", phase, version)
    found = differences(from_document(of.in_force.content), of.template)
    context = {
        "form": form,
        "form_of": of,
        "template": of.template,
        "changes": found,
        "count": count(found),
        "open_plans": open_plans(of),
        "without_writer": without_writer(policy_for(of.authority.code, of.today).rights, of.template),
    }
    return render(request, "plans/settings/into_force.html", context)


@require_POST
@requires(CHANGES)
def taken_back(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    """Just after it was put in force, or while its day has not come."""
    of = open_form(request, phase, version, CHANGES)
    if not of.is_to_come:
        taken(request)
    try:
        take_back(version=of.row, by=person_of(request).user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Version {version} is a draft again. The version before it is in force.")
    return redirect("plans:template", phase, version)
