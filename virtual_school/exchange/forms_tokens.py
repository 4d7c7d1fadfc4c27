from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from virtual_school.authorities.models import Authority
from virtual_school.design.forms import DateField, Radios, TextInput
from virtual_school.schools.models import School

from .models_api import ApiToken, Verb
from .tokens import LONGEST

SCHOOL, REGISTERS, CALLS = "school", "registers", "calls"
KINDS = {
    SCHOOL: "A school’s own system",
    REGISTERS: "A system that sends us registers of many schools",
    CALLS: "A service that telephones schools for us",
}
HINTS = {
    SCHOOL: "It sends the marks of pupils on that school’s roll, whichever authority looks after them.",
    REGISTERS: "It sends the marks of our children at any school. They count as the schools’ own.",
    CALLS: "It sends what schools said of our children. Where a school’s own mark disagrees, the school’s stands.",
}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="Name of the system",
        max_length=80,
        help_text="It is shown beside the marks that came from it, for example “Arbor, Moorcroft High”.",
        widget=TextInput({"autocomplete": "off"}, width=20),
    )
    authority = forms.ModelChoiceField(Authority.objects.none(), label="Authority", empty_label=None)
    kind = forms.ChoiceField(
        label="What is it?", choices=list(KINDS.items()), widget=Radios(hints=HINTS, conditional={SCHOOL: "urn"})
    )
    urn = forms.IntegerField(
        label="School’s unique reference number (URN)",
        required=False,
        help_text="Six digits",
        error_messages={"required": "Enter the URN of the school"},
        widget=TextInput({"inputmode": "numeric"}, width=10),
    )
    may_read = forms.BooleanField(
        label="It may also read how many sessions each of our children attended",
        required=False,
        help_text="By the authority’s own identifier, without names. Not for a school’s system.",
    )
    last_day = DateField(label="Last day it works", help_text="Within a year. Make a new one before it ends.")

    def __init__(self, *args: Any, authorities: tuple[int, ...], readable: tuple[int, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        today = timezone.localdate()
        self.readable = readable
        self.fields["authority"].queryset = Authority.objects.filter(code__in=authorities)  # type: ignore[attr-defined]
        self.fields["last_day"].earliest = today  # type: ignore[attr-defined]
        self.fields["last_day"].latest = today + LONGEST - timedelta(days=1)  # type: ignore[attr-defined]
        self.fields["urn"].required = not self.is_bound or self.data.get("kind") == SCHOOL
        self.initial.setdefault("last_day", today + LONGEST - timedelta(days=1))
        if not readable:
            del self.fields["may_read"]
        if len(authorities) == 1:
            self.fields["authority"].widget = forms.HiddenInput()
            self.initial["authority"] = authorities[0]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind, urn, authority = given.get("kind"), given.get("urn"), given.get("authority")
        if kind == SCHOOL and urn is not None and not School.objects.filter(urn=urn).exists():
            self.add_error("urn", f"No school with the URN {urn} is in the national register held here")
        if given.get("may_read"):
            if kind == SCHOOL:
                self.add_error("may_read", "A school’s system reads nothing here: leave this empty")
            elif authority and authority.code not in self.readable:
                self.add_error("may_read", f"You may not read about children of {authority.name} yourself")
        return given

    @property
    def given(self) -> dict[str, Any]:
        """What the action takes."""
        told = self.cleaned_data
        return {
            "authority": told["authority"],
            "name": told["name"],
            "verbs": [Verb.WRITE, *([Verb.READ] if told.get("may_read") else [])],
            "expires_on": told["last_day"] + timedelta(days=1),
            "urn": told["urn"] if told["kind"] == SCHOOL else None,
            "told": ApiToken.Told.CALLS if told["kind"] == CALLS else ApiToken.Told.REGISTER,
        }
