"""Who is where on a day: everyone on one bar, then those not in school, worst first."""

from datetime import date, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.audit.actions import record
from virtual_school.design.components import Chip, Link
from virtual_school.design.selects import NarrowSelect, Options, PlainSelect
from virtual_school.design.workbook_download import Sheet
from virtual_school.design.workbook_download import download as as_file

from .pictures_day import day_bar
from .who_is_where import GROUPS, KNOWN, SHOWN, UNKNOWN, Day, children_of, finding, listed, narrowed, parts, the_day
from .whose import Whose, advisers, whose
from .words import plural, year_of

NOON = 12
A_PAGE = 100
AREAS = {"in": "In the area", "out": "Out of the area"}
ONE_DAY = timedelta(days=1)


class DayInput(forms.DateInput):
    """One field, with the browser's calendar."""

    input_type = "date"
    template_name = "attendance/day_input.html"


class TodayFilters(forms.Form):
    """An unknown value is as good as none: an old link still shows a list."""

    marks_optional = False
    day = forms.CharField(label="Day", required=False, widget=DayInput)
    adviser = forms.ChoiceField(label="Adviser", required=False, widget=PlainSelect)
    school = forms.ChoiceField(label="School", required=False, widget=PlainSelect)
    area = forms.ChoiceField(label="Lives", required=False, widget=NarrowSelect)
    show = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, chosen: dict[str, str], names: dict[str, str], schools: dict[str, str]) -> None:
        super().__init__(chosen, auto_id="f_%s")
        for name, options, every in (
            ("adviser", names, "Everyone"),
            ("school", schools, f"All {len(schools):,}"),
            ("area", AREAS, "In or out of area"),
        ):
            self.fields[name].choices = Options([("", every)], options.items())  # type: ignore[attr-defined]
        if len(names) < 2:
            del self.fields["adviser"]
        if len(schools) < 2:
            del self.fields["school"]


