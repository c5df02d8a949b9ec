"""One question with all that speaks in it, on a catalog of eight products: every number can be checked by hand."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from personalization.evidence import (
    NOTHING_BESIDE,
    NOTHING_RECALLED,
    NOWHERE_WALKED,
    Beside,
    Evidence,
    Here,
    Recalled,
    Shelves,
    Walked,
)
from personalization.kindred import NO_KIN, Kin, Kindred
from personalization.persons import NEVER, Dealings
from personalization.trails import NOTHING as NOTHING_FOLLOWED
from personalization.trails import Followed
from personalization.transitions import Reached
from personalization.transposition import NOTHING as NOTHING_TRANSPOSED
from personalization.transposition import Transposed

CATALOG: Final = 8
NOW: Final = 1000 * 86_400.0
MONTH: Final = 30 * 86_400.0


def floats(*values: float) -> Any:
    return np.array(values, np.float32)


def ints(*values: int) -> Any:
    return np.array(values, np.int32)


# Two products were met and the older one is in the cart; a list with 7 and 3 was in front, now the page of 2 is.
HERE: Final = Here(
    seen=ints(2, 1),
    times=floats(3, 1),
    stays=2,
    returns=1,
    in_cart=ints(1),
    listed=ints(7, 3),
    page=2,
    displayed=ints(0),
    focus=floats(1, *[0] * 31),
    steps=4,
    visits=3,
    at=NOW,
)
FOLLOWED: Final = Followed(
    products=ints(3, 4),
    view=floats(1.0, 3.0),
    cart=floats(0.5, 0.0),
    purchase=floats(0.25, 0.0),
    after=floats(0.0, 2.0),
    origin=ints(2, 2),
    support=floats(2, 3),
    mass=4.0,
)
RECALLED: Final = Recalled(
    products=ints(4, 5),
    view=floats(2.0, 1.0),
    cart=floats(1.0, 0.0),
    purchase=floats(0.0, 0.5),
    support=floats(2, 1),
    steps=floats(6, 2),
    reached=floats(1, 1),
    mass=10.0,
    cart_mass=3.0,
    purchase_mass=1.0,
)
TRANSPOSED: Final = Transposed(
    products=ints(0, 6),
    view=floats(1.0, 5.0),
    cart=floats(1.0, 0.0),
    purchase=floats(0.0, 2.0),
    origin=ints(0, 0),
    success=ints(1, 1),
)
WALKED: Final = Walked(
    recent=Reached(ints(3, 5, 6), floats(0.2, 0.1, 0.4)),
    last=Reached(ints(3), floats(0.5)),
    step=Reached(ints(6), floats(0.25)),
)
BESIDE: Final = Beside(ints(0, 7), floats(0.75, 0.25), origin=ints(1, 1))
# Product 5 stands near 1. Two looks, of which the older counts half, stand at right angles to each other.
KIN: Final = Kin(near=ints(5), origin=ints(1), looked=np.eye(2, dtype=np.float32), fading=floats(1, 0.5))
OWN: Final = Dealings(
    products=ints(1, 5),
    met=floats(2, 1),
    bought=floats(1, 0),
    met_days=floats(14, 28),
    bought_days=floats(14, NEVER),
    first_bought_days=floats(14, NEVER),
    met_share=floats(0.5, 0.25),
    bought_share=floats(0.16, 0.0),
)
EVIDENCE: Final = Evidence(
    here=HERE,
    followed=FOLLOWED,
    recalled=RECALLED,
    transposed=TRANSPOSED,
    walked=WALKED,
    beside=BESIDE,
    kin=KIN,
    own=OWN,
)
NOTHING_DONE: Final = Dealings(ints(), *(floats() for _ in range(7)))
SILENCE: Final = Evidence(
    here=Here(
        seen=ints(),
        times=floats(),
        stays=0,
        returns=0,
        in_cart=ints(),
        listed=ints(),
        page=-1,
        displayed=ints(),
        focus=floats(*[0] * 32),
        steps=0,
        visits=0,
        at=NOW,
    ),
    followed=NOTHING_FOLLOWED,
    recalled=NOTHING_RECALLED,
    transposed=NOTHING_TRANSPOSED,
    walked=NOWHERE_WALKED,
    beside=NOTHING_BESIDE,
    kin=NO_KIN,
    own=NOTHING_DONE,
)


def _coordinates() -> Any:
    coordinates = np.zeros((CATALOG, 32), np.float32)
    coordinates[:, 0] = [0.0, 0.1, 0.2, 0.3, 0.4, -0.5, 0.6, 0.7]
    return coordinates


# Products 0, 1, 4 and 7 make a category, 2, 3 and 6 another; 5 is in none.
SHELVES: Final = Shelves(
    coordinates=_coordinates(),
    kindred=Kindred.at(  # 6 and 7 are new
        np.array([[0, 0], [1, 0], [0, 1], [0.6, 0.8], [0, -1], [1, 0]], np.float32), np.full((6, 1), -1, np.int32)
    ),
    popularity=np.linspace(0, 1, CATALOG).astype(np.float32),
    category=ints(0, 0, 1, 1, 0, -1, 1, 0),
    met_lately=floats(8, 0, 4, 0, 0, 0, 2, 0),
    met_ever=floats(7, 6, 5, 4, 3, 2, 1, 0),
    met_share=floats(0.4, 0.3, 0.5, 0.3, 0.2, 0.0, 0.2, 0.1),
    sold_share=floats(0.1, 0.2, 0.2, 0.2, 0.3, 0.0, 0.6, 0.4),
    prices=floats(10, 20, 40, 40, 80, float("nan"), 20, 0),
    typical_price=20.0,
    tier=floats(0, 0.25, 0.5, 0.75, 1, float("nan"), 0.5, 0.25),
    brand=ints(0, 1, 0, 1, 0, -1, 1, 0),
    selling=floats(3, 1, 4, 1, 5, 9, 2, 6),
    rating=floats(0.5, -0.5, 0, 0, 0, 0, 0, 0),
    ratings=floats(2, 1, 0, 0, 0, 0, 0, 0),
    launched_at=np.array([NOW - MONTH * months for months in (0, 1, 2, 1, 0, 0, 1, -1)]),
    best=ints(5, 0, 1, 4, 7, 2, 3, 6),
    starts=np.array([1, 5, 8], np.int64),
)
