"""Selections: which products a campaign or a merchandising rule is about; pure, and told as JSON.

A selection is an object of any of these, all optional:

    {"item_ids": ["A1", "B2"]}              these products
    {"categories": ["Sport > Tennis"]}      whatever stands under one of these paths
    {"brands": ["Wilson"]}                  of one of these brands
    {"price": [low, high]}                  what the visitor would pay now, in money; null leaves an end open
    {"stock": [low, high]}                  units in stock, where they are known
    {"days_on_sale": [low, high]}           days since it went on sale
    {"margin_share": [low, high]}           (price − cost) / price, where both are known

Whatever is named by id is in it; of the others, what meets everything else that is given. `{}` holds all products.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from catalog.facts import ProductFacts
from objectives.worded import Worded, gettext_noop, worded

DAY: Final = 86_400.0
MOST_NAMED: Final = 5_000  # ids, categories or brands


class InvalidSelectionError(ValueError):
    """The JSON is no selection.

    Attributes:
        pointer: where, as a JSON pointer (RFC 6901); "" for the whole.
        value: what stands there.
        expected: what should.
    """

    def __init__(self, *, pointer: str, value: object, expected: Worded) -> None:
        self.pointer, self.value, self.expected = pointer, value, expected
        super().__init__(f"selection{pointer or ' as a whole'}: expected {expected}, got {reprlib.repr(value)}")


@dataclass(frozen=True, slots=True)
class Span:
    """From low to high, both included; infinite where open."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSelection:
    """Which products; see the module."""

    item_ids: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    spans: tuple[tuple[str, Span], ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.item_ids or self.categories or self.brands or self.spans)

    def mask(self, facts: ProductFacts, *, now: float) -> NDArray[np.bool_]:
        """bool (products,): which products of the catalog are in it at `now`, seconds since 1970."""
        if self.is_everything:
            return np.ones(len(facts), bool)
        selected = np.full(len(facts), bool(self.categories or self.brands or self.spans))
        if self.categories:
            selected &= _under(self.categories, facts)
        if self.brands:
            wanted = [number for number, name in enumerate(facts.brands) if name in set(self.brands)]
            selected &= np.isin(facts.brand, wanted)
        for name, span in self.spans:
            values = FIGURES[name](facts, now)
            with np.errstate(invalid="ignore"):  # what is not known is in no span
                selected &= (values >= span.low) & (values <= span.high)
        named = [facts.positions[item_id] for item_id in self.item_ids if item_id in facts.positions]
        selected[named] = True
        return selected


EVERYTHING: Final = ProductSelection()


def parse(data: object) -> ProductSelection:
    """The selection that JSON tells.

    Raises:
        InvalidSelectionError: it tells none; the error says where and what was expected.
    """
    if not isinstance(data, dict):
        raise InvalidSelectionError(pointer="", value=data, expected=worded(gettext_noop("an object")))
    for name in data:
        if name not in (*_NAMES, *FIGURES):
            expected = worded(gettext_noop("one of %(known)s as its name"), known=_KNOWN)
            raise InvalidSelectionError(pointer=f"/{name}", value=data[name], expected=expected)
    names = {name: _texts(data[name], pointer=f"/{name}") for name in _NAMES if name in data}
    spans = tuple((name, _span(data[name], pointer=f"/{name}")) for name in FIGURES if name in data)
    return ProductSelection(**names, spans=spans)


def told(selection: ProductSelection) -> dict[str, Any]:
    """The JSON of a selection; `parse` gives the selection back."""
    names = {name: list(getattr(selection, name)) for name in _NAMES if getattr(selection, name)}
    return names | {
        name: [end if np.isfinite(end) else None for end in (span.low, span.high)] for name, span in selection.spans
    }


def _under(paths: tuple[str, ...], facts: ProductFacts) -> NDArray[np.bool_]:
    """bool (products,): whether its category, or one above it, has one of the paths."""
    inside = np.isin(np.array(facts.category_paths, dtype=object), paths)
    above = facts.category_parents
    for _ in range(len(above)):
        grown = inside | np.where(above >= 0, inside[above], False)
        if (grown == inside).all():
            break
        inside = grown
    return np.append(inside, False)[facts.category]  # the appended one is what −1, no category, reads


def _margin_share(facts: ProductFacts, now: float) -> NDArray[np.floating]:
    price = facts.price_at(now)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(price > 0, (price - facts.cost) / price, np.nan)


# (facts, now) → float (products,), NaN where it is not known.
FIGURES: Final[dict[str, Callable[[ProductFacts, float], NDArray[np.floating]]]] = {
    "price": lambda facts, now: facts.price_at(now),
    "stock": lambda facts, now: np.where(facts.quantity < 0, np.nan, facts.quantity),
    "days_on_sale": lambda facts, now: np.maximum(now - facts.launched_at, 0.0) / DAY,
    "margin_share": _margin_share,
}
_NAMES: Final = ("item_ids", "categories", "brands")
_KNOWN: Final = ", ".join((*_NAMES, *FIGURES))


def _texts(data: object, *, pointer: str) -> tuple[str, ...]:
    if not isinstance(data, list):
        raise InvalidSelectionError(pointer=pointer, value=data, expected=worded(gettext_noop("a list of texts")))
    if len(data) > MOST_NAMED:
        expected = worded(gettext_noop("at most %(most)d"), most=MOST_NAMED)
        raise InvalidSelectionError(pointer=pointer, value=f"{len(data)} texts", expected=expected)
    for place, text in enumerate(data):
        if not isinstance(text, str) or not text.strip():
            expected = worded(gettext_noop("a text that is not empty"))
            raise InvalidSelectionError(pointer=f"{pointer}/{place}", value=text, expected=expected)
    return tuple(dict.fromkeys(data))


def _span(data: object, *, pointer: str) -> Span:
    expected = worded(gettext_noop("a list of two numbers, the lower first; null leaves an end open"))
    if not isinstance(data, list) or len(data) != 2:
        raise InvalidSelectionError(pointer=pointer, value=data, expected=expected)
    for place, end in enumerate(data):
        number = isinstance(end, int | float) and not isinstance(end, bool) and np.isfinite(end)
        if end is not None and not number:
            finite = worded(gettext_noop("a number, or null"))
            raise InvalidSelectionError(pointer=f"{pointer}/{place}", value=end, expected=finite)
    span = Span(
        -np.inf if data[0] is None else float(data[0]),
        np.inf if data[1] is None else float(data[1]),
    )
    if span.low > span.high:
        raise InvalidSelectionError(pointer=pointer, value=data, expected=expected)
    return span
