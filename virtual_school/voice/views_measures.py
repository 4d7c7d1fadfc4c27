"""Measures of what adults did with what children said, for the virtual school's own team."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import RIGHTS, Permission
from virtual_school.authorities.models import Authority
from virtual_school.dates.terms import term_words

from .measures import FEWEST
from .measuring import cycles_of, measures_of


@requires(Permission.FIGURES_READ)
def measures(request: HttpRequest) -> HttpResponse:
    """A board member sees no child, and so nothing to count here."""
    person: Person = request.person  # type: ignore[attr-defined]
    if person.authority_code is None or not RIGHTS[person.role].sees_authority:
        raise PermissionDenied
    authority = Authority.objects.get(code=person.authority_code)
    cycles = cycles_of(authority)
    wanted = request.GET.get("term", "")
    cycle = wanted if wanted in cycles else cycles[0] if cycles else ""
    today = timezone.localdate()
    return render(
        request, "voice/measures.html",
        {"measures": measures_of(authority, cycle, today) if cycle else [], "today": today, "cycle": cycle,
         "term": term_words(cycle), "terms": [(key, term_words(key)) for key in cycles[:6]],
         "fewest": FEWEST},
    )  # fmt: skip
