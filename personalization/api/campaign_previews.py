"""What a campaign would change, and where it gets in the way of others, before it governs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from catalog.api.bodies import object_in
from catalog.api.problems import Problem
from catalog.api.schema import CONFLICT
from catalog.api.store_view import StoreRequest, StoreView
from catalog.attributes import Json, Phrase, Reading, RefusedValueError, flag, text
from catalog.live_facts import live_facts
from catalog.merchant import Fault, quote
from catalog.models import Store
from catalog.structures import InvalidDocumentError, optional, read_document
from objectives.campaign_reading import Document, InvalidCampaignError, read_campaign
from objectives.conditions import InvalidConditionError
from objectives.models import Campaign, Zone
from objectives.refusals import in_words
from objectives.selection import InvalidSelectionError
from personalization.api import preview_answers, verdict_answers
from personalization.api.campaign_answers import campaign_of, document_of
from personalization.api.campaigns import LARGEST_BODY
from personalization.api.preview_shapes import (
    ConflictsShape,
    HindsightQuestionShape,
    PreviewQuestionShape,
    PreviewShape,
)
from personalization.api.verdict_shapes import HindsightShape
from personalization.campaign_book import understood
from personalization.campaign_preview import (
    TYPICAL,
    Foreseen,
    Trial,
    conflicts_of,
    conflicts_with_others,
    curve,
    foresee,
    look_back,
    trial_of,
)
from personalization.merchandising.rule import KNOWN_MARKERS

RETRY_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be tried, and where."""

    zone: Zone
    document: Document
    campaign: Campaign | None
    against_stored: bool
    visit: int | None


class PreviewView(StoreView):
    """A look ahead."""

    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="campaign_preview",
        tags=["objectives"],
        request=PreviewQuestionShape,
        responses={(200, "application/json"): PreviewShape, **CONFLICT},
    )
    def post(self, request: StoreRequest) -> Response:
        """Answer the store's recent visits without and with a campaign, stored or not, and say what changes.

        Nothing is stored, and nobody is served by it. It takes some seconds: a store has one at a time (429).
        """
        asked = _asked(request, _QUESTION)
        with _alone(request.store), _meaning():
            trial = _trial(asked, store=request.store)
            found = foresee(trial, visit=TYPICAL if asked.visit is None else str(asked.visit))
            _require_shown(found, asked.visit)
            return Response(preview_answers.preview(trial, found, curve(trial), conflicts_of(trial)))


class HindsightView(StoreView):
    """A look back."""

    largest_body = LARGEST_BODY

    @extend_schema(
        operation_id="campaign_hindsight",
        tags=["objectives"],
        request=HindsightQuestionShape,
        responses={(200, "application/json"): HindsightShape, **CONFLICT},
    )
    def post(self, request: StoreRequest) -> Response:
        """What a campaign, stored or not, would have changed in what the zone has served, told from what came of it.

        Where the logs do not support that, the figures are those of the preview, and `reason` says why. It takes some
        seconds: a store has one look, ahead or back, at a time (429).
        """
        asked = _asked(request, _LOOKING_BACK)
        with _alone(request.store), _meaning():
            return Response(verdict_answers.told_hindsight(look_back(_trial(asked, store=request.store))))


class ConflictsView(StoreView):
    """Where campaigns get in each other's way."""

    @extend_schema(
        operation_id="campaign_conflicts",
        tags=["objectives"],
        responses={(200, "application/json"): ConflictsShape, **CONFLICT},
    )
    def get(self, request: StoreRequest, campaign_id: int) -> Response:
        """What this campaign, or the change of it that waits, and another each want and only one can have.

        The others are those in force, and those that will be.
        """
        campaign, store = campaign_of(request, campaign_id), request.store
        with _meaning():
            planned = understood(document_of(campaign), campaign_id=campaign.pk)
        found = conflicts_with_others(planned, store=store, now=timezone.now())
        told = preview_answers.told_conflicts(found, store=store, facts=live_facts(store_id=store.pk))
        return Response({"conflicts": told})


