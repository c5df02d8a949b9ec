"""Exposure budgets: what was served is counted once, by all processes together, and what is spent steers no longer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.budgets import Exposures
from objectives.models import Campaign, CampaignState, Zone
from personalization import campaign_book
from personalization.campaign_book import campaigns_of, used_up
from personalization.decisions import LOG, DecisionLog
from personalization.engines import ENGINES
from personalization.last_known import ABSENCE
from personalization.memory.live import live_memory
from personalization.models import Decision, ProductExposure, VisitorExposure
from personalization.pipeline import Answer, personalize
from personalization.rehearsal import rehearse
from personalization.scene import DEFAULT_ENGINE
from personalization.visits import live_visit
from tests.personalization.storefront import BY_POPULARITY, PopularityEngine, asking, lived, shop
from tests.personalization.test_absence import database_away
from tests.personalization.test_decisions import decision

UNSTEERED = BY_POPULARITY[:4]
PINNED = ["grinder", *BY_POPULARITY[:3]]


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (PopularityEngine.name, DEFAULT_ENGINE):
        monkeypatch.setitem(ENGINES, name, PopularityEngine())


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait for half a second to pass."""
    monkeypatch.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 0.0)


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def campaign(store: Store, *, pin: str = "grinder", **fields: Any) -> Campaign:
    approved = {"name": "Push", "state": CampaignState.APPROVED, "holdout": 0.0}
    made = Campaign.objects.create(store=store, **{**approved, **fields})
    if pin:
        made.rules.create(kind="pin", products={"item_ids": [pin]}, place=1)
    return made


def answered(store: Store, *, zone: str = "home", written: bool = True, **fields: Any) -> Answer:
    answer = personalize(asked=asking(store, zone, **fields), now=timezone.now(), rng=np.random.default_rng(0))
    if written:
        assert LOG.flush()
    return answer


def served(store: Store, **fields: Any) -> list[str]:
    answer = answered(store, **fields)
    return [answer.facts.item_ids[product] for product in answer.decision.products]


def shown(made: Campaign) -> dict[str, int]:
    """Item id → how often the campaign is counted to have shown it."""
    ids = live_facts(store_id=made.store_id).item_ids
    counted = ProductExposure.objects.filter(campaign=made)
    return {ids[position]: times for position, times in counted.values_list("position", "shown")}


def given(made: Campaign) -> dict[str, int]:
    """Visitor key → how many answers the campaign is counted to have had."""
    return dict(VisitorExposure.objects.filter(campaign=made).values_list("visitor_key", "answers"))


# --- a product --------------------------------------------------------------------------------------------------


def test_a_product_is_put_forward_as_often_as_its_budget_allows(store: Store) -> None:
    made = campaign(store, most_per_product=2)

    assert [served(store) for _ in range(4)] == [PINNED, PINNED, UNSTEERED, UNSTEERED]
    assert shown(made) == {"grinder": 2}


def test_the_other_products_go_on(store: Store) -> None:
    made = campaign(store, most_per_product=2, pin="")
    made.rules.create(kind="pin", products={"item_ids": ["grinder"]}, place=1)
    pin = made.rules.create(kind="pin", products={"item_ids": ["rattle"]}, place=2)
    served(store)
    pin.delete()
    served(store)
    made.rules.create(kind="pin", products={"item_ids": ["rattle"]}, place=2)

    assert served(store)[1] == "rattle"
    assert shown(made) == {"grinder": 2, "rattle": 2}


def test_a_larger_budget_goes_on_from_what_was_counted(store: Store) -> None:
    made = campaign(store, most_per_product=1)
    assert [served(store) for _ in range(2)] == [PINNED, UNSTEERED]

    made.most_per_product = 2
    made.save()

    assert [served(store) for _ in range(2)] == [PINNED, UNSTEERED]


def test_without_a_budget_nothing_is_counted(store: Store) -> None:
    campaign(store)
    served(store)

    assert not ProductExposure.objects.exists()
    assert not VisitorExposure.objects.exists()


def test_a_budget_is_overrun_by_what_is_served_until_it_is_written_and_by_no_more(store: Store) -> None:
    made = campaign(store, most_per_product=2)

    unwritten = [served(store, written=False) for _ in range(5)]
    LOG.flush()

    assert unwritten == [PINNED] * 5
    assert shown(made) == {"grinder": 5}
    assert served(store) == UNSTEERED


def test_a_budget_is_overrun_by_what_is_served_until_campaigns_are_read_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = campaign(store, most_per_product=1)
    served(store)
    assert served(store) == UNSTEERED
    made.most_per_product = 2
    made.save()
    served(store, visitor_id="blake")  # reads them
    with monkeypatch.context() as patience:
        patience.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 3600.0)
        late = [served(store) for _ in range(3)]

    assert late == [PINNED] * 3
    assert served(store) == UNSTEERED


