"""The council's policy on children's voice: what counts, since when, and changing it from a day on. None of it is law."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import Authority, PolicyVersion
from virtual_school.authorities.policy import history_of_part, set_part, withdraw_part
from virtual_school.design.forms import DateField, NumberInput, Textarea, TextInput

from .policy import VoicePolicy, voice_policy
from .policy_words import CHOICES, GROUPS, Choice, changes_between, differing, faults
from .settings_of import policy_for

PART = "voice"
PHONE = re.compile(r"\+?[\d ]{3,20}")


class PolicyForm(forms.Form):
    marks_optional = False

    def __init__(self, now: VoicePolicy, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="f_%s", **kwargs)
        for name, choice in CHOICES.items():
            self.fields[name] = _field(choice, getattr(now, name))
        self.fields["starts"] = DateField(
            label="From which day?", initial=today, earliest=today,
            help_text="What children were told before that day is not changed.",
        )  # fmt: skip
        self.fields["why"] = forms.CharField(label="Why, and who decided", max_length=1_000, widget=Textarea(rows=3))

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[choice.name] for choice in choices]) for _, title, choices in GROUPS]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, choice in CHOICES.items():
            if choice.kind == "phone" and given.get(name) and not PHONE.fullmatch(given[name]):
                self.add_error(name, f"{choice.title}: write a telephone number, such as 0800 1111.")
        if not self.errors:
            for name, why in faults(self.choices):
                self.add_error(name, why)
        return given

    @property
    def choices(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in CHOICES}
        return {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in given.items()}


def _field(choice: Choice, now: Any) -> forms.Field:
    told = {"label": choice.title, "initial": now, "help_text": choice.hint, "required": not choice.may_be_empty}
    if choice.kind == "number":
        return forms.IntegerField(
            min_value=choice.least, max_value=choice.most, widget=NumberInput(width=3, suffix=choice.unit), **told
        )  # fmt: skip
    if choice.kind == "time":
        return forms.TimeField(
            input_formats=["%H:%M"], widget=TextInput(width=5), **told,
            error_messages={"invalid": f"{choice.title}: write a time such as 09:00."},
        )  # fmt: skip
    return forms.CharField(max_length=60, widget=TextInput(width=20), **told)


def _authority(request: HttpRequest, permission: Permission) -> Authority:
    """The chosen role's where it gives the permission, else the first that does."""
    person: Person = request.person  # type: ignore[attr-defined]
    codes = person.authorities_where(permission)
    if not codes:
        raise PermissionDenied
    return Authority.objects.get(code=person.authority_code if person.authority_code in codes else codes[0])


@requires(Permission.REGISTER_READ)
def policy(request: HttpRequest) -> HttpResponse:
    authority, today = _authority(request, Permission.REGISTER_READ), timezone.localdate()
    now, usual = policy_for(authority.code, today), VoicePolicy()
    groups = [
        (key, title, [
            {"choice": one, "now": one.in_words(getattr(now, one.name)), "usual": one.in_words(getattr(usual, one.name)),
             "is_own": getattr(now, one.name) != getattr(usual, one.name)}
            for one in choices
        ])
        for key, title, choices in GROUPS
    ]  # fmt: skip
    versions = [
        (version, list(changes_between(voice_policy(before), voice_policy(after))), version.starts > today)
        for version, before, after in history_of_part(authority, PART)
    ]
    person: Person = request.person  # type: ignore[attr-defined]
    return render(
        request, "voice/policy/policy.html",
        {"authority": authority, "groups": groups, "versions": versions,
         "may_write": authority.code in person.authorities_where(Permission.POLICY_WRITE)},
    )  # fmt: skip


@requires(Permission.POLICY_WRITE)
def change_policy(request: HttpRequest) -> HttpResponse:
    """Shows in words what would change before anything does; the button on that page saves."""
    authority, today = _authority(request, Permission.POLICY_WRITE), timezone.localdate()
    form = PolicyForm(policy_for(authority.code, today), today, request.POST or None)
    changes = None
    if request.method == "POST" and form.is_valid():
        starts = form.cleaned_data["starts"]
        found = list(changes_between(policy_for(authority.code, starts), voice_policy(form.choices)))
        if not found:
            form.add_error(None, "Nothing differs from what counts on that day.")
        elif "confirmed" in request.POST:
            user = request.person.user  # type: ignore[attr-defined]
            set_part(
                authority, PART, starts=starts, choices=differing(form.choices), why=form.cleaned_data["why"],
                by_id=user.pk, by_name=user.name,
            )  # fmt: skip
            messages.success(request, "Kept. Children’s pages say it from that day on.")
            return redirect("voice:policy")
        else:
            changes = found
    return render(
        request, "voice/policy/change.html", {"authority": authority, "form": form, "changes": changes}
    )  # fmt: skip


@requires(Permission.POLICY_WRITE)
@require_POST
def withdraw_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """A change whose day has not come. One in force is changed by a later one, so that its history stays."""
    authority = _authority(request, Permission.POLICY_WRITE)
    version = get_object_or_404(PolicyVersion, authority=authority, pk=pk, starts__gt=timezone.localdate())
    withdraw_part(version, PART, by_id=request.person.user.pk)  # type: ignore[attr-defined]
    messages.success(request, "The change of policy is taken back.")
    return redirect("voice:policy")
