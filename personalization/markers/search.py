"""Search: what the visitor types, how it is reworded and narrowed, and whether the results are opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from math import log1p
from operator import add
from typing import TYPE_CHECKING, Final
from unicodedata import combining, normalize

from personalization.markers.definition import Marker, Scale, _

if TYPE_CHECKING:
    from personalization.markers.live_visit import LiveVisit
    from personalization.markers.lived import LivedEvent, LivedItem

OPENINGS: Final = frozenset({"select_item", "view_item"})

# Who goes to one of these pages has left the results.
ELSEWHERE: Final = frozenset({"category", "home"})

_WORD: Final = re.compile(r"\w+")
_LONGEST_QUERY: Final = 200  # characters read of a query
_MOST_WORDS: Final = 16  # words read of a query

_COUNT_HIGH: Final = log1p(1_000)
_RESULTS_HIGH: Final = log1p(1e6)
_RESULTS_NEUTRAL: Final = log1p(20)  # an ordinary page of results

_PROMPT_SECONDS: Final = 10.0  # a result opened after so long is half as prompt
_FRESH_SECONDS: Final = 120.0  # a search so long ago is half as fresh


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, in lower case and without accents, in their order, each once."""
    plain = query[:_LONGEST_QUERY].casefold()
    if not plain.isascii():
        plain = "".join(letter for letter in normalize("NFKD", plain) if not combining(letter))
    return tuple(dict.fromkeys(_WORD.findall(plain)))[:_MOST_WORDS]


def likeness(words: tuple[str, ...], others: tuple[str, ...]) -> float:
    """The share of letter pairs two queries have in common (Jaccard): corrected words are much like the wrong ones."""
    mine, theirs = _letter_pairs(words), _letter_pairs(others)
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _letter_pairs(words: tuple[str, ...]) -> set[str]:
    return {pair for word in words for pair in map(add, f" {word}", f"{word} ")}


@dataclass(slots=True, eq=False)
class Search:
    """The queries of the visit and what was opened after them."""

    queries: int = 0
    repeated: int = 0  # queries already made in this visit
    refined: int = 0  # queries that hold every word of the one before, and more
    overlap: float = 0.0  # likeness of the last two queries
    words: tuple[str, ...] = ()  # of the last query
    specific: float = 0.0  # share of those words that hold a digit or name a brand seen before
    at: float = 0.0  # when the last query was made
    results: int = -1  # of the last query that told them
    told: bool = True  # no query waits to be told how many results it has
    answered: int = 0  # queries that told it
    zero_results: int = 0
    waiting: bool = False  # a query was made, and none of its results opened yet
    opened: int = 0  # queries after which a product was opened
    promptness: float = 0.0  # of the first opening after the last query
    reciprocal_ranks: float = 0.0  # summed over the openings whose place in the list is known
    shown: tuple[int, ...] = ()  # catalog positions of the last list of results
    brands: set[str] = field(default_factory=set)  # words of the brands opened in this visit
    _seen: set[frozenset[str]] = field(default_factory=set)

    def fold(self, event: LivedEvent, visit: LiveVisit) -> None:
        if event.name == "search" or event.search_term:
            self._ask(event)
        if event.page in ELSEWHERE:
            self.waiting = False
        if event.shown:
            self.shown = event.shown if event.page == "search" else ()
        if event.name in OPENINGS and event.items:
            self._open(event.items[0], event.at)

    def _ask(self, event: LivedEvent) -> None:
        """A query; a list of results that carries the term of the query before it is no query of its own."""
        words = words_of(event.search_term)
        if event.name == "search" or (words and words != self.words):
            self._count(words, event.at)
        if event.search_results >= 0 and not self.told:
            self.told = True
            self.results = event.search_results
            self.answered += 1
            self.zero_results += event.search_results == 0

    def _count(self, words: tuple[str, ...], at: float) -> None:
        asked = frozenset(words)
        self.refined += bool(self.words) and frozenset(self.words) < asked
        self.overlap = likeness(words, self.words)
        self.repeated += asked in self._seen
        self._seen.add(asked)
        self.queries += 1
        self.words = words
        self.specific = sum(map(self._is_specific, words)) / len(words) if words else 0.0
        self.at = at
        self.waiting = True
        self.told = False
        self.promptness = 0.0
        self.shown = ()

    def _is_specific(self, word: str) -> bool:
        return word in self.brands or any(map(str.isdigit, word))

    def _open(self, item: LivedItem, at: float) -> None:
        if item.brand:
            self.brands.update(words_of(item.brand))
        if not self.waiting:
            return
        self.waiting = False
        self.opened += 1
        self.promptness = _PROMPT_SECONDS / (_PROMPT_SECONDS + max(0.0, at - self.at))
        rank = self._rank(item)
        if rank >= 0:
            self.reciprocal_ranks += 1.0 / (1.0 + rank)

    def _rank(self, item: LivedItem) -> int:
        """Its place in the list of results, 0 first; −1 when unknown."""
        if item.index >= 0:
            return item.index
        return self.shown.index(item.product) if item.product in self.shown else -1


