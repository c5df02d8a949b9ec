"""What is lost without each mechanism and each family of markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks import plots
from benchmarks.markdown import interval, table
from benchmarks.sections.telling import Told, described, mark


def tell(record: Mapping[str, Any]) -> Told:
    """What is lost without each mechanism and each family of markers."""
    figures = record["figures"]
    said = Told()
    said.say(
        "What the inductive estimates lose when something is taken away: a kind of evidence, the learned scaling, a "
        "family of markers from the distance that says which situations are analogous. The estimator is fitted anew "
        "for each row, on the earlier half of the held-out visits; the later half judges. Families to which the "
        "scaling gives no weight anyway are not listed."
    )
    variants = figures["variants"]
    whole = next(row for row in variants.values() if row["kind"] == "whole")
    said.say(
        f"With everything: HR@20 {interval(whole['hr'])}, MRR@20 {interval(whole['mrr'])}, HR@20 of new products "
        f"{interval(whole['hr_new'])}, carted or bought later {interval(whole['taken'])}."
    )
    measures = ("hr", "mrr", "hr_new", "taken")
    for kind, words in (
        ("mechanism", "without the mechanism"),
        ("alone", "with one kind of evidence alone"),
        ("family", "without the family"),
    ):
        rows = {name: row["lost"] for name, row in variants.items() if row["kind"] == kind}
        head = [words, "HR@20 lost", "MRR@20 lost", "HR@20 lost, new", "carted or bought later, lost"]
        if not rows:
            continue
        said.say(table(head, ([n, *(interval(lost[m], signed=True) for m in measures)] for n, lost in rows.items())))
    groups = {
        heading: [mark(name, row["lost"]["hr"]) for name, row in variants.items() if row["kind"] == kind]
        for kind, heading in (
            ("mechanism", "Without the mechanism"),
            ("alone", "With one kind of evidence alone"),
            ("family", "Without the family of markers"),
        )
    }
    said.show(
        "ablation",
        "What is lost without each mechanism and family",
        plots.dots(title="HR@20 lost without", description=described(groups), groups=groups, unit="HR@20 lost"),
    )
    return said
