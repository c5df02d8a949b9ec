"""The life of a campaign over REST: its steps, its history, and the way back."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.idempotency import idempotent
from catalog.api.pagination import CursorPages
from catalog.api.problems import Mistake, invalid_content
from catalog.api.schema import CONFLICT, IDEMPOTENCY_KEY
from catalog.api.store_view import StoreRequest, StoreView
from catalog.attributes import LARGEST_INTEGER, text
from catalog.structures import choice, read_document, whole
from objectives import lifecycle
from objectives.campaign_history import go_back, with_before
from objectives.models import Action, CampaignRevision
from personalization.api import campaign_answers
from personalization.api.campaign_answers import campaign_of, key_of, refusals
from personalization.api.campaign_shapes import STEPS_OF_KEYS, CampaignShape, RevisionShape, StepShape, UndoShape
from personalization.merchandising.rule import KNOWN_MARKERS

_STEP = {"action": (choice([*STEPS_OF_KEYS, Action.APPROVED.value]), None), "note": (text(1000), "")}
_UNDO = {"revision": (whole(1, LARGEST_INTEGER), None)}


class RevisionPages(CursorPages):
    """The latest first; few at a time, as each may have changed a campaign of a megabyte."""

    page_size = 20
    max_page_size = 50
    ordering = "-number"


class StepsView(StoreView):
    """The steps of a campaign."""

    @extend_schema(
        operation_id="campaign_step",
        tags=["objectives"],
        request=StepShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(200, "application/json"): CampaignShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest, campaign_id: int) -> Response:
        """Take one of the `steps` of a campaign; approvals are for people, in the admin."""
        campaign = campaign_of(request, campaign_id)
        step = read_document(_STEP, object_in(request.data), store=request.store)
        now = timezone.now()
        with refusals():
            lifecycle.take(
                campaign=campaign, action=Action(step["action"]), by=key_of(request), now=now, note=step["note"]
            )
        return Response(campaign_answers.whole(campaign_of(request, campaign_id), now=now))


class RevisionsView(StoreView):
    """The history of a campaign."""

    pagination_class = RevisionPages

    @extend_schema(operation_id="campaign_revisions", tags=["objectives"], responses=RevisionShape(many=True))
    def get(self, request: StoreRequest, campaign_id: int) -> Response:
        """Every step with who took it, when, and what it changed, the latest first."""
        pages = RevisionPages()
        steps = campaign_of(request, campaign_id).revisions.all()
        page: list[CampaignRevision] = pages.paginate_queryset(steps, request, view=self) or []
        return pages.get_paginated_response([campaign_answers.revision(*told) for told in with_before(page)])


class UndoView(StoreView):
    """The way back."""

    @extend_schema(
        operation_id="campaign_undo",
        tags=["objectives"],
        request=UndoShape,
        parameters=[IDEMPOTENCY_KEY],
        responses={(200, "application/json"): CampaignShape, **CONFLICT},
    )
    @idempotent
    def post(self, request: StoreRequest, campaign_id: int) -> Response:
        """Lay down again what the campaign was at a revision, as a change of today; its state stays."""
        campaign = campaign_of(request, campaign_id)
        number = read_document(_UNDO, object_in(request.data), store=request.store)["revision"]
        revision = campaign.revisions.filter(number=number).select_related("campaign__store").first()
        if revision is None:
            detail = _("The campaign has no revision of this number.")
            raise invalid_content([Mistake(pointer="/revision", code="choice", detail=detail)])
        now = timezone.now()
        with refusals():
            go_back(revision=revision, known_markers=KNOWN_MARKERS, by=key_of(request), now=now)
        return Response(campaign_answers.whole(campaign_of(request, campaign_id), now=now))
