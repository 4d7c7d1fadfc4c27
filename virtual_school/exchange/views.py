"""The pages of imports: send, look, apply or discard, take back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.components import Chip
from virtual_school.design.csv_download import csv_response

from . import actions, pages, words
from .forms import ColumnsForm, ImportsFilter, NewImportForm, RowsFilter
from .kinds import SHEETS
from .models import Import
from .progress import said
from .queries import (
    BUSY,
    children_of,
    import_for,
    imports_of,
    kinds_and_tables,
    rows_of,
    sent_with,
    warnings_counted,
)
from .readers.sheets import template as sheet_template
from .undo import what_is_built_on

A_PAGE = 50
LOOK_AGAIN_SECONDS = 2
WARNINGS_SHOWN = 12
SLOW_AFTER = timedelta(minutes=5)
State = Import.State


@require_GET
@requires(Permission.IMPORT_RUN)
def imports(request: HttpRequest) -> HttpResponse:
    chosen = ImportsFilter(request.GET)
    on = {name: value for name, value in chosen.cleaned_data.items() if value} if chosen.is_valid() else {}
    found = imports_of(request.person).filter(**on)  # type: ignore[attr-defined]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    labels = {"kind": dict(Import.Kind.choices), "state": dict(Import.State.choices)}
    chips = [
        Chip(labels[name][value], "?" + "&".join(f"{other}={v}" for other, v in on.items() if other != name))
        for name, value in on.items()
    ]
    several = len({one.authority_id for one in page}) > 1
    rows = [
        {
            "imported": one,
            "total": pages.total(one),
            "tag": pages.STATE_TAGS[one.state],
            "sent": pages.moment(one.started_at),
            "where": one.authority.name if several else "",
        }
        for one in page
    ]
    context = {"filter": ImportsFilter(initial=on), "chips": chips, "page": page, "rows": rows}
    return render(request, "exchange/imports.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def new(request: HttpRequest) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    allowed = list(person.authorities_where(Permission.IMPORT_RUN))
    if request.method == "POST":
        form = NewImportForm(request.POST, request.FILES, authorities=allowed)
        if form.is_valid():
            given = form.cleaned_data
            if given.get("for_all"):
                every = list(form.fields["authority"].queryset)  # type: ignore[attr-defined]
                started = actions.start_several(given["kind"], authorities=every, files=given["files"], by=request.user)
                imported = next(one for one in started if one.authority == given["authority"])
            else:
                imported = actions.start(
                    given["kind"], authority=given["authority"], files=given["files"], by=request.user
                )
            return redirect("exchange:import", imported.public_id)
    else:
        form = NewImportForm(authorities=allowed)
    is_invented = any(m.authority and m.authority.is_invented for m in person.memberships)
    return render(request, "exchange/new.html", {"form": form, "sheets": SHEETS, "is_invented": is_invented})


@require_GET
@requires(Permission.IMPORT_RUN)
def one(request: HttpRequest, public_id: object) -> HttpResponse:
    """Where the import stands: being read, ready to check, applied …"""
    imported = import_for(request, public_id)
    if imported.state in BUSY:
        return _progress(request, imported)
    if imported.state in (State.REFUSED, State.DISCARDED):
        return render(request, "exchange/ended.html", _context(imported))
    found = kinds_and_tables(imported)
    sections = []
    for kind in ("ended", "rejected", "missing", "changed", "warning"):
        count = sum(found.get(kind, {}).values())
        if not count:
            continue
        if kind == "warning":
            table, is_all = pages.warnings_by_reason(warnings_counted(imported, WARNINGS_SHOWN)), False
        else:
            rows = list(rows_of(imported, kind)[: pages.FIRST])
            table, is_all = pages.TABLES[kind](rows, children_of(imported, rows)), count <= len(rows)
        sections.append(
            {
                "kind": kind,
                "title": f"{words.KINDS[kind]}: {count:,}",
                "table": table,
                "more": "" if is_all else pages.rows_url(imported, kind=kind),
                "count": count,
            }
        )
    total = pages.total(imported)
    changes = total["created"] + total["changed"] + total["ended"]
    context = {
        **_context(imported),
        "figures": pages.figures(imported, found),
        "warning": pages.leaving_warning(imported) if imported.state == State.READY else "",
        "sections": sections,
        "by_file": pages.by_file(imported),
        "total": total,
        "changes": changes,
        "changes_words": pages.plural(changes, "change"),
        "children_words": pages.plural(total["children"], "child", "children"),
        "created_url": pages.rows_url(imported, kind="created") if found.get("created") else "",
        "may_undo": imported.state == State.APPLIED,
    }
    return render(request, "exchange/import.html", context)


def _context(imported: Import) -> dict[str, Any]:
    return {
        "imported": imported,
        "beside": [(one, pages.STATE_TAGS[one.state]) for one in sent_with(imported)],
        "state_tag": pages.STATE_TAGS[imported.state],
        "sent": pages.moment(imported.started_at),
        "files": pages.in_words(len(imported.files), "file"),
        "applied": pages.moment(imported.applied_at) if imported.applied_at else "",
        "undone": pages.moment(imported.undone_at) if imported.undone_at else "",
    }


def _progress(request: HttpRequest, imported: Import) -> HttpResponse:
    context = {
        **_context(imported),
        "seconds": LOOK_AGAIN_SECONDS,
        "said": said(imported),
        "is_slow": timezone.now() - (imported.read_at or imported.started_at) > SLOW_AFTER,
    }
    response = render(request, "exchange/progress.html", context)
    response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def rows(request: HttpRequest, public_id: object) -> HttpResponse:
    """The rows of an import. A child's identifier comes by POST, so that it stays out of addresses and logs."""
    imported = import_for(request, public_id)
    found = kinds_and_tables(imported)
    chosen = RowsFilter(request.GET, found=found)
    on = {name: value for name, value in chosen.cleaned_data.items() if value} if chosen.is_valid() else {}
    local_id = request.POST.get("child", "").strip()[:20]
    shown = rows_of(imported, on.get("kind", ""), on.get("table", ""), local_id)
    page = Paginator(shown, A_PAGE if not local_id else 500).get_page(request.GET.get("page"))
    children = children_of(imported, page)
    draw = pages.TABLES.get(on.get("kind", ""), pages.mixed_table)
    chips = [Chip(f"Child {local_id}", pages.rows_url(imported, **on))] if local_id else []
    if kind := on.get("kind"):
        chips.append(Chip(words.KINDS[kind], pages.rows_url(imported, table=on.get("table", ""))))
    if table := on.get("table"):
        chips.append(Chip(words.table(table), pages.rows_url(imported, kind=on.get("kind", ""))))
    context = {
        "imported": imported,
        "form": RowsFilter(initial=on, found=found),
        "page": page,
        "table": draw(list(page), children) if page else None,
        "chips": chips,
        "local_id": local_id,
        "count": page.paginator.count,
        "is_cut": on.get("kind") == "created" and page.paginator.count < pages.total(imported)["created"],
        "everything": pages.rows_url(imported),
    }
    return render(request, "exchange/rows.html", context)


