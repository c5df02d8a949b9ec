"""Figures of later outcomes, by hand: two visits, two engines."""

from __future__ import annotations

import numpy as np
import pytest

from personalization.evaluation.cuts import Cut, HeldOutVisit, Worth
from personalization.evaluation.outcome_figures import counts, figures
from personalization.evaluation.outcomes import Answered
from tests.personalization.evaluation.test_cuts import lived

HERE, AGAIN = lived("view_item: racket"), lived("view_item: net")
NAN = float("nan")


def cut(visit: HeldOutVisit, *taken: str, bought: dict[str, Worth] | None = None, following: str = "") -> Cut:
    return Cut(
        visit=visit,
        step=0,
        out=frozenset(),
        taken=taken,
        bought=bought or {},
        following=following,
        viewed=frozenset(),
        carted=frozenset(taken),
        purchased=frozenset(bought or {}),
        judges_hits=bool(taken),
        judges_estimates=True,
    )


def listed(*items: str, milliseconds: float = 1.0) -> Answered:
    chances = np.full(len(items), 0.5, np.float32)
    return Answered(items, items[::-1], chances, chances, chances, "", milliseconds)


CUTS = [
    cut(HERE, "balls", "grip", bought={"balls": Worth(30.0, 10.0)}),
    cut(HERE, "bag", bought={"bag": Worth(70.0, NAN)}, following="post"),
    cut(AGAIN),
]
ANSWERS = {
    "inductive": [listed("net", "balls"), listed("net", "post"), listed("net")],
    "lookalike": [listed("net", "post"), listed("bag"), listed(milliseconds=10.0)],
}


def found(engine: str, figure: str, visitors: str = "all") -> float:
    return float(figures(CUTS, ANSWERS, seed=0)["engines"][engine][visitors][figure][0])


@pytest.mark.parametrize(
    ("figure", "inductive", "lookalike"),
    [
        ("hr", 1 / 2, 1 / 2),
        ("mrr", 1 / 4, 1 / 2),
        ("recall", 1 / 4, 1 / 2),
        ("hr_bought", 1 / 2, 1 / 2),
        ("recall_bought", 1 / 2, 1 / 2),
        ("hr_next", 1, 0),
        ("mrr_next", 1 / 2, 0),
        ("value", 0.3, 0.7),
        ("margin", 1.0, 0.0),
        ("answered", 1.0, 2 / 3),
        ("ms", 1.0, 4.0),
    ],
)
def test_figures(figure: str, inductive: float, lookalike: float) -> None:
    assert (found("inductive", figure), found("lookalike", figure)) == pytest.approx((inductive, lookalike), abs=1e-5)


def test_the_engines_own_order_is_judged_too() -> None:
    own = figures(CUTS, ANSWERS, seed=0)["own_order"]

    assert own["engines"]["inductive"]["all"]["mrr"][0] == 0.5
    assert own["inductive_minus"]["lookalike"]["all"]["mrr"][0] == 0.0


def test_what_the_inductive_engine_has_more() -> None:
    gaps = figures(CUTS, ANSWERS, seed=0)["inductive_minus"]

    assert set(gaps) == {"lookalike"}
    assert gaps["lookalike"]["all"]["value"][0] == pytest.approx(-0.4)


def test_visitors_without_a_cut_have_no_figure() -> None:
    assert figures(CUTS, ANSWERS, seed=0)["engines"]["inductive"]["returning"]["hr"] == [None, None, None]


def test_rivals_alone_are_compared_with_nobody() -> None:
    assert figures(CUTS, {"lookalike": ANSWERS["lookalike"]}, seed=0)["inductive_minus"] == {}


def test_estimates_are_judged_over_what_was_listed() -> None:
    calibration = figures(CUTS, ANSWERS, seed=0)["engines"]["inductive"]["calibration"]

    assert calibration["cart"]["n"] == 5
    assert calibration["cart"]["base_rate"] == pytest.approx(0.2)  # the balls, of five products listed
    assert calibration["cart"]["ece"] == pytest.approx(0.3)


def test_how_much_was_asked() -> None:
    assert counts(CUTS) == {
        "visits": 1,  # both are named alike
        "cuts": 3,
        "cuts_taken_later": 2,
        "cuts_bought_later": 2,
        "cuts_returning": 0,
        "cuts_unknown": 2,
        "cuts_for_estimates": 3,
    }
