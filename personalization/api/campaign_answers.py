"""Campaigns found for a request, and told as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from catalog.api.problems import Problem, invalid_parameter
from catalog.api.store_view import StoreRequest
from objectives.campaign_documents import differences, tell_campaign
from objectives.campaign_reading import Document
from objectives.lifecycle import Actor, StepRefusedError, steps_of
from objectives.models import Campaign, CampaignRevision, CampaignState, Zone
from objectives.models.campaign import CampaignQuerySet
from personalization.api.campaign_shapes import STEPS_OF_KEYS

FILTERS = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=list(CampaignState.values)),
    OpenApiParameter("live", OpenApiTypes.BOOL, description="Whether they govern answers now."),
    OpenApiParameter("zone", OpenApiTypes.STR, description="For this zone: those that name it, or are for all zones."),
]
IDS = OpenApiParameter("ids", OpenApiTypes.STR, description="Ids, with commas between them.")

_IDS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,1999}", re.ASCII)


def campaigns_asked_for(request: StoreRequest, *, now: datetime) -> CampaignQuerySet:
    """The store's campaigns that the parameters speak of."""
    asked = request.query_params
    found = _of(request)
    if (state := asked.get("state")) is not None:
        if state not in CampaignState.values:
            raise invalid_parameter("state", _("one of %(names)s") % {"names": ", ".join(CampaignState.values)})
        found = found.filter(state=state)
    if (live := asked.get("live")) is not None:
        if live not in {"true", "false"}:
            raise invalid_parameter("live", _("true or false"))
        governing = Campaign.objects.of(request.store).live(now).values("pk")
        found = found.filter(pk__in=governing) if live == "true" else found.exclude(pk__in=governing)
    if (slug := asked.get("zone")) is not None:
        zone = None if "\0" in slug else Zone.objects.of(request.store).filter(slug=slug).first()
        if zone is None:
            raise invalid_parameter("zone", _("a zone of the store"))
        found = found.for_zone(zone)
    return found


def named_by_ids(request: StoreRequest, campaigns: CampaignQuerySet) -> CampaignQuerySet:
    """Those of the campaigns that the parameter `ids` names, all where there is none."""
    if (text := request.query_params.get("ids")) is None:
        return campaigns
    ids = {int(found) for found in text.split(",")} if _IDS.fullmatch(text) else set()
    if not ids or _of(request).filter(pk__in=ids).count() < len(ids):
        raise invalid_parameter("ids", _("ids of campaigns of the store, with commas between them"))
    return campaigns.filter(pk__in=ids)


def campaign_of(request: StoreRequest, campaign_id: int) -> Campaign:
    """The store's campaign of this id.

    Raises:
        Http404: the store has none.
    """
    found = _of(request).filter(pk=campaign_id).first()
    if found is None:
        raise Http404
    return found


def document_of(campaign: Campaign) -> Document:
    """What a campaign is, or would become where a change waits for a second person."""
    return campaign.proposed or tell_campaign(campaign)


def head(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    """A campaign in a list."""
    return {
        "id": str(campaign.pk),
        "name": campaign.name,
        "state": campaign.state,
        "standing": campaign.standing(now),
        "priority": campaign.priority,
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "zones": sorted(zone.slug for zone in campaign.zones.all()),
        "change_waits": campaign.proposed is not None,
        "revision": revision_of(campaign),
        "created_at": campaign.created_at,
        "changed_at": campaign.changed_at,
    }


def whole(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    """A campaign by itself."""
    return {
        **head(campaign, now=now),
        "steps": [step for step in steps_of(campaign) if step in STEPS_OF_KEYS],
        "document": tell_campaign(campaign),
        "proposed": campaign.proposed,
    }


def revision_of(campaign: Campaign) -> int:
    """Number of the latest step in its history, as it was when the campaign was read; 0 without any."""
    latest: int | None = campaign.latest  # type: ignore[attr-defined]  # annotated below
    return latest or 0


def revision(step: CampaignRevision, before: Document | None) -> dict[str, Any]:
    """One step in a campaign's history, with what it changed."""
    return {
        "number": step.number,
        "at": step.at,
        "by": step.actor or None,
        "action": step.action,
        "note": step.note,
        "changes": [
            {"member": found.member, "before": found.before, "after": found.after}
            for found in differences(before or {}, step.document)
        ],
    }


def key_of(request: StoreRequest) -> Actor:
    """Who asks, as histories name a key."""
    return Actor(name=request.api_key.prefix)


@contextmanager
def refusals() -> Iterator[None]:
    """What a campaign's state refuses is a conflict."""
    try:
        yield
    except StepRefusedError as refused:
        raise Problem(409, refused.reason) from None


def _of(request: StoreRequest) -> CampaignQuerySet:
    campaigns = Campaign.objects.of(request.store).select_related("store").annotate(latest=Max("revisions__number"))
    return campaigns.prefetch_related("zones", "objectives", "rules")
