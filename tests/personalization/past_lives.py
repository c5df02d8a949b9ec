"""Trails of persons for tests of the pure mathematics: who met what, how, and how many days ago."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from personalization.persons import Today
from personalization.trails import CART, PURCHASE, VIEW, Trails, index_trails

DAY: Final = 86_400.0
NOW: Final = 1000 * DAY

# One visit: whose, how many days ago it ended, and what happened to which product.
PastVisit = tuple[int, float, Mapping[int, int]]

__all__ = ["CART", "DAY", "NOW", "PURCHASE", "VIEW", "looked", "meeting", "trails_of"]


def trails_of(*visits: PastVisit, catalog: int = 10) -> Trails:
    """The trails of these visits."""
    return index_trails(
        offsets=np.concatenate([[0], np.cumsum([len(met) for _, _, met in visits])]).astype(np.int64),
        products=np.array([product for _, _, met in visits for product in met], np.int32),
        kinds=np.array([kind for _, _, met in visits for kind in met.values()], np.uint8),
        ended=np.array([NOW - days * DAY for _, days, _ in visits], np.float64),
        visits=np.arange(1, len(visits) + 1, dtype=np.int64),
        persons=np.array([person for person, _, _ in visits], np.int64),
        catalog=catalog,
    )


def looked(*visits: Sequence[int], catalog: int) -> Trails:
    """Visits that looked at these products, one after the other."""
    met = [list(dict.fromkeys(visit)) for visit in visits]
    return index_trails(
        offsets=_offsets_of(met),
        products=np.array([product for visit in met for product in visit], np.int32),
        kinds=np.full(sum(map(len, met)), VIEW, np.uint8),
        ended=np.arange(len(visits), dtype=np.float64),
        visits=np.arange(1, len(visits) + 1),
        persons=np.zeros(len(visits), np.int64),
        catalog=catalog,
        looks=(_offsets_of(visits), np.array([product for visit in visits for product in visit], np.int32)),
    )


def _offsets_of(rows: Sequence[Sequence[int]]) -> Any:
    return np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)


def meeting(*products: int, in_cart: tuple[int, ...] = ()) -> Today:
    """A visit under way that met these products, the newest first."""
    return Today(
        products=np.array(products, np.int32),
        looks=np.ones(len(products), np.float32),
        in_cart=np.array([product in in_cart for product in products], bool),
    )
