"""Hindsight: what campaigns would have changed, where shoppers buy otherwise than the engine expects."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives.campaigns import CampaignInForce, Order
from objectives.models import Zone
from objectives.models.zone import ZoneKind
from objectives.selection import ProductSelection
from personalization.engines import ENGINES
from personalization.engines.base import Estimates, Question
from personalization.evaluation import log_support
from personalization.foresight import FIGURES, Foreseer, changes
from personalization.hindsight import REASONS, Hindsight, logged_changes
from personalization.scene import DEFAULT_ENGINE
from tests.catalog.factories import merchant_row, sell
from tests.personalization.served_visits import answered, served_visits
from tests.personalization.storefront import PopularityEngine, shop, zone

pytestmark = pytest.mark.django_db

# Of the two products that the zone shows: the engine expects 4.7 % and 1.7 %.
CHANCES: Final = {"racket": 0.3, "grinder": 0.7}
OTHERS: Final = ("balls", "shoes", "strings", "bag", "onesie", "rattle")
PRICE, COST = 10.0, 4.0
VISITS: Final = 160


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (DEFAULT_ENGINE, PopularityEngine.name):
        monkeypatch.setitem(ENGINES, name, PopularityEngine())


@pytest.fixture
def store() -> Store:
    """Half of its places are explored; its zone shows one product."""
    store = shop(exploration=0.5)
    zone(store, "hero", size=1)
    sell(store, merchant_row("grinder", rating_count=20, cost_of_goods_sold=f"{COST:.2f} EUR"), now=timezone.now())
    return store


def pinning(item_id: str, **fields: Any) -> CampaignInForce:
    order = Order(id=1, kind="pin", products=ProductSelection(item_ids=(item_id,)), place=1)
    return CampaignInForce(**{"id": 1, "name": "Push", "orders": (order,), **fields})


def seen(
    store: Store, *after: CampaignInForce, before: tuple[CampaignInForce, ...] = (), slug: str = "hero"
) -> Hindsight:
    return logged_changes(
        Foreseer(store),
        zone=Zone.objects.get(store=store, slug=slug),
        before=before,
        after=after,
        promoted=promoted(store),
        now=timezone.now(),
    )


def promoted(store: Store) -> Any:
    facts = live_facts(store_id=store.pk)
    return np.arange(len(facts)) == facts.positions["grinder"]


def expected(store: Store, *after: CampaignInForce, slug: str = "hero") -> Any:
    """What the calibrated probabilities alone foresee."""
    zone, now = Zone.objects.get(store=store, slug=slug), timezone.now()
    sights = Foreseer(store).sights(zone=zone, before=(), after=after, now=now)
    return changes(sights, facts=live_facts(store_id=store.pk), promoted=promoted(store), now=now)


def test_logs_put_right_what_probabilities_expect(store: Store) -> None:
    """The grinder instead of the racket: 400 more orders of 1,000 visits, where 30 fewer are expected."""
    served_visits(store, visits=VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("grinder"))

    assert (found.supported, found.reason) == (True, "")
    truth = {
        "conversion": 1_000 * (CHANCES["grinder"] - CHANCES["racket"]),
        "revenue": 1_000 * PRICE * (CHANCES["grinder"] - CHANCES["racket"]),
        "margin": 1_000 * (PRICE - COST) * CHANCES["grinder"],  # the racket's cost is not known
        "promoted": 1_000 * CHANCES["grinder"],
    }
    for figure in FIGURES:
        change = found.figures[figure].change
        assert change.lower < truth[figure] < change.upper, figure
        assert change.excludes_zero, figure
        assert change.value == pytest.approx(found.figures[figure].after - found.figures[figure].before)
    assert found.figures["conversion"].before == pytest.approx(1_000 * CHANCES["racket"], rel=0.3)
    assert expected(store, pinning("grinder"))["conversion"].change.value < 0


def test_it_is_told_what_an_estimate_rests_on(store: Store) -> None:
    served_visits(store, visits=VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("grinder"))

    assert found.after.visits == found.after.places == VISITS
    assert found.before.agreeing + found.after.agreeing == VISITS  # one of the two stood there
    assert found.after.largest == pytest.approx(1 / 0.25)  # half of the half that is explored
    assert found.after.covered.lower < 1 < found.after.covered.upper


def test_what_was_never_shown_is_foreseen_from_probabilities_alone(store: Store) -> None:
    served_visits(store, visits=VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("bag"))

    assert not found.supported
    assert found.reason == REASONS[log_support.RARELY_LOGGED]
    assert found.figures == expected(store, pinning("bag"))


def test_campaigns_that_change_nothing_change_nothing(store: Store) -> None:
    served_visits(store, visits=log_support.LEAST_VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("racket"))

    assert found.supported
    assert found.after.places == 0
    for figure in FIGURES:
        change = found.figures[figure].change
        assert (change.value, change.lower, change.upper) == (0, 0, 0)


def test_what_governs_already_is_in_both(store: Store) -> None:
    served_visits(store, visits=log_support.LEAST_VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("grinder"), before=(pinning("grinder"),))

    assert found.after.places == 0
    assert found.figures["conversion"].before == found.figures["conversion"].after


def test_a_level_that_logs_do_not_support_is_expected(store: Store) -> None:
    """Nothing changes, which they support; but the bag, which would stand there, was never shown."""
    served_visits(store, visits=log_support.LEAST_VISITS, chances=CHANCES, zone="hero", exclude=OTHERS)

    found = seen(store, pinning("bag"), before=(pinning("bag"),))

    assert found.supported
    assert found.figures["conversion"].before == pytest.approx(1_000 * 50 / 150 / 10)


def test_decisions_are_answered_as_of_their_instant_and_by_the_campaigns_of_now(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = [answered(store, "hero", session=f"s{number}", days_ago=1 + number) for number in range(2)]
    instants: list[datetime] = []

    class Watching(PopularityEngine):
        def estimate(self, question: Question) -> Estimates:
            instants.append(question.now)
            return super().estimate(question)

    monkeypatch.setitem(ENGINES, DEFAULT_ENGINE, Watching())
    begun_since = pinning("grinder", starts=(timezone.now() - timedelta(hours=1)).timestamp())

    found = seen(store, begun_since)

    assert found.after.places == 2
    assert {decision.decided_at for decision in decisions} <= set(instants)


def test_few_answers_support_nothing(store: Store) -> None:
    answered(store, "hero")

    found = seen(store, pinning("grinder"))

    assert found.verdict.reason == log_support.FEW_VISITS
    assert found.figures == expected(store, pinning("grinder"))


def test_a_zone_that_nobody_asked_is_foreseen_all_the_same(store: Store) -> None:
    answered(store, "hero")

    found = seen(store, pinning("grinder"), slug="home")

    assert found.verdict.reason == log_support.FEW_VISITS
    assert (found.after.visits, found.after.places) == (0, 0)
    assert found.figures == expected(store, pinning("grinder"), slug="home")


def test_a_listing_is_ordered_again_as_it_was_handed_in(store: Store) -> None:
    for number in range(3):
        answered(
            store,
            "shelf",
            session=f"s{number}",
            days_ago=1 + number,
            kind=ZoneKind.LISTING,
            item_ids=("grinder", "sold-out", "racket", "bag"),
        )

    found = seen(store, pinning("grinder"), slug="shelf")

    # Racket, bag, grinder, sold out → grinder, racket, bag, sold out.
    assert found.after.places == 3 * 3


def test_nobodys_campaigns_are_judged_by_what_another_store_served(store: Store) -> None:
    other = shop("brico", exploration=0.5)
    zone(other, "hero", size=1)
    for number in range(2):
        answered(other, "hero", session=f"s{number}", days_ago=1 + number)
    answered(store, "hero")

    assert seen(store, pinning("grinder")).after.visits == 1
    assert seen(other, pinning("grinder")).after.visits == 2


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_has_words(reason: str) -> None:
    assert str(REASONS[reason])


def test_every_reason_of_a_verdict_is_told() -> None:
    codes = {value for name, value in vars(log_support).items() if isinstance(value, str) and name.isupper()}

    assert codes == set(REASONS)
