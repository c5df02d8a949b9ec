"""SLIST, the linear model that learns what belongs to a session (SLIS) and what comes later in it (SLIT) at once.

Choi, Kim, Lee, Shim, Lee: Session-aware Linear Item-Item Models for Session-based Recommendation, WWW 2021
(github.com/jin530/SLIST, `slist.py`). Solved sparsely, see `regression`; an answer sums the rows of the session's
clicks, each weighted exp(-clicks back / predict_fade). The best `kept` weights a row are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.base import Sessions
from benchmarks.references.item_rows import ItemRows, top_of_rows
from benchmarks.references.regression import later_from_earlier, ridge, whole_sessions


@dataclass
class Slist(ItemRows):
    """The published names in brackets.

    Attributes:
        alpha: weight of SLIS against SLIT (1 - alpha).
        reg: ridge.
        train_fade: clicks over which an input or target click loses its weight in training [train_weight].
        predict_fade: the same for the clicks of a session that asks [predict_weight].
        fade_days: days over which a session loses its weight in training [session_weight].
        last_only: SLIT learns from the last click alone [direction: sr] or from all so far [direction: part].
        support: items a target's regression is restricted to.
        kept: weights kept a row.
    """

    alpha: float
    train_fade: float
    predict_fade: float
    fade_days: float
    reg: float = 10.0
    last_only: bool = True
    support: int = 200
    kept: int = 300

    def fit(self, sessions: Sessions, catalog: int) -> None:
        slis = whole_sessions(sessions, catalog, fade_days=self.fade_days)
        slit = later_from_earlier(
            sessions, catalog, fade_clicks=self.train_fade, fade_days=self.fade_days, last_only=self.last_only
        )
        both = slis.weighted(self.alpha) + slit.weighted(1 - self.alpha)
        self.matrix = top_of_rows(ridge(both, reg=self.reg, support=self.support), self.kept)

    def click_weights(self, length: int) -> NDArray[np.float64]:
        return np.exp(-np.arange(length)[::-1] / self.predict_fade)
