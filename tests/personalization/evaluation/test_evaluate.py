"""`manage.py evaluate` from files to figures, through the real ingestion, rebuild and engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Store
from personalization.evaluation.protocol import sampled
from personalization.evaluation.sessions import Query
from personalization.memory import partitions
from personalization.models import Event, Generation

pytestmark = pytest.mark.django_db

CONTRACT = {
    "n", "hr", "mrr", "hr_new", "mrr_new", "coverage", "ms_mean", "ms_p50", "ms_p99",
    "fit_seconds", "peak_rss_mb", "engine", "k",
}  # fmt: skip
START = 1_700_000_000


@pytest.fixture
def train(tmp_path: Path) -> Path:
    """Sixty sessions that went from one of ten items to the one that belongs to it."""
    path = tmp_path / "train.csv"
    rows = [
        f"s{session},{kind}{session % 10},{START + 4000 * session + 60 * step}"
        for session in range(60)
        for step, kind in enumerate(("came", "went"))
    ]
    path.write_text("\n".join(["session_id,item_id,timestamp", *rows, ""]))
    return path


def asked(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "queries.csv"
    path.write_text("\n".join(["query_id,prefix,target", *lines, ""]))
    return path


def evaluated(train: Path, queries: Path, tmp_path: Path, **options: Any) -> dict[str, Any]:
    out = tmp_path / "figures.json"
    call_command("evaluate", train=train, queries=queries, json=out, workers=1, **{"k": 5, **options})
    return dict(json.loads(out.read_text()))


def test_figures_have_the_names_of_the_contract(train: Path, tmp_path: Path) -> None:
    figures = evaluated(train, asked(tmp_path, "q1,came1,went1"), tmp_path)

    assert set(figures) >= CONTRACT
    assert (figures["n"], figures["engine"], figures["k"]) == (1, "inductive", 5)
    assert figures["peak_rss_mb"] > 10


def test_what_the_training_shows_is_found_and_what_it_never_showed_is_not(train: Path, tmp_path: Path) -> None:
    found = [f"q{number},came{number},went{number}" for number in range(8)]
    unknown = ["q8,came1,never", "q9,nowhere,never"]
    again = ["qa,came2 went2,came2"]

    figures = evaluated(train, asked(tmp_path, *found, *unknown, *again), tmp_path)

    assert figures["n"] == 11
    assert figures["n_new"] == 10
    assert figures["hr_new"] == 0.8
    assert figures["hr"] == pytest.approx(9 / 11, abs=1e-5)
    assert figures["answered"] == 1.0
    assert 0 < figures["coverage"] <= 1


def test_the_same_files_give_the_same_figures(train: Path, tmp_path: Path) -> None:
    queries = asked(tmp_path, *[f"q{number},came{number} went{number % 3},went{number}" for number in range(9)])

    one, other = (evaluated(train, queries, tmp_path) for _ in range(2))

    timeless = {name for name in one if not name.startswith("ms_")}
    timeless -= {"peak_rss_mb", "fit_seconds", "ingest_seconds"}
    assert {name: one[name] for name in timeless} == {name: other[name] for name in timeless}


def test_nothing_of_an_evaluation_stays(train: Path, tmp_path: Path) -> None:
    before = partitions.generations_with_one()

    evaluated(train, asked(tmp_path, "q1,came1,went1"), tmp_path)

    assert not Store.objects.exists()
    assert not Event.objects.exists()
    assert not Generation.objects.exists()
    assert partitions.generations_with_one() == before


def test_files_that_cannot_be_read_are_told_in_one_line(train: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"queries\.csv, row 2"):
        evaluated(train, asked(tmp_path, "q1,,went1"), tmp_path)
    with pytest.raises(CommandError, match="at least one row each"):
        evaluated(train, asked(tmp_path), tmp_path)


def test_a_row_that_the_ingestion_refuses_ends_the_evaluation(tmp_path: Path) -> None:
    train = tmp_path / "train.csv"
    train.write_text(f"session_id,item_id,timestamp\ns1,{'x' * 500},{START}\n")

    with pytest.raises(CommandError, match="row 0"):
        evaluated(train, asked(tmp_path, "q1,a,b"), tmp_path)
    assert not Store.objects.exists()


def test_a_sample_is_drawn_once_and_for_all() -> None:
    queries = [Query(str(number), ("a",), "b") for number in range(100)]

    drawn = sampled(queries, size=10)

    assert len({query.query_id for query in drawn}) == 10
    assert sampled(queries, size=10) == drawn
    assert [int(query.query_id) for query in drawn] == sorted(int(query.query_id) for query in drawn)
    assert sampled(queries, size=None) == sampled(queries, size=100) == queries
