"""A rule as one document, whichever form or request it comes from: read, told, and laid down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.attributes import Json, Parser, Phrase, RefusedValueError, flag, text
from catalog.models import Product, Store
from catalog.structures import (
    InvalidDocumentError,
    RefusedWithinError,
    choice,
    faults_of,
    list_of,
    optional,
    read_document,
    whole,
)
from objectives.campaign_reading import condition_of, unknown_zones, zone_slugs
from objectives.models import Zone
from personalization.merchandising.rule import KNOWN_MARKERS
from personalization.merchandising.strategies import NEW_DAYS
from personalization.models.rule import Rule, SelectionStrategy

Document: TypeAlias = dict[str, Any]
Misfit: TypeAlias = tuple[str, object, RefusedValueError]  # where, what stands there, and why it does not fit

MOST_RULES: Final = 500  # of one store
MOST_CHOSEN: Final = 60
MOST_PLACED: Final = 100
LONGEST_REST: Final = 365  # days
LARGEST_ORDER: Final = 32_767


class TooManyRulesError(RuntimeError):
    """The store has MOST_RULES already; `reason` says so."""

    def __init__(self) -> None:
        self.reason: Phrase = _("A store has at most %(most)d rules.") % {"most": MOST_RULES}
        super().__init__(str(self.reason))


def read_rule(data: object, *, store: Store) -> Document:
    """The rule that JSON tells, complete.

    Raises:
        InvalidDocumentError: with everything that does not fit.
    """
    document = read_document(FIELDS, data, store=store)
    misfits = [
        *unknown_zones(document["zones"], store),
        *strangers(document),
        *lacking(document, store=store),
    ]
    if misfits:
        raise InvalidDocumentError(faults_of(RefusedWithinError(misfits), data))
    return document


def lacking(rule: Mapping[str, Any], *, store: Store) -> Iterator[Misfit]:
    """What a rule, as its members tell it, lacks to be one of the store."""
    if rule["message_title"] and not rule["message_text"]:
        yield "/message_text", "", RefusedValueError("required", _("the text, as a title alone says nothing"))
    if not rule["strategy"] and not rule["message_text"]:
        yield "/strategy", "", RefusedValueError("required", _("what the rule shows, or a message"))
    if rule["strategy"] == SelectionStrategy.CHOSEN:
        yield from _unsold(rule["item_ids"], store)


def strangers(rule: Mapping[str, Any]) -> Iterator[Misfit]:
    """What a rule says that its strategy has no use for."""
    if rule["item_ids"] and rule["strategy"] != SelectionStrategy.CHOSEN:
        yield "/item_ids", rule["item_ids"], RefusedValueError("content", _("none: only chosen products are named"))
    if rule["days"] is not None and rule["strategy"] != SelectionStrategy.NEW_ARRIVALS:
        yield "/days", rule["days"], RefusedValueError("content", _("none: only new arrivals have them"))


def parameters_of(*, strategy: str, item_ids: Sequence[str], days: int | None) -> dict[str, Any]:
    """What a strategy goes by."""
    match strategy:
        case SelectionStrategy.CHOSEN:
            return {"item_ids": list(item_ids)}
        case SelectionStrategy.NEW_ARRIVALS:
            return {"days": days or NEW_DAYS}
    return {}


def tell_rule(rule: Rule) -> Document:
    """The document of a stored rule; `read_rule` gives the same back."""
    document = {name: getattr(rule, name) for name in _COLUMNS}
    return document | {
        "zones": sorted(zone.slug for zone in rule.zones.all()),
        "item_ids": rule.parameters.get("item_ids", []),
        "days": rule.parameters.get("days"),
    }


@transaction.atomic
def lay_down(document: Document, *, store: Store, rule: Rule | None = None) -> Rule:
    """Make a rule of the store, a new one unless told, say what a document says; it governs the next answers.

    Raises:
        TooManyRulesError: the store can have no new one.
    """
    if rule is None:
        if Rule.objects.of(store).count() >= MOST_RULES:
            raise TooManyRulesError
        rule = Rule(store=store)
    for name in _COLUMNS:
        setattr(rule, name, document[name])
    rule.parameters = parameters_of(strategy=document["strategy"], item_ids=document["item_ids"], days=document["days"])
    rule.save()
    rule.zones.set(Zone.objects.of(store).filter(slug__in=document["zones"]))
    return rule


def _unsold(item_ids: Sequence[str], store: Store) -> Iterator[Misfit]:
    if not item_ids:
        yield "/item_ids", [], RefusedValueError("required", _("at least one product"))
    found = set(Product.objects.of(store).filter(item_id__in=item_ids).values_list("item_id", flat=True))
    for place, item_id in enumerate(item_ids):
        if item_id not in found:
            yield f"/item_ids/{place}", item_id, RefusedValueError("choice", _("a product of the store"))


FIELDS: Final[Mapping[str, tuple[Parser, Json]]] = {
    "name": (text(120, shortest=1), ""),
    "enabled": (flag, True),
    "priority": (whole(0, LARGEST_ORDER), 10),
    "condition": (condition_of(KNOWN_MARKERS), {"all": []}),
    "strategy": (choice(["", *SelectionStrategy.values]), ""),
    "item_ids": (
        list_of(
            text(100, shortest=1), most=MOST_CHOSEN, expected=_("a list of item ids"), once_by=lambda item_id: item_id
        ),
        [],
    ),
    "days": (optional(whole(1, LONGEST_REST)), None),
    "most": (whole(1, MOST_PLACED), 8),
    "zones": (zone_slugs, []),
    "message_title": (text(80), ""),
    "message_text": (text(300), ""),
    "message_per_visit": (optional(whole(1, LARGEST_ORDER)), 1),
    "message_quiet_days": (whole(0, LONGEST_REST), 0),
}
_COLUMNS: Final = [name for name in FIELDS if name not in ("zones", "item_ids", "days")]
