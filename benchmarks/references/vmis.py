"""VMIS-kNN, the nearest neighbours that Serenade serves from an index of the newest sessions of each item.

Kersbergen, Sprangers, Schelter: Serenade, Low-Latency Session-Based Recommendation in e-Commerce at Scale, SIGMOD
2022 (github.com/bolcom/serenade, `src/vmisknn`). Its early stop and bounded heaps find exactly the `sample` newest
sessions that share an item; they save time, not answers, and are not rebuilt here. Its last step, which strikes the
item being looked at from the list, is a rule of the shop that served it and is left out: here an item may come next
again, and every line is free to say so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.references.base import Sessions
from benchmarks.references.neighbours import Candidates, Neighbours, Shared


@dataclass
class VmisKnn(Neighbours):
    """Clicks weigh their place, neighbours 1 - 0.1 a step back to the most recent item shared, items their rarity."""

    def rarity(self, sessions: Sessions, catalog: int) -> NDArray[np.float64]:
        met = np.unique(sessions.owners * catalog + sessions.items) % catalog
        return np.log(len(met) / np.maximum(np.bincount(met, minlength=catalog), 1))

    def click_weights(self, places: NDArray[np.int64], length: int) -> NDArray[np.float64]:
        return places / len(places)

    def likeness(self, found: Candidates) -> NDArray[np.float64]:
        return found.dot

    def share(self, shared: Shared) -> NDArray[np.float64]:
        return (1 - 0.1 * (shared.steps + 1.0)) * shared.rarity