def test_in_a_listing_what_is_lifted_counts(store: Store) -> None:
    made = campaign(store, most_per_product=9, pin="", promoted={"item_ids": ["balls", "bag"]}, scope="only", floor=0.0)

    shelf = {"zone": "shelf", "kind": "listing", "item_ids": ("balls", "racket", "bag")}

    assert served(store, **shelf) == ["balls", "bag", "racket"]
    assert shown(made) == {"balls": 1, "bag": 1}
    served(store, **shelf | {"item_ids": ("balls", "grinder")})
    assert shown(made) == {"balls": 1, "bag": 1}


def test_a_campaign_that_is_used_up_is_told_for_pages(store: Store) -> None:
    over, cleared, lasting = (
        campaign(store, most_per_product=1),
        campaign(store, pin="", promoted={"item_ids": ["sold-out"]}, scope="only", stops_at_stock=0),
        campaign(store, pin="rattle", most_per_product=9),
    )
    facts = live_facts(store_id=store.pk)
    assert used_up(campaigns_of(store_id=store.pk), facts=facts, now=timezone.now()) == {cleared.pk}

    served(store)

    assert used_up(campaigns_of(store_id=store.pk), facts=facts, now=timezone.now()) == {over.pk, cleared.pk}
    assert answered(store).decision.campaigns == [lasting.pk]


# --- a visitor --------------------------------------------------------------------------------------------------


def test_a_visitor_is_steered_as_often_as_the_budget_allows_and_others_on_their_own(store: Store) -> None:
    made = campaign(store, most_per_visitor=2)

    assert [served(store) for _ in range(3)] == [PINNED, PINNED, UNSTEERED]
    assert served(store, visitor_id="blake") == PINNED
    assert given(made) == {"v:camille": 2, "v:blake": 1}


def test_the_held_out_are_spared_as_often_as_the_others_are_steered(store: Store) -> None:
    made = campaign(store, most_per_visitor=2, holdout=1.0)

    arms = [answered(store).decision for _ in range(4)]

    assert [each.spared for each in arms] == [[made.pk], [made.pk], [], []]
    assert [each.campaigns for each in arms] == [[]] * 4


def test_without_consent_it_is_the_visit_that_counts(store: Store) -> None:
    made = campaign(store, most_per_visitor=1)

    assert [served(store, consent=False) for _ in range(2)] == [PINNED, UNSTEERED]
    assert served(store, consent=False, session_id="s2") == PINNED
    assert given(made) == {"s:s1": 1, "s:s2": 1}


def test_answers_elsewhere_take_nothing_from_a_visitors_budget(store: Store) -> None:
    made = campaign(store, most_per_visitor=1)
    made.zones.add(Zone.objects.get(store=store, slug="shelf"))

    served(store)

    assert given(made) == {}


