"""Logs whose truth is known: read as they are published, and told beside it."""

from __future__ import annotations

import gzip
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import bench_off_policy
from benchmarks.datasets import MissingSetError
from benchmarks.logged_trials import ARMS, read_shown, read_trial

HEAD = "recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sixty customers, of whom those visit who were sent what they had bought; and ten places of a shop."""
    (tmp_path / "hillstrom").mkdir()
    rows = [HEAD]
    for number in range(60):
        womens, arm = number % 2, number % 3
        visits = int(arm == (2 if womens else 1))
        rows.append(
            f"1,a,9.5,{1 - womens},{womens},z,{number % 4 == 0:d},Web,{ARMS[arm]},{visits},{visits},{10 * visits}"
        )
    with gzip.open(tmp_path / "hillstrom" / "hillstrom.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(rows))
    for policy, propensity in (("random", 0.5), ("bts", 0.8)):
        folder = tmp_path / "open_bandit" / policy / "men"
        folder.mkdir(parents=True)
        places = "".join(f"{row},2019,{row % 2},1,{int(row < 2)},{propensity}\n" for row in range(10))
        (folder / "men.csv").write_text(f",timestamp,item_id,position,click,propensity_score\n{places}", "utf-8")
        (folder / "item_context.csv").write_text("item_id,a\n0,x\n1,y\n", "utf-8")
    return tmp_path


def test_a_log_is_drawn_as_its_policy_would_have_sent(data: Path) -> None:
    trial = read_trial(data)
    rng = np.random.default_rng(1)

    log, policy = trial.drawn(20_000, "visit", trial.model("visit", rng=rng), rng=rng)

    drawn = {chance: np.isclose(log.propensities, chance).sum() for chance in (0.7, 0.6, 0.3, 0.2)}
    assert drawn[0.7] / drawn[0.2] == pytest.approx(3.5, rel=0.1)  # new customers
    assert drawn[0.6] / drawn[0.3] == pytest.approx(2.0, rel=0.1)  # others
    assert bench_off_policy.ips(log, policy).value == pytest.approx(trial.truth("visit"), abs=0.05)


def test_who_is_sent_what_they_bought_is_known_from_all(data: Path) -> None:
    trial = read_trial(data)

    matching = trial.arms == trial.wanted
    assert trial.truth("spend") == pytest.approx(10 * matching.sum() / trial.propensities.sum())


def test_a_shops_places_are_read_with_how_likely_they_were(data: Path) -> None:
    shown = read_shown(data, policy="bts", campaign="men")

    assert (shown.products, len(shown.log), shown.log.rewards.sum()) == (2, 10, 2)
    assert bench_off_policy.ips(shown.log, shown.at_random).value == pytest.approx(0.2 * 0.5 / 0.8)


def test_sets_that_are_not_there_are_left_out_by_name(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Namespace(data=data, logs=3, customers=200)

    figures, protocol = bench_off_policy.measure(asked)  # of Open Bandit, one campaign alone is there
    bench_off_policy.show(figures)

    assert protocol["left_out"] == ["Open Bandit"]
    assert set(figures["sets"]["hillstrom"]) == {"visit", "conversion", "spend"}
    assert "holds the truth" in capsys.readouterr().out


def test_a_set_that_is_missing_says_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(MissingSetError, match="MineThatData"):
        read_trial(tmp_path)
