"""How great a loss of conversion is proven, however often one looks; pure.

Visitors are spared with a known chance, their share h. If the steered bought as readily as the spared, each buyer would
be one of the spared with chance h, whatever the hour and the season; if steering lost the share l of its buyers, with

    q(l) = h / (h + (1 − h)(1 − l)).

So the buyers, one after the other, are tosses of a coin, and a loss of at most l is refuted by too many of the spared
among them. The evidence is the mean of the likelihoods of greater losses, over the likelihood of l: its expectation is
at most 1 at every buyer for every loss up to l, so that with at most the chance a it ever reaches 1 / a (Ville 1939;
Robbins 1970; for counts in experiments Lindon and Malek 2022). It needs neither many buyers nor a variance, and no plan
of when to look.
"""

from __future__ import annotations

from math import inf, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

CHANCE: Final = 0.05  # of calling a loss proven that is none
STEP: Final = 0.01  # to which a proven loss is told
_MIXED: Final = 200  # greater losses over which the evidence is averaged


def evidence(*, spared: int, buyers: int, share: float, loss: float) -> float:
    """Logarithm of the evidence that steering loses more than `loss` of its buyers.

    Args:
        spared: of the buyers, those who were spared.
        buyers: who bought, each counted once.
        share: of all visitors who are spared, in (0, 1).
        loss: a share of the conversion, in [0, 1).
    """
    greater = loss + (1 - loss) * (np.arange(_MIXED) + 0.5) / _MIXED
    steered = buyers - spared
    # q(greater) / q(loss), and (1 − q(greater)) / (1 − q(loss)).
    as_spared = _weight(share, loss) / _weight(share, greater)
    as_steered = as_spared * (1 - greater) / (1 - loss)
    return float(np.logaddexp.reduce(spared * np.log(as_spared) + steered * np.log(as_steered)) - log(_MIXED))


def is_proven(*, spared: int, buyers: int, share: float, loss: float, chance: float = CHANCE) -> bool:
    """Whether a greater loss than `loss` is proven; wrongly with at most this chance, over all looks together."""
    return evidence(spared=spared, buyers=buyers, share=share, loss=loss) >= -log(chance)


def proven_loss(*, spared: int, buyers: int, share: float, least: float, chance: float = CHANCE) -> float:
    """The greatest loss, in steps of STEP from `least`, that is exceeded for sure; −∞ where not even that is.

    A lower bound of the loss that holds over all looks together, as losses are refuted one after the other from below.
    """
    found = -inf
    for loss in np.arange(least, 1.0, STEP).tolist():
        if not is_proven(spared=spared, buyers=buyers, share=share, loss=loss, chance=chance):
            break
        found = loss
    return found


def _weight(share: float, loss: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """h + (1 − h)(1 − l): buyers of all visitors, as a share of what they would be without the loss."""
    return np.asarray(share + (1 - share) * (1 - loss), np.float64)
