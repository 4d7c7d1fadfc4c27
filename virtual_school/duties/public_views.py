"""Pages for everyone, signed in or not: help, accessibility, privacy, and whose data and code this is built on."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "duties/help.html")


@require_GET
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "duties/accessibility.html")


@require_GET
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "duties/privacy.html")


@require_GET
@login_not_required
def attributions(request: HttpRequest) -> HttpResponse:
    return render(request, "duties/attributions.html")
