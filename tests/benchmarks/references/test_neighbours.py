"""Nearest neighbours on sessions whose scores can be reckoned by hand, and against the published loops, written out."""

from __future__ import annotations

from math import e, exp, log, sqrt

import numpy as np
import pytest

from benchmarks.references.sknn import SessionKnn
from benchmarks.references.stan import Stan
from benchmarks.references.vmis import VmisKnn
from benchmarks.references.vsknn import VectorSessionKnn
from benchmarks.references.vstan import Vstan
from tests.benchmarks.references.told import fitted, ranked, scores, sessions_of

ENOUGH = {"neighbours": 100, "sample": 100}


def test_sknn_sums_the_cosine_of_every_neighbour():
    model = fitted(SessionKnn(**ENOUGH), sessions_of([0, 1], [0, 2, 3, 4]))
    short, long = 1 / sqrt(2), 1 / sqrt(4)
    assert scores(model, 0) == pytest.approx({0: short + long, 1: short, 2: long, 3: long, 4: long})


def test_sknn_by_jaccard_divides_by_the_union():
    model = fitted(SessionKnn(**ENOUGH, jaccard=True), sessions_of([0, 1, 2]))
    # shared 0; together 0, 1, 2, 9
    assert scores(model, 9, 0)[1] == pytest.approx(1 / 4)


def test_vsknn_lowers_what_comes_from_an_earlier_click():
    model = fitted(VectorSessionKnn(**ENOUGH), sessions_of([0, 5], [1, 6]))
    # each neighbour shares one of two items; 1 was the last click, 0 the one before
    assert scores(model, 0, 1) == pytest.approx({0: 0.5 * 0.8, 5: 0.5 * 0.8, 1: 0.5 * 0.9, 6: 0.5 * 0.9})


def test_vsknn_can_weigh_by_the_square_of_the_place():
    model = fitted(
        VectorSessionKnn(**ENOUGH, weighting="quadratic", score_weighting="quadratic"), sessions_of([0, 5], [1, 6])
    )
    # clicks weigh 1/4 and 1, over two items; steps weigh 1/4 and 1
    assert scores(model, 0, 1) == pytest.approx({0: 1 / 32, 5: 1 / 32, 1: 1 / 2, 6: 1 / 2})


def test_vmis_multiplies_likeness_step_and_rarity():
    model = fitted(VmisKnn(**ENOUGH), sessions_of([0, 5, 5], [1, 6]))
    rarity = log(4 / 1)  # 4 distinct items in sessions, each in 1
    assert scores(model, 0, 1) == pytest.approx(
        {0: 0.5 * 0.8 * rarity, 5: 0.5 * 0.8 * rarity, 1: 0.9 * rarity, 6: 0.9 * rarity}
    )


def test_vmis_may_look_at_the_last_clicks_alone():
    model = fitted(VmisKnn(**ENOUGH, last=1), sessions_of([0, 5], [1, 6]))
    assert set(scores(model, 0, 1)) == {1, 6}


def test_stan_decays_by_click_by_age_and_by_distance():
    model = fitted(Stan(**ENOUGH, spw=1.0, snh=10.0, inh=2.0), sessions_of([0, 7, 5], [1, 6], days=[0, 10]))
    norm = sqrt(1 + e**-2)
    old = (e**-1 / (norm * sqrt(3))) * e**-1  # a click back, ten days old
    near = 1 / (norm * sqrt(2))
    assert scores(model, 0, 1) == pytest.approx({0: old, 7: old * e**-0.5, 5: old * e**-1, 1: near, 6: near * e**-0.5})


def test_vstan_adds_rarity_and_the_step_of_the_neighbour():
    scales = {"spw": 1.0, "snh": 1e9, "inh": 1e9}
    model = fitted(Vstan(**ENOUGH, **scales, ipw=0.5, idf=3.0), sessions_of([0, 5], [1, 6], [6, 8, 8]))
    norm = sqrt(1 + e**-2)
    # 5 was clicked once, 6 twice, in three sessions; 0 is a click back
    assert scores(model, 0, 1)[5] == pytest.approx(e**-1 / (norm * sqrt(2)) * (1 + 3 * log(3)) * e**-2)
    assert scores(model, 0, 1)[6] == pytest.approx(1 / (norm * sqrt(2)) * (1 + 3 * log(3 / 2)))


def test_only_the_newest_sessions_are_looked_at():
    model = fitted(SessionKnn(neighbours=100, sample=2), sessions_of([0, 1], [0, 2], [0, 3]))
    assert set(scores(model, 0)) == {0, 2, 3}


def test_only_the_nearest_neighbours_speak():
    model = fitted(SessionKnn(neighbours=1, sample=100), sessions_of([0, 1], [0, 2, 3]))
    assert ranked(model, 0) == [0, 1]


def test_of_equally_near_neighbours_the_newest_speaks():
    model = fitted(SessionKnn(neighbours=1, sample=100), sessions_of([0, 1], [0, 2]))
    assert ranked(model, 0) == [0, 2]


def test_an_item_nobody_met_finds_nothing():
    assert ranked(fitted(SessionKnn(**ENOUGH), sessions_of([0, 1])), 9) == []


def test_an_answer_leaves_no_trace_in_the_next():
    model = fitted(Stan(**ENOUGH), sessions_of([0, 1, 2], [2, 3]))
    before = scores(model, 2)
    scores(model, 0, 1)
    assert scores(model, 2) == before


def test_vstan_is_the_published_loop():
    rng = np.random.default_rng(5)
    past = [rng.integers(0, 15, size=rng.integers(2, 8)).tolist() for _ in range(60)]
    setting = {"neighbours": 12, "sample": 25, "spw": 1.3, "snh": 9.0, "inh": 1.7, "ipw": 2.1, "idf": 2.0}
    model = fitted(Vstan(**setting), sessions_of(*past), catalog=15)
    for _ in range(30):
        prefix = rng.integers(0, 15, size=rng.integers(1, 6)).tolist()
        assert scores(model, *prefix) == pytest.approx(_vstan(past, prefix, **setting))


def _vstan(past, prefix, *, neighbours, sample, spw, snh, inh, ipw, idf):
    """Session by session and item by item, as the paper tells it."""
    length, today = len(past), set(prefix)
    weight = {item: exp((place + 1 - len(prefix)) / spw) for place, item in enumerate(prefix)}  # the last click stays
    norm = sqrt(sum(value**2 for value in weight.values()))
    candidates = [number for number, items in enumerate(past) if today & set(items)][-sample:]
    like = {
        number: sum(weight[item] for item in today & set(past[number]))
        / (norm * sqrt(len(set(past[number]))))
        * exp(-(length - 1 - number) / snh)
        for number in candidates
    }
    found: dict[int, float] = {}
    for number in sorted(candidates, key=lambda number: (-like[number], -number))[:neighbours]:
        items = past[number]
        last = {item: place for place, item in enumerate(items)}
        star = max(last[item] for item in today & set(items))
        steps = min(len(prefix) - 1 - place for place, item in enumerate(prefix) if item in last)
        for item in set(items):
            rarity = log(length / sum(session.count(item) for session in past))
            share = exp(-abs(last[item] - star) / inh) * (1 + idf * rarity) * exp(-steps / ipw)
            found[item] = found.get(item, 0.0) + like[number] * share
    return found
