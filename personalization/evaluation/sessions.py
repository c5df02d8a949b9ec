"""The evaluation's files: training sessions to learn from, queries whose next item is known."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from personalization.ingest import EVENT_NAMES

SECONDS_A_ROW = 1.0  # between rows of a file without times: their order is all the time there is
UNTIMED_START = 1_700_000_000.0


class UnreadableFileError(ValueError):
    """The file is not what the protocol expects; the message names file, row, column and what was expected."""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One event of a past session."""

    number: int
    session_id: str
    item_id: str
    at: float  # seconds since 1970
    visitor_id: str = ""
    event: str = "view_item"
    price: float | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A visit cut short: its items so far, oldest first, and the one that came next."""

    query_id: str
    prefix: tuple[str, ...]
    target: str
    visitor_id: str = ""


def read_training(path: Path) -> Iterator[TrainingRow]:
    """Rows of `session_id,item_id,timestamp[,visitor_id,event,price,quantity]`; an empty timestamp: row order is time.

    Raises:
        UnreadableFileError: a column is missing or a value is not what it should be.
    """
    for number, row in enumerate(_rows(path, required=("session_id", "item_id", "timestamp"))):
        where = f"{path.name}, row {number + 2}"
        name = row.get("event") or "view_item"
        if name not in EVENT_NAMES:
            raise UnreadableFileError(f"{where}, column event: expected a GA4 event name, got {name!r}")
        if not row["session_id"] or not row["item_id"]:
            raise UnreadableFileError(f"{where}: expected a session_id and an item_id, got {row!r}")
        yield TrainingRow(
            number=number,
            session_id=row["session_id"],
            item_id=row["item_id"],
            at=_number(row["timestamp"], where, "timestamp", UNTIMED_START + number * SECONDS_A_ROW),
            visitor_id=row.get("visitor_id") or "",
            event=name,
            price=_optional(row.get("price"), where, "price"),
            quantity=None if not row.get("quantity") else int(_number(row["quantity"], where, "quantity", 1)),
        )


def read_queries(path: Path) -> list[Query]:
    """Rows of `query_id,prefix,target[,visitor_id]`; prefix is item ids separated by spaces.

    Raises:
        UnreadableFileError: a column is missing, or a query has no prefix or no target.
    """
    queries = []
    for number, row in enumerate(_rows(path, required=("query_id", "prefix", "target"))):
        prefix = tuple((row["prefix"] or "").split())  # a row may be shorter than its header
        if not prefix or not row["target"]:
            raise UnreadableFileError(f"{path.name}, row {number + 2}: expected a prefix and a target, got {row!r}")
        queries.append(Query(row["query_id"], prefix, row["target"], row.get("visitor_id") or ""))
    return queries


def _rows(path: Path, *, required: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in required if column not in (reader.fieldnames or ())]
            if missing:
                raise UnreadableFileError(f"{path.name}: missing column(s) {missing}, found {reader.fieldnames}")
            yield from reader
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(f"{path}: {error}") from error


def _number(text: str, where: str, column: str, default: float) -> float:
    if not text:
        return default
    try:
        return float(text)
    except ValueError as error:
        raise UnreadableFileError(f"{where}, column {column}: expected a number, got {text!r}") from error


def _optional(text: str | None, where: str, column: str) -> float | None:
    return _number(text, where, column, 0.0) if text else None
