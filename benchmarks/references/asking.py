"""The evaluation protocol for reference models: the files that engines are given, the outcomes that engines give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from benchmarks.references.base import Model, Sessions
from personalization.evaluation.figures import Outcome
from personalization.evaluation.sessions import Query, TrainingRow


@dataclass(frozen=True, slots=True)
class Learned:
    """Training sessions as the models take them.

    Attributes:
        item_ids: in the order of their positions.
        repeats: some session met an item twice. Where none ever does (receipts), what stands in a session is not
            what comes next: it is left out of the answers of every model (session-rec's `remind`).
    """

    sessions: Sessions
    item_ids: tuple[str, ...]
    repeats: bool


def learnable(rows: Sequence[TrainingRow]) -> Learned:
    """Sessions of a training file in order of their end.

    A file without times has one row a second, as for engines: decays by age then see all of it as of these days.
    (Spread over the 137 days RetailRocket covers, they changed HR@20 on its tuning slice by -0.010 to 0.000, MRR@20
    by -0.003 to 0.001.)
    """
    clicks: dict[str, list[TrainingRow]] = {}
    for row in rows:
        clicks.setdefault(row.session_id, []).append(row)
    ordered = sorted(clicks.values(), key=lambda session: session[-1].at)
    ids = tuple(dict.fromkeys(row.item_id for session in ordered for row in session))
    position = {item_id: number for number, item_id in enumerate(ids)}
    return Learned(
        Sessions(
            items=np.array([position[row.item_id] for session in ordered for row in session]),
            starts=np.concatenate(([0], np.cumsum([len(session) for session in ordered]))),
            ended=np.array([session[-1].at for session in ordered]),
        ),
        ids,
        any(len({row.item_id for row in session}) < len(session) for session in ordered),
    )


def ask(
    model: Model, *, learned: Learned, queries: Sequence[Query], k: int, progress: Callable[[], None]
) -> tuple[list[Outcome], set[str]]:
    """What became of each query, and every item that some list held; as `protocol.ask` does of an engine."""
    position = {item_id: number for number, item_id in enumerate(learned.item_ids)}
    outcomes, listed = [], set()
    for query in queries:
        started = perf_counter()
        known = [position[item] for item in query.prefix if item in position]
        ranked = _listed(model, known, k, repeats=learned.repeats) if known else []
        took = (perf_counter() - started) * 1000
        target = position.get(query.target)
        rank = ranked.index(target) + 1 if target in ranked else 0
        outcomes.append(Outcome(rank, query.target not in query.prefix, bool(ranked), took))
        listed.update(ranked)
        progress()
    return outcomes, {learned.item_ids[item] for item in listed}


def _listed(model: Model, prefix: list[int], k: int, *, repeats: bool) -> list[int]:
    left_out = set() if repeats else set(prefix)
    return [item for item in model.rank(np.array(prefix), k + len(left_out)).tolist() if item not in left_out][:k]
