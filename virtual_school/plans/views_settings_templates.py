"""The forms of an authority: which is in force, what each asks, how it looks to each role, how two differ."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.schools.undo import offered

from . import pdf
from .conditions import PHASES, condition_words
from .contents import CONTENTS
from .forms_settings import PreviewForm
from .library import library_template
from .models import Plan, PlanTemplate
from .opened import policy_for
from .refused import Refused
from .settings_actions import newer_edition, start_draft
from .settings_preview import covered, preview
from .template import OWNERS, REQUIRED, STAGES, Template
from .template_differences import KIND_WORDS, count, differences, edit_words
from .template_document import from_document
from .template_edits import laid_over
from .template_faults import FaultyTemplate
from .template_versions import in_force_of, is_draft, start_of_draft, versions_of
from .views_settings import OpenForm, authority_of, ends_of, may_change, open_form, person_of, standing_of
from .workflow import NOT_DONE


@require_GET
@requires(Permission.REGISTER_READ)
def templates(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.REGISTER_READ)
    today = timezone.localdate()
    forms = []
    for phase, words in PHASES.items():
        rows = versions_of(authority, phase)
        now = in_force_of(rows, today)
        template = from_document(now.content)
        waiting = next((row for row in rows if row.state == PlanTemplate.State.DRAFT and row != now), None)
        forms.append(
            {
                "words": words,
                "phase": phase,
                "now": now,
                "sections": sum(section.is_on for section in template.sections),
                "questions": sum(field.is_on for s in template.sections if s.is_on for field in s.fields),
                "own": sum(field.added_by_authority for field in template.fields()),
                "waiting": waiting,
                "waiting_standing": standing_of(waiting, rows, today) if waiting else None,
                "newer": library_template(phase).edition
                if library_template(phase).edition > now.library_version
                else 0,
            }
        )
    context = {
        "authority": authority,
        "forms": forms,
        "may_write": may_change(request, authority),
        "undo": offered(request),
    }
    return render(request, "plans/settings/templates.html", context)


@require_GET
@requires(Permission.REGISTER_READ)
def template(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    shown = form.template
    may_write = may_change(request, form.authority)
    context = {
        "form_of": form,
        "template": shown,
        "sections": _sections(shown),
        "may_write": may_write,
        "may_edit": may_write and form.is_draft,
        "done": _done(form) if form.is_draft else [],
        "history": _history(form),
        "has_draft": any(row.state == PlanTemplate.State.DRAFT and row != form.in_force for row in form.rows),
        "newer": _newer(form),
        "ends": ends_of(form.row, form.rows),
        "undo": offered(request),
        "standing": form.standing,
    }
    return render(request, "plans/settings/template.html", context)


def _newer(form: OpenForm) -> int:
    edition = library_template(form.row.phase).edition
    return edition if edition > form.in_force.library_version else 0


def _sections(shown: Template) -> list[dict[str, object]]:
    labels = shown.labels()
    return [
        {
            "section": section,
            "owner": OWNERS[section.owner],
            "stage": STAGES[section.stage],
            "questions": sum(field.is_on for field in section.fields),
            "off": sum(not field.is_on for field in section.fields),
            "own": sum(field.added_by_authority for field in section.fields),
            "asked_when": condition_words(section.shown_when, labels) if section.shown_when else "",
        }
        for section in shown.sections
    ]


def _done(form: OpenForm) -> list[str]:
    """What was changed in a draft, in words, the last first."""
    start = start_of_draft(form.row, form.rows)
    if start is None:
        return []
    now, began = start
    told = []
    for edit in form.row.edits[began:]:
        try:
            told.append(edit_words(edit, now))
            now = laid_over(now, [edit])
        except FaultyTemplate:
            told.append("A change that no longer fits.")
    return told[::-1]


def _history(form: OpenForm) -> list[dict[str, object]]:
    """Each version with what it changed of the one before; a draft is told on its own page."""
    told = []
    rows = [row for row in form.rows if not is_draft(row)]
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        found = differences(from_document(before.content), from_document(row.content)) if before else {}
        standing = standing_of(row, form.rows, form.today)
        told.append(
            {
                "row": row,
                "changes": found,
                "count": count(found),
                "ends": ends_of(row, form.rows),
                "standing": standing[0],
                "colour": standing[1],
                "plans": Plan.objects.filter(template=row).count() if row.pk else 0,
                "is_first": before is None,
            }
        )
    return told


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def start(request: HttpRequest, phase: str) -> HttpResponse:
    """A draft from the version in force; with `from=library`, from the newer edition, which is shown first."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    if phase not in PHASES:
        raise Http404
    from_library = request.POST.get("from", request.GET.get("from")) == "library"
    if request.method == "POST":
        try:
            draft = start_draft(authority=authority, phase=phase, from_library=from_library, by=person_of(request).user)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("plans:templates")
        messages.success(request, "A draft is started. Nothing changes for any plan until you put it in force.")
        return redirect("plans:template", phase, draft.version)
    rows = versions_of(authority, phase)
    now = in_force_of(rows, timezone.localdate())
    before = from_document(now.content)
    again = newer_edition(now) if from_library else None
    context = {
        "authority": authority,
        "words": PHASES[phase],
        "phase": phase,
        "now": now,
        "again": again,
        "lost": [(_told(edit, before), why) for edit, why in again.lost] if again else [],
        "changes": differences(before, again.template) if again else {},
        "edition": library_template(phase).edition,
    }
    return render(request, "plans/settings/start.html", context)


