"""Reads a campaign as somebody tells it, in a form, a file or a request, into a document, or says what is wrong where.

A document is JSON with these members, all optional but the name; what is left out has its default:

    name, note, priority, starts_at, ends_at (ISO 8601), zones (identifiers), condition (`objectives.conditions`),
    promoted (`objectives.selection`), scope, floor, holdout, guardrail, stops_at_stock, most_per_product,
    most_per_visitor, objectives: [{measure, weight}], rules: [{kind, products, place, strength}]
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext_lazy as _

from catalog.attributes import LARGEST_INTEGER, Json, Parser, Reading, RefusedValueError, count, instant, text
from catalog.models import Product, Store
from catalog.structures import (
    InvalidDocumentError,
    RefusedWithinError,
    choice,
    faults_of,
    list_of,
    number,
    object_of,
    optional,
    whole,
)
from objectives import conditions, selection
from objectives.conditions import InvalidConditionError, Range
from objectives.models import RuleKind, Scope, Zone
from objectives.models.campaign import Measure
from objectives.refusals import translated
from objectives.selection import InvalidSelectionError

Document: TypeAlias = dict[str, Any]

MOST_RULES: Final = 50
MOST_ZONES: Final = 100
LARGEST_WEIGHT: Final = 100.0
LARGEST_PLACE: Final = 100
LARGEST_PRIORITY: Final = 32_767
LARGEST_DOCUMENT: Final = 1_000_000  # bytes of JSON


class InvalidCampaignError(InvalidDocumentError):
    """The JSON tells no campaign of the store."""


def read_campaign(data: object, *, store: Store, known_markers: Mapping[str, Range]) -> Document:
    """The document that JSON tells, complete and normal: two that mean the same are equal.

    Args:
        data: the JSON, already read.
        store: whose zones and products it may speak of.
        known_markers: those of conditions, see `conditions.parse`.

    Raises:
        InvalidCampaignError: with everything that is wrong.
    """
    members = {**FIELDS, "condition": (condition_of(known_markers), {"all": []})}
    reading = Reading(currency=store.currency, zone=store.zone_info)
    try:
        document: Any = object_of(members)(data, reading)
        _require_bounded(document)
        _require(list(_missing(document, store)))
    except RefusedValueError as refusal:
        raise InvalidCampaignError(faults_of(refusal, data)) from None
    document["zones"] = sorted(set(document["zones"]))
    document |= {name: in_order(document[name]) for name in ("objectives", "rules")}
    return document  # type: ignore[no-any-return]


def in_order(members: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Objectives or merchandising rules in the one order that documents keep them in."""
    return sorted(members, key=place_in_order)


def place_in_order(member: Mapping[str, Any]) -> tuple[int, str]:
    """What that order goes by: pins last, by place."""
    return member.get("place") or 0, json.dumps(member, sort_keys=True)


def _missing(document: Document, store: Store) -> Iterator[tuple[str, object, RefusedValueError]]:
    """What only shows once every value is read: the order of the period, and what the store has not got."""
    starts, ends = document["starts_at"], document["ends_at"]
    if starts and ends and starts >= ends:
        yield "/ends_at", ends, RefusedValueError("range", _("an instant after the start"))
    if document["scope"] != Scope.ALL and not document["promoted"]:
        which = _("which products are promoted, or the scope “all”")
        yield "/promoted", document["promoted"], RefusedValueError("required", which)
    yield from unknown_zones(document["zones"], store)
    pins = {number: rule for number, rule in enumerate(document["rules"]) if rule["kind"] == RuleKind.PIN}
    pinned = {number: rule["products"]["item_ids"][0] for number, rule in pins.items()}
    found = Product.objects.of(store).filter(item_id__in=pinned.values())
    sold = set(found.values_list("item_id", flat=True))
    for place, item_id in pinned.items():
        if item_id not in sold:
            unknown = RefusedValueError("choice", _("a product of the store"))
            yield f"/rules/{place}/products/item_ids/0", item_id, unknown


