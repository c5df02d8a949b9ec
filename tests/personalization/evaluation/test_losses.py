"""A proven loss: the law that makes it hold over all looks together, campaigns without effect, and a planted loss."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from personalization.evaluation.losses import CHANCE, evidence, is_proven, proven_loss

SHARES, LOSSES = st.floats(0.01, 0.99), st.floats(0.0, 0.9)


def chance_of_spared(*, share: float, loss: float) -> float:
    """That a buyer is one of the spared."""
    return share / (share + (1 - share) * (1 - loss))


def first_alarm(rng: np.random.Generator, *, share: float, loss: float, guardrail: float, buyers: int) -> int | None:
    """After how many buyers a loss is called proven, by who looks after each."""
    spared = np.cumsum(rng.random(buyers) < chance_of_spared(share=share, loss=loss))
    for number, found in enumerate(spared.tolist(), start=1):
        if is_proven(spared=found, buyers=number, share=share, loss=guardrail):
            return number
    return None


@given(SHARES, LOSSES, st.integers(0, 60), st.integers(0, 60))
def test_the_evidence_is_a_fair_game_at_the_loss_it_speaks_against(
    share: float, loss: float, spared: int, steered: int
) -> None:
    """So that it hardly ever grows large where the loss is no greater (Ville's inequality)."""
    chance = chance_of_spared(share=share, loss=loss)

    def after(more_spared: int, more: int) -> float:
        buyers = spared + steered + more
        return exp(evidence(spared=spared + more_spared, buyers=buyers, share=share, loss=loss))

    assert chance * after(1, 1) + (1 - chance) * after(0, 1) == pytest.approx(after(0, 0), rel=1e-9)


@given(SHARES, LOSSES, st.floats(-3.0, 0.0), st.integers(1, 50))
def test_the_evidence_expects_nothing_of_smaller_losses_and_of_gains(
    share: float, loss: float, less: float, buyers: int
) -> None:
    chance = chance_of_spared(share=share, loss=loss + less)

    expected = sum(
        stats.binom.pmf(spared, buyers, chance) * exp(evidence(spared=spared, buyers=buyers, share=share, loss=loss))
        for spared in range(buyers + 1)
    )

    assert expected <= 1 + 1e-9


def test_nothing_is_known_before_the_first_buyer() -> None:
    assert evidence(spared=0, buyers=0, share=0.1, loss=0.1) == pytest.approx(0.0)


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_who_looks_after_every_buyer_is_hardly_ever_alarmed_without_effect(share: float) -> None:
    """Without any guardrail, where alarms are likeliest."""
    rng = np.random.default_rng(7)

    alarms = [first_alarm(rng, share=share, loss=0.0, guardrail=0.0, buyers=400) for _ in range(300)]

    assert sum(alarm is not None for alarm in alarms) <= CHANCE * len(alarms)


def test_a_planted_loss_is_found() -> None:
    """Half of the buyers lost, a tenth held out, a tenth allowed: some 200 buyers are enough in the middle."""
    rng = np.random.default_rng(7)

    alarms = [first_alarm(rng, share=0.1, loss=0.5, guardrail=0.1, buyers=1_500) for _ in range(40)]

    found = [alarm for alarm in alarms if alarm is not None]
    assert len(found) == len(alarms)
    assert np.median(found) < 400


def test_a_shop_that_sells_nothing_any_more_is_found_at_its_first_buyers() -> None:
    assert not is_proven(spared=2, buyers=2, share=0.1, loss=0.1)
    assert is_proven(spared=3, buyers=3, share=0.1, loss=0.1)


@given(SHARES, LOSSES, st.integers(0, 200), st.integers(0, 200))
def test_a_proven_loss_is_proven_at_each_step_from_the_least(
    share: float, least: float, spared: int, steered: int
) -> None:
    told = {"spared": spared, "buyers": spared + steered, "share": share}

    found = proven_loss(**told, least=least)

    assert (found == -inf) is not is_proven(**told, loss=least)
    assert found == -inf or found >= least
    assert found == -inf or is_proven(**told, loss=found)
