"""The only way into the catalog: products and deltas validated, placed, versioned and stored at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from catalog.attributes import Json, Reading
from catalog.category_tree import grow_categories
from catalog.merchant import (
    EMPTY_PRODUCT,
    PATH_COLUMN,
    Fault,
    MerchantRow,
    ProductChange,
    quote,
    read_product,
)
from catalog.models import Product, Store

Outcome: TypeAlias = Literal["created", "updated", "unchanged", "deleted", "rejected"]
ROWS_AT_ONCE: Final = 5_000  # bounds the memory of one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one row, in the order the rows came."""

    index: int
    item_id: str
    outcome: Outcome
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsert:
    """What became of every row, and the catalog's version afterwards."""

    verdicts: list[Verdict]
    version: int

    def count(self, outcome: Outcome) -> int:
        return sum(verdict.outcome == outcome for verdict in self.verdicts)

    @property
    def created(self) -> int:
        return self.count("created")

    @property
    def updated(self) -> int:
        return self.count("updated")

    @property
    def unchanged(self) -> int:
        return self.count("unchanged")

    @property
    def rejected(self) -> list[Verdict]:
        return [verdict for verdict in self.verdicts if verdict.outcome == "rejected"]


def upsert_products(*, store: Store, rows: Sequence[MerchantRow], now: datetime) -> Upsert:
    """Store full products; each valid row replaces or creates its product and revives a deleted one."""
    return _store_rows(store=store, rows=rows, now=now, partial=False)


def update_products(*, store: Store, rows: Sequence[MerchantRow], now: datetime) -> Upsert:
    """Store deltas; each valid row changes what it names of a product that exists."""
    return _store_rows(store=store, rows=rows, now=now, partial=True)


def register_items(*, store: Store, item_ids: Iterable[str], now: datetime) -> Upsert:
    """Make bare products, of which only the id is known, for those that do not exist yet."""
    known = set(Product.objects.of(store).listed().values_list("item_id", flat=True))
    rows = [{"id": item_id, "title": item_id} for item_id in dict.fromkeys(item_ids) if item_id not in known]
    return upsert_products(store=store, rows=rows, now=now)


def delete_products(*, store: Store, item_ids: Sequence[str], now: datetime) -> list[str]:
    """Take products off the catalog, positions kept; returns the ids that were there to delete."""
    with transaction.atomic():
        locked = lock_catalog(store_id=store.pk)
        doomed = Product.objects.of(store).listed().filter(item_id__in=item_ids)
        deleted = list(doomed.values_list("item_id", flat=True))
        if deleted:
            version = locked.catalog_version + 1
            doomed.update(deleted_at=now, updated_at=now, version=version)
            Store.objects.filter(pk=store.pk).update(catalog_version=version)
    return deleted


def save_product(*, product: Product) -> None:
    """Store one product as edited, placed if it is new, so that every process sees the change."""
    with transaction.atomic():
        locked = lock_catalog(store_id=product.store_id)
        locked.catalog_version += 1
        product.version = locked.catalog_version
        if not product.pk:
            product.position = locked.next_position
            locked.next_position += 1
        product.save()
        locked.save(update_fields=["catalog_version", "next_position"])


def touch_catalog(*, store_id: int) -> None:
    """Let every process read the store's categories again."""
    with transaction.atomic():
        locked = lock_catalog(store_id=store_id)
        Store.objects.filter(pk=store_id).update(catalog_version=locked.catalog_version + 1)


def lock_catalog(*, store_id: int) -> Store:
    """The store's row, locked: versions and positions are given out one writer at a time."""
    return Store.objects.select_for_update().get(pk=store_id)


def _store_rows(*, store: Store, rows: Sequence[MerchantRow], now: datetime, partial: bool) -> Upsert:
    reading = Reading(currency=store.currency, zone=store.zone_info)
    read = [read_product(row, reading=reading, partial=partial) for row in rows]
    verdicts: dict[int, Verdict] = {}
    changes = _accepted(rows, read, verdicts)
    with transaction.atomic():
        locked = lock_catalog(store_id=store.pk)
        if partial:
            changes = _known_only(store, changes, verdicts)
        outcomes, version = _write(locked, list(changes.values()), now=now)
    for index, change in changes.items():
        outcome = outcomes.get(change.item_id, "unchanged")
        verdicts[index] = Verdict(index=index, item_id=change.item_id, outcome=outcome, warnings=change.warnings)
    return Upsert(verdicts=[verdicts[index] for index in range(len(rows))], version=version)


def _accepted(
    rows: Sequence[MerchantRow], read: list[ProductChange | list[Fault]], verdicts: dict[int, Verdict]
) -> dict[int, ProductChange]:
    """The valid changes by index of their row; the verdicts on the others are written down."""
    changes: dict[int, ProductChange] = {}
    seen: set[str] = set()
    for index, change in enumerate(read):
        if isinstance(change, list):
            verdicts[index] = _rejection(index, _claimed_id(rows[index]), change)
        elif change.item_id in seen:
            expected = _("each product once in a batch")
            fault = Fault(pointer="/id", code="repeated", value=quote(change.item_id), expected=expected)
            verdicts[index] = _rejection(index, change.item_id, [fault])
        else:
            seen.add(change.item_id)
            changes[index] = change
    return changes


