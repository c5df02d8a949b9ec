"""Verdicts, on visitors laid down by hand: who counts, in which arm, from when on, and with what they then did."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import isnan

import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.lifecycle import PLATFORM, change, create, take
from objectives.models import Action, Campaign
from personalization.arm_outcomes import Metric
from personalization.models import Visit
from personalization.verdicts import Doubt, MetricVerdict, RuleVerdict, Verdict, verdict_of
from tests.catalog.factories import merchant_row, sell
from tests.objectives.documents import document
from tests.personalization.met_campaigns import MINUTE, answered, did, governing, ruled
from tests.personalization.storefront import shop

NOW = timezone.now()
SINCE = NOW - timedelta(days=10)
MET = NOW - timedelta(days=2)


@pytest.fixture
def store(db: None) -> Store:
    return priced(shop())


def priced(store: Store) -> Store:
    sell(store, merchant_row("bag", price="10.00 EUR", cost_of_goods_sold="4.00 EUR"), now=NOW)
    return store


@pytest.fixture
def campaign(store: Store) -> Campaign:
    return governing(store, since=SINCE)


def judged(campaign: Campaign, *, now: datetime = NOW) -> Verdict:
    return verdict_of(campaign=Campaign.objects.get(pk=campaign.pk), now=now)


def of(verdict: Verdict | RuleVerdict, metric: Metric) -> MetricVerdict:
    (found,) = (each for each in verdict.metrics if each.metric == metric)
    return found


def arms(verdict: Verdict | RuleVerdict) -> tuple[int, int]:
    assert verdict.ratio is not None
    return verdict.ratio.steered, verdict.ratio.spared


def bought(verdict: Verdict | RuleVerdict) -> tuple[float, float]:
    """Buyers of both arms."""
    found = of(verdict, Metric.CONVERSION)
    return found.steered_total, found.spared_total


def steer(campaign: Campaign, visitor: str, *, at: datetime = MET, **fields: object) -> None:
    answered(campaign.store, visitor, at=at, steered=(campaign,), **fields)  # type: ignore[arg-type]


def spare(campaign: Campaign, visitor: str, *, at: datetime = MET) -> None:
    answered(campaign.store, visitor, at=at, spared=(campaign,))


def buy(campaign: Campaign, visitor: str, *, at: datetime = MET + MINUTE, **fields: object) -> None:
    did(campaign.store, visitor, "purchase", at=at, **fields)


# --- figures ------------------------------------------------------------------------------------------------------


def test_every_metric_is_per_visitor_of_its_arm(campaign: Campaign) -> None:
    """Four steered visitors: two bags and a racket for 40, and a bag for 10. Two spared ones: nothing but a click."""
    for visitor in ("ada", "ben", "cleo", "dan"):
        steer(campaign, visitor)
    for visitor in ("eve", "fay"):
        spare(campaign, visitor)
    items = [{"item_id": "bag", "price": 10.0, "quantity": 2}, {"item_id": "racket", "price": 20.0}]
    buy(campaign, "ada", items=items, value=40.0)
    buy(campaign, "ben", value=10.0)
    shown = answered(campaign.store, "eve", at=MET + MINUTE, spared=(campaign,))
    did(campaign.store, "eve", "select_item", at=MET + 2 * MINUTE, recommendation_id=str(shown.pk))

    verdict = judged(campaign)

    assert (verdict.since, verdict.until, verdict.doubt) == (SINCE + timedelta(seconds=2), NOW, None)
    assert arms(verdict) == (4, 2)
    assert {each.metric: (each.steered, each.spared) for each in verdict.metrics} == {
        Metric.CONVERSION: (0.5, 0.0),
        Metric.REVENUE: (12.5, 0.0),
        Metric.MARGIN: (4.5, 0.0),  # three bags at 10 − 4; what the racket costs is not known
        Metric.PROMOTED: (0.75, 0.0),
        Metric.CLICKS: (0.0, 0.5),
    }
    revenue = of(verdict, Metric.REVENUE)
    assert (revenue.steered_total, revenue.spared_total) == (50.0, 0.0)
    assert (revenue.steered_visitors, revenue.spared_visitors) == (4, 2)
    assert (revenue.difference.value, revenue.brought.value) == (12.5, 50.0)
    assert isnan(revenue.uplift.value)
    assert not revenue.enough
    assert not revenue.proven


def test_a_difference_that_many_visitors_show_is_proven(campaign: Campaign) -> None:
    """Of 60 steered visitors 40 buy, of 60 spared ones 20."""
    for number in range(60):
        steer(campaign, f"steered {number}")
        spare(campaign, f"spared {number}")
    for number in range(40):
        buy(campaign, f"steered {number}")
    for number in range(20):
        buy(campaign, f"spared {number}")

    conversion = of(judged(campaign), Metric.CONVERSION)

    assert (conversion.steered, conversion.spared) == (40 / 60, 20 / 60)
    assert conversion.uplift.value == pytest.approx(1.0)
    assert conversion.brought.value == pytest.approx(20)
    assert conversion.p_value < 0.001
    assert conversion.enough
    assert conversion.proven


def test_refunds_are_not_taken_off_and_every_purchase_counts(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")
    buy(campaign, "ada", value=10.0)
    buy(campaign, "ada", at=MET + timedelta(days=1), value=30.0)
    did(campaign.store, "ada", "refund", at=MET + timedelta(days=1), transaction_id="t", value=30.0)

    verdict = judged(campaign)

    assert bought(verdict) == (1, 0)
    assert of(verdict, Metric.REVENUE).steered_total == 40.0


# --- who counts, and what -----------------------------------------------------------------------------------------


def test_what_was_done_before_the_first_meeting_does_not_count(campaign: Campaign) -> None:
    steer(campaign, "ada", at=MET + 5 * MINUTE)
    steer(campaign, "ada", at=MET + timedelta(days=1))
    spare(campaign, "eve")
    buy(campaign, "ada", at=MET)
    did(campaign.store, "ada", "view_item", at=MET + 6 * MINUTE)

    assert bought(judged(campaign)) == (0, 0)
    buy(campaign, "ada", at=MET + 7 * MINUTE)
    assert bought(judged(campaign)) == (1, 0)


def test_whoever_leaves_after_an_answer_counts_though_nothing_of_the_visit_is_stored(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")

    assert arms(judged(campaign)) == (1, 1)
    assert not Visit.objects.exists()


def test_answers_without_consent_do_not_count(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")
    nameless = answered(campaign.store, "nobody", at=MET, steered=(campaign,))
    nameless.visitor_key = ""
    nameless.save()

    assert arms(judged(campaign)) == (1, 1)


@pytest.mark.parametrize("who", ["bot", "staff"])
def test_robots_and_staff_do_not_count(campaign: Campaign, who: str) -> None:
    steer(campaign, "ada")
    steer(campaign, "robby")
    spare(campaign, "eve")
    buy(campaign, "robby", **{who: True})

    verdict = judged(campaign)

    assert (arms(verdict), bought(verdict)) == ((1, 1), (0, 0))


def test_whoever_was_steered_and_spared_both_is_in_neither_arm_and_told(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")
    steer(campaign, "both")
    spare(campaign, "both", at=MET + MINUTE)
    buy(campaign, "both", at=MET + 2 * MINUTE)

    verdict = judged(campaign)

    assert (arms(verdict), bought(verdict), verdict.mixed) == ((1, 1), (0, 0), 1)


def test_another_campaign_that_steers_the_spared_changes_no_arm(campaign: Campaign) -> None:
    other = governing(campaign.store, since=SINCE, name="Other")
    answered(campaign.store, "ada", at=MET, steered=(campaign,), spared=(other,))
    answered(campaign.store, "eve", at=MET, steered=(other,), spared=(campaign,))
    answered(campaign.store, "zoe", at=MET, steered=(other,))
    buy(campaign, "eve")

    verdict, others = judged(campaign), judged(other)

    assert (arms(verdict), bought(verdict)) == ((1, 1), (0, 1))
    assert (arms(others), bought(others)) == ((2, 1), (1, 0))


def test_a_purchase_in_a_visit_that_began_in_the_period_counts_also_after_its_end(campaign: Campaign) -> None:
    over = MET + 3 * MINUTE
    Campaign.objects.filter(pk=campaign.pk).update(ends_at=over)
    steer(campaign, "ada")
    steer(campaign, "late", at=over)
    spare(campaign, "eve")
    did(campaign.store, "ada", "view_item", at=MET)
    buy(campaign, "ada", at=over + MINUTE)
    buy(campaign, "eve", at=over + timedelta(hours=1))

    verdict = judged(campaign)

    assert verdict.until == over
    assert (arms(verdict), bought(verdict)) == ((1, 1), (1, 0))


def test_no_store_sees_another_ones_visitors(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")
    other = priced(shop("brico"))
    answered(other, "ada", at=MET, steered=(campaign,))
    answered(other, "bob", at=MET, steered=(campaign,))
    did(other, "ada", "purchase", at=MET + MINUTE)
    did(other, "eve", "purchase", at=MET + MINUTE)

    verdict = judged(campaign)

    assert (arms(verdict), bought(verdict)) == ((1, 1), (0, 0))


# --- rules --------------------------------------------------------------------------------------------------------


def test_a_rule_is_judged_among_the_steered_by_its_own_products(campaign: Campaign) -> None:
    rule, other = ruled(campaign), ruled(campaign, "pin", "balls")
    steer(campaign, "ada")
    steer(campaign, "ben")
    steer(campaign, "cleo", spared_rules=(rule,))
    steer(campaign, "dan", spared_rules=(rule, other))
    spare(campaign, "eve")
    items = [{"item_id": "racket", "price": 20.0, "quantity": 3}, {"item_id": "bag", "price": 10.0}]
    buy(campaign, "ada", items=items)
    buy(campaign, "dan", items=items)
    buy(campaign, "eve", items=items)

    boost, pin = judged(campaign).rules

    assert (boost.rule, arms(boost), bought(boost)) == (rule.pk, (2, 2), (1, 1))
    assert (pin.rule, arms(pin), bought(pin)) == (other.pk, (3, 1), (1, 1))
    units = of(boost, Metric.PROMOTED)
    assert (units.steered_total, units.spared_total) == (3, 3)
    assert of(pin, Metric.PROMOTED).steered_total == 0


def test_an_exclusion_is_not_tried_on_anybody(campaign: Campaign) -> None:
    ruled(campaign, "exclude")

    assert judged(campaign).rules[0].doubt == Doubt.NOT_DRAWN


# --- what cannot be told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ({"holdout": 0.0}, Doubt.NOBODY_HELD_OUT),
        ({"holdout": 1.0}, Doubt.EVERYBODY_HELD_OUT),
        ({"starts_at": NOW + MINUTE}, Doubt.NOT_BEGUN),
    ],
)
def test_what_has_no_two_arms_tells_nothing_and_says_why(store: Store, fields: dict[str, float], doubt: Doubt) -> None:
    campaign = governing(store, since=SINCE, **fields)
    rule = ruled(campaign)
    steer(campaign, "ada")

    verdict = judged(campaign)

    assert (verdict.doubt, verdict.metrics, verdict.ratio) == (doubt, (), None)
    assert verdict.rules == (RuleVerdict(rule=rule.pk, doubt=doubt),)


def test_one_arm_alone_tells_nothing_yet(campaign: Campaign) -> None:
    assert judged(campaign).doubt == Doubt.NOBODY_STEERED
    steer(campaign, "ada")
    assert judged(campaign).doubt == Doubt.NOBODY_SPARED


def test_arms_that_are_no_draw_of_their_shares_are_not_to_be_trusted(campaign: Campaign) -> None:
    for number in range(40):
        steer(campaign, f"v{number}")
    spare(campaign, "eve")

    verdict = judged(campaign)

    assert verdict.doubt == Doubt.UNEVEN
    assert len(verdict.metrics) == len(Metric)


def test_products_that_can_be_told_no_longer_are_none(campaign: Campaign) -> None:
    steer(campaign, "ada")
    spare(campaign, "eve")
    buy(campaign, "ada")
    Campaign.objects.filter(pk=campaign.pk).update(promoted={"colour": ["red"]})

    assert of(judged(campaign), Metric.PROMOTED).steered_total == 0


# --- periods ------------------------------------------------------------------------------------------------------


def test_visitors_drawn_by_another_share_do_not_count(store: Store) -> None:
    campaign = create(store=store, document=document(store, holdout=0.5), by=PLATFORM, now=SINCE)
    take(campaign=campaign, action=Action.STARTED, by=PLATFORM, now=SINCE)
    steer(campaign, "ada")
    spare(campaign, "eve")
    steer(campaign, "later", at=MET + timedelta(hours=2))
    spare(campaign, "also later", at=MET + timedelta(hours=2))
    assert arms(judged(campaign)) == (2, 2)

    changed = document(store, holdout=0.4)
    change(campaign=campaign, document=changed, by=PLATFORM, now=MET + timedelta(hours=1))

    assert arms(judged(campaign)) == (1, 1)


def test_a_rule_is_judged_from_when_it_came(store: Store) -> None:
    before, after = (
        document(store, holdout=0.5, rules=[{"kind": "boost", "products": {"item_ids": [item]}} for item in items])
        for items in (["racket"], ["racket", "balls"])
    )
    campaign = create(store=store, document=before, by=PLATFORM, now=SINCE)
    take(campaign=campaign, action=Action.STARTED, by=PLATFORM, now=SINCE)
    change(campaign=campaign, document=after, by=PLATFORM, now=MET + timedelta(hours=1))
    balls, racket = sorted(campaign.rules.all(), key=lambda rule: rule.products["item_ids"])
    steer(campaign, "ada")
    steer(campaign, "ben", spared_rules=(racket,))
    spare(campaign, "eve")
    steer(campaign, "later", at=MET + timedelta(hours=2), spared_rules=(balls,))
    steer(campaign, "also later", at=MET + timedelta(hours=2))

    found = {rule.rule: rule for rule in judged(campaign).rules}

    assert arms(found[racket.pk]) == (3, 1)
    assert arms(found[balls.pk]) == (1, 1)
    assert found[balls.pk].since == MET + timedelta(hours=1, seconds=2)


def test_no_more_than_ninety_days_are_looked_at(store: Store) -> None:
    campaign = governing(store, since=NOW - timedelta(days=200))
    steer(campaign, "ada", at=NOW - timedelta(days=100))
    steer(campaign, "ben")
    spare(campaign, "eve")

    assert arms(judged(campaign)) == (1, 1)
