"""Places that are not on the register of schools: the number and the person one asks for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from virtual_school.access.person import requires
from virtual_school.access.roles import Permission

from .forms_calls import PlaceContactForm
from .models_calls import PlaceContact
from .places import keep_contact, place_or_404, site_url
from .school_filters import caller

LISTED = 30


@require_http_methods(["GET", "POST"])
@requires(Permission.ATTENDANCE_WRITE)
def contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    person, of = caller(request)
    place = place_or_404(of, public_id)
    before = list(PlaceContact.objects.filter(authority=place.authority_id, place=place.pk or 0)[:LISTED])
    initial = {"telephone": before[0].telephone, "contact": before[0].contact} if before else {}
    form = PlaceContactForm(request.POST or None, initial=initial, auto_id="f_%s")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        is_new = keep_contact(place, given["telephone"], given["contact"], by=person.user, role=person.role)
        messages.success(request, "The number and the contact are kept." if is_new else "Nothing was changed.")
        return redirect(site_url("call", place))
    return render(request, "attendance/place_contact.html", {"site": place, "form": form, "before": before})
