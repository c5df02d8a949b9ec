"""docs/benchmarks.md from the newest records: every figure of the page was written by a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import markdown
from benchmarks.records import newest
from benchmarks.sections import ablation, answers, cold, intent_shift, off_policy, outcomes, quality, steering
from benchmarks.sections.telling import Told

PLOTS: Final = Path("images", "benchmarks")  # beneath docs


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page.

    Attributes:
        benchmark: names the records it is told from, and the command that makes them.
        tell: a record in words, tables and plots.
        runs: one for each record that is told, by what its protocol says; asked for by options of the same names.
    """

    title: str
    benchmark: str
    tell: Callable[[dict[str, Any]], Told]
    runs: Sequence[Mapping[str, str]] = ({},)


SECTIONS: Final = (
    Section(
        "Next product, beside the published models",
        "quality",
        quality.tell,
        [{"set": name, "slice": "test"} for name in quality.TITLES],
    ),
    Section("What is carted and bought later", "outcomes", outcomes.outcomes),
    Section("Calibration", "outcomes", outcomes.calibration),
    Section("Intent shift", "intent-shift", intent_shift.tell),
    Section("Cold products", "cold", cold.tell),
    Section("Ablation", "ablation", ablation.tell),
    Section("Steering", "steering", steering.orders),
    Section("Short ways to a purchase", "fluidity", steering.fluidity),
    Section("Told from logs", "off-policy", off_policy.tell),
    Section("Speed", "answers", answers.tell),
)
OPENING: Final = """# Benchmarks

How well the engines recognise what a visit wants, and at what cost. Every figure on this page comes from a record that
a benchmark kept; `python -m benchmarks page` writes the page anew from the newest ones. Intervals hold the value with
95 % confidence; they come from drawing whole visits again, as questions asked of one visit depend on each other.
"""


def write(*, kept_in: Path, docs: Path) -> Path:
    """Write the page and its plots; plots of earlier pages that it does not show are removed."""
    folder = docs / PLOTS
    folder.mkdir(parents=True, exist_ok=True)
    parts, drawn = [OPENING], set()
    for section in SECTIONS:
        parts.append(f"## {section.title}\n")
        for run in section.runs:
            record = newest(section.benchmark, kept_in=kept_in, protocol=run)
            said = section.tell(record) if record else Told()
            parts.append(_present(section, said, record) if record else _missing(section, run))
            for name, svg in said.plots.items():
                (folder / name).write_text(svg, encoding="utf-8")
                drawn.add(name)
    for path in folder.glob("*.svg"):
        if path.name not in drawn:
            path.unlink()
    page = docs / "benchmarks.md"
    page.write_text("\n".join(parts), encoding="utf-8")
    return page


def _missing(section: Section, run: Mapping[str, str]) -> str:
    return f"Not measured yet: `{_command(section.benchmark, run)}`.\n"


def _command(benchmark: str, run: Mapping[str, str]) -> str:
    return " ".join([f"python -m benchmarks {benchmark}", *(f"--{name} {value}" for name, value in run.items())])


def _present(section: Section, said: Told, record: dict[str, Any]) -> str:
    run = {name: record["protocol"][name] for name in section.runs[0]}
    asked = " ".join(["python -m benchmarks", *record["asked"]]) if "asked" in record else ""
    return f"{said.text.strip()}\n\n{_provenance(asked or _command(section.benchmark, run), record)}\n"


def _provenance(command: str, record: dict[str, Any]) -> str:
    """When, on what, from which state of the code, and how to measure it again."""
    machine, at = record["machine"], datetime.fromisoformat(record["measured_at"])
    measured = (
        f"{at:%Y-%m-%d}, {machine['system']}, {machine['cores']} cores, {machine['memory_gib']} GiB, "
        f"Python {machine['python']}" + (f", commit {record['commit']}" if record["commit"] else "") + _busy(machine)
    )
    return f"<sub>`{command}` · {measured}<br>{markdown.told(record['protocol'])}</sub>"


def _busy(machine: Mapping[str, Any]) -> str:
    """A warning where the machine had more to do than this run."""
    load = machine.get("load", 0.0)
    if load <= machine["cores"] + 1:
        return ""
    return f"; busy with other work meanwhile (load {load}): its times say little"
