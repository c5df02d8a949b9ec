"""What campaigns brought, over REST."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.store_view import StoreRequest, StoreView
from personalization.api import verdict_answers
from personalization.api.campaign_answers import campaign_of
from personalization.api.verdict_shapes import CampaignVerdictShape
from personalization.verdicts import verdict_of


class VerdictView(StoreView):
    """The verdict on a campaign."""

    @extend_schema(operation_id="campaign_verdict", tags=["objectives"], responses=CampaignVerdictShape)
    def get(self, request: StoreRequest, campaign_id: int) -> Response:
        """What the campaign, and each of its pins, boosts and buryings, brought or cost against not having it.

        Told from visitors whom it steered and visitors who were spared, up to now or to when it ceased to govern.
        """
        campaign = campaign_of(request, campaign_id)
        return Response(verdict_answers.told_verdict(campaign, verdict_of(campaign=campaign, now=timezone.now())))
