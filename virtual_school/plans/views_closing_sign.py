"""Signatures: one's own, what the young person and carer said, and those given on paper."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from virtual_school.access.models import Role
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.design.components import Column, Table
from virtual_school.design.dates import in_full
from virtual_school.design.forms import Radios

from . import signing
from .models import Signature
from .opened import OpenedPlan, plan_for
from .refused import Refused
from .views_closing import about, refuse_roles
from .workflow import ROLE_WORDS, VIRTUAL_SCHOOL

MAY_LOOK = (
    *VIRTUAL_SCHOOL, Role.DESIGNATED_TEACHER, Role.DELEGATE, Role.SOCIAL_WORKER, Role.PERSONAL_ADVISER, Role.CARER,
)  # fmt: skip


class SignForm(forms.Form):
    have_read = forms.BooleanField(
        label="I have read the whole plan as it stands now",
        error_messages={"required": "Read the plan, then tick that you have"},
    )


class SaysForm(forms.Form):
    whose = forms.ChoiceField(label="Who?", widget=Radios())
    says = forms.ChoiceField(label="What do they say of the plan?", choices=list(signing.SAYS.items()), widget=Radios())

    def __init__(self, opened: OpenedPlan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="s_%s", **kwargs)
        others = bool(signing.WRITE_DOWN & set(opened.roles))
        choices = [("young_person", opened.child.first_name), ("carer", "The carer")]
        self.fields["whose"].choices = [one for one in choices if others or one[0] in opened.roles]


class PaperForm(forms.Form):
    role = forms.ChoiceField(label="Whose signature?", widget=Radios())
    name = forms.CharField(label="Their name, as signed", max_length=200)

    def __init__(self, opened: OpenedPlan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="p_%s", **kwargs)
        signers = [role for role in opened.signers if role not in signing.AT_HOME]
        self.fields["role"].choices = [(role, ROLE_WORDS.get(role, role).capitalize()) for role in signers]


@requires(Permission.CHILD_READ)
def sign(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, MAY_LOOK)
    roles = set(opened.roles)
    do = request.POST.get("do", "")
    shown: dict[str, forms.Form] = {"sign": SignForm(request.POST if do == "sign" else None, auto_id="f_%s")}
    if signing.WRITE_DOWN & roles or Role.CARER in roles:
        shown["says"] = SaysForm(opened, request.POST if do == "says" else None)
    if set(VIRTUAL_SCHOOL) & roles:
        shown["paper"] = PaperForm(opened, request.POST if do == "paper" else None)
    sent = shown.get(do)
    if request.method == "POST" and sent is not None and sent.is_valid():
        try:
            told = _take(request, opened, do, sent)
        except Refused as why:
            sent.add_error(None, str(why))
        else:
            messages.success(request, told)
            return redirect("plans:sign", opened.plan.public_id)
    return render(request, "plans/closing/sign.html", _context(opened, shown, sent))


def _take(request: HttpRequest, opened: OpenedPlan, do: str, form: forms.Form) -> str:
    by = request.person.user  # type: ignore[attr-defined]
    if do == "sign":
        waiting = [role for role in signing.signs_as(opened) if role not in _signed(opened)]
        if not waiting:
            raise Refused("Your signature is not asked for here, or you have signed already.")
        for role in waiting:
            signing.sign(opened=opened, role=role, by=by)
        return "You have signed the plan."
    if do == "says":
        whose = form.cleaned_data["whose"]
        name = opened.child.name if whose == "young_person" else by.name if Role.CARER in opened.roles else "The carer"
        signing.record_says(opened=opened, name=name, by=by, **form.cleaned_data)
        return "What they say of the plan is written down."
    signing.sign_on_paper(opened=opened, by=by, **form.cleaned_data)
    return "The signature on paper is entered."


@requires(Permission.CHILD_READ)
def take_back(request: HttpRequest, public_id: object) -> HttpResponse:
    opened = plan_for(request, public_id)
    refuse_roles(opened, MAY_LOOK)
    if request.method == "POST":
        try:
            signing.withdraw_signature(
                opened=opened,
                role=request.POST.get("role", ""),
                why="",
                by=request.person.user,  # type: ignore[attr-defined]
            )
        except Refused as why:
            messages.error(request, str(why))
        else:
            messages.success(request, "Your signature is taken back.")
    return redirect("plans:sign", opened.plan.public_id)


def is_to_sign(opened: OpenedPlan) -> bool:
    """Whether this person's own signature is what the plan waits for."""
    if opened.plan.state not in signing.SIGNABLE:
        return False
    signed = _signed(opened)
    return any(role not in signed for role in signing.signs_as(opened)) and not signing.why_not_signed(opened)


def _signed(opened: OpenedPlan) -> set[str]:
    rows = Signature.objects.filter(plan=opened.plan, withdrawn_at__isnull=True)
    return set(rows.values_list("role", flat=True))


def _context(opened: OpenedPlan, shown: dict[str, forms.Form], sent: forms.Form | None) -> dict[str, Any]:
    rows = list(Signature.objects.filter(plan=opened.plan).order_by("-at"))
    stand = {row.role: row for row in rows if row.withdrawn_at is None}
    told = [_line(role, stand.get(role)) for role in opened.signers]
    told += [_line(role, row) for role, row in stand.items() if role not in opened.signers]
    gone = [row for row in rows if row.withdrawn_at is not None]
    own = opened.person.user.pk
    return {
        **about(opened),
        "form": sent,
        "table": Table(
            "Signatures", [Column("Who"), Column("Signed by"), Column("On"), Column("Version signed")], told
        ),
        "gone": gone,
        "waiting": [role for role in signing.signs_as(opened) if role not in stand],
        "mine": [row for row in stand.values() if row.person_id == own and row.role not in signing.AT_HOME],
        "why_not": signing.why_not_signed(opened),
        "forms": shown,
        "may_take_back": opened.plan.state in signing.SIGNABLE,
    }


def _line(role: str, row: Signature | None) -> list[str]:
    who = ROLE_WORDS.get(role, role).capitalize()
    if row is None:
        return [who, "Not yet", "–", "–"]
    name = f"{row.name}: {row.get_says_display().lower()}" if row.says else row.name
    return [who, name, in_full(timezone.localdate(row.at)), row.content_hash[:12]]
