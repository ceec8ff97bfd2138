"""The project's pages and, behind the same middleware, the floors they are held against."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessment.models import Response


@require_safe
@login_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@require_POST
@login_required
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Write one row, the one that a save of the same response locks."""
    changed = Response.objects.filter(pk=pk).update(opened_at=timezone.now())
    return HttpResponse(str(changed))


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/update/<int:pk>/", update),
    path("", include("assessment.urls")),
]