def _asked(request: StoreRequest, members: Mapping[str, Any]) -> _Asked:
    """What the body asks.

    Raises:
        InvalidDocumentError: with everything that does not fit.
    """
    store, faults = request.store, []
    body = read_document(members, object_in(request.data), store=store)
    zone = Zone.objects.of(store).filter(slug=body["zone"]).first()
    if zone is None:
        faults.append(_fault("/zone", "choice", body["zone"], _("a zone of the store")))
    campaign = _campaign(store, body["campaign"])
    if campaign is None and body["campaign"] is not None:
        faults.append(_fault("/campaign", "choice", body["campaign"], _("a campaign of the store")))
    document: Document = document_of(campaign) if campaign else {}
    if body["document"] is not None:
        try:
            document = read_campaign(body["document"], store=store, known_markers=KNOWN_MARKERS)
        except InvalidCampaignError as refused:
            faults += refused.within("/document")
    elif body["campaign"] is None:
        faults.append(_fault("/document", "required", None, _("a document, or the id of a campaign")))
    if faults or zone is None:
        raise InvalidDocumentError(faults)
    return _Asked(
        zone=zone,
        document=document,
        campaign=campaign,
        against_stored=body["against_stored"],
        visit=body.get("visit"),
    )


def _trial(asked: _Asked, *, store: Store) -> Trial:
    return trial_of(
        asked.document,
        store=store,
        zone=asked.zone,
        campaign=asked.campaign,
        now=timezone.now(),
        against_stored=asked.against_stored,
    )


def _campaign(store: Store, text: str | None) -> Campaign | None:
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return Campaign.objects.of(store).filter(pk=int(text)).first()


def _require_shown(found: Foreseen, visit: int | None) -> None:
    """A visit that was asked for is shown, or was none of those."""
    shown = None if found.chosen is None else found.sights[found.chosen].moment.visit_id
    if visit is not None and visit != shown:
        raise InvalidDocumentError([_fault("/visit", "choice", visit, _("one of “visit_ids” of an answer"))])


def _fault(pointer: str, code: str, value: object, expected: Phrase) -> Fault:
    return Fault(pointer=pointer, code=code, value=quote(value), expected=expected)


def _anything(value: object, _reading: Reading) -> Json:
    """Read afterwards, by the one who knows what it has to be."""
    return value  # type: ignore[return-value]


def _visit(value: object, _reading: Reading) -> Json:
    if not isinstance(value, int) or isinstance(value, bool):
        raise RefusedValueError("type", _("the id of a visit"))
    return value


_LOOKING_BACK: Final[dict[str, Any]] = {
    "zone": (text(50, shortest=1), None),
    "document": (_anything, None),
    "campaign": (optional(text(18)), None),
    "against_stored": (flag, False),
}
_QUESTION: Final[dict[str, Any]] = {**_LOOKING_BACK, "visit": (optional(_visit), None)}

_under_way: Final[set[int]] = set()
_turn: Final = threading.Lock()


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """One look ahead of a store at a time in this process, so that looks never crowd out answers.

    Raises:
        Problem: 429, there is one under way.
    """
    with _turn:
        if store.pk in _under_way:
            raise Problem(429, _("Another preview of the store is under way."), retry_after=RETRY_SECONDS)
        _under_way.add(store.pk)
    try:
        yield
    finally:
        with _turn:
            _under_way.discard(store.pk)


@contextmanager
def _meaning() -> Iterator[None]:
    """A stored campaign that a change of the markers has left without meaning is a conflict."""
    try:
        yield
    except (InvalidConditionError, InvalidSelectionError) as lost:
        detail = _("The campaign as it is stored is no longer understood (%(why)s): change it.") % {
            "why": in_words(lost)
        }
        raise Problem(409, detail) from None
