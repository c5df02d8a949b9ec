"""Online Retail (UCI): the invoices of a shop with known customers, cut by time into what is learned and what is asked.

Read are `invoice,item_id,description,quantity,time,unit_price,customer_id,country`; a slice is three files in the
contracts of `manage.py evaluate` and `manage.py evaluate_outcomes`:

- T: every line of the invoices before the slice, as purchases; the slice `test` is the last 10 % of the invoices,
  `tune` the 10 % before them;
- Q: basket so far -> its next line, at up to CUTS instants a basket, drawn with a seed; the column `rest` has every
  later line of the basket and `values` what each of them is worth;
- V: the slice's own invoices, for questions with many targets and values.

What is left out, and counted: invoices that begin with C (cancellations) or A (adjustments of bad debt), lines that
are no goods (NO_GOODS: postage, fees, discounts, samples, manual corrections), lines of no quantity or no price.
Codes are written in capitals, and lines of one product in one invoice are one line. Products that the training does
not know stay in the queries: nobody can list them, and a basket has them all the same.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.datasets import DATA, SLICES, MissingSetError

PATH: Final = "online_retail/lines.csv.gz"  # in the data folder
SOURCE: Final = (
    "Online Retail (UCI Machine Learning Repository, CC BY 4.0), its lines: invoice,item_id,description,quantity,time,"
    "unit_price,customer_id,country"
)
NO_GOODS: Final = frozenset(
    {"AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S", "TEST001", "TEST002"}
)
CANCELLED: Final = ("C", "A")
TUNING_FROM: Final = 0.8  # share of invoices, by time
TEST_FROM: Final = 0.9
CUTS: Final = 3  # instants a basket; baskets have 22 lines on average, and wholesale ones hundreds
SEED: Final = 20_111_209

_ROWS: Final = ("session_id", "item_id", "timestamp", "visitor_id", "event", "price", "quantity")
_QUERIES: Final = ("query_id", "prefix", "target", "visitor_id", "rest", "values")


@dataclass(frozen=True, slots=True)
class Files:
    """A slice on disk."""

    train: Path
    queries: Path
    visits: Path


@dataclass(frozen=True, slots=True)
class Line:
    """One product of an invoice; money in pounds."""

    item_id: str
    quantity: int
    price: float


@dataclass(frozen=True, slots=True)
class Invoice:
    """One order: `customer` is empty when nobody knows who bought."""

    number: str
    at: float  # seconds since 1970
    customer: str
    lines: tuple[Line, ...]  # each product once


def read_invoices(path: Path) -> tuple[list[Invoice], Counter[str]]:
    """The invoices in order of time, and how many lines were left out, by reason."""
    left_out: Counter[str] = Counter()
    lines: dict[str, list[Line]] = {}
    heads: dict[str, tuple[float, str]] = {}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            reason = _reason_to_leave_out(row)
            if reason:
                left_out[reason] += 1
                continue
            number = row["invoice"]
            at = datetime.fromisoformat(row["time"]).replace(tzinfo=UTC).timestamp()
            heads.setdefault(number, (at, row["customer_id"]))
            line = Line(row["item_id"].upper(), int(row["quantity"]), float(row["unit_price"]))
            lines.setdefault(number, []).append(line)
    invoices = [Invoice(number, *heads[number], tuple(_merged(found))) for number, found in lines.items()]
    return sorted(invoices, key=lambda invoice: invoice.at), left_out


def write_slice(invoices: Sequence[Invoice], *, part: str, folder: Path, prefix: str = "") -> Files:
    """Write the files of a slice, `test` or `tune`."""
    tuning, test = (round(len(invoices) * share) for share in (TUNING_FROM, TEST_FROM))
    start, stop = (tuning, test) if part == "tune" else (test, len(invoices))
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(*(folder / f"{prefix}{kind}.csv.gz" for kind in "TQV"))
    asked = invoices[start:stop]
    _write(files.train, _ROWS, _rows(invoices[:start]))
    _write(files.queries, _QUERIES, _queries(asked))
    _write(files.visits, _ROWS, _rows(asked))
    return files


def prepare(*, part: str, data: Path | None, into: Path) -> Files:
    """Write the slice's files into a folder of their own; `data` is the folder of the sets, else that of NETUP_DATA.

    Raises:
        datasets.MissingSetError: the set is not there.
    """
    folder = data or Path(os.environ.get(DATA, ""))
    if not (folder / PATH).is_file():
        raise MissingSetError(f"{folder / PATH} is not there (--data or {DATA} names the folder); get {SOURCE}")
    invoices, _left_out = read_invoices(folder / PATH)
    return write_slice(invoices, part=part, folder=into / f"online-retail-{part}")


def main() -> None:
    """Read the arguments, convert, say what was left out."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.datasets_online_retail",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lines", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    invoices, left_out = read_invoices(asked.lines)
    known = {invoice.customer for invoice in invoices if invoice.customer}
    print(json.dumps({"invoices": len(invoices), "customers": len(known), "left_out": dict(left_out)}, indent=1))
    for part in SLICES:
        print(*asdict(write_slice(invoices, part=part, folder=asked.folder, prefix=part)).values())


def _reason_to_leave_out(row: dict[str, str]) -> str:
    """Why the line is none of a sale of goods; empty when it is one."""
    if row["invoice"].startswith(CANCELLED):
        return "cancelled"
    if row["item_id"].upper() in NO_GOODS:
        return f"no goods: {row['item_id'].upper()}"
    if int(row["quantity"]) <= 0:
        return "no quantity"
    return "no price" if float(row["unit_price"]) <= 0 else ""


def _merged(lines: Iterable[Line]) -> Iterable[Line]:
    """Each product once, where it first stands, at the mean price of its units."""
    merged: dict[str, Line] = {}
    for line in lines:
        before = merged.get(line.item_id)
        if before is None:
            merged[line.item_id] = line
            continue
        quantity = before.quantity + line.quantity
        value = before.quantity * before.price + line.quantity * line.price
        merged[line.item_id] = replace(line, quantity=quantity, price=round(value / quantity, 2))
    return merged.values()


def _rows(invoices: Iterable[Invoice]) -> Iterator[tuple[str | float | int, ...]]:
    for invoice in invoices:
        for line in invoice.lines:
            yield invoice.number, line.item_id, invoice.at, invoice.customer, "purchase", line.price, line.quantity


def _queries(invoices: Iterable[Invoice]) -> Iterator[tuple[str, ...]]:
    """Baskets of two products or more, cut after up to CUTS of their lines."""
    rng = np.random.default_rng(SEED)
    for invoice in invoices:
        lines = invoice.lines
        for cut in sorted(1 + rng.permutation(len(lines) - 1)[:CUTS]) if len(lines) > 1 else ():
            rest = lines[cut:]
            yield (
                f"{invoice.number}-{cut}",
                " ".join(line.item_id for line in lines[:cut]),
                rest[0].item_id,
                invoice.customer,
                " ".join(line.item_id for line in rest),
                " ".join(f"{line.price * line.quantity:.2f}" for line in rest),
            )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Written aside and moved into place: who reads meanwhile sees a whole file. The same rows give the same bytes."""
    aside = path.with_name(f".{path.name}-{os.getpid()}")
    with gzip.GzipFile(aside, "wb", compresslevel=3, mtime=0) as packed, io.TextIOWrapper(packed, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    aside.replace(path)


if __name__ == "__main__":
    main()
