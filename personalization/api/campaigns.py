"""Campaigns over REST: listed, read, laid down, changed, and drafts deleted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.pagination import CursorPages
from catalog.api.schema import CONFLICT, IDEMPOTENCY_KEY
from catalog.api.store_view import StoreRequest, StoreView
from catalog.attributes import LARGEST_INTEGER
from catalog.structures import optional, read_document, whole
from objectives import lifecycle
from objectives.campaign_reading import read_campaign
from objectives.models import Campaign
from personalization.api import campaign_answers
from personalization.api.campaign_answers import (
    FILTERS,
    campaign_of,
    campaigns_asked_for,
    document_of,
    key_of,
    refusals,
    revision_of,
)
from personalization.api.campaign_shapes import (
    CampaignChangeShape,
    CampaignDocumentShape,
    CampaignHeadShape,
    CampaignShape,
    CampaignWriteShape,
)
from personalization.merchandising.rule import KNOWN_MARKERS

LARGEST_BODY = 1024 * 1024
_REVISION = {"revision": (optional(whole(0, LARGEST_INTEGER)), None)}


class CampaignPages(CursorPages):
    """In the order in which they were set up, which no change moves."""

    ordering = "pk"


class CampaignsView(StoreView):
    """The store's campaigns."""

    pagination_class = CampaignPages
    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="campaigns_list",
        tags=["objectives"],
        parameters=FILTERS,
        responses=CampaignHeadShape(many=True),
    )
    def get(self, request: StoreRequest) -> Response:
        """The store's campaigns, in the order in which they were set up."""
        now, pages = timezone.now(), CampaignPages()
        page: list[Campaign] = pages.paginate_queryset(campaigns_asked_for(request, now=now), request, view=self) or []
        return pages.get_paginated_response([campaign_answers.head(campaign, now=now) for campaign in page])

    @extend_schema(
        operation_id="campaign_create",
        tags=["objectives"],
        request=CampaignDocumentShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(201, "application/json"): CampaignShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest) -> Response:
        """Lay down a campaign as a draft, which governs nothing before it is started."""
        document = read_campaign(object_in(request.data), store=request.store, known_markers=KNOWN_MARKERS)
        with refusals():
            made = lifecycle.create(store=request.store, document=document, by=key_of(request), now=timezone.now())
        return Response(_told(request, made.pk), status=201)


class CampaignView(StoreView):
    """One campaign."""

    largest_body = LARGEST_BODY

    @extend_schema(operation_id="campaign_read", tags=["objectives"], responses=CampaignShape)
    def get(self, request: StoreRequest, campaign_id: int) -> Response:
        """What a campaign orders, where it stands, and the steps that it can take."""
        return Response(_told(request, campaign_id))

    @extend_schema(
        operation_id="campaign_replace",
        tags=["objectives"],
        request=CampaignWriteShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(200, "application/json"): CampaignShape, **CONFLICT},
    )
    @idempotent
    def put(self, request: StoreRequest, campaign_id: int) -> Response:
        """Lay down the whole of what the campaign orders; what is left out has its default again.

        It governs answers within a second. Where the store asks for two people, a change of a campaign in force waits
        in `proposed` until somebody has approved it.
        """
        campaign = campaign_of(request, campaign_id)
        seen, members = _seen(request)
        self._change(request, campaign, members, seen=seen)
        return Response(_told(request, campaign_id))

    @extend_schema(
        operation_id="campaign_update",
        tags=["objectives"],
        request=CampaignChangeShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(200, "application/json"): CampaignShape, **CONFLICT},
    )
    @idempotent
    def patch(self, request: StoreRequest, campaign_id: int) -> Response:
        """Change the members that the body names, of what the campaign is, or of the change of it that waits."""
        campaign = campaign_of(request, campaign_id)
        seen, members = _seen(request)
        merged = {**document_of(campaign), **members}
        self._change(request, campaign, merged, seen=revision_of(campaign) if seen is None else seen)
        return Response(_told(request, campaign_id))

    @extend_schema(
        operation_id="campaign_delete",
        tags=["objectives"],
        parameters=[IDEMPOTENCY_KEY],
        responses={(204, "application/json"): None, **CONFLICT},
    )
    @idempotent
    def delete(self, request: StoreRequest, campaign_id: int) -> Response:
        """Delete a draft that never was in force; what has governed is ended instead."""
        with refusals():
            lifecycle.discard(campaign=campaign_of(request, campaign_id))
        return Response(status=204)

    def _change(self, request: StoreRequest, campaign: Campaign, members: dict[str, Any], *, seen: int | None) -> None:
        document = read_campaign(members, store=request.store, known_markers=KNOWN_MARKERS)
        with refusals():
            lifecycle.change(campaign=campaign, document=document, by=key_of(request), now=timezone.now(), seen=seen)


def _told(request: StoreRequest, campaign_id: int) -> dict[str, Any]:
    return campaign_answers.whole(campaign_of(request, campaign_id), now=timezone.now())


def _seen(request: StoreRequest) -> tuple[int | None, dict[str, Any]]:
    """The revision that the body was made from, if it says so, and its other members."""
    members = dict(object_in(request.data))
    given = {name: members.pop(name) for name in _REVISION if name in members}
    return read_document(_REVISION, given, store=request.store)["revision"], members
