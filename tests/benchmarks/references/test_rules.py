"""Association and sequential rules on sessions whose counts are plain to see."""

from __future__ import annotations

import pytest

from benchmarks.references.association import AssociationRules
from benchmarks.references.sequential import SequentialRules
from tests.benchmarks.references.told import fitted, ranked, scores, sessions_of


def test_association_counts_sessions_in_both_directions():
    model = fitted(AssociationRules(), sessions_of([0, 1, 2], [1, 0]))
    # 0 and 1 twice together, 0 and 2 once
    assert scores(model, 0) == {1: 2.0, 2: 1.0}


def test_association_counts_every_pair_of_clicks():
    model = fitted(AssociationRules(), sessions_of([0, 0, 1]))
    # (0, 0) is a pair in both directions; 1 stands after both clicks on 0
    assert scores(model, 0) == {0: 2.0, 1: 2.0}


def test_rules_are_asked_of_the_last_click_alone():
    model = fitted(AssociationRules(), sessions_of([0, 1], [2, 3]))
    assert ranked(model, 0, 2) == [3]


def test_only_the_strongest_rules_are_kept():
    model = fitted(AssociationRules(rules=1), sessions_of([0, 1], [0, 2], [0, 2]))
    assert ranked(model, 0) == [2]


def test_sequence_weighs_by_distance_and_never_looks_back():
    model = fitted(SequentialRules(), sessions_of([0, 1, 2]))
    assert scores(model, 0) == {1: 1.0, 2: 0.5}
    assert scores(model, 2) == {}


@pytest.mark.parametrize(("steps", "found"), [(1, [1]), (2, [1, 2])])
def test_sequence_looks_so_many_steps_on(steps, found):
    assert ranked(fitted(SequentialRules(steps=steps), sessions_of([0, 1, 2, 3])), 0) == found