def _claimed_id(row: object) -> str:
    claimed = row.get("id") if isinstance(row, dict) else None
    return claimed[:100] if isinstance(claimed, str) else ""


def _rejection(index: int, item_id: str, faults: list[Fault]) -> Verdict:
    return Verdict(index=index, item_id=item_id, outcome="rejected", faults=faults)


def _known_only(
    store: Store, changes: dict[int, ProductChange], verdicts: dict[int, Verdict]
) -> dict[int, ProductChange]:
    wanted = [change.item_id for change in changes.values()]
    found = Product.objects.of(store).listed().filter(item_id__in=wanted)
    known = set(found.values_list("item_id", flat=True))
    for index, change in changes.items():
        if change.item_id not in known:
            expected = _("the id of a product that exists")
            fault = Fault(pointer="/id", code="unknown", value=quote(change.item_id), expected=expected)
            verdicts[index] = _rejection(index, change.item_id, [fault])
    return {index: change for index, change in changes.items() if change.item_id in known}


def _write(locked: Store, changes: list[ProductChange], *, now: datetime) -> tuple[dict[str, Outcome], int]:
    """Outcomes of products that changed by item id, and the catalog's version; the caller holds the lock."""
    paths = {str(change.fields[PATH_COLUMN]) for change in changes if change.fields.get(PATH_COLUMN)}
    categories = grow_categories(store_id=locked.pk, paths=paths)
    version = locked.catalog_version + 1
    outcomes: dict[str, Outcome] = {}
    for start in range(0, len(changes), ROWS_AT_ONCE):
        rows = [_stored_form(change, categories) for change in changes[start : start + ROWS_AT_ONCE]]
        written = _write_rows(locked, rows, version=version, now=now)
        locked.next_position += sum(outcome == "created" for outcome in written.values())
        outcomes |= written
    if not outcomes:
        return outcomes, locked.catalog_version
    Store.objects.filter(pk=locked.pk).update(catalog_version=version, next_position=locked.next_position)
    return outcomes, version


def _stored_form(change: ProductChange, categories: dict[str, int]) -> dict[str, Json]:
    """A change as the statement below reads it; only columns it sets are named."""
    fields = change.fields
    if PATH_COLUMN in fields:
        path = fields[PATH_COLUMN]
        fields = {name: value for name, value in fields.items() if name != PATH_COLUMN}
        fields["category_id"] = categories[path] if isinstance(path, str) else None
    return {"item_id": change.item_id, "fields": {**fields, "deleted_at": None}}


_EMPTY_ROW: Final = {name: value for name, value in EMPTY_PRODUCT.items() if name != PATH_COLUMN}
_COLUMNS: Final = (*_EMPTY_ROW, "category_id", "deleted_at")

# jsonb_populate_record lays a row's fields over the product as it is known, or over an empty one, so that the
# comparison with what is known, the placing of new products and the write are one pass over the whole batch.
_WRITE: Final = sql.SQL(
    """
    WITH incoming AS (
        SELECT ordinal, given.row ->> 'item_id' AS item_id, given.row -> 'fields' AS fields
        FROM jsonb_array_elements(%(rows)s::jsonb) WITH ORDINALITY AS given (row, ordinal)
    ), changed AS (
        SELECT incoming.item_id,
            known.id IS NULL AS is_new,
            COALESCE(
                known.position,
                %(next_position)s + row_number() OVER (PARTITION BY known.id IS NULL ORDER BY ordinal) - 1
            ) AS position,
            {merged}
        FROM incoming
        LEFT JOIN catalog_product AS known
            ON known.store_id = %(store)s AND known.item_id = incoming.item_id
        CROSS JOIN LATERAL jsonb_populate_record(
            known, CASE WHEN known.id IS NULL THEN %(empty)s::jsonb || fields ELSE fields END
        ) AS merged
        WHERE merged IS DISTINCT FROM known
    ), written AS (
        INSERT INTO catalog_product (store_id, item_id, position, version, updated_at, {columns})
        SELECT %(store)s, item_id, position, %(version)s, %(now)s, {columns} FROM changed
        ON CONFLICT (store_id, item_id) DO UPDATE
        SET version = EXCLUDED.version, updated_at = EXCLUDED.updated_at, {replaced}
    )
    SELECT item_id, is_new FROM changed
    """
).format(
    columns=sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)),
    merged=sql.SQL(", ").join(sql.Identifier("merged", column) for column in _COLUMNS),
    replaced=sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in _COLUMNS),
)


def _write_rows(locked: Store, rows: list[dict[str, Json]], *, version: int, now: datetime) -> dict[str, Outcome]:
    parameters: dict[str, Any] = {
        "rows": orjson.dumps(rows).decode(),
        "empty": orjson.dumps(_EMPTY_ROW | {"launched_at": now.isoformat()}).decode(),
        "store": locked.pk,
        "next_position": locked.next_position,
        "version": version,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, parameters)
        return {item_id: "created" if is_new else "updated" for item_id, is_new in cursor.fetchall()}
