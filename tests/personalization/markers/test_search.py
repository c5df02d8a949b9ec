"""Markers of searching, on visits whose values are known by reasoning."""

from __future__ import annotations

from math import log1p
from typing import Any

import pytest

from personalization.markers.lived import LivedEvent
from personalization.markers.search import MARKERS, likeness, words_of

from .visits import event, item, visit

COMPUTE = {marker.name: marker.compute for marker in MARKERS}


def search(term: str, *, at: float = 0.0, results: int = -1, **fields: Any) -> LivedEvent:
    return event("search", at=at, page="search", search_term=term, search_results=results, **fields)


def opened(product: int, *, at: float, **facts: Any) -> LivedEvent:
    return event("select_item", at=at, page="search", items=(item(product, **facts),))


# Four queries: the second narrows the first, the third rewords it, the fourth repeats the second in another
# order. Two found nothing, two led to a product: the third in the list after 30 s, the first after 10 s.
TENNIS_PLAYER = (
    search("raquette", at=0, results=240),
    search("Raquette tennis", at=60, results=0),
    search("raquette babolat 300", at=100, results=35),
    opened(1, at=130, index=2, brand="Babolat"),
    event("view_item", at=131, page="product", items=(item(1, brand="Babolat"),)),
    search("tennis raquette", at=200, results=0),
    opened(2, at=210, index=0),
    event("view_item", at=320, page="product", items=(item(3),)),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search_queries", log1p(4)),
        ("search_repeated_share", 1 / 5),  # the fourth of 4, and an imagined one
        ("search_overlap", 9 / 27),  # 9 pairs of raquette, of those, 12 of babolat 300 and 6 others of tennis
        ("search_refined_share", 1 / 5),  # the second of 4, and an imagined one
        ("search_zero_results_share", 2 / 5),
        ("search_results", 0.0),  # log1p(0): the last query found nothing
        ("search_words", 2.0),
        ("search_specific", 0.0),  # neither word holds a digit or names a brand
        ("search_opened_share", 2 / 5),
        ("search_rank_opened", (1 / 3 + 1) / 3),  # third and first place, and an imagined opening
        ("search_promptness", 1 / 2),  # ten seconds after the query
        ("search_freshness", 1 / 2),  # 320 − 200 = 120 seconds ago
    ],
)
def test_a_tennis_player_searches_four_times(name: str, value: float) -> None:
    assert COMPUTE[name](visit(*TENNIS_PLAYER)) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search_queries", log1p(1)),
        ("search_repeated_share", 0.0),
        ("search_overlap", 0.0),
        ("search_refined_share", 0.0),
        ("search_zero_results_share", 0.0),
        ("search_results", log1p(240)),
        ("search_words", 1.0),
        ("search_specific", 0.0),
        ("search_opened_share", 0.0),
        ("search_rank_opened", 0.0),
        ("search_promptness", 0.0),
        ("search_freshness", 1.0),
    ],
)
def test_one_query_has_just_been_made(name: str, value: float) -> None:
    assert COMPUTE[name](visit(TENNIS_PLAYER[0])) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("marker", MARKERS, ids=lambda marker: marker.name)
def test_a_visit_without_a_query_is_neutral(marker: Any) -> None:
    lived = visit(event("view_item", page="product", items=(item(1, brand="Babolat"),)))

    assert marker.compute(lived) == marker.neutral


def test_words_that_hold_digits_or_name_brands_seen_are_specific() -> None:
    # babolat was seen and 300 holds a digit, of raquette, babolat and 300.
    lived = visit(*TENNIS_PLAYER[:5], search("raquette babolat 300", at=140))

    assert COMPUTE["search_specific"](lived) == pytest.approx(2 / 3)


def test_the_list_of_results_is_no_query_of_its_own() -> None:
    results = event("view_item_list", at=1, page="search", search_term="Raquette", shown=(4, 5))

    assert COMPUTE["search_queries"](visit(search("raquette"), results)) == log1p(1)


def test_a_list_of_results_tells_of_a_query_that_had_no_event() -> None:
    results = event("view_item_list", page="search", search_term="raquette", shown=(4, 5))

    assert COMPUTE["search_queries"](visit(results)) == log1p(1)


def test_the_list_may_tell_how_many_results_the_query_had() -> None:
    results = event("view_item_list", at=1, page="search", search_term="raquette", search_results=0)

    assert COMPUTE["search_zero_results_share"](visit(search("raquette"), results)) == 1 / 2


def test_a_query_tells_its_results_once() -> None:
    results = event("view_item_list", at=1, page="search", search_term="raquette", search_results=0)

    lived = visit(search("raquette", results=0), results, results)

    assert COMPUTE["search_zero_results_share"](lived) == 1 / 2


def test_the_place_of_an_opened_product_is_found_in_the_list_shown() -> None:
    results = event("view_item_list", at=1, page="search", search_term="raquette", shown=(7, 5, 4, 1))
    lived = visit(search("raquette"), results, opened(1, at=5))

    assert COMPUTE["search_rank_opened"](lived) == pytest.approx((1 / 4) / 2)


def test_an_unknown_place_in_the_list_earns_nothing() -> None:
    assert COMPUTE["search_rank_opened"](visit(search("raquette"), opened(1, at=5))) == 0.0


def test_only_the_first_product_opened_speaks_of_a_query() -> None:
    lived = visit(search("raquette"), opened(1, at=10), opened(2, at=90))

    assert COMPUTE["search_promptness"](lived) == 1 / 2


def test_a_product_opened_from_another_page_is_no_result() -> None:
    elsewhere = event("view_item_list", at=5, page="category", shown=(1, 2))
    lived = visit(search("raquette"), elsewhere, event("view_item", at=9, items=(item(1),)))

    assert COMPUTE["search_opened_share"](lived) == 0.0


def test_an_empty_query_counts_and_has_no_words() -> None:
    lived = visit(search("  "), search("", at=1))

    assert [COMPUTE[name](lived) for name in ("search_queries", "search_words")] == [log1p(2), 0.0]


def test_five_hundred_queries_stay_within_every_range() -> None:
    lived = visit(*(search(f"raquette {n} " * 40, at=n, results=10**9) for n in range(500)))

    assert all(marker.low <= marker.compute(lived) <= marker.high for marker in MARKERS)


@pytest.mark.parametrize(
    ("query", "other", "value"),
    [
        ("bal", "bol", 2 / 6),  # _b and l_, of _b, ba, al, l_, bo and ol
        ("bol", "bol", 1.0),
        ("bol", "cuit", 0.0),
        ("", "bol", 0.0),
        ("a b", "b a", 1.0),
    ],
)
def test_likeness_of_queries(query: str, other: str, value: float) -> None:
    assert likeness(words_of(query), words_of(other)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("  Café  MOULU, café ", ("cafe", "moulu")),  # accents and case do not matter, each word once
        ("t-shirt 38/40", ("t", "shirt", "38", "40")),
        ("!?", ()),
        (" ".join(map(str, range(30))), tuple(map(str, range(16)))),
    ],
)
def test_words_of_a_query(query: str, words: tuple[str, ...]) -> None:
    assert words_of(query) == words
