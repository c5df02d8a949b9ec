"""Campaigns in force: they govern the next answer, in their store alone, and what they did is on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.live_facts import live_facts
from catalog.models import Store
from objectives import campaigns
from objectives.measures import MEASURES
from objectives.models import Campaign, CampaignState, MerchandisingRule, RuleKind, Scope, Zone
from objectives.models.campaign import Measure
from personalization import campaign_book
from personalization.campaign_book import campaigns_of, in_force
from personalization.decisions import LOG
from personalization.engines import ENGINES
from personalization.memory.live import live_memory
from personalization.models import Decision
from personalization.pipeline import Answer, personalize
from personalization.rehearsal import rehearse
from personalization.scene import DEFAULT_ENGINE
from personalization.visits import live_visit
from tests.personalization.storefront import BY_POPULARITY, PopularityEngine, asking, lived, shop


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not wait for half a second to pass."""
    monkeypatch.setattr(campaign_book._CAMPAIGNS, "_fresh_for", 0.0)


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def campaign(store: Store, *, objectives: dict[str, float] | None = None, **fields: Any) -> Campaign:
    approved = {"name": "Push", "state": CampaignState.APPROVED, "holdout": 0.0}
    made = Campaign.objects.create(store=store, **{**approved, **fields})
    for measure, weight in (objectives or {}).items():
        made.objectives.create(measure=measure, weight=weight)
    return made


def answered(store: Store, zone: str = "home", **fields: Any) -> Answer:
    return personalize(asked=asking(store, zone, **fields), now=timezone.now(), rng=np.random.default_rng(0))


def served(store: Store, zone: str = "home", **fields: Any) -> list[str]:
    answer = answered(store, zone, **fields)
    return [answer.facts.item_ids[product] for product in answer.decision.products]


PROMOTED = {"item_ids": ["bag", "onesie"]}


@pytest.mark.parametrize(
    "change",
    [
        lambda made: Campaign.objects.filter(pk=made.pk).update(floor=0.8),
        lambda made: made.objectives.update(weight=2.0),
        lambda made: made.objectives.all().delete(),
        lambda made: made.rules.create(kind=RuleKind.BURY, products={"item_ids": ["bag"]}),
        lambda made: made.rules.update(products={"item_ids": ["balls"]}),
        lambda made: made.zones.add(made.store.zones.get(slug="shelf")),
        lambda made: made.zones.clear(),
        lambda made: Campaign.objects.filter(pk=made.pk).update(state=CampaignState.PAUSED),
        lambda made: campaign(made.store, name="Another"),
    ],
    ids=["floor", "weight", "objective gone", "rule", "products of a rule", "zone", "zones gone", "paused", "another"],
)
def test_whatever_of_it_changes_is_read(store: Store, change: Any) -> None:
    made = campaign(store, objectives={"conversion": 1.0})
    made.zones.add(store.zones.get(slug="home"))
    made.rules.create(kind=RuleKind.EXCLUDE, products={"item_ids": ["onesie"]})
    before = campaigns_of(store_id=store.pk)

    change(made)

    assert campaigns_of(store_id=store.pk) != before


def test_a_saved_campaign_governs_the_next_answer(store: Store) -> None:
    assert served(store) == BY_POPULARITY[:4]

    made = campaign(store, objectives={"conversion": 50.0}, promoted=PROMOTED, scope="favoured", floor=0.5)

    assert {"bag", "onesie"} <= set(served(store))
    made.state = CampaignState.PAUSED
    made.save()
    assert served(store) == BY_POPULARITY[:4]


def test_a_pin_stands_at_its_place_and_the_excluded_nowhere(store: Store) -> None:
    made = campaign(store)
    MerchandisingRule.objects.create(campaign=made, kind="pin", products={"item_ids": ["grinder"]}, place=2)
    MerchandisingRule.objects.create(campaign=made, kind="exclude", products={"item_ids": ["racket"]})

    assert served(store) == ["balls", "grinder", "shoes", "strings"]


def test_a_listing_is_steered_and_loses_nothing(store: Store) -> None:
    made = campaign(store)
    MerchandisingRule.objects.create(campaign=made, kind="bury", products={"item_ids": ["balls"]})

    assert served(store, "shelf", kind="listing", item_ids=("balls", "bag", "racket")) == ["racket", "bag", "balls"]


