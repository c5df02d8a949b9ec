"""Whether logs support an estimate: what they show of a policy, and which lack is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given

from personalization.evaluation.intervals import Interval
from personalization.evaluation.log_support import Support, Verdict, judge, support
from personalization.evaluation.off_policy import Log, Policy
from tests.personalization.evaluation.any_logs import logged
from tests.personalization.evaluation.shoppers import PLACES, SERVED, WANTED, serve

TOP: Final = SERVED[:, :PLACES]


def judged(visits: int, *, share: float, lists: Any = WANTED) -> Verdict:
    served = serve(visits, rng=np.random.default_rng(6), share=share)
    changed = (lists != TOP)[served.kinds].ravel()
    return judge(support(served.log(), served.policy(lists), where=changed))


def test_logs_with_exploration_support_another_policy() -> None:
    assert judged(1_000, share=0.6) == Verdict(True)


def test_logs_without_exploration_support_no_other_policy() -> None:
    assert judged(1_000, share=0.0) == Verdict(False, "rarely_logged")


def test_any_logs_support_the_policy_that_served() -> None:
    assert judged(1_000, share=0.0, lists=TOP) == Verdict(True)


def test_what_could_never_have_been_served_is_noticed_however_much_agrees() -> None:
    """The first place of two in three shoppers could have been seen; that of the third never."""
    served = serve(3_000, rng=np.random.default_rng(7))
    never = WANTED.copy()
    never[0] = 99  # not among the products

    found = support(served.log(), served.policy(WANTED), where=np.isin(served.kinds, [1, 2]).repeat(PLACES))
    lacking = Policy(
        agreement=(never[served.kinds] == served.products).astype(float).ravel(),
        expected=np.zeros(3_000 * PLACES),
        expected_served=np.zeros(3_000 * PLACES),
    )
    short = support(served.log(), lacking)

    assert judge(found) == Verdict(True)
    assert short.agreeing > 1_000
    assert short.covered.value == pytest.approx(2 / 3, abs=0.1)
    assert judge(short) == Verdict(False, "rarely_logged")


def test_propensities_that_say_too_little_are_noticed() -> None:
    served = serve(1_000, rng=np.random.default_rng(8))
    log = replace(served.log(), propensities=served.log().propensities / 2)

    assert judge(support(log, served.policy())) == Verdict(False, "propensities_off")


def test_a_few_large_weights_are_worth_few_visits() -> None:
    log = Log(visits=np.arange(4), count=4, propensities=np.array([1, 1, 1, 0.01]), rewards=np.array([1.0, 0, 0, 1]))
    policy = Policy(agreement=np.ones(4), expected=np.zeros(4), expected_served=np.zeros(4))

    found = support(log, policy, most=50.0)

    assert found.effective == pytest.approx(53**2 / 2503)
    assert (found.largest, found.held) == (50.0, 0.25)
    assert (found.agreeing, found.rewarded, found.share) == (4, 2, 1.0)


SOUND: Final = Support(
    visits=400, places=800, agreeing=90, rewarded=20, covered=Interval(1.0, 0.8, 1.2), effective=60.0, largest=9, held=0
)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, ""),
        ({"visits": 99}, "few_visits"),
        ({"visits": 99, "places": 0}, "few_visits"),
        ({"places": 0, "agreeing": 0, "rewarded": 0, "effective": 0.0}, ""),
        ({"agreeing": 29}, "rarely_logged"),
        ({"covered": Interval(0.7, 0.5, 0.89)}, "rarely_logged"),
        ({"covered": Interval(1.4, 1.12, 1.7)}, "propensities_off"),
        ({"effective": 29.0}, "small_sample"),
        ({"rewarded": 19}, "few_rewards"),
    ],
)
def test_a_verdict_names_what_is_lacking(fields: dict[str, Any], reason: str) -> None:
    assert judge(replace(SOUND, **fields)) == Verdict(not reason, reason)


def test_of_nothing_all_is_logged() -> None:
    assert replace(SOUND, places=0).share == 1.0


@given(logged())
def test_no_more_is_effective_than_agrees(found: tuple[Log, Policy]) -> None:
    known = support(*found)

    assert 1.0 <= known.effective + 1e-9 <= known.agreeing + 2e-9


def test_of_nothing_logged_nothing_is_said() -> None:
    nothing = np.empty(0)
    log = Log(visits=np.empty(0, int), count=0, propensities=nothing, rewards=nothing)

    found = support(log, Policy(agreement=nothing, expected=nothing, expected_served=nothing))

    assert (found.places, found.effective, found.largest, found.held) == (0, 0.0, 0.0, 0.0)
    assert judge(found).reason == "few_visits"
