"""Any log of a few places, and a policy at the same ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from personalization.evaluation.off_policy import Log, Policy


@st.composite
def logged(draw: st.DrawFn) -> tuple[Log, Policy]:
    count, rows = draw(st.integers(2, 6)), draw(st.integers(1, 12))

    def column(least: float, most: float) -> Any:
        return np.array(draw(st.lists(st.floats(least, most), min_size=rows, max_size=rows)))

    log = Log(
        visits=np.array(draw(st.lists(st.integers(0, count - 1), min_size=rows, max_size=rows))),
        count=count,
        propensities=column(0.05, 1),
        rewards=column(0, 5),
    )
    policy = Policy(agreement=column(0.01, 1), expected=column(0, 5), expected_served=column(0, 5))
    return log, policy
