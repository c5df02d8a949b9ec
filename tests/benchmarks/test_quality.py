"""The quality benchmark: figures, intervals, kept answers and the command."""

from __future__ import annotations

import argparse
import csv
import gzip

import pytest

from benchmarks import bench_quality, kept_answers
from benchmarks.kept_answers import Answered
from benchmarks.quality import figures
from personalization.evaluation.figures import Outcome


def answered(*ranks: int, new: tuple[bool, ...] | None = None) -> Answered:
    flags = new or (True,) * len(ranks)
    outcomes = [Outcome(rank, flag, rank > 0, 0.5) for rank, flag in zip(ranks, flags, strict=True)]
    return Answered(outcomes, listed=3, catalog=4, fit_seconds=1.25)


def test_each_model_has_its_figures():
    found = figures({"one": answered(1, 0, 4, 2, new=(True, True, False, False))}, engines=[], sessions="aabb")
    row = found["models"]["one"]
    assert [row[name] for name in ("hr", "mrr", "hr_new", "mrr_new", "coverage")] == [0.75, 0.4375, 0.5, 0.5, 0.75]


def test_a_figure_stands_within_its_interval():
    found = figures({"one": answered(*[1, 0] * 50)}, engines=[], sessions=range(100))
    value, lower, upper = found["models"]["one"]["intervals"]["hr"]
    assert lower < value == 0.5 < upper


def test_queries_of_one_session_are_drawn_together():
    answers = {"one": answered(*[1] * 50, *[0] * 50)}
    apart = figures(answers, engines=[], sessions=range(100))["models"]["one"]["intervals"]["hr"]
    together = figures(answers, engines=[], sessions=[row // 10 for row in range(100)])["models"]["one"]["intervals"][
        "hr"
    ]
    assert together[2] - together[1] > 2 * (apart[2] - apart[1])


def test_what_an_engine_has_more_is_of_the_same_queries():
    answers = {"line": answered(*[2, 0] * 50), "engine": answered(*[1, 0] * 50)}
    found = figures(answers, engines=["engine"], sessions=range(100))["more"]
    assert list(found) == ["engine"]
    assert found["engine"]["line"]["hr"] == [0.0, 0.0, 0.0]
    assert found["engine"]["line"]["mrr"][0] == pytest.approx(0.25)


def test_nothing_new_asked_has_no_figure():
    found = figures({"one": answered(1, 2, new=(False, False))}, engines=[], sessions="ab")
    assert found["models"]["one"]["intervals"]["hr_new"] == [None, None, None]


def test_answers_are_read_back_as_they_were_kept(tmp_path):
    given = answered(1, 0, 7, new=(True, False, True))
    kept_answers.keep(given, tmp_path / "answers" / "one.npz")
    assert kept_answers.kept(tmp_path / "answers" / "one.npz") == given


def test_what_was_never_kept_is_not_found(tmp_path):
    assert kept_answers.kept(tmp_path / "one.npz") is None


@pytest.mark.parametrize("change", ["file", "asked"])
def test_answers_are_kept_by_what_they_depend_on(tmp_path, change):
    path = tmp_path / "T"
    path.write_text("before")
    before = kept_answers.key(files=[path], asked="ar")
    if change == "file":
        path.write_text("after")
    assert kept_answers.key(files=[path], asked="sr" if change == "asked" else "ar") != before


@pytest.fixture
def asked(tmp_path, settings):
    """The command's arguments, with a YooChoose in which 1 always follows 0."""
    settings.VAR_DIR = tmp_path / "var"
    folder = tmp_path / "yoochoose"
    folder.mkdir()
    with gzip.open(folder / "train.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("session_id", "item_id", "timestamp"))
        for day in range(5):
            writer.writerows([(day, 0, day * 86_400), (day, 1, day * 86_400 + 60)])
    parser = argparse.ArgumentParser()
    bench_quality.add_options(parser)
    return parser.parse_args(["--set", "yoochoose", "--data", str(tmp_path), "--models", "ar", "sr", "--kept"])


def test_the_command_asks_every_line_the_same(asked):
    found, protocol = bench_quality.measure(asked)
    assert {name: (row["n"], row["hr"], row["mrr"]) for name, row in found["models"].items()} == {
        "ar": (1, 1.0, 1.0),
        "sr": (1, 1.0, 1.0),
    }
    assert (protocol["trained_on"], protocol["queries"]) == (4, 1)


def test_a_line_asked_the_same_before_is_read_back(asked, settings):
    bench_quality.measure(asked)
    (kept,) = (settings.VAR_DIR / "benchmarks" / "answers").glob("yoochoose-test-ar-*.npz")
    kept_answers.keep(answered(3), kept)
    again, _ = bench_quality.measure(asked)
    assert again["models"]["ar"]["mrr"] == pytest.approx(1 / 3, abs=1e-5)


def test_a_missing_set_ends_the_command_with_one_line(asked, tmp_path):
    asked.data = tmp_path / "nowhere"
    with pytest.raises(SystemExit, match=r"^quality: .*nowhere/yoochoose/train.csv.gz is not there; get YooChoose"):
        bench_quality.measure(asked)


def test_the_figures_are_shown(asked, capsys):
    bench_quality.show(figures({"line": answered(1), "engine": answered(2)}, engines=["engine"], sessions="a"))
    shown = capsys.readouterr().out
    assert "1.0000 [1.000 1.000]" in shown
    assert "engine has more than" in shown
    assert "-0.500 [-0.500 -0.500]*" in shown
