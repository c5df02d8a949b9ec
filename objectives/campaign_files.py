"""Campaigns as a file: those of a store told as one document, and read from one into drafts, all of them or none.

    {"format": "netup.campaigns", "version": 1, "campaigns": [document, …]}

Each document is that of `objectives.campaign_reading`. A file says what campaigns are, not where they stand: what is
imported is a draft. The zones and pinned products that it names have to be there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.attributes import Json, Phrase, Reading, RefusedValueError
from catalog.merchant import Fault
from catalog.models import Store
from catalog.structures import InvalidDocumentError, choice, read_document, whole
from objectives import lifecycle
from objectives.campaign_documents import tell_campaign
from objectives.campaign_reading import Document, InvalidCampaignError, read_campaign
from objectives.conditions import Range
from objectives.lifecycle import Actor
from objectives.models import Action, Campaign

FORMAT: Final = "netup.campaigns"
VERSION: Final = 1
MOST_IN_FILE: Final = 200
LARGEST_FILE: Final = 5 * 1024 * 1024  # bytes


class SameName(StrEnum):
    """What becomes of a campaign in a file whose name one of the store's has already."""

    ADD = "add"  # it is imported all the same, as one more
    SKIP = "skip"  # it is left out, so that a file may be imported again


class FileTooLargeError(ValueError):
    """More campaigns than a file holds; `reason` says how many it does."""

    def __init__(self) -> None:
        self.reason: Phrase = _("A file holds at most %(most)d campaigns and %(largest)d bytes: export fewer.") % {
            "most": MOST_IN_FILE,
            "largest": LARGEST_FILE,
        }
        super().__init__(str(self.reason))


@dataclass(frozen=True, slots=True)
class Imported:
    """What became, or would become, of one campaign in a file.

    Attributes:
        is_new: it is one of the store's now, or would be; it was left out otherwise.
        campaign: the draft; None of what was left out, and in a dry run.
    """

    name: str
    is_new: bool
    campaign: Campaign | None = None


def tell_file(campaigns: Iterable[Campaign]) -> dict[str, Any]:
    """The file of some campaigns, as they are now; changes that wait for a second person are not in it.

    Raises:
        FileTooLargeError: they are too many, or speak of too much.
    """
    told: list[Document] = []
    length = 0
    for campaign in campaigns:
        told.append(tell_campaign(campaign))
        length += len(json.dumps(told[-1]))
        if len(told) > MOST_IN_FILE or length > LARGEST_FILE:
            raise FileTooLargeError
    return {"format": FORMAT, "version": VERSION, "campaigns": told}


def read_file(data: object, *, store: Store, known_markers: Mapping[str, Range]) -> list[Document]:
    """The documents of a file, in its order.

    Raises:
        InvalidDocumentError: with everything that is wrong, by pointers into the file.
    """
    file = read_document(_FIELDS, data, store=store)
    found: list[Document] = []
    faults: list[Fault] = []
    for place, told in enumerate(file["campaigns"]):
        try:
            found.append(read_campaign(told, store=store, known_markers=known_markers))
        except InvalidCampaignError as refused:
            faults += refused.within(f"/campaigns/{place}")
    if faults:
        raise InvalidDocumentError(faults)
    return found


@transaction.atomic
def import_campaigns(
    *, store: Store, documents: Sequence[Document], on_same_name: SameName, by: Actor, now: datetime, dry_run: bool
) -> list[Imported]:
    """Lay down the documents as drafts of the store, in their order; a dry run stores nothing.

    Raises:
        StepRefusedError: the store would have too many campaigns.
    """
    known = set(Campaign.objects.of(store).values_list("name", flat=True)) if on_same_name == SameName.SKIP else set()
    found = [Imported(document["name"], document["name"] not in known) for document in documents]
    lifecycle.require_room(store=store, new=sum(one.is_new for one in found))
    if dry_run:
        return found
    return [
        replace(one, campaign=_draft(document, store=store, by=by, now=now)) if one.is_new else one
        for one, document in zip(found, documents, strict=True)
    ]


def _draft(document: Document, *, store: Store, by: Actor, now: datetime) -> Campaign:
    return lifecycle.create(store=store, document=document, by=by, now=now, action=Action.IMPORTED)


def _campaigns(value: object, _reading: Reading) -> Json:
    """Read one by one afterwards: what is wrong with them is told at once."""
    if not isinstance(value, list):
        raise RefusedValueError("type", _("a list of campaigns"))
    if len(value) > MOST_IN_FILE:
        raise RefusedValueError("length", _("at most %(most)d of them") % {"most": MOST_IN_FILE})
    return value


_FIELDS: Final = {
    "format": (choice([FORMAT]), None),
    "version": (whole(VERSION, VERSION), None),
    "campaigns": (_campaigns, None),
}
