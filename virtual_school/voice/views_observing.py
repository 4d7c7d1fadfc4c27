"""The observation sheet: what an adult saw of a child who cannot be asked. Always the adult's reading."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.children.queries import child_for
from virtual_school.dates.terms import term_words
from virtual_school.design.forms import DateField, Radios, Textarea

from .cycles import current_cycle
from .models import ObservationSheet
from .observation import Field, fields
from .queries import watched
from .rights import may_start, roles_of


class SheetForm(forms.Form):
    """The seven fields of the sheet, and the day it is about."""

    on = DateField(label="Which day was it?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for held in fields():
            self.fields[held.key] = _field(held)
            if held.because:
                self.fields[f"{held.key}_because"] = forms.CharField(
                    label="Sure: because of what?", required=False, max_length=1_000, widget=Textarea(rows=2)
                )

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("The day has not come yet.")
        return on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for held in fields():
            why = f"{held.key}_because"
            if held.because and given.get(held.key) == held.choices[-1] and not given.get(why, "").strip():
                self.add_error(why, "Say what makes you sure.")
        return given

    @property
    def filled(self) -> dict[str, str]:
        return {name: value.strip() for name, value in self.cleaned_data.items() if name != "on" and value}


def _field(held: Field) -> forms.Field:
    wrong = {"required": f"Fill in “{held.label}”."}
    if held.choices:
        choices = [(one, one) for one in held.choices]
        return forms.ChoiceField(label=held.label, choices=choices, widget=Radios(), error_messages=wrong)
    return forms.CharField(
        label=held.label, help_text=held.hint, max_length=3_000, widget=Textarea(rows=3), error_messages=wrong
    )


@requires(Permission.CHILD_READ)
def observation(request: HttpRequest, public_id: object) -> HttpResponse:
    """This term's sheets, and one more. Two occasions and two people, before they count as views gathered."""
    child = child_for(request, public_id)
    roles = roles_of(request.person, child)  # type: ignore[attr-defined]
    if not may_start(roles):
        raise PermissionDenied
    user = request.person.user  # type: ignore[attr-defined]
    cycle = current_cycle(child, timezone.localdate())
    form = SheetForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        ObservationSheet.objects.create(
            authority_id=child.authority_id, child=child, cycle=cycle, on=form.cleaned_data["on"], filled=form.filled,
            by=user, by_name=user.name, by_role=str(Role(roles[0]).label),
        )  # fmt: skip
        record("voice.observed", by=user.pk, authority=child.authority_id, child=child.pk, cycle=cycle)
        messages.success(request, "Kept, under your name.")
        return redirect("voice:observation", child.public_id)
    held = watched(child, cycle)
    return render(
        request, "voice/adults/observation.html",
        {"child": child, "term": term_words(cycle), "form": form, "watched": held},
    )  # fmt: skip
