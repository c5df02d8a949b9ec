"""The marker register: all 232 in the reader's language, and what they are worth in a store."""

from __future__ import annotations

import re

import numpy as np
import pytest
from django.core.cache import cache

from personalization.evaluation.marker_figures import figures_of
from personalization.markers import MARKERS
from personalization.memory.live import LiveMemory
from personalization.situation import WIDTH, Scaling
from tests.personalization.admin.screens import address, signed_in, text_of, works_for
from tests.personalization.storefront import remembered, shop


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "How many different products the cart holds."), ("fr", "Nombre de produits différents dans le panier.")],
)
def test_every_marker_is_listed_with_its_meaning(language: str, told: str) -> None:
    page = text_of(signed_in(works_for(shop()), language), address("generation", "markers"))

    assert told in page
    assert [marker.name for marker in MARKERS if f"<code>{marker.name}</code>" not in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "asked"), [("en", "free shipping"), ("fr", "livraison offerte"), ("fr", "shipping")]
)
def test_markers_are_found_by_name_and_by_meaning(language: str, asked: str) -> None:
    page = text_of(signed_in(works_for(shop()), language), address("generation", "markers") + f"?q={asked}")

    assert re.findall(r"<code>(\w+)</code>", page) == ["cart_shipping_gap"]


@pytest.mark.django_db
def test_a_search_for_nothing_says_so() -> None:
    page = text_of(signed_in(works_for(shop())), address("generation", "markers") + "?q=zzz")

    assert "No marker speaks of that" in page


@pytest.mark.django_db
def test_with_a_memory_each_marker_has_its_figures_in_the_store() -> None:
    cache.clear()
    store = shop()
    remembered(store)

    page = text_of(signed_in(works_for(store)), address("generation", "markers") + "?q=cart_lines")

    assert "Coverage" in page
    assert "33%" in page  # the cart holds something in the last of three situations of every visit


@pytest.mark.django_db
def test_another_stores_figures_are_not_shown() -> None:
    theirs = shop("brico", name="Brico")

    page = text_of(signed_in(works_for(shop("atelier"))), address("generation", "markers") + f"?store={theirs.pk}")

    assert "Brico" not in page


def test_figures_say_how_often_a_marker_speaks_and_how_far_it_drifted() -> None:
    markers = np.tile(np.array([marker.neutral for marker in MARKERS], np.float32), (4, 1))
    markers[:2, 0] = 1.0  # two of four situations speak: mean 0.5, spread 0.5
    spread = np.full(WIDTH, 0.25, np.float32)
    scaling = Scaling(centre=np.zeros(WIDTH, np.float32), spread=spread, weight=np.ones(WIDTH, np.float32))

    found = figures_of(markers, LiveMemory(scaling=scaling))

    assert (found.situations, found.coverage[0], found.mean[0], found.spread[0]) == (4, 0.5, 0.5, 0.5)
    assert found.drift[0] == 2.0  # (0.5 − 0) / 0.25


def test_without_visits_there_are_no_figures() -> None:
    assert figures_of(np.empty((0, WIDTH), np.float32), LiveMemory()).situations == 0
