"""Telephoning schools, and places off the register, for today's marks: the list, a call, and striking one out."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.models import Child
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file
from virtual_school.schools.models import Enrolment, School

from .calling import (
    ENDED,
    LATER,
    NOW,
    CallList,
    NotAllSeen,
    Told,
    ToRing,
    call_list,
    claim,
    claim_of,
    keep_call,
    next_to_ring,
    strike,
)  # fmt: skip
from .forms_calls import CallForm, StrikeForm, filled
from .models_calls import CallAnswer, SchoolCall, Site, at, ids_of, site_key
from .places import how_many, kept, places_seen, site_or_404, site_url
from .queries import Today, Where, in_force, on_roll_of, on_the_day
from .school_contacts import contact_of
from .school_filters import EVERY_AGE, SchoolFilters, Sought, area_of, caller
from .who_is_where import children_of
from .whose import Whose, advisers_of
from .words import plural, year_of

NOON, PAGE, LISTED = 12, 50, 30
STATES = {NOW: "To ring now", LATER: "To ring again later", ENDED: "Rung, not to be rung again today"}


def _found(request: HttpRequest, of: Whose) -> tuple[Sought, CallList]:
    now = timezone.localtime()
    sought = Sought(request.GET, of)
    found = call_list(of, now.date(), now, sought.adviser, every_age=sought.every_age)
    found.sites = [one for one in found.sites if sought.fits(one.site)]
    return sought, found


@require_GET
@requires(Permission.ATTENDANCE_WRITE)
def calls(request: HttpRequest) -> HttpResponse:
    """The schools that have marked nothing today for one or more pupils; it empties as marks arrive."""
    person, of = caller(request)
    today = timezone.localdate()
    sought, found = _found(request, of)
    page = Paginator(found.sites, PAGE).get_page(request.GET.get("page"))
    shown: list[ToRing] = list(page.object_list)
    names = advisers_of(of, [row.child for one in shown for row in one.pupils], today)
    rung = SchoolCall.objects.filter(authority__in=of.authorities, about=today).select_related("school", "place")
    return render(
        request,
        "attendance/calls.html",
        {
            "day": today,
            "groups": [(STATES[state], state, _rows(shown, state, names, person, today)) for state in STATES],
            "n_now": len(found.of(NOW)),
            "said": _said(found),
            "page": page,
            "total": len(found.sites),
            "how_many": how_many([one.site for one in found.sites]),
            "filter_form": SchoolFilters(sought.chosen, sought.names),
            "chips": sought.chips(),
            "export_query": sought.query(),
            "others": plural(found.others, "child", "children") if found.others else "",
            "others_url": f"?{sought.query(age=EVERY_AGE)}",
            "rung": _of_those_seen(of, list(rung[:LISTED])),
        },
    )  # fmt: skip


def _of_those_seen(of: Whose, rung: list[SchoolCall]) -> list[SchoolCall]:
    """Of schools, and of places at which the reader may see a child."""
    if all(one.school_id for one in rung):
        return rung
    seen = {place.pk for place in places_seen(of.authorities[0]).values()}
    return [one for one in rung if one.school_id or one.place_id in seen]


def _said(found: CallList) -> str:
    parts = []
    if found.sent:
        parts.append(f"{plural(found.sent, 'child', 'children')} marked by their schools")
    if found.told:
        parts.append(f"{plural(found.told, 'child', 'children')} told by telephone")
    return ", ".join(parts)


def _rows(shown: list[ToRing], state: str, names: dict[int, str], person: Person, today: date) -> list[dict[str, Any]]:
    return [
        {
            "one": one,
            "pupils": [(row, year_of(row.born, today), names.get(row.child, "")) for row in one.pupils],
            "is_claimed": one.claim is not None and one.claim.by_id != person.user.pk,
        }
        for one in shown
        if one.state == state
    ]


COLUMNS = ("School", "URN", "Area", "Telephone", "Ask for", "Child", "Year", "Adviser", "Calls today",
           "Last call", "What came of it", "Ring again")  # fmt: skip


@require_GET
@requires(Permission.ATTENDANCE_WRITE)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, one row a child; that it was taken is recorded."""
    person, of = caller(request)
    today = timezone.localdate()
    _, found = _found(request, of)
    names = advisers_of(of, [row.child for one in found.sites for row in one.pupils], today)
    rows = []
    for one in found.sites:
        last = one.last
        for row in one.pupils:
            rows.append(
                [one.site.name, one.site.urn or "", area_of(one.site), one.contact.telephone, one.contact.name, row.name,
                 year_of(row.born, today), names.get(row.child, ""), len(one.calls), _clock(last.rung_at) if last else "",
                 last.get_outcome_display() if last else "", _clock(one.next_at) if one.next_at else ""]
            )  # fmt: skip
    record(
        "attendance.exported", by=person.user.pk, role=person.role, authority=person.authority_code, rows=len(rows),
        day=today.isoformat(),
    )  # fmt: skip
    return as_file(request.GET.get("form", ""), f"calls-{today.isoformat()}", Sheet("Calls", COLUMNS, rows))


def _clock(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M}"


