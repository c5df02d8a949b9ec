"""What a campaign would change over REST, on a store whose answers are known, and where it gets in the way."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives.models import Campaign, CampaignState
from personalization import campaign_book
from personalization.api import campaign_previews
from personalization.engines import ENGINES
from personalization.models import Visit
from personalization.scene import DEFAULT_ENGINE
from tests.catalog.factories import caller, secret_key
from tests.personalization.storefront import BY_POPULARITY, PopularityEngine, lived, remembered, shop

URL = "/api/v1/campaigns"
VISITS = 3
PUSH: dict[str, Any] = {
    "name": "Push",
    "promoted": {"item_ids": ["bag"]},
    "scope": "favoured",
    "floor": 0.5,
    "objectives": [{"measure": "conversion", "weight": 50}],
}


def pin(item_id: str, place: int = 1) -> dict[str, Any]:
    return {"kind": "pin", "products": {"item_ids": [item_id]}, "place": place}


@pytest.fixture
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, DEFAULT_ENGINE, PopularityEngine())


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait for half a second to pass."""
    monkeypatch.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 0.0)


@pytest.fixture
def store(db: None, popularity: None) -> Store:
    store = shop()
    for number in range(VISITS):
        lived(store, ("view_item_list", "racket"), session=f"s{number}", days_ago=1 + number)
    return store


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def previewed(client: Any, **members: object) -> dict[str, Any]:
    answer = client.post(f"{URL}/preview", {"zone": "home", "document": PUSH, **members})
    assert answer.status_code == 200, answer.json()
    found: dict[str, Any] = answer.json()
    return found


def ids(products: list[dict[str, Any]]) -> list[str]:
    return [product["item_id"] for product in products]


def started(client: Any, **members: object) -> str:
    campaign_id = str(client.post(URL, {"name": "Other", **members}).json()["id"])
    client.post(f"{URL}/{campaign_id}/steps", {"action": "started"})
    return campaign_id


def errors(client: Any, **members: object) -> list[tuple[str, str]]:
    answer = client.post(f"{URL}/preview", {"zone": "home", **members})
    assert answer.status_code == 422, answer.json()
    return [(mistake["pointer"], mistake["code"]) for mistake in answer.json()["errors"]]


# --- Looking ahead --------------------------------------------------------------------------------------------------


def test_a_document_is_tried_on_recent_visits(client: Any) -> None:
    """P(purchase) is n / (n + 100) / 10 by n ratings; the bag, 50, takes the strings' place, 60."""
    found = previewed(client)

    chance = {n: 100 * n / (n + 100) for n in (90, 80, 70, 60, 50)}  # per 1,000 visits
    before, after = sum(chance[n] for n in (90, 80, 70, 60)), sum(chance[n] for n in (90, 80, 70, 50))
    assert (found["visits"], found["applies"], found["moved"]) == (VISITS, VISITS, VISITS)
    assert found["figures"]["conversion"]["before"] == pytest.approx(before, rel=1e-4)
    assert found["figures"]["conversion"]["change"]["upper"] == pytest.approx(after - before, rel=1e-3)
    assert found["figures"]["promoted"]["after"] == pytest.approx(chance[50], rel=1e-4)
    assert 0.5 <= found["kept"]["least"] <= found["kept"]["mean"] < 1
    assert not Campaign.objects.exists()


def test_one_visit_is_shown_before_and_after(client: Any, store: Store) -> None:
    visit_ids = list(Visit.objects.of(store).order_by("-last_event_at").values_list("pk", flat=True))

    found = previewed(client, visit=visit_ids[1])

    assert found["visit_ids"] == visit_ids
    assert found["visit"]["id"] == visit_ids[1]
    assert ids(found["visit"]["before"]) == BY_POPULARITY[:4]
    assert "bag" in ids(found["visit"]["after"])
    assert found["visit"]["before"][0] | {"purchase": 0} == {
        "item_id": "racket",
        "title": "Racket racket",
        "position": 1,
        "purchase": 0,
    }


def test_the_curve_tells_each_floor(client: Any) -> None:
    curve = previewed(client)["curve"]

    assert curve["figure"] == "promoted"
    floors = [point["floor"] for point in curve["points"]]
    assert floors == sorted(floors, reverse=True)
    assert all(point["kept"]["least"] >= point["floor"] - 1e-6 for point in curve["points"])


def test_a_stored_campaign_is_tried_beside_those_in_force(client: Any) -> None:
    started(client, rules=[pin("grinder")])
    stored = client.post(URL, PUSH).json()["id"]

    found = previewed(client, document=None, campaign=stored)["visit"]

    assert (ids(found["before"])[0], ids(found["after"])[0]) == ("grinder", "grinder")
    assert "bag" not in ids(found["before"])
    assert "bag" in ids(found["after"])


def test_a_change_is_compared_with_no_campaign_or_with_what_is_stored(client: Any) -> None:
    stored = started(client, **PUSH)
    change = {"document": PUSH | {"rules": [pin("grinder")]}, "campaign": stored}

    against_none = previewed(client, **change)["visit"]
    against_stored = previewed(client, **change, against_stored=True)["visit"]

    assert "bag" not in ids(against_none["before"])
    assert "bag" in ids(against_stored["before"])
    assert ids(against_none["after"]) == ids(against_stored["after"])


