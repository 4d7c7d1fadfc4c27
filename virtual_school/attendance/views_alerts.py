"""Alerts about attendance: the list of those to see to, one of them, and what people do with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.models import Role
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.models import Involvement
from virtual_school.children.queries import visible_to
from virtual_school.design.components import Cell, Table
from virtual_school.design.list_links import choice_links
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file

from .alert_list import ALL, STATES, AlertFilters, counts, filtered, in_order, in_state, named
from .alert_settings import TITLES, Rule
from .alerting import STANDS, Refused, State, acknowledge, add_action, close, finish_action, take_over
from .forms_alerts import ActionForm, CloseForm, DoneForm, MailForm
from .models_alerts import AlertMail, AttendanceAction, AttendanceAlert
from .seeing import Sight, noted
from .whose import OWNERS, Whose, advisers_of, open_on, owners_for, whose
from .words import date_words, day_words, year_of

PAGE = 50


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """A name that is looked for comes in the body of the request and goes nowhere else."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    form = AlertFilters(request.GET, of, today)
    text = " ".join(request.POST.get("q", "").split())
    every = of.rows(AttendanceAlert.objects.all())
    rows = named(every, text) if text else filtered(every, form.chosen, of, person.user.pk, today)
    counted, state = counts(rows), form.cleaned_data["state"]
    shown = in_order(rows if text else in_state(rows, state), state).select_related("child__authority", "school")
    paginator = Paginator(shown, sum(counted.values()) or 1 if text else PAGE)
    page = paginator.get_page(request.GET.get("page"))
    found = list(page.object_list)
    is_mine = form.cleaned_data["whose"] != ALL
    return render(
        request,
        "attendance/alerts/alerts.html",
        {
            "q": text,
            "filter_form": form,
            "chips": form.chips(request.GET),
            "states": [] if text else choice_links(request.GET, "state", STATES, state, counted, {"standing"}),
            "table": _table(found, advisers_of(of, [one.child_id for one in found], today) if of.is_staff else {}, today),
            "page": page,
            "total": paginator.count if found else 0,
            "is_mine": is_mine,
            "all_url": f"{reverse('attendance:alerts')}?whose={ALL}",
            "is_staff": of.is_staff,
            "may_see_rules": of.is_staff,
            "export_query": request.GET.urlencode(),
        },
    )  # fmt: skip


def _table(found: list[AttendanceAlert], names: dict[int, str], today: date) -> Table:
    rows = []
    for one in found:
        where = one.school.name if one.school else "no school"
        rows.append(
            [
                Cell(one.child.name, reverse("attendance:alert", args=[one.public_id]), f"{year_of(one.child.born, today)}, {where}"),
                Cell(TITLES[Rule(one.rule)], small=one.reasons[0]),
                date_words(timezone.localdate(one.raised_at), today),
                Cell(_whose_words(one, names), small=_when_words(one, today), strong=one.state == State.OPEN),
            ]
        )  # fmt: skip
    return Table("Alerts", ["Child", "What was seen", "Raised", "Who sees to it"], rows)


def role_words(role: str) -> str:
    return str(dict(Role.choices).get(role, role))


def _whose_words(one: AttendanceAlert, names: dict[int, str]) -> str:
    if one.state == State.WITHDRAWN:
        return "Withdrawn by itself"
    if one.owner_name:
        return one.owner_name
    if one.to_role == Role.ADVISER and one.child_id in names:
        return f"{names[one.child_id]}, not seen yet"
    return f"{role_words(one.to_role)}, not seen yet"


def _when_words(one: AttendanceAlert, today: date) -> str:
    if one.state == State.CLOSED:
        return one.get_outcome_display()
    if one.state == State.WITHDRAWN:
        return one.outcome_words
    if one.state == State.ACKNOWLEDGED and one.acknowledged_at:
        return f"in hand since {date_words(timezone.localdate(one.acknowledged_at), today)}"
    if one.escalated_at:
        went = timezone.localdate(one.escalated_at)
        return f"went further {'today' if went == today else f'on {date_words(went, today)}'}: nobody had seen to it"
    if one.then_role and one.answer_by:
        return f"to be seen by {day_words(one.answer_by, today)}, then goes further"
    return ""


