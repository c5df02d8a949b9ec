"""Next-item quality on public sets, beside the published models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from benchmarks import plots
from benchmarks.markdown import emphasised, interval, table
from benchmarks.sections.telling import FRONT, Told, described, mark

TITLES: Final = {"retailrocket": "RetailRocket", "yoochoose": "YooChoose", "online-retail": "Online Retail"}
MEASURES: Final = {"hr": "HR@20", "mrr": "MRR@20", "hr_new": "HR@20, new", "mrr_new": "MRR@20, new"}


def tell(record: Mapping[str, Any]) -> Told:
    """One set: every model and engine, and what the inductive engine has more."""
    title, figures = TITLES[record["protocol"]["set"]], record["figures"]
    models, more = figures["models"], figures["more"].get(FRONT, {})
    said = Told()
    said.say(
        f"### {title}",
        f"{record['protocol']['queries']:,} queries of {record['protocol']['sessions']:,} later sessions: the items so "
        "far, and the one that came next; *new* are those that had not been met in the session. Intervals by session.",
        table(
            ["", *MEASURES.values(), "ms, mean", "ms, p99", "learned in s"],
            (
                [
                    emphasised(name),
                    *(interval(row["intervals"][measure]) for measure in MEASURES),
                    *(f"{row[figure]:.2f}" for figure in ("ms_mean", "ms_p99")),
                    f"{row['fit_seconds']:,.0f}",
                ]
                for name, row in models.items()
            ),
        ),
    )
    if more:
        said.say(
            "What the inductive engine has more than each, asked the same queries:",
            table(
                [f"{FRONT} minus", *MEASURES.values()],
                ([name, *(interval(row[measure], signed=True) for measure in MEASURES)] for name, row in more.items()),
            ),
        )
    groups = {
        words: [mark(name, row["intervals"][measure]) for name, row in models.items()]
        for measure, words in MEASURES.items()
        if measure in {"hr", "mrr"}
    }
    said.show(
        f"quality-{record['protocol']['set']}",
        f"HR@20 and MRR@20 of every model and engine on {title}",
        plots.bars(title=f"The next product, {title}", description=described(groups), groups=groups),
    )
    return said
