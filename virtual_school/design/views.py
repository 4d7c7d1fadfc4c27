from types import SimpleNamespace

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from virtual_school.design import examples
from virtual_school.design.components import Link


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component, field and picture with invented values, for those who build and check pages."""
    page = Paginator(range(1, 201), 20).get_page(request.GET.get("page"))
    return render(
        request,
        "design/gallery.html",
        {
            "frame": _frame(),
            "page": page,
            "empty_form": examples.ExampleForm(),
            "wrong_form": examples.wrong_form(),
            **examples.components(),
            **examples.pictures(),
        },
    )


def _frame() -> SimpleNamespace:
    names = ("Today", "Children", "Schools", "Plans", "Attendance", "Support", "Reports")
    return SimpleNamespace(
        council="Calderwick Council",
        service_name="Virtual School",
        person="Helen Marsden",
        role="Virtual school head",
        nav=[Link(name, "#", name == "Children") for name in names],
        more=[Link(name, "#") for name in ("Money", "Training", "Pathways", "Moves", "Import", "Settings")],
        can_search=True,
        authority_class="",
        is_demo=True,
        switch_url="#",
    )
