"""Is it alive, is it ready: for whoever watches the service. Nothing here tells of a child."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """Whether pages can be served, and whether a worker has been seen within the last two minutes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from procrastinate_workers where last_heartbeat > now() - interval '2 minutes')", []
        )
        has_worker = cursor.fetchone()[0]
    return JsonResponse({"database": "up", "worker": "up" if has_worker else "not seen"})