def test_a_campaign_of_another_day_is_looked_at_as_of_that_day(client: Any) -> None:
    found = previewed(client, document=PUSH | {"starts_at": "2199-01-01T00:00Z"})

    assert (found["at"], found["applies"]) == ("2199-01-01T00:00:00Z", VISITS)


def test_without_a_visit_nothing_is_foreseen(popularity: None, db: None) -> None:
    found = previewed(caller(secret_key(shop("young"))))

    assert (found["visits"], found["visit"], found["visit_ids"]) == (0, None, [])
    assert found["figures"]["revenue"]["change"] == {"value": None, "lower": None, "upper": None}


def test_a_store_with_a_memory_is_asked_as_an_answer_would_be(db: None) -> None:
    store = shop("remembering")
    remembered(store)

    found = previewed(caller(secret_key(store)), document={"name": "Pin", "rules": [pin("grinder")]})

    assert found["visits"] == 60
    assert ids(found["visit"]["after"])[0] == "grinder"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"document": PUSH, "zone": "attic"}, [("/zone", "choice")]),
        ({"document": PUSH, "zone": None}, [("/zone", "type")]),
        ({}, [("/document", "required")]),
        ({"document": {"name": "", "floor": 2}}, [("/document/name", "length"), ("/document/floor", "range")]),
        ({"document": "Push"}, [("/document", "type")]),
        ({"campaign": "999"}, [("/campaign", "choice")]),
        ({"campaign": "x"}, [("/campaign", "choice")]),
        ({"document": PUSH, "visit": 0}, [("/visit", "choice")]),
        ({"document": PUSH, "visit": "1"}, [("/visit", "type")]),
        ({"document": PUSH, "visitor": "me"}, [("/visitor", "unknown")]),
    ],
)
def test_what_cannot_be_tried_is_named(client: Any, members: dict[str, Any], expected: Any) -> None:
    assert errors(client, **members) == expected


def test_a_store_looks_ahead_once_at_a_time(client: Any, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_previews, "_under_way", {store.pk})

    answer = client.post(f"{URL}/preview", {"zone": "home", "document": PUSH})

    assert (answer.status_code, answer["Retry-After"]) == (429, "2")


def test_after_a_refusal_the_store_may_look_again(client: Any) -> None:
    errors(client, document=PUSH, visit=0)

    assert previewed(client)["visits"] == VISITS


def test_a_stored_campaign_that_lost_its_meaning_is_a_conflict(client: Any) -> None:
    stored = client.post(URL, PUSH).json()["id"]
    Campaign.objects.update(condition={"marker": "gone", "operator": "is", "value": 1})

    answers = [
        client.post(f"{URL}/preview", {"zone": "home", "campaign": stored}),
        client.get(f"{URL}/{stored}/conflicts"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "at /marker, expected the name of a known marker" in answers[0].json()["detail"]


def test_nobody_looks_ahead_with_another_stores_visits_or_campaigns(client: Any) -> None:
    stored = client.post(URL, PUSH).json()["id"]
    theirs = shop("brico")
    lived(theirs, ("view_item_list", "racket"), session="theirs")
    stranger = caller(secret_key(theirs))

    assert previewed(stranger)["visits"] == 1
    assert errors(stranger, campaign=stored) == [("/campaign", "choice")]
    assert errors(stranger, document=PUSH, visit=Visit.objects.order_by("pk")[0].pk) == [("/visit", "choice")]


# --- Getting in the way ---------------------------------------------------------------------------------------------


def conflicts(client: Any, campaign_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{URL}/{campaign_id}/conflicts").json()["conflicts"]
    return found


def test_conflicts_are_named_with_the_campaign_they_are_with(client: Any) -> None:
    other = started(client, name="Grinders", rules=[pin("grinder")])
    draft = client.post(URL, {"name": "Bags", "rules": [pin("bag")]}).json()["id"]

    assert conflicts(client, draft) == [
        {
            "kind": "same_place",
            "campaign": {"id": other, "name": "Grinders"},
            "place": 1,
            "item_ids": ["bag", "grinder"],
            "products": 2,
        }
    ]
    assert previewed(client, document=None, campaign=draft)["conflicts"] == conflicts(client, draft)


def test_many_products_are_counted_and_some_are_named(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("personalization.api.preview_answers.MOST_NAMED", 1)
    started(client, rules=[{"kind": "exclude", "products": {"item_ids": ["bag", "balls"]}}])
    draft = client.post(URL, PUSH | {"promoted": {"item_ids": ["bag", "balls"]}}).json()["id"]

    (found,) = conflicts(client, draft)

    assert (found["kind"], found["place"], len(found["item_ids"]), found["products"]) == ("withdrawn", None, 1, 2)


def test_what_would_become_of_it_is_what_counts(client: Any, store: Store) -> None:
    started(client, rules=[pin("grinder")])
    draft = client.post(URL, {"name": "Bags"}).json()["id"]
    store.approval_required = True
    store.save()
    Campaign.objects.filter(pk=draft).update(state=CampaignState.APPROVED)

    client.patch(f"{URL}/{draft}", {"rules": [pin("bag")]})

    assert [conflict["kind"] for conflict in conflicts(client, draft)] == ["same_place"]


def test_another_stores_campaign_is_in_nobodys_way(client: Any) -> None:
    started(caller(secret_key(shop("brico"))), rules=[pin("grinder")])
    draft = client.post(URL, {"name": "Bags", "rules": [pin("bag")]}).json()["id"]

    assert conflicts(client, draft) == []
