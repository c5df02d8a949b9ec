"""A real store copied for an evaluation: its catalog, the visits up to an instant, those after it held out.

The copy is a store of its own. Its events are sent again as the storefront sent them and go through the real
ingestion; nothing of the real store is written, and its live memory is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from catalog.category_tree import grow_categories
from catalog.live_facts import forget_facts, live_facts
from catalog.models import Category, Product, Store
from catalog.upsert import lock_catalog
from personalization.evaluation.cuts import HeldOutVisit
from personalization.evaluation.held_out import Telling
from personalization.evaluation.replay import BATCH, RejectedRowsError
from personalization.ingest import ingest
from personalization.markers.lived import LivedEvent, LivedItem
from personalization.memory.reading import BATCH as VISITS_AT_ONCE
from personalization.models import Rule, Visit
from personalization.models.visit import VisitQuerySet
from personalization.visits import lived_events

KEPT: Final = ("currency", "language", "country", "time_zone", "free_shipping_from")  # what markers read of a store
_ROWS_AT_ONCE: Final = 2000
_SHOP: Final = "https://store.invalid"  # where the copy's pages are


class NothingToSplitError(ValueError):
    """The store has no visit on one side of the instant."""


def split_instant(store: Store, *, share: float) -> datetime:
    """When this share of the store's remembered visits had begun.

    Raises:
        NothingToSplitError: there is no visit.
    """
    visits = Visit.objects.of(store).memorable().order_by("started_at")
    found = visits[int(share * visits.count()) :].first()
    if found is None:
        raise NothingToSplitError(f"store {store.slug}: no visit after the first {share:.0%} of them")
    return found.started_at


def copy_catalog(source: Store, copy: Store) -> None:
    """Every product of the source, deleted ones included, at the same position of the copy."""
    with transaction.atomic():
        lock_catalog(store_id=copy.pk)
        paths = dict(Category.objects.of(source).values_list("id", "path"))
        shelves = grow_categories(store_id=copy.pk, paths=paths.values())
        Product.objects.bulk_create(
            (_copied(product, copy, shelves.get(paths.get(product.category_id, ""))) for product in _products(source)),
            batch_size=_ROWS_AT_ONCE,
        )
        numbers = {"catalog_version": source.catalog_version, "next_position": source.next_position}
        Store.objects.filter(pk=copy.pk).update(**numbers)
    forget_facts(store_id=copy.pk)


def copy_rules(source: Store, copy: Store) -> None:
    """The source's rules that hold in every zone: an evaluation asks as no zone in particular."""
    for rule in Rule.objects.of(source).filter(zones=None):
        rule.pk, rule.store = None, copy
        rule._state.adding = True  # noqa: SLF001 - how Django documents copying a row
        rule.save()


def copy_visits(
    source: Store,
    copy: Store,
    *,
    before: datetime,
    most: int | None = None,
    now: datetime,
    progress: Callable[[int, int], None],
) -> None:
    """Send the events of the newest visits, at most `most`, that had ended by `before` again, to the copy.

    Raises:
        RejectedRowsError: the ingestion refused an event.
        NothingToSplitError: there is none.
    """
    visits = _newest(Visit.objects.of(source).memorable().filter(last_event_at__lt=before), most)
    total, waiting = visits.count(), list[dict[str, Any]]()
    if not total:
        raise NothingToSplitError(f"store {source.slug}: no visit ended before {before:%Y-%m-%d %H:%M}")
    for done, (_visit, sent) in enumerate(_told(visits, source), start=1):
        waiting += sent
        if len(waiting) >= BATCH:
            _send(waiting, copy, now=now)
            waiting = []
            progress(done, total)
    _send(waiting, copy, now=now)
    progress(total, total)


