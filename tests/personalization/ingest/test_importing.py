"""Historical files of each format into a store, and again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.models import Product, Store
from personalization.ingest.importing import Summary, import_events
from personalization.ingest.readers import READERS
from personalization.ingest.readers.row import UnreadableFileError
from personalization.markers.lived import unpack
from personalization.models import Event, Visit
from tests.catalog.factories import StoreFactory, merchant_row, sell

from .sending import NOW, visits

pytestmark = pytest.mark.django_db

REES46 = """\
event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
2019-10-01 00:00:00 UTC,view,44600062,2103807459595387724,,shiseido,35.79,541312140,aaaa
2019-10-01 00:00:30 UTC,cart,44600062,2103807459595387724,,shiseido,35.79,541312140,aaaa
2019-10-01 00:01:00 UTC,purchase,44600062,2103807459595387724,,shiseido,35.79,541312140,aaaa
2019-10-01 00:00:00 UTC,view,3900821,2053013552326770905,appliances.environment.water_heater,aqua,33.20,554748717,bbbb
2019-10-01 00:00:01 UTC,lost,3900821,2053013552326770905,appliances.environment.water_heater,aqua,33.20,554748717,bbbb
"""
YOOCHOOSE = """\
session_id,item_id,timestamp
5182,214821026,1396314141.719
5182,214821028,1396314191.600
5183,214706432,1396314234.684
5183,214706432,soon
"""


def exported(name: str, micros: int, **fields: Any) -> dict[str, Any]:
    """An event of GA4's export to BigQuery."""
    return {
        "event_name": name,
        "event_timestamp": str(micros),
        "user_pseudo_id": "1234.5678",
        "event_params": [
            {"key": "ga_session_id", "value": {"int_value": "99", "string_value": None}},
            {"key": "page_location", "value": {"string_value": "https://shop.example/raquette"}},
            {"key": "engagement_time_msec", "value": {"int_value": "4200"}},
        ],
        "device": {"category": "mobile", "language": "fr-fr"},
        "traffic_source": {"source": "google", "medium": "organic", "name": "(organic)"},
        **fields,
    }


ITEM = {
    "item_id": "racket", "item_name": "Raquette", "item_brand": "Babolat", "item_category": "Sport",
    "item_category2": "Tennis", "item_category3": "(not set)", "price": 120.0, "quantity": "2", "item_list_index": "3",
}  # fmt: skip
GA4 = [
    exported("session_start", 1_770_000_000_000_000),
    exported("view_item", 1_770_000_001_000_000, items=[ITEM]),
    exported(
        "purchase",
        1_770_000_060_000_000,
        items=[ITEM],
        ecommerce={"transaction_id": "T1", "purchase_revenue": 120.0},
    ),
]


@pytest.fixture
def store() -> Store:
    return StoreFactory(slug="history", retention_days=36_500)


def bring(store: Store, path: Path, kind: str, **options: Any) -> Summary:
    return import_events(store=store, path=path, reader=READERS[kind], now=NOW, progress=lambda *_: None, **options)


def written(folder: Path, text: str, *, packed: bool = False) -> Path:
    path = folder / "events.csv"
    if packed:
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


def figures(summary: Summary) -> tuple[int, int, int, int, int]:
    return summary.read, summary.stored, summary.duplicates, summary.rejected, summary.left_out


@pytest.mark.parametrize("packed", [True, False])
def test_rees46_events_become_visits(store: Store, tmp_path: Path, packed: bool) -> None:
    summary = bring(store, written(tmp_path, REES46, packed=packed), "rees46")

    assert figures(summary) == (5, 4, 0, 1, 0)
    assert [(v.visitor_key, v.event_count, str(v.revenue)) for v in visits(store)] == [
        ("v:541312140", 3, "35.79"),
        ("v:554748717", 1, "0.00"),
    ]
    assert summary.reasons[0].startswith("event 5, name: Expected one of")


def test_rees46_rows_tell_the_catalog(store: Store, tmp_path: Path) -> None:
    summary = bring(store, written(tmp_path, REES46), "rees46")

    heater = Product.objects.get(item_id="3900821")
    assert summary.products == 2
    assert (heater.brand, str(heater.price), heater.category.path) == (
        "aqua",
        "33.20",
        "appliances > environment > water_heater",
    )
    assert heater.launched_at.isoformat() == "2019-10-01T00:00:00+00:00"


