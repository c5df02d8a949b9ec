"""What a campaign brought, and what the logs say that one would have changed, told as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from objectives.models import Campaign
from personalization.api.preview_answers import told_change, told_interval
from personalization.evaluation.arms import SampleRatio
from personalization.evaluation.log_support import Support
from personalization.hindsight import Hindsight
from personalization.verdicts import MetricVerdict, RuleVerdict, Verdict


def told_verdict(campaign: Campaign, verdict: Verdict) -> dict[str, Any]:
    """The body of `GET campaigns/{id}/verdict`."""
    rules = zip(campaign.rules.all(), verdict.rules, strict=True)
    return {
        "campaign": str(campaign.pk),
        "since": verdict.since,
        "until": verdict.until,
        "holdout": verdict.holdout,
        "mixed": verdict.mixed,
        **_judged(verdict),
        "rules": [
            {"pointer": f"/rules/{number}", "kind": rule.kind, "since": of.since, **_judged(of)}
            for number, (rule, of) in enumerate(rules)
        ],
    }


def told_hindsight(found: Hindsight) -> dict[str, Any]:
    """The body of `POST campaigns/hindsight`."""
    return {
        "supported": found.supported,
        "reason": found.verdict.reason or None,
        "figures": {name: told_change(change) for name, change in found.figures.items()},
        "logs": {"before": _support(found.before), "after": _support(found.after)},
    }


def _judged(verdict: Verdict | RuleVerdict) -> dict[str, Any]:
    return {
        "doubt": verdict.doubt,
        "groups": None if verdict.ratio is None else _groups(verdict.ratio),
        "metrics": dict(_metrics(verdict.metrics)),
    }


def _groups(ratio: SampleRatio) -> dict[str, Any]:
    return {
        "steered": ratio.steered,
        "spared": ratio.spared,
        "p_value": _number(ratio.p_value),
        "sound": ratio.sound,
    }


def _metrics(metrics: Iterable[MetricVerdict]) -> Iterable[tuple[str, dict[str, Any]]]:
    for one in metrics:
        yield (
            one.metric.value,
            {
                "steered": {"visitors": one.steered_visitors, "total": one.steered_total, "mean": one.steered},
                "spared": {"visitors": one.spared_visitors, "total": one.spared_total, "mean": one.spared},
                "difference": told_interval(one.difference),
                "uplift": told_interval(one.uplift),
                "brought": told_interval(one.brought),
                "p_value": _number(one.p_value),
                "enough": one.enough,
                "proven": one.proven,
            },
        )


def _support(found: Support) -> dict[str, Any]:
    return {
        "visits": found.visits,
        "places": found.places,
        "agreeing": found.agreeing,
        "rewarded": found.rewarded,
        "covered": told_interval(found.covered),
        "effective": found.effective,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
