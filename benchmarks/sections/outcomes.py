"""What engines find of what is carted and bought later, and whether their estimates come true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks import bench_outcomes, plots
from benchmarks.markdown import emphasised, interval, table
from benchmarks.plots import Point
from benchmarks.sections.telling import FRONT, Told, capital, described, mark

TAKEN: Final = {
    "hr": "HR", "mrr": "MRR", "hr_bought": "HR, bought", "value": "of the money", "margin": "of the margin", "ms": "ms",
}  # fmt: skip


def outcomes(record: Mapping[str, Any]) -> Told:
    """What engines find of what is carted and bought later."""
    said = Told()
    for name, found in record["figures"]["sets"].items():
        said.say(
            f"### {capital(bench_outcomes.SETS[name])}",
            f"{found['visits']:,} held-out visits, {found['cuts_taken_later']:,} instants before a product is carted "
            f"or bought, {found['cuts_bought_later']:,} of them before one is bought; lists of {found['k']}.",
        )
        for visitors, words in (("all", "everybody"), ("returning", "returning"), ("unknown", "unknown")):
            said.say(_judged(found, visitors, words, TAKEN))
        said.say(_looked_at_next(found["own_order"]))
        groups = {
            words: [
                mark(f"{FRONT} − {rival}", row[visitors].get("hr") or [None] * 3)
                for rival, row in found["inductive_minus"].items()
            ]
            for visitors, words in (("all", "Everybody"), ("returning", "Returning"), ("unknown", "Unknown"))
        }
        if any(groups.values()):
            said.show(
                f"outcomes-{name}",
                f"What the inductive engine finds above each rival, {bench_outcomes.SETS[name]}",
                plots.dots(
                    title=f"Carted or bought later: found above each rival, {bench_outcomes.SETS[name]}",
                    description=described(groups),
                    groups=groups,
                    unit="HR@20 difference",
                ),
            )
    return said


def _judged(found: Mapping[str, Any], visitors: str, heading: str, columns: Mapping[str, str]) -> str:
    """A table: engines, and what the inductive one has more than each, down; figures across."""

    def cells(row: Mapping[str, Any], *, signed: bool) -> list[str]:
        rates = {figure: row[visitors].get(figure) for figure in columns}
        return [interval(rate, digits=1 if figure == "ms" else 3, signed=signed) for figure, rate in rates.items()]

    rows = [[emphasised(name), *cells(row, signed=False)] for name, row in found["engines"].items()]
    rows += [[f"*{FRONT} − {rival}*", *cells(row, signed=True)] for rival, row in found["inductive_minus"].items()]
    return table([heading, *columns.values()], rows)


def _looked_at_next(found: Mapping[str, Any]) -> str:
    """Lists in the engines' own order judged by the product looked at next; nothing where visits tell no looks."""
    if all(row["all"].get("hr_next", [None])[0] is None for row in found["engines"].values()):
        return ""
    told = _judged(found, "all", "looked at next", {"hr_next": "HR", "mrr_next": "MRR"})
    return f"The product looked at next, at instants drawn evenly, the lists in the engines' own order:\n\n{told}"


def calibration(record: Mapping[str, Any]) -> Told:
    """Whether estimates come true, and whether greater likeness succeeds more often."""
    said = Told()
    said.say(
        "Of the products listed that were estimated at about the same probability, how many were then viewed, carted, "
        "bought. The error is the expected calibration error over bins of equal mass; the goal is at most 0.02."
    )
    for name, found in record["figures"]["sets"].items():
        title = capital(bench_outcomes.SETS[name])
        kinds = ("view", "cart", "purchase")
        rows = (
            [emphasised(engine), *(f"{row['calibration'][kind]['ece']:.4f}" for kind in kinds)]
            for engine, row in found["engines"].items()
        )
        said.say(f"### {title}: estimates", table(["engine", *(f"error, {kind}" for kind in kinds)], rows))
        front = found["engines"].get(FRONT)
        if front is None:
            continue
        curves = {kind: _points(front["calibration"][kind]["points"]) for kind in kinds}
        said.show(
            f"calibration-{name}",
            f"Reliability of the inductive estimates, {bench_outcomes.SETS[name]}",
            plots.reliability(
                title=f"Estimated against what came true, {bench_outcomes.SETS[name]}",
                description="A point a bin of estimates; on the dashed line every estimate comes true.",
                series={kind: curve for kind, curve in curves.items() if curve},
            ),
        )
        said.say(_bands(found["similarity_bands"]))
    return said


def _bands(bands: Mapping[str, Any]) -> str:
    """Success by how alike the recalled situations were."""
    rows = [[f"{similarity:.3f}", f"{size:,}", interval([share, lower, upper])]
            for size, similarity, share, lower, upper in bands["points"]]  # fmt: skip
    rises = "rises with likeness" if bands["monotone"] else "does not rise with likeness throughout"
    said = (
        "How often the product that came next in an analogous situation is met, carted or bought later in the visit at "
        f"hand, by fifths of each question's analogues, the least alike first: it {rises}."
    )
    return said + "\n\n" + table(["mean similarity", "analogues", "happened again"], rows)


def _points(points: Sequence[Sequence[float]]) -> list[Point]:
    """From [size, estimated, came true, lower, upper]; what was never estimated above nothing is left out."""
    return [Point(x, y, lower, upper) for _size, x, y, lower, upper in points if x > 0]
