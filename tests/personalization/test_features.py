"""Features: each column worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log, log1p, sqrt
from typing import Any

import numpy as np
import pytest

from personalization.evidence import Evidence
from personalization.features import EPSILON, FEATURES, OF_THE_VISIT, features

from .one_question import CATALOG, EVIDENCE, SHELVES, SILENCE, floats, ints

LOOKS = 3 + sqrt(1 / 2)  # of today, an earlier product's counting less
SOUGHT = (3 * 0.5 + sqrt(1 / 2) * 0.25) / LOOKS  # price tier of what was looked at


def table(evidence: Evidence = EVIDENCE) -> Any:
    return features(np.arange(CATALOG, dtype=np.int32), evidence, shelves=SHELVES)


def column(name: str, evidence: Evidence = EVIDENCE) -> list[float]:
    return [float(value) for value in table(evidence)[:, FEATURES.index(name)]]


def by_product(known: dict[int, float]) -> list[float]:
    return [known.get(product, 0.0) for product in range(CATALOG)]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("followed_view", {3: 1 / 4, 4: 3 / 4}),
        ("followed_cart", {3: 0.5 / 4}),
        ("followed_purchase", {3: 0.25 / 4}),
        ("followed_after", {4: 2 / 4}),
        ("recalled_view", {4: 2 / 10, 5: 1 / 10}),
        ("recalled_cart", {4: 1 / 10}),
        ("recalled_purchase", {5: 0.5 / 10}),
        ("transposed_view", {6: 5 / 10, 0: 1 / 10}),
        ("transposed_purchase", {6: 2 / 10}),
        ("walked", {3: 0.2, 5: 0.1, 6: 0.4}),
        ("walked_last", {3: 0.5}),
        ("stepped", {6: 0.25}),
        ("beside", {0: 0.75, 7: 0.25}),
        # The walks lead to the category of 2, 3 and 6 with 0.2 + 0.4, shared out by what of it is met, or sold.
        ("shelf_walked", {2: 0.6 * 0.5, 3: 0.6 * 0.3, 6: 0.6 * 0.2}),
        ("shelf_selling", {2: 0.6 * 0.2, 3: 0.6 * 0.2, 6: 0.6 * 0.6}),
        # Two tenths of the analogues looked at 4, of the category of 0, 1, 4 and 7; 5, of none, tells of nothing else.
        ("shelf_recalled", {0: 0.2 * 0.4, 1: 0.2 * 0.3, 4: 0.2 * 0.2, 7: 0.2 * 0.1}),
        # On display is the category of 0, 1, 4 and 7.
        ("display_met", {0: 0.4, 1: 0.3, 4: 0.2, 7: 0.1}),
        ("display_selling", {0: 0.1, 1: 0.2, 4: 0.3, 7: 0.4}),
    ],
)
def test_evidence_counts_as_the_logarithm_of_its_share(name: str, known: dict[int, float]) -> None:
    assert column(name) == pytest.approx([log(EPSILON + share) for share in by_product(known)], abs=1e-5)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("on_display", dict.fromkeys((0, 1, 4, 7), 1)),
        ("on_page", {2: 1}),
        ("is_last", {2: 1}),
        ("seen_recency", {1: 1 / 2}),  # the last one tells it by itself
        ("seen_times", {1: log1p(1), 2: log1p(3)}),
        # The looks stand at (1, 0) and, counting half, at (0, 1); 1 and 2 were seen, 6 and 7 are new and stand nowhere.
        ("kin", {3: (0.6 + 0.8 / 2) / sqrt(1.25), 4: -0.5 / sqrt(1.25), 5: 1 / sqrt(1.25)}),
        ("kin_last", {3: 0.6, 5: 1}),
        ("kin_best", {3: 0.8, 5: 1}),
        ("listed", {7: 1, 3: 1 / 2}),
        ("in_cart", {1: 1}),
        ("cart_rival", {0: 1, 4: 1, 7: 1}),  # product 1 is in the cart; these share its category
        ("price_gap", {0: log(4), 1: log(2), 4: log(2), 6: log(2)}),  # to the last one's 40; unknown: none
        ("same_category", {2: 1, 3: 1, 6: 1}),
        # Three looks at 2, of brand 0, and one, a place further back, at 1, of brand 1; 5 is of no brand.
        ("brand_looked", dict.fromkeys((0, 2, 4, 7), 3 / LOOKS) | dict.fromkeys((1, 3, 6), sqrt(1 / 2) / LOOKS)),
        ("tier_gap", {p: (t - SOUGHT) ** 2 for p, t in enumerate((0, 0.25, 0.5, 0.75, 1, SOUGHT, 0.5, 0.25))}),
        ("selling", dict(enumerate((3, 1, 4, 1, 5, 9, 2, 6)))),
        ("rating", {0: 0.5, 1: -0.5}),
        ("ratings", {0: 2, 1: 1}),
        ("newness", dict(enumerate((1, 0.5, 0.25, 0.5, 1, 1, 0.5, 1)))),  # what is not launched yet is as new as can be
        ("dearness", {0: -log(2), 2: log(2), 3: log(2), 4: log(4)}),  # than 20; unknown: none
        # Of what was met before, 1 has two thirds: of brand 1 and of the category of 0, 1, 4 and 7.
        ("own_brand", dict.fromkeys((1, 3, 6), 2 / 3)),
        ("own_category", dict.fromkeys((0, 1, 4, 7), 2 / 3)),
        ("own_met", {1: log1p(2), 5: log1p(1)}),
        ("own_bought", {1: log1p(1)}),
        ("own_met_share", {1: sqrt(0.5), 5: sqrt(0.25)}),
        ("own_bought_share", {1: sqrt(0.16)}),
        ("own_lately", {1: 1 / 2, 5: 1 / 4}),  # one, and two, half-lives ago
        ("own_in_focus", {1: sqrt(0.5) * 0.1}),  # today points away from 5
        ("unseen", {0: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1}),
        ("popularity_unseen", {product: product / 7 for product in (0, 3, 4, 5, 6, 7)}),
        ("met_lately_unseen", {0: 8, 6: 2}),
        ("met_ever_unseen", {0: 7, 3: 4, 4: 3, 5: 2, 6: 1}),
        ("unseen_steps", dict.fromkeys((0, 3, 4, 5, 6, 7), log1p(4))),
        ("unseen_stays", dict.fromkeys((0, 3, 4, 5, 6, 7), log1p(2))),
        ("unseen_returns", dict.fromkeys((0, 3, 4, 5, 6, 7), log1p(1))),
        ("last_stays", {2: log1p(2)}),
        ("last_returns", {2: log1p(1)}),
        ("followed_view_root", {3: sqrt(1 / 4), 4: sqrt(3 / 4)}),
        ("recalled_view_root", {4: sqrt(0.2), 5: sqrt(0.1)}),
        ("transposed_view_root", {6: sqrt(0.5), 0: sqrt(0.1)}),
        ("walked_root", {3: sqrt(0.2), 5: sqrt(0.1), 6: sqrt(0.4)}),
        ("walked_last_root", {3: sqrt(0.5)}),
    ],
)
def test_the_visit_and_the_persons_past_bear_on_candidates(name: str, known: dict[int, float]) -> None:
    assert column(name) == pytest.approx(by_product(known), abs=2e-3)  # places are kept small, see `kindred`


def test_the_catalog_bears_on_candidates() -> None:
    assert column("popularity") == pytest.approx([product / 7 for product in range(CATALOG)])
    assert column("focus_cosine") == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, -0.5, 0.6, 0.7])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("analogues_cart", log(EPSILON + 0.3)),
        ("analogues_purchase", log(EPSILON + 0.1)),
        ("steps", log1p(4)),
        ("own_visits", log1p(3)),
    ],
)
def test_what_tells_visits_apart_is_the_same_for_every_candidate(name: str, value: float) -> None:
    assert name in OF_THE_VISIT
    assert column(name) == pytest.approx([value] * CATALOG, abs=1e-5)


@pytest.mark.parametrize("name", [name for name in FEATURES if f"{name}_unseen" in FEATURES])
def test_what_leads_to_new_products_says_nothing_of_seen_ones(name: str) -> None:
    unseen, of_all = column(f"{name}_unseen"), column(name)

    assert unseen == [0.0 if product in (1, 2) else of_all[product] for product in range(CATALOG)]


def test_every_feature_has_one_column() -> None:
    assert len(set(FEATURES)) == len(FEATURES) == table().shape[1]
    assert set(OF_THE_VISIT) < set(FEATURES)


def test_silence_makes_a_table_too() -> None:
    found = table(SILENCE)

    assert found.shape == (CATALOG, len(FEATURES))
    assert np.isfinite(found).all()


def test_where_nothing_was_met_nothing_is_of_its_category_or_price() -> None:
    assert not any(column("same_category", SILENCE))
    assert not any(column("price_gap", SILENCE))


def test_products_without_a_category_share_none() -> None:
    last = replace(EVIDENCE, here=replace(EVIDENCE.here, seen=ints(5), times=floats(1)))

    assert not any(column("same_category", last))


def test_a_last_product_without_a_price_is_no_dearer_than_any() -> None:
    last = replace(EVIDENCE, here=replace(EVIDENCE.here, seen=ints(5), times=floats(1)))

    assert not any(column("price_gap", last))


def test_candidates_may_come_in_any_order() -> None:
    turned = features(np.arange(CATALOG, dtype=np.int32)[::-1].copy(), EVIDENCE, shelves=SHELVES)

    np.testing.assert_array_equal(turned[::-1], table())
