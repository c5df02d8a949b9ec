"""Products without any event: how often they are found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import bench_cold, plots
from benchmarks.markdown import emphasised, interval, table
from benchmarks.sections.telling import FRONT, Told, described, mark


def tell(record: Mapping[str, Any]) -> Told:
    """Products without any event."""
    figures = record["figures"]
    asked, engines = figures["questions"], figures["engines"]
    said = Told()
    over = [kind for kind in bench_cold.OVER if asked[kind]]
    said.say(
        "Products that no event has ever spoken of, new on the shelf since the memory was built: launched then by the "
        "town, or long sold but withheld, with every event of theirs, until then. Asked is right before a held-out "
        "visit first meets a product; `content` is a reference "
        "line that reads nothing but the catalog (TF-IDF of title, brand and category path, nearness of price). The "
        "share of questions with the product in the first 20:",
        table(
            ["engine", *(f"{bench_cold.OVER[kind]} ({asked[kind]:,})" for kind in over)],
            ([emphasised(name), *(interval(row["hr"][kind]) for kind in over)] for name, row in engines.items()),
        ),
        "And more closely: the mean reciprocal place, what is found above `content`, how many of the list's places "
        "cold products take, and how many of those were right (the visit met them later):",
        table(
            ["engine", "MRR, no event", "MRR, any", "above content, no event", "above content, any", "cold places",
             "of these right", "other places right"],
            (
                [
                    emphasised(name),
                    *(interval(row["mrr"][kind]) for kind in ("cold", "all")),
                    *(interval(row["above_content"][kind], signed=True) for kind in ("cold", "all")),
                    *(interval(row["places"][kind]) for kind in ("cold", "cold_right", "warm_right")),
                ]
                for name, row in engines.items()
            ),
        ),
        _reached(engines.get(FRONT, {}).get("relations", {})),
    )  # fmt: skip
    groups = {
        bench_cold.OVER[kind]: [mark(name, row["hr"][kind]) for name, row in engines.items()]
        for kind in ("cold", "all")
    }
    said.show(
        "cold-products",
        "How often products without any event are found",
        plots.bars(
            title="Wanted next, in the first 20",
            description=described(groups),
            groups=groups,
            unit="hit rate @20",
        ),
    )
    return said


def _reached(relations: Mapping[str, int]) -> str:
    if not (total := sum(relations.values())):
        return ""
    told = ", ".join(f"{kind} {count / total:.0%}".replace("%", " %") for kind, count in relations.items())
    return f"How the inductive engine reached those it found: {told}."
