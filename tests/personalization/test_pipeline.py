"""The whole flow on a real database: a visit in, a ranking out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Store
from objectives.models.zone import ZoneKind
from personalization.engines import ENGINES
from personalization.pipeline import Answer, UnknownEngineError, personalize
from personalization.present import Page
from personalization.scene import Asked, UnknownZoneError
from personalization.situation import WIDTH
from tests.catalog.factories import StoreFactory
from tests.personalization.storefront import (
    ASSORTMENT,
    BY_POPULARITY,
    EVERYTHING,
    PopularityEngine,
    asking,
    lived,
    shop,
    zone,
)


@pytest.fixture(autouse=True)
def popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())


@pytest.fixture
def store(db: None) -> Store:
    return shop()


def answered(asked: Asked, *, seed: int = 0) -> Answer:
    return personalize(asked=asked, now=timezone.now(), rng=np.random.default_rng(seed))


def served(asked: Asked) -> list[str]:
    answer = answered(asked)
    return [answer.facts.item_ids[product] for product in answer.decision.products]


def test_a_zone_shows_its_size_best_first_and_nothing_sold_out(store: Store) -> None:
    assert served(asking(store)) == BY_POPULARITY[:4]


def test_the_request_may_ask_for_more_or_less(store: Store) -> None:
    assert served(asking(store, limit=6)) == BY_POPULARITY[:6]


def test_what_the_caller_excludes_is_not_shown(store: Store) -> None:
    assert served(asking(store, exclude=("racket", "shoes", "no such thing"))) == ["balls", "strings", "bag", "onesie"]


def test_the_product_of_the_page_is_not_recommended_on_it(store: Store) -> None:
    assert "racket" not in served(asking(store, page=Page(type="product", item_id="racket")))


def test_what_is_in_the_cart_is_left_out_unless_the_zone_wants_it(store: Store) -> None:
    zone(store, "everything", size=8, exclude_in_cart=False)
    lived(store, ("view_item", "racket"), ("add_to_cart", "racket"))

    assert "racket" not in served(asking(store))
    assert "racket" in served(asking(store, "everything"))


def test_what_was_seen_is_left_out_when_the_zone_says_so(store: Store) -> None:
    zone(store, "unseen", size=8, exclude_seen=True)
    lived(store, ("view_item", "racket"))

    assert "racket" in served(asking(store))
    assert "racket" not in served(asking(store, "unseen"))


def shown(store: Store, times: int, *then: tuple[str, str]) -> None:
    lived(store, *[("view_item_list", "racket")] * times, *then)


@pytest.mark.parametrize(
    ("times", "then", "stays"), [(1, (), True), (2, (), False), (2, ("view_item", "racket"), True)]
)
def test_what_is_shown_often_and_not_looked_at_makes_room(
    store: Store, times: int, then: tuple[str, str], stays: bool
) -> None:
    zone(store, "turning", size=4, rotate_after=2)

    shown(store, times, *([then] if then else []))

    assert ("racket" in served(asking(store, "turning"))) is stays


def test_a_list_is_not_left_short_so_that_products_take_turns(store: Store) -> None:
    zone(store, "turning", size=len(ASSORTMENT), rotate_after=1)

    shown(store, 1)

    assert "racket" in served(asking(store, "turning"))


def test_without_being_asked_for_nothing_takes_turns(store: Store) -> None:
    shown(store, 9)

    assert "racket" in served(asking(store))


def test_what_was_bought_is_left_out_when_the_zone_says_so(store: Store) -> None:
    zone(store, "unbought", size=8, exclude_bought=True)
    lived(store, ("add_to_cart", "racket"), ("purchase", "racket"))

    assert "racket" in served(asking(store))
    assert "racket" not in served(asking(store, "unbought"))


@pytest.mark.parametrize("page", [Page(item_id="rattle"), Page(category="Baby > Toys")])
def test_a_zone_may_stay_in_the_department_of_the_page(store: Store, page: Page) -> None:
    zone(store, "department", size=8, same_department=True)

    assert set(served(asking(store, "department", page=page))) <= {"onesie", "rattle"}


def test_caps_of_the_zone_hold(store: Store) -> None:
    zone(store, "varied", size=4, max_per_brand=1)

    assert served(asking(store, "varied")) == ["racket", "shoes", "onesie", "rattle"]


def test_without_any_event_the_situation_is_still_described(store: Store) -> None:
    answer = answered(asking(store))

    markers = np.frombuffer(answer.decision.markers, np.float32)
    assert markers.shape == (WIDTH,)
    assert np.isfinite(markers).all()
    assert answer.decision.visit_id is None


def test_the_decision_says_what_was_served_and_why(store: Store) -> None:
    lived(store, ("view_item", "racket"))

    answer = answered(asking(store))

    decision = answer.decision
    visit = store.visits.get()
    assert (decision.store_id, decision.visit_id, decision.zone) == (store.pk, visit.pk, "home")
    assert (decision.engine, decision.fallback, decision.novelty) == ("popularity", "", 0.25)
    assert decision.propensities == [1.0] * 4
    estimates = np.frombuffer(decision.estimates, np.float32).reshape(-1, 4)
    assert estimates[0].tolist() == pytest.approx([90 / 190, 90 / 570, 90 / 1900, 90.0])
    assert decision.reasons[0]["contributions"] == {
        "basket": pytest.approx(90 / 570, abs=1e-6),
        "conversion": pytest.approx(90 / 1900, abs=1e-6),
    }
    assert decision.analogues == [[1, 2, 0.5]]
    assert {"zone", "facts", "memory", "visit", "estimate", "rank", "decide"} <= decision.stages.keys()


def test_the_propensities_of_exploration_are_kept(store: Store) -> None:
    store.exploration = 0.5

    decision = answered(asking(store, limit=8)).decision

    # Eight candidates: at each position the best of n has ½ + ½ / n, any other ½ / n.
    for place, propensity in enumerate(decision.propensities):
        left = 8 - place
        assert propensity in (pytest.approx(0.5 + 0.5 / left), pytest.approx(0.5 / left))
    assert decision.marginals[0] == decision.propensities[0]  # nothing stands above it
    assert all(0 < marginal < 1 for marginal in decision.marginals)
    assert len(decision.marginals) == 8


def test_the_page_counts_as_lived_before_its_event_arrives(store: Store) -> None:
    at_home = answered(asking(store))
    at_product = answered(asking(store, page=Page(type="product", item_id="grinder")))

    assert at_home.decision.markers != at_product.decision.markers


def test_the_page_is_not_lived_twice_once_its_event_is_there(store: Store) -> None:
    lived(store, ("view_item", "grinder"))

    alone = answered(asking(store))
    with_page = answered(asking(store, page=Page(type="product", item_id="grinder")))

    assert alone.decision.markers == with_page.decision.markers


def test_the_page_is_not_stored(store: Store) -> None:
    answered(asking(store, page=Page(type="product", item_id="grinder")))

    assert not store.visits.exists()


def test_a_zone_whose_filters_leave_too_little_asks_for_what_it_may_show(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Narrow(PopularityEngine):
        """Proposes two products and no more."""

        def estimate(self, question: Any) -> Any:
            return super().estimate(replace(question, limit=2))

    monkeypatch.setitem(ENGINES, "narrow", Narrow())
    zone(store, "babies", size=1, same_department=True)

    assert served(asking(store, "babies", engine="narrow", page=Page(item_id="rattle"))) == ["onesie"]


def test_one_recall_serves_every_zone_of_the_page(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    zone(store, "second", size=2)
    asked_times: list[Any] = []

    class Counting(PopularityEngine):
        def estimate(self, question: Any) -> Any:
            asked_times.append(question)
            return super().estimate(question)

    monkeypatch.setitem(ENGINES, "counting", Counting())
    answered(asking(store, engine="counting"))
    answered(asking(store, "second", engine="counting"))
    assert len(asked_times) == 1

    lived(store, ("view_item", "racket"))
    answered(asking(store, engine="counting"))
    assert len(asked_times) == 2


def test_an_empty_listing_before_leaves_the_recommendation_whole(store: Store) -> None:
    answered(asking(store, "shelf", kind=ZoneKind.LISTING))

    assert served(asking(store)) == BY_POPULARITY[:4]


def test_two_visitors_share_no_recall(store: Store) -> None:
    lived(store, ("view_item", "racket"))

    here = answered(asking(store))
    elsewhere = answered(asking(store, visitor_id="noa", session_id="s2"))

    assert here.decision.markers != elsewhere.decision.markers


def test_without_consent_the_visit_is_the_sessions_own(store: Store) -> None:
    lived(store, ("view_item", "racket"))
    lived(store, ("view_item", "shoes"), session="s2", consent=False)

    answer = answered(asking(store, session_id="s2", consent=False))

    assert answer.decision.visit_id == store.visits.get(visitor_key="s:s2").pk


def test_without_consent_and_visit_no_markers_are_kept(store: Store) -> None:
    assert answered(asking(store, consent=False)).decision.markers == b""


def test_a_listing_puts_known_products_into_order_and_loses_nothing(store: Store) -> None:
    answer = answered(
        asking(store, "shelf", kind=ZoneKind.LISTING, item_ids=("x", "grinder", "sold-out", "racket", "y"))
    )

    ordered = [answer.facts.item_ids[product] for product in answer.decision.products]
    assert ordered == ["racket", "grinder", "sold-out"]
    assert answer.unknown == ("x", "y")


@pytest.mark.parametrize("seed", range(5))
def test_a_listing_is_a_permutation_with_exploration_too(store: Store, seed: int) -> None:
    store.exploration = 0.5
    ids = tuple(np.random.default_rng(seed).permutation(EVERYTHING).tolist())

    answer = answered(asking(store, "shelf", kind=ZoneKind.LISTING, item_ids=ids), seed=seed)

    ordered = [answer.facts.item_ids[product] for product in answer.decision.products]
    assert sorted(ordered) == sorted(ids)
    assert ordered[-1] == "sold-out"


def test_an_empty_listing_is_an_empty_answer(store: Store) -> None:
    assert served(asking(store, "shelf", kind=ZoneKind.LISTING)) == []


@pytest.mark.parametrize(("slug", "kind"), [("nowhere", ZoneKind.RECOMMENDATION), ("home", ZoneKind.LISTING)])
def test_a_zone_nobody_knows_names_those_there_are(store: Store, slug: str, kind: ZoneKind) -> None:
    with pytest.raises(UnknownZoneError) as raised:
        answered(asking(store, slug, kind=kind))

    assert raised.value.known == {"recommendation": ["home"], "listing": ["shelf"]}[kind]


def test_a_disabled_zone_does_not_answer(store: Store) -> None:
    zone(store, "off", enabled=False)

    with pytest.raises(UnknownZoneError):
        answered(asking(store, "off"))


def test_another_stores_zone_is_unknown(store: Store) -> None:
    other = shop("brico")
    zone(other, "theirs")

    with pytest.raises(UnknownZoneError):
        answered(asking(store, "theirs"))


def test_an_engine_nobody_knows_is_refused(store: Store) -> None:
    with pytest.raises(UnknownEngineError, match="oracle"):
        answered(asking(store, engine="oracle"))


def test_the_inductive_engine_without_a_memory_falls_back_and_says_so(store: Store) -> None:
    answer = answered(asking(store, engine="inductive"))

    assert answer.decision.fallback == "no_memory"
    assert answer.decision.memory_generation is None
    assert len(answer.decision.products) == 4


def test_an_empty_store_is_an_empty_answer(db: None) -> None:
    empty = StoreFactory(slug="empty")
    zone(empty, "home")

    assert served(asking(empty)) == []
    assert served(asking(empty, engine="inductive")) == []
