"""Whether products that are told to shorten the way to purchase are followed by one sooner, in visits held out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import meetings, town
from benchmarks.meetings import Meeting, rate_ratio
from benchmarks.questions import Storefront
from personalization.engines.inductive import InductiveEngine
from personalization.evaluation.intervals import Quotient, intervals
from personalization.shortening import NEUTRAL

DAYS: Final = 20  # held out: purchases are few
THIRDS: Final = ("least", "middle", "most")
FIFTHS: Final = 5
GROUPS: Final = {"all": "every product met", "new": "products not met before"}


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--days", type=int, default=DAYS, help="of the sixty that the memory does not know")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raise the town; ask of the visits that its memory has not seen, and see what they met and when they bought."""
    standing = town.standing_town(shoppers=asked.shoppers, seed=asked.seed, held_out=timedelta(days=asked.days))
    rng = np.random.default_rng((asked.seed, 7))
    met = meetings.of_town(standing, Storefront(standing.store), InductiveEngine(), rng=rng)
    return figures(met), standing.protocol | {"instants_a_visit": meetings.A_VISIT}


def figures(met: Sequence[Meeting], *, seed: int = 0) -> dict[str, Any]:
    """By group: thirds by shortening, and how much sooner the upper third came to a purchase than the lowest."""
    new = [one for one in met if one.is_new]
    return {group: _figures(of, seed=seed) for group, of in (("all", met), ("new", new))}


def show(figures: dict[str, Any]) -> None:
    """The figures as tables."""
    for group, found in figures.items():
        print(
            f"\n{GROUPS[group]}: {found['met']}, of which {found['told']} told of; visits that bought {found['bought']}"
        )
        for name, row in found["thirds"].items():
            told = f"purchases in 100 events {_told(row['per_100'])}, events to a purchase {_told(row['events'])}"
            print(f"  shortening {name:<7} {row['shortening']:.3f}  met {row['met']:>6}  {told}")
        for name, ratio in found["ratios"].items():
            print(f"  most ÷ least, {name.replace('_', ' ')}: {_told(ratio)}")


def _figures(met: Sequence[Meeting], *, seed: int) -> dict[str, Any]:
    told = [one for one in met if one.shortening != NEUTRAL]
    shortening = np.array([one.shortening for one in told])
    third = _parts(shortening, len(THIRDS))
    return {
        "met": len(met),
        "told": len(told),
        "bought": len({one.visit_id for one in told if one.reached}),
        "thirds": _thirds(told, shortening, third, seed=seed),
        "ratios": {
            name: rate_ratio(told, upper=third == len(THIRDS) - 1, lower=third == 0, strata=strata, seed=seed).to_json()
            for name, strata in _strata(told).items()
        },
    }


def _thirds(
    told: Sequence[Meeting], shortening: NDArray[np.float64], third: NDArray[np.int64], *, seed: int
) -> Mapping[str, Any]:
    events = np.array([one.events for one in told], np.float64)
    reached = np.array([one.reached for one in told], np.float64)
    quotients: dict[str, Quotient] = {}
    for number, name in enumerate(THIRDS):
        among = third == number
        quotients[f"{name}/per_100"] = (100 * reached * among, events * among)
        quotients[f"{name}/events"] = (events * reached * among, reached * among)
    rates = intervals(quotients, clusters=[one.visit_id for one in told], seed=seed)
    return {
        name: {
            "met": int((third == number).sum()),
            "shortening": round(float(shortening[third == number].mean()), 4) if (third == number).any() else None,
            "per_100": rates[f"{name}/per_100"].to_json(),
            "events": rates[f"{name}/events"].to_json(),
        }
        for number, name in enumerate(THIRDS)
    }


def _strata(told: Sequence[Meeting]) -> dict[str, NDArray[np.int64]]:
    """By what is held equal, the stratum of each: how ripe visits were for a purchase; and how likely the product."""
    ripe = _parts(np.array([one.ripe for one in told]), FIFTHS)
    visits = 2 * ripe + np.array([one.is_new for one in told], np.int64)
    likely = _parts(np.array([one.chance for one in told]), FIFTHS)
    return {
        "whatever_the_visit": np.zeros(len(told), np.int64),
        "in_like_visits": visits,
        "as_likely_bought_in_like_visits": FIFTHS * visits + likely,
    }


def _parts(values: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """int64 (n,): which of so many parts of equal size each value lies in, the lowest 0."""
    if not len(values):
        return np.empty(0, np.int64)
    return np.digitize(values, np.quantile(values, np.arange(1, parts) / parts)).astype(np.int64)


def _told(rate: Sequence[float | None]) -> str:
    return "–" if rate[0] is None else f"{rate[0]:.3f} [{rate[1]:.3f} {rate[2]:.3f}]"
