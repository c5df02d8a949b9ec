"""From evidence to estimates: what each candidate's evidence says, weighed by what a rebuild learned.

Three kinds of evidence meet here: trails through the same products, analogous situations, and transposed moves.
A logistic model per outcome, fitted by the rebuild on visits that the evidence had not seen, turns them into
probabilities; its intercept and its visit-level features carry the prior towards which thin evidence shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from personalization.trails import Followed
from personalization.transposition import Transposed

EPSILON = 1e-3  # the share of evidence below which nothing can be told from nothing

FEATURES: Final = (
    "followed_view", "followed_cart", "followed_purchase", "followed_after", "recalled_view", "recalled_cart",
    "recalled_purchase", "transposed_view", "transposed_purchase", "popularity", "is_last", "seen_recency",
    "seen_times", "in_cart", "focus_cosine", "price_gap", "same_category", "analogues_cart", "analogues_purchase",
    "steps", "cart_rival", "followed_view_root", "recalled_view_root", "transposed_view_root", "followed_view_unseen",
    "followed_after_unseen", "recalled_view_unseen", "transposed_view_unseen",
)  # fmt: skip
_COLUMN: Final = {name: column for column, name in enumerate(FEATURES)}
OUTCOMES: Final = ("next", "view", "cart", "purchase")


@dataclass(frozen=True, slots=True)
class Recalled:
    """Outcome evidence of analogous situations, summed by product.

    Attributes:
        products: int32 (n,), no repeats.
        view, cart, purchase: float32 (n,), summed similarity of the analogues after which it happened.
        support: float32 (n,), effective number of analogues (Kish).
        mass: summed similarity of all analogues.
        cart_mass, purchase_mass: of those after which anything was carted, bought.
    """

    products: NDArray[np.int32]
    view: NDArray[np.float32]
    cart: NDArray[np.float32]
    purchase: NDArray[np.float32]
    support: NDArray[np.float32]
    mass: float
    cart_mass: float
    purchase_mass: float


NOTHING_RECALLED = Recalled(
    products=np.empty(0, np.int32),
    view=np.empty(0, np.float32),
    cart=np.empty(0, np.float32),
    purchase=np.empty(0, np.float32),
    support=np.empty(0, np.float32),
    mass=0.0,
    cart_mass=0.0,
    purchase_mass=0.0,
)


@dataclass(frozen=True, slots=True)
class Here:
    """What of the visit itself bears on candidates.

    Attributes:
        seen: products met in the visit, newest first, distinct.
        times: how often each of `seen` was viewed.
        in_cart: products now in the cart.
        focus: float32 (32,), the recent focus in the product space.
        steps: events so far.
    """

    seen: NDArray[np.int32]
    times: NDArray[np.float32]
    in_cart: NDArray[np.int32]
    focus: NDArray[np.float32]
    steps: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks in one question."""

    here: Here
    followed: Followed
    recalled: Recalled
    transposed: Transposed


@dataclass(frozen=True, slots=True)
class Estimator:
    """The fitted models.

    Attributes:
        weights: float64 (4, features), one row an outcome of OUTCOMES.
        intercepts: float64 (4,).
    """

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (candidates, 4) from features (candidates, features)."""
        logits = features @ self.weights.T.astype(np.float32) + self.intercepts.astype(np.float32)
        return np.asarray(expit(logits), dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        return {
            "features": list(FEATURES),
            "weights": self.weights.tolist(),
            "intercepts": self.intercepts.tolist(),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Estimator:
        """The stored models, their columns brought into today's order; a feature unknown then weighs nothing."""
        then = {name: column for column, name in enumerate(stored["features"])}
        weights = np.array(stored["weights"])
        columns = [weights[:, then[name]] if name in then else np.zeros(len(OUTCOMES)) for name in FEATURES]
        return cls(weights=np.stack(columns, axis=1), intercepts=np.array(stored["intercepts"]))


