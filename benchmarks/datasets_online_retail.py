"""Online Retail (UCI): the invoices of a shop with known customers, cut into training, tuning and test files.

`python -m benchmarks.datasets_online_retail LINES.csv.gz FOLDER` reads `invoice,item_id,description,quantity,time,
unit_price,customer_id,country` and writes, for the tuning slice (80-90 % of the invoices by time) and for the test
slice (the last 10 %), three files of `manage.py evaluate` and `manage.py evaluate_outcomes`:

- `tuneT`, `testT`: every line of the invoices before the slice, as purchases;
- `tuneQ`, `testQ`: basket so far -> its next line, CUTS instants a basket drawn with a seed; the column `rest` has
  every later line of the basket and `values` what each of them is worth;
- `tuneV`, `testV`: the slice's own invoices, for questions with many targets and values.

What is left out, and counted: invoices that begin with C (cancellations) or A (adjustments of bad debt), lines that
are no goods (NO_GOODS: postage, fees, discounts, samples, manual corrections), lines of no quantity or no price.
Codes are written in capitals, and lines of one product in one invoice are one line.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

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


def write_slices(invoices: Sequence[Invoice], folder: Path) -> dict[str, int]:
    """Write the six files; how many rows, queries and visits they have."""
    folder.mkdir(parents=True, exist_ok=True)
    tuning, test = (round(len(invoices) * share) for share in (TUNING_FROM, TEST_FROM))
    counts = {}
    for name, start, stop in (("tune", tuning, test), ("test", test, len(invoices))):
        asked = invoices[start:stop]
        counts[f"{name}T"] = _write(folder / f"{name}T.csv.gz", _ROWS, _rows(invoices[:start]))
        counts[f"{name}Q"] = _write(folder / f"{name}Q.csv.gz", _QUERIES, _queries(asked))
        counts[f"{name}V"] = _write(folder / f"{name}V.csv.gz", _ROWS, _rows(asked))
    return counts


def main() -> None:
    """Read the arguments, convert, say what was left out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.datasets_online_retail", description=__doc__)
    parser.add_argument("lines", type=Path)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    invoices, left_out = read_invoices(asked.lines)
    counts = write_slices(invoices, asked.folder)
    known = {invoice.customer for invoice in invoices if invoice.customer}
    said = {"invoices": len(invoices), "customers": len(known), "left_out": dict(left_out), "written": counts}
    print(json.dumps(said, indent=1))


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
                f"{invoice.number}.{cut}",
                " ".join(line.item_id for line in lines[:cut]),
                rest[0].item_id,
                invoice.customer,
                " ".join(line.item_id for line in rest),
                " ".join(f"{line.price * line.quantity:.2f}" for line in rest),
            )


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    written = 0
    with gzip.open(path, "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for written, row in enumerate(rows, start=1):  # noqa: B007 - counted
            writer.writerow(row)
    return written


if __name__ == "__main__":
    main()
