"""What steering adds to an answer: the same questions asked without and with campaigns in force, stage by stage."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import numpy as np
from django.utils import timezone
from tqdm import tqdm

from catalog.models import Store
from objectives import lifecycle
from objectives.campaign_reading import read_campaign
from objectives.lifecycle import PLATFORM
from objectives.models import Action
from personalization.campaign_book import FRESH
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.pipeline import RECALLS, personalize
from personalization.scene import Asked

WHOLE: Final = "whole answer"
# A day's usual: margin within the floor for all, and a stock that is pushed, with a boost, for who has seen something.
CAMPAIGNS: Final[Sequence[Mapping[str, Any]]] = (
    {"name": "margin", "objectives": [{"measure": "margin", "weight": 10}]},
    {
        "name": "stock",
        "scope": "favoured",
        "promoted": {"stock": [20, None], "days_on_sale": [60, None]},
        "objectives": [{"measure": "clearance", "weight": 5}],
        "condition": {"marker": "choice_brands", "operator": ">=", "value": 1},
        "rules": [{"kind": "boost", "products": {"margin_share": [0.4, None]}, "strength": 3}],
    },
)

Times = dict[str, list[float]]  # stage → milliseconds, in the order of the questions


def added(questions: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Milliseconds that the campaigns add, by stage, with 95 % intervals over questions.

    Each question is asked four times, unsteered, steered, steered, unsteered, so that what grows warm favours neither.
    """
    store = questions[0].store
    plain: list[Times] = [_asked(questions)]
    with _in_force(store):
        steered = [_asked(questions), _asked(questions)]
    plain.append(_asked(questions))
    stages = sorted(set(plain[0]) & set(steered[0]))
    return {
        stage: _difference([times[stage] for times in steered], [times[stage] for times in plain]) for stage in stages
    }


def _asked(questions: Sequence[Asked]) -> Times:
    rng = np.random.default_rng(0)
    times: Times = defaultdict(list)
    for question in tqdm(questions, desc="answering, steered and not"):
        RECALLS.clear()  # every answer pays for its own recall
        started = perf_counter()
        answer = personalize(asked=question, now=timezone.now(), rng=rng)
        times[WHOLE].append((perf_counter() - started) * 1000)
        for stage in ("course", "estimate", "rank"):
            times[stage].append(answer.decision.stages.get(stage, 0.0))
    return times


@contextmanager
def _in_force(store: Store) -> Iterator[None]:
    """The campaigns, governing every answer, and gone afterwards."""
    made = []
    for members in CAMPAIGNS:
        document = read_campaign({**members, "holdout": 0}, store=store, known_markers=KNOWN_MARKERS)
        campaign = lifecycle.create(store=store, document=document, by=PLATFORM, now=timezone.now())
        made.append(lifecycle.take(campaign=campaign, action=Action.STARTED, by=PLATFORM, now=timezone.now()))
    time.sleep(2 * FRESH)
    try:
        yield
    finally:
        for campaign in made:
            campaign.delete()
        time.sleep(2 * FRESH)


def _difference(steered: Sequence[Sequence[float]], plain: Sequence[Sequence[float]]) -> dict[str, float]:
    """The mean of what each question took more, and how far it may be off (normal approximation)."""
    more = np.mean(steered, axis=0) - np.mean(plain, axis=0)
    spread = 1.96 * float(more.std(ddof=1)) / np.sqrt(len(more))
    return {
        "unsteered": round(float(np.mean(plain)), 3),
        "added": round(float(more.mean()), 3),
        "lower": round(float(more.mean() - spread), 3),
        "upper": round(float(more.mean() + spread), 3),
    }