@require_POST
@requires(Permission.ATTENDANCE_WRITE)
def ring(request: HttpRequest, urn: int | None = None, public_id: UUID | None = None) -> HttpResponse:
    """Others see for some minutes who is ringing the school."""
    person, of = caller(request)
    site = site_or_404(of, urn, public_id)
    claim(of.authorities[0], site, by=person.user, take_over="take_over" in request.POST)
    return redirect(site_url("call", site))


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def call(request: HttpRequest, urn: int | None = None, public_id: UUID | None = None) -> HttpResponse:
    """One call for all of a school's pupils whose marks of today are missing, and the calls before it."""
    person, of = caller(request)
    now = timezone.localtime()
    site = site_or_404(of, urn, public_id)
    pupils = _pupils(of, site, now.date())
    missing = [row for row in pupils if row.where is Where.UNKNOWN]
    before = list(
        SchoolCall.objects.filter(authority__in=of.authorities, **at(site)).prefetch_related("answers__child")[:LISTED]
    )
    last = next((one.pk for one in before if one.about == now.date()), 0)
    data = request.POST if request.method == "POST" else None
    asked = _asked_about(pupils, missing, data)
    if data is not None and "fill" in data:
        data = filled(data, asked, now.hour < NOON)
    form = CallForm(asked, now, data, last)
    if data is not None and "fill" not in data and form.is_valid():
        told = _keep(person, of, site, form)
        messages.success(request, _told_words(told))
        return _onwards(request, person, of, site)
    if data is not None and form.errors:
        form.data = _seen_now(form.data, last)
    claimed = claim_of(of.authorities[0], site, now)
    return render(
        request,
        "attendance/call.html",
        {
            "site": site,
            "what": "school" if isinstance(site, School) else "place",
            "contact": contact_of(site, now.date()),
            "form": form,
            "is_filled": data is not None and "fill" in data,
            "known": [row for row in pupils if row not in asked],
            "n_on_roll": len(pupils),
            "claim": claimed if claimed and claimed.by_id != person.user.pk else None,
            "is_morning": now.hour < NOON,
            "calls": [_as_told(one, of) for one in before],
            "today": now.date(),
        },
    )  # fmt: skip


def _pupils(of: Whose, site: Site, day: date) -> list[Today]:
    rolls = Enrolment.objects.filter(
        in_force(day), on_roll_of(site), authority__in=of.authorities, kind=Enrolment.Kind.MAIN
    )
    rows = on_the_day(children_of(of, day).filter(id__in=rolls.values("child_id")), day)
    key = site_key(site.urn, site.name)
    return sorted((row for row in rows if site_key(row.urn, row.school) == key), key=lambda row: row.name)


def _asked_about(pupils: list[Today], missing: list[Today], data: QueryDict | None) -> list[Today]:
    """Those without a mark, and on the way back those of whom the page asked when it was made."""
    if data is None:
        return missing
    return [row for row in pupils if row in missing or f"am.{row.public_id}" in data]


def _seen_now(data: QueryDict, last: int) -> QueryDict:
    """The page that comes back has seen the call that stood in the way."""
    data = data.copy()
    data["seen"] = str(last)
    return data


def _keep(person: Person, of: Whose, site: Site, form: CallForm) -> Told:
    given = form.cleaned_data
    made = SchoolCall(
        authority_id=of.authorities[0], **ids_of(kept(site)), about=timezone.localdate(form.now), outcome=given["outcome"],
        spoke_to=given["spoke_to"], rung_at=form.rung_at, next_at=form.next_at,
    )  # fmt: skip
    children = Child.objects.in_bulk([pupil.row.child for pupil in form.pupils])
    said = {children[pupil.row.child]: pupil.said for pupil in form.pupils}
    return keep_call(made, said, by=person.user, role=person.role)


def _told_words(told: Told) -> str:
    site = told.call.site
    words = f"The call to {site.name} is written down: {told.call.get_outcome_display().lower()}."
    if told.written:
        words += f" {plural(told.written, 'mark')} kept."
    if told.differing:
        stand = "stands" if told.differing == 1 else "stand"
        words += f" {plural(told.differing, 'mark')} of the {'school' if site.urn else 'place'}’s own {stand} and say otherwise: both are shown."
    return words


def _onwards(request: HttpRequest, person: Person, of: Whose, site: Site) -> HttpResponse:
    """To the list, or to the next school that nobody else is ringing."""
    if "next" in request.POST:
        now = timezone.localtime()
        following = next_to_ring(call_list(of, now.date(), now), person.user)
        if following is not None and site_url("call", following.site) != site_url("call", site):
            claim(of.authorities[0], following.site, by=person.user)
            return redirect(site_url("call", following.site))
    return redirect("attendance:calls")


def _as_told(one: SchoolCall, of: Whose) -> dict[str, Any]:
    """A call with what it told; of children whom the reader may not see, only how many."""
    return {"one": one, "hidden": one.pupils - len(one.answers.all())}


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def strike_out(request: HttpRequest, public_id: object) -> HttpResponse:
    """A wrong call: its marks are taken back, it stays with who struck it out and why."""
    person, of = caller(request)
    rows = SchoolCall.objects.select_related("school", "place")
    found = rows.filter(authority__in=of.authorities, public_id=public_id).first()
    if found is None or not _of_those_seen(of, [found]):
        raise Http404
    back = site_url("call", found.site)
    form = StrikeForm(request.POST or None, auto_id="f_%s")
    if found.struck_at is None and request.method == "POST" and form.is_valid():
        try:
            n = strike(found, form.cleaned_data["why"], by=person.user, role=person.role)
        except NotAllSeen:
            form.add_error(None, "This call told of a child whom you may not see: ask somebody who may")
        else:
            messages.success(
                request, f"The call is struck out. Marks of {plural(n, 'child', 'children')} are taken back."
            )
            return redirect(back)
    answers = CallAnswer.objects.filter(authority=found.authority_id, call=found).select_related("child")
    return render(
        request,
        "attendance/call_strike.html",
        {"call": found, "form": form, "answers": answers, "back": back},
    )
