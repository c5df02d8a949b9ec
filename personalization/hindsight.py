"""Hindsight: what campaigns would have changed in what a zone has served, told from what then came of it.

Each logged decision is answered again, with the campaigns and without, and the logs put right what the calibrated
probabilities expect of both wherever they hold the very product that would have stood at that place (doubly robust, see
`evaluation.off_policy`). Where they do not support that, the probabilities' own figures stand, and it is said why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from catalog.live_facts import live_facts
from objectives.campaigns import CampaignInForce
from objectives.models import Zone
from objectives.reranking import Ranking
from personalization.evaluation import log_support, off_policy
from personalization.evaluation.intervals import Interval
from personalization.evaluation.log_support import Support, Verdict
from personalization.evaluation.off_policy import Log, Policy
from personalization.foresight import FIGURES, PER, Change, Foreseer, Sight, changes, worth
from personalization.memory.live import live_memory
from personalization.served import VISITS, Served, recently_served

WITHOUT, WITH = 0, 1  # the campaigns in question
NOTHING: Final = -1  # at a place of a list that ends above it

REASONS: Final = {
    log_support.FEW_VISITS: gettext_lazy("too few visits have been answered there"),
    log_support.RARELY_LOGGED: gettext_lazy("what would be shown has hardly ever been shown at its place"),
    log_support.PROPENSITIES_OFF: gettext_lazy("what has been shown does not fit the probabilities logged with it"),
    log_support.SMALL_SAMPLE: gettext_lazy("a few of the answers would count for nearly all"),
    log_support.FEW_REWARDS: gettext_lazy("too little was bought of what has been shown so"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What campaigns would change, and what that rests on.

    Attributes:
        figures: figure of FIGURES → its change; of the logs when they support it, else of the probabilities alone.
        verdict: whether they do; else a code of REASONS.
        before, after: what the logs say of the places that would change, without and with the campaigns.
    """

    figures: dict[str, Change]
    verdict: Verdict
    before: Support
    after: Support

    @property
    def supported(self) -> bool:
        return self.verdict.supported

    @property
    def reason(self) -> str:
        """Why not, in words; empty when supported."""
        return str(REASONS[self.verdict.reason]) if self.verdict.reason else ""


