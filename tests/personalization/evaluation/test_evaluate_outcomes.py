"""`manage.py evaluate_outcomes` from files, and from a store's own visits, to figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from catalog.live_facts import forget_facts
from catalog.models import Store
from catalog.upsert import upsert_products
from personalization.engines import ENGINES
from personalization.ingest import ingest
from personalization.models import Event, Generation, Visit

pytestmark = pytest.mark.django_db

START = 1_700_000_000
NOW = datetime(2026, 3, 1, tzinfo=UTC)
HEADER = "session_id,item_id,timestamp,visitor_id,event,price,quantity"


def deeds(kind: int) -> list[tuple[str, str]]:
    """Who looks at one of ten items puts the one that belongs to it into the cart, and buys it."""
    return [("view_item", f"came{kind}"), ("add_to_cart", f"went{kind}"), ("purchase", f"went{kind}")]


def written(path: Path, sessions: Sequence[int]) -> Path:
    rows = [
        f"s{session},{item},{START + 4000 * session + 60 * step},person{session % 20},{event},{10 + session % 10},2"
        for session in sessions
        for step, (event, item) in enumerate(deeds(session % 10))
    ]
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


def examined(tmp_path: Path, **options: Any) -> dict[str, Any]:
    out = tmp_path / "figures.json"
    call_command("evaluate_outcomes", json=out, workers=1, **{"k": 5, **options})
    return dict(json.loads(out.read_text()))


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    held_out = [*range(60, 75), 1015]  # the last of them is of a person whom the training does not know
    train, visits = written(tmp_path / "train.csv", range(60)), written(tmp_path / "visits.csv", held_out)
    visits.write_text(visits.read_text().replace("person15,", "stranger,"))
    return {"train": train, "visits": visits}


def test_what_the_training_shows_is_found_in_the_midst_of_later_visits(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = examined(tmp_path, **files)

    assert set(found["engines"]) == set(ENGINES)
    assert (found["visits"], found["cuts_taken_later"], found["cuts_bought_later"]) == (16, 16, 16)
    assert (found["cuts_returning"], found["cuts_unknown"]) == (15, 1)
    inductive = found["engines"]["inductive"]
    assert inductive["all"]["hr"] == inductive["all"]["value"] == [1.0, 1.0, 1.0]
    assert inductive["all"]["margin"] == [None, None, None]
    assert inductive["calibration"]["purchase"]["n"] == 5 * found["cuts_for_estimates"]
    assert "16 with a product taken later" in capsys.readouterr().out


def test_the_engines_asked_can_be_chosen(files: dict[str, Path], tmp_path: Path) -> None:
    assert set(examined(tmp_path, **files, engine=["inductive"])["engines"]) == {"inductive"}


def test_the_same_files_and_seed_give_the_same_figures(files: dict[str, Path], tmp_path: Path) -> None:
    one, other = (examined(tmp_path, **files, sample=10, engine=["inductive"]) for _ in range(2))

    timeless = [{**found["engines"]["inductive"]["all"], "ms": None} for found in (one, other)]
    assert timeless[0] == timeless[1]
    assert one["visits"] == 10


def test_visits_without_times_come_after_the_training(tmp_path: Path) -> None:
    lines = ["session_id,item_id,timestamp,visitor_id,event"]
    lines += [f"s{s},{item},,ada,{event}" for s in range(30) for event, item in deeds(s % 3)]
    for name in ("train.csv", "visits.csv"):
        (tmp_path / name).write_text("\n".join([*lines, ""]))

    found = examined(tmp_path, train=tmp_path / "train.csv", visits=tmp_path / "visits.csv", engine=["inductive"])

    assert found["cuts_unknown"] == 0  # ada has been here before


@pytest.fixture
def shop() -> Iterator[Store]:
    """Eighty visits of a store with prices, costs and shelves; one of them was a robot's."""
    store = Store.objects.create(slug="shop", name="Shop", language="en", retention_days=36_500)
    rows = [
        {
            "id": f"{name}{kind}",
            "title": f"{name} {kind}",
            "price": f"{20 + kind}.00 EUR",
            "cost_of_goods_sold": "8.00 EUR",
            "product_type": f"Sport > {name}",
            "brand": "Own",
        }
        for kind in range(10)
        for name in ("came", "went")
    ]
    assert not upsert_products(store=store, rows=rows, now=NOW).rejected
    forget_facts(store_id=store.pk)
    events = [
        {
            "event_id": f"{visit}-{step}",
            "name": name,
            "timestamp": (NOW - timedelta(days=80) + timedelta(hours=2 * visit, minutes=step)).timestamp(),
            "visitor_id": f"person{visit % 20}",
            "session_id": f"s{visit}",
            "items": [{"item_id": item_id}],
            "bot": visit == 3,
            **({"transaction_id": f"t{visit}"} if name == "purchase" else {}),
        }
        for visit in range(80)
        for step, (name, item_id) in enumerate(deeds(visit % 10))
    ]
    assert ingest(store=store, events=events, now=NOW).rejected == 0
    yield store
    forget_facts(store_id=store.pk)


@pytest.mark.usefixtures("shop")
def test_a_store_is_judged_on_its_own_visits_with_its_own_margins(tmp_path: Path) -> None:
    found = examined(tmp_path, store="shop", since="0.8")

    inductive = found["engines"]["inductive"]
    assert (found["store"], found["visits"]) == ("shop", 16)
    assert inductive["all"]["hr"] == inductive["all"]["margin"] == [1.0, 1.0, 1.0]
    assert found["cuts_returning"] == found["cuts_taken_later"]


@pytest.mark.usefixtures("shop")
def test_nothing_of_the_store_is_touched_and_nothing_of_its_copy_stays(tmp_path: Path) -> None:
    before = list(Visit.objects.values()), list(Event.objects.values()), list(Store.objects.values())

    examined(tmp_path, store="shop", since="2025-12-15", engine=["inductive"])

    assert (list(Visit.objects.values()), list(Event.objects.values()), list(Store.objects.values())) == before
    assert not Generation.objects.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "either --train and --visits, or --store"),
        ({"store": "nowhere"}, "there is no such store"),
        ({"store": "shop", "since": "soon"}, "expected an instant"),
        ({"store": "shop", "since": "2020-01-01"}, "no visit ended before"),
        ({"store": "shop", "since": "2030-01-01"}, "no visit began at"),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_asked_is_told_in_one_line(options: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said):
        examined(tmp_path, **options)
    assert Store.objects.count() == 1