class Asked:
    """What the address asks for, of what there is."""

    def __init__(self, given: QueryDict, of: Whose, today: date) -> None:
        self.of, self.today = of, today
        self.day = min(_day(given.get("day", "")) or today, today)
        self.names = advisers(of, today) if of.is_staff else {}
        adviser, area, show = given.get("adviser", ""), given.get("area", ""), given.get("show", "")
        self.adviser = adviser if adviser in self.names else ""
        self.area = area if area in AREAS else ""
        self.show = show if show in SHOWN else ""
        every = the_day(of, self.day, children_of(of, self.day, self.adviser, self.area))
        rows = [row for group in every.groups.values() for row in group if row.urn]
        self.schools = {str(row.urn): row.school for row in sorted(rows, key=lambda row: row.school)}
        school = given.get("school", "")
        self.school = school if school in self.schools else ""
        self.shown: Day = narrowed(every, int(self.school) if self.school else None)

    @property
    def chosen(self) -> dict[str, str]:
        """As the address has it: what is usual is left out."""
        day = "" if self.day == self.today else self.day.isoformat()
        every = {"day": day, "adviser": self.adviser, "school": self.school, "area": self.area, "show": self.show}
        return {name: value for name, value in every.items() if value}

    def url(self, **instead: str) -> str:
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in {**self.chosen, **instead}.items() if value})
        return f"?{query.urlencode()}" if query else reverse("attendance:today")

    def chips(self) -> list[Chip]:
        labels = {"adviser": f"Adviser: {self.names.get(self.adviser, '')}", "area": AREAS.get(self.area, "")}
        labels["school"] = self.schools.get(self.school, "")
        return [Chip(labels[name], self.url(**{name: ""})) for name in labels if self.chosen.get(name)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_GET
@requires(Permission.CHILD_READ)
def today(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    asked = Asked(request.GET, whose(person, timezone.localdate()), timezone.localdate())
    shown, day = asked.shown, asked.day
    groups = SHOWN[asked.show]
    rows = [(group, row) for group in groups for row in shown.groups[group]]
    listing = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    found = listed(asked.of, listing.object_list, day, asked.today)
    is_now = day == asked.today and timezone.localtime().hour < NOON
    bar = day_bar(parts(shown), prefix="day", finding=finding(shown)) if shown.total else None
    came = [row.came.at for group in shown.groups.values() for row in group if row.came]
    return render(
        request,
        "attendance/today.html",
        {
            "title": "Who is where this morning" if is_now else "Who is where today" if day == asked.today else "Who was where",
            "day": day,
            "is_today": day == asked.today,
            "latest": max(came, default=None),
            "not_in": _not_in(shown),
            "bar": bar,
            "finding": finding(shown),
            "of_whom": _of_whom(asked),
            "filter_form": TodayFilters({**asked.chosen, "day": day.isoformat()}, asked.names, asked.schools),
            "chips": asked.chips(),
            "shows": _shows(asked),
            "groups": [(f"{GROUPS[group]}: {shown.n(group):,}", group, found[group]) for group in groups if found[group]],
            "page": listing,
            "is_away": asked.show in ("", KNOWN),
            "total": len(rows),
            "before_url": asked.url(day=_weekday(day, -1).isoformat()),
            "after_url": asked.url(day=_after(day, asked.today)) if day < asked.today else "",
            "can_export": asked.of.is_staff,
            "export_query": asked.url().removeprefix(reverse("attendance:today")),
            "can_type": person.can(Permission.ATTENDANCE_WRITE, person.authority_code),
        },
    )  # fmt: skip


def _weekday(day: date, step: int) -> date:
    day += step * ONE_DAY
    while day.weekday() > 4:
        day += step * ONE_DAY
    return day


def _after(day: date, today: date) -> str:
    after = _weekday(day, 1)
    return "" if after >= today else after.isoformat()


def _not_in(shown: Day) -> str:
    if not (n := shown.n(UNKNOWN)):
        return ""
    return f"{plural(n, 'child', 'children')} with no mark yet, from {plural(shown.schools_not_in, 'school')}"


def _of_whom(asked: Asked) -> str:
    n = asked.shown.total
    who = "child in care" if n == 1 else "children in care"
    return f"{'All ' if n > 1 and not asked.chips() else ''}{n:,} {who} {'of the authority' if asked.of.is_staff else 'you work with'}, one bar to scale"


def _shows(asked: Asked) -> list[Link]:
    links = []
    for show, groups in SHOWN.items():
        n = asked.shown.n(*groups)
        if n or show == asked.show:
            label = "Needs somebody" if not show else GROUPS[groups[0]]
            links.append(Link(f"{label} ({n:,})", asked.url(show=show), show == asked.show))
    return links


COLUMNS = ("Child", "Identifier", "Year", "School", "URN", "How it stands", "Morning", "Afternoon", "What is known",
           "Also", "Adviser", "Who", "Does what")  # fmt: skip


@require_GET
@requires(Permission.CHILD_READ)
def download(request: HttpRequest) -> HttpResponse:
    """The list as filtered, for those who see the whole authority; that it was taken is recorded."""
    person: Person = request.person  # type: ignore[attr-defined]
    asked = Asked(request.GET, whose(person, timezone.localdate()), timezone.localdate())
    rows = []
    if asked.of.is_staff:
        groups = SHOWN[asked.show]
        wanted = [(group, row) for group in groups for row in asked.shown.groups[group]]
        found = listed(asked.of, wanted, asked.day, asked.today)
        ids = dict(asked.of.children().filter(id__in=[row.child for _, row in wanted]).values_list("id", "local_id"))
        for group in groups:
            for one in found[group]:
                row = one.row
                owner, what = (one.doing[0].owner, one.doing[0].what) if one.doing else ("", "")
                rows.append(
                    [row.name, ids[row.child], year_of(row.born, asked.day), row.school,
                     row.urn or "", GROUPS[group], row.am, row.pm, one.known, one.small, one.adviser, owner, what]
                )  # fmt: skip
    record(
        "attendance.exported", by=person.user.pk, role=person.role, authority=person.authority_code, rows=len(rows),
        day=asked.day.isoformat(),
    )  # fmt: skip
    return as_file(
        request.GET.get("form", ""), f"attendance-{asked.day.isoformat()}", Sheet("Attendance", COLUMNS, rows)
    )
