"""From an answer to its JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from catalog.facts import ProductFacts
from catalog.models import Store
from personalization.models import Decision
from personalization.pipeline import Answer
from personalization.reasons import likely_carted, reason_text


def recommendation(answer: Answer, *, store: Store, with_stages: bool) -> dict[str, Any]:
    """The body of `POST recommendations`."""
    prices = prices_of(answer.facts, answer.ranking.products, at=answer.decision.decided_at.timestamp())
    items = [
        {
            **item,
            **product_of(answer.facts, product),
            **_amounts(prices[place], store.currency),
            "reason": reason_of(answer.decision, place, item["estimate"], answer.facts),
        }
        for place, (product, item) in enumerate(zip(answer.decision.products, _placed(answer), strict=True))
    ]
    return {**_head(answer, with_stages=with_stages), "items": items}


def listing(answer: Answer, *, with_stages: bool) -> dict[str, Any]:
    """The body of `POST listings`: every id asked for, in its new place."""
    items = _placed(answer)
    return {
        **_head(answer, with_stages=with_stages),
        "item_ids": [item["item_id"] for item in items] + list(answer.unknown),
        "unknown_item_ids": list(answer.unknown),
        "items": items,
    }


def prices_of(facts: ProductFacts, products: Any, *, at: float) -> list[tuple[float, float]]:
    """Per product its list price and what it costs now; NaN unknown."""
    rows = np.asarray(products, dtype=np.int32)
    return list(zip(facts.list_price[rows].tolist(), facts.price_at(at, rows).tolist(), strict=True))


def product_of(facts: ProductFacts, product: int) -> dict[str, Any]:
    """What names a product."""
    return {
        "item_id": facts.item_ids[product],
        "title": facts.titles[product],
        "link": facts.links[product],
        "image_link": facts.image_links[product],
    }


def reason_of(decision: Decision, place: int, estimate: dict[str, float], facts: ProductFacts) -> dict[str, Any] | None:
    """The strongest reason for the product at this place, None beyond those that are kept."""
    if place >= len(decision.reasons):
        return None
    kept = decision.reasons[place]
    relations = kept["relations"] or [{"kind": "popular", "origin": -1, "success": -1, "start": -1, "traits": []}]
    carted = likely_carted(view=estimate["view"], cart=estimate["cart"])
    text = reason_text(relations[0], facts=facts, explored=kept["explored"], carted=carted)
    code = "exploration" if kept["explored"] else relations[0]["kind"]
    return {"code": code, "text": text, **relation_of(relations[0], facts)}


def relation_of(relation: dict[str, Any], facts: ProductFacts) -> dict[str, Any]:
    """A relation with item ids instead of positions."""
    ids = {name: _item_id(facts, relation[name]) for name in ("origin", "success", "start")}
    return {"relation": {"kind": relation["kind"], **ids, "traits": relation["traits"]}}


def message_of(answer: Answer) -> dict[str, str] | None:
    """What a pop-up tells the visitor."""
    found = answer.message
    return None if found is None else {"title": found.title, "text": found.text, "rule": found.rule}


def campaign_of(decision: Decision) -> str | None:
    """The first in precedence of the campaigns that steered it."""
    return str(decision.campaigns[0]) if decision.campaigns else None


def _head(answer: Answer, *, with_stages: bool) -> dict[str, Any]:
    decision = answer.decision
    head = {
        "recommendation_id": str(decision.id),
        "zone": decision.zone,
        "engine": decision.engine,
        "variant": None,
        "campaign": campaign_of(decision),
        "memory_generation": decision.memory_generation,
        "novelty": round(decision.novelty, 4),
        "fallback": decision.fallback or None,
        "degraded": answer.degraded,
        "message": message_of(answer),
        "took_ms": decision.took_ms,
    }
    return {**head, "stages": decision.stages} if with_stages else head


def _placed(answer: Answer) -> list[dict[str, Any]]:
    """Per product served: its id, position, estimate and propensity."""
    estimates = estimates_of(answer.decision)
    return [
        {
            "item_id": answer.facts.item_ids[product],
            "position": place + 1,
            "estimate": estimates[place],
            "propensity": answer.decision.propensities[place],
        }
        for place, product in enumerate(answer.decision.products)
    ]


def estimates_of(decision: Decision) -> list[dict[str, float]]:
    """Per product of a decision what was expected of it."""
    rows = np.frombuffer(decision.estimates, dtype=np.float32).reshape(-1, 4).astype(float).round(6).tolist()
    return [
        {"view": view, "cart": cart, "purchase": bought, "support": support} for view, cart, bought, support in rows
    ]


def _amounts(prices: tuple[float, float], currency: str) -> dict[str, str | None]:
    before, now = prices
    return {"price": _amount(before, currency), "sale_price": _amount(now, currency) if now != before else None}


def _amount(money: float, currency: str) -> str | None:
    return None if math.isnan(money) else f"{money:.2f} {currency}"


def _item_id(facts: ProductFacts, product: int) -> str | None:
    return facts.item_ids[product] if 0 <= product < len(facts) else None
