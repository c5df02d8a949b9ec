"""What logs tell of policies that did not write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.bench_off_policy import SETS
from benchmarks.markdown import interval, table
from benchmarks.sections.telling import Told


def tell(record: Mapping[str, Any]) -> Told:
    """What logs tell of policies that did not write them."""
    sets, protocol = record["figures"]["sets"], record["protocol"]
    said = Told()
    if trial := sets.get("hillstrom"):
        said.say(
            f"### {SETS['hillstrom']}",
            f"{protocol['logs']:,} logs of {protocol['customers']:,} customers each, drawn as a policy with "
            "preferences would have sent; asked is what the e-mail about earlier purchases brings. Intervals should "
            "hold the truth in 95 % of the logs; the last column counts those alone that support an estimate.",
            table(
                ["outcome, truth", "estimator", "off by", "varies", "says it varies", "holds", "where supported"],
                [_row(outcome, found, name) for outcome, found in trial.items() for name in found["estimators"]],
            ),
        )
    if shown := sets.get("open-bandit"):
        said.say(
            f"### {SETS['open-bandit']}",
            "Clicks of 1,000 places filled at random, as they were counted, and as the logs of Thompson sampling tell.",
            table(
                ["campaign", "counted", *next(iter(shown.values()))["estimators"], "effective places", "verdict"],
                [
                    [
                        campaign,
                        interval(found["truth"], digits=1),
                        *(interval(told, digits=1) for told in found["estimators"].values()),
                        f"{found['effective']:,.0f} of {found['places']:,}",
                        found["reason"].replace("_", " ") or "supported",
                    ]
                    for campaign, found in shown.items()
                ],
            ),
        )
    return said


def _row(outcome: str, found: Mapping[str, Any], name: str) -> list[str]:
    told = found["estimators"][name]
    among = told["holding_supported"]
    return [
        f"{outcome}, {found['truth']:.4f}",
        name,
        f"{told['bias']:+.5f} ± {told['bias_error']:.5f}",
        f"{told['spread']:.5f}",
        f"{told['said']:.5f}",
        f"{told['holding']:.3f}",
        "–" if among is None else f"{among:.3f}",
    ]
