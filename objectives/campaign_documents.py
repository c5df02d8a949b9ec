"""A campaign as one document, which its form, interface, file and history hold: told from rows, and written to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from objectives.campaign_reading import FIELDS, Document, in_order, place_in_order
from objectives.models import Campaign, CampaignObjective, MerchandisingRule, Zone

_INSTANTS: Final = ("starts_at", "ends_at")
_RELATED: Final = ("zones", "objectives", "rules")


@dataclass(frozen=True, slots=True)
class Difference:
    """One member in which two documents differ."""

    member: str
    before: Any
    after: Any


def tell_campaign(campaign: Campaign) -> Document:
    """The document of a stored campaign; `read_campaign` gives the same back."""
    document = {name: getattr(campaign, name) for name in FIELDS if name not in (*_INSTANTS, *_RELATED)}
    document |= {name: instant and instant.isoformat() for name in _INSTANTS for instant in [getattr(campaign, name)]}
    return document | {
        "zones": sorted(zone.slug for zone in campaign.zones.all()),
        "objectives": in_order(
            {"measure": objective.measure, "weight": objective.weight} for objective in campaign.objectives.all()
        ),
        "rules": in_order(_rule(rule) for rule in campaign.rules.all()),
    }


def rule_ids(campaign: Campaign) -> list[int]:
    """Database ids of its merchandising rules, in the order of its document."""
    return [pk for _place, pk in sorted((place_in_order(_rule(rule)), rule.pk) for rule in campaign.rules.all())]


@transaction.atomic
def write_campaign(campaign: Campaign, document: Document) -> None:
    """Make the rows say what a document says; a merchandising rule that stays what it was keeps its figures."""
    for name in FIELDS:
        if name in _INSTANTS:
            setattr(campaign, name, datetime.fromisoformat(document[name]) if document[name] else None)
        elif name not in _RELATED:
            setattr(campaign, name, document[name])
    campaign.save()
    campaign.zones.set(Zone.objects.filter(store_id=campaign.store_id, slug__in=document["zones"]))
    campaign.objectives.all().delete()
    CampaignObjective.objects.bulk_create(
        CampaignObjective(campaign=campaign, **objective) for objective in document["objectives"]
    )
    _write_rules(campaign, document["rules"])


def differences(before: Document, after: Document) -> Iterator[Difference]:
    """Where two documents differ, in the order of their members."""
    for name in FIELDS:
        if before.get(name) != after.get(name):
            yield Difference(name, before.get(name), after.get(name))


def _rule(rule: MerchandisingRule) -> dict[str, Any]:
    return {"kind": rule.kind, "products": rule.products, "place": rule.place, "strength": rule.strength}


def _write_rules(campaign: Campaign, rules: list[dict[str, Any]]) -> None:
    """Those of the same kind, place and products are the same rules: their hold-out and their verdict go on."""
    stored = list(campaign.rules.all())
    kept: list[tuple[MerchandisingRule, dict[str, Any]]] = []
    new: list[dict[str, Any]] = []
    for rule in rules:
        same = next((row for row in stored if _key(vars(row)) == _key(rule)), None)
        if same is None:
            new.append(rule)
        else:
            stored.remove(same)
            kept.append((same, rule))
    MerchandisingRule.objects.filter(pk__in=[row.pk for row in stored]).delete()  # first: places are then free
    for row, rule in kept:
        row.strength = rule["strength"]
    MerchandisingRule.objects.bulk_update([row for row, _rule in kept], ["strength"])
    MerchandisingRule.objects.bulk_create(MerchandisingRule(campaign=campaign, **rule) for rule in new)


def _key(rule: dict[str, Any]) -> tuple[Any, ...]:
    return rule["kind"], rule["place"], rule["products"]
