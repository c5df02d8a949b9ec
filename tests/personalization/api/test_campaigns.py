"""Campaigns over REST: laid down, changed without overwriting anybody, taken through their life, undone."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Store
from objectives import lifecycle
from objectives.lifecycle import Actor, take
from objectives.models import Action, Campaign, CampaignRevision, CampaignState
from tests.catalog.factories import NOW, caller, issue_key, person, public_key, secret_key
from tests.objectives.documents import WHOLE
from tests.personalization.storefront import shop

URL = "/api/v1/campaigns"
ORDER = {**WHOLE, "condition": {"marker": "cart_value", "operator": ">=", "value": 50.0}}
CALLS = [
    ("get", ""),
    ("post", ""),
    ("get", "/{id}"),
    ("put", "/{id}"),
    ("patch", "/{id}"),
    ("delete", "/{id}"),
    ("post", "/{id}/steps"),
    ("get", "/{id}/revisions"),
    ("post", "/{id}/undo"),
    ("get", "/{id}/conflicts"),
    ("post", "/preview"),
    ("get", "/export"),
    ("post", "/import"),
]


@pytest.fixture
def store(db: None) -> Store:
    return shop()


@pytest.fixture
def careful(store: Store) -> Store:
    """Two people have to agree there."""
    store.approval_required = True
    store.save()
    return store


@pytest.fixture
def client(store: Store) -> Any:
    return caller(secret_key(store))


def laid_down(client: Any, **members: object) -> str:
    """The address of a new campaign."""
    answer = client.post(URL, {"name": "Margin", **members})
    assert answer.status_code == 201, answer.json()
    return f"{URL}/{answer.json()['id']}"


def stepped(client: Any, address: str, *actions: str) -> Any:
    """The answer to the last of some steps."""
    return [client.post(f"{address}/steps", {"action": action}) for action in actions][-1]


def errors(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.json()
    return [(mistake["pointer"], mistake["code"]) for mistake in answer.json()["errors"]]


def refused(answer: Any) -> str:
    """Why, of a state that does not allow it."""
    found = answer.json()
    assert (answer.status_code, found["type"]) == (409, "urn:netup:problem:conflict")
    return str(found["detail"])


# --- Laying down and reading ----------------------------------------------------------------------------------------


def test_a_campaign_is_laid_down_as_a_draft(client: Any, store: Store) -> None:
    answer = client.post(URL, ORDER)

    found = answer.json()
    campaign = Campaign.objects.of(store).get()
    assert answer.status_code == 201
    assert found["document"] == ORDER
    assert {name: found[name] for name in ("id", "state", "standing", "revision", "proposed", "steps")} == {
        "id": str(campaign.pk),
        "state": "draft",
        "standing": "draft",
        "revision": 1,
        "proposed": None,
        "steps": ["started"],
    }
    assert client.get(f"{URL}/{campaign.pk}").json() == found


def test_the_history_names_the_key_by_its_first_characters(store: Store) -> None:
    key, text = issue_key(store)

    laid_down(caller(text))

    assert CampaignRevision.objects.get().actor == key.prefix


def test_everything_that_is_wrong_is_named(client: Any, store: Store) -> None:
    broken = {"name": "", "zones": ["attic"], "condition": {"marker": "luck", "operator": "is", "value": 1}}

    assert errors(client.post(URL, broken)) == [("/name", "length"), ("/condition/marker", "condition")]
    assert not Campaign.objects.exists()


def test_a_body_that_is_no_object_is_refused(client: Any) -> None:
    address = laid_down(client)

    answers = [
        client.post(URL, ["Margin"]),
        client.put(address, ["Margin"]),
        client.patch(address, ["Margin"]),
        client.post(f"{address}/steps", ["started"]),
        client.post(f"{address}/undo", [1]),
        client.post(f"{URL}/import", [1]),
        client.post(f"{URL}/preview", [1]),
    ]
    assert {answer.status_code for answer in answers} == {400}


def test_a_body_of_more_than_a_megabyte_is_refused(client: Any) -> None:
    assert client.post(URL, {"name": "Margin", "note": "x" * (1024 * 1024)}).status_code == 413


def test_a_store_has_only_so_many(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "MOST_CAMPAIGNS", 1)
    laid_down(client)

    assert "at most 1" in refused(client.post(URL, {"name": "Stock"}))


def test_a_repeated_request_lays_down_one(client: Any) -> None:
    answers = [client.post(URL, {"name": "Margin"}, HTTP_IDEMPOTENCY_KEY="c-1") for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert Campaign.objects.count() == 1


# --- The list -------------------------------------------------------------------------------------------------------


def listed(client: Any, query: str = "") -> list[str]:
    return [campaign["name"] for campaign in client.get(f"{URL}{query}").json()["results"]]


def test_campaigns_are_listed_page_by_page(client: Any) -> None:
    for name in ("a", "b", "c"):
        laid_down(client, name=name)
    first = client.get(f"{URL}?limit=2").json()

    assert [campaign["name"] for campaign in first["results"]] == ["a", "b"]
    assert [campaign["name"] for campaign in client.get(first["next"]).json()["results"]] == ["c"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["all", "home", "both", "later"]),
        ("?state=draft", ["home"]),
        ("?state=approved", ["all", "both", "later"]),
        ("?live=true", ["all", "both"]),
        ("?live=false", ["home", "later"]),
        ("?zone=home", ["all", "home", "both"]),
        ("?zone=shelf&live=true", ["all", "both"]),
    ],
)
def test_filters(client: Any, query: str, expected: list[str]) -> None:
    addresses = {
        "all": laid_down(client, name="all"),
        "home": laid_down(client, name="home", zones=["home"]),
        "both": laid_down(client, name="both", zones=["home", "shelf"]),
        "later": laid_down(client, name="later", zones=["shelf"], starts_at="2199-01-01T00:00Z"),
    }
    for name in ("all", "both", "later"):
        stepped(client, addresses[name], "started")

    assert listed(client, query) == expected


@pytest.mark.parametrize("query", ["state=gone", "live=maybe", "zone=attic", "zone=%00", "limit=0", "cursor=A"])
def test_a_parameter_that_cannot_be_read_is_refused(client: Any, query: str) -> None:
    answer = client.get(f"{URL}?{query}")

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:netup:problem:invalid-parameter")


# --- Changing -------------------------------------------------------------------------------------------------------


def test_what_is_put_is_the_whole(client: Any) -> None:
    address = laid_down(client, priority=3, zones=["home"])

    found = client.put(address, {"name": "Stock", "floor": 0.8}).json()

    assert found["revision"] == 2
    assert {name: found["document"][name] for name in ("name", "floor", "priority", "zones")} == {
        "name": "Stock",
        "floor": 0.8,
        "priority": 10,
        "zones": [],
    }


def test_what_is_read_can_be_written_back(client: Any) -> None:
    address = laid_down(client, **ORDER)
    found = client.get(address).json()

    answer = client.put(address, {**found["document"], "revision": found["revision"]})

    assert answer.json() == found


def test_what_a_patch_names_changes_and_the_rest_stays(client: Any) -> None:
    address = laid_down(client, **ORDER)

    found = client.patch(address, {"priority": 1, "objectives": []}).json()

    assert found["document"] == ORDER | {"priority": 1, "objectives": []}


def test_what_a_patch_makes_of_it_has_to_fit(client: Any) -> None:
    address = laid_down(client, starts_at="2026-06-01T00:00Z")

    assert errors(client.patch(address, {"ends_at": "2026-05-01T00:00Z"})) == [("/ends_at", "range")]


@pytest.mark.parametrize("method", ["put", "patch"])
def test_nobody_overwrites_what_they_have_not_read(client: Any, method: str) -> None:
    address = laid_down(client)
    client.patch(address, {"priority": 2})

    late = getattr(client, method)(address, {"name": "Late", "revision": 1})
    told = getattr(client, method)(address, {"name": "Margin", "priority": 3, "revision": 2})

    assert "changed the campaign meanwhile" in refused(late)
    assert (told.status_code, told.json()["document"]["priority"]) == (200, 3)


@pytest.mark.parametrize("revision", ["1", -1, 1.5, True])
def test_a_revision_is_a_number(client: Any, revision: object) -> None:
    address = laid_down(client)

    assert [pointer for pointer, _ in errors(client.put(address, {"name": "M", "revision": revision}))] == ["/revision"]


def test_a_change_in_force_waits_where_two_people_have_to_agree(client: Any, careful: Store) -> None:
    address = laid_down(client, priority=5)
    Campaign.objects.update(state=CampaignState.APPROVED)

    found = client.patch(address, {"priority": 1}).json()
    then = client.patch(address, {"floor": 0.5}).json()

    assert (found["document"]["priority"], found["proposed"]["priority"]) == (5, 1)
    assert (then["proposed"]["priority"], then["proposed"]["floor"]) == (1, 0.5)
    assert then["steps"] == ["returned", "paused", "ended"]
    assert client.get(URL).json()["results"][0]["change_waits"] is True


def test_what_has_ended_is_not_changed(client: Any) -> None:
    address = laid_down(client)
    stepped(client, address, "started", "ended")

    assert "reopen it" in refused(client.patch(address, {"priority": 1}))


# --- Deleting -------------------------------------------------------------------------------------------------------


def test_a_draft_is_deleted(client: Any) -> None:
    address = laid_down(client)

    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404


def test_what_has_been_in_force_is_not_deleted(client: Any) -> None:
    address = laid_down(client)
    stepped(client, address, "started", "ended", "reopened")

    assert "never was in force" in refused(client.delete(address))


# --- Its life -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "state", "steps"),
    [
        (["started"], "approved", ["paused", "ended"]),
        (["started", "paused"], "paused", ["resumed", "ended"]),
        (["started", "paused", "resumed"], "approved", ["paused", "ended"]),
        (["started", "ended"], "ended", ["reopened"]),
        (["started", "ended", "reopened"], "draft", ["started"]),
    ],
)
def test_every_step_leads_on(client: Any, path: list[str], state: str, steps: list[str]) -> None:
    found = stepped(client, laid_down(client), *path).json()

    assert (found["state"], found["steps"]) == (state, steps)


@pytest.mark.parametrize(
    ("path", "state", "steps"),
    [(["submitted"], "submitted", ["returned", "ended"]), (["submitted", "returned"], "draft", ["submitted"])],
)
def test_with_two_people_a_draft_is_submitted(
    client: Any, careful: Store, path: list[str], state: str, steps: list[str]
) -> None:
    found = stepped(client, laid_down(client), *path).json()

    assert (found["state"], found["steps"]) == (state, steps)


def test_a_step_that_the_state_does_not_allow_is_a_conflict(client: Any) -> None:
    assert "not in a state" in refused(stepped(client, laid_down(client), "paused"))


def test_a_key_approves_nothing(client: Any, careful: Store) -> None:
    address = laid_down(client)

    assert "A person approves" in refused(stepped(client, address, "submitted", "approved"))
    campaign = Campaign.objects.get()
    assert campaign.state == CampaignState.SUBMITTED
    olga = Actor.person(person("olga", store=careful))
    assert take(campaign=campaign, action=Action.APPROVED, by=olga, now=NOW).state == CampaignState.APPROVED


@pytest.mark.parametrize("action", ["guarded", "created", "changed", "", None, 1])
def test_what_is_no_step_of_a_key_is_refused(client: Any, action: object) -> None:
    address = laid_down(client)
    stepped(client, address, "started")

    assert errors(client.post(f"{address}/steps", {"action": action})) == [("/action", "choice")]


def test_a_step_is_taken_once_and_keeps_its_note(client: Any) -> None:
    address = laid_down(client)
    step = {"action": "started", "note": "Sale begins."}

    answers = [client.post(f"{address}/steps", step, HTTP_IDEMPOTENCY_KEY="s") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.get(f"{address}/revisions").json()["results"][0]["note"] == "Sale begins."


# --- Its history ----------------------------------------------------------------------------------------------------


def test_the_history_tells_what_each_step_changed(client: Any) -> None:
    address = laid_down(client, priority=3)
    client.patch(address, {"priority": 1, "zones": ["home"]})
    stepped(client, address, "started")

    started, changed, created = client.get(f"{address}/revisions").json()["results"]

    assert (started["number"], started["action"], started["changes"]) == (3, "started", [])
    assert (changed["action"], changed["changes"]) == (
        "changed",
        [
            {"member": "priority", "before": 3, "after": 1},
            {"member": "zones", "before": [], "after": ["home"]},
        ],
    )
    assert created["action"] == "created"
    assert {"member": "name", "before": None, "after": "Margin"} in created["changes"]


def test_the_history_is_read_page_by_page(client: Any) -> None:
    address = laid_down(client, priority=1)
    for priority in (2, 3):
        client.patch(address, {"priority": priority})

    first = client.get(f"{address}/revisions?limit=1").json()
    second = client.get(first["next"]).json()

    assert [page["results"][0]["changes"] for page in (first, second)] == [
        [{"member": "priority", "before": 2, "after": 3}],
        [{"member": "priority", "before": 1, "after": 2}],
    ]
    assert client.get(f"{address}/revisions?limit=51").status_code == 400


def test_the_platform_has_no_name(client: Any, store: Store) -> None:
    address = laid_down(client)
    stepped(client, address, "started")
    take(campaign=Campaign.objects.get(), action=Action.GUARDED, by=lifecycle.PLATFORM, now=NOW)

    assert client.get(f"{address}/revisions").json()["results"][0]["by"] is None


def test_a_change_is_undone(client: Any) -> None:
    address = laid_down(client, priority=1)
    client.patch(address, {"priority": 2})

    found = client.post(f"{address}/undo", {"revision": 1}).json()

    assert (found["document"]["priority"], found["revision"]) == (1, 3)
    assert client.get(f"{address}/revisions").json()["results"][0]["action"] == "undone"


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "type"), ({"revision": 0}, "range"), ({"revision": 9}, "choice"), ({"revision": "1"}, "type")],
)
def test_only_a_revision_that_there_is_can_be_gone_back_to(client: Any, body: dict[str, Any], code: str) -> None:
    assert errors(client.post(f"{laid_down(client)}/undo", body)) == [("/revision", code)]


def test_what_cannot_be_any_more_is_named(client: Any, store: Store) -> None:
    address = laid_down(client, zones=["shelf"])
    client.patch(address, {"zones": []})
    store.zones.get(slug="shelf").delete()

    assert errors(client.post(f"{address}/undo", {"revision": 1})) == [("/zones/0", "choice")]


# --- Of one store alone ---------------------------------------------------------------------------------------------


def test_another_stores_campaign_does_not_exist(client: Any, store: Store) -> None:
    address = laid_down(client, name="Secret plan")
    before = list(Campaign.objects.values())
    stranger = caller(secret_key(shop("brico")))

    bodies = {"/{id}/steps": {"action": "started"}, "/{id}/undo": {"revision": 1}}
    for method, call in CALLS:
        if "{id}" in call:
            body = bodies.get(call, {"name": "Mine"})
            assert getattr(stranger, method)(address + call.removeprefix("/{id}"), body).status_code == 404, call
    assert listed(stranger) == []
    assert stranger.get(f"{URL}/export").json()["campaigns"] == []
    assert list(Campaign.objects.values()) == before


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_campaigns_are_steered_with_a_secret_key_alone(store: Store, method: str, call: str) -> None:
    address = URL + call.replace("{id}", "1")

    assert getattr(caller(public_key(store)), method)(address).status_code == 403
    assert getattr(caller(), method)(address).status_code == 401


@pytest.mark.parametrize("campaign_id", ["0", "9" * 30])
def test_an_odd_id_is_simply_not_found(client: Any, campaign_id: str) -> None:
    assert client.get(f"{URL}/{campaign_id}").status_code == 404
