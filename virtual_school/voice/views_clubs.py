"""The clubs of a school, listed by those who work there: cards a child may pick from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from virtual_school.access.models import Role
from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.design.forms import Textarea
from virtual_school.schools.models import School

from .models import SchoolClubs

MOST_CLUBS, LONGEST = 40, 60
AT_SCHOOL = frozenset({Role.DESIGNATED_TEACHER, Role.DELEGATE})


def school_of(person: Person) -> School | None:
    """Where somebody works with children in care today; the first, where there are several."""
    urns = [one.urn for one in person.memberships if one.role in AT_SCHOOL and one.urn]
    return School.objects.filter(urn__in=urns).order_by("urn").first()


class ClubsForm(forms.Form):
    names = forms.CharField(
        label="Clubs, one a line", required=False, max_length=4_000, widget=Textarea(rows=10),
        help_text="Short names that children know, such as “Choir” or “Chess club”.",
    )  # fmt: skip

    def clean_names(self) -> list[str]:
        names = list(dict.fromkeys(line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()))
        if len(names) > MOST_CLUBS:
            raise forms.ValidationError(f"Name {MOST_CLUBS} clubs at most: a child looks through all of them.")
        if long := [name for name in names if len(name) > LONGEST]:
            raise forms.ValidationError(f"“{long[0]}” is longer than {LONGEST} letters.")
        return names


@requires(Permission.CHILD_READ)
def clubs(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    school = school_of(person)
    if school is None:
        raise PermissionDenied
    held = SchoolClubs.objects.filter(school=school).first()
    initial: dict[str, Any] = {"names": "\n".join(held.names) if held else ""}
    form = ClubsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        names = form.cleaned_data["names"]
        SchoolClubs.objects.update_or_create(school=school, defaults={"names": names, "by_name": person.user.name})
        record("voice.clubs", by=person.user.pk, authority=person.authority_code, count=len(names))
        messages.success(request, "Kept. Children see them when the page is next handed to them.")
        return redirect("voice:clubs")
    return render(request, "voice/adults/clubs.html", {"school": school, "form": form, "held": held})