def looks_at_visitors() -> int:
    """How often this transaction has read what visitors had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_xact_user_tables WHERE relname = %s",
            [VisitorExposure._meta.db_table],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("fields", "looks"),
    [
        ({}, 0),
        ({"most_per_product": 3}, 0),
        ({"most_per_visitor": 3, "condition": {"marker": "cart_value", "operator": ">=", "value": 5}}, 0),
        ({"most_per_visitor": 3}, 1),
    ],
)
def test_a_visitors_answers_are_read_only_where_a_budget_applies(
    store: Store, fields: dict[str, Any], looks: int
) -> None:
    for _ in range(2):
        campaign(store, **fields)
    before = looks_at_visitors()

    answered(store, written=False)

    assert looks_at_visitors() - before == looks


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_no_campaign_goes_on_that_may_have_had_its_answers() -> None:
    store = shop()
    rationed, other = campaign(store, most_per_visitor=9), campaign(store, pin="rattle", holdout=1.0)
    assert answered(store).decision.campaigns == [rationed.pk]

    with database_away():
        away = answered(store, written=False).decision
    ABSENCE.forget()

    assert (away.campaigns, away.spared) == ([], [other.pk])


# --- stores -----------------------------------------------------------------------------------------------------


def test_a_namesake_in_another_store_has_a_budget_of_its_own(store: Store) -> None:
    other = shop("brico")
    here, there = (campaign(each, most_per_visitor=1) for each in (store, other))

    assert [served(store) for _ in range(2)] == [PINNED, UNSTEERED]

    assert served(other) == PINNED
    assert given(here) == given(there) == {"v:camille": 1}


def test_products_of_one_position_are_counted_store_by_store(store: Store) -> None:
    other = shop("brico")
    here, there = (campaign(each, most_per_product=1) for each in (store, other))

    assert [served(store) for _ in range(2)] == [PINNED, UNSTEERED]

    assert shown(there) == {}
    assert served(other) == PINNED
    assert shown(here) == shown(there) == {"grinder": 1}


def test_nothing_is_counted_for_a_campaign_of_another_store(store: Store) -> None:
    theirs = campaign(shop("brico"), most_per_product=1, most_per_visitor=1)
    claimed = Exposures(products={theirs.pk: np.array([3], np.int32)}, campaigns=(theirs.pk,), visitor_key="v:camille")

    LOG.put(decision(store.pk), claimed)
    assert LOG.flush()

    assert Decision.objects.count() == 1
    assert (shown(theirs), given(theirs)) == ({}, {})


# --- counted once -----------------------------------------------------------------------------------------------


def taking(made: Campaign, *positions: int, visitor: str = "v:camille") -> Exposures:
    return Exposures(products={made.pk: np.array(positions, np.int32)}, campaigns=(made.pk,), visitor_key=visitor)


def counts(made: Campaign) -> tuple[dict[int, int], dict[str, int]]:
    products = ProductExposure.objects.filter(campaign=made).values_list("position", "shown")
    return dict(products), given(made)


def test_what_a_batch_takes_is_added_up(store: Store) -> None:
    made, log = campaign(store), DecisionLog(writes_behind=False)
    for positions, visitor in [((1, 2), "v:ada"), ((2,), "v:ada"), ((2, 3), "v:bo")]:
        log.put(decision(store.pk), taking(made, *positions, visitor=visitor))
    log.flush()
    log.put(decision(store.pk), taking(made, 2, visitor="v:bo"))
    log.flush()

    assert counts(made) == ({1: 1, 2: 4, 3: 1}, {"v:ada": 2, "v:bo": 2})


def test_a_batch_that_is_written_again_is_not_counted_again(store: Store) -> None:
    """A writer whose connection broke while the batch was committed cannot know, and writes it again."""
    made, log, again = campaign(store), DecisionLog(writes_behind=False), decision(store.pk)
    log.put(again, taking(made, 1))
    log.flush()

    log.put(again, taking(made, 1))
    log.put(decision(store.pk), taking(made, 2))
    log.flush()

    assert counts(made) == ({1: 1, 2: 1}, {"v:camille": 2})
    assert Decision.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_waits_for_the_database_is_counted_when_it_is_back() -> None:
    store = shop()
    made, log = campaign(store), DecisionLog(writes_behind=False)
    log.put(decision(store.pk), taking(made, 1))

    with database_away():
        assert not log.flush()

    assert counts(made) == ({}, {})
    assert log.flush()
    assert counts(made) == ({1: 1}, {"v:camille": 1})


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_cannot_be_kept_is_not_counted_and_the_others_are() -> None:
    store = shop()
    made, log = campaign(store), DecisionLog(writes_behind=False)
    lived(store, ("view_item", "racket"), consent=False)
    forgotten = store.visits.get()
    log.put(decision(store.pk, visit_id=forgotten.pk), taking(made, 1, visitor="s:s1"))
    log.put(decision(store.pk), taking(made, 1))

    forgotten.delete()
    log.flush()

    assert counts(made) == ({1: 1}, {"v:camille": 1})


def test_the_decisions_of_a_deleted_campaign_are_kept_and_count_nothing(store: Store) -> None:
    made, log = campaign(store), DecisionLog(writes_behind=False)
    log.put(decision(store.pk), taking(made, 1))

    made.delete()
    log.flush()

    assert Decision.objects.count() == 1
    assert not ProductExposure.objects.exists()


def test_a_deleted_campaign_takes_its_counts_along(store: Store) -> None:
    made = campaign(store, most_per_product=9, most_per_visitor=9)
    served(store)

    made.delete()

    assert not ProductExposure.objects.exists()
    assert not VisitorExposure.objects.exists()


# --- rehearsed --------------------------------------------------------------------------------------------------


def rehearsed(store: Store) -> str:
    """The first item that home would recommend to the visitor."""
    key, now, home = "v:camille", timezone.now(), Zone.objects.get(store=store, slug="home")
    visit = live_visit(store=store, visitor_key=key, now=now, landscape=live_memory(store_id=store.pk).landscape)[1]
    found = rehearse(store=store, zone=home, visit=visit, visitor_key=key, now=now)
    return live_facts(store_id=store.pk).item_ids[found.recommended[0].product]


@pytest.mark.parametrize("budget", [{"most_per_product": 1}, {"most_per_visitor": 1}])
def test_a_rehearsal_shows_what_budgets_leave_and_takes_nothing_from_them(store: Store, budget: dict[str, int]) -> None:
    campaign(store, **budget)

    assert [rehearsed(store) for _ in range(2)] == ["grinder"] * 2
    served(store)
    assert rehearsed(store) == "racket"