COLUMNS = ("Child", "Identifier", "Year", "School", "URN", "What", "Seen", "Raised", "State", "Given to", "Owner",
           "Given on", "Outcome", "In words", "Adviser")  # fmt: skip


@require_GET
@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, for those who see the whole authority; that it was taken is recorded."""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    of = whose(person, today)
    if not of.is_staff:
        return redirect("attendance:alerts")
    form = AlertFilters(request.GET, of, today)
    rows = filtered(of.rows(AttendanceAlert.objects.all()), form.chosen, of, person.user.pk, today)
    state = form.cleaned_data["state"]
    found = list(in_order(in_state(rows, state), state).select_related("child", "school"))
    names = advisers_of(of, [one.child_id for one in found], today)
    table = [_exported(one, names, today) for one in found]
    record(
        "attendance_alerts.exported", by=person.user.pk, role=person.role, authority=person.authority_code,
        rows=len(table), filters=form.chosen,
    )  # fmt: skip
    return as_file(
        request.GET.get("form", ""), f"attendance-alerts-{today.isoformat()}", Sheet("Alerts", COLUMNS, table)
    )


def _exported(one: AttendanceAlert, names: dict[int, str], today: date) -> list[Any]:
    return [
        one.child.name, one.child.local_id, year_of(one.child.born, today), one.school.name if one.school else "",
        one.school_id or "", TITLES[Rule(one.rule)], " ".join(one.reasons), timezone.localdate(one.raised_at),
        one.get_state_display(), role_words(one.to_role), one.owner_name,
        timezone.localdate(one.escalated_at) if one.escalated_at else None, one.get_outcome_display(),
        one.outcome_words, names.get(one.child_id, ""),
    ]  # fmt: skip


def _seen(request: HttpRequest, public_id: object) -> tuple[AttendanceAlert, Sight]:
    """404 unless the person may see the child's attendance; looking is logged."""
    found = (
        AttendanceAlert.objects.filter(public_id=public_id, child__in=visible_to(request.person))  # type: ignore[attr-defined]
        .select_related("child__authority", "school")
        .first()
    )
    return found, noted(request, found)  # type: ignore[return-value]


def _may_act(request: HttpRequest, one: AttendanceAlert, sight: Sight) -> bool:
    """The virtual school's own, whose role it was given to, and who has it."""
    return sight.arranges or one.to_role in sight.roles or one.owner_id == request.person.user.pk  # type: ignore[attr-defined]


def _to_act(request: HttpRequest, public_id: object) -> AttendanceAlert:
    one, sight = _seen(request, public_id)
    if not _may_act(request, one, sight):
        raise PermissionDenied
    return one


@require_GET
@requires(Permission.CHILD_READ)
def alert(request: HttpRequest, public_id: object) -> HttpResponse:
    one, sight = _seen(request, public_id)
    today, me = timezone.localdate(), request.person.user  # type: ignore[attr-defined]
    acts = _may_act(request, one, sight)
    names = advisers_of(Whose("", (one.authority_id,), (one.child_id,)), [one.child_id], today)
    actions = list(one.actions.all())
    return render(
        request,
        "attendance/alerts/alert.html",
        {
            "alert": one,
            "child": one.child,
            "title": TITLES[Rule(one.rule)],
            "about": f"{year_of(one.child.born, today)}, {one.school.name if one.school else 'on no roll'}",
            "whose": _whose_words(one, names),
            "when": _when_words(one, today),
            "then": role_words(one.then_role) if one.then_role and one.state == State.OPEN else "",
            "steps": list(one.steps.all()),
            "actions": [(action, action.done_on is None and action.by_on < today, acts or action.owner_id == me.pk) for action in actions],
            "stands": one.state in STANDS,
            "acts": acts and one.state in STANDS,
            "is_mine": one.owner_id == me.pk,
            "people": _people(one, today),
        },
    )  # fmt: skip