def test_events_know_the_products_made_from_the_same_file(store: Store, tmp_path: Path) -> None:
    bring(store, written(tmp_path, REES46), "rees46")
    lived = [unpack(event.lived) for event in Event.objects.of(store)]
    assert all(item.product >= 0 and item.categories for event in lived for item in event.items)


def test_what_the_merchant_said_of_a_product_stays(store: Store, tmp_path: Path) -> None:
    sell(store, merchant_row("3900821", title="Chauffe-eau"))
    bring(store, written(tmp_path, REES46), "rees46")
    assert Product.objects.get(item_id="3900821").title == "Chauffe-eau"


def test_importing_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = written(tmp_path, REES46)
    bring(store, path, "rees46")
    before = list(Visit.objects.values()), list(Product.objects.values())

    again = bring(store, path, "rees46")

    assert (figures(again), again.products) == ((5, 0, 4, 1, 0), 0)
    assert (list(Visit.objects.values()), list(Product.objects.values())) == before


def test_yoochoose_clicks_become_visits_of_bare_sessions(store: Store, tmp_path: Path) -> None:
    summary = bring(store, written(tmp_path, YOOCHOOSE), "yoochoose")

    assert figures(summary) == (4, 3, 0, 1, 0)
    assert [(v.visitor_key, v.event_count, v.consent) for v in visits(store)] == [
        ("s:5182", 2, True),
        ("s:5183", 1, True),
    ]


def test_ga4_exports_become_visits(store: Store, tmp_path: Path) -> None:
    summary = bring(store, written(tmp_path, "\n".join(map(json.dumps, GA4))), "ga4")

    assert figures(summary) == (3, 2, 0, 0, 1)
    (visit,) = visits(store)
    assert (visit.visitor_key, visit.session_id, visit.device, visit.channel, str(visit.revenue)) == (
        "v:1234.5678",
        "1234.5678.99",
        "mobile",
        "organic",
        "120.00",
    )
    assert Product.objects.get().category.path == "Sport > Tennis"


def test_ga4_visitors_who_were_not_to_be_known_are_not_taken_for_one(store: Store, tmp_path: Path) -> None:
    unknown = exported("view_item", 1_770_000_001_000_000, items=[ITEM], user_pseudo_id=None)
    summary = bring(store, written(tmp_path, json.dumps(unknown)), "ga4")
    assert figures(summary) == (1, 0, 0, 1, 0)


def test_what_ga4_exports_wrongly_is_refused_and_quoted(store: Store, tmp_path: Path) -> None:
    odd = exported("view_item", 0, items=[ITEM], event_timestamp="soon")
    summary = bring(store, written(tmp_path, json.dumps(odd)), "ga4")
    assert summary.reasons[0].startswith("event 1, timestamp: Expected an RFC 3339")


@pytest.mark.parametrize(
    "line", ['{"event_name": "search", "event_params": [1]}', '{"event_name": ["a"]}', "[]", "{", '{"a": 1}']
)
def test_a_line_that_is_no_ga4_event_is_named(store: Store, tmp_path: Path, line: str) -> None:
    with pytest.raises(UnreadableFileError, match="line 1: "):
        bring(store, written(tmp_path, line), "ga4")


def test_a_limit_reads_the_first_rows(store: Store, tmp_path: Path) -> None:
    assert figures(bring(store, written(tmp_path, REES46), "rees46", limit=2)) == (2, 2, 0, 0, 0)


def command(path: Path, *options: str) -> None:
    call_command("import_events", "--store", "history", "--format", "rees46", *options, str(path))


def test_the_command_makes_the_store_and_sums_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(written(tmp_path, REES46), "--create-store")

    assert Visit.objects.of(Store.objects.get(slug="history")).count() == 2
    told = capsys.readouterr().out
    assert "products: 2 made, 0 refused" in told
    assert "rows: 5 read = 4 events stored + 0 duplicates + 1 rejected + 0 left out" in told


def test_the_command_names_the_stores_there_are(tmp_path: Path) -> None:
    StoreFactory(slug="atelier")
    with pytest.raises(CommandError, match="expected one of: atelier"):
        command(written(tmp_path, REES46))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"session_id,item_id\n1,2\n", "header: expected the columns event_time"),
        (b"", "header: expected the columns event_time"),
        (b"\x1f\x8bno gzip", "events"),
        (b"event_time\n\xff\xfe", "events"),
    ],
)
def test_the_command_says_why_a_file_cannot_be_read(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "events"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=told):
        command(path, "--create-store")


def test_the_command_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no such file"):
        command(tmp_path / "nothing.csv")
