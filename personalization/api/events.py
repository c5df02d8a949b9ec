"""POST events: what visitors did, in batches; accepted means durable."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.bodies import BeaconParser, JsonParser
from catalog.api.permissions import HasKey
from catalog.api.problems import Mistake, invalid_body, invalid_content, mistakes_of
from catalog.api.store_view import StoreRequest, StoreView
from personalization.api.event_shapes import EventsShape, EventVerdictsShape
from personalization.ingest import Verdict, Verdicts, ingest

MOST_EVENTS = 500
LARGEST_BODY = 1024 * 1024
_IN_BATCH = "/events/0"


class EventsView(StoreView):
    """What visitors do."""

    permission_classes = (HasKey,)
    parser_classes = (JsonParser, BeaconParser)
    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="events_send",
        tags=["personalization"],
        request=EventsShape,
        responses={202: EventVerdictsShape},
    )
    def post(self, request: StoreRequest) -> Response:
        """Store a batch: the valid events durably, the others named one by one.

        Repeat a batch that was not answered: what was stored already is told as duplicate. A batch without one
        valid event is refused as a whole (422).
        """
        events, alone = _events_of(request.data)
        verdicts = ingest(store=request.store, events=events, now=timezone.now())
        if verdicts.rejected == len(events):
            raise invalid_content(_mistakes(verdicts, alone=alone))
        payload = {
            "stored": verdicts.stored,
            "duplicates": verdicts.duplicates,
            "rejected": verdicts.rejected,
            "verdicts": [_verdict(verdict) for verdict in verdicts.verdicts],
        }
        return Response(payload, status=202)


def _events_of(data: Any) -> tuple[list[Any], bool]:
    """The events of a body, and whether it was one event alone."""
    if isinstance(data, dict) and "events" not in data:
        return [data], True
    events = data.get("events") if isinstance(data, dict) else None
    if not isinstance(events, list):
        detail = _("Expected an object with a list of “events”, or one event.")
        raise invalid_body(detail, pointer="/events", code="type")
    if not 1 <= len(events) <= MOST_EVENTS:
        bounds = _("Expected 1 to %(most)d events.") % {"most": MOST_EVENTS}
        raise invalid_body(bounds, pointer="/events", code="length")
    return events, False


def _mistakes(verdicts: Verdicts, *, alone: bool) -> list[Mistake]:
    mistakes = [mistake for verdict in verdicts.verdicts for mistake in mistakes_of(verdict.errors)]
    if not alone:
        return mistakes
    return [
        Mistake(pointer=mistake.pointer.removeprefix(_IN_BATCH), code=mistake.code, detail=mistake.detail)
        for mistake in mistakes
    ]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "event_id": verdict.event_id,
        "status": verdict.status,
        "errors": mistakes_of(verdict.errors),
    }