def held_out(source: Store, copy: Store, *, since: datetime, now: datetime) -> list[HeldOutVisit]:
    """The source's remembered visits that began at `since` or later and have ended, lived against the copy.

    Raises:
        NothingToSplitError: there is none.
    """
    telling = Telling(copy, now=now)
    visits = Visit.objects.of(source).memorable().ended(now=now).filter(started_at__gte=since)
    lived = [telling.visit(str(visit.pk), sent, visitor_key=visit.visitor_key) for visit, sent in _told(visits, source)]
    if not lived:
        raise NothingToSplitError(f"store {source.slug}: no visit began at {since:%Y-%m-%d %H:%M} or later")
    return lived


def sent_again(event: LivedEvent, *, visit: Visit, item_ids: list[str]) -> dict[str, Any]:
    """An event of the visit as the storefront sent it; `item_ids` by catalog position."""
    shown = [{"item_id": item_ids[product]} for product in event.shown if product < len(item_ids)]
    told = {
        "event_id": event.event_id,
        "name": event.name,
        "timestamp": event.at,
        "visitor_id": visit.visitor_key[2:] if _is_known(visit) else None,
        "session_id": visit.session_id or None,
        "items": [_item(item) for item in event.items] or shown,
        "value": event.value or None,
        "search_term": event.search_term or None,
        "search_results": event.search_results if event.search_results >= 0 else None,
        "scroll_depth": event.scroll if event.scroll >= 0 else None,
        "engagement_ms": event.engagement * 1000 if event.engagement >= 0 else None,
        "transaction_id": event.transaction_id or None,
        "coupon": event.coupon or None,
        "shipping": event.shipping or None,
        "item_list_id": event.list_id or None,
        "language": event.language or None,
        "page": _page(event),
        "device": {"category": event.device} if event.device else None,
        "campaign": {"source": event.source, "medium": event.medium, "name": event.campaign},
    }
    return {name: value for name, value in told.items() if value is not None}


def _send(events: list[dict[str, Any]], copy: Store, *, now: datetime) -> None:
    for verdict in ingest(store=copy, events=events, now=now).verdicts:
        if verdict.errors:
            raise RejectedRowsError(f"event {verdict.event_id}: {verdict.errors[0]}")


def _is_known(visit: Visit) -> bool:
    return visit.visitor_key.startswith("v:")


def _page(event: LivedEvent) -> dict[str, str]:
    page = {"type": event.page}
    if event.path:
        page["location"] = _SHOP + event.path
    if event.referrer:
        page["referrer"] = f"https://{event.referrer}/"
    return page


def _item(item: LivedItem) -> dict[str, Any]:
    told: dict[str, Any] = {"item_id": item.item_id, "quantity": item.quantity}
    if item.price > 0:
        told["price"] = item.price
    if item.index >= 0:
        told["index"] = item.index
    if item.brand:
        told["item_brand"] = item.brand
    return told


def _newest(visits: VisitQuerySet, most: int | None) -> VisitQuerySet:
    ends = visits.order_by("-last_event_at").values_list("last_event_at", flat=True)
    oldest = ends[most - 1 : most].first() if most else None
    return visits if oldest is None else visits.filter(last_event_at__gte=oldest)


def _told(visits: VisitQuerySet, store: Store) -> Iterator[tuple[Visit, list[dict[str, Any]]]]:
    """Each visit with its events as they were sent, the earliest first."""
    item_ids = live_facts(store_id=store.pk).item_ids
    ids = list(visits.order_by("started_at", "id").values_list("id", flat=True))
    for start in range(0, len(ids), VISITS_AT_ONCE):
        batch = ids[start : start + VISITS_AT_ONCE]
        found, events = Visit.objects.in_bulk(batch), lived_events(visit_ids=batch)
        for visit_id in batch:
            visit = found[visit_id]
            if events[visit_id]:
                yield visit, [sent_again(event, visit=visit, item_ids=item_ids) for event in events[visit_id]]


def _products(store: Store) -> Iterator[Product]:
    return Product.objects.of(store).order_by("position").iterator(chunk_size=_ROWS_AT_ONCE)


def _copied(product: Product, store: Store, category_id: int | None) -> Product:
    product.pk, product.store, product.category_id = None, store, category_id
    product._state.adding = True  # noqa: SLF001 - how Django documents copying a row
    return product
