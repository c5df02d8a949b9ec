"""Ablation: what is taken away is gone and nothing else is, and each variant is judged by visits it never saw."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import ablation
from benchmarks.ablation import Judged, Table, Variant
from benchmarks.bench_ablation import figures, halves
from benchmarks.remembered import remembered
from personalization import estimation, situation
from personalization.evidence import MECHANISMS
from personalization.features import FEATURES
from personalization.memory import recall
from personalization.memory.live import live_memory
from personalization.situation import FAMILY_SLICES

# --- Halves and figures -------------------------------------------------------------------------------------------


def question(visit: str, *, following: int = 1, is_new: bool = True, taken: frozenset = frozenset()):
    return SimpleNamespace(visit_id=visit, following=following, is_new=is_new, taken=taken)


ASKED = [question("a"), question("a"), question("b"), question("c"), question("c"), question("d")]


def test_variants_learn_from_earlier_visits_and_are_judged_by_later_ones():
    teaching, judging = halves(ASKED, taught=2, judged=9)

    assert [one.visit_id for one in teaching] == ["a", "b"]
    assert [one.visit_id for one in judging] == ["c", "c", "d"]


def test_figures_tell_what_is_lost_without():
    judging = [
        question("c", taken=frozenset({7})),
        question("d", is_new=False),
        question("e", following=-1, is_new=False),
    ]
    judged = {
        Variant("nothing", "whole", None, None): Judged(np.array([1, 2, 0]), np.array([1, 0, 0])),
        Variant("trails", "mechanism", None, None): Judged(np.array([0, 2, 0]), np.array([0, 0, 0])),
    }

    told = figures(judging, judged)

    assert told["questions"] == {"hr": 2, "mrr": 2, "hr_new": 1, "mrr_new": 1, "taken": 1}
    assert told["variants"]["nothing"]["mrr"][0] == 0.75
    assert {name: lost[0] for name, lost in told["variants"]["trails"]["lost"].items()} == {
        "hr": 0.5,
        "mrr": 0.5,
        "hr_new": 1.0,
        "mrr_new": 1.0,
        "taken": 1.0,
    }


# --- A town -------------------------------------------------------------------------------------------------------


@pytest.fixture
def memory(standing, storefront):
    return live_memory(store_id=standing.store.pk)


@pytest.fixture
def past(standing, memory):
    return remembered(standing.store, memory)


@pytest.fixture
def asked(standing, storefront):
    return ablation.asked(standing, storefront, rng=np.random.default_rng(1))[:12]


@pytest.fixture
def variants(memory) -> dict[str, Variant]:
    return {variant.name: variant for variant in ablation.variants(memory)}


def test_exact_neighbours_are_those_of_the_memory(memory, past, asked, storefront):
    table = Table(memory, past, storefront.facts, memory.scaling, asked)
    for row, one in enumerate(asked[:5]):
        here = situation.vector(one.markers, memory.scaling)
        stored = recall.nearest(memory.generation_id, here, k=memory.k, ef=memory.k, exact=True)

        # The memory keeps half precision.
        assert table._near[row][1] == pytest.approx(stored.distance, rel=5e-3, abs=5e-3)


def test_every_mechanism_and_every_family_that_weighs_is_taken_away_once(memory, variants):
    weighing = {family for family, rows in FAMILY_SLICES.items() if memory.scaling.weight[rows].any()}
    kinds = [variant.kind for variant in variants.values()]

    assert kinds[0] == "whole"
    assert {variant.name for variant in variants.values() if variant.kind == "family"} == weighing
    assert kinds.count("mechanism") == len(MECHANISMS) + 3  # and two together, the list in front, the scaling
    assert kinds.count("alone") == len(MECHANISMS)


def test_a_family_taken_away_weighs_nothing_and_the_others_as_before(memory, variants):
    for family, rows in FAMILY_SLICES.items():
        if family in variants:
            weight = variants[family].scaling.weight.copy()

            assert not weight[rows].any()
            weight[rows] = memory.scaling.weight[rows]
            assert (weight == memory.scaling.weight).all()


def test_without_the_learned_scaling_every_family_weighs_the_same(variants):
    weight = variants["learned scaling"].scaling.weight

    assert {round(float((weight[rows] ** 2).sum()), 5) for rows in FAMILY_SLICES.values()} == {1.0}


FELT = {
    "trails (exact items)": {"followed_view", "followed_after"},
    "vector recall": {"recalled_view", "analogues_cart"},
    "transposition": {"transposed_view"},
    "learned transitions": {"walked", "stepped"},
    "the list in front": {"listed"},
}


@pytest.mark.parametrize("name", FELT)
def test_evidence_taken_away_speaks_no_more(memory, past, asked, storefront, variants, name):
    table = Table(memory, past, storefront.facts, memory.scaling, asked)
    whole, _, _ = table.stacked(range(len(asked)), variants["nothing"].without)
    without, _, _ = table.stacked(range(len(asked)), variants[name].without)

    for feature in FELT[name]:
        column = FEATURES.index(feature)
        assert np.ptp(whole[:, column]) > 0
        assert np.ptp(without[:, column]) == pytest.approx(0, abs=1e-6)


def test_alone_a_kind_of_evidence_speaks_as_before_and_no_other_does(memory, past, asked, storefront, variants):
    table = Table(memory, past, storefront.facts, memory.scaling, asked)
    alone, _, _ = table.stacked(range(len(asked)), variants["trails (exact items) alone"].without)
    spread = dict(zip(FEATURES, np.ptp(alone, axis=0), strict=True))

    assert spread["followed_view"] > 0
    assert (spread["recalled_view"], spread["transposed_view"]) == pytest.approx((0, 0), abs=1e-6)


def test_what_is_taught_tells_the_next_product_from_the_others(standing, memory, past, storefront, variants):
    drawn = [ablation.asked(standing, storefront, rng=np.random.default_rng(seed)) for seed in range(5)]
    every, whole = [one for asked in drawn for one in asked], variants["nothing"]
    table, rows = Table(memory, past, storefront.facts, memory.scaling, every), range(len(every))
    features, outcomes, _ = table.stacked(rows, whole.without)
    following = outcomes[:, 0]

    likely = table.taught(rows, whole.without).probabilities(features)[:, 0]

    assert likely[following].mean() > 3 * likely[~following].mean()
    assert likely.sum() == pytest.approx(following.sum(), rel=0.1)  # of as many as came next


def test_a_list_is_ranked_by_the_estimator_and_the_place_is_that_of_the_next_product(
    memory, past, asked, storefront, variants
):
    table = Table(memory, past, storefront.facts, memory.scaling, asked)
    rows = range(len(asked))
    weights = np.zeros((4, len(FEATURES)))
    weights[:, FEATURES.index("is_last")] = 50.0
    last = [one.visit.intent.last_products[:1] for one in asked]
    table._asked = [replace(one, following=met[0] if met else -1) for one, met in zip(asked, last, strict=True)]

    judged = table.judged(rows, variants["nothing"].without, estimation.Estimator(weights, np.zeros(4)))

    shown = [bool(met) and bool(one.eligible[met[0]]) for one, met in zip(asked, last, strict=True)]
    assert any(shown)
    assert [place == 1 for place in judged.place] == shown
