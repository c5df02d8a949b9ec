"""The verdict on a campaign in words: what it brought or cost, and each of its rules, against who was spared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from catalog.models import Store
from catalog.money import format_money
from objectives.campaign_documents import tell_campaign
from objectives.models import Campaign
from personalization.admin.campaign_words import rule_in_words
from personalization.arm_outcomes import Metric
from personalization.evaluation.intervals import Interval
from personalization.verdicts import MetricVerdict, RuleVerdict, Verdict
from personalization.wording import instant_in_words, points_in_words, share_in_words, signed

MONEY: Final = frozenset({Metric.REVENUE, Metric.MARGIN})
LEADING: Final = Metric.MARGIN  # what a rule is told by in a line


def verdict_in_words(verdict: Verdict, campaign: Campaign) -> dict[str, Any]:
    """What the page tells: the answer first, then every metric, then the rules."""
    store = campaign.store
    period = [instant_in_words(at, store.zone_info) for at in (verdict.since, verdict.until) if at]
    return {
        "headline": _headline(verdict, store),
        "doubt": verdict.doubt.label if verdict.doubt else "",
        "period": " → ".join(period),
        "holdout": share_in_words(verdict.holdout),
        "metrics": [_metric(one, store.currency) for one in verdict.metrics],
        "ratio_p": _p(verdict.ratio.p_value) if verdict.ratio else "",
        "even": verdict.ratio is None or verdict.ratio.sound,
        "steered": _visitors(verdict, "steered"),
        "spared": _visitors(verdict, "spared"),
        "mixed": verdict.mixed,
        "rules": list(_rules(verdict, campaign)),
    }


def _headline(verdict: Verdict, store: Store) -> str:
    """The answer in a sentence: of the margin where its cost is known, and whatever is proven."""
    if not verdict.metrics:
        return str(verdict.doubt.label) if verdict.doubt else ""
    by_metric = {one.metric: one for one in verdict.metrics}
    leading = by_metric[LEADING] if by_metric[LEADING].steered_total else by_metric[Metric.REVENUE]
    if not leading.enough:
        return _("Not enough visitors yet to tell what it brings: every figure below may still turn.")
    named = {
        "metric": leading.metric.label,
        "brought": _amount(leading.metric, leading.brought.value, store.currency, sign=True),
        "span": _span(leading.metric, leading.brought, store.currency),
    }
    if not leading.proven:
        return _("No difference is proven: %(metric)s %(brought)s (%(span)s) over all visitors it steered.") % named
    if leading.brought.value > 0:
        return _("It has brought %(brought)s of %(metric)s (%(span)s) over all visitors it steered.") % named
    return _("It has cost: %(brought)s of %(metric)s (%(span)s) over all visitors it steered.") % named


def _rules(verdict: Verdict, campaign: Campaign) -> Iterator[dict[str, Any]]:
    rows = {rule.pk: rule for rule in campaign.rules.all()}
    told = {(one["kind"], one["place"], str(one["products"])): one for one in tell_campaign(campaign)["rules"]}
    for one in verdict.rules:
        row = rows[one.rule]
        rule = told[row.kind, row.place, str(row.products)]
        yield {"rule": rule_in_words(rule, store=campaign.store), **_rule(one, campaign.store.currency)}


def _rule(one: RuleVerdict, currency: str) -> dict[str, Any]:
    metrics = [_metric(found, currency) for found in one.metrics]
    return {"doubt": one.doubt.label if one.doubt else "", "metrics": metrics}


def _metric(one: MetricVerdict, currency: str) -> dict[str, Any]:
    """One line of the table."""
    proven = one.proven
    known = not isnan(one.uplift.value)
    return {
        "name": str(one.metric.label),
        "steered": _mean(one.metric, one.steered, currency),
        "spared": _mean(one.metric, one.spared, currency),
        "difference": _mean(one.metric, one.difference.value, currency, sign=True),
        "span": _span_of_means(one.metric, one.difference, currency),
        "uplift": _percent(one.uplift.value) if known else "—",
        "uplift_span": _uplift_span(one.uplift) if known else "",
        "brought": _amount(one.metric, one.brought.value, currency, sign=True),
        "sure": _("proven") if proven else _("not proven") if one.enough else _("too few yet"),
        "badge": ("success" if one.difference.value > 0 else "danger") if proven else "default",
    }


def _mean(metric: Metric, value: float, currency: str, *, sign: bool = False) -> str:
    """Per visitor; with a sign as a difference."""
    if isnan(value):
        return "—"
    if metric == Metric.CONVERSION:
        told = points_in_words(value) if sign else share_in_words(value, decimals=2)
    elif metric in MONEY:
        told = format_money(round(value, 2), currency)
    else:
        told = signed(round(value, 3), 3)
    return f"+{told}" if sign and value > 0 else told


def _amount(metric: Metric, value: float, currency: str, *, sign: bool = False) -> str:
    """Over all visitors."""
    if isnan(value):
        return "—"
    told = format_money(round(value, 2), currency) if metric in MONEY else signed(round(value, 1), 1)
    return f"+{told}" if sign and value > 0 else told


def _span(metric: Metric, interval: Interval, currency: str) -> str:
    ends = [_amount(metric, end, currency, sign=True) for end in (interval.lower, interval.upper)]
    return _("%(lower)s to %(upper)s") % {"lower": ends[0], "upper": ends[1]}


def _span_of_means(metric: Metric, interval: Interval, currency: str) -> str:
    if isnan(interval.lower):
        return ""
    ends = [_mean(metric, end, currency, sign=True) for end in (interval.lower, interval.upper)]
    return _("%(lower)s to %(upper)s") % {"lower": ends[0], "upper": ends[1]}


def _percent(share: float) -> str:
    told = share_in_words(share, decimals=1)
    return f"+{told}" if share > 0 else told


def _uplift_span(interval: Interval) -> str:
    return _("%(lower)s to %(upper)s") % {"lower": _percent(interval.lower), "upper": _percent(interval.upper)}


def _visitors(verdict: Verdict, arm: str) -> str:
    counts: Mapping[str, int] = {
        "steered": verdict.metrics[0].steered_visitors if verdict.metrics else 0,
        "spared": verdict.metrics[0].spared_visitors if verdict.metrics else 0,
    }
    return number_format(counts[arm], force_grouping=True)


def _p(value: float) -> str:
    return number_format(round(value, 3), 3)
