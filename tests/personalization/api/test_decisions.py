"""GET decisions/{id}: an answer explained, to its own store only."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.models import Campaign, CampaignState
from personalization.decisions import LOG, uuid7
from personalization.markers import MARKERS
from personalization.models import Decision, Visit
from tests.catalog.factories import StoreFactory, caller, public_key, secret_key
from tests.personalization.storefront import lived, remembered, shop, zone

NAMES = {marker.name for marker in MARKERS}


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def server(store: Store) -> Any:
    return caller(secret_key(store))


def recommend(client: Any, **fields: Any) -> Any:
    body = {"zone": "home", "session_id": "s1", "visitor_id": "camille", **fields}
    answer = client.post("/api/v1/recommendations", body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def explain(client: Any, answer: Any) -> Any:
    return client.get(f"/api/v1/decisions/{answer['recommendation_id']}")


def test_a_decision_can_be_read_right_after_its_answer(server: Any) -> None:
    answer = recommend(server)

    explained = explain(server, answer).json()

    shared = ("recommendation_id", "zone", "engine", "memory_generation", "novelty", "fallback", "took_ms", "stages")
    assert {name: explained[name] for name in shared} == {name: answer[name] for name in shared}
    items = [(item["item_id"], item["position"], item["propensity"], item["estimate"]) for item in explained["items"]]
    assert items == [
        (item["item_id"], item["position"], item["propensity"], item["estimate"]) for item in answer["items"]
    ]


def test_what_each_objective_gave_is_told(server: Any) -> None:
    item = explain(server, recommend(server)).json()["items"][0]

    assert item["contributions"] == {
        "basket": pytest.approx(item["estimate"]["cart"], abs=1e-5),
        "conversion": pytest.approx(item["estimate"]["purchase"], abs=1e-5),
    }
    assert item["explored"] is False


def test_the_campaign_that_steered_is_named_and_what_its_objectives_gave(store: Store, server: Any) -> None:
    campaign = Campaign.objects.create(store=store, name="Margin", state=CampaignState.APPROVED, holdout=0.0)
    campaign.objectives.create(measure="margin", weight=2.0)

    answer = recommend(server)
    explained = explain(server, answer).json()

    assert answer["campaign"] == explained["campaign"] == str(campaign.pk)
    assert f"margin@{campaign.pk}" in explained["items"][0]["contributions"]


def test_the_analogous_situations_are_told_with_what_was_done_in_them(store: Store, server: Any) -> None:
    generation = remembered(store)
    lived(store, ("view_item", "racket"))

    answer = recommend(server)
    explained = explain(server, answer).json()

    assert explained["memory_generation"] == generation.number
    assert explained["analogues"]
    similarities = [analogue["similarity"] for analogue in explained["analogues"]]
    assert similarities == sorted(similarities, reverse=True)
    nearest = explained["analogues"][0]
    assert Visit.objects.of(store).filter(pk=nearest["visit_id"]).exists()
    assert nearest["at"] < timezone.now().isoformat()
    done = {(deed["item_id"], deed["did"]) for analogue in explained["analogues"] for deed in analogue["did"]}
    assert ("balls", "cart") in done
    assert any("Racket balls" in analogue["text"] for analogue in explained["analogues"])


def test_the_markers_that_match_and_differ_are_told_in_words(store: Store, server: Any) -> None:
    remembered(store)
    lived(store, ("view_item", "racket"))

    analogues = explain(server, recommend(server)).json()["analogues"]

    told = [words for analogue in analogues for words in analogue["matching_markers"] + analogue["differing_markers"]]
    assert told
    assert {words["marker"] for words in told} <= NAMES
    assert all(words["meaning"] and words["here"] and words["there"] for words in told)
    for analogue in analogues:
        matching = {words["marker"] for words in analogue["matching_markers"]}
        assert matching.isdisjoint(words["marker"] for words in analogue["differing_markers"])
        assert sum(analogue["distance_by_family"].values()) == pytest.approx(1.0, abs=0.01)


def test_the_reason_tells_the_way_from_todays_product(store: Store, server: Any) -> None:
    remembered(store)
    lived(store, ("view_item", "racket"))

    items = explain(server, recommend(server)).json()["items"]

    (balls,) = [item for item in items if item["item_id"] == "balls"]
    assert balls["position"] == 1
    assert balls["reasons"]
    assert balls["reasons"][0]["relation"]["kind"] in {"followed", "recalled", "transposed"}
    assert balls["reasons"][0]["text"]


def test_an_erased_visit_is_no_longer_told(store: Store, server: Any) -> None:
    generation = remembered(store)
    lived(store, ("view_item", "racket"))
    answer = recommend(server)
    LOG.flush()
    Decision.objects.update(analogues=[[10**12, 10**12, 0.5]])

    analogue = explain(server, answer).json()["analogues"][0]

    assert generation.number == answer["memory_generation"]
    assert (analogue["at"], analogue["did"]) == (None, [])


@pytest.mark.parametrize("identity", ["not-a-uuid", "0", "6f1c2d1e-3b7a-4c55-9d20-8a4f0e6b7c19"])
def test_an_id_that_was_never_given_is_not_found(server: Any, identity: str) -> None:
    assert server.get(f"/api/v1/decisions/{identity}").status_code == 404


def test_an_id_of_now_that_was_never_given_is_not_found(server: Any) -> None:
    assert server.get(f"/api/v1/decisions/{uuid7(now=timezone.now())}").status_code == 404


def test_a_decision_of_another_store_is_not_found(server: Any) -> None:
    other: Store = StoreFactory(slug="brico")
    zone(other, "home")
    answer = recommend(caller(secret_key(other)))

    assert explain(server, answer).status_code == 404


def test_a_browser_may_not_ask_why(store: Store) -> None:
    browser = caller(public_key(store))

    assert explain(browser, recommend(browser)).status_code == 403
