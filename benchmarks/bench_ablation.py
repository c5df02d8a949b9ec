"""What each mechanism and each family of markers is worth: what the inductive estimates lose without it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from benchmarks import ablation, town
from benchmarks.ablation import Asked, Judged, Table, Variant
from benchmarks.questions import Storefront
from benchmarks.remembered import Remembered, remembered
from catalog.facts import ProductFacts
from personalization.evaluation.intervals import Quotient, difference, intervals
from personalization.memory.live import LiveMemory, live_memory

WHOLE: Final = "nothing"
MEASURES: Final[Mapping[str, str]] = {
    "hr": "HR@20",
    "mrr": "MRR@20",
    "hr_new": "HR@20, new",
    "mrr_new": "MRR@20, new",
    "taken": "carted or bought later, in the first 20",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    town.add_options(parser)
    parser.add_argument("--taught", type=int, default=2000, help="questions every variant learns from")
    parser.add_argument("--judged", type=int, default=2500, help="later questions it is judged by")


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raise the town; teach and judge each variant on visits that its memory has not seen."""
    standing = town.standing_town(shoppers=asked.shoppers, seed=asked.seed)
    storefront, memory = Storefront(standing.store), live_memory(store_id=standing.store.pk)
    found = ablation.asked(standing, storefront, rng=np.random.default_rng((asked.seed, 5)))
    teaching, judging = halves(found, taught=asked.taught, judged=asked.judged)
    past = remembered(standing.store, memory)
    judged: dict[Variant, Judged] = {}
    tables = _Tables(memory, past, storefront.facts, [*teaching, *judging])
    lessons, exams = range(len(teaching)), range(len(teaching), len(teaching) + len(judging))
    for variant in tqdm(list(ablation.variants(memory)), desc="variants"):
        table = tables.under(variant)
        estimator = table.taught(lessons, variant.without)
        judged[variant] = table.judged(exams, variant.without, estimator)
    protocol = standing.protocol | {
        "taught": len(teaching),
        "judged": len(judging),
        "questions_a_visit": ablation.A_VISIT,
    }
    return figures(judging, judged), protocol


def halves(asked: Sequence[Asked], *, taught: int, judged: int) -> tuple[list[Asked], list[Asked]]:
    """The questions of the earlier visits, to learn from, and of the later ones, to judge by.

    No visit is in both.
    """
    visits = list(dict.fromkeys(one.visit_id for one in asked))
    early = set(visits[: len(visits) // 2])
    return (
        [one for one in asked if one.visit_id in early][-taught:],
        [one for one in asked if one.visit_id not in early][:judged],
    )


class _Tables:
    """Distances are computed once a scaling; most variants share one."""

    def __init__(self, memory: LiveMemory, past: Remembered, facts: ProductFacts, asked: Sequence[Asked]) -> None:
        self._memory, self._past, self._facts, self._asked = memory, past, facts, asked
        self._held: tuple[bytes, Table] | None = None

    def under(self, variant: Variant) -> Table:
        key = variant.scaling.weight.tobytes()
        if self._held is None or self._held[0] != key:
            self._held = (key, Table(self._memory, self._past, self._facts, variant.scaling, self._asked))
        return self._held[1]


def figures(judging: Sequence[Asked], judged: Mapping[Variant, Judged]) -> dict[str, Any]:
    """By variant its figures, and what the whole has more, with intervals by visit."""
    quotients = {variant.name: _quotients(judging, found) for variant, found in judged.items()}
    flat = {f"{name}/{measure}": pair for name, own in quotients.items() for measure, pair in own.items()}
    flat |= {
        f"{name}/lost/{measure}": difference(quotients[WHOLE][measure], pair)
        for name, own in quotients.items()
        for measure, pair in own.items()
    }
    rates = intervals(flat, clusters=[one.visit_id for one in judging])
    return {
        "questions": {measure: int(pair[1].sum()) for measure, pair in quotients[WHOLE].items()},
        "variants": {
            variant.name: {
                "kind": variant.kind,
                **{measure: rates[f"{variant.name}/{measure}"].to_json() for measure in MEASURES},
                "lost": {measure: rates[f"{variant.name}/lost/{measure}"].to_json() for measure in MEASURES},
            }
            for variant in judged
        },
    }


def show(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    print(f"\n{'without':<32}" + "".join(f"{name:>40}" for name in MEASURES.values()))
    for name, row in figures["variants"].items():
        told = [f"{row[measure][0]:.3f}  lost {_interval(row['lost'][measure])}" for measure in MEASURES]
        print(f"{name:<32}" + "".join(f"{words:>40}" for words in told))


def _quotients(judging: Sequence[Asked], judged: Judged) -> dict[str, Quotient]:
    followed = np.array([one.following >= 0 for one in judging], np.float64)
    new = np.array([one.is_new for one in judging], np.float64)
    wanted = np.array([len(one.taken) for one in judging], np.float64)
    hit = (judged.place > 0).astype(np.float64)
    reciprocal = np.where(judged.place > 0, 1 / np.maximum(judged.place, 1), 0.0)
    return {
        "hr": (hit * followed, followed),
        "mrr": (reciprocal * followed, followed),
        "hr_new": (hit * new, new),
        "mrr_new": (reciprocal * new, new),
        "taken": (judged.taken.astype(np.float64), wanted),
    }


def _interval(rate: Sequence[float | None]) -> str:
    return "–" if rate[0] is None else f"{rate[0]:+.3f} [{rate[1]:+.3f} {rate[2]:+.3f}]"