def propose(
    evidence: Evidence,
    *,
    popular: NDArray[np.int32],
    eligible: NDArray[np.bool_],
    most: int,
) -> NDArray[np.int32]:
    """int32 (n ≤ most + popular): every eligible product that some evidence speaks for, the strongest kept."""
    followed = _top(evidence.followed.products, evidence.followed.view, most // 2)
    recalled = _top(evidence.recalled.products, evidence.recalled.view + evidence.recalled.purchase, most // 3)
    transposed = _top(evidence.transposed.products, evidence.transposed.view, most // 6)
    together = np.unique(np.concatenate([followed, recalled, transposed, evidence.here.seen, popular]))
    together = together[(together >= 0) & (together < len(eligible))]
    return np.asarray(together[eligible[together]], dtype=np.int32)


def features(
    candidates: NDArray[np.int32],
    evidence: Evidence,
    *,
    coordinates: NDArray[np.float32],
    popularity: NDArray[np.float32],
    prices: NDArray[np.float32],
    categories: NDArray[np.int32],
) -> NDArray[np.float32]:
    """float32 (candidates, len(FEATURES)); the catalog's arrays are by position."""
    here, followed, recalled, transposed = (
        evidence.here,
        evidence.followed,
        evidence.recalled,
        evidence.transposed,
    )
    transposed_mass = max(recalled.mass, 1e-9)
    last = int(here.seen[0]) if len(here.seen) else -1
    placed = candidates < len(coordinates)
    inside = np.where(placed, candidates, 0)
    back = looked_up(candidates, here.seen, 1.0 / (1.0 + np.arange(len(here.seen), dtype=np.float32)))
    columns = [
        _log_share(candidates, followed.products, followed.view, followed.mass),
        _log_share(candidates, followed.products, followed.cart, followed.mass),
        _log_share(candidates, followed.products, followed.purchase, followed.mass),
        _log_share(candidates, followed.products, followed.after, followed.mass),
        _log_share(candidates, recalled.products, recalled.view, recalled.mass),
        _log_share(candidates, recalled.products, recalled.cart, recalled.mass),
        _log_share(candidates, recalled.products, recalled.purchase, recalled.mass),
        _log_share(candidates, transposed.products, transposed.view, transposed_mass),
        _log_share(candidates, transposed.products, transposed.purchase, transposed_mass),
        np.where(placed, popularity[inside], 0.0) if len(popularity) else np.zeros(len(candidates)),
        candidates == last,
        np.where(candidates == last, 0.0, back),
        np.log1p(looked_up(candidates, here.seen, here.times)),
        np.isin(candidates, here.in_cart),
        np.where(placed, coordinates[inside] @ here.focus, 0.0) if len(coordinates) else np.zeros(len(candidates)),
        _price_gap(candidates, last, prices),
        (categories[candidates] == categories[last]) & (categories[last] >= 0)
        if last >= 0
        else np.zeros(len(candidates)),
        np.full(len(candidates), np.log(EPSILON + recalled.cart_mass / transposed_mass)),
        np.full(len(candidates), np.log(EPSILON + recalled.purchase_mass / transposed_mass)),
        np.full(len(candidates), np.log1p(here.steps)),
        _rivals(candidates, here.in_cart, categories),
    ]
    table = np.stack(columns, axis=1).astype(np.float32)
    return np.concatenate([table, _bent(table), _unseen(table, seen=back > 0)], axis=1)


def _rivals(
    candidates: NDArray[np.int32], in_cart: NDArray[np.int32], categories: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """bool (candidates,): not in the cart itself, but of the category of something that is."""
    shelves = np.unique(categories[in_cart])
    return np.isin(categories[candidates], shelves[shelves >= 0]) & ~np.isin(candidates, in_cart)


def _bent(table: NDArray[np.float32]) -> NDArray[np.float32]:
    """Square roots of the shares of views: where the logarithm flattens what stands out."""
    shares = np.exp(table[:, [_COLUMN[f"{kind}_view"] for kind in ("followed", "recalled", "transposed")]]) - EPSILON
    return np.sqrt(np.maximum(shares, 0.0))


def _unseen(table: NDArray[np.float32], *, seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Shares of views of products not met in the visit: what leads to new ones differs from what leads back."""
    columns = ("followed_view", "followed_after", "recalled_view", "transposed_view")
    return np.where(seen[:, None], 0.0, table[:, [_COLUMN[name] for name in columns]])


def fit(rows: NDArray[np.float32], outcomes: NDArray[np.bool_]) -> Estimator:
    """The models that best tell outcomes from evidence.

    Args:
        rows: float32 (n, features), candidates of questions whose visits the evidence had not seen.
        outcomes: bool (n, 4), what then happened, columns as OUTCOMES.

    An outcome seen fewer than ten times keeps the shape of the next more frequent one, shifted to its own
    frequency: a store whose events are views alone still ranks by what is most likely to be bought. Where even the
    first is too rare, the untaught models hold.
    """
    centre, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    # A feature that does not vary weighs nothing: an infinite spread leaves it so.
    spread = np.where(spread > 1e-4, spread, np.inf)
    scaled = ((rows - centre) / spread).astype(np.float32)
    weights, intercepts = UNTAUGHT.weights.copy(), UNTAUGHT.intercepts.copy()
    for row in range(len(OUTCOMES)):
        happened = outcomes[:, row]
        if 10 <= happened.sum() < len(happened):
            model = LogisticRegression(C=1.0, max_iter=300).fit(scaled, happened)
            weights[row] = model.coef_[0] / spread
            intercepts[row] = model.intercept_[0] - float(model.coef_[0] @ (centre / spread))
        elif row:
            rarer = np.log((happened.sum() + 0.5) / (outcomes[:, row - 1].sum() + 1.0))
            weights[row], intercepts[row] = weights[row - 1], intercepts[row - 1] + rarer
    return Estimator(weights=weights, intercepts=intercepts)


def expected_calibration_error(predicted: NDArray[np.float32], happened: NDArray[np.bool_], *, bins: int = 15) -> float:
    """Mean |predicted − observed| over equal-mass bins (Naeini, Cooper & Hauskrecht, AAAI 2015)."""
    order = np.argsort(predicted, kind="stable")
    gaps = [
        abs(float(predicted[part].mean()) - float(happened[part].mean())) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / max(len(order), 1)


def _top(products: NDArray[np.int32], weights: NDArray[np.float32], most: int) -> NDArray[np.int32]:
    if len(products) <= most:
        return products
    return products[np.argpartition(-weights, most)[:most]]


def looked_up(
    candidates: NDArray[np.int32], products: NDArray[np.int32], values: NDArray[Any], *, absent: int = 0
) -> NDArray[Any]:
    """(candidates,): each candidate's value, `absent` where `products` does not hold it."""
    if not len(products):
        return np.full(len(candidates), absent, values.dtype)
    order = np.argsort(products, kind="stable")
    ranked = products[order]
    at = np.minimum(np.searchsorted(ranked, candidates), len(ranked) - 1)
    return np.where(ranked[at] == candidates, values[order[at]], np.asarray(absent, values.dtype))


def _log_share(
    candidates: NDArray[np.int32], products: NDArray[np.int32], evidence: NDArray[np.float32], mass: float
) -> NDArray[np.float32]:
    share = looked_up(candidates, products, evidence) / max(mass, 1e-9)
    return np.log(EPSILON + share)


def _price_gap(candidates: NDArray[np.int32], last: int, prices: NDArray[np.float32]) -> NDArray[np.float32]:
    """|log price ratio| to the last product, 0 when unknown."""
    if last < 0 or not prices[last] > 0:
        return np.zeros(len(candidates), np.float32)
    asked = prices[candidates]
    known = asked > 0
    return np.where(known, np.abs(np.log(np.where(known, asked, 1.0) / prices[last])), 0.0).astype(np.float32)


def _untaught() -> Estimator:
    """What a store too young to learn from starts with: evidence counts, follow-ups are rare."""
    evidence = np.array([1.0 if name.endswith("_view") else 0.5 if name == "popularity" else 0.0 for name in FEATURES])
    return Estimator(weights=np.tile(evidence, (len(OUTCOMES), 1)), intercepts=np.array([6.0, 6.5, 4.5, 3.5]))


UNTAUGHT: Final = _untaught()
