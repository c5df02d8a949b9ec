"""The screens of campaigns: set, previewed, governed, undone, by those who work for the store alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Role, Store
from objectives import lifecycle
from objectives.lifecycle import Actor
from objectives.models import Action, Campaign, CampaignState
from personalization import campaign_book
from personalization.admin.campaign_presets import PRESETS, begun
from tests.catalog.factories import person
from tests.objectives.documents import document
from tests.personalization.admin.screens import signed_in, text_of, works_for
from tests.personalization.storefront import lived, shop

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "name": "Margin first",
    "priority": "10",
    "scope": "all",
    "floor": "95",
    "holdout": "10",
    "guardrail": "10",
    "objectives": json.dumps([{"measure": "margin", "weight": 10}]),
}


def page(name: str, *ids: object) -> str:
    return reverse(f"admin:objectives_campaign_{name}", args=ids)


@pytest.fixture
def store() -> Store:
    return shop()


@pytest.fixture
def alice(store: Store) -> Client:
    return signed_in(works_for(store))


@pytest.fixture
def stranger() -> Client:
    return signed_in(works_for(shop("brico", name="Brico"), "bob"))


def made(store: Store, **members: object) -> Campaign:
    return lifecycle.create(store=store, document=document(store, **members), by=Actor(name="olga"), now=timezone.now())


def visited(store: Store, count: int = 3) -> None:
    for number in range(count):
        lived(
            store,
            ("view_item", "racket"),
            ("view_item", "balls"),
            ("add_to_cart", "racket"),
            session=f"s{number}",
            visitor_id=f"visitor-{number}",
            days_ago=1,
        )


# --- Setting one ---------------------------------------------------------------------------------------------------


def test_a_campaign_is_saved_as_a_draft(alice: Client, store: Store) -> None:
    alice.post(page("add"), FORM)

    campaign = Campaign.objects.get(store=store)
    assert (campaign.name, campaign.state, campaign.floor) == ("Margin first", CampaignState.DRAFT, 0.95)
    assert [(one.measure, one.weight) for one in campaign.objectives.all()] == [("margin", 10.0)]


def test_budgets_are_saved_and_shown_again(alice: Client, store: Store) -> None:
    alice.post(page("add"), {**FORM, "most_per_product": "500", "most_per_visitor": "3"})

    campaign = Campaign.objects.get(store=store)
    assert (campaign.most_per_product, campaign.most_per_visitor) == (500, 3)
    told = text_of(alice, page("change", campaign.pk))
    assert 'name="most_per_product" value="500"' in told
    assert 'name="most_per_visitor" value="3"' in told


@pytest.mark.parametrize(("stops_at_stock", "told"), [(0, True), (None, False)])
def test_a_campaign_whose_budgets_are_used_up_says_so(
    alice: Client, store: Store, monkeypatch: pytest.MonkeyPatch, stops_at_stock: int | None, told: bool
) -> None:
    monkeypatch.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 0.0)
    alone = {"scope": "only", "promoted": {"item_ids": ["sold-out"]}}
    clearing = made(store, **alone, stops_at_stock=stops_at_stock)
    lifecycle.take(campaign=clearing, action=Action.STARTED, by=Actor(name="olga"), now=timezone.now())

    assert ("nothing to put forward" in text_of(alice, page("change", clearing.pk))) is told


def test_it_is_put_into_force_in_the_same_step(alice: Client, store: Store) -> None:
    answer = alice.post(page("add"), {**FORM, "then": "started"}, follow=True)

    assert Campaign.objects.get(store=store).is_live(timezone.now())
    assert "governs the next answers" in answer.content.decode()


def test_with_two_people_it_is_submitted_instead(alice: Client, store: Store) -> None:
    store.approval_required = True
    store.save()

    alice.post(page("add"), {**FORM, "then": "submitted"})
    assert Campaign.objects.get(store=store).state == CampaignState.SUBMITTED
    assert "started" not in text_of(alice, page("add"))


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_order_opens_a_form_that_is_nearly_done(store: Store, preset: str, language: str) -> None:
    told = text_of(signed_in(works_for(store), language), page("add") + f"?preset={preset}")

    assert 'aria-current="true"' in told
    assert json.dumps(PRESETS[preset].document["objectives"][0]["measure"]) in told.replace("&quot;", '"')


def test_a_copy_begins_with_what_the_other_says(alice: Client, store: Store) -> None:
    other = made(store, name="Old one", priority=7)

    told = text_of(alice, page("add") + f"?copy={other.pk}")

    assert "Old one (copy)" in told
    assert 'name="priority" value="7"' in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "required"),
        ({"floor": "101"}, "less than or equal to 100"),
        ({"starts_at": "2026-07-02T08:00", "ends_at": "2026-07-01T08:00"}, "after the start"),
        ({"scope": "only"}, "which products are promoted"),
        ({"objectives": '[{"measure": "luck"}]'}, "0/measure"),
        ({"rules": "no json"}, "a list of merchandising rules"),
        ({"condition": '{"marker": "luck", "operator": "is", "value": 1}'}, "known marker"),
        ({"zones": ["attic"]}, "not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_lost(alice: Client, wrong: dict[str, Any], told: str) -> None:
    answer = alice.post(page("add"), {**FORM, "note": "kept all the same", **wrong}).content.decode()

    assert told in answer
    assert "kept all the same" in answer
    assert not Campaign.objects.exists()


def test_times_are_on_the_stores_clock(alice: Client, store: Store) -> None:
    alice.post(page("add"), {**FORM, "starts_at": "2026-07-01T08:00"})

    campaign = Campaign.objects.get(store=store)
    assert campaign.starts_at == datetime(2026, 7, 1, 6, tzinfo=UTC)
    assert 'value="2026-07-01T08:00"' in text_of(alice, page("change", campaign.pk))


@pytest.mark.parametrize(
    ("preset", "at", "starts", "ends"),
    [
        ("margin", (14, 30), (28, 14, 30), (29, 0, 0)),
        ("stock", (14, 30), (29, 0, 0), (30, 0, 0)),
        ("smooth", (14, 30), (28, 18, 0), (29, 0, 0)),
        ("smooth", (20, 15), (28, 20, 15), (29, 0, 0)),
    ],
)
def test_the_period_of_an_order_is_what_its_name_says(
    store: Store, preset: str, at: tuple[int, int], starts: tuple[int, ...], ends: tuple[int, ...]
) -> None:
    now = datetime(2026, 11, 28, *at, tzinfo=store.zone_info)

    told = begun(PRESETS[preset], store=store, now=now)

    for name, (day, hour, minute) in (("starts_at", starts), ("ends_at", ends)):
        found = datetime.fromisoformat(told[name])
        assert (found.day % 30, found.hour, found.minute) == (day % 30, hour, minute)


# --- Changing one --------------------------------------------------------------------------------------------------


def test_a_change_is_saved_and_kept_in_the_history(alice: Client, store: Store) -> None:
    campaign = made(store, priority=1)

    alice.post(page("change", campaign.pk), {**FORM, "priority": "2", "seen": "1"})

    told = text_of(alice, page("history", campaign.pk))
    assert "<del>1</del>" in told
    assert "<ins>2</ins>" in told
    assert "alice" in told


def test_nobody_overwrites_what_they_have_not_seen(alice: Client, store: Store) -> None:
    campaign = made(store, priority=1)
    lifecycle.change(campaign=campaign, document=document(store, priority=5), by=Actor(name="olga"), now=timezone.now())

    answer = alice.post(page("change", campaign.pk), {**FORM, "priority": "2", "seen": "1"}).content.decode()

    assert "olga changed the campaign meanwhile" in answer
    assert Campaign.objects.get().priority == 5


@pytest.mark.parametrize(
    ("state", "action", "then"),
    [
        (CampaignState.DRAFT, Action.STARTED, CampaignState.APPROVED),
        (CampaignState.APPROVED, Action.PAUSED, CampaignState.PAUSED),
        (CampaignState.PAUSED, Action.RESUMED, CampaignState.APPROVED),
        (CampaignState.APPROVED, Action.ENDED, CampaignState.ENDED),
        (CampaignState.ENDED, Action.REOPENED, CampaignState.DRAFT),
    ],
)
def test_a_step_is_a_button(alice: Client, store: Store, state: str, action: Action, then: str) -> None:
    campaign = made(store)
    Campaign.objects.update(state=state)
    assert f'name="action" value="{action}"' in text_of(alice, page("change", campaign.pk))

    alice.post(page("step", campaign.pk), {"action": action})

    assert Campaign.objects.get().state == then


def test_the_platforms_own_step_is_nobodys_button(alice: Client, store: Store) -> None:
    campaign = lifecycle.take(campaign=made(store), action=Action.STARTED, by=Actor(), now=timezone.now())

    assert alice.post(page("step", campaign.pk), {"action": "guarded"}).status_code == 403
    assert Campaign.objects.get().state == CampaignState.APPROVED


def test_going_back_is_one_click(alice: Client, store: Store) -> None:
    campaign = made(store, priority=1)
    alice.post(page("change", campaign.pk), {**FORM, "priority": "2", "seen": "1"})

    alice.post(page("undo", campaign.pk, 1))

    assert Campaign.objects.get().priority == 1
    assert "change undone" in text_of(alice, page("history", campaign.pk)).lower()


def test_going_back_to_what_cannot_be_any_more_says_why(alice: Client, store: Store) -> None:
    campaign = made(store, zones=["shelf"])
    alice.post(page("change", campaign.pk), {**FORM, "seen": "1"})
    store.zones.get(slug="shelf").delete()

    answer = alice.post(page("undo", campaign.pk, 1), follow=True).content.decode()

    assert "cannot be any more" in answer


def test_a_change_that_waits_shows_what_it_would_change(store: Store) -> None:
    store.approval_required = True
    store.save()
    campaign = made(store, priority=5)
    Campaign.objects.update(state=CampaignState.APPROVED)
    alice, olga = (signed_in(person(name, store=store, roles=[Role.APPROVER])) for name in ("alice", "olga"))

    alice.post(page("change", campaign.pk), {**FORM, "priority": "2", "seen": "1"})

    assert Campaign.objects.get().priority == 5
    assert "<ins>2</ins>" in text_of(olga, page("change", campaign.pk))
    alice.post(page("step", campaign.pk), {"action": "approved"})
    assert Campaign.objects.get().priority == 5
    olga.post(page("step", campaign.pk), {"action": "approved"})
    assert Campaign.objects.get().priority == 2


# --- Looking ahead -------------------------------------------------------------------------------------------------


def tried(client: Client, store: Store, kind: str = "preview", **fields: Any) -> Any:
    return client.post(page(kind, store.pk), {**FORM, "zone": "home", "visit": "typical", **fields})


def test_the_preview_shows_recent_visits_without_and_with_it(alice: Client, store: Store) -> None:
    visited(store)
    pin = [{"kind": "pin", "products": {"item_ids": ["grinder"]}, "place": 1}]

    told = tried(alice, store, rules=json.dumps(pin)).content.decode()

    assert "Applies in 3 of the last 3 visits, and changes what 3 of them see." in told
    assert "Pinned at this place." in told
    assert not Campaign.objects.exists()


def test_the_preview_says_where_campaigns_get_in_each_others_way(alice: Client, store: Store) -> None:
    visited(store)
    pins = {item: [{"kind": "pin", "products": {"item_ids": [item]}, "place": 1}] for item in ("grinder", "bag")}
    other = made(store, name="The other", rules=pins["bag"])
    lifecycle.take(campaign=other, action=Action.STARTED, by=Actor(), now=timezone.now())

    told = tried(alice, store, rules=json.dumps(pins["grinder"])).content.decode()

    assert "“The other” pins another product at place 1" in told


def test_a_form_that_is_not_done_says_what_is_missing(alice: Client, store: Store) -> None:
    answer = tried(alice, store, scope="only")

    assert answer.status_code == 400
    assert "which products are promoted" in answer.json()["error"]


def test_the_curve_tells_each_floor(alice: Client, store: Store) -> None:
    visited(store)

    found = tried(alice, store, "curve").json()

    assert found["figure"] == "margin"
    assert [point["floor"] for point in found["points"]] == sorted((p["floor"] for p in found["points"]), reverse=True)


def test_without_a_visit_the_preview_says_so(alice: Client, store: Store) -> None:
    assert "no visit yet" in tried(alice, store).content.decode()


def test_a_campaign_of_tomorrow_is_looked_at_as_of_tomorrow(alice: Client, store: Store) -> None:
    visited(store)
    tomorrow = (timezone.now() + timedelta(days=1)).astimezone(store.zone_info).strftime("%Y-%m-%dT%H:%M")

    assert "Applies in 3 of the last 3 visits" in tried(alice, store, starts_at=tomorrow).content.decode()


# --- Of one store alone --------------------------------------------------------------------------------------------


def test_another_stores_campaign_does_not_exist(stranger: Client, store: Store) -> None:
    campaign = made(store, name="Secret plan")

    assert "Secret plan" not in text_of(stranger, page("changelist"))
    assert "Secret plan" not in text_of(stranger, page("changelist") + "?q=secret")
    assert "Secret plan" not in text_of(stranger, page("add") + f"?store={store.pk}")
    for address in (page("change", campaign.pk), page("history", campaign.pk), page("add") + f"?copy={campaign.pk}"):
        assert stranger.get(address).status_code in {302, 403, 404}
    assert stranger.post(page("step", campaign.pk), {"action": "started"}).status_code == 404
    assert stranger.post(page("undo", campaign.pk, 1)).status_code == 404
    assert Campaign.objects.get().state == CampaignState.DRAFT


def test_nobody_looks_ahead_in_another_store(stranger: Client, store: Store) -> None:
    assert tried(stranger, store).status_code == 404
    assert tried(stranger, store, "curve").status_code == 404


def test_a_campaign_of_another_store_is_not_put_to_the_test(stranger: Client, store: Store) -> None:
    theirs = Store.objects.get(slug="brico")

    assert tried(stranger, theirs, campaign=str(made(store).pk)).status_code == 404


def test_a_campaign_is_not_saved_into_another_store(stranger: Client, store: Store) -> None:
    stranger.post(page("add") + f"?store={store.pk}", FORM)

    assert not Campaign.objects.filter(store=store).exists()


# --- By role -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DEVELOPER, Role.OPERATOR])
def test_who_does_not_steer_looks_and_changes_nothing(store: Store, role: str) -> None:
    campaign = made(store, priority=1)
    client = signed_in(person("noor", store=store, roles=[role]))

    told = text_of(client, page("change", campaign.pk))
    assert 'name="then"' not in told
    assert 'name="action"' not in told
    assert "?preset=" not in text_of(client, page("changelist"))
    assert client.get(page("add")).status_code == 403
    assert client.post(page("change", campaign.pk), {**FORM, "seen": "1"}).status_code == 403
    assert client.post(page("step", campaign.pk), {"action": "started"}).status_code == 403
    assert client.post(page("undo", campaign.pk, 1)).status_code == 403
    assert Campaign.objects.get().priority == 1


def test_a_merchandiser_does_not_approve(store: Store) -> None:
    store.approval_required = True
    store.save()
    campaign = made(store)
    Campaign.objects.update(state=CampaignState.SUBMITTED)
    merchandiser = signed_in(person("noor", store=store, roles=[Role.MERCHANDISER]))
    approver = signed_in(person("alix", store=store, roles=[Role.APPROVER]))

    assert 'value="approved"' not in text_of(merchandiser, page("change", campaign.pk))
    assert merchandiser.post(page("step", campaign.pk), {"action": "approved"}).status_code == 403
    assert Campaign.objects.get().state == CampaignState.SUBMITTED
    approver.post(page("step", campaign.pk), {"action": "approved"})
    assert Campaign.objects.get().state == CampaignState.APPROVED


def test_only_what_never_governed_is_deleted(alice: Client, store: Store) -> None:
    governed = lifecycle.take(campaign=made(store), action=Action.STARTED, by=Actor(), now=timezone.now())
    draft = made(store)

    assert alice.post(page("delete", governed.pk), {"post": "yes"}).status_code == 403
    alice.post(page("delete", draft.pk), {"post": "yes"})
    assert list(Campaign.objects.all()) == [governed]


def test_without_logs_hindsight_says_why_it_says_nothing(alice: Client, store: Store) -> None:
    visited(store)

    told = tried(alice, store, "hindsight").content.decode()

    assert "The logs do not support an estimate of their own: too few visits have been answered there." in told


def test_nobody_looks_back_in_another_store(stranger: Client, store: Store) -> None:
    assert tried(stranger, store, "hindsight").status_code == 404


def test_the_curve_bends_the_floor_of_a_campaign_in_force_too(alice: Client, store: Store) -> None:
    visited(store)
    margin = {"objectives": [{"measure": "discovery", "weight": 10}], "holdout": 0}
    campaign = lifecycle.take(campaign=made(store, **margin), action=Action.STARTED, by=Actor(), now=timezone.now())
    asked = {"campaign": str(campaign.pk), "against": "stored", "objectives": json.dumps(margin["objectives"])}

    found = [tried(alice, store, "curve", **one).json()["points"] for one in (asked, {**asked, "against": "none"})]

    assert found[0] == found[1]