def logged_changes(
    seer: Foreseer,
    *,
    zone: Zone,
    before: Sequence[CampaignInForce],
    after: Sequence[CampaignInForce],
    promoted: NDArray[np.bool_],
    now: datetime,
    visits: int = VISITS,
) -> Hindsight:
    """What the campaigns would have changed in a zone's newest decisions, one of each visit that has ended.

    Args:
        seer: of the store; its estimates serve the next look.
        zone: of the same store.
        before: the campaigns in force without those in question.
        after: the campaigns in force with them.
        promoted: bool (products,), whose units are counted.
        now: the instant of the look.
        visits: how many at most.
    """
    memory = live_memory(store_id=seer.store.pk)
    served = list(recently_served(store=seer.store, zone=zone, memory=memory, now=now, most=visits))
    seen = seer.answered([one.moment for one in served], zone=zone, before=before, after=after, now=now)
    facts = live_facts(store_id=seer.store.pk)
    places = _places(served, seen, facts=facts, promoted=promoted)
    supports = [places.support(side) for side in (WITHOUT, WITH)]
    verdicts = [log_support.judge(supports[side]) for side in (WITH, WITHOUT)]
    verdict = next((verdict for verdict in verdicts if not verdict.supported), Verdict(True))
    if verdict.supported:
        figures = {name: places.change(name) for name in FIGURES}
    else:
        recent = seer.sights(zone=zone, before=before, after=after, now=now)
        figures = changes(recent, facts=facts, promoted=promoted, now=now)
    return Hindsight(figures=figures, verdict=verdict, before=supports[WITHOUT], after=supports[WITH])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Every place of every decision; rows of two are without and with the campaigns.

    Attributes:
        log: what was served, of which nothing came yet.
        rewards: figure → float64 (n,), what came of it.
        agreement: bool (2, n), whether what was served would stand there.
        expected: figure → float64 (2, n), of what would stand there.
        changed: bool (n,), whether the two differ.
    """

    log: Log
    rewards: Mapping[str, NDArray[np.float64]]
    agreement: NDArray[np.bool_]
    expected: Mapping[str, NDArray[np.float64]]
    changed: NDArray[np.bool_]

    def change(self, figure: str) -> Change:
        """A figure as the logs tell it.

        They may support what changes without supporting all that stays: then the level it changes from is expected.
        """
        without, with_campaigns = (off_policy.doubly_robust(*self._asked(side, figure)) for side in (WITHOUT, WITH))
        gained = off_policy.difference(with_campaigns, without).interval
        whole = log_support.judge(log_support.support(*self._asked(WITHOUT, "conversion"))).supported
        level = (without if whole else off_policy.direct(*self._asked(WITHOUT, figure))).value
        change = Interval(PER * gained.value, PER * gained.lower, PER * gained.upper)
        return Change(PER * level, PER * (level + gained.value), change)

    def support(self, side: int) -> Support:
        """How far the logs speak of what would change; judged by what was bought."""
        return log_support.support(*self._asked(side, "conversion"), where=self.changed)

    def _asked(self, side: int, figure: str) -> tuple[Log, Policy]:
        expected = self.expected[figure][side]
        policy = Policy(
            agreement=self.agreement[side].astype(np.float64),
            expected=expected,
            expected_served=expected,  # where they agree it is the same product; elsewhere it weighs nothing
        )
        return self.log.rewarded(self.rewards[figure]), policy


def _places(
    served: Sequence[Served], seen: Sequence[Sight], *, facts: ProductFacts, promoted: NDArray[np.bool_]
) -> _Places:
    agreement, changed = [np.empty((2, 0), bool)], [np.empty(0, bool)]
    rewards: dict[str, list[NDArray[np.float64]]] = {name: [np.empty(0)] for name in FIGURES}
    expected: dict[str, list[NDArray[np.float64]]] = {name: [np.empty((2, 0))] for name in FIGURES}
    for one, sight in zip(served, seen, strict=True):
        rows = np.stack([_down_to(len(one.products), ranking) for ranking in (sight.before, sight.after)])
        shown = np.append(sight.estimates.products, NOTHING)[rows]
        agreement.append(shown == one.products)
        changed.append(shown[WITHOUT] != shown[WITH])
        for name, column in worth(sight.estimates, facts=facts, promoted=promoted, now=one.decided_at).items():
            expected[name].append(np.append(column, 0.0)[rows])
        for name, column in _rewards(one, promoted).items():
            rewards[name].append(column)
    propensities = np.concatenate([np.empty(0), *(one.marginals for one in served)])
    return _Places(
        log=Log(
            visits=np.repeat(np.arange(len(served)), [len(one.products) for one in served]),
            count=len(served),
            propensities=propensities,
            rewards=np.zeros(len(propensities)),
        ),
        rewards={name: np.concatenate(columns) for name, columns in rewards.items()},
        agreement=np.concatenate(agreement, axis=1),
        expected={name: np.concatenate(columns, axis=1) for name, columns in expected.items()},
        changed=np.concatenate(changed),
    )


def _down_to(places: int, ranking: Ranking) -> NDArray[np.int32]:
    """int32 (places,): rows of the estimates from the top of a list, NOTHING where it ends above."""
    rows = np.full(places, NOTHING, np.int32)
    count = min(places, len(ranking.rows))
    rows[:count] = ranking.rows[:count]
    return rows


def _rewards(one: Served, promoted: NDArray[np.bool_]) -> dict[str, NDArray[np.float64]]:
    """figure → float64 (k,): what came of each product served."""
    outcome = one.outcome
    return {
        "conversion": outcome.bought.astype(np.float64),
        "revenue": outcome.revenue,
        "margin": outcome.margin,
        "promoted": (outcome.bought & promoted[one.products]).astype(np.float64),
    }
