"""What an answer costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.markdown import table
from benchmarks.sections.telling import Told


def tell(record: Mapping[str, Any]) -> Told:
    """What an answer costs."""
    figures = record["figures"]
    said = Told()
    rows = ([stage, *(f"{row[name]:.2f}" for name in ("mean", "p50", "p99"))]
            for stage, row in figures["answers"].items())  # fmt: skip
    said.say(
        f"One client, one answer after the other, from {figures['situations']:,} situations of {figures['visits']:,} "
        f"visits; the rebuild took {figures['rebuild_seconds']:,} s. Milliseconds by stage, stages inside the engine "
        "begin with `engine_`:",
        table(["stage", "mean", "median", "99th percentile"], rows),
    )
    return said
