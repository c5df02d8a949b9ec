"""A zone as one document: read, told, laid down, and taken away once nothing is for it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from catalog.attributes import Json, Parser, Phrase, Reading, RefusedValueError, flag, text
from catalog.merchant import Fault, quote
from catalog.models import Store
from catalog.structures import InvalidDocumentError, choice, optional, read_document, whole
from objectives.campaign_reading import Document
from objectives.models import Campaign, Zone, ZoneKind
from objectives.models.zone import PageType

MOST_ZONES: Final = 500  # of one store
LARGEST_SIZE: Final = 100
LARGEST_CAP: Final = 32_767

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,50}", re.ASCII)


class ZoneRefusedError(RuntimeError):
    """What the store has does not allow it; `reason` says why."""

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(str(reason))


def read_zone(data: object, *, store: Store) -> Document:
    """The settings that JSON tells, complete.

    Raises:
        InvalidDocumentError: with everything that does not fit.
    """
    return read_document(FIELDS, data, store=store)


def tell_zone(zone: Zone) -> Document:
    """The settings of a zone; `read_zone` gives the same back."""
    return {name: getattr(zone, name) for name in FIELDS}


def create_zone(*, store: Store, document: Document) -> Zone:
    """A new zone.

    Raises:
        ZoneRefusedError: the store has one of this identifier, or MOST_ZONES.
    """
    if Zone.objects.of(store).count() >= MOST_ZONES:
        raise ZoneRefusedError(_("A store has at most %(most)d zones.") % {"most": MOST_ZONES})
    try:
        with transaction.atomic():
            return Zone.objects.create(store=store, **document)
    except IntegrityError:
        raise ZoneRefusedError(_("The store has a zone of this identifier already.")) from None


@transaction.atomic
def change_zone(*, zone: Zone, members: Mapping[str, Any]) -> Zone:
    """Change what is named, the identifier excepted: the storefront asks by it.

    Raises:
        InvalidDocumentError: with everything that does not fit.
    """
    zone = Zone.objects.select_for_update(of=("self",)).select_related("store").get(pk=zone.pk)
    document = read_zone({**tell_zone(zone), **members}, store=zone.store)
    if document["slug"] != zone.slug:
        fixed, given = _("the zone's identifier, which cannot change"), quote(document["slug"])
        raise InvalidDocumentError([Fault(pointer="/slug", code="mismatch", value=given, expected=fixed)])
    for name, value in document.items():
        setattr(zone, name, value)
    zone.save()
    return zone


@transaction.atomic
def remove_zone(*, zone: Zone) -> None:
    """Take a zone away; whatever was for it alone would then hold in every zone, so nothing may name it.

    Raises:
        ZoneRefusedError: something names it.
    """
    zone = Zone.objects.select_for_update(of=("self",)).get(pk=zone.pk)
    if reason := next(reasons_to_stay(zone), None):
        raise ZoneRefusedError(reason)
    zone.delete()


def reasons_to_stay(zone: Zone) -> Iterator[Phrase]:
    """What stands against taking a zone away; nothing where it may go."""
    for naming in _naming(zone):
        told = _("“%(name)s” is for this zone: take the zone out of it first, or disable the zone.")
        yield told % {"name": naming}


def _naming(zone: Zone) -> Iterator[Model]:
    """Of each sort of thing one that is for this zone, whichever part of the platform it belongs to.

    Proposed changes are included.
    """
    for relation in Zone._meta.related_objects:  # noqa: SLF001 (Django's own name for what refers to a model)
        if relation.many_to_many:
            rows = relation.related_model._default_manager  # noqa: SLF001
            yield from rows.filter(**{relation.field.name: zone})[:1]
    yield from Campaign.objects.filter(store_id=zone.store_id, proposed__zones__contains=[zone.slug])[:1]


def _slug(value: object, reading: Reading) -> Json:
    slug = _text(value, reading)
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        raise RefusedValueError("format", _("1 to 50 letters, digits, hyphens and underscores"))
    return slug


_text = text(50)

FIELDS: Final[Mapping[str, tuple[Parser, Json]]] = {
    "slug": (_slug, None),
    "name": (text(120, shortest=1), ""),
    "kind": (choice(ZoneKind.values), ZoneKind.RECOMMENDATION.value),
    "page_type": (choice(PageType.values), None),
    "size": (whole(1, LARGEST_SIZE), 8),
    "exclude_seen": (flag, False),
    "exclude_in_cart": (flag, True),
    "exclude_bought": (flag, False),
    "same_department": (flag, False),
    "max_per_brand": (optional(whole(1, LARGEST_CAP)), None),
    "max_per_category": (optional(whole(1, LARGEST_CAP)), None),
    "rotate_after": (optional(whole(1, LARGEST_CAP)), None),
    "enabled": (flag, True),
}