def _log_count(count: int) -> float:
    return min(log1p(count), _COUNT_HIGH)


def _results(visit: LiveVisit) -> float:
    results = visit.search.results
    return min(log1p(results), _RESULTS_HIGH) if results >= 0 else _RESULTS_NEUTRAL


def _freshness(visit: LiveVisit) -> float:
    search = visit.search
    if not search.queries or visit.last is None:
        return 0.0
    return _FRESH_SECONDS / (_FRESH_SECONDS + max(0.0, visit.last.at - search.at))


def _marker(name: str, scale: Scale, meaning: str, compute: Callable[[LiveVisit], float]) -> Marker:
    return Marker(f"search_{name}", "search", *scale, meaning, compute)


_COUNT: Final = Scale("log count", 0.0, _COUNT_HIGH, 0.0)
_SHARE: Final = Scale("share", 0.0, 1.0, 0.0)

# Shares over a handful of queries are held towards zero by one imagined query: one is no certainty.
MARKERS: Final[tuple[Marker, ...]] = (
    _marker(
        "queries",
        _COUNT,
        _("How many times the visitor has searched in this visit."),
        lambda visit: _log_count(visit.search.queries),
    ),
    _marker(
        "repeated_share",
        _SHARE,
        _("How much of the searching repeats a query of this visit, in whatever order of words."),
        lambda visit: visit.search.repeated / (visit.search.queries + 1),
    ),
    _marker(
        "overlap",
        _SHARE,
        _("How much the last query rewords or corrects the one before: the share of letters kept."),
        lambda visit: visit.search.overlap,
    ),
    _marker(
        "refined_share",
        _SHARE,
        _("How much of the searching narrows down: a query adds words to the one before."),
        lambda visit: visit.search.refined / (visit.search.queries + 1),
    ),
    _marker(
        "zero_results_share",
        _SHARE,
        _("How much of the searching found nothing."),
        lambda visit: visit.search.zero_results / (visit.search.answered + 1),
    ),
    _marker(
        "results",
        Scale("log count", 0.0, _RESULTS_HIGH, _RESULTS_NEUTRAL),
        _("How many results the last query had; an ordinary page when unknown."),
        _results,
    ),
    _marker(
        "words",
        Scale("count", 0.0, float(_MOST_WORDS), 0.0),
        _("How many different words the last query has."),
        lambda visit: float(len(visit.search.words)),
    ),
    _marker(
        "specific",
        _SHARE,
        _("How exactly the last query names a product: its share of numbers and of brands seen."),
        lambda visit: visit.search.specific,
    ),
    _marker(
        "opened_share",
        _SHARE,
        _("How often a search led to a product: the share of queries after which one was opened."),
        lambda visit: visit.search.opened / (visit.search.queries + 1),
    ),
    _marker(
        "rank_opened",
        _SHARE,
        _("How high in the results the opened products stood: near 1 always first, 0 none opened."),
        lambda visit: visit.search.reciprocal_ranks / (visit.search.opened + 1),
    ),
    _marker(
        "promptness",
        _SHARE,
        _("How fast a result of the last query was opened: 1 at once, 0.5 after 10 s, 0 not at all."),
        lambda visit: visit.search.promptness,
    ),
    _marker(
        "freshness",
        _SHARE,
        _("How recent the last search is: 1 just now, 0.5 two minutes ago, 0 when there was none."),
        _freshness,
    ),
)
