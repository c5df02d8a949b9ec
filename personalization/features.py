"""Features: what estimates are made from, a row a candidate: how much of each kind of evidence speaks for it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from personalization.evidence import Evidence, Here, Shelves, by_category
from personalization.kindred import Kin
from personalization.lookup import among, find, looked_up
from personalization.persons import Dealings

EPSILON: Final = 1e-3  # the share of evidence below which nothing can be told from nothing
LATELY: Final = 14.0  # days in which what the visitor met counts half
NEW: Final = 30.0  # days in which a product becomes half as new
_DAY: Final = 86_400.0

# Said of a product by evidence that also tells who comes back to what they saw from who goes on to what is new.
_TOLD: Final = (
    "followed_view", "followed_after", "recalled_view", "transposed_view", "walked", "walked_last", "stepped",
)  # fmt: skip
# Of a product whoever asks: what draws to new products need not draw back to known ones.
_GENERAL: Final = ("popularity", "met_lately", "met_ever")
_ROOTS: Final = ("followed_view", "recalled_view", "transposed_view", "walked", "walked_last")
FEATURES: Final = (
    *_TOLD, "followed_cart", "followed_purchase", "recalled_cart", "recalled_purchase", "transposed_purchase", "beside",
    "shelf_walked", "shelf_recalled", "shelf_selling", "listed", "on_display", "display_met", "display_selling",
    *_GENERAL, "selling", "rating", "ratings", "newness", "dearness", "on_page", "is_last", "seen_recency",
    "seen_times", "in_cart", "cart_rival", "focus_cosine", "price_gap", "same_category", "brand_looked", "tier_gap",
    "kin", "kin_last", "kin_best", "own_met", "own_bought", "own_met_share", "own_bought_share", "own_lately",
    "own_in_focus", "own_brand", "own_category", "unseen", "unseen_steps", "last_stays", "last_returns",
    "unseen_stays", "unseen_returns",
    *(f"{name}_unseen" for name in (*_TOLD, *_GENERAL)), *(f"{name}_root" for name in _ROOTS),
    "analogues_cart", "analogues_purchase", "steps", "own_visits",
)  # fmt: skip
# The same for every candidate of a question: they tell visits apart, not products.
OF_THE_VISIT: Final = ("analogues_cart", "analogues_purchase", "steps", "own_visits")


def features(candidates: NDArray[np.int32], evidence: Evidence, *, shelves: Shelves) -> NDArray[np.float32]:
    """float32 (candidates, len(FEATURES))."""
    here = evidence.here
    seen = among(candidates, here.seen)
    columns = _of_evidence(candidates, evidence)
    columns |= _of_shelves(candidates, evidence, shelves)
    columns |= _of_visit(candidates, here, shelves)
    columns |= _of_taste(candidates, evidence, shelves)
    columns |= _of_products(candidates, here, shelves)
    columns |= _of_kin(candidates, evidence.kin, shelves, unseen=~seen)
    columns |= _of_own_past(candidates, evidence.own, cosine=columns["focus_cosine"])
    columns |= {f"{name}_unseen": np.where(seen, 0.0, columns[name]) for name in (*_TOLD, *_GENERAL)}
    columns |= {f"{name}_root": np.sqrt(np.maximum(np.exp(columns[name]) - EPSILON, 0.0)) for name in _ROOTS}
    columns |= _of_habits(here, last=columns["is_last"], unseen=~seen)
    mass = max(evidence.recalled.mass, 1e-9)
    columns |= {  # each the same of every candidate
        "analogues_cart": np.log(EPSILON + evidence.recalled.cart_mass / mass),
        "analogues_purchase": np.log(EPSILON + evidence.recalled.purchase_mass / mass),
        "steps": np.log1p(here.steps),
        "own_visits": np.log1p(here.visits),
    }
    table = np.empty((len(FEATURES), len(candidates)), np.float32)
    for row, name in zip(table, FEATURES, strict=True):
        row[:] = columns[name]
    return np.ascontiguousarray(table.T)


def _of_evidence(candidates: NDArray[np.int32], evidence: Evidence) -> dict[str, NDArray[Any]]:
    """Logarithms of the share of each kind of evidence that speaks for each candidate."""
    followed, recalled, transposed, walked = (
        evidence.followed,
        evidence.recalled,
        evidence.transposed,
        evidence.walked,
    )
    by_trails, by_analogues = find(candidates, followed.products), find(candidates, recalled.products)
    by_moves = find(candidates, transposed.products)
    told = {
        "followed_view": by_trails.of(followed.view) / max(followed.mass, 1e-9),
        "followed_after": by_trails.of(followed.after) / max(followed.mass, 1e-9),
        "followed_cart": by_trails.of(followed.cart) / max(followed.mass, 1e-9),
        "followed_purchase": by_trails.of(followed.purchase) / max(followed.mass, 1e-9),
        "recalled_view": by_analogues.of(recalled.view) / max(recalled.mass, 1e-9),
        "recalled_cart": by_analogues.of(recalled.cart) / max(recalled.mass, 1e-9),
        "recalled_purchase": by_analogues.of(recalled.purchase) / max(recalled.mass, 1e-9),
        "transposed_view": by_moves.of(transposed.view) / max(recalled.mass, 1e-9),
        "transposed_purchase": by_moves.of(transposed.purchase) / max(recalled.mass, 1e-9),
        "walked": find(candidates, walked.recent.products).of(walked.recent.share),
        "walked_last": find(candidates, walked.last.products).of(walked.last.share),
        "stepped": find(candidates, walked.step.products).of(walked.step.share),
        "beside": find(candidates, evidence.beside.products).of(evidence.beside.share),
    }
    return {name: np.log(EPSILON + share) for name, share in told.items()}


def _of_shelves(candidates: NDArray[np.int32], evidence: Evidence, shelves: Shelves) -> dict[str, NDArray[Any]]:
    """What evidence says of a candidate's whole category, shared out by what of it is met and sold."""
    category = shelves.category[candidates]
    walked = by_category(evidence.walked.recent.products, evidence.walked.recent.share, shelves)[category]
    recalled = by_category(evidence.recalled.products, evidence.recalled.view, shelves)[category]
    met, sold = shelves.met_share[candidates], shelves.sold_share[candidates]
    return {
        "shelf_walked": np.log(EPSILON + walked * met),
        "shelf_recalled": np.log(EPSILON + recalled / max(evidence.recalled.mass, 1e-9) * met),
        "shelf_selling": np.log(EPSILON + walked * sold),
    } | _of_display(candidates, evidence.here, shelves)