def unknown_zones(slugs: Sequence[str], store: Store) -> Iterator[tuple[str, object, RefusedValueError]]:
    """Of the zones that the member `zones` of a document names, those that the store has not got."""
    known = set(Zone.objects.of(store).filter(slug__in=slugs).values_list("slug", flat=True))
    for place, slug in enumerate(slugs):
        if slug not in known:
            yield f"/zones/{place}", slug, RefusedValueError("choice", _("a zone of the store"))


def _require_bounded(document: Document) -> None:
    length = len(json.dumps(document))
    if length > LARGEST_DOCUMENT:
        expected = _("a campaign of at most %(largest)d bytes") % {"largest": LARGEST_DOCUMENT}
        raise RefusedWithinError.at("", f"{length} bytes", "length", expected)


def _require(missing: list[tuple[str, object, RefusedValueError]]) -> None:
    if missing:
        raise RefusedWithinError(missing)


def condition_of(known_markers: Mapping[str, Range]) -> Parser:
    """A parser of conditions over these markers."""

    def parse(value: object, _reading: Reading) -> Json:
        try:
            return conditions.told(conditions.parse(value, known_markers))
        except InvalidConditionError as error:
            raise RefusedWithinError.at(error.pointer, error.value, "condition", translated(error.expected)) from None

    return parse


def _selection(value: object, _reading: Reading) -> Json:
    try:
        return selection.told(selection.parse(value))
    except InvalidSelectionError as error:
        raise RefusedWithinError.at(error.pointer, error.value, "selection", translated(error.expected)) from None


_read_rule = object_of(
    {
        "kind": (choice(RuleKind.values), None),
        "products": (_selection, None),
        "place": (optional(whole(1, LARGEST_PLACE)), None),
        "strength": (number(0.0, LARGEST_WEIGHT), 1.0),
    }
)


def _rule(value: object, reading: Reading) -> Json:
    rule: Any = _read_rule(value, reading)
    products, place = rule["products"], rule["place"]
    if rule["kind"] != RuleKind.PIN:
        if place is not None:
            raise RefusedWithinError.at("/place", place, "content", _("no place: only a pin has one"))
        if not products:
            raise RefusedWithinError.at("/products", products, "required", _("which products"))
        return rule  # type: ignore[no-any-return]
    if place is None:
        raise RefusedWithinError.at("/place", place, "required", _("the place of a pin, from 1"))
    if list(products) != ["item_ids"] or len(products["item_ids"]) != 1:
        one = _("one item id: a pin puts one product at one place")
        raise RefusedWithinError.at("/products", products, "content", one)
    return rule  # type: ignore[no-any-return]


zone_slugs: Final = list_of(
    text(50, shortest=1), most=MOST_ZONES, expected=_("a list of identifiers of zones")
)  # which of them the store has, `unknown_zones` says

_read_objective = object_of({"measure": (choice(Measure.values), None), "weight": (number(0.0, LARGEST_WEIGHT), 1.0)})

FIELDS: Final[Mapping[str, tuple[Parser, Any]]] = {
    "name": (text(120, shortest=1), ""),
    "note": (text(2000), ""),
    "priority": (whole(0, LARGEST_PRIORITY), 10),
    "starts_at": (optional(instant), None),
    "ends_at": (optional(instant), None),
    "zones": (zone_slugs, []),
    "condition": (condition_of({}), {"all": []}),
    "promoted": (_selection, {}),
    "scope": (choice(Scope.values), Scope.ALL.value),
    "floor": (number(0.0, 1.0), 0.95),
    "holdout": (number(0.0, 1.0), 0.1),
    "guardrail": (optional(number(0.0, 1.0)), 0.1),
    "stops_at_stock": (optional(count), None),
    "most_per_product": (optional(whole(1, LARGEST_INTEGER)), None),
    "most_per_visitor": (optional(whole(1, LARGEST_INTEGER)), None),
    "objectives": (
        list_of(
            _read_objective,
            most=len(Measure),
            expected=_("a list of objectives"),
            once_by=lambda objective: objective["measure"],
        ),
        [],
    ),
    "rules": (
        list_of(
            _rule, most=MOST_RULES, expected=_("a list of merchandising rules"), once_by=lambda rule: rule["place"]
        ),
        [],
    ),
}
