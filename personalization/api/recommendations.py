"""POST recommendations: what suits this visit, for one zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.permissions import HasKey
from catalog.api.problems import Mistake, Problem, invalid_content, unavailable
from catalog.api.store_view import StoreRequest, StoreView
from catalog.models.api_key import KeyKind
from objectives.models.zone import ZoneKind
from personalization.api import answers
from personalization.api.answer_shapes import NO_SUCH_ZONE, RecommendationAnswerShape, RecommendationShape
from personalization.api.asked import asked_of
from personalization.last_known import DatabaseAwayError
from personalization.pipeline import Answer, UnknownEngineError, personalize
from personalization.scene import Asked, UnknownZoneError

LARGEST_BODY = 256 * 1024


class RecommendationsView(StoreView):
    """Products for a zone."""

    permission_classes = (HasKey,)
    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="recommend",
        tags=["personalization"],
        request=RecommendationShape,
        responses={(200, "application/json"): RecommendationAnswerShape, **NO_SUCH_ZONE},
    )
    def post(self, request: StoreRequest) -> Response:
        """Rank products for a zone and a visit; the answer says what it rests on, and is logged."""
        asked = asked_of(request, kind=ZoneKind.RECOMMENDATION)
        answer = answer_to(asked)
        with speaking_to(request):
            return Response(answers.recommendation(answer, store=request.store, with_stages=sees_stages(request)))


def answer_to(asked: Asked) -> Answer:
    """The pipeline's answer, or the problem it met."""
    try:
        return personalize(asked=asked, now=timezone.now(), rng=np.random.default_rng())
    except UnknownZoneError as error:
        raise _unknown_zone(error, asked) from None
    except UnknownEngineError as error:
        detail = _("Expected one of %(known)s.") % {"known": ", ".join(error.known)}
        raise invalid_content([Mistake(pointer="/engine", code="choice", detail=detail)]) from None
    except DatabaseAwayError:
        raise unavailable() from None


def sees_stages(request: StoreRequest) -> bool:
    """Where the time went is told to servers, not to browsers."""
    return request.api_key.kind == KeyKind.SECRET


@contextmanager
def speaking_to(request: StoreRequest) -> Iterator[None]:
    """The language the caller asked for, or else the store's own."""
    if request.headers.get("Accept-Language"):
        yield
        return
    with translation.override(request.store.language):
        yield


def _unknown_zone(error: UnknownZoneError, asked: Asked) -> Problem:
    known = ", ".join(error.known)
    detail = (
        _("The store has these zones of this kind: %(known)s.") % {"known": known}
        if known
        else _("The store has no zone of this kind yet.")
    )
    return Problem(404, detail, errors=[Mistake(pointer="/zone", code="unknown", detail=detail)])
