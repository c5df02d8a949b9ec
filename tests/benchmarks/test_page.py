"""The page of the benchmarks: told from the newest records alone, with the command for what was not measured."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks import bench_ablation, bench_cold, bench_intent_shift, quality
from benchmarks.ablation import Judged, Variant
from benchmarks.bench_cold import Answer
from benchmarks.bench_intent_shift import MEASURES, Tally
from benchmarks.errands import AGREEING, DEPARTING, UNKNOWN
from benchmarks.kept_answers import Answered
from benchmarks.page import SECTIONS, write
from benchmarks.records import newest
from personalization.evaluation.figures import Outcome


def tally(found: float) -> Tally:
    return Tally(np.full((4, len(MEASURES)), found), np.full((4, len(MEASURES)), 8.0))


def intent_shift() -> dict[str, Any]:
    told = {history: tally(found) for history, found in (("own", 1), ("twin", 4), ("none", 2), ("strangers", 1))}
    groups = {group: {"inductive": told, "rules": told} for group in (AGREEING, DEPARTING)}
    return bench_intent_shift.figures({UNKNOWN: {name: {"own": tally(3)} for name in ("inductive", "rules")}, **groups})


def cold() -> dict[str, Any]:
    answers = [Answer(1, "transposed", 3, 1, 17, 2), Answer(0, "", 0, 0, 20, 1)]
    return bench_cold.figures([("a", 1, True), ("b", 0, False)], {"inductive": answers, "content": answers})


def ablation() -> dict[str, Any]:
    asked = [SimpleNamespace(visit_id="a", following=1, is_new=True, taken={2})]
    whole, less = Judged(np.array([1]), np.array([1])), Judged(np.array([0]), np.array([1]))
    kinds = {"nothing": "whole", "transposition": "mechanism", "intent": "family"}
    return bench_ablation.figures(
        asked, {Variant(name, kind, None, None): whole if kind == "whole" else less for name, kind in kinds.items()}
    )


def next_products() -> dict[str, Any]:
    answered = Answered([Outcome(1, True, True, 2.0), Outcome(0, False, True, 3.0)], 5, 9, 1.0)
    return quality.figures({"stan": answered, "inductive": answered}, engines=["inductive"], sessions=["a", "b"])


def points(*shares: float) -> list[list[float]]:
    return [[10, share, share, share / 2, share * 2] for share in shares]


def outcomes() -> dict[str, Any]:
    judged = {
        name: [0.4, 0.3, 0.5] for name in ("hr", "mrr", "hr_bought", "value", "margin", "ms", "hr_next", "mrr_next")
    }
    kinds = {kind: {"ece": 0.0123, "points": points(0.01, 0.1)} for kind in ("view", "cart", "purchase")}
    bands = {"monotone": True, "points": points(0.2, 0.4)}
    visitors = dict.fromkeys(("all", "returning", "unknown"), judged)
    demo = {
        "visits": 7, "cuts_taken_later": 5, "cuts_bought_later": 3, "k": 20, "inductive_minus": {"rules": visitors},
        "engines": {name: {**visitors, "calibration": kinds} for name in ("rules", "inductive")},
        "similarity_bands": bands,
        "own_order": {"engines": {"inductive": visitors}, "inductive_minus": {"rules": visitors}},
    }  # fmt: skip
    return {"sets": {"demo": demo}}


def answers() -> dict[str, Any]:
    row = {"mean": 6.5, "p50": 6.4, "p99": 9.1}
    added = {"rank": {"unsteered": 0.3, "added": 0.71, "lower": 0.6, "upper": 0.8}}
    return {
        "situations": 1000, "visits": 90, "rebuild_seconds": 12.0, "answers": {"whole answer": row}, "steering": added
    }  # fmt: skip


def steered() -> dict[str, Any]:
    margin = {"before": 200.0, "after": 231.0, "lower": 19.5, "upper": 42.0}
    home = {"visits": 60, "kept": 0.98, "least_kept": 0.951, "figures": {"margin": margin}}
    return {"orders": {"margin": {"home": home}}, "immediacy": {"p50": 0.41, "longest": 0.66}}


def short_ways() -> dict[str, Any]:
    third = {"met": 30, "shortening": 0.46, "per_100": [0.56, 0.39, 0.78], "events": [11.5, 8.5, 14.4]}
    held_equal = ("whatever_the_visit", "in_like_visits", "as_likely_bought_in_like_visits")
    group = {
        "met": 99, "told": 90, "bought": 12, "thirds": {"least": third, "most": third},
        "ratios": {name: [1.45, 1.02, 2.07] for name in held_equal},
    }  # fmt: skip
    return {"all": group, "new": group}


def told_from_logs() -> dict[str, Any]:
    told = dict.fromkeys(("bias", "bias_error", "spread", "said", "holding"), 0.5) | {"holding_supported": None}
    shown = {"truth": [3.8, 2.6, 5.0], "effective": 40.2, "places": 90, "largest": 2.0, "reason": "small_sample"}
    return {
        "sets": {
            "hillstrom": {"visit": {"truth": 0.2, "supported": 0.9, "estimators": {"ips": told}}},
            "open-bandit": {"men": {**shown, "estimators": {"ips": [3.0, 1.3, None]}}},
        }
    }


STEERED = {"visits_answered": 60, "pushed": 40, "processes": 2, "changes": 20}
FIGURES = {
    "intent-shift": intent_shift(), "cold": cold(), "ablation": ablation(), "quality": next_products(),
    "outcomes": outcomes(), "answers": answers(), "off-policy": told_from_logs(),
    "steering": steered(), "fluidity": short_ways(),
}  # fmt: skip


def keep(folder: Path, name: str, *, at: str, figures: dict[str, Any], load: float = 2.9, **protocol: Any) -> None:
    record = {
        "benchmark": name,
        "measured_at": f"2026-05-{at}T10:00:00+00:00",
        "commit": f"c{at}",
        "machine": {"system": "Linux x86_64", "cores": 2, "memory_gib": 23.5, "python": "3.11.7", "load": load},
        "protocol": {"seed": 5, "queries": 2, "sessions": 2, "logs": 9, "customers": 80, **STEERED, **protocol},
        "figures": figures,
    }
    (folder / f"{name}-202605{at}-100000.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def records(tmp_path) -> Path:
    """One run of each benchmark, and of quality on one set."""
    folder = tmp_path / "records"
    folder.mkdir()
    for name, figures in FIGURES.items():
        keep(
            folder,
            name,
            at="20",
            figures=figures,
            **({"set": "yoochoose", "slice": "test"} if name == "quality" else {}),
        )
    return folder


@pytest.fixture
def docs(tmp_path) -> Path:
    return tmp_path / "docs"


def test_the_newest_record_counts(tmp_path):
    for at in ("20", "21", "19"):
        keep(tmp_path, "cold", at=at, figures={}, set="a" if at == "21" else "b")

    assert newest("cold", kept_in=tmp_path)["commit"] == "c21"
    assert newest("cold", kept_in=tmp_path, protocol={"set": "b"})["commit"] == "c20"
    assert newest("cold", kept_in=tmp_path, protocol={"set": "c"}) is None


@pytest.mark.parametrize(("load", "warned"), [(3.0, False), (4.7, True)])
def test_times_of_a_busy_machine_are_not_to_be_trusted(tmp_path, docs, load, warned):
    keep(tmp_path, "answers", at="20", figures=answers(), load=load)

    page = write(kept_in=tmp_path, docs=docs).read_text(encoding="utf-8")

    assert ("busy with other work meanwhile" in page) is warned


def test_the_record_of_another_benchmark_does_not(tmp_path):
    keep(tmp_path, "cold-start", at="20", figures={})

    assert newest("cold", kept_in=tmp_path) is None


def test_what_was_not_measured_says_how(tmp_path, docs):
    page = write(kept_in=tmp_path, docs=docs).read_text(encoding="utf-8")

    commands = re.findall(r"`python -m benchmarks (\S+)[^`]*`\.$", page, re.MULTILINE)
    assert set(commands) == {section.benchmark for section in SECTIONS}


def test_every_section_stands_on_the_page(records, docs):
    page = write(kept_in=records, docs=docs).read_text(encoding="utf-8")

    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == [section.title for section in SECTIONS]
    assert page.count("Not measured yet") == 2  # the other public sets


def test_every_plot_shown_is_there_and_no_other(records, docs):
    folder = docs / "images" / "benchmarks"
    folder.mkdir(parents=True)
    (folder / "of-an-earlier-page.svg").write_text("<svg/>")

    page = write(kept_in=records, docs=docs).read_text(encoding="utf-8")

    shown = set(re.findall(r"\]\(images/benchmarks/([^)]+)\)", page))
    assert shown == {path.name for path in folder.iterdir()}
    assert "intent-shift.svg" in shown


def test_every_plot_is_a_picture(records, docs):
    write(kept_in=records, docs=docs)

    for path in (docs / "images" / "benchmarks").iterdir():
        assert ET.fromstring(path.read_text(encoding="utf-8")).tag.endswith("svg")  # noqa: S314 — our own


@pytest.mark.parametrize(
    "told",
    [
        "**inductive** | 0.375 (0.375–0.375)",  # the hit rate without history
        "| 25 % (25–25 %) |",  # kept of the twin's rate
        "| 50 % (50–50 %) |",  # kept of the same visits' rate
        "transposed 100 %",
        "+1.000 (+1.000 to +1.000)",  # lost without
        "0.0123",  # calibration error
        "| whole answer | 6.50 | 6.40 | 9.10 |",
        "| rank | 0.30 | 0.71 (0.60–0.80) |",  # what steering adds
        "| maximise margin today, home | margin | 200.00 | 231.00 | +15.5 % | +31.00 (+19.50 to +42.00) |",
        "| whatever the visit | 1.45 (1.02–2.07) | 1.45 (1.02–2.07) |",  # sooner bought
        "2026-05-20, Linux x86_64, 2 cores, 23.5 GiB, Python 3.11.7, commit c20",
        "`python -m benchmarks quality --set yoochoose --slice test` ·",
    ],
)
def test_figures_come_from_the_records(records, docs, told):
    assert told in write(kept_in=records, docs=docs).read_text(encoding="utf-8")


def test_tables_have_as_many_cells_in_every_row(records, docs):
    page = write(kept_in=records, docs=docs).read_text(encoding="utf-8")

    for table in re.findall(r"(?:^\|.*\|$\n?)+", page, re.MULTILINE):
        assert len({line.count("|") for line in table.strip().splitlines()}) == 1
