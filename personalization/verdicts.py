"""Verdicts: what a campaign, and each of its merchandising rules, brought or cost against not having it.

Compared are visitors whom it steered with visitors who were spared, drawn beforehand by nothing but their key, and each
counted from their first meeting on, whatever they met afterwards (intention to treat): see ADR 0018. Intervals hold for
one look at one figure; who looks at many, or every day, will now and then see a difference where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from objectives.campaigns import TRIED
from objectives.models import Campaign, MerchandisingRule
from objectives.selection import InvalidSelectionError
from objectives.selection import parse as parse_selection
from objectives.tenure import Tenure, tenure_of
from personalization.arm_outcomes import CAMPAIGN, Answer, Arms, Metric, Question, ask
from personalization.evaluation.arms import SampleRatio, Sums, contrast, sample_ratio
from personalization.evaluation.intervals import Interval

LOOKED_BACK: Final = timedelta(days=90)  # from the end of a tenure: what lies before it is not looked at


class Doubt(TextChoices):
    """Why nothing can be told, or nothing yet."""

    NOT_BEGUN = "not_begun", _("Cannot tell: it has not governed yet.")
    NOBODY_HELD_OUT = "nobody_held_out", _("Cannot tell: nobody is held out.")
    EVERYBODY_HELD_OUT = "everybody_held_out", _("Cannot tell: everybody is held out.")
    NOT_DRAWN = "not_drawn", _("Not told by itself: nobody is shown what is excluded to see what that brings.")
    NOBODY_STEERED = "nobody_steered", _("Cannot tell yet: nobody has been steered.")
    NOBODY_SPARED = "nobody_spared", _("Cannot tell yet: nobody has been spared.")
    UNEVEN = "uneven", _("Not to be trusted: the two groups are not as large as the hold-out makes them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricVerdict:
    """One metric of steered and of spared visitors.

    Attributes:
        metric: what is compared; a share of conversion, money of revenue and margin, else a count.
        steered, spared: per visitor.
        steered_total, spared_total: over all visitors of the arm.
        steered_visitors, spared_visitors: of the arms.
        difference: steered − spared per visitor, with its 95 % interval.
        uplift: the same as a share of spared; NaN where that is not proven to be above zero.
        brought: the difference over all steered visitors: what was gained, or lost below 0, with its 95 % interval.
        p_value: chance of a difference at least as large if there were none.
        enough: whether both arms have lived enough for the intervals to be what they say.
    """

    metric: Metric
    steered: float
    spared: float
    steered_total: float
    spared_total: float
    steered_visitors: int
    spared_visitors: int
    difference: Interval
    uplift: Interval
    brought: Interval
    p_value: float
    enough: bool

    @property
    def proven(self) -> bool:
        """Whether it makes a difference, with 95 % confidence."""
        return self.enough and self.difference.excludes_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What one merchandising rule brought, among the visitors whom its campaign steered.

    Attributes:
        rule: database id.
        since: from when on visitors were drawn for it; None where none were.
        doubt: why there are no metrics, or why they are not to be trusted; None for neither.
        ratio: the sizes of the arms; None without metrics.
        metrics: one of each Metric, PROMOTED of the rule's own products; none where nothing can be told.
    """

    rule: int
    since: datetime | None = None
    doubt: Doubt | None = None
    ratio: SampleRatio | None = None
    metrics: tuple[MetricVerdict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a campaign brought, and each of its rules.

    Attributes:
        campaign: database id.
        since, until: the first meetings that count; None where nothing can be told.
        holdout: share of the visitors who are spared.
        doubt: why there are no metrics, or why they are not to be trusted; None for neither.
        ratio: the sizes of the arms; None without metrics.
        mixed: visitors left out, as they were steered and spared, both.
        metrics: one of each Metric; none where nothing can be told.
        rules: one of each merchandising rule of the campaign, in their order.
    """

    campaign: int
    since: datetime | None = None
    until: datetime | None = None
    holdout: float
    doubt: Doubt | None = None
    ratio: SampleRatio | None = None
    mixed: int = 0
    metrics: tuple[MetricVerdict, ...] = ()
    rules: tuple[RuleVerdict, ...] = ()


def verdict_of(*, campaign: Campaign, now: datetime) -> Verdict:
    """What the campaign brought or cost up to `now`, or up to when it ceased to govern."""
    tenure = tenure_of(campaign, now=now)
    rules = list(campaign.rules.all())
    if tenure is None or not 0 < campaign.holdout < 1:
        doubt = Doubt.NOT_BEGUN if tenure is None else _nobody(campaign.holdout)
        told = tuple(RuleVerdict(rule=rule.pk, doubt=doubt) for rule in rules)
        return Verdict(campaign=campaign.pk, holdout=campaign.holdout, doubt=doubt, rules=told)
    since = {CAMPAIGN: tenure.since} | {rule.pk: tenure.rules[rule.pk] for rule in rules if _is_drawn(rule, tenure)}
    since = {subject: max(begun, tenure.until - LOOKED_BACK) for subject, begun in since.items()}
    answers = _answers(campaign, rules, since, until=tenure.until, now=now)
    judged = _judge(answers[CAMPAIGN].arms[CAMPAIGN], share=campaign.holdout)
    return Verdict(
        campaign=campaign.pk,
        since=since[CAMPAIGN],
        until=tenure.until,
        holdout=campaign.holdout,
        mixed=answers[CAMPAIGN].mixed,
        rules=tuple(_rule(rule, campaign, since.get(rule.pk), answers) for rule in rules),
        **judged._asdict(),
    )


def _nobody(holdout: float) -> Doubt:
    return Doubt.EVERYBODY_HELD_OUT if holdout else Doubt.NOBODY_HELD_OUT


def _is_drawn(rule: MerchandisingRule, tenure: Tenure) -> bool:
    return rule.kind in TRIED and rule.pk in tenure.rules


def _answers(
    campaign: Campaign,
    rules: Sequence[MerchandisingRule],
    since: Mapping[int, datetime],
    *,
    until: datetime,
    now: datetime,
) -> dict[int, Answer]:
    """Subject → the answer that tells of it; those that have been drawn equally long are asked about at once."""
    selections = {rule.pk: rule.products for rule in rules} | {CAMPAIGN: campaign.promoted}
    facts = live_facts(store_id=campaign.store_id)
    found: dict[int, Answer] = {}
    for begun in set(since.values()):
        subjects = [subject for subject, at in since.items() if at == begun]
        question = Question(
            store_id=campaign.store_id,
            campaign=campaign.pk,
            since=begun,
            until=until,
            products={subject: _positions(selections[subject], facts, now) for subject in subjects},
        )
        found |= dict.fromkeys(subjects, ask(question))
    return found


def _positions(selection: Any, facts: ProductFacts, now: datetime) -> list[int]:
    """Catalog positions of what is selected now; a selection that has lost its meaning selects nothing."""
    try:
        return np.flatnonzero(parse_selection(selection).mask(facts, now=now.timestamp())).tolist()
    except InvalidSelectionError:
        return []


class _Judgement(NamedTuple):
    doubt: Doubt | None
    ratio: SampleRatio | None
    metrics: tuple[MetricVerdict, ...]


def _rule(
    rule: MerchandisingRule, campaign: Campaign, since: datetime | None, answers: Mapping[int, Answer]
) -> RuleVerdict:
    if since is None:
        return RuleVerdict(rule=rule.pk, doubt=Doubt.NOT_BEGUN if rule.kind in TRIED else Doubt.NOT_DRAWN)
    judged = _judge(answers[rule.pk].arms[rule.pk], share=campaign.holdout)
    return RuleVerdict(rule=rule.pk, since=since, **judged._asdict())


def _judge(arms: Arms, *, share: float) -> _Judgement:
    steered, spared = (arm[Metric.CONVERSION].visitors for arm in (arms.steered, arms.spared))
    if not steered or not spared:
        return _Judgement(Doubt.NOBODY_SPARED if steered else Doubt.NOBODY_STEERED, None, ())
    ratio = sample_ratio(steered=steered, spared=spared, share=share)
    metrics = tuple(_metric(metric, arms.steered[metric], arms.spared[metric]) for metric in Metric)
    return _Judgement(None if ratio.sound else Doubt.UNEVEN, ratio, metrics)


def _metric(metric: Metric, steered: Sums, spared: Sums) -> MetricVerdict:
    found = contrast(steered=steered, spared=spared)
    return MetricVerdict(
        metric=metric,
        steered=found.steered,
        spared=found.spared,
        steered_total=steered.total,
        spared_total=spared.total,
        steered_visitors=steered.visitors,
        spared_visitors=spared.visitors,
        difference=found.difference,
        uplift=found.uplift,
        brought=found.difference.times(steered.visitors),
        p_value=found.p_value,
        enough=found.enough,
    )
