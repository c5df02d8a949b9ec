"""Every process's own copy of each store's campaigns, fresh within a second of a change, and the course they set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import structlog
from django.utils import timezone
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from objectives import campaigns
from objectives.budgets import Spent
from objectives.campaign_documents import rule_ids, tell_campaign
from objectives.campaign_reading import Document
from objectives.campaigns import CampaignInForce, Masks, Occasion, Order
from objectives.conditions import InvalidConditionError
from objectives.conditions import parse as parse_condition
from objectives.course import NO_COURSE, Course
from objectives.models import Campaign
from objectives.selection import InvalidSelectionError
from objectives.selection import parse as parse_selection
from personalization.exposures import answered_enough, shown_enough
from personalization.last_known import DatabaseAwayError, LastKnown, attempt
from personalization.markers.live_visit import LiveVisit
from personalization.memory.live import LiveMemory
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.round_trip import rows

FRESH: Final = 0.5  # seconds after which a changed campaign governs
MOST_WANTED: Final = 64  # promoted products that are estimated beside what an engine proposes, the likeliest to suit

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Book:
    """A store's campaigns, and by campaign the catalog positions that it has shown as often as it may."""

    campaigns: tuple[CampaignInForce, ...] = ()
    shown_enough: Mapping[int, NDArray[np.int32]] = field(default_factory=dict)


def campaigns_of(*, store_id: int) -> tuple[CampaignInForce, ...]:
    """Those of the store that are or will soon be in force, in the order of precedence.

    With the database away the last known ones hold, each for its period.
    """
    return _book_of(store_id).campaigns


def course_of(occasion: Occasion) -> Course:
    """What the store's campaigns ask of an answer, as far as their budgets go."""
    store_id = occasion.facts.store_id
    book = _book_of(store_id)
    if not book.campaigns:
        return NO_COURSE
    occasion = replace(occasion, spent=Spent(products=book.shown_enough, campaigns=_enough_of(occasion, book)))
    return campaigns.set_course(book.campaigns, occasion, masks=_MASKS[store_id])


def used_up(among: Sequence[CampaignInForce], *, facts: ProductFacts, now: datetime) -> frozenset[int]:
    """Those of a store's campaigns whose budgets have left them nothing to do: cleared, or shown enough."""
    spent = Spent(products=shown_enough(store_id=facts.store_id, campaigns=among))
    occasion = Occasion(facts=facts, markers={}, zone="", visitor_key="", now=now.timestamp(), spent=spent)
    masks = _MASKS[facts.store_id]
    return frozenset(each.id for each in among if campaigns.is_used_up(each, occasion, masks=masks))


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
    names = ("name", "scope", "floor", "holdout", "stops_at_stock", "most_per_product", "most_per_visitor")
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


def _enough_of(occasion: Occasion, book: _Book) -> frozenset[int]:
    """The campaigns that this visitor has had enough of; with the database away all that could be.

    Once too seldom is better than without an end, and whom a campaign holds out loses it as well.
    """
    rationed = [each for each in book.campaigns if each.most_per_visitor is not None]
    rationed = [campaign for campaign in rationed if campaigns.applies(campaign, occasion)]
    if not rationed:
        return frozenset()
    store_id, key = occasion.facts.store_id, occasion.visitor_key
    try:
        return attempt(lambda: answered_enough(store_id=store_id, visitor_key=key, campaigns=rationed))
    except DatabaseAwayError:
        return frozenset(campaign.id for campaign in rationed)


def _book_of(store_id: int) -> _Book:
    try:
        return _CAMPAIGNS.of(store_id)[0]
    except DatabaseAwayError:
        return _Book()


def _read(store_id: int) -> _Book:
    """Reading all is dear beside an answer, so it is done anew only once a row is another."""
    now = timezone.now()
    versions = rows(_VERSIONS, {"store": store_id, "now": now})  # before the rows: what comes between is read again
    held = _HELD.get(store_id)
    if held is None or held[0] != versions:
        stored = Campaign.objects.filter(store_id=store_id).lasting(now)
        stored = stored.prefetch_related("zones", "objectives", "rules")
        found = tuple(campaign for row in stored if (campaign := in_force(row)) is not None)
        _HELD[store_id] = held = (versions, found)
    return _Book(held[1], shown_enough(store_id=store_id, campaigns=held[1]))


# Every row that a campaign is told from, by its version: the transaction that wrote it, and where it stands. Which are
# lasting is what `CampaignQuerySet.lasting` says; Django's queries cannot ask for the version.
_VERSIONS: Final = """
WITH lasting AS (
    SELECT id, xmin, ctid FROM objectives_campaign
    WHERE store_id = %(store)b AND state = 'approved' AND (ends_at IS NULL OR ends_at > %(now)b)
)
SELECT id, 'campaign', xmin::text, ctid::text FROM lasting
UNION ALL
SELECT part.id, 'objective', part.xmin::text, part.ctid::text
FROM objectives_campaignobjective AS part JOIN lasting ON lasting.id = part.campaign_id
UNION ALL
SELECT part.id, 'rule', part.xmin::text, part.ctid::text
FROM objectives_merchandisingrule AS part JOIN lasting ON lasting.id = part.campaign_id
UNION ALL
SELECT part.id, 'zone', part.xmin::text, part.ctid::text
FROM objectives_campaign_zones AS part JOIN lasting ON lasting.id = part.campaign_id
ORDER BY 2, 1
"""
_HELD: Final[dict[int, tuple[list[Any], tuple[CampaignInForce, ...]]]] = {}
_CAMPAIGNS: Final = LastKnown(_read, fresh_for=FRESH)
_MASKS: Final[defaultdict[int, Masks]] = defaultdict(Masks)
