"""Invoices cut into training, tuning and test files."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from benchmarks.datasets import MissingSetError, session_of
from benchmarks.datasets_online_retail import CUTS, Invoice, Line, prepare, read_invoices, write_slice
from personalization.evaluation.sessions import read_queries, read_training

HEADER = "invoice,item_id,description,quantity,time,unit_price,customer_id,country"


def read(tmp_path: Path, *lines: str) -> tuple[list[Invoice], dict[str, int]]:
    path = tmp_path / "lines.csv.gz"
    path.write_bytes(gzip.compress("\n".join([HEADER, *lines, ""]).encode()))
    invoices, left_out = read_invoices(path)
    return invoices, dict(left_out)


def test_an_invoice_is_its_customer_and_its_lines(tmp_path: Path) -> None:
    invoices, left_out = read(tmp_path, '536,84c,"CUP, RED",6,2010-12-01 00:01:00,2.55,17850,UK')

    assert invoices == [Invoice("536", 1_291_161_660.0, "17850", (Line("84C", 6, 2.55),))]
    assert left_out == {}


def test_lines_of_one_product_are_one_line_at_the_mean_price_of_its_units(tmp_path: Path) -> None:
    lines = [f"536,{item},X,{quantity},2010-12-01 00:01:00,{price},,UK"
             for item, quantity, price in (("84C", 1, 4.0), ("21", 1, 1.0), ("84c", 3, 2.0))]  # fmt: skip

    (invoice,), _left_out = read(tmp_path, *lines)

    assert invoice.lines == (Line("84C", 4, 2.5), Line("21", 1, 1.0))


@pytest.mark.parametrize(
    ("invoice", "item_id", "quantity", "price", "reason"),
    [
        ("C536", "84C", -1, 2.0, "cancelled"),
        ("A536", "B", 1, 9.0, "cancelled"),
        ("536", "POST", 1, 18.0, "no goods: POST"),
        ("536", "m", 1, 18.0, "no goods: M"),
        ("536", "84C", 0, 2.0, "no quantity"),
        ("536", "84C", 1, 0.0, "no price"),
    ],
)
def test_what_is_no_sale_of_goods_is_left_out_and_counted(
    tmp_path: Path, invoice: str, item_id: str, quantity: int, price: float, reason: str
) -> None:
    assert read(tmp_path, f"{invoice},{item_id},X,{quantity},2010-12-01 00:01:00,{price},,UK") == ([], {reason: 1})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    invoices = [
        Invoice(f"i{n}", 1e9 + n, f"c{n % 7}", tuple(Line(f"p{line}", 2, 1.5) for line in range(n % 9 + 1)))
        for n in range(100)
    ]
    for part in ("tune", "test"):
        write_slice(invoices, part=part, folder=tmp_path, prefix=part)
    return tmp_path


@pytest.mark.parametrize(("name", "start", "stop"), [("tune", 80, 90), ("test", 90, 100)])
def test_each_slice_is_learned_from_what_came_before_it(folder: Path, name: str, start: int, stop: int) -> None:
    def sessions(kind: str) -> list[str]:
        return list(dict.fromkeys(row.session_id for row in read_training(folder / f"{name}{kind}.csv.gz")))

    assert sessions("T") == [f"i{n}" for n in range(start)]
    assert sessions("V") == [f"i{n}" for n in range(start, stop)]


def test_rows_are_purchases_with_customer_price_and_quantity(folder: Path) -> None:
    row = next(read_training(folder / "testT.csv.gz"))

    assert (row.event, row.visitor_id, row.price, row.quantity, row.at) == ("purchase", "c0", 1.5, 2, 1e9)


def test_baskets_are_asked_for_their_next_line_at_most_at_some_of_their_instants(folder: Path) -> None:
    queries = read_queries(folder / "testQ.csv.gz")
    whole = {f"i{n}": tuple(f"p{line}" for line in range(n % 9 + 1)) for n in range(90, 100)}

    for query in queries:
        basket = whole[session_of(query.query_id)]
        assert basket[: len(query.prefix) + 1] == (*query.prefix, query.target)
    asked = [session_of(query.query_id) for query in queries]
    assert {number: asked.count(number) for number in whole} == {
        number: min(CUTS, len(basket) - 1) for number, basket in whole.items()
    }


def test_a_query_tells_the_rest_of_its_basket_and_what_it_is_worth(folder: Path) -> None:
    with gzip.open(folder / "testQ.csv.gz", "rt") as file:
        for query in csv.DictReader(file):
            rest = query["rest"].split()
            assert rest[0] == query["target"]
            assert query["values"].split() == ["3.00"] * len(rest)


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingSetError, match="Online Retail"):
        prepare(part="test", data=tmp_path, into=tmp_path)