def _told(edit: object, before: Template) -> str:
    try:
        return edit_words(edit, before)  # type: ignore[arg-type]
    except KeyError:
        return str(edit)


@require_GET
@requires(Permission.REGISTER_READ)
def section_of_template(request: HttpRequest, phase: str, version: int, key: str) -> HttpResponse:
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    shown = form.template
    section = shown.section(key)
    if section is None:
        raise Http404
    labels = shown.labels()
    rows = [
        {
            "field": field,
            "name": field.key.partition(".")[2],
            "kind": KIND_WORDS[field.kind],
            "required": REQUIRED[field.required] if field.required != "never" else "",
            "contents": [CONTENTS[number] for number in field.statutory],
            "asked_when": condition_words(field.shown_when, labels) if field.shown_when else "",
        }
        for field in section.fields
    ]
    may_write = may_change(request, form.authority)
    context = {
        "form_of": form,
        "template": shown,
        "section": section,
        "owner": OWNERS[section.owner],
        "stage": STAGES[section.stage],
        "asked_when": condition_words(section.shown_when, labels) if section.shown_when else "",
        "rows": rows,
        "may_edit": may_write and form.is_draft,
    }
    return render(request, "plans/settings/section.html", context)


@require_GET
@requires(Permission.REGISTER_READ)
def contents(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    rows = covered(form.template)
    context = {
        "form_of": form,
        "template": form.template,
        "rows": rows,
        "asked": sum(row.is_asked for row in rows),
        "left_out": [row for row in rows if not row.is_asked and not row.why_not],
    }
    return render(request, "plans/settings/contents.html", context)


@require_GET
@requires(Permission.REGISTER_READ)
def compare(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    """With another version, or with the shipped form; without a choice, with the one in force."""
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    others = [row for row in form.rows if row.version != version]
    chosen = request.GET.get("with", "")
    other = next((row for row in others if str(row.version) == chosen), None)
    if other is None and chosen != "library":
        other = form.in_force if form.in_force.version != version else next(iter(others), None)
    if other is None:
        before, words = library_template(phase), "the shipped form"
    else:
        before, words = from_document(other.content), f"version {other.version}"
    found = differences(before, form.template)
    context = {
        "form_of": form,
        "template": form.template,
        "others": others,
        "other": other,
        "words": words,
        "changes": found,
        "count": count(found),
    }
    return render(request, "plans/settings/compare.html", context)


@require_GET
@requires(Permission.REGISTER_READ)
def template_preview(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    chosen = PreviewForm(phase, request.GET)
    policy = policy_for(form.authority.code, form.today)
    parts = preview(form.template, chosen.circumstances, chosen.role, chosen.state, policy.rights)
    context = {
        "form_of": form,
        "template": form.template,
        "chosen": chosen,
        "may_write": may_change(request, form.authority),
        "role": Role(chosen.role).label,
        "state": Plan.State(chosen.state).label,
        "parts": parts,
        "writes": sum(part.writes for part in parts),
        "owners": OWNERS,
    }
    return render(request, "plans/settings/preview.html", context)


@require_GET
@requires(Permission.REGISTER_READ)
def template_blank(request: HttpRequest, phase: str, version: int) -> HttpResponse:
    """The empty form to print; `owner` in the address: the sections of one role only."""
    form = open_form(request, phase, version, Permission.REGISTER_READ)
    owner = request.GET.get("owner", "")
    made = pdf.blank(
        form.row.content,
        authority_name=form.authority.name,
        printed_by=person_of(request).user.name,
        printed_on=form.today,
        reference=f"{form.row.name}, version {form.row.version}",
        colour=form.authority.colour,
        owner=owner if owner in OWNERS else "",
    )
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="blank-form-{phase}-{version}.pdf"'
    return response


def open_plans(form: OpenForm) -> int:
    """Plans not finished yet that are written on this phase's forms."""
    states = [str(state) for state in NOT_DONE]
    return Plan.objects.filter(authority=form.authority, phase=form.row.phase, state__in=states).count()
