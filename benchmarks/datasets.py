"""Public sets of sessions, each cut by time into what is learned from and the queries that come after it.

A slice is two files in the contract of `manage.py evaluate`, so that engines and reference models are asked exactly
the same: T.csv.gz (`session_id,item_id,timestamp`) and Q.csv.gz (`query_id,prefix,target`). Every session of the
later part is a query at each of its clicks but the last: the items so far, and the one that came next. Items that
the training does not know are dropped from it first, then sessions shorter than 2. A query's id is its session's and
the number of clicks so far, `1234-2`: the queries of one session are not independent, intervals go by session.

The slice `test` is for figures, `tune` (what comes directly before it, learned from what is earlier still) for
choices.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATA: Final = "NETUP_DATA"  # names the folder of the sets
SLICES: Final = ("tune", "test")
DAY: Final = 86_400.0  # seconds
_TUNE_SHARE, _TEST_SHARE = 0.92, 0.96  # RetailRocket: where the slices begin, as shares of its sessions


class MissingSetError(FileNotFoundError):
    """The set's files are not there; the message says where they are looked for and how to get them."""


@dataclass(frozen=True, slots=True)
class Session:
    """One visit: its items, oldest first, and their times as the file has them ('' when it has none)."""

    session_id: str
    items: tuple[str, ...]
    times: tuple[str, ...]

    @property
    def ended(self) -> float:
        """Seconds since 1970."""
        return float(self.times[-1])


@dataclass(frozen=True, slots=True)
class Cut:
    """Two parts of a set, the later one after the earlier one."""

    earlier: Sequence[Session]
    later: Sequence[Session]


@dataclass(frozen=True, slots=True)
class Files:
    """A slice on disk."""

    train: Path
    queries: Path


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set somebody else published.

    Attributes:
        path: of its file of sessions, in the data folder.
        source: how to get it, one line.
        cut: sessions and a slice ► what is learned and what is asked.
    """

    path: str
    source: str
    cut: Callable[[Sequence[Session], str], Cut]


def by_order(sessions: Sequence[Session], part: str) -> Cut:
    """The last 4 % of the sessions in the file's order are asked; for tuning, the 4 % before them."""
    tune, test = int(len(sessions) * _TUNE_SHARE), int(len(sessions) * _TEST_SHARE)
    return Cut(sessions[:tune], sessions[tune:test]) if part == "tune" else Cut(sessions[:test], sessions[test:])


def by_day(sessions: Sequence[Session], part: str) -> Cut:
    """Sessions in order of their last click: those that end in the 24 hours up to the very last click are asked.

    For tuning, those that end in the 24 hours before. Calendar days would not do: the set's last one has 4 sessions.
    """
    ordered = sorted(sessions, key=lambda session: session.ended)
    until = ordered[-1].ended - (DAY if part == "tune" else 0.0)
    kept = [session for session in ordered if session.ended <= until]
    return Cut(
        [session for session in kept if session.ended <= until - DAY],
        [session for session in kept if session.ended > until - DAY],
    )


SETS: Final[dict[str, PublicSet]] = {
    "retailrocket": PublicSet(
        path="retailrocket/train.csv.gz",
        source="RetailRocket (Kaggle: retailrocket/ecommerce-dataset, CC BY-NC-SA 4.0), its views as sessions in "
        "order of time: session_id,item_id,timestamp",
        cut=by_order,
    ),
    "yoochoose": PublicSet(
        path="yoochoose/train.csv.gz",
        source="YooChoose (RecSys Challenge 2015), its clicks: session_id,item_id,timestamp (seconds since 1970)",
        cut=by_day,
    ),
}


def prepare(name: str, *, part: str, data: Path | None, into: Path) -> Files:
    """Write the slice's files into a folder of their own; `data` is the folder of the sets, else that of NETUP_DATA.

    Raises:
        MissingSetError: the set is not there.
    """
    published = SETS[name]
    folder = data or (Path(os.environ[DATA]) if os.environ.get(DATA) else None)
    if folder is None or not (folder / published.path).is_file():
        where = folder / published.path if folder else f"{published.path} in the folder named by --data or {DATA}"
        raise MissingSetError(f"{where} is not there; get {published.source}")
    cut = published.cut(read_sessions(folder / published.path), part)
    target = into / f"{name}-{part}"
    target.mkdir(parents=True, exist_ok=True)
    files = Files(target / "T.csv.gz", target / "Q.csv.gz")
    _write(files.train, ("session_id", "item_id", "timestamp"), training_rows(cut))
    _write(files.queries, ("query_id", "prefix", "target"), query_rows(cut))
    return files


def read_sessions(path: Path) -> list[Session]:
    """The file's sessions in the order of their first row; a session's rows stand in order of time."""
    items: dict[str, list[str]] = {}
    times: dict[str, list[str]] = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            items.setdefault(row["session_id"], []).append(row["item_id"])
            times.setdefault(row["session_id"], []).append(row["timestamp"])
    return [Session(key, tuple(items[key]), tuple(times[key])) for key in items]


def training_rows(cut: Cut) -> Iterable[tuple[str, str, str]]:
    """Every click of the earlier part."""
    for session in cut.earlier:
        for item, time in zip(session.items, session.times, strict=True):
            yield session.session_id, item, time


def query_rows(cut: Cut) -> Iterable[tuple[str, str, str]]:
    """Every prefix of the later part's sessions, and the item that came next."""
    known = {item for session in cut.earlier for item in session.items}
    for session in cut.later:
        items = [item for item in session.items if item in known]
        for clicks in range(1, len(items)):
            yield f"{session.session_id}-{clicks}", " ".join(items[:clicks]), items[clicks]


def session_of(query_id: str) -> str:
    """Whose query it is: what stands before the number of clicks."""
    return query_id.rpartition("-")[0]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Written aside and moved into place: who reads meanwhile sees a whole file. The same rows give the same bytes."""
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    with gzip.GzipFile(aside, "wb", compresslevel=3, mtime=0) as packed, io.TextIOWrapper(packed, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    aside.replace(path)
