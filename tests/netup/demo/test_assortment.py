"""The demo shop's articles: many, credible, whole."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from netup.demo.assortment import Article, Assortment
from netup.demo.casting import build_assortment
from netup.demo.departments import KIND_BY_SLUG, KINDS
from netup.demo.prices import shelf_price
from tests.netup.demo.conftest import UNTIL


def cast(seed: int) -> Assortment:
    return build_assortment(kinds=KINDS, now=UNTIL, rng=np.random.default_rng(seed))


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return cast(1).articles


def test_the_same_seed_casts_the_same_articles():
    rows = [[article.merchant(shop_url="http://shop") for article in cast(5).articles] for _ in range(2)]
    assert rows[0] == rows[1]


def test_another_seed_casts_other_articles():
    assert [a.title for a in cast(1).articles] != [a.title for a in cast(2).articles]


def test_there_are_about_two_thousand_articles_in_five_departments(articles):
    departments = Counter(article.kind.levels[0] for article in articles)
    assert 1800 <= len(articles) <= 2200
    assert set(departments) == {"Sport", "Café", "Maison", "Puériculture", "Mode"}
    assert min(departments.values()) >= 200


def test_every_category_path_has_three_levels():
    assert {len(kind.levels) for kind in KINDS} == {3}


def test_slugs_of_kinds_are_unique():
    assert len(KIND_BY_SLUG) == len(KINDS)


def test_ids_and_titles_are_unique(articles):
    assert len({article.id for article in articles}) == len(articles)
    assert len({article.title for article in articles}) == len(articles)


def test_prices_are_positive_and_above_cost(articles):
    assert all(article.offer.price_cents > 0 for article in articles)
    assert all(0 < article.cost_cents < article.offer.price_cents for article in articles)


def test_margins_differ_by_department(articles):
    def margin(department: str) -> float:
        own = [a for a in articles if a.kind.levels[0] == department]
        return float(np.mean([1 - a.cost_cents / a.offer.price_cents for a in own]))

    assert margin("Mode") > margin("Sport") + 0.05


def test_sale_prices_are_lower_and_their_periods_in_order(articles):
    reduced = [a.offer for a in articles if a.offer.sale_cents is not None]
    assert len(reduced) > 200
    assert all(offer.sale_cents < offer.price_cents for offer in reduced)
    assert all(offer.sale_period[0] < offer.sale_period[1] for offer in reduced)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(3.2, 290), (12.4, 1240), (24.6, 2440), (63.2, 6290), (131, 12900), (522, 51900)],
)
def test_prices_end_as_a_shop_prints_them(amount, cents):
    assert shelf_price(amount) == cents


def test_accessories_exist_and_are_of_another_kind(articles):
    by_id = {article.id: article for article in articles}
    pairs = [(a, by_id[item]) for a in articles for item in a.accessories]
    assert len(pairs) > 2000
    assert all(article.kind is not accessory.kind for article, accessory in pairs)


def test_a_racket_comes_with_strings_and_balls(articles):
    racket = next(article for article in articles if article.kind.slug == "raquette-tennis")
    kinds = {item.rsplit("-", 2)[0] if item[-1].isalpha() else item.rsplit("-", 1)[0] for item in racket.accessories}
    assert {"cordage", "balles-tennis"} <= kinds


def test_variants_share_a_group_and_differ_in_colour_or_size(articles):
    groups: dict[str, list[Article]] = {}
    for article in articles:
        if article.group:
            groups.setdefault(article.group, []).append(article)
    assert len(groups) > 300
    assert all(len(group) > 1 for group in groups.values())
    assert all(len({(a.colour, a.size) for a in group}) == len(group) for group in groups.values())


def test_some_are_out_of_stock_some_overstocked_and_some_brand_new(articles):
    assert 60 < sum(a.quantity == 0 for a in articles) < 200
    assert 100 < sum(a.quantity > 150 for a in articles) < 280
    assert 20 < sum(UNTIL - a.created < timedelta(days=2) for a in articles) < 90


def test_a_brand_new_article_has_no_review(articles):
    assert all(a.rating is None for a in articles if UNTIL - a.created < timedelta(days=2))
