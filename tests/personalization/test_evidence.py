"""Evidence: which products it proposes, worked out by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from personalization.evidence import MECHANISMS, Evidence, Proposed, by_category, propose
from personalization.kindred import NO_KIN

from .one_question import (
    BESIDE,
    CATALOG,
    EVIDENCE,
    FOLLOWED,
    HERE,
    KIN,
    OWN,
    RECALLED,
    SHELVES,
    SILENCE,
    TRANSPOSED,
    WALKED,
    floats,
    ints,
)

NONE_OF_ANY = Proposed(*(0 for _ in fields(Proposed)))


def proposed(evidence: Evidence, *, popular: Any = (), **settings: Any) -> list[int]:
    everything = np.ones(CATALOG, bool)
    found = propose(evidence, shelves=SHELVES, popular=ints(*popular), eligible=everything, **settings)
    return [int(product) for product in found]


@pytest.mark.parametrize(
    ("speaking", "expected"),
    [
        ({"followed": FOLLOWED}, [3, 4]),
        ({"recalled": RECALLED}, [4, 5]),
        ({"transposed": TRANSPOSED}, [0, 6]),
        ({"beside": BESIDE}, [0, 7]),
        ({"own": OWN}, [1, 5]),
        ({"kin": KIN}, [5]),
        ({"walked": WALKED}, [2, 3, 5, 6]),  # 3, 5 and 6, and the category of 3 and 6
        ({"here": replace(SILENCE.here, listed=HERE.listed)}, [3, 7]),
        ({"here": replace(SILENCE.here, seen=HERE.seen)}, [1, 2]),
        ({"here": replace(SILENCE.here, displayed=ints(1))}, [2, 3, 6]),  # the category on display
        ({"here": replace(SILENCE.here, seen=ints(5))}, [5]),  # which is in no category
        ({}, []),
    ],
)
def test_each_kind_of_evidence_proposes_what_it_speaks_for(speaking: dict[str, Any], expected: list[int]) -> None:
    assert proposed(replace(SILENCE, **speaking)) == expected


def test_popular_products_are_proposed_whatever_speaks() -> None:
    assert proposed(SILENCE, popular=(7, 2)) == [2, 7]


@pytest.mark.parametrize(
    ("most", "strongest"),
    [
        ({"followed": 1}, 4),
        ({"walked": 1}, 6),
        ({"recalled": 1}, 4),  # 2 + 1 against 1 + ½
        ({"transposed": 1}, 6),
        ({"beside": 1}, 0),
        ({"own": 1}, 1),
        ({"categories": 1, "of_category": 1}, 2),  # the most met of the category that the walks lead to
    ],
)
def test_of_much_evidence_the_strongest_is_proposed(most: dict[str, int], strongest: int) -> None:
    quiet = replace(EVIDENCE, here=SILENCE.here, kin=NO_KIN)

    assert proposed(quiet, most=replace(NONE_OF_ANY, **most)) == [strongest]


def test_only_what_may_be_shown_is_proposed() -> None:
    eligible = np.ones(CATALOG, bool)
    eligible[[2, 4]] = False

    found = propose(EVIDENCE, shelves=SHELVES, popular=ints(4, 7, 900, -1), eligible=eligible)

    assert found.tolist() == [0, 1, 3, 5, 6, 7]


def test_every_kind_of_evidence_is_a_mechanism_and_the_visit_itself_is_none() -> None:
    assert MECHANISMS == ("followed", "recalled", "transposed", "walked", "beside", "kin", "own")


def test_weights_are_summed_by_category_and_nobodys_row_is_zero() -> None:
    assert by_category(ints(0, 4, 3, 5), floats(1, 2, 4, 8), SHELVES).tolist() == [3, 4, 0]
