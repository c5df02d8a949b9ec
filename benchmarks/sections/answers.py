"""What an answer costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.markdown import interval, table
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
    if added := figures.get("steering"):
        said.say(
            "What steering adds: the same questions asked without campaigns and with two in force, one for margin, one "
            "that pushes a stock under a condition with a boost, each question twice either way:",
            table(
                ["stage", "unsteered", "added"],
                [
                    [stage, f"{row['unsteered']:.2f}", interval([row["added"], row["lower"], row["upper"]], digits=2)]
                    for stage, row in added.items()
                ],
            ),
        )
    return said
