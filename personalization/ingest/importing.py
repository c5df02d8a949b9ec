"""Historical events from a file, through the catalog's and the ingestion's own doors; safe to repeat.

The file is read twice: first for the products, so that every event meets them with all that is known of them,
then for the events. Products that the catalog holds already stay as their merchant described them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from catalog.live_facts import forget_facts
from catalog.models import Product, Store
from catalog.upsert import upsert_products
from personalization.ingest.batch import Status, Verdicts, ingest
from personalization.ingest.readers.row import Reader, Row, open_text

EVENTS_AT_ONCE: Final = 1_000
PRODUCTS_AT_ONCE: Final = 2_000
REASONS: Final = 5  # that a summary quotes

Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(slots=True)
class Summary:
    """What became of a file: read = stored + duplicates + rejected + left out.

    Attributes:
        products: made from what the rows tell of them.
        products_refused: what the catalog did not take.
        left_out: rows about nothing we know.
        reasons: the first refusals, in words.
    """

    products: int = 0
    products_refused: int = 0
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    left_out: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, verdicts: Verdicts, *, first_row: int) -> None:
        """Count a batch that began at this row of those with an event."""
        self.stored += verdicts.stored
        self.duplicates += verdicts.duplicates
        self.rejected += verdicts.rejected
        for number, verdict in enumerate(verdicts.verdicts, start=first_row):
            if verdict.status == Status.REJECTED and len(self.reasons) < REASONS:
                fault = verdict.errors[0]
                pointer = fault.pointer.split("/", 3)[-1]
                self.reasons.append(f"{_('event')} {number}, {pointer}: {fault.detail}")


def import_events(
    *,
    store: Store,
    path: Path,
    reader: Reader,
    now: datetime,
    progress: Progress,
    limit: int | None = None,
) -> Summary:
    """Bring a file's products and events into the store, at most `limit` rows of it.

    Raises:
        UnreadableFileError: the file is not of the reader's format; what was read before it shows is kept.
    """
    summary = Summary()
    rows = _import_products(summary, store=store, path=path, reader=reader, now=now, progress=progress, limit=limit)
    with open_text(path) as (text, _raw):
        for batch in _batches(islice(reader(text), limit)):
            events = [row.event for row in batch if row.event is not None]
            first_row = summary.read - summary.left_out + 1
            summary.read += len(batch)
            summary.left_out += len(batch) - len(events)
            summary.add(ingest(store=store, events=events, now=now), first_row=first_row)
            progress(_("events"), summary.read, rows)
    return summary


def _import_products(
    summary: Summary,
    *,
    store: Store,
    path: Path,
    reader: Reader,
    now: datetime,
    progress: Progress,
    limit: int | None,
) -> int:
    """Make the products that the catalog does not hold; how many rows were read."""
    rows = 0
    with open_text(path) as (text, raw):
        for read, products in _new_products(islice(reader(text), limit), store):
            rows = read
            _make(products, summary, store=store, now=now)
            progress(_("products"), raw.tell(), path.stat().st_size)
    # The events come right after their products: this process must not go by what it knew before.
    forget_facts(store_id=store.pk)
    return rows


def _new_products(rows: Iterator[Row], store: Store) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Products in batches, each once, with how many rows were read so far; the last batch may be empty."""
    known = set(Product.objects.of(store).values_list("item_id", flat=True))
    waiting: list[dict[str, Any]] = []
    number = 0
    for number, row in enumerate(rows, start=1):
        for product in row.products:
            if product["id"] not in known:
                known.add(product["id"])
                waiting.append(_as_sold(product, store))
        if len(waiting) >= PRODUCTS_AT_ONCE:
            yield number, waiting
            waiting = []
    yield number, waiting


def _make(products: list[dict[str, Any]], summary: Summary, *, store: Store, now: datetime) -> None:
    upsert = upsert_products(store=store, rows=products, now=now)
    summary.products += upsert.created
    refused = upsert.rejected
    summary.products_refused += len(refused)
    for verdict in refused[: max(0, REASONS - len(summary.reasons))]:
        summary.reasons.append(f"{_('product')} {verdict.item_id}: {verdict.faults[0].detail}")


def _as_sold(product: dict[str, Any], store: Store) -> dict[str, Any]:
    """The product as its merchant would describe it: prices in the store's currency."""
    price = product.get("price")
    told = {name: value for name, value in product.items() if value not in (None, "") and name != "price"}
    return told | {"price": f"{price:.2f} {store.currency}"} if isinstance(price, int | float) else told


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, EVENTS_AT_ONCE)):
        yield batch
