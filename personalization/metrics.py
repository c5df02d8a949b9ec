"""What the installation counts about itself; no label names a store, whose figures are its own."""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.registry import REGISTRY

_MS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 1_000.0)

ANSWERS = Counter("netup_answers_total", "Answers given.", ["kind", "engine", "fallback", "degraded"])
ANSWER_MS = Histogram("netup_answer_milliseconds", "Time of an answer.", ["kind"], buckets=_MS)
STAGE_MS = Histogram("netup_stage_milliseconds", "Time of one stage of an answer.", ["stage"], buckets=_MS)
NOVELTY = Histogram("netup_novelty", "Novelty of the situations answered.", buckets=[i / 10 for i in range(1, 11)])
RECALLS_SHARED = Counter("netup_recalls_shared_total", "Answers that used another zone's recall.")
DECISIONS_WRITTEN = Counter("netup_decisions_written_total", "Decisions made durable.")
DECISIONS_DROPPED = Counter("netup_decisions_dropped_total", "Decisions lost: the queue was full.")
DECISIONS_REFUSED = Counter("netup_decisions_refused_total", "Decisions not kept: their visit or store was gone.")
CAMPAIGNS_GUARDED = Counter("netup_campaigns_guarded_total", "Campaigns paused by their guardrail.")


def exposition() -> bytes:
    """All that is counted, in Prometheus' text format; of all processes with PROMETHEUS_MULTIPROC_DIR."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
