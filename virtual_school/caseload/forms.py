"""Forms of a child's record."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from virtual_school.access.models import Membership, Role
from virtual_school.children.models import Child, Sensitivity
from virtual_school.design.forms import CharacterCount, DateField, Radios, TextInput
from virtual_school.design.selects import PlainSelect

from .recording import Recordable

LONGEST_NOTE = 500
AROUND_A_CHILD = (
    Role.ADVISER,
    Role.SOCIAL_WORKER,
    Role.SOCIAL_WORK_MANAGER,
    Role.REVIEWING_OFFICER,
    Role.CARER,
    Role.PERSONAL_ADVISER,
    Role.YOUNG_PERSON,
    Role.DESIGNATED_TEACHER,
    Role.DELEGATE,
)


class EvidenceForm(forms.Form):
    on = DateField(label="Day it was done")
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=CharacterCount(LONGEST_NOTE, rows=3),
        help_text="Who was spoken with, where the paper is kept",
    )

    def __init__(self, what: Recordable, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].label = what.question
        self.fields["on"].latest = today
        self.fields["on"].help_text = f"For example, {today.day} {today.month} {today.year}"


class InvolveForm(forms.Form):
    membership = forms.ChoiceField(
        label="Who", help_text="People who hold a role in this authority today", widget=PlainSelect
    )
    starts = DateField(label="From")
    why = forms.CharField(label="What for", required=False, max_length=200, widget=TextInput())
    is_named = forms.BooleanField(
        label="May see this child although they are marked sensitive",
        required=False,
        help_text="Only matters while the child is marked sensitive",
    )

    def __init__(self, authority: int, today: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = (
            Membership.objects.filter(authority=authority, role__in=AROUND_A_CHILD, starts__lte=today)
            .filter(Q(ends__isnull=True) | Q(ends__gt=today))
            .select_related("user")
            .order_by("user__name", "role")
        )
        self.people = {str(row.pk): row for row in rows}
        choices = [(pk, f"{row.user.name}, {row.get_role_display().lower()}") for pk, row in self.people.items()]
        self.fields["membership"].choices = [("", "Choose somebody"), *choices]

    @property
    def chosen(self) -> Membership:
        return self.people[self.cleaned_data["membership"]]


class EndForm(forms.Form):
    ends = DateField(label="First day on which they are no longer around the child")


class NamesForm(forms.Form):
    forename = forms.CharField(label="Forename", max_length=100, required=False, widget=TextInput(width=20))
    surname = forms.CharField(label="Surname", max_length=100, widget=TextInput(width=20))
    preferred_name = forms.CharField(
        label="Preferred first name",
        max_length=100,
        required=False,
        widget=TextInput(width=20),
        help_text="What the child wants to be called",
    )

    def __init__(self, child: Child, *args: Any, **options: Any) -> None:
        options.setdefault(
            "initial", {name: getattr(child, name) for name in ("forename", "surname", "preferred_name")}
        )
        super().__init__(*args, **options)


class SensitiveForm(forms.Form):
    kind = forms.ChoiceField(
        label="Who may see this child",
        required=False,
        choices=[("", "Everyone the roles allow"), *Sensitivity._meta.get_field("kind").choices],
        widget=Radios(),
    )
    why = forms.CharField(label="Why", required=False, max_length=200, widget=TextInput())