def _of_display(candidates: NDArray[np.int32], here: Here, shelves: Shelves) -> dict[str, NDArray[Any]]:
    """Of the categories in front of the visitor, and how much of its category each candidate is."""
    displayed = among(shelves.category[candidates], here.displayed)
    return {
        "on_display": displayed,
        "display_met": np.log(EPSILON + displayed * shelves.met_share[candidates]),
        "display_selling": np.log(EPSILON + displayed * shelves.sold_share[candidates]),
    }


def _of_products(candidates: NDArray[np.int32], here: Here, shelves: Shelves) -> dict[str, NDArray[Any]]:
    """What speaks for a product whoever asks."""
    days = np.maximum(here.at - shelves.launched_at[candidates], 0.0) / _DAY
    dearness = np.log(np.maximum(shelves.prices[candidates], 1e-9) / shelves.typical_price)
    return {
        **{name: getattr(shelves, name)[candidates] for name in (*_GENERAL, "selling", "rating", "ratings")},
        "newness": np.exp2(-days / NEW),
        "dearness": np.where(shelves.prices[candidates] > 0, np.nan_to_num(dearness), 0.0),
    }


def _of_kin(
    candidates: NDArray[np.int32], kin: Kin, shelves: Shelves, *, unseen: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    """How near each candidate stands to what was looked at; 0 for what was seen, which is nearest to itself."""
    near = np.zeros((len(candidates), 3), np.float32)
    placed = unseen & (candidates < len(shelves.kindred))
    near[placed] = kin.nearness(candidates[placed], among=shelves.kindred)
    return dict(zip(("kin", "kin_last", "kin_best"), near.T, strict=True))


def _of_taste(candidates: NDArray[np.int32], evidence: Evidence, shelves: Shelves) -> dict[str, NDArray[Any]]:
    """How far each candidate is like what was looked at, today and before, in all but the thing itself."""
    here, own = evidence.here, evidence.own
    looks = (here.times / np.sqrt(1.0 + np.arange(len(here.seen)))).astype(np.float32)
    tier = shelves.tier[here.seen]
    known = np.isfinite(tier)
    sought = float(np.average(tier[known], weights=looks[known])) if known.any() else np.nan
    return {
        "brand_looked": _shared(candidates, here.seen, looks, shelves.brand),
        # Squared: a little dearer is all the same, much dearer is another thing.
        "tier_gap": np.nan_to_num((shelves.tier[candidates] - sought) ** 2),
        "own_brand": _shared(candidates, own.products, own.met_share, shelves.brand),
        "own_category": _shared(candidates, own.products, own.met_share, shelves.category),
    }


def _shared(
    candidates: NDArray[np.int32], products: NDArray[np.int32], weights: NDArray[np.float32], column: NDArray[np.int32]
) -> NDArray[np.float32]:
    """float32 (candidates,): share of the weight that lies on products of the candidate's own brand, or category."""
    if not len(products):
        return np.zeros(len(candidates), np.float32)
    kinds, place = np.unique(column[products], return_inverse=True)
    shares = np.bincount(place, weights, minlength=len(kinds)) / max(float(weights.sum()), 1e-9)
    return looked_up(column[candidates], kinds[kinds >= 0], shares[kinds >= 0].astype(np.float32))


def _of_visit(candidates: NDArray[np.int32], here: Here, shelves: Shelves) -> dict[str, NDArray[Any]]:
    last = int(here.seen[0]) if len(here.seen) else -1
    category = shelves.category[candidates]
    order = np.argsort(here.seen, kind="stable")
    seen = find(candidates, here.seen[order])
    back = seen.of(_fading(here.seen)[order])
    return {
        "on_page": candidates == here.page,
        "is_last": candidates == last,
        "seen_recency": np.where(candidates == last, 0.0, back),
        "seen_times": np.log1p(seen.of(here.times[order])),
        "listed": looked_up(candidates, here.listed, _fading(here.listed)),
        "in_cart": among(candidates, here.in_cart),
        "cart_rival": _rivals(candidates, here.in_cart, shelves.category),
        "focus_cosine": shelves.coordinates[candidates] @ here.focus,
        "price_gap": _price_gap(candidates, last, shelves.prices),
        "same_category": (category == shelves.category[last]) & (category >= 0) if last >= 0 else category < -1,
    }


def _of_habits(here: Here, *, last: NDArray[np.bool_], unseen: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """Who keeps looking at one product, or goes back to what they saw, will again; others go on to what is new."""
    stays, returns = np.log1p(here.stays), np.log1p(here.returns)
    return {
        "unseen": unseen,
        "unseen_steps": unseen * np.log1p(here.steps),
        "unseen_stays": unseen * stays,
        "unseen_returns": unseen * returns,
        "last_stays": last * stays,
        "last_returns": last * returns,
    }


def _of_own_past(
    candidates: NDArray[np.int32], own: Dealings, *, cosine: NDArray[np.float32]
) -> dict[str, NDArray[Any]]:
    """What the visitor did with each candidate on earlier visits; in focus: as far as today points there, too."""
    found = find(candidates, own.products)
    share = np.sqrt(found.of(own.met_share))
    return {
        "own_met": np.log1p(found.of(own.met)),
        "own_bought": np.log1p(found.of(own.bought)),
        "own_met_share": share,
        "own_bought_share": np.sqrt(found.of(own.bought_share)),
        "own_lately": found.of(np.exp2(-own.met_days / LATELY)),
        "own_in_focus": share * np.maximum(cosine, 0.0),
    }


def _rivals(
    candidates: NDArray[np.int32], in_cart: NDArray[np.int32], categories: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """bool (candidates,): not in the cart itself, but of the category of something that is."""
    shelves = categories[in_cart]
    return among(categories[candidates], shelves[shelves >= 0]) & ~among(candidates, in_cart)


def _fading(products: NDArray[np.int32]) -> NDArray[np.float32]:
    """1, ½, ⅓ … by place."""
    return np.asarray(1.0 / (1.0 + np.arange(len(products))), dtype=np.float32)


def _price_gap(candidates: NDArray[np.int32], last: int, prices: NDArray[np.float32]) -> NDArray[np.float32]:
    """|log price ratio| to the last product, 0 when unknown."""
    if last < 0 or not prices[last] > 0:
        return np.zeros(len(candidates), np.float32)
    asked = prices[candidates]
    known = asked > 0
    return np.where(known, np.abs(np.log(np.where(known, asked, 1.0) / prices[last])), 0.0).astype(np.float32)
