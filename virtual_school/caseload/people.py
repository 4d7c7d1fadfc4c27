"""Who is around a child, from when to when."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.children.actions import end_involvement, involve
from virtual_school.children.models import Child, Involvement

from . import words
from .actions import undo_end_of_involvement
from .forms import EndForm, InvolveForm
from .reader import Reader
from .record import child_page, head, record_for, refuse_unless

UNDO_FOR = timedelta(days=31)


@requires(Permission.CHILD_READ)
def people(request: HttpRequest, public_id: object) -> HttpResponse:
    found = record_for(request, public_id)
    refuse_unless(found.reader.sees_people)
    today = found.today
    rows = list(
        Involvement.objects.filter(authority=found.child.authority_id, child=found.child)
        .select_related("person")
        .order_by("starts", "id")
    )
    now = [row for row in rows if row.starts <= today and (row.ends is None or row.ends > today)]
    ended = sorted(
        (row for row in rows if row.ends is not None and row.ends <= today), key=lambda row: row.ends, reverse=True
    )
    for row in ended:
        row.can_undo = row.ends > today - UNDO_FOR
    return render(
        request,
        "caseload/people.html",
        {
            **head(found, "child_people"),
            "now": now,
            "to_come": [row for row in rows if row.starts > today],
            "ended": ended,
        },
    )


@child_page(Permission.CHILD_WRITE)
def add(request: HttpRequest, child: Child, reader: Reader) -> HttpResponse:
    refuse_unless(reader.can_write)
    today = timezone.localdate()
    form = InvolveForm(child.authority_id, today, request.POST or None, initial={"starts": today})
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen
        given = form.cleaned_data
        try:
            involve(
                child,
                person=chosen.user,
                role=chosen.role,
                starts=given["starts"],
                why=given["why"],
                is_named=given["is_named"],
                by=request.person.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        except IntegrityError:
            form.add_error(None, f"{chosen.user.name} already holds this role for the child on some of these days")
        else:
            messages.success(
                request,
                f"{chosen.user.name} is around {child.first_name} as {words.role_words(chosen.role)} from "
                f"{words.in_full(given['starts'])}, and sees the record from then on.",
            )
            return redirect("caseload:child_people", child.public_id)
    return render(request, "caseload/person_add.html", {"child": child, "form": form})


@child_page(Permission.CHILD_WRITE)
def end(request: HttpRequest, child: Child, reader: Reader, pk: int) -> HttpResponse:
    refuse_unless(reader.can_write)
    today = timezone.localdate()
    involvement = get_object_or_404(
        Involvement.objects.select_related("person"),
        pk=pk,
        child=child,
        authority=child.authority_id,
        ends__isnull=True,
    )
    form = EndForm(request.POST or None, initial={"ends": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["ends"]
        try:
            end_involvement(involvement, ends=given, by=request.person.user)
        except ValidationError as error:
            form.add_error("ends", error)
        else:
            messages.success(
                request,
                f"{involvement.person.name} is around {child.first_name} until {words.in_full(given)} "
                "and does not see the record from then on. You can undo this below.",
            )
            return redirect("caseload:child_people", child.public_id)
    return render(request, "caseload/person_end.html", {"child": child, "form": form, "involvement": involvement})


@require_POST
@child_page(Permission.CHILD_WRITE)
def undo(request: HttpRequest, child: Child, reader: Reader, pk: int) -> HttpResponse:
    refuse_unless(reader.can_write)
    involvement = get_object_or_404(
        Involvement.objects.select_related("person"), pk=pk, child=child, authority=child.authority_id
    )
    try:
        undo_end_of_involvement(involvement, by=request.person.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"{involvement.person.name} is around {child.first_name} again.")
    return redirect("caseload:child_people", child.public_id)
