"""Campaigns as a file over REST."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives import campaign_files, lifecycle
from objectives.models import Campaign
from tests.catalog.factories import caller, secret_key
from tests.objectives.documents import WHOLE
from tests.personalization.storefront import shop

URL = "/api/v1/campaigns"


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def file(*documents: object) -> dict[str, Any]:
    return {"format": "netup.campaigns", "version": 1, "campaigns": list(documents)}


def laid_down(client: Any, **members: object) -> str:
    return str(client.post(URL, {"name": "Margin", **members}).json()["id"])


def exported(client: Any, query: str = "") -> list[str]:
    return [document["name"] for document in client.get(f"{URL}/export{query}").json()["campaigns"]]


def test_what_one_store_exports_another_imports(client: Any) -> None:
    laid_down(client, **WHOLE)
    laid_down(client)
    told = client.get(f"{URL}/export").json()
    other = caller(secret_key(shop("brico")))

    answer = other.post(f"{URL}/import", told)

    assert (answer.status_code, answer.json()["created"]) == (200, 2)
    assert other.get(f"{URL}/export").json() == told


def test_the_chosen_ones_are_exported(client: Any) -> None:
    ids = [laid_down(client, name=name) for name in ("a", "b", "c")]
    client.post(f"{URL}/{ids[2]}/steps", {"action": "started"})

    assert exported(client) == ["a", "b", "c"]
    assert exported(client, f"?ids={ids[2]},{ids[0]}") == ["a", "c"]
    assert exported(client, "?state=draft") == ["a", "b"]


@pytest.mark.parametrize("ids", ["", "x", "1,,2", "1;2", "9" * 19, "999999"])
def test_ids_are_those_of_the_store(client: Any, ids: str) -> None:
    assert client.get(f"{URL}/export?ids={ids}").status_code == 400


def test_an_id_of_another_store_is_not_exported(client: Any) -> None:
    theirs = laid_down(caller(secret_key(shop("brico"))))

    assert client.get(f"{URL}/export?ids={theirs}").status_code == 400


def test_more_than_a_file_holds_is_not_exported(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_files, "MOST_IN_FILE", 1)
    for name in ("a", "b"):
        laid_down(client, name=name)

    answer = client.get(f"{URL}/export")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:netup:problem:conflict")


def test_a_dry_run_says_what_would_become_of_it(client: Any) -> None:
    laid_down(client, name="Margin")

    answer = client.post(f"{URL}/import?dry_run=true&on_same_name=skip", file({"name": "Margin"}, {"name": "Stock"}))

    assert answer.json() == {
        "dry_run": True,
        "created": 1,
        "skipped": 1,
        "campaigns": [
            {"name": "Margin", "outcome": "skipped", "id": None},
            {"name": "Stock", "outcome": "created", "id": None},
        ],
    }
    assert Campaign.objects.count() == 1


def test_imported_campaigns_are_told_by_their_ids(client: Any, store: Store) -> None:
    found = client.post(f"{URL}/import", file({"name": "Stock"})).json()["campaigns"]

    assert found == [{"name": "Stock", "outcome": "created", "id": str(Campaign.objects.of(store).get().pk)}]


def test_all_are_imported_or_none(client: Any) -> None:
    answer = client.post(f"{URL}/import", file({"name": "Fine"}, {"name": "Attic", "zones": ["attic"]}))

    assert answer.status_code == 422
    assert [mistake["pointer"] for mistake in answer.json()["errors"]] == ["/campaigns/1/zones/0"]
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("dry_run", ["true", "false"])
def test_a_store_that_would_have_too_many_gets_none(client: Any, monkeypatch: pytest.MonkeyPatch, dry_run: str) -> None:
    monkeypatch.setattr(lifecycle, "MOST_CAMPAIGNS", 1)

    answer = client.post(f"{URL}/import?dry_run={dry_run}", file({"name": "a"}, {"name": "b"}))

    assert answer.status_code == 409
    assert not Campaign.objects.exists()


@pytest.mark.parametrize("query", ["dry_run=1", "on_same_name=replace"])
def test_an_option_that_cannot_be_read_is_refused(client: Any, query: str) -> None:
    assert client.post(f"{URL}/import?{query}", file()).status_code == 400


def test_a_repeated_import_is_done_once(client: Any) -> None:
    for _ in range(2):
        client.post(f"{URL}/import", file({"name": "Stock"}), HTTP_IDEMPOTENCY_KEY="i")
    assert Campaign.objects.count() == 1


def test_a_dry_run_under_a_key_leaves_nothing_behind_either(client: Any) -> None:
    answers = [
        client.post(f"{URL}/import?dry_run=true", file({"name": "Stock"}), HTTP_IDEMPOTENCY_KEY="i") for _ in range(2)
    ]

    assert [answer.json()["created"] for answer in answers] == [1, 1]
    assert not Campaign.objects.exists()
