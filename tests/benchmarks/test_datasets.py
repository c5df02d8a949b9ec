"""Public sets are cut by time, and what is asked comes after all that is learned."""

from __future__ import annotations

import csv
import gzip

import pytest

from benchmarks import datasets
from benchmarks.datasets import DAY, Cut, Session, by_day, by_order, prepare, query_rows, session_of
from personalization.evaluation.sessions import read_queries, read_training


def session(name: str, *items: str, ended: float = 0.0) -> Session:
    return Session(name, items, ("",) * (len(items) - 1) + (str(ended),))


HUNDRED = [session(str(number), "a", "b") for number in range(100)]


@pytest.mark.parametrize(("part", "earlier", "later"), [("test", 96, (96, 99)), ("tune", 92, (92, 95))])
def test_by_order_asks_four_percent_after_all_that_is_learned(part, earlier, later):
    cut = by_order(HUNDRED, part)
    assert [found.session_id for found in cut.earlier] == [str(number) for number in range(earlier)]
    assert (cut.later[0].session_id, cut.later[-1].session_id) == tuple(str(number) for number in later)


# last click at day 10: asked are (9, 10], for tuning (8, 9]
DAYS = [session(str(day), "a", "b", ended=day * DAY) for day in (10.0, 7.9, 8.0, 8.5, 9.0, 9.1)]


@pytest.mark.parametrize(
    ("part", "earlier", "later"),
    [("test", ["7.9", "8.0", "8.5", "9.0"], ["9.1", "10.0"]), ("tune", ["7.9", "8.0"], ["8.5", "9.0"])],
)
def test_by_day_asks_the_sessions_that_end_in_the_last_day(part, earlier, later):
    cut = by_day(DAYS, part)
    assert [found.session_id for found in cut.earlier] == earlier
    assert [found.session_id for found in cut.later] == later


def test_every_prefix_is_a_query_for_what_came_next():
    cut = Cut([session("1", "a", "b", "c")], [session("2", "a", "b", "a")])
    assert list(query_rows(cut)) == [("2-1", "a", "b"), ("2-2", "a b", "a")]


def test_unknown_items_are_dropped_before_sessions_too_short():
    cut = Cut([session("1", "a", "b")], [session("2", "a", "new", "b"), session("3", "new", "a")])
    assert list(query_rows(cut)) == [("2-1", "a", "b")]


def test_a_query_names_its_session():
    assert session_of("12-34-2") == "12-34"


@pytest.fixture
def data(tmp_path):
    """A folder with a RetailRocket of 25 sessions: the last is asked."""
    folder = tmp_path / "data" / "retailrocket"
    folder.mkdir(parents=True)
    with gzip.open(folder / "train.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("session_id", "item_id", "timestamp"))
        for number in range(25):
            writer.writerows([(number, "a", ""), (number, "b", ""), (number, f"only-{number}", "")])
    return folder.parent


def test_a_slice_is_written_in_the_contract_of_evaluate(data, tmp_path):
    files = prepare("retailrocket", part="test", data=data, into=tmp_path / "sets")
    rows, queries = list(read_training(files.train)), read_queries(files.queries)
    assert {row.session_id for row in rows} == {str(number) for number in range(24)}
    assert [(query.query_id, query.prefix, query.target) for query in queries] == [("24-1", ("a",), "b")]


def test_the_same_slice_is_written_the_same(data, tmp_path):
    first = prepare("retailrocket", part="test", data=data, into=tmp_path / "one")
    second = prepare("retailrocket", part="test", data=data, into=tmp_path / "two")
    assert first.train.read_bytes() == second.train.read_bytes()


def test_the_environment_can_name_the_folder(data, tmp_path, monkeypatch):
    monkeypatch.setenv(datasets.DATA, str(data))
    assert prepare("retailrocket", part="tune", data=None, into=tmp_path / "sets").train.is_file()


@pytest.mark.parametrize("named", [True, False])
def test_a_missing_set_says_how_to_get_it_in_one_line(named, tmp_path, monkeypatch):
    monkeypatch.delenv(datasets.DATA, raising=False)
    with pytest.raises(datasets.MissingSetError) as caught:
        prepare("yoochoose", part="test", data=tmp_path if named else None, into=tmp_path)
    message = str(caught.value)
    assert "yoochoose/train.csv.gz" in message
    assert "RecSys Challenge 2015" in message
    assert "\n" not in message
