"""What each engine makes of a past that today's errand leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import bench_intent_shift, errands, plots
from benchmarks.markdown import emphasised, interval, share, table
from benchmarks.sections.telling import Told, described, mark


def tell(record: Mapping[str, Any]) -> Told:
    """A past that today's errand leaves behind: by group, and with the history changed."""
    figures = record["figures"]
    said = Told()
    said.say(
        "The tennis player who comes for a birth gift. Held-out visits of people **without history**, with a history "
        "that **agrees** with the errand, and with one **against** it (today's department is less than a tenth of what "
        "they met before). A visit is asked about after one, two and four telling events. *Found* is the share of the "
        "products first viewed later that stands in the first 20.",
        _by_group(figures),
        "*Kept* compares each visit with its twin: the same errand at the same hour, lived by somebody new. The list's "
        "first eight places, for histories against the errand, by whose departments stand there:",
        _places(figures),
        "The same visits asked again with another history isolate the cause: products, instants and what is to be "
        "found stay the same, only whose past is told changes. *Kept* is the share of what is found with nobody's.",
        _changed(figures),
    )
    groups = {
        f"{errands.GROUPS[group]}: {words}": [
            mark(engine, row["kept"][comparison]["viewed"]) for engine, row in told["engines"].items()
        ]
        for group, told in figures.items()
        for comparison, words in (("own_of_none", "their own past"), ("strangers_of_none", "a stranger's past"))
        if comparison in next(iter(told["engines"].values()))["kept"]
    }
    said.show(
        "intent-shift",
        "What each engine keeps of its hit rate when a past is told",
        plots.dots(
            title="Kept of what is found without history, on the same visits",
            description=described(groups),
            groups=groups,
            reference=1.0,
            unit="share kept",
        ),
    )
    return said


def _by_group(figures: Mapping[str, Any]) -> str:
    head = ["engine"]
    rows: dict[str, list[str]] = {}
    for group, told in figures.items():
        head.append(f"{errands.GROUPS[group]} ({told['visits']} visits)")
        for engine, row in told["engines"].items():
            rows.setdefault(engine, [emphasised(engine)]).append(interval(row["rates"]["own"]["viewed"]))
    for group in (errands.AGREEING, errands.DEPARTING):
        head.append(f"kept, {errands.GROUPS[group]}")
        for engine, row in figures[group]["engines"].items():
            rows[engine].append(share(row["kept"]["own_of_twin"]["viewed"]))
    return table(head, rows.values())


def _places(figures: Mapping[str, Any]) -> str:
    engines = figures[errands.DEPARTING]["engines"]
    kinds = (("past", "own"), ("present", "own"), ("past", "none"), ("present", "none"))
    head = ["engine", "past", "errand's", "past, were it not told", "errand's, were the past not told"]
    measures = [(f"{kind}_{bench_intent_shift.HEAD}", history) for kind, history in kinds]
    return table(
        head,
        (
            [emphasised(name), *(interval(row["rates"][history][measure]) for measure, history in measures)]
            for name, row in engines.items()
        ),
    )


def _changed(figures: Mapping[str, Any]) -> str:
    head = ["engine", "visits", "nobody's history", "their own", "a stranger's", "kept, own", "kept, stranger's"]
    rows = []
    for group in (errands.AGREEING, errands.DEPARTING):
        for engine, row in figures[group]["engines"].items():
            rates = [interval(row["rates"][history]["viewed"]) for history in ("none", "own", "strangers")]
            kept = [share(row["kept"][name]["viewed"]) for name in ("own_of_none", "strangers_of_none")]
            rows.append([emphasised(engine), errands.GROUPS[group], *rates, *kept])
    return table(head, rows)
