"""Markers of arrival, on first events that tell in their own ways where the visitor comes from."""

from __future__ import annotations

from math import log1p
from typing import Any

import pytest

from personalization.markers.arrival import CHANNELS, MARKERS
from personalization.markers.lived import History

from .visits import context, event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}


def came(**fields: Any) -> dict[str, float]:
    """The markers of a visit that began with such a page."""
    lived = visit(event("page_view", **fields))
    return {name: compute(lived) for name, compute in COMPUTE.items()}


@pytest.mark.parametrize(
    ("channel", "fields"),
    [
        ("direct", {}),
        ("direct", {"path": "/p/3"}),
        ("direct", {"source": "(direct)", "medium": "(none)"}),
        ("organic", {"referrer": "google.com"}),
        ("organic", {"referrer": "fr.search.yahoo.com"}),
        ("organic", {"source": "google", "medium": "organic"}),
        ("organic", {"source": "bing"}),
        ("paid", {"source": "google", "medium": "cpc"}),
        ("paid", {"referrer": "google.com", "path": "/?gclid=x"}),
        ("email", {"source": "newsletter", "medium": "email"}),
        ("email", {"medium": "E-Mail"}),
        ("email", {"referrer": "mail.google.com"}),
        ("email", {"referrer": "com.google.android.gm"}),
        ("social", {"referrer": "m.facebook.com"}),
        ("social", {"referrer": "t.co"}),
        ("social", {"source": "instagram", "medium": "paid_social"}),
        ("social", {"path": "/p/3?fbclid=x"}),
        ("referral", {"referrer": "blog.example"}),
        ("referral", {"referrer": "climbing.example"}),  # no search engine, though it ends in bing
        ("referral", {"source": "partenaire", "medium": "referral"}),
        ("affiliate", {"source": "awin", "medium": "affiliate"}),
        ("affiliate", {"medium": "display"}),
        ("affiliate", {"referrer": "idealo.fr"}),
    ],
)
def test_exactly_one_channel_led_here(channel: str, fields: dict[str, str]) -> None:
    markers = came(**fields)

    assert {name: markers[f"arrival_{name}"] for name in CHANNELS} == {
        name: float(name == channel) for name in CHANNELS
    }


@pytest.mark.parametrize(
    ("name", "fields", "value"),
    [
        ("campaign", {"campaign": "terre-battue"}, 1.0),
        ("campaign", {"source": "google"}, 0.0),
        ("promotional", {"campaign": "Soldes-hiver"}, 1.0),
        ("promotional", {"campaign": "black_friday"}, 1.0),
        ("promotional", {"path": "/outlet/chaussures"}, 1.0),
        ("promotional", {"campaign": "terre-battue"}, 0.0),
        ("promotional", {"path": "/salesforce"}, 0.0),
        ("retargeting", {"source": "criteo", "medium": "cpm"}, 1.0),
        ("retargeting", {"campaign": "panier-abandonne", "medium": "email"}, 1.0),
        ("retargeting", {"campaign": "rentree"}, 0.0),
        ("click_id", {"path": "/?a=1&GCLID=x"}, 1.0),
        ("click_id", {"path": "/p/gclid?a=1"}, 0.0),
        ("mobile", {"device": "mobile"}, 1.0),
        ("mobile", {"device": "desktop"}, 0.0),
        ("tablet", {"device": "tablet"}, 1.0),
        ("own_language", {"language": "fr-BE"}, 1.0),
        ("own_language", {"language": "en"}, 0.0),
        ("own_language", {}, 0.5),
        ("abroad", {"language": "fr-BE"}, 1.0),
        ("abroad", {"language": "fr-FR"}, 0.0),
        ("abroad", {"language": "zh-Hant-TW"}, 1.0),
        ("abroad", {"language": "en"}, 0.0),
        ("on_home", {"page": "home"}, 1.0),
        ("on_category", {"page": "category"}, 1.0),
        ("on_search", {"page": "search"}, 1.0),
        ("on_product", {"page": "product"}, 1.0),
        ("on_cart", {"page": "cart"}, 1.0),
        ("on_cart", {"page": "checkout"}, 1.0),
        ("on_home", {"page": "content"}, 0.0),
        ("depth", {"path": "/"}, 0.0),
        ("depth", {"path": "/c/sport/tennis?page=2"}, log1p(3)),
        ("depth", {"items": (item(0, categories=(1, 4)),)}, log1p(3)),  # two categories and the product itself
    ],
)
def test_what_the_first_page_tells(name: str, fields: dict[str, Any], value: float) -> None:
    assert came(**fields)[f"arrival_{name}"] == value


def test_a_visit_that_begins_with_a_promotion_is_promotional() -> None:
    assert COMPUTE["arrival_promotional"](visit(event("view_promotion", path="/selection"))) == 1.0


def test_the_landing_is_read_until_the_next_page_opens() -> None:
    lived = visit(
        event("page_view", page="home", path="/"),
        event("page_view", at=12, page="category", path="/c"),
        event("page_view", at=99, page="category", path="/d"),
    )

    assert COMPUTE["arrival_landing_dwell"](lived) == log1p(12)


@pytest.mark.parametrize(("visits", "value"), [(0, 0.0), (1, 1.0), (40, 1.0)])
def test_returning(visits: int, value: float) -> None:
    lived = visit(event("page_view"), context=context(history=History(visits=visits)))

    assert COMPUTE["arrival_returning"](lived) == value


def test_without_consent_it_is_not_known_who_returns() -> None:
    lived = visit(event("page_view"), context=context(consent=False))

    assert COMPUTE["arrival_returning"](lived) == 0.5


@pytest.mark.parametrize(
    ("later", "entries"),
    [
        ({"path": "/p/2"}, 0),
        ({"path": "/p/2", "referrer": "google.com"}, 0),  # the tag repeats where the visit came from
        ({"path": "/p/2", "referrer": "idealo.fr"}, 1),
        ({"path": "/p/2", "source": "newsletter", "medium": "email"}, 1),
        ({"path": "/thanks", "page": "confirmation", "referrer": "pay.example"}, 0),
    ],
)
def test_coming_back_from_another_site(later: dict[str, str], entries: int) -> None:
    lived = visit(event("page_view", path="/", referrer="google.com"), event("page_view", at=60, **later))

    assert COMPUTE["arrival_entries"](lived) == log1p(entries)


def test_the_way_in_is_judged_once() -> None:
    lived = visit(event("page_view", path="/"), event("page_view", at=60, path="/p/2", referrer="google.com"))

    assert COMPUTE["arrival_direct"](lived) == 1.0


def test_device_and_language_are_heard_when_they_are_told() -> None:
    lived = visit(event("page_view"), event("page_view", at=9, path="/p", device="mobile", language="de"))

    assert [COMPUTE["arrival_mobile"](lived), COMPUTE["arrival_own_language"](lived)] == [1.0, 0.0]


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_before_the_first_event_arrival_is_neutral(marker) -> None:  # type: ignore[no-untyped-def]
    assert marker.compute(visit()) == marker.neutral


def test_five_hundred_events_leave_the_arrival_as_it_was() -> None:
    first = event("page_view", page="home", path="/", source="newsletter", medium="email", device="tablet")
    later = [event("page_view", at=n, page="content", path=f"/{n}", referrer="store.example") for n in range(1, 500)]

    lived = visit(first, *later)

    assert [COMPUTE[f"arrival_{name}"](lived) for name in ("email", "tablet", "on_home")] == [1.0, 1.0, 1.0]
