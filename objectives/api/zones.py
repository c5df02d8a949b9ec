"""Zones over REST: the places of the storefront that ask, read and set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.pagination import CursorPages
from catalog.api.problems import Problem
from catalog.api.schema import CONFLICT, IDEMPOTENCY_KEY
from catalog.api.store_view import StoreRequest, StoreView
from objectives.api.shapes import ZoneChangeShape, ZoneShape
from objectives.models import Zone
from objectives.zones import ZoneRefusedError, change_zone, create_zone, read_zone, remove_zone, tell_zone

LARGEST_BODY = 16 * 1024


class ZonePages(CursorPages):
    """By identifier, which never changes."""

    ordering = "slug"


class ZonesView(StoreView):
    """The store's zones."""

    pagination_class = ZonePages
    largest_body = LARGEST_BODY

    @extend_schema(operation_id="zones_list", tags=["objectives"], responses=ZoneShape(many=True))
    def get(self, request: StoreRequest) -> Response:
        """The store's zones, by identifier."""
        pages = ZonePages()
        page: list[Zone] = pages.paginate_queryset(Zone.objects.of(request.store), request, view=self) or []
        return pages.get_paginated_response([tell_zone(zone) for zone in page])

    @extend_schema(
        operation_id="zone_create",
        tags=["objectives"],
        request=ZoneShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(201, "application/json"): ZoneShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest) -> Response:
        """Set up a zone; the storefront can ask for it within a second."""
        document = read_zone(object_in(request.data), store=request.store)
        with _refusals():
            zone = create_zone(store=request.store, document=document)
        return Response(tell_zone(zone), status=201)


class ZoneView(StoreView):
    """One zone."""

    largest_body = LARGEST_BODY

    @extend_schema(operation_id="zone_read", tags=["objectives"], responses=ZoneShape)
    def get(self, request: StoreRequest, slug: str) -> Response:
        """One zone."""
        return Response(tell_zone(_zone(request, slug)))

    @extend_schema(
        operation_id="zone_update",
        tags=["objectives"],
        request=ZoneChangeShape,
        parameters=[IDEMPOTENCY_KEY],
        responses=ZoneShape,
    )
    @idempotent
    def patch(self, request: StoreRequest, slug: str) -> Response:
        """Change what the body names; it governs answers within a second."""
        return Response(tell_zone(change_zone(zone=_zone(request, slug), members=object_in(request.data))))

    @extend_schema(
        operation_id="zone_delete",
        tags=["objectives"],
        parameters=[IDEMPOTENCY_KEY],
        responses={(204, "application/json"): None, **CONFLICT},
    )
    @idempotent
    def delete(self, request: StoreRequest, slug: str) -> Response:
        """Take a zone away that no campaign and no rule names; what is for it alone would hold everywhere."""
        with _refusals():
            remove_zone(zone=_zone(request, slug))
        return Response(status=204)


def _zone(request: StoreRequest, slug: str) -> Zone:
    return get_object_or_404(Zone.objects.of(request.store), slug=slug)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except ZoneRefusedError as refused:
        raise Problem(409, refused.reason) from None
