"""Decisions: what was served and why, to those who work for the store."""

from __future__ import annotations

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Store
from personalization.decisions import LOG
from personalization.engines import ENGINES
from personalization.models import Decision
from personalization.pipeline import personalize
from tests.personalization.admin.screens import address, signed_in, text_of, works_for
from tests.personalization.storefront import PopularityEngine, asking, lived, remembered, shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, PopularityEngine.name, PopularityEngine())


def served(store: Store, **fields: object) -> Decision:
    """The decision of one answer to a visitor who has looked at the racket."""
    lived(store, ("view_item", "racket"))
    answer = personalize(asked=asking(store, **fields), now=timezone.now(), rng=np.random.default_rng(1))
    LOG.flush()
    return Decision.objects.get(pk=answer.decision.pk)


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", ["Popular in the store", "What was served", "Support"]), ("fr", ["Populaire dans la boutique", "Appui"])],
)
def test_a_decision_tells_its_products_and_reasons(language: str, told: list[str]) -> None:
    decision = served(shop())

    page = text_of(signed_in(works_for(decision.store), language), address("decision", "change", decision.pk))

    assert [words for words in [*told, str(decision.pk)] if words not in page] == []
    assert address("visit", "change", decision.visit_id) in page


def test_an_inductive_decision_tells_the_analogues_that_spoke() -> None:
    store = shop()
    remembered(store)
    decision = served(store, engine="inductive")

    page = text_of(signed_in(works_for(store)), address("decision", "change", decision.pk))

    assert "The visitor then" in page
    assert " alike</span>" in page
    assert page.count(address("visit", "change", decision.analogues[0][1])) == 1


def test_a_decision_is_found_by_its_id() -> None:
    store = shop()
    first, second = served(store), served(store)

    page = text_of(signed_in(works_for(store)), f"{address('decision', 'changelist')}?q={first.pk}")

    assert str(first.pk) in page
    assert str(second.pk) not in page


@pytest.mark.parametrize("asked", ["not an id", "1", "٣"])
def test_what_is_no_id_finds_nothing(asked: str) -> None:
    decision = served(shop())

    page = text_of(signed_in(works_for(decision.store)), f"{address('decision', 'changelist')}?q={asked}")

    assert "Nothing matches" in page


def test_nothing_of_another_store_is_listed_found_or_opened() -> None:
    theirs = served(shop("brico", name="Brico"))
    client = signed_in(works_for(shop("atelier")))
    listed = address("decision", "changelist")

    for query in ("", f"?q={theirs.pk}", f"?store={theirs.store_id}"):
        page = text_of(client, listed + query)
        assert f"/{theirs.pk}/" not in page
        assert "Brico" not in page
    assert client.get(address("decision", "change", theirs.pk)).status_code == 404


def test_the_zones_to_filter_by_are_the_persons_own() -> None:
    shop("brico")
    store = shop("atelier")
    store.zones.update(name="Ours")

    page = text_of(signed_in(works_for(store)), address("decision", "changelist"))

    assert "Ours" in page
    assert ">shelf<" not in page


def test_an_empty_list_says_what_to_do_next() -> None:
    page = text_of(signed_in(works_for(shop())), address("decision", "changelist"))

    assert "No decision yet" in page
    assert "See the zones that ask" in page
