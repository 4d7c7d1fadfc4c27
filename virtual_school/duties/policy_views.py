"""Council policy: what counts, since when, and changing it. And how the council appears."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virtual_school.access.colours import validate_colour
from virtual_school.access.person import requires
from virtual_school.access.roles import Permission
from virtual_school.authorities.forms import PolicyForm
from virtual_school.authorities.models import PolicyVersion
from virtual_school.authorities.policy import changes_between, history, set_appearance, set_policy
from virtual_school.authorities.policy import withdraw_policy as withdraw
from virtual_school.authorities.policy_words import FIELDS
from virtual_school.authorities.queries import policy_of, policy_on
from virtual_school.authorities.refreshing import work_out_again
from virtual_school.design.dates import in_full
from virtual_school.design.widgets import TextInput
from virtual_school.schools.undo import offer, offered, taken

from .whose import authority_of, may

EARLIEST_DAYS = 366
"""How far back a change may start: a typing error of a century would rewrite every deadline."""


class AppearanceForm(forms.Form):
    colour = forms.CharField(
        label="Colour of the council",
        max_length=7,
        validators=[validate_colour],
        help_text="# and six digits or letters a to f, like #0d4a52. White text must be readable on it.",
        widget=TextInput({"spellcheck": "false", "autocomplete": "off"}, width=10),
    )
    label_for_children = forms.ChoiceField(
        label="What are the children called?",
        choices=[("children in care", "Children in care"), ("looked-after children", "Looked-after children")],
        help_text="Many children dislike other words. In the law they are looked-after children.",
        widget=forms.RadioSelect,
    )


@require_GET
@requires(Permission.REGISTER_READ)
def policy(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.REGISTER_READ)
    on = timezone.localdate()
    now = policy_on(authority, on)
    sections: dict[str, list[dict[str, object]]] = {}
    for words in FIELDS:
        value = getattr(now, words.name)
        sections.setdefault(words.section, []).append(
            {
                "words": words,
                "value": words.in_words(value),
                "default": words.in_words(words.default),
                "is_own": value != words.default,
            }
        )
    versions = history(authority)
    in_force = next((version.pk for version, _ in versions if version.starts <= on), None)
    context = {
        "authority": authority,
        "sections": sections,
        "versions": versions,
        "in_force": in_force,
        "today": on,
        "may_write": may(request, Permission.POLICY_WRITE, authority),
        "undo": offered(request),
    }
    return render(request, "duties/policy.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def change_policy(request: HttpRequest) -> HttpResponse:
    """Shows what would change before anything does; the button on that page saves."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    on = timezone.localdate()
    now = policy_on(authority, on)
    form = PolicyForm(request.POST or None, now=now, initial={"starts": on})
    form.fields["starts"].earliest = on - timedelta(days=EARLIEST_DAYS)
    changes = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        starts = given["starts"]
        changes = changes_between(policy_on(authority, starts), policy_of(form.choices))
        if not changes:
            form.add_error(None, f"Nothing differs from the policy in force on {in_full(starts)}")
        elif "confirmed" in request.POST:
            replaced = PolicyVersion.objects.filter(authority=authority, starts=starts).values().first()
            version = set_policy(
                authority,
                starts=starts,
                choices=form.choices,
                why=given["why"],
                by_id=request.user.pk,
                by_name=request.user.name,
            )
            work_out_again(authority.code)
            before = {name: replaced[name] for name in ("choices", "why", "by_name")} if replaced else None
            many = "1 choice is" if len(changes) == 1 else f"{len(changes)} choices are"
            words = (
                f"{many} changed for {authority.name} from {in_full(starts)}. All duties are worked out again now, "
                "which takes about a minute for a large authority."
            )
            offer(request, words, "duties:undo_policy", version.pk, before=before)
            return redirect("duties:policy")
    context = {"form": form, "authority": authority, "changes": changes if not form.errors else None}
    return render(request, "duties/change_policy.html", context)


@require_POST
@requires(Permission.POLICY_WRITE)
def undo_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a change made a moment ago; the version it replaced stands again."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    version = get_object_or_404(PolicyVersion, authority=authority, pk=pk)
    before = taken(request)["before"]
    if before:
        set_policy(authority, starts=version.starts, by_id=request.user.pk, **before)
    else:
        withdraw(version, by_id=request.user.pk)
    return _taken_back(request, authority.code)


@require_POST
@requires(Permission.POLICY_WRITE)
def withdraw_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """A change whose day has not come. One in force is changed by a later one, so that its history stays."""
    authority = authority_of(request, Permission.POLICY_WRITE)
    version = get_object_or_404(PolicyVersion, authority=authority, pk=pk, starts__gt=timezone.localdate())
    withdraw(version, by_id=request.user.pk)
    return _taken_back(request, authority.code)


def _taken_back(request: HttpRequest, code: int) -> HttpResponse:
    work_out_again(code)
    messages.success(request, "The change of policy is taken back. All duties are worked out again now.")
    return redirect("duties:policy")


@require_http_methods(["GET", "POST"])
@requires(Permission.POLICY_WRITE)
def appearance(request: HttpRequest) -> HttpResponse:
    authority = authority_of(request, Permission.POLICY_WRITE)
    now = {"colour": authority.colour, "label_for_children": authority.label_for_children}
    form = AppearanceForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        set_appearance(authority, by_id=request.user.pk, **form.cleaned_data)
        messages.success(request, f"The colour and words of {authority.name} are saved. Everyone here sees them now.")
        return redirect("duties:policy")
    return render(request, "duties/appearance.html", {"form": form, "authority": authority})
