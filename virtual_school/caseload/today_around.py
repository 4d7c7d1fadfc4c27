"""Today for those with children of their own to see to: advisers, and everyone around a child."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.children.models import Child
from virtual_school.children.queries import involved
from virtual_school.design.addresses import address_of
from virtual_school.design.components import DutyRow
from virtual_school.duties.models import RollEntry, StandingObligation
from virtual_school.duties.queries import pressing
from virtual_school.plans.asks import Ask, asks_of

from . import words
from .asks import Days, days_of, people_around, row_of, strength_of, with_children
from .freshness import keep_fresh
from .scope import Scope, authorities_of, scope_of
from .today_head import due_url

SOON_SCHOOL_DAYS = 10
SHOWN = 30
CARDS_OF_OTHERS = 12
ROWS_A_CHILD = 4


@dataclass(frozen=True, slots=True)
class ChildBox:
    name: str
    url: str
    about: str
    rows: list[DutyRow]
    hidden: int


@dataclass(frozen=True, slots=True)
class Card:
    """One child: whose, what is asked, by when. `is_mine` when it is asked of the reader."""

    name: str
    url: str
    year: str
    authority: str
    colour: str
    """Of the authority: somebody with children of several tells them apart."""

    ask: str
    state: str
    due: str
    strength: str
    is_mine: bool
    others: int
    button: str
    record_url: str = ""
    """Where `url` leads elsewhere."""
    minutes: int = 0


def adviser(request: HttpRequest) -> HttpResponse:
    day = timezone.localdate()
    scope = scope_of(request.person, day)
    [authority] = authorities_of(scope, request.person)
    mine = list(
        involved(request.person.user.pk, day)
        .filter(authority=authority, role=Role.ADVISER)
        .values_list("child_id", flat=True)
    )
    rows = with_children(pressing(scope.obligations(day).filter(child__in=mine), day)).order_by("due_on", "id")
    by_child: dict[int, list[StandingObligation]] = {}
    for row in rows:
        by_child.setdefault(row.child_id, []).append(row)
    shown = list(by_child.values())[:SHOWN]
    names = people_around(scope.authorities, [found[0].child_id for found in shown], day)
    days = days_of([authority], day)
    looked_after = RollEntry.objects.filter(child__in=mine, cohort="looked_after").count()
    return render(
        request,
        "caseload/today_adviser.html",
        {
            "authority": authority,
            "day_line": words.term_words(day, days.school[authority.code]),
            "notes": keep_fresh([authority], day),
            "to_check": asks_of(request.person, day),
            "boxes": [_child_box(found, names, days) for found in shown],
            "in_need": len(by_child),
            "heading": _adviser_heading(len(by_child), len(mine)),
            "mine": len(mine),
            "looked_after": looked_after,
            "hidden": max(len(by_child) - SHOWN, 0),
            "all_due_url": due_url(adviser=str(request.person.user.pk)),
            "my_children_url": f"{reverse('caseload:children')}?adviser={request.person.user.pk}",
            "has_children": bool(mine) or Child.objects.filter(authority=authority).exists(),
        },
    )


def _adviser_heading(in_need: int, mine: int) -> str:
    if not mine:
        return "No child has you as adviser yet"
    if not in_need:
        return "Nothing is overdue or due soon for your children"
    verb = "needs" if in_need == 1 else "need"
    return f"{words.capital(words.in_letters(in_need, 'child', 'children'))} of your {mine:,} {verb} something"


def _child_box(found: list[StandingObligation], names: dict[tuple[int, str], str], days: Days) -> ChildBox:
    first = found[0]
    named = row_of(first, names, days)
    rows = [row_of(row, names, days, by_duty=True) for row in found[:ROWS_A_CHILD]]
    return ChildBox(named.name, named.url, named.about, rows, max(len(found) - ROWS_A_CHILD, 0))


def around(request: HttpRequest) -> HttpResponse:
    """One card a child that somebody must do something for: what is asked of the reader first."""
    day = timezone.localdate()
    scope = scope_of(request.person, day)
    authorities = authorities_of(scope, request.person)
    days = days_of(authorities, day)
    asks = {ask.child.pk: ask for ask in reversed(asks_of(request.person, day))}
    cards, quiet = _cards(scope, day, days, asks)
    mine = [card for card in cards if card.is_mine]
    others = [card for card in cards if not card.is_mine]
    calendar = days.school[authorities[0].code] if authorities else None
    return render(
        request,
        "caseload/today_around.html",
        {
            "heading": _heading(scope, len(mine), len(cards) + len(quiet), sum(card.minutes for card in mine)),
            "day_line": words.term_words(day, calendar) if calendar else f"{day:%A} {words.in_full(day)}",
            "mine": mine,
            "others": others[:CARDS_OF_OTHERS],
            "later": others[CARDS_OF_OTHERS:],
            "quiet": quiet,
            "many": _many(scope.role),
            "one": _one(scope.role),
            "has_children": bool(scope.child_ids),
            "notes": keep_fresh(authorities, day),
            "is_at_school": scope.role in {Role.DESIGNATED_TEACHER, Role.DELEGATE},
        },
    )


def _cards(scope: Scope, day: date, days: Days, asks: dict[int, Ask]) -> tuple[list[Card], list[Card]]:
    """A plan to write comes before what a duty asks: it is how the duty is met."""
    children = list(scope.children().select_related("authority", "on_roll").order_by("surname", "forename"))
    rows = with_children(scope.obligations(day).filter(state="open", due_on__isnull=False))
    by_child: dict[int, list[StandingObligation]] = {}
    for row in rows.order_by("due_on", "id"):
        by_child.setdefault(row.child_id, []).append(row)
    asked, quiet = [], []
    for child in children:
        found = by_child.get(child.pk, [])
        mine = [row for row in found if row.who == scope.role and child.pk not in scope.helped]
        if ask := asks.get(child.pk):
            asked.append(((False, ask.due_on or date.max), _plan_card(child, ask, len(mine), days)))
        elif found:
            asked.append(((not mine, (mine or found)[0].due_on), _card(child, mine, found, days)))
        else:
            quiet.append(_card(child, [], [], days))
    asked.sort(key=lambda pair: pair[0])
    return [card for _, card in asked], quiet


def _plan_card(child: Child, ask: Ask, others: int, days: Days) -> Card:
    entry = getattr(child, "on_roll", None)
    left = ""
    if ask.days_left is not None:
        counted = words.plural(abs(ask.days_left), "school day")
        left = f"{counted} late" if ask.days_left < 0 else "today" if not ask.days_left else f"in {counted}"
    due = words.day_words(ask.due_on, days.today) if ask.due_on else ""
    soon = ask.days_left is not None and ask.days_left <= SOON_SCHOOL_DAYS
    return Card(
        name=child.name,
        url=ask.url,
        year=words.year_words(entry.year_group) if entry and entry.year_group is not None else "",
        authority=ask.authority_name,
        colour=child.authority.colour,
        ask=ask.what,
        state="overdue" if ask.days_left is not None and ask.days_left < 0 else "due_soon" if soon else "upcoming",
        due=f"{due}, {left}" if left and due else due,
        strength="local",
        is_mine=True,
        others=others,
        button=ask.button,
        record_url=address_of("caseload:child", child.public_id),
        minutes=ask.minutes,
    )


def _card(child: Child, mine: list[StandingObligation], found: list[StandingObligation], days: Days) -> Card:
    entry = getattr(child, "on_roll", None)
    first = (mine or found or [None])[0]
    common = {
        "name": child.name,
        "url": address_of("caseload:child", child.public_id),
        "year": words.year_words(entry.year_group) if entry and entry.year_group is not None else "",
        "authority": str(child.authority),
        "colour": child.authority.colour,
        "button": f"Open {child.first_name}’s record",
    }
    if first is None:
        return Card(ask="", state="", due="", strength="", is_mine=False, others=0, **common)
    act = words.capital(first.act) if mine else words.sentence("", first.who, first.act)
    left = days.words(first)
    due = words.day_words(first.due_on, days.today)
    return Card(
        ask=act,
        state=first.standing,
        due=f"{due}, {left}" if left else due,
        strength=strength_of(first.duty, first.is_local),
        is_mine=bool(mine),
        others=max(len(mine or found) - 1, 0),
        **common,
    )


def _many(role: str) -> str:
    return "pupils" if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE} else "children"


def _one(role: str) -> str:
    return "pupil" if role in {Role.DESIGNATED_TEACHER, Role.DELEGATE} else "child"


def _heading(scope: Scope, asked: int, children: int, minutes: int = 0) -> str:
    one, many = _one(scope.role), _many(scope.role)
    if not children:
        return f"No {many} yet"
    counted = words.capital(words.in_letters(children, one, many))
    if not asked:
        return f"{counted}, nothing to do"
    time = ""
    if minutes:
        time = f": about {minutes} minutes" if minutes <= 90 else f": about {round(minutes / 60)} hours"
    return f"{counted}, {words.in_letters(asked, 'thing')} to do{time}"


def young_person(request: HttpRequest) -> HttpResponse:
    """What people must do for the reader, in plain words. Only their own."""
    day = timezone.localdate()
    scope = scope_of(request.person, day)
    child = scope.children().select_related("authority").first()
    rows = scope.obligations(day).filter(state="open", due_on__isnull=False)
    told = [
        (words.sentence("", row.who, row.act).replace(" to ", " must ", 1), words.day_words(row.due_on, day))
        for row in with_children(rows).order_by("due_on", "id")
    ]
    return render(request, "caseload/today_young_person.html", {"child": child, "told": told})
