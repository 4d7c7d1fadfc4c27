"""Forms of the schools' pages."""

from datetime import date, timedelta
from typing import Any

from django import forms

from virtual_school.authorities.forms import DatesForm
from virtual_school.design.dates import DateField, in_full
from virtual_school.design.selects import PlainSelect
from virtual_school.design.widgets import TextInput

from .models import DesignatedTeacher
from .queries import Sought

STATES = {"open": "Open", "closed": "Closed", "all": "Open and closed"}
SORTS = {"name": "Name", "area": "Area, then name", "pupils": "Most of our pupils"}
WHOSE = {"ours": "With our pupils", "all": "All in England"}


class FindForm(forms.Form):
    """A GET form: a school is no secret. A child's name is, and has a search of its own that posts."""

    marks_optional = False
    q = forms.CharField(label="School", max_length=100, required=False, widget=TextInput(width=20))
    show = forms.ChoiceField(label="Which", choices=WHOSE.items(), required=False)
    area = forms.TypedChoiceField(label="Area", coerce=int, empty_value=None, required=False, widget=PlainSelect)
    phase = forms.ChoiceField(label="Phase", required=False)
    group = forms.ChoiceField(label="Type", required=False)
    state = forms.ChoiceField(label="Open or closed", choices=STATES.items(), required=False)
    teacher = forms.ChoiceField(
        label="Designated teacher", choices=[("", "Known or not"), ("none", "None known")], required=False
    )
    sort = forms.ChoiceField(label="Order", choices=SORTS.items(), required=False)

    def __init__(
        self,
        data: Any,
        *,
        areas: dict[int, str],
        phases: list[str],
        groups: list[str],
        has_pupils: bool,
    ) -> None:
        given = data.copy()
        given.setdefault("show", "ours" if has_pupils else "all")
        given.setdefault("state", "open")
        given.setdefault("sort", "name")
        super().__init__(given)
        self.fields["area"].choices = [("", "Every area"), *areas.items()]
        self.fields["phase"].choices = [("", "Every phase"), *((phase, phase) for phase in phases)]
        self.fields["group"].choices = [("", "Every type"), *((group, group) for group in groups)]
        if not has_pupils:
            del self.fields["show"]

    def sought(self) -> Sought:
        """What is asked for; a value that is no choice is left out, so that an old address still works."""
        self.is_valid()
        given = self.cleaned_data
        return Sought(
            words=given.get("q", ""),
            ours=given.get("show") == "ours",
            area=given.get("area"),
            phase=given.get("phase", ""),
            group=given.get("group", ""),
            state=given.get("state") or "open",
            without_teacher=given.get("teacher") == "none",
            sort=given.get("sort") or "name",
        )


class TeacherForm(forms.Form):
    name = forms.CharField(label="Name", max_length=200, widget=TextInput({"autocomplete": "off"}, width=30))
    email = forms.EmailField(
        label="Work e-mail address",
        help_text="A person who is known here already keeps their account and roles.",
        widget=TextInput({"type": "email", "spellcheck": "false", "autocomplete": "off"}, width=30),
    )
    telephone = forms.CharField(
        label="Telephone", max_length=30, required=False, widget=TextInput({"autocomplete": "off"}, width=20)
    )
    starts = DateField(label="First day as designated teacher")

    def __init__(self, *args: Any, holder: DesignatedTeacher | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if holder:
            self.fields["replaces"] = forms.BooleanField(
                label=f"End the appointment of {holder.person.name} when this one starts",
                help_text=f"Designated teacher since {in_full(holder.starts)}. A school has one at a time.",
                required=False,
                initial=True,
            )


class EndTeacherForm(forms.Form):
    last_day = DateField(label="Last day as designated teacher")

    def __init__(self, *args: Any, appointment: DesignatedTeacher, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].earliest = appointment.starts

    @property
    def ends(self) -> date:
        """The first day on which they no longer are."""
        return self.cleaned_data["last_day"] + timedelta(days=1)


class SchoolDatesForm(DatesForm):
    """A training day, a closure, a holiday or a term of one school's own."""

    kinds = ("closure", "holiday", "term")


class CalendarFileForm(forms.Form):
    file = forms.FileField(
        label="Calendar file of the school",
        help_text="An iCalendar file (.ics), as school websites and calendars give it out",
    )