def test_what_steered_and_who_was_spared_is_on_record(store: Store) -> None:
    steering = campaign(store, objectives={"conversion": 5.0}, promoted=PROMOTED, scope="favoured", floor=0.5)
    spared = campaign(store, objectives={"conversion": 5.0}, holdout=1.0)

    decision = answered(store).decision

    assert (decision.campaigns, decision.spared) == ([steering.pk], [spared.pk])
    assert f"conversion@{steering.pk}" in decision.reasons[0]["contributions"]


def test_which_rules_were_spared_and_whom_is_on_record(store: Store) -> None:
    made = campaign(store, holdout=0.5)
    rules = [
        MerchandisingRule.objects.create(campaign=made, kind="boost", products={"item_ids": [item]})
        for item in "abcdef"
    ]
    held = in_force(made)
    assert held is not None
    visitor = next(
        name for name in map(str, range(100)) if not held.spares(f"v:{name}") and held.spared_rules(f"v:{name}")
    )

    decision = answered(store, visitor_id=visitor).decision
    LOG.flush()

    kept = Decision.objects.get(pk=decision.pk)
    assert kept.visitor_key == f"v:{visitor}"
    assert kept.spared_rules == sorted(held.spared_rules(f"v:{visitor}"))
    assert set(kept.spared_rules) < {rule.pk for rule in rules} | {0}


def test_without_consent_nobody_is_on_record(store: Store) -> None:
    campaign(store)

    assert answered(store, consent=False).decision.visitor_key == ""


def test_a_campaign_waits_for_its_situation(store: Store) -> None:
    condition = {"marker": "cart_value", "operator": ">=", "value": 5}
    campaign(store, objectives={"conversion": 50.0}, promoted=PROMOTED, scope="only", condition=condition)

    assert served(store) == BY_POPULARITY[:4]
    lived(store, ("view_item", "rattle"), ("add_to_cart", "rattle"))
    assert served(store)[:2] == ["bag", "onesie"]


def test_a_period_that_is_over_or_to_come_governs_nothing(store: Store) -> None:
    now = timezone.now()
    over = campaign(store, ends_at=now - timedelta(seconds=1))
    to_come = campaign(store, starts_at=now + timedelta(hours=1))
    live = campaign(store, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1))

    assert [held.id for held in campaigns_of(store_id=store.pk)] == [to_come.pk, live.pk]
    assert answered(store).decision.campaigns == [live.pk]
    assert [each.is_live(timezone.now()) for each in (over, to_come, live)] == [False, False, True]
    assert list(Campaign.objects.live(now)) == [live]


def test_precedence_is_by_priority(store: Store) -> None:
    later, sooner = campaign(store, priority=20), campaign(store, priority=5)

    assert answered(store).decision.campaigns == [sooner.pk, later.pk]


def test_no_store_is_steered_by_another_ones_campaigns(store: Store) -> None:
    other = shop("brico")
    made = campaign(other, objectives={"conversion": 50.0}, promoted=PROMOTED, scope="only")

    assert answered(store).decision.campaigns == []
    assert served(store) == BY_POPULARITY[:4]
    assert answered(other).decision.campaigns == [made.pk]


def test_a_campaign_that_cannot_be_understood_is_left_out_and_the_others_hold(store: Store) -> None:
    broken = campaign(store, condition={"marker": "gone", "operator": ">=", "value": 5})
    unselected = campaign(store, promoted={"colour": ["red"]})
    sound = campaign(store)

    assert in_force(broken) is None
    assert in_force(unselected) is None
    assert [held.id for held in campaigns_of(store_id=store.pk)] == [sound.pk]


def test_a_rehearsal_is_steered_as_an_answer_would_be(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, DEFAULT_ENGINE, PopularityEngine())
    made = campaign(store)
    MerchandisingRule.objects.create(campaign=made, kind="pin", products={"item_ids": ["grinder"]}, place=1)
    lived(store, ("view_item", "racket"))
    key, now, home = "v:camille", timezone.now(), Zone.objects.get(store=store, slug="home")
    visit = live_visit(store=store, visitor_key=key, now=now, landscape=live_memory(store_id=store.pk).landscape)[1]

    found = rehearse(store=store, zone=home, visit=visit, visitor_key=key, now=now)

    assert live_facts(store_id=store.pk).item_ids[found.recommended[0].product] == "grinder"


def test_what_a_campaign_can_be_is_what_the_mathematics_knows() -> None:
    assert set(Measure.values) == set(MEASURES)
    assert set(Scope.values) == {campaigns.ALL, campaigns.FAVOURED, campaigns.ONLY}
    assert set(RuleKind.values) == {campaigns.PIN, campaigns.BOOST, campaigns.BURY, campaigns.EXCLUDE}
