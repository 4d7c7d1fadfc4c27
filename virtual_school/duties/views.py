"""The register of duties: what the law and the guidance ask, and how this service covers it."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from virtual_school.access.person import Person, requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.models import PolicyVersion
from virtual_school.authorities.policy_words import FIELDS
from virtual_school.authorities.queries import policy_of
from virtual_school.design.components import Chip, SummaryRow
from virtual_school.design.dates import in_full
from virtual_school.design.widgets import TextInput
from virtual_school.law.obligation import RULES
from virtual_school.law.register import COVERAGE_WORDS, STRENGTH_WORDS, Duty, Register, Source, register

from . import rules  # noqa: F401  (fills RULES)
from .standing import Standing, standing_by_duty

MARKS = {
    "uncertain": "Not verified in the text",
    "policy": "Left to council policy",
    "not_in_force": "Not yet in force",
}
NO_COUNTS = Standing()


class RegisterForm(forms.Form):
    """A GET form: words of the law are no secret."""

    marks_optional = False
    q = forms.CharField(label="Words", max_length=100, required=False, widget=TextInput(width=20))
    area = forms.ChoiceField(label="Area", required=False)
    strength = forms.ChoiceField(
        label="Strength", required=False, choices=[("", "Every strength"), *STRENGTH_WORDS.items()]
    )
    coverage = forms.ChoiceField(
        label="How covered", required=False, choices=[("", "Covered in any way"), *COVERAGE_WORDS.items()]
    )
    mark = forms.ChoiceField(label="Marked", required=False, choices=[("", "Marked or not"), *MARKS.items()])

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = [("", "Every area"), *((area, area) for area in areas)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A duty as a row shows it."""

    duty: Duty
    standing: Standing
    due_url: str


def due_url(person: Person, duty_id: str) -> str:
    """The list of children a duty stands open for, for whoever reads children. It belongs to an app above this one."""
    if not person.can(Permission.CHILD_READ):
        return ""
    try:
        return f"{reverse('caseload:due')}?{urlencode({'duty': duty_id})}"
    except NoReverseMatch:
        return ""


def _chosen(held: Register, given: dict[str, str]) -> list[Duty]:
    duties = held.search(given["q"]) if given.get("q") else tuple(held.duties.values())
    mark = given.get("mark")
    return [
        duty
        for duty in duties
        if given.get("area") in ("", None, duty.area)
        and given.get("strength") in ("", None, duty.strength)
        and given.get("coverage") in ("", None, duty.coverage)
        and (mark != "uncertain" or duty.uncertain)
        and (mark != "policy" or duty.policy)
        and (mark != "not_in_force" or duty.not_yet_in_force)
    ]


@require_GET
@requires(Permission.REGISTER_READ)
def duty_register(request: HttpRequest) -> HttpResponse:
    person: Person = request.person  # type: ignore[attr-defined]
    held = register()
    form = RegisterForm(request.GET, areas=list(held.areas()))
    form.is_valid()
    given = form.cleaned_data
    duties = _chosen(held, given)
    standing = standing_by_duty(person, timezone.localdate())
    base = due_url(person, "")
    areas: dict[str, list[Entry]] = {}
    for duty in duties:
        link = f"{base}{duty.id}" if base else ""
        areas.setdefault(duty.area, []).append(Entry(duty, standing.get(duty.id, NO_COUNTS), link))
    context = {
        "register": held,
        "filters": form,
        "areas": areas,
        "count": len(duties),
        "all_count": len(held.duties),
        "by_rule": sum(duty.coverage == "rule" for duty in held.duties.values()),
        "uncertain": sum(duty.uncertain for duty in held.duties.values()),
        "chips": _chips(request, given),
    }
    return render(request, "duties/register.html", context)


def _chips(request: HttpRequest, given: dict[str, str]) -> list[Chip]:
    words = {
        "q": f"Has “{given.get('q')}”",
        "area": given.get("area"),
        "strength": STRENGTH_WORDS.get(given.get("strength", "")),
        "coverage": COVERAGE_WORDS.get(given.get("coverage", "")),
        "mark": MARKS.get(given.get("mark", "")),
    }
    chips = []
    for name, text in words.items():
        if given.get(name):
            query = request.GET.copy()
            query.pop(name, None)
            chips.append(Chip(text or "", f"?{query.urlencode()}"))
    return chips


def sources_of(duty: Duty) -> list[Source]:
    """The documents a duty's citation names by their codes."""
    return [
        source
        for code, source in register().sources.items()
        if re.search(rf"(?<![\w]){re.escape(code)}(?![\w])", duty.citation_in_codes)
    ]


def in_force_words(duty: Duty, started_on: object = None) -> str:
    if duty.not_yet_in_force:
        if started_on:
            return f"From {started_on}, as the council has set"
        return "Not yet at last sight: council policy sets the day once it is fixed"
    since = f"since {in_full(duty.in_force_from)}" if duty.in_force_from else ""
    until = f"to {in_full(duty.in_force_to)}" if duty.in_force_to else ""
    words = f"{since} {until}".strip()  # not capitalize(): it would make the month small
    return words[:1].upper() + words[1:] or "Yes"


def worked_out_by(duty_id: str) -> str:
    """The module and function that work a duty out, as a developer finds them."""
    rule = RULES.get(duty_id)
    return f"{rule.__module__}.{rule.__name__}" if rule else ""


@require_GET
@requires(Permission.REGISTER_READ)
def one_duty(request: HttpRequest, duty_id: str) -> HttpResponse:
    duty = register().duties.get(duty_id)
    if duty is None:
        raise Http404
    person: Person = request.person  # type: ignore[attr-defined]
    on = timezone.localdate()
    version = PolicyVersion.objects.filter(authority=person.authority_code, starts__lte=on).first()
    policy = policy_of(version.choices if version else {})
    choices = [(words, words.in_words(getattr(policy, words.name))) for words in FIELDS if duty.id in words.duties]
    start = getattr(policy, duty.switch, None) if duty.switch else None
    rows = [
        ("Who must act", duty.who),
        ("What starts it", duty.trigger),
        ("By when", duty.deadline),
        ("What proves it", duty.evidence),
        ("Exceptions", duty.exceptions),
        ("In force", in_force_words(duty, in_full(start) if start else None)),
        ("Confidence", duty.confidence_words),
        ("How this service covers it", duty.coverage_words),
        ("Worked out by", worked_out_by(duty.id)),
    ]
    context = {
        "duty": duty,
        "rows": [SummaryRow(key, value) for key, value in rows if value],
        "sources": sources_of(duty),
        "choices": choices,
        "standing": standing_by_duty(person, on, duty.id).get(duty.id, NO_COUNTS),
        "is_counted": duty.coverage in ("rule", "appointment") and bool(worked_out_by(duty.id)),
        "due_url": due_url(person, duty.id),
        "position_on": register().position_on,
    }
    return render(request, "duties/duty.html", context)
