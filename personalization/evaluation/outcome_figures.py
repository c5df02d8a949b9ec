"""Figures of later outcomes: per engine and kind of visitor, with intervals by visit, and what divides the engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from personalization.evaluation.calibration import reliability
from personalization.evaluation.cuts import Cut
from personalization.evaluation.intervals import Quotient, difference, intervals
from personalization.evaluation.outcomes import Answered

FRONT: Final = "inductive"  # the engine that the others are measured against
VISITORS: Final = ("all", "returning", "unknown")
MEANING: Final = {
    "list": "what a zone without campaigns would serve of the engine's estimates; under own_order what it proposes",
    "cut": "a held-out visit after an event; what was chosen before, or is on the page, is neither shown nor a target",
    "hr": "share of cuts with a product taken (carted or bought) later, of which the list held at least one",
    "mrr": "mean of 1 / rank of the first such product in the list, 0 when it held none",
    "recall": "mean share of the products taken later that the list held",
    "hr_bought, mrr_bought, recall_bought": "the same of products bought later",
    "hr_next, mrr_next": "the same of the product looked at next, at cuts drawn evenly from all of a visit",
    "value": "share of the money spent later (price x quantity) that went to products of the list",
    "margin": "share of the margin made later ((price - cost) x quantity, known costs only) that they made",
    "answered": "share of all cuts at which anything was listed",
    "ms": "mean milliseconds from the visit's events to the list, at all cuts",
}


def figures(cuts: Sequence[Cut], answers: Mapping[str, Sequence[Answered]], *, seed: int) -> dict[str, Any]:
    """By engine its figures, and by rival what the inductive engine has more: [value, lower, upper], 95 % intervals.

    Lists are judged as a zone would serve them; under `own_order` as the engines propose them.
    """
    found = _compared(cuts, answers, "items", seed=seed)
    for name, answered in answers.items():
        found["engines"][name] |= _of_answers(cuts, answered)
    return found | {"own_order": _compared(cuts, answers, "own_order", seed=seed)}


def _compared(
    cuts: Sequence[Cut], answers: Mapping[str, Sequence[Answered]], listing: str, *, seed: int
) -> dict[str, Any]:
    quotients = {name: _quotients(cuts, answered, listing) for name, answered in answers.items()}
    rivals = [name for name in quotients if FRONT in quotients and name != FRONT]
    flat = {f"{name}/{which}": pair for name, own in quotients.items() for which, pair in own.items()}
    flat |= {
        f"{FRONT}-{rival}/{which}": difference(quotients[FRONT][which], pair)
        for rival in rivals
        for which, pair in quotients[rival].items()
    }
    drawn = intervals(flat, clusters=[cut.visit.visit_id for cut in cuts], seed=seed)
    found = {name: interval.to_json() for name, interval in drawn.items()}
    return {
        "engines": {name: _split(found, name) for name in quotients},
        "inductive_minus": {rival: _split(found, f"{FRONT}-{rival}") for rival in rivals},
    }


def counts(cuts: Sequence[Cut]) -> dict[str, int]:
    """How much was asked."""
    judged = [cut for cut in cuts if cut.judges_hits]
    return {
        "visits": len({cut.visit.visit_id for cut in cuts}),
        "cuts": len(cuts),
        "cuts_taken_later": len(judged),
        "cuts_bought_later": sum(bool(cut.bought) for cut in judged),
        "cuts_returning": sum(cut.visit.is_returning for cut in judged),
        "cuts_unknown": sum(not cut.visit.is_returning for cut in judged),
        "cuts_for_estimates": sum(cut.judges_estimates for cut in cuts),
    }


def _split(found: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    split: dict[str, dict[str, Any]] = {visitors: {} for visitors in VISITORS}
    for key, interval in found.items():
        of, _, which = key.partition("/")
        if of == name:
            visitors, _, figure = which.partition("/")
            split[visitors][figure] = interval
    return split


def _quotients(cuts: Sequence[Cut], answers: Sequence[Answered], listing: str) -> dict[str, Quotient]:
    """By "visitors/figure" what is summed above and below the line, a number a cut."""
    pairs = [_of_cut(cut, answered, listing) for cut, answered in zip(cuts, answers, strict=True)]
    returning = np.array([cut.visit.is_returning for cut in cuts], bool)
    masks = dict(zip(VISITORS, (np.ones(len(cuts), bool), returning, ~returning), strict=True))
    quotients = {}
    for figure in pairs[0] if pairs else ():
        above, below = (np.array([pair[figure][side] for pair in pairs], np.float64) for side in (0, 1))
        for visitors, mask in masks.items():
            quotients[f"{visitors}/{figure}"] = (above * mask, below * mask)
    return quotients


def _of_cut(cut: Cut, answered: Answered, listing: str) -> dict[str, tuple[float, float]]:
    """Each figure's share of one cut: above and below the line."""
    listed: tuple[str, ...] = getattr(answered, listing)
    places = {item_id: rank for rank, item_id in enumerate(listed, start=1)}
    judged = cut.judges_hits
    bought = {item_id: worth for item_id, worth in cut.bought.items() if judged}
    known = {item_id: worth.margin for item_id, worth in bought.items() if worth.margin == worth.margin}
    return {
        **_found(places, cut.taken if judged else (), ""),
        **_found(places, tuple(bought), "_bought"),
        **_found(places, (cut.following,) if cut.judges_estimates and cut.following else (), "_next"),
        "value": (
            sum(worth.value for item_id, worth in bought.items() if item_id in places),
            sum(worth.value for worth in bought.values()),
        ),
        "margin": (sum(m for item_id, m in known.items() if item_id in places), sum(known.values())),
        "answered": (float(bool(listed)), 1.0),
        "ms": (answered.milliseconds, 1.0),
    }


def _found(places: Mapping[str, int], targets: Sequence[str], kind: str) -> dict[str, tuple[float, float]]:
    asked = float(bool(targets))
    ranks = [places[target] for target in targets if target in places]
    return {
        f"hr{kind}": (float(bool(ranks)), asked),
        f"mrr{kind}": (1 / min(ranks) if ranks else 0.0, asked),
        f"recall{kind}": (len(ranks) / len(targets) if targets else 0.0, asked),
    }


def _of_answers(cuts: Sequence[Cut], answers: Sequence[Answered]) -> dict[str, Any]:
    """What an engine's answers say beside hits: their cost, their fallbacks, whether their estimates come true."""
    times = [answered.milliseconds for answered in answers] or [0.0]
    p50, p99 = np.percentile(times, [50, 99])
    drawn = [pair for pair in zip(cuts, answers, strict=True) if pair[0].judges_estimates and pair[1].items]
    return {
        "ms_p50": round(float(p50), 3),
        "ms_p99": round(float(p99), 3),
        "fallbacks": round(sum(bool(a.fallback) for a in answers) / max(len(answers), 1), 5),
        "calibration": _calibration(drawn),
    }


def _calibration(drawn: Sequence[tuple[Cut, Answered]]) -> dict[str, Any]:
    """Of listed products, whether what is estimated comes true."""
    return {
        kind: reliability(
            _joined([getattr(answered, kind) for _cut, answered in drawn]),
            _true([(answered, getattr(cut, happened)) for cut, answered in drawn]),
        ).to_json()
        for kind, happened in (("view", "viewed"), ("cart", "carted"), ("purchase", "purchased"))
    }


def _joined(pieces: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    return np.concatenate([np.empty(0), *pieces])


def _true(happened: Sequence[tuple[Answered, frozenset[str]]]) -> NDArray[np.bool_]:
    return np.array([item_id in items for answered, items in happened for item_id in answered.items], bool)
