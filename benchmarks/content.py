"""What a shop without any memory would show: products like the last one viewed, by shelf, brand, price and title."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from catalog.facts import ProductFacts
from personalization.engines.base import Estimates, Question, Relation
from personalization.shortening import neutral

PRICES_ALIKE: Final = 0.35  # difference of log prices over which likeness falls to e^-½


class ContentEngine:
    """TF-IDF cosine of titles, brands and category paths, times nearness of price. Knows no events."""

    name = "content"

    def __init__(self) -> None:
        self._read: tuple[tuple[int, int], csr_matrix] | None = None

    def estimate(self, question: Question) -> Estimates:
        """See `engines.base.Engine`; the estimates are likenesses, not probabilities."""
        likeness = self._likeness(question)
        able = np.flatnonzero(question.eligible).astype(np.int32)
        candidates = able if question.candidates is None else question.candidates
        best = candidates[np.argsort(-likeness[candidates], kind="stable")][: question.limit]
        scores = likeness[best].astype(np.float32)
        return Estimates(
            products=best,
            view=scores,
            cart=scores,
            purchase=scores,
            shortening=neutral(len(best)),
            score=scores,
            support=np.zeros(len(best), np.float32),
            relations=[(Relation("alike"),)] * len(best),
        )

    def _likeness(self, question: Question) -> NDArray[np.float64]:
        """float64 (products,): to the product last met; all equal when none was."""
        facts, met = question.facts, question.visit.intent.last_products
        if not met:
            return np.zeros(len(facts))
        last = int(met[0])
        words = self._words(facts)
        with np.errstate(invalid="ignore", divide="ignore"):
            gaps = np.log(facts.list_price / facts.list_price[last]) / PRICES_ALIKE
        alike: NDArray[np.float64] = (words @ words[last].T).toarray().ravel()
        near: NDArray[np.float64] = np.exp(-0.5 * np.nan_to_num(gaps) ** 2)
        return alike * near

    def _words(self, facts: ProductFacts) -> csr_matrix:
        """(products, words), rows of length one."""
        version = (facts.store_id, facts.version)
        if self._read is None or self._read[0] != version:
            texts = [description_of(product, facts) for product in range(len(facts))]
            self._read = (version, TfidfVectorizer(analyzer=str.split, sublinear_tf=True).fit_transform(texts))
        return self._read[1]


def description_of(product: int, facts: ProductFacts) -> str:
    """The words of a product's title, its brand, and each step of its category path as one word of its own."""
    words = re.findall(r"\w+", facts.titles[product].lower())
    if facts.brand[product] >= 0:
        words.append(f"brand:{facts.brands[facts.brand[product]].replace(' ', '_')}")
    category = int(facts.category[product])
    while category >= 0:
        words.append(f"category:{category}")
        category = int(facts.category_parents[category])
    return " ".join(words)