@require_GET
@requires(Permission.IMPORT_RUN)
def rejected(request: HttpRequest, public_id: object) -> HttpResponse:
    imported = import_for(request, public_id)
    columns = ("file", "row", "column", "value", "reason", "fix", "local_id")
    headings = ["File", "Row", "Column", "What it says", "Why it is left out", "What to do", "Child"]
    return csv_response("left-out.csv", headings, rows_of(imported, "rejected").values_list(*columns))


@require_POST
@requires(Permission.IMPORT_RUN)
def apply(request: HttpRequest, public_id: object) -> HttpResponse:
    return _ask(request, public_id, actions.ask_to_apply)


@require_POST
@requires(Permission.IMPORT_RUN)
def discard(request: HttpRequest, public_id: object) -> HttpResponse:
    response = _ask(request, public_id, actions.discard)
    return redirect("exchange:imports") if response.status_code == 302 else response


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def undo(request: HttpRequest, public_id: object) -> HttpResponse:
    """Asks first, and says what stands in the way."""
    if request.method == "POST":
        return _ask(request, public_id, actions.ask_to_undo)
    imported = import_for(request, public_id)
    if imported.state != State.APPLIED:
        return redirect("exchange:import", imported.public_id)
    total = pages.total(imported)
    changes = total["created"] + total["changed"] + total["ended"]
    context = {
        **_context(imported),
        "built_on": what_is_built_on(imported),
        "changes_words": pages.plural(changes, "change"),
        "children_words": pages.plural(total["children"], "child", "children"),
    }
    return render(request, "exchange/undo.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def columns(request: HttpRequest, public_id: object) -> HttpResponse:
    """Of a register whose headings say too little."""
    imported = import_for(request, public_id)
    headings = imported.options.get("headings", [])
    if imported.state != State.REFUSED or not headings:
        return redirect("exchange:import", imported.public_id)
    form = ColumnsForm(request.POST or None, headings=headings)
    if form.is_valid():
        try:
            actions.match_columns(imported, sender=form.cleaned_data["sender"], columns=form.columns, by=request.user)  # type: ignore[arg-type]
        except actions.NotNow as why:
            messages.info(request, str(why))
        return redirect("exchange:import", imported.public_id)
    return render(request, "exchange/columns.html", {**_context(imported), "form": form})


@require_POST
@requires(Permission.IMPORT_RUN)
def again(request: HttpRequest, public_id: object) -> HttpResponse:
    return _ask(request, public_id, actions.ask_again)


def _ask(request: HttpRequest, public_id: object, action: Any) -> HttpResponse:
    imported = import_for(request, public_id)
    try:
        action(imported, by=request.user)
    except actions.NotNow as why:
        messages.info(request, str(why))
    return redirect("exchange:import", imported.public_id)


@require_GET
@requires(Permission.IMPORT_RUN)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    response = HttpResponse("\ufeff" + sheet_template(SHEETS[kind]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-template.csv"'
    return response
