"""Foresight: what campaigns would change on recent visits, worked out on a store whose answers are known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.campaigns import CampaignInForce, Order
from objectives.models import Campaign, Zone
from objectives.selection import ProductSelection
from personalization import foresight
from personalization.engines import ENGINES
from personalization.foresight import Foreseer, Sight, changes
from personalization.models import ProductExposure, VisitorExposure
from personalization.scene import DEFAULT_ENGINE
from tests.personalization.storefront import BY_POPULARITY, PopularityEngine, lived, shop

VISITS = 6
BAG = ProductSelection(item_ids=("bag",))


class CountingEngine(PopularityEngine):
    """Counts how often it is asked, and by whom."""

    asked = 0
    but: set[int | None] = set()

    def estimate(self, question: Any) -> Any:
        type(self).asked += 1
        self.but.add(question.but)
        return super().estimate(question)


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    CountingEngine.asked = 0
    CountingEngine.but.clear()
    monkeypatch.setitem(ENGINES, DEFAULT_ENGINE, CountingEngine())


@pytest.fixture
def store(db: None) -> Store:
    store = shop()
    for number in range(VISITS):
        lived(
            store, ("view_item_list", "racket"), ("view_item_list", "balls"), session=f"s{number}", days_ago=1 + number
        )
    return store


def campaign(**fields: Any) -> CampaignInForce:
    return CampaignInForce(**{"id": 1, "name": "Push", "floor": 0.5, **fields})


PUSHING = campaign(objectives=(("conversion", 50.0),), promoted=BAG, scope="favoured", holdout=1.0)
PINNING = campaign(id=2, orders=(Order(id=1, kind="pin", products=BAG, place=1),))


def seen(
    store: Store, *after: CampaignInForce, before: tuple[CampaignInForce, ...] = (), seer: Foreseer | None = None
) -> list[Sight]:
    home = Zone.objects.get(store=store, slug="home")
    return (seer or Foreseer(store)).sights(zone=home, before=before, after=after, now=timezone.now())


def items(store: Store, sight: Sight) -> tuple[list[str], list[str]]:
    ids = live_facts(store_id=store.pk).item_ids
    before, after = ([ids[product] for product in ranking.products] for ranking in (sight.before, sight.after))
    return before, after


def only(item_id: str, store: Store) -> Any:
    facts = live_facts(store_id=store.pk)
    return np.arange(len(facts)) == facts.positions[item_id]


def test_every_recent_visit_is_answered_without_and_with_the_campaign_whoever_is_held_out(store: Store) -> None:
    found = seen(store, PUSHING)

    assert len(found) == VISITS
    for sight in found:
        before, after = items(store, sight)
        assert before == BY_POPULARITY[:4]
        assert "bag" in after


def test_memory_keeps_to_itself_how_a_visit_went_on(store: Store) -> None:
    found = seen(store, PUSHING)

    assert CountingEngine.but == {sight.moment.visit_id for sight in found}


def test_what_governs_already_is_in_both(store: Store) -> None:
    before, after = items(store, seen(store, PINNING, PUSHING, before=(PINNING,))[0])

    assert before == ["bag", *BY_POPULARITY[:3]]
    assert after[0] == "bag"


def test_visits_are_stopped_at_the_same_event_every_time_and_new_estimates_are_asked_for_what_is_wanted(
    store: Store,
) -> None:
    seer = Foreseer(store)

    first, again = seen(store, PUSHING, seer=seer), seen(store, PUSHING, seer=seer)

    assert [sight.moment.visit.count for sight in first] == [sight.moment.visit.count for sight in again]
    assert CountingEngine.asked == VISITS
    seen(store, seer=seer)
    assert CountingEngine.asked == 2 * VISITS


def test_changes_are_told_per_thousand_visits(store: Store) -> None:
    """P(purchase) is n / (n + 100) / 10 by n ratings; the bag, 50, takes the strings' place, 60."""
    facts, sights = live_facts(store_id=store.pk), seen(store, PUSHING)

    found = changes(sights, facts=facts, promoted=only("bag", store), now=timezone.now())

    chance = {n: 100 * n / (n + 100) for n in (90, 80, 70, 60, 50)}  # per 1,000 visits
    assert found["conversion"].before == pytest.approx(sum(chance[n] for n in (90, 80, 70, 60)), rel=1e-4)
    assert found["conversion"].change.value == pytest.approx(chance[50] - chance[60], rel=1e-3)
    assert (found["promoted"].before, found["promoted"].after) == (0, pytest.approx(chance[50], rel=1e-4))
    assert found["promoted"].change.lower == pytest.approx(chance[50], rel=1e-4)  # all visits are alike


def test_the_curve_gives_up_no_more_than_each_floor_and_reaches_further_with_each(store: Store) -> None:
    home = Zone.objects.get(store=store, slug="home")
    promoted = only("grinder", store)
    pushing = campaign(
        objectives=(("conversion", 90.0),), promoted=ProductSelection(item_ids=("grinder",)), scope="favoured"
    )

    points = Foreseer(store).curve(
        zone=home, campaigns=(pushing,), bent=pushing.id, promoted=promoted, now=timezone.now()
    )

    assert [point.floor for point in points] == list(foresight.FLOORS)
    assert all(point.least_kept >= point.floor - 1e-6 for point in points)
    reached = [point.figures["promoted"] for point in points]
    assert reached == sorted(reached)
    assert reached[0] == 0 < reached[-1]


def test_a_store_without_visits_foresees_nothing(db: None) -> None:
    store = shop("young")

    sights = seen(store, PUSHING)

    assert sights == []
    found = changes(sights, facts=live_facts(store_id=store.pk), promoted=only("bag", store), now=timezone.now())
    assert (found["conversion"].before, found["conversion"].after) == (0, 0)


def test_nobody_foresees_with_another_stores_visits(store: Store) -> None:
    other = shop("brico")
    lived(other, ("view_item_list", "racket"), session="theirs", days_ago=2)

    assert len(seen(other, PUSHING)) == 1
    assert len(seen(store, PUSHING)) == VISITS


def test_what_a_campaign_has_shown_enough_stays_spent_by_the_budget_that_is_foreseen(store: Store) -> None:
    stored = Campaign.objects.create(store=store, name="Push")
    bag = live_facts(store_id=store.pk).positions["bag"]
    ProductExposure.objects.create(store=store, campaign=stored, position=bag, shown=5)
    spent, raised = (campaign(id=stored.pk, orders=PINNING.orders, most_per_product=most) for most in (5, 6))

    before, after = items(store, seen(store, raised, before=(spent,))[0])

    assert "bag" not in before
    assert after[0] == "bag"


def test_what_a_visitor_has_had_is_not_foreseen(store: Store) -> None:
    stored = Campaign.objects.create(store=store, name="Push")
    VisitorExposure.objects.create(
        store=store, campaign=stored, visitor_key="v:camille", answers=9, began_at=timezone.now()
    )

    found = seen(store, campaign(id=stored.pk, orders=PINNING.orders, most_per_visitor=1))

    assert all(items(store, sight)[1][0] == "bag" for sight in found)


def test_what_is_on_the_visits_page_is_left_out_as_an_answer_leaves_it_out(db: None) -> None:
    store = shop("paged")
    lived(store, ("view_item", "racket"), session="one", days_ago=1)

    before, _ = items(store, seen(store, PUSHING)[0])

    assert "racket" not in before
