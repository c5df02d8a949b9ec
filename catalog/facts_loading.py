"""Reads products from the database into ProductFacts, whole or only what changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog.facts import UNKNOWN, ProductFacts
from catalog.models import Category, Product, Store
from catalog.models.product import Availability

_SOLD_WITHOUT_STOCK: Final = frozenset((Availability.PREORDER, Availability.BACKORDER))


class _Row(NamedTuple):
    """The columns of a product that facts are made of, in the order they are read."""

    position: int
    version: int
    item_id: str
    title: str
    link: str
    image_link: str
    published: bool
    deleted_at: datetime | None
    availability: str
    price: Decimal | None
    sale_price: Decimal | None
    sale_price_starts: datetime | None
    sale_price_ends: datetime | None
    cost_of_goods_sold: Decimal | None
    quantity: int | None
    rating: float | None
    rating_count: int
    launched_at: datetime
    brand: str
    category_id: int | None
    item_group_id: str


def load_facts(*, store_id: int) -> ProductFacts:
    """Everything the store sells."""
    version = Store.objects.values_list("catalog_version", flat=True).get(pk=store_id)
    return reload_facts(_nothing(store_id), version=version)


def reload_facts(facts: ProductFacts, *, version: int) -> ProductFacts:
    """A copy with the changes since `facts.version`; `facts` itself stays as it is, for its readers.

    `version` was read before the rows, so the rows may be ahead of it: the copy's version is the newest seen.
    The categories are read after the rows, when the shelf of every row is there.
    """
    rows = list(_changed_rows(facts))
    tree = _read_tree(facts)
    places = [row.position for row in rows]
    length = max(len(facts), max(places, default=-1) + 1)
    brands, groups = _Register(facts.brands), _Register(facts.groups)
    return replace(
        facts,
        version=max(version, max((row.version for row in rows), default=0)),
        positions=facts.positions | {row.item_id: row.position for row in rows},
        item_ids=_texts(facts.item_ids, length, places, [row.item_id for row in rows]),
        titles=_texts(facts.titles, length, places, [row.title for row in rows]),
        links=_texts(facts.links, length, places, [row.link for row in rows]),
        image_links=_texts(facts.image_links, length, places, [row.image_link for row in rows]),
        brand=_array(facts.brand, length, places, [brands.index(row.brand) for row in rows]),
        group=_array(facts.group, length, places, [groups.index(row.item_group_id) for row in rows]),
        category=_array(facts.category, length, places, [tree.index(row.category_id) for row in rows]),
        brands=brands.names,
        groups=groups.names,
        category_ids=tree.ids,
        category_parents=np.array(tree.parents, np.int32),
        category_paths=tree.paths,
        **_columns(facts, length, places, rows),
    )


def _changed_rows(facts: ProductFacts) -> Iterator[_Row]:
    changed = Product.objects.changed_since(store_id=facts.store_id, version=facts.version)
    return map(_Row._make, changed.order_by("position").values_list(*_Row._fields))


def _nothing(store_id: int) -> ProductFacts:
    """A store without products, older than any version."""
    whole, real = np.empty(0, np.int32), np.empty(0, np.float32)
    moment, truth = np.empty(0, np.float64), np.empty(0, np.bool_)
    return ProductFacts(
        store_id=store_id,
        version=0,
        item_ids=[],
        positions={},
        titles=[],
        listed=truth,
        buyable=truth,
        list_price=real,
        sale_price=real,
        sale_starts=moment,
        sale_ends=moment,
        cost=real,
        quantity=whole,
        rating=real,
        rating_count=whole,
        launched_at=moment,
        brand=whole,
        brands=[],
        category=whole,
        category_ids=[],
        category_parents=whole,
        category_paths=[],
        group=whole,
    )


def _listed(row: _Row) -> bool:
    return row.published and row.deleted_at is None


def _buyable(row: _Row) -> bool:
    if row.availability == Availability.IN_STOCK:
        return _listed(row) and row.quantity != 0
    return _listed(row) and row.availability in _SOLD_WITHOUT_STOCK


def _number(value: Decimal | float | None) -> float:
    return math.nan if value is None else float(value)


# The arrays that hold a value of the product's own row: how it is read, and what stands where none is.
_VALUES: Final[dict[str, tuple[Callable[[_Row], float], float]]] = {
    "listed": (_listed, False),
    "buyable": (_buyable, False),
    "list_price": (lambda row: _number(row.price), math.nan),
    "sale_price": (lambda row: _number(row.sale_price), math.nan),
    "sale_starts": (lambda row: _instant(row.sale_price_starts, -math.inf), -math.inf),
    "sale_ends": (lambda row: _instant(row.sale_price_ends, math.inf), math.inf),
    "cost": (lambda row: _number(row.cost_of_goods_sold), math.nan),
    "quantity": (lambda row: UNKNOWN if row.quantity is None else row.quantity, UNKNOWN),
    "rating": (lambda row: _number(row.rating), math.nan),
    "rating_count": (lambda row: row.rating_count, 0),
    "launched_at": (lambda row: row.launched_at.timestamp(), 0.0),
}


def _instant(value: datetime | None, otherwise: float) -> float:
    return otherwise if value is None else value.timestamp()


def _columns(facts: ProductFacts, length: int, places: list[int], rows: list[_Row]) -> dict[str, Any]:
    return {
        name: _array(getattr(facts, name), length, places, [read(row) for row in rows], blank=blank)
        for name, (read, blank) in _VALUES.items()
    }


def _array(
    former: NDArray[Any], length: int, places: list[int], values: list[Any], *, blank: float = UNKNOWN
) -> NDArray[Any]:
    """A copy of `length`, with these values at these places; `former` itself where nothing changed."""
    if not places:
        return former
    array = np.full(length, blank, former.dtype)
    array[: len(former)] = former
    array[places] = values
    return array


def _texts(former: list[str], length: int, places: list[int], values: list[str]) -> list[str]:
    if not places:
        return former
    texts = former + [""] * (length - len(former))
    for place, value in zip(places, values, strict=True):
        texts[place] = value
    return texts


class _Register:
    """Numbers names in the order they are met; numbers given before stay."""

    def __init__(self, names: list[str]) -> None:
        self.names = list(names)
        self._numbers = {name: number for number, name in enumerate(names)}

    def index(self, name: str) -> int:
        """The name's number, a new one for a new name; −1 for no name."""
        if not name:
            return UNKNOWN
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


class _Tree:
    """The store's categories by index; an index never changes its category, also when that one is gone."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = list(ids)
        self._indices = {identity: index for index, identity in enumerate(ids)}
        self.parents = [UNKNOWN] * len(ids)
        self.paths = [""] * len(ids)

    def add(self, identity: int) -> None:
        """Give a category without an index the next one."""
        if identity not in self._indices:
            self._indices[identity] = len(self.ids)
            self.ids.append(identity)
            self.parents.append(UNKNOWN)
            self.paths.append("")

    def index(self, identity: int | None) -> int:
        """The category's index, −1 for none or for one that was deleted after its product was read."""
        return UNKNOWN if identity is None else self._indices.get(identity, UNKNOWN)


def _read_tree(facts: ProductFacts) -> _Tree:
    found = Category.objects.filter(store_id=facts.store_id).order_by("id")
    categories = list(found.values_list("id", "parent_id", "path"))
    tree = _Tree(facts.category_ids)
    for identity, _, _ in categories:
        tree.add(identity)
    for identity, parent, path in categories:
        index = tree.index(identity)
        tree.parents[index] = tree.index(parent)
        tree.paths[index] = path
    return tree
