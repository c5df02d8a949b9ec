"""The evaluation's files: what they may leave out, and what is said of what they may not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from personalization.evaluation.sessions import (
    UNTIMED_START,
    Query,
    TrainingRow,
    UnreadableFileError,
    read_queries,
    read_training,
)


def training(tmp_path: Path, *lines: str, header: str = "session_id,item_id,timestamp") -> list[TrainingRow]:
    return list(read_training(written(tmp_path / "train.csv.gz", header, *lines)))


def queries(tmp_path: Path, *lines: str, header: str = "query_id,prefix,target") -> list[Query]:
    return read_queries(written(tmp_path / "queries.csv.gz", header, *lines))


def written(path: Path, *lines: str) -> Path:
    path.write_bytes(gzip.compress("\n".join([*lines, ""]).encode()))
    return path


def test_a_row_is_a_view_unless_it_says_otherwise(tmp_path: Path) -> None:
    assert training(tmp_path, "s1,racket,1700000100") == [TrainingRow(0, "s1", "racket", 1_700_000_100.0)]


def test_a_row_may_say_who_did_what_for_how_much(tmp_path: Path) -> None:
    header = "session_id,item_id,timestamp,visitor_id,event,price,quantity"

    rows = training(tmp_path, "s1,racket,1700000100,ada,purchase,19.90,2", header=header)

    assert rows == [TrainingRow(0, "s1", "racket", 1_700_000_100.0, "ada", "purchase", 19.9, 2)]


def test_without_times_the_order_of_rows_is_time(tmp_path: Path) -> None:
    rows = training(tmp_path, "s1,a,", "s1,b,", "s2,c,")

    assert [row.at - UNTIMED_START for row in rows] == [0, 1, 2]


def test_a_query_is_its_items_and_the_one_that_came_next(tmp_path: Path) -> None:
    assert queries(tmp_path, "q1,a b a,c") == [Query("q1", ("a", "b", "a"), "c")]


def test_a_file_may_be_plain(tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_text("session_id,item_id,timestamp\ns1,a,5\n")

    assert [row.at for row in read_training(path)] == [5.0]


@pytest.mark.parametrize(
    ("lines", "header", "said"),
    [
        ([], "session_id,item_id", r"missing column\(s\) \['timestamp'\]"),
        (["s1,a,noon"], "session_id,item_id,timestamp", r"row 2, column timestamp: expected a number, got 'noon'"),
        (["s1,a,1", ",a,2"], "session_id,item_id,timestamp", r"row 3: expected a session_id and an item_id"),
        (["s1,a,1,look"], "session_id,item_id,timestamp,event", r"row 2, column event: .* got 'look'"),
        (["s1,a,1,x"], "session_id,item_id,timestamp,price", r"row 2, column price: expected a number, got 'x'"),
        (["s1,a,1,x"], "session_id,item_id,timestamp,quantity", r"row 2, column quantity: expected a number, got 'x'"),
    ],
)
def test_what_is_wrong_with_training_is_said_by_row_and_column(
    tmp_path: Path, lines: list[str], header: str, said: str
) -> None:
    with pytest.raises(UnreadableFileError, match=said):
        training(tmp_path, *lines, header=header)


@pytest.mark.parametrize("line", ["q1,,c", "q1,a,", "q1, ,c", "q1", "q1,a"])
def test_a_query_without_prefix_or_target_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(UnreadableFileError, match=r"queries\.csv\.gz, row 2: expected a prefix and a target"):
        queries(tmp_path, line)


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "noise.csv.gz").write_bytes(b"\x00\x01")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"query_id,prefix,target\nq1,a,b\n")[:-12])

    for name in ("absent.csv", "noise.csv.gz", "cut.csv.gz"):
        with pytest.raises(UnreadableFileError, match=name):
            read_queries(tmp_path / name)
