"""What a target costs, line by line."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission

from .advice import advise_cost
from .forms_targets import CostForm, initial_of_cost
from .models import CostLine, Target
from .opened import OpenedPlan
from .refused import Refused
from .targets import columns, draft_of, remove_cost, save_cost, seen_by
from .views_targets import base, the_target, to_write


def _opened(request: HttpRequest, public_id: object, target_id: object) -> tuple[OpenedPlan, Target]:
    opened = to_write(request, public_id)
    if not seen_by(opened).money:
        raise PermissionDenied
    return opened, the_target(opened, target_id)


@requires(Permission.CHILD_READ)
def add(request: HttpRequest, public_id: object, target_id: object) -> HttpResponse:
    opened, target = _opened(request, public_id, target_id)
    return _page(request, opened, target, None)


@requires(Permission.CHILD_READ)
def change(request: HttpRequest, public_id: object, target_id: object, pk: int) -> HttpResponse:
    opened, target = _opened(request, public_id, target_id)
    return _page(request, opened, target, get_object_or_404(CostLine, pk=pk, plan=opened.plan, target=target))


def _page(request: HttpRequest, opened: OpenedPlan, target: Target, line: CostLine | None) -> HttpResponse:
    initial = initial_of_cost(line) if line else {"fund": "pupil_premium_plus"}
    form = CostForm(columns(opened), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_cost(opened=opened, target=target, cost=form.cost, by=request.person.user, line=line)  # type: ignore[attr-defined]
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The cost is saved.")
            return redirect(base(request, opened)["list_url"])
    draft = draft_of(target, [line] if line else ())
    advice = [one for cost in draft.cost_lines for one in advise_cost(cost, draft)]
    context = {**base(request, opened), "form": form, "target": target, "line": line, "advice": advice}
    return render(request, "plans/targets/cost.html", context)


@require_POST
@requires(Permission.CHILD_READ)
def remove(request: HttpRequest, public_id: object, target_id: object, pk: int) -> HttpResponse:
    opened, target = _opened(request, public_id, target_id)
    line = get_object_or_404(CostLine, pk=pk, plan=opened.plan, target=target)
    try:
        remove_cost(opened=opened, line=line, by=request.person.user)  # type: ignore[attr-defined]
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "The cost is taken out.")
    return redirect(base(request, opened)["list_url"])