def _people(one: AttendanceAlert, today: date) -> list[tuple[str, str]]:
    """Whom to ring, by role: those around the child at work, as far as the reader may see them."""
    rows = Involvement.objects.filter(open_on(today), authority=one.authority_id, child=one.child_id, role__in=OWNERS)
    named = rows.values_list("role", "person__name").distinct()
    return sorted((role_words(role), name) for role, name in named)


@require_POST
@requires(Permission.CHILD_READ)
def step(request: HttpRequest, public_id: object, kind: str) -> HttpResponse:
    """Acknowledge, or take over."""
    steps = {"acknowledge": (acknowledge, "It is yours."), "take-over": (take_over, "You have taken it over.")}
    if kind not in steps:
        raise Http404
    one = _to_act(request, public_id)
    act, said = steps[kind]
    try:
        act(alert=one, by=request.person.user)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{said} Say what will be done, or close it when it is settled.")
    return redirect("attendance:alert", one.public_id)


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def alert_close(request: HttpRequest, public_id: object) -> HttpResponse:
    one = _to_act(request, public_id)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            close(alert=one, outcome=given["outcome"], words=given["words"], by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            messages.warning(request, str(refused))
            return redirect("attendance:alert", one.public_id)
        messages.success(request, f"Closed. It stays on {one.child.first_name}’s record.")
        return redirect("attendance:alerts")
    undone = one.actions.filter(done_on__isnull=True).count()
    context = {
        "alert": one,
        "child": one.child,
        "title": "Close the alert",
        "form": form,
        "undone": undone,
        "button": "Close it",
    }
    return render(request, "attendance/alerts/step.html", context)


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def action_add(request: HttpRequest, public_id: object) -> HttpResponse:
    one = _to_act(request, public_id)
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    people = owners_for(one.child, today, with_staff=one.authority_id in person.staff_of)
    people.setdefault(str(person.user.pk), person.user)
    form = ActionForm(people, person.user, today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = add_action(
                alert=one, what=given["what"], owner=form.chosen, owner_name=given["owner_name"],
                by_on=given["by_on"], by=person.user,
            )  # fmt: skip
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(
                request, f"It is {made.owner_name}’s to do, and stands on {one.child.first_name}’s record."
            )
        return redirect("attendance:alert", one.public_id)
    context = {"alert": one, "child": one.child, "title": "What will be done", "form": form, "button": "Save"}
    return render(request, "attendance/alerts/step.html", context)


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def action_done(request: HttpRequest, public_id: object) -> HttpResponse:
    found = (
        AttendanceAction.objects.filter(public_id=public_id, child__in=visible_to(request.person))  # type: ignore[attr-defined]
        .select_related("child__authority", "alert")
        .first()
    )
    sight = noted(request, found)
    assert found is not None
    if not (_may_act(request, found.alert, sight) or found.owner_id == request.person.user.pk):  # type: ignore[attr-defined]
        raise PermissionDenied
    today = timezone.localdate()
    form = DoneForm(today, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            finish_action(action=found, done_on=given["done_on"], outcome=given["outcome"], by=request.person.user)  # type: ignore[attr-defined]
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, "Noted. Thank you.")
        return redirect("attendance:alert", found.alert.public_id)
    context = {
        "alert": found.alert, "child": found.child, "title": "What came of it", "form": form, "action": found,
        "button": "Save",
    }  # fmt: skip
    return render(request, "attendance/alerts/step.html", context)


@requires(Permission.CHILD_READ)
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """Whether one wants the day's message. Those at home get none and are asked nothing."""
    person: Person = request.person  # type: ignore[attr-defined]
    if person.is_at_home:
        raise PermissionDenied
    held = AlertMail.objects.filter(person=person.user).first()
    form = MailForm(request.POST or None, initial={"wanted": "yes" if held is None or held.is_wanted else "no"})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wanted"] == "yes"
        AlertMail.objects.update_or_create(person=person.user, defaults={"is_wanted": wanted})
        messages.success(request, "You get a message, one a day at most." if wanted else "You get no message.")
        return redirect("access:account")
    return render(request, "attendance/alerts/mail.html", {"form": form, "address": person.user.email})
