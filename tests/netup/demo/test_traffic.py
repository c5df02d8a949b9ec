"""Sixty days of the demo shop: valid events, credible figures, intents that change."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import islice, pairwise

import numpy as np
import pytest

from netup.demo.departments import KIND_BY_SLUG, KINDS
from netup.demo.pictures.scene import kind_and_model
from netup.demo.rhythm import DAYS, PARIS, calendar_until
from netup.demo.shoppers import BRANDS_BY_DEPARTMENT, STYLES_BY_DEPARTMENT
from netup.demo.traffic import found_town, live
from personalization.ingest.validation import Terms, validate
from tests.netup.demo.conftest import UNTIL

SINCE = UNTIL - timedelta(days=DAYS)


def at(event) -> datetime:
    return datetime.fromisoformat(event["timestamp"])


def viewed(visit) -> list[str]:
    return [event["items"][0]["item_id"] for event in visit if event["name"] == "view_item"]


def universe(item_id: str) -> str:
    return " > ".join(KIND_BY_SLUG[kind_and_model(item_id)[0]].levels[:2])


def share(visits, name: str) -> float:
    return float(np.mean([any(event["name"] == name for event in visit) for visit in visits]))


def test_the_same_seed_lives_the_same_days():
    one, other = (list(islice(live(found_town(until=UNTIL, shoppers=60)), 80)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("by_department", [BRANDS_BY_DEPARTMENT, STYLES_BY_DEPARTMENT], ids=["brands", "styles"])
def test_tastes_are_drawn_in_the_same_order_in_every_process(by_department):
    assert list(by_department) == list(dict.fromkeys(kind.levels[0] for kind in KINDS))


def test_another_seed_lives_other_days():
    one, other = (list(islice(live(found_town(until=UNTIL, shoppers=60, seed=s)), 20)) for s in (1, 2))
    assert one != other


def test_every_event_is_valid_for_the_ingestion(visits):
    terms = Terms(currency="EUR", earliest=SINCE.timestamp(), latest=UNTIL.timestamp())
    for visit in visits:
        for event in visit:
            assert validate(event, terms=terms)["event_id"] == event["event_id"]


def test_no_event_id_and_no_transaction_repeats(visits):
    events = [event for visit in visits for event in visit]
    orders = [event["transaction_id"] for event in events if event["name"] == "purchase"]
    assert len({event["event_id"] for event in events}) == len(events)
    assert len(set(orders)) == len(orders)


def test_every_event_happens_within_the_sixty_days(visits):
    instants = [at(event) for visit in visits for event in visit]
    assert min(instants) >= SINCE
    assert max(instants) <= UNTIL


def test_a_visit_never_pauses_half_an_hour(visits):
    gaps = [at(b) - at(a) for visit in visits for a, b in pairwise(visit)]
    assert max(gaps) < timedelta(minutes=30)


def test_visits_of_one_visitor_are_further_apart_than_that(visits):
    by_visitor = defaultdict(list)
    for visit in visits:
        if "visitor_id" in visit[0]:
            by_visitor[visit[0]["visitor_id"]].append((at(visit[0]), at(visit[-1])))
    gaps = [b[0] - a[1] for lived in by_visitor.values() for a, b in pairwise(lived)]
    assert np.mean([gap > timedelta(minutes=30) for gap in gaps]) > 0.98


def test_events_point_at_articles_that_were_launched(town, visits):
    by_id = town.shop.assortment.by_id
    for visit in visits[::3]:
        for event in visit:
            assert all(by_id[item["item_id"]].created <= at(event) for item in event.get("items", ()))


def test_between_three_and_four_visits_in_a_hundred_buy(visits):
    assert 0.025 <= share(visits, "purchase") <= 0.05


def test_most_carts_are_left_behind(visits):
    assert 0.08 <= share(visits, "add_to_cart") <= 0.15
    assert share(visits, "purchase") < 0.45 * share(visits, "add_to_cart")


def test_a_visit_has_about_nine_events_and_a_third_hardly_begin(visits):
    lengths = [len(visit) for visit in visits]
    assert 7.5 <= np.mean(lengths) <= 11
    assert 0.2 <= np.mean(np.array(lengths) <= 2) <= 0.45


def test_many_visitors_come_back(visits):
    counts = Counter(visit[0]["visitor_id"] for visit in visits if "visitor_id" in visit[0])
    assert 0.35 <= np.mean([count > 1 for count in counts.values()]) <= 0.7


def test_without_consent_no_visitor_is_named(visits):
    refused = [event for visit in visits for event in visit if not event["consent"]]
    assert len(refused) > 500
    assert not any("visitor_id" in event for event in refused)


def test_evenings_are_busier_than_nights(visits):
    hours = Counter(at(visit[0]).astimezone(PARIS).hour for visit in visits)
    assert sum(hours[h] for h in (20, 21)) > 5 * sum(hours[h] for h in (2, 3))


def test_the_sales_event_is_the_busiest_week():
    calendar = calendar_until(UNTIL)
    weights = np.diff(np.concatenate([[0.0], calendar.cumulative])).reshape(DAYS, 24).sum(axis=1)
    days = [SINCE + timedelta(days=day, hours=12) for day in range(DAYS)]
    in_sales = np.array([calendar.in_sales(day) for day in days])
    assert weights[in_sales].mean() > 1.4 * weights[~in_sales].mean()


def test_tennis_players_come_back_for_a_birth_and_then_for_coffee(town, visits):
    journeys = defaultdict(list)
    for visit in visits:
        number = visit[0]["event_id"].split("-")[1]
        journeys[number] += [universe(item) for item in viewed(visit)]
    storied = [journeys[f"{life.shopper.number:05d}"] for life in {id(v.life): v.life for v in town.visits}.values()
               if life.shopper.number % 20 == 7]  # fmt: skip
    told = [seen for seen in storied if _in_turn(seen, ("Sport > Tennis", "Puériculture", "Café > Machines"))]
    assert len(storied) == 60
    assert len(told) >= 10


def _in_turn(seen: list[str], wanted: tuple[str, ...]) -> bool:
    left = iter(seen)
    return all(any(path.startswith(want) for path in left) for want in wanted)


def test_what_analogous_visitors_did_predicts_the_next_product_far_better_than_popularity(visits):
    cut = int(len(visits) * 0.85)
    follows: dict[str, Counter[str]] = defaultdict(Counter)
    popular: Counter[str] = Counter()
    for visit in visits[:cut]:
        popular.update(viewed(visit))
        for a, b in pairwise(viewed(visit)):
            follows[a][b] += 1
    best = {item for item, _ in popular.most_common(20)}
    pairs = [pair for visit in visits[cut:] for pair in pairwise(viewed(visit))]
    by_analogy = np.mean([b in {item for item, _ in follows[a].most_common(20)} for a, b in pairs])
    by_popularity = np.mean([b in best for _, b in pairs])
    assert by_analogy > 3 * by_popularity
    assert by_analogy < 0.8


def test_accessories_are_bought_together_with_what_they_complete(town, visits):
    by_id = town.shop.assortment.by_id
    orders = [
        [by_id[item["item_id"]] for item in event["items"]]
        for visit in visits for event in visit if event["name"] == "purchase"
    ]  # fmt: skip
    several = [order for order in orders if len(order) > 1]
    tied = [order for order in several if any(a.id in b.accessories for a in order for b in order)]
    assert len(several) > 0.15 * len(orders)
    assert len(tied) > 0.3 * len(several)


def test_some_articles_are_in_no_event_at_all(town, visits):
    seen = {item["item_id"] for visit in visits for event in visit for item in event.get("items", ())}
    assert len(seen) < len(town.shop.assortment.articles)


@pytest.mark.parametrize(
    "name",
    ["view_item_list", "search", "select_item", "view_item", "add_to_cart", "remove_from_cart", "view_cart",
     "begin_checkout", "add_shipping_info", "add_payment_info", "purchase", "refund", "view_promotion",
     "select_promotion", "add_to_wishlist", "page_view"],
)  # fmt: skip
def test_every_kind_of_event_happens(visits, name):
    assert any(event["name"] == name for visit in visits for event in visit)


def test_some_searches_find_nothing(visits):
    results = [event["search_results"] for visit in visits for event in visit if event["name"] == "search"]
    assert 0.05 < np.mean(np.array(results) == 0) < 0.25
