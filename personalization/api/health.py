"""Is this process alive, can it answer, and what does it count: for balancers and for Prometheus."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from personalization.metrics import exposition
from personalization.models import Generation
from personalization.scene import can_answer_alone


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process runs."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The process can answer: with its database, or for a while (“degraded”) from what it last knew.

    The broker is not asked: no answer needs it.
    """
    try:
        memories = _live_memories()
    except (DatabaseError, InterfaceError):
        connection.close_if_unusable_or_obsolete()
        return _without_database()
    return JsonResponse({"status": "ready", "database": "ok", "live_memories": memories})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What is counted, in Prometheus' text format; with METRICS_TOKEN set, only for its bearer."""
    token = settings.METRICS_TOKEN
    if token and not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _live_memories() -> int:
    return Generation.objects.live().count()


def _without_database() -> JsonResponse:
    if can_answer_alone():
        return JsonResponse({"status": "degraded", "database": "away"})
    return JsonResponse({"status": "unavailable", "database": "away"}, status=503)
