"""What every page's frame shows: whose service it is, who is here and as what, and where they can go."""

from dataclasses import replace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch

from virtual_school.design.addresses import address
from virtual_school.design.components import Link

from .colours import is_usable
from .models import Role
from .person import Person
from .roles import RIGHTS, Permission

SERVICE_NAME = "Virtual School"
TODAY = ("Today", "caseload:today")
ATTENDANCE = ("Attendance", "attendance:today")
VIRTUAL_SCHOOL = (
    TODAY,
    ("Children", "caseload:children"),
    ("Schools", "schools:list"),
    ("Plans", "plans:list"),
    ATTENDANCE,
)
AROUND = (TODAY, ("My children", "caseload:children"), ("Plans", "plans:list"), ATTENDANCE)
AT_SCHOOL = (
    TODAY,
    ("My pupils", "caseload:children"),
    ("Plans", "plans:list"),
    ATTENDANCE,
    ("My school", "schools:my_school"),
)
MAIN: dict[str, tuple[tuple[str, str], ...]] = {
    Role.VIRTUAL_SCHOOL_HEAD: VIRTUAL_SCHOOL,
    Role.ADVISER: VIRTUAL_SCHOOL,
    Role.DATA_OFFICER: VIRTUAL_SCHOOL,
    Role.NOMINATED_OFFICER: VIRTUAL_SCHOOL,
    Role.INSPECTOR: VIRTUAL_SCHOOL,
    Role.ADMINISTRATOR: (("People and roles", "access:people"), ("Schools", "schools:list")),
    Role.DESIGNATED_TEACHER: AT_SCHOOL,
    Role.DELEGATE: AT_SCHOOL,
    Role.SOCIAL_WORKER: AROUND,
    Role.SOCIAL_WORK_MANAGER: AROUND,
    Role.REVIEWING_OFFICER: AROUND,
    Role.PERSONAL_ADVISER: AROUND,
    Role.CARER: (TODAY, ("My child", "caseload:children"), ("Plan", "plans:list")),
    Role.YOUNG_PERSON: (("Me", "caseload:today"), ("My plan", "plans:my_plan")),
    Role.BOARD_MEMBER: (TODAY, ("Measures of plans", "quality:measures")),
}
MORE = (
    ("Measures of plans", "quality:measures", Permission.FIGURES_READ),
    ("Actions agreed", "plans:actions", Permission.CHILD_READ),
    ("Promises to children", "voice:promises", Permission.CHILD_READ),
    ("Worries to read", "voice:alerts", Permission.POLICY_WRITE),
    ("What children are asked", "voice:sets", Permission.POLICY_WRITE),
    ("Registers", "attendance:registers", Permission.ATTENDANCE_WRITE),
    ("Register of duties", "duties:register", Permission.REGISTER_READ),
    ("Import", "exchange:imports", Permission.IMPORT_RUN),
)
QUALITY_AT_SCHOOL = ("How our plans are judged", "quality:own", Permission.CHILD_READ)
OF_THE_AUTHORITY = (
    ("Quality of plans", "quality:queue", Permission.CHILD_READ),
    ("Measures of children’s voice", "voice:measures", Permission.CHILD_READ),
    ("Appointments", "duties:appointments", Permission.APPOINTMENT_READ),
    ("Policy", "duties:policy", Permission.APPOINTMENT_READ),
    ("Term dates", "duties:term_dates", Permission.APPOINTMENT_READ),
    ("Forms of plans", "plans:templates", Permission.APPOINTMENT_READ),
    ("Policy for plans", "plans:policy", Permission.APPOINTMENT_READ),
    ("Policy for children’s voice", "voice:policy", Permission.APPOINTMENT_READ),
    ("People and roles", "access:people", Permission.PEOPLE_READ),
    ("Systems that send marks", "exchange:tokens", Permission.PEOPLE_WRITE),
    ("What was done", "caseload:done", Permission.AUDIT_READ),
)
"""Of no use to those around a child, who may be of another authority or of none."""
FOOTER = (
    ("Help", "duties:help"),
    ("Accessibility statement", "duties:accessibility"),
    ("Privacy", "duties:privacy"),
    ("Attributions", "duties:attributions"),
)
SEARCH = "caseload:search"


def link(label: str, name: str, here: str) -> Link | None:
    """None for a page that this service does not have."""
    try:
        url = address(name)
    except NoReverseMatch:
        return None
    return Link(label, url, url == here or (url != "/" and here.startswith(url)))


def school_name(urn: int) -> str:
    """The schools app stands above this one, so its model is asked for by name."""
    found = apps.get_model("schools", "School").objects.filter(urn=urn).values_list("name", flat=True).first()
    return found or f"School {urn}"


def whose(person: Person) -> str:
    chosen = person.chosen
    if chosen is None:
        return SERVICE_NAME
    return school_name(chosen.urn) if chosen.urn else str(chosen.authority)


def _colours_url(colour: str) -> str:
    return address("access:colours", colour[1:].lower()) if is_usable(colour) else ""


def _links(entries: Any, here: str) -> list[Link]:
    return [found for label, name in entries if (found := link(label, name, here))]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `frame` as design/page.html takes it."""
    here = request.path
    person: Person | None = getattr(request, "person", None)
    shown: dict[str, Any] = {
        "service_name": SERVICE_NAME,
        "council": SERVICE_NAME,
        "is_demo": settings.DEMO,
        "sign_out_url": address("account_logout"),
        "footer": _links(FOOTER, here),
    }
    if person is None:
        return {"frame": shown}
    role, chosen = person.role, person.chosen
    if person.needs_second_factor and not person.is_second_factor_given:
        role = ""  # no page is open yet but that of the second step
    nav = _links(MAIN.get(role, ()), here)
    more = [(label, name) for label, name, needed in _more(role) if needed in RIGHTS[role].permissions]
    search = link("Search", SEARCH, here)
    # Who sees more than a handful of children looks for one; others have them all on their first page.
    can_search = bool(search and role and (RIGHTS[role].sees_authority or role in _WITH_MANY))
    authority = chosen.authority if chosen and not chosen.urn else None
    shown |= {
        "council": whose(person),
        "person": person.user.name,
        "role": chosen.get_role_display() if chosen else "",
        **_one_current(nav, _links(more, here)),
        "can_search": can_search,
        "search_url": search.url if search else "",
        "colours_url": _colours_url(authority.colour) if authority else "",
        "switch_url": address("access:roles") if len(person.memberships) > 1 else "",
        "account_url": address("access:account"),
    }
    shown["footer"] = [*shown["footer"], Link("Your account", shown["account_url"])]
    return {"frame": shown}


def _one_current(nav: list[Link], more: list[Link]) -> dict[str, list[Link]]:
    """Of links within one another, as /plans/ and /plans/policy/, only the nearest is where one is."""
    nearest = max((len(one.url) for one in (*nav, *more) if one.current), default=0)

    def marked(links: list[Link]) -> list[Link]:
        return [replace(one, current=one.current and len(one.url) == nearest) for one in links]

    listed = {one.url for one in nav}
    return {"nav": marked(nav), "more": marked([one for one in more if one.url not in listed])}


def _more(role: str) -> tuple[tuple[str, str, Permission], ...]:
    if not role:
        return ()
    works_for_it = RIGHTS[role].sees_authority or role in {Role.ADMINISTRATOR, Role.BOARD_MEMBER}
    if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE}:
        return (QUALITY_AT_SCHOOL, *MORE)
    return MORE + OF_THE_AUTHORITY if works_for_it else MORE


_WITH_MANY = {Role.SOCIAL_WORK_MANAGER, Role.REVIEWING_OFFICER}
