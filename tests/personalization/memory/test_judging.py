"""How a memory is judged: a question answered by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from personalization.estimation import UNTAUGHT
from personalization.features import FEATURES
from personalization.memory import payload
from personalization.memory.judging import Table, figures
from personalization.memory.payload import Happening
from personalization.memory.questions import Asked
from personalization.memory.recall import Analogues
from tests.personalization.markers.visits import START, visit
from tests.personalization.one_question import floats, ints


def asked(*, following: int = -1, viewed: frozenset[int] = frozenset()) -> Asked:
    return Asked(
        visit=visit(),
        visitor_key="",
        situation=floats(),
        at=START,
        following=following,
        viewed=viewed,
        taken=frozenset(),
        bought=frozenset(),
        drawn=True,
    )


def analogues(*followed: int) -> Analogues:
    """One after the other, nearest first, with the product that came next in each, −1 none."""
    packed = [
        payload.pack(focus=[9], followed=[Happening(next_one, payload.VIEW, 5.0, 1.0)] if next_one >= 0 else [], at=0.0)
        for next_one in followed
    ]
    numbers = np.arange(len(followed), dtype=np.int64)
    return Analogues(numbers, numbers, numbers.astype(float), numbers.astype(np.float32), packed)


def table(one: Asked, *followed: int, likely: tuple[int, ...] = ()) -> Table:
    """Candidates 0, 1 and 2, the likely ones first."""
    rows = np.zeros((3, len(FEATURES)), np.float32)
    for place, product in enumerate(likely):
        rows[product, FEATURES.index("walked")] = 3.0 - place
    outcomes = np.zeros((3, 4), bool)
    return Table(
        asked=one,
        products=ints(0, 1, 2),
        rows=rows,
        outcomes=outcomes,
        analogues=analogues(*followed),
        similarity=np.linspace(1.0, 0.5, len(followed)).astype(np.float32),
    )


def judged(*tables: Table) -> dict[str, Any]:
    return figures(tables, UNTAUGHT)


def test_hits_and_reciprocal_ranks_are_of_the_product_met_next() -> None:
    found = judged(
        table(asked(following=1), likely=(2, 1)),
        table(asked(following=2), likely=(2,)),
        table(asked(following=7)),
        table(asked()),  # nothing followed
    )

    assert (found["questions"], found["hr_20"]) == (4, pytest.approx(2 / 3, abs=1e-4))
    assert found["mrr_20"] == pytest.approx((1 / 2 + 1) / 3, abs=1e-4)
    assert found["judged_until"] == round(START)


def test_success_is_told_by_fifths_of_likeness_the_least_alike_first() -> None:
    """What followed the two nearest of ten is met again, and what followed the farthest but one; one led nowhere."""
    found = judged(table(asked(viewed=frozenset({1, 2})), 1, 2, 0, 0, 0, 0, 0, 0, 1, -1))

    shares = [share for _, _, share in found["similarity_bands"]]
    assert shares == [1.0, 0.0, 0.0, 0.0, 1.0]
    assert [size for size, _, _ in found["similarity_bands"]] == [1, 2, 2, 2, 2]
    assert [similarity for _, similarity, _ in found["similarity_bands"]] == sorted(
        similarity for _, similarity, _ in found["similarity_bands"]
    )


def test_where_nothing_is_met_any_more_likeness_is_not_judged() -> None:
    assert judged(table(asked(), 1, 2, 0, 1, 2))["similarity_bands"] == []


def test_nothing_asked_is_nothing_judged() -> None:
    assert judged() == {"questions": 0}
