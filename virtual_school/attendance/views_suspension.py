"""A school's notice of a suspension or exclusion, the list of them, and the page of one."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.queries import school_calendars
from virtual_school.children.file_checks import RefusedFile
from virtual_school.children.models import Child
from virtual_school.children.queries import involved, visible_to
from virtual_school.dates.ages import year_group
from virtual_school.dates.school_days import SchoolCalendar
from virtual_school.design.components import SummaryRow
from virtual_school.law import constants
from virtual_school.law.obligation import Obligation, State
from virtual_school.law.register import register
from virtual_school.schools.models import Enrolment

from . import exclusion_rules
from .exclusion_codes import words_of
from .facts import AttendanceFacts, SuspensionFact, in_days, sessions_in_term, sessions_in_year
from .forms_suspension import FULL, NoticeForm
from .gather import facts_of
from .models_exclusion import Suspension, SuspensionLetter
from .models_provision import Provision
from .providing import full_time_hours, record_provision
from .seeing import AT_SCHOOL, Sight, child_seen, suspension_seen
from .suspending import Refused, fact_of, record_suspension
from .tasks import tell_of
from .telling import note_reading
from .whose import open_on, whose
from .words import DUTY_ROLES, ROLES, day_words, days_out, state_words, what_words, where_words, year_of


def enrolments_now(child: Child, today: date) -> list[Enrolment]:
    """The main registration first."""
    rows = Enrolment.objects.filter(open_on(today), authority=child.authority_id, child=child).select_related("school")
    return sorted(rows, key=lambda one: (one.kind != Enrolment.Kind.MAIN, one.starts))


def calendar_of(child: Child, at: Enrolment | None) -> SchoolCalendar:
    authority = child.authority
    urns = [at.school_id] if at is not None and at.school_id else []
    calendar, own = school_calendars(authority.code, authority.name, urns)
    return own.get(urns[0], calendar) if urns else calendar


@requires(Permission.CHILD_READ)
def choose(request: HttpRequest) -> HttpResponse:
    """For a school: whom is it about?"""
    person: Person = request.person  # type: ignore[attr-defined]
    today = timezone.localdate()
    whose(person, today)
    mine = involved(person.user.pk, today).filter(role__in=AT_SCHOOL).values_list("child_id", flat=True)
    pupils = list(
        visible_to(person).filter(id__in=list(mine)).select_related("authority").order_by("surname", "forename")
    )
    if len(pupils) == 1:
        return redirect("attendance:suspend", pupils[0].public_id)
    rows = [
        (child, reverse("attendance:suspend", args=[child.public_id]), year_of(child.born, today)) for child in pupils
    ]
    return render(request, "attendance/choose_pupil.html", {"rows": rows})


@requires(Permission.CHILD_READ)
def suspend(request: HttpRequest, public_id: object) -> HttpResponse:
    child, sight = child_seen(request, public_id)
    if not sight.records:
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    at = enrolments_now(child, today)
    form = NoticeForm(at, today, request.POST or None, request.FILES or None, is_from_school=sight.is_at_school)
    if request.method == "POST" and form.is_valid():
        try:
            made = _recorded(child, form, person, sight)
        except Refused as refused:
            form.add_error(None, str(refused))
        except RefusedFile as refused_file:
            form.add_error("letter", f"The letter was not taken: {refused_file}")
        else:
            tell_of(made)
            _say_recorded(request, made, today)
            return redirect("attendance:suspension", made.public_id)
    return render(request, "attendance/suspend.html", {"child": child, "form": form, "at": at})


def _recorded(child: Child, form: NoticeForm, person: Person, sight: Sight) -> Suspension:
    at = form.enrolment
    notice = form.notice()
    if (told_on := form.cleaned_data.get("told_on")) and told_on < form.today:
        noon = timezone.make_aware(datetime.combine(told_on, time(12)))
        notice = replace(notice, notified_at=noon)
    calendar = calendar_of(child, at)
    made = record_suspension(
        child=child, at=at, notice=notice, calendar=calendar, by=person.user, is_from_school=sight.is_at_school,
        letter=form.cleaned_data["letter"],
    )  # fmt: skip
    if form.cleaned_data["education"] == FULL:
        due = full_time_hours(year_group(child.born, made.starts) if child.born else None)
        record_provision(
            child=child, by=person.user, suspension=made, kind=Provision.Kind.ALTERNATIVE,
            provider=form.cleaned_data["provider"], starts=made.starts, hours=due, hours_due=due,
            end_planned=None, reason="Suspended or excluded",
        )  # fmt: skip
    return made


def _say_recorded(request: HttpRequest, made: Suspension, today: date) -> None:
    messages.success(
        request, "Recorded. The virtual school head, the social worker and the adviser are being told now."
    )
    facts = facts_of(made.child.authority, today, [made.child_id])[made.child_id]
    total = sessions_in_year(facts, made.starts)
    if total > 2 * constants.SUSPENSION_CAP_SCHOOL_DAYS:
        messages.warning(
            request,
            f"With this it is {in_days(total)} school days in the school year. The law allows "
            f"{constants.SUSPENSION_CAP_SCHOOL_DAYS}.",
        )


@requires(Permission.CHILD_READ)
def suspension(request: HttpRequest, public_id: object) -> HttpResponse:
    found, sight = suspension_seen(request, public_id)
    today = timezone.localdate()
    person: Person = request.person  # type: ignore[attr-defined]
    note_reading(found, person.user)
    child = found.child
    facts = facts_of(child.authority, today, [child.pk])[child.pk]
    fact = fact_of(found, facts)
    owed = _owed(facts, fact, today) if fact else []
    state, colour = state_words(found, today)
    return render(
        request,
        "attendance/suspension.html",
        {
            "child": child,
            "suspension": found,
            "sight": sight,
            "what": what_words(found, today),
            "where": where_words(found),
            "state": state,
            "colour": colour,
            "rows": _rows(found, today),
            "totals": _totals(facts, fact) if fact else [],
            "owed": [one for one in owed if not one["is_settled"]],
            "settled": [one for one in owed if one["is_settled"]],
            "told": [(ROLES.get(one.role, one.role), one) for one in found.told.all()],
            "education": list(found.education.order_by("starts")),
            "letters": list(found.letters.all()),
            "may_be_cancelled": fact is not None and not found.cancelled_on
            and not exclusion_rules.may_cancel(facts, fact, today),
            "is_permanent": found.category == Suspension.Category.PERMANENT,
            "is_lunchtime": found.category == Suspension.Category.LUNCHTIME,
        },
    )  # fmt: skip


def _rows(one: Suspension, today: date) -> list[SummaryRow]:
    rows = [SummaryRow("What", what_words(one, today))]
    if one.school or one.provision:
        rows.append(SummaryRow("School", where_words(one)))
    rows.append(SummaryRow("Why", ", ".join(words_of(code) for code in one.reasons) or "Not held"))
    if one.words:
        rows.append(SummaryRow("What happened", one.words, source=f"Told by {one.by_name}"))
    if one.exam_lost:
        rows.append(SummaryRow("Examination", "A public examination or national test will be missed"))
    if one.cancelled_on:
        rows.append(SummaryRow("Cancelled", f"{day_words(one.cancelled_on, today)}. {one.cancelled_why}"))
    return rows


def _totals(facts: AttendanceFacts, fact: SuspensionFact) -> list[tuple[str, str, str]]:
    """Label, value and a line beneath."""
    term, year = sessions_in_term(facts, fact.starts), sessions_in_year(facts, fact.starts)
    cap = constants.SUSPENSION_CAP_SCHOOL_DAYS
    beyond = (
        " Over 15: the governors must meet."
        if term > 30
        else " Over 5: the governors are told at once."
        if term > 10
        else ""
    )
    rows = [
        ("This term", days_out(term), f"Limits at over 5 and over 15 days.{beyond}"),
        ("This school year", f"{in_days(year)} of {cap}",
         "More than the law allows" if year > 2 * cap else f"{in_days(2 * cap - year)} left before the law’s limit"),
    ]  # fmt: skip
    by_law, aim = exclusion_rules.sixth_day(facts, fact), exclusion_rules.first_day(facts, fact)
    if fact.full_time_from is not None:
        rows.append(("Full-time education", "In place", f"from {_short(fact.full_time_from)}"))
    elif fact.category != "LNCH":
        said = f"Law: from {_short(by_law)}, the sixth school day" if by_law else "Back before the sixth school day"
        rows.append(("Full-time education", "None recorded", f"{said}. Target: {_short(aim)}" if aim else said))
    return rows


def _short(day: date | None) -> str:
    return f"{day.day} {day:%B}" if day else ""


SETTLED = frozenset({State.MET, State.MET_LATE, State.NOT_APPLICABLE})


def _when(owed: Obligation, today: date) -> str:
    if owed.state in {State.MET, State.MET_LATE} and owed.met_on is not None and owed.due_on is not None:
        return f"{day_words(owed.met_on, today)}; asked by {day_words(owed.due_on, today)}"
    return day_words(owed.due_on, today) if owed.due_on else ""


def _owed(facts: AttendanceFacts, fact: SuspensionFact, today: date) -> list[dict[str, Any]]:
    """What the law, the guidance and the council ask of this one, what is late first."""
    found = [
        owed
        for rule in exclusion_rules.RULES
        for owed in rule(facts, today)
        if owed.occasion in {fact.key, f"{fact.key} day 1", f"{fact.key} day 6"} or owed.duty == "EXC-09"
    ]
    order = {State.OVERDUE: 0, State.DUE_SOON: 1, State.UPCOMING: 2, State.NOT_KNOWN: 3, State.NOT_APPLICABLE: 5}
    found.sort(key=lambda owed: (order.get(owed.state, 4), owed.due_on or date.max, owed.duty))
    return [
        {
            "who": DUTY_ROLES.get(owed.who, owed.who),
            "act": owed.act,
            "due": _when(owed, today),
            "is_settled": owed.state in SETTLED,
            "state": str(owed.state),
            "strength": "local" if owed.is_local else register().duties[owed.duty].strength,
            "steps": [one.words for one in owed.reasons],
            "citation": register().duties[owed.duty].citation,
            "title": register().duties[owed.duty].title,
        }
        for owed in found
    ]


@requires(Permission.CHILD_READ)
def letter(request: HttpRequest, public_id: object, letter_id: object) -> HttpResponse:
    """The file itself: to save, never to run in the page."""
    found, _ = suspension_seen(request, public_id)
    kept = get_object_or_404(SuspensionLetter, suspension=found, public_id=letter_id)
    path = Path(settings.MEDIA_ROOT, kept.stored_as)
    if not path.is_file():
        raise Http404
    response = FileResponse(path.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
