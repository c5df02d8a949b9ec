"""Every process's own copy of each store's campaigns, fresh within a second of a change, and the course they set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
import structlog
from django.utils import timezone
from numpy.typing import NDArray

from objectives import campaigns
from objectives.campaign_documents import rule_ids, tell_campaign
from objectives.campaign_reading import Document
from objectives.campaigns import CampaignInForce, Masks, Occasion, Order
from objectives.conditions import InvalidConditionError
from objectives.conditions import parse as parse_condition
from objectives.course import NO_COURSE, Course
from objectives.models import Campaign
from objectives.selection import InvalidSelectionError
from objectives.selection import parse as parse_selection
from personalization.last_known import DatabaseAwayError, LastKnown
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import LiveMemory
from personalization.merchandising.rule import KNOWN_MARKERS

FRESH: Final = 0.5  # seconds after which a changed campaign governs
MOST_WANTED: Final = 150  # promoted products that are estimated beside what an engine proposes, the likeliest to suit

log = structlog.get_logger(__name__)


def campaigns_of(*, store_id: int) -> tuple[CampaignInForce, ...]:
    """Those of the store that are or will soon be in force, in the order of precedence.

    With the database away the last known ones hold, each for its period.
    """
    try:
        return _CAMPAIGNS.of(store_id)[0]
    except DatabaseAwayError:
        return ()


def course_of(occasion: Occasion) -> Course:
    """What the store's campaigns ask of an answer."""
    store_id = occasion.facts.store_id
    in_force = campaigns_of(store_id=store_id)
    return campaigns.set_course(in_force, occasion, masks=_MASKS[store_id]) if in_force else NO_COURSE


def to_be_estimated(course: Course, visit: LiveVisit, memory: LiveMemory) -> NDArray[np.int32]:
    """int32 (≤ MOST_WANTED and the pins,): what the course is about, as far as it is likely to suit the visit.

    Likely is what stands near the visit's focus in the product space, and what is popular.
    """
    wanted = campaigns.wanted(course)
    if len(wanted) <= MOST_WANTED:
        return wanted
    space = memory.landscape
    suits = np.full(len(wanted), -2.0, np.float32)  # launched since the space was learned: after all others
    known = wanted < len(space.coordinates)
    suits[known] = space.coordinates[wanted[known]] @ np.array(visit.intent.recent, np.float32)
    suits[known] += space.popularity[wanted[known]]
    likeliest = wanted[np.argpartition(-suits, MOST_WANTED)[:MOST_WANTED]]
    return np.union1d(likeliest, list(course.pins.values())).astype(np.int32)


def in_force(row: Campaign) -> CampaignInForce | None:
    """The campaign as answers go by it; None for one that a change of the markers has left without meaning."""
    try:
        return understood(tell_campaign(row), campaign_id=row.pk, numbers=rule_ids(row))
    except (InvalidConditionError, InvalidSelectionError) as error:
        log.warning("campaign_not_understood", campaign=row.pk, store=row.store_id, error=str(error))
        return None


def understood(document: Document, *, campaign_id: int, numbers: Sequence[int] = ()) -> CampaignInForce:
    """A document as answers would go by it; of rules that are not stored yet, `numbers` says nothing.

    Raises:
        InvalidConditionError, InvalidSelectionError: it has lost its meaning.
    """
    ids = numbers or range(1, len(document["rules"]) + 1)
    names = ("name", "scope", "floor", "holdout", "stops_at_stock")
    return CampaignInForce(
        id=campaign_id,
        objectives=tuple((objective["measure"], objective["weight"]) for objective in document["objectives"]),
        condition=parse_condition(document["condition"], KNOWN_MARKERS),
        zones=frozenset(document["zones"]),
        promoted=parse_selection(document["promoted"]),
        starts=_instant(document["starts_at"], -np.inf),
        ends=_instant(document["ends_at"], np.inf),
        orders=tuple(_order(rule, number) for rule, number in zip(document["rules"], ids, strict=True)),
        **{name: document[name] for name in names},
    )


def _order(rule: Mapping[str, Any], number: int) -> Order:
    products = parse_selection(rule["products"])
    return Order(id=number, kind=rule["kind"], products=products, place=rule["place"] or 0, strength=rule["strength"])


def _instant(at: str | None, otherwise: float) -> float:
    return otherwise if at is None else datetime.fromisoformat(at).timestamp()


def _read(store_id: int) -> tuple[CampaignInForce, ...]:
    rows = Campaign.objects.filter(store_id=store_id).lasting(timezone.now())
    rows = rows.prefetch_related("zones", "objectives", "rules")
    return tuple(campaign for row in rows if (campaign := in_force(row)) is not None)


_CAMPAIGNS: Final = LastKnown(_read, fresh_for=FRESH)
_MASKS: Final[defaultdict[int, Masks]] = defaultdict(Masks)
