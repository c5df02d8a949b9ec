"""POST listings: the products of a category or search page, put into the order that suits this visit."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.permissions import HasKey
from catalog.api.store_view import StoreRequest, StoreView
from objectives.models.zone import ZoneKind
from personalization.api import answers
from personalization.api.answer_shapes import NO_SUCH_ZONE, ListingAnswerShape, ListingShape
from personalization.api.asked import asked_of
from personalization.api.recommendations import LARGEST_BODY, answer_to, sees_stages


class ListingsView(StoreView):
    """Orders the ids it is handed."""

    permission_classes = (HasKey,)
    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="order_listing",
        tags=["personalization"],
        request=ListingShape,
        responses={(200, "application/json"): ListingAnswerShape, **NO_SUCH_ZONE},
    )
    def post(self, request: StoreRequest) -> Response:
        """Order up to 1,000 item ids; nothing is lost, and ids the catalog does not know stand last."""
        asked = asked_of(request, kind=ZoneKind.LISTING)
        answer = answer_to(asked)
        return Response(answers.listing(answer, with_stages=sees_stages(request)))
