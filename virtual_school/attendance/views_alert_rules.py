"""The rules that raise alerts: what counts, since when, and trying other numbers before they count."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority
from virtual_school.authorities.policy import history_of_part, part_on, set_part
from virtual_school.design.dates import in_full

from .alert_gather import PART, first_day_for, settings_on, watched
from .alert_rules import RULES
from .alert_settings import TITLES, USUAL, Rule, Setting, as_kept, in_words, settings_of
from .forms_alerts import FIRST, RuleForm
from .words import plural

TRIED_DAYS = 30


def _authority(request: HttpRequest, permission: Permission) -> Authority:
    """The chosen role's authority where it gives the permission, else the first that does; 403 where none does."""
    person: Person = request.person  # type: ignore[attr-defined]
    codes = person.authorities_where(permission)
    if not codes:
        raise PermissionDenied
    return Authority.objects.get(code=person.authority_code if person.authority_code in codes else codes[0])


@require_GET
@requires(Permission.APPOINTMENT_READ)
def rules(request: HttpRequest) -> HttpResponse:
    authority = _authority(request, Permission.APPOINTMENT_READ)
    today = timezone.localdate()
    now = settings_on(authority, today)
    person: Person = request.person  # type: ignore[attr-defined]
    return render(
        request,
        "attendance/alerts/rules.html",
        {
            "authority": authority,
            "rows": [
                {
                    "rule": rule.value,
                    "title": TITLES[rule],
                    "words": in_words(setting) if setting.is_on else "Off",
                    "to": _to_words(setting) if setting.is_on else "",
                    "is_own": setting != USUAL[rule],
                }
                for rule, setting in now.items()
            ],
            "versions": [
                {"version": version, "changes": _changes(before, after), "is_to_come": version.starts > today}
                for version, before, after in history_of_part(authority, PART)
            ],
            "may_write": authority.code in person.authorities_where(Permission.POLICY_WRITE),
        },
    )


def _to_words(setting: Setting) -> str:
    """The child's education adviser; after 1 school day the virtual school head."""
    first = FIRST[setting.first]
    if not setting.then:
        return first
    then = FIRST[setting.then]
    return f"{first}; left unseen for {plural(setting.after, 'school day')}, {then[:1].lower()}{then[1:]}"


def _all_words(setting: Setting) -> str:
    return f"{in_words(setting)}. {_to_words(setting)}" if setting.is_on else "Off"


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    was, now = settings_of(before), settings_of(after)
    return [(TITLES[rule], _all_words(was[rule]), _all_words(now[rule])) for rule in Rule if was[rule] != now[rule]]


@requires(Permission.POLICY_WRITE)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, rule: str) -> HttpResponse:
    """Two buttons: one tries the numbers as typed and saves nothing."""
    if rule not in {str(one) for one in Rule}:
        raise Http404
    authority = _authority(request, Permission.POLICY_WRITE)
    today = timezone.localdate()
    form = RuleForm(settings_on(authority, today)[Rule(rule)], today, request.POST or None)
    trial: Tried | None = None
    if request.method == "POST" and form.is_valid():
        if "save" in request.POST:
            _save(request, authority, form)
            return redirect("attendance:alert_rules")
        trial = tried(authority, form.setting, today)
    return render(
        request,
        "attendance/alerts/rule.html",
        {
            "form": form,
            "title": TITLES[Rule(rule)],
            "authority": authority,
            "tried": trial,
            "tried_words": in_words(form.setting) if trial else "",
        },
    )


def _save(request: HttpRequest, authority: Authority, form: RuleForm) -> None:
    person: Person = request.person  # type: ignore[attr-defined]
    given, setting = form.cleaned_data, form.setting
    held = {name: one for name, one in part_on(authority, PART, given["starts"]).items() if name != setting.rule.value}
    kept = as_kept(setting)
    set_part(
        authority, PART, starts=given["starts"], choices={**held, setting.rule.value: kept} if kept else held,
        why=given["why"], by_id=person.user.pk, by_name=person.user.name,
    )  # fmt: skip
    messages.success(request, f"“{TITLES[setting.rule]}” counts like this from {in_full(given['starts'])}.")


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have raised in the last days, for the children in care today."""

    alerts: int
    children: int
    of: int

    @property
    def words(self) -> str:
        if not self.alerts:
            return "no alert"
        return f"{plural(self.alerts, 'alert')} for {plural(self.children, 'child', 'children')}"


def tried(authority: Authority, setting: Setting, today: date) -> Tried:
    first = today - timedelta(days=TRIED_DAYS - 1)
    children = watched(authority, today, first=first_day_for(first))
    days = [day for n in range(TRIED_DAYS) if (day := first + timedelta(days=n)).weekday() < 5]
    rule = RULES[setting.rule]
    told = [
        len({found.occasion for day in days for found in rule(child.facts, setting, day)})
        for child in children.values()
    ]
    return Tried(sum(told), sum(n > 0 for n in told), len(told))
