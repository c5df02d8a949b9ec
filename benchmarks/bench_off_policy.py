"""Whether off-policy estimators find, from logs alone, what is known from elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.datasets import MissingSetError
from benchmarks.logged_trials import CAMPAIGNS, OUTCOMES, Trial, read_shown, read_trial
from personalization.evaluation.log_support import judge, support
from personalization.evaluation.off_policy import Estimate, direct, doubly_robust, ips, snips

ESTIMATORS: Final[Mapping[str, Callable[..., Estimate]]] = {
    "direct": direct,
    "ips": ips,
    "snips": snips,
    "doubly robust": doubly_robust,
}
SETS: Final = {"hillstrom": "Hillstrom's e-mail test", "open-bandit": "Open Bandit"}
SEED: Final = 0


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=None, help="folder of the public sets (default: NETUP_DATA)")
    parser.add_argument("--logs", type=int, default=1_000, help="logs drawn from the randomised test")
    parser.add_argument("--customers", type=int, default=8_000, help="customers in each of them")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask the logs of each set that is there."""
    figures: dict[str, Any] = {}
    left_out = []
    asking = {
        "hillstrom": partial(trial_figures, asked.data, logs=asked.logs, customers=asked.customers),
        "open-bandit": partial(shown_figures, asked.data),
    }
    for name, ask in asking.items():
        try:
            figures[name] = ask()
        except MissingSetError as missing:
            left_out.append(SETS[name])
            print(f"left out: {missing}")
    protocol = {"seed": SEED, "logs": asked.logs, "customers": asked.customers, "left_out": left_out}
    return {"sets": figures}, protocol


def trial_figures(data: Path | None, *, logs: int, customers: int) -> dict[str, Any]:
    """Outcome → the truth, and of each estimator how far off it is, varies, and says that it varies.

    `holding` is the share of the logs whose interval held the truth; of those whose logs support an estimate,
    `holding_supported`.
    """
    trial = read_trial(data)
    return {
        outcome: {"truth": trial.truth(outcome), **_over_logs(trial, outcome, logs=logs, customers=customers)}
        for outcome in OUTCOMES
    }


def _over_logs(trial: Trial, outcome: str, *, logs: int, customers: int) -> dict[str, Any]:
    rng, truth = np.random.default_rng(SEED), trial.truth(outcome)
    model = trial.model(outcome, rng=rng)
    found: dict[str, list[Estimate]] = {name: [] for name in ESTIMATORS}
    supported = []
    for _ in range(logs):
        log, policy = trial.drawn(customers, outcome, model, rng=rng)
        supported.append(judge(support(log, policy)).supported)
        for name, estimator in ESTIMATORS.items():
            found[name].append(estimator(log, policy))
    told = {name: _told(estimates, truth, np.array(supported)) for name, estimates in found.items()}
    return {"supported": float(np.mean(supported)), "estimators": told}


def _told(estimates: list[Estimate], truth: float, supported: Any) -> dict[str, float | None]:
    values = np.array([estimate.value for estimate in estimates])
    intervals = [estimate.interval for estimate in estimates]
    holding = np.array([interval.lower <= truth <= interval.upper for interval in intervals])
    return {
        "bias": float(values.mean() - truth),
        "bias_error": float(values.std() / np.sqrt(len(values))),
        "spread": float(values.std()),
        "said": float(np.mean([estimate.standard_error for estimate in estimates])),
        "holding": float(holding.mean()),
        "holding_supported": float(holding[supported].mean()) if supported.any() else None,
    }


def shown_figures(data: Path | None) -> dict[str, Any]:
    """Campaign → clicks of 1,000 places shown at random: as they were, and as the other policy's logs tell."""
    return {campaign: _shown(data, campaign) for campaign in CAMPAIGNS}


def _shown(data: Path | None, campaign: str) -> dict[str, Any]:
    random, logged = (read_shown(data, policy=policy, campaign=campaign) for policy in ("random", "bts"))
    known = support(logged.log, logged.at_random)
    return {
        "truth": _per_thousand(ips(random.log, random.at_random)),
        "estimators": {
            name: _per_thousand(estimator(logged.log, logged.at_random)) for name, estimator in ESTIMATORS.items()
        },
        "places": known.places,
        "effective": known.effective,
        "largest": known.largest,
        "reason": judge(known).reason,
    }


def _per_thousand(estimate: Estimate) -> list[float | None]:
    value, lower, upper = estimate.interval.to_json()
    return [None if bound is None else round(1_000 * bound, 3) for bound in (value, lower, upper)]


def show(figures: dict[str, Any]) -> None:
    """The figures, a line an estimator."""
    for outcome, found in figures["sets"].get("hillstrom", {}).items():
        print(f"\n{SETS['hillstrom']}, {outcome}: truth {found['truth']:.5f}, {found['supported']:.0%} supported")
        for name, told in found["estimators"].items():
            print(
                f"  {name:14} off by {told['bias']:+.5f} ± {told['bias_error']:.5f}, varies {told['spread']:.5f},"
                f" says {told['said']:.5f}, holds the truth in {told['holding']:.1%}"
            )
    for campaign, found in figures["sets"].get("open-bandit", {}).items():
        print(f"\n{SETS['open-bandit']}, {campaign}: truth {found['truth']}, {found['reason'] or 'supported'}")
        for name, interval in found["estimators"].items():
            print(f"  {name:14} {interval}")
